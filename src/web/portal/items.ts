// The policies for everybody: found by two characters, by what happens in life, by place; one policy read aloud. What nobody signed in for is the same for all.
import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { everything } from '../../base/scope.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { modeText } from '../../policy/mode.ts';
import { sayItem } from '../../policy/say.ts';
import type { VersionView } from '../../policy/view-store.ts';
import { treesOf } from '../../policy/vocabulary.ts';
import { access, type Env } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, ruleNow } from '../items.ts';
import { ruleBlock, validity } from '../rule-text.ts';
import type { Html } from '../view.ts';
import { audienceNames, periodKindNames, shown } from '../words.ts';
import { portalPage } from './frame.ts';

/** What happens in life, and the words by which its policies are known. */
export const lifeEvents = {
  birth: { text: '出生、育儿', words: ['育儿', '生育', '计生', '孩', '孤儿'] },
  school: { text: '入学、上学', words: ['教育', '学生', '毕业'] },
  work: { text: '就业、失业', words: ['就业', '失业', '技能', '见习', '扩岗', '稳岗', '留工'] },
  start: {
    text: '创业、办企业',
    words: ['创业', '企业', '研发', '贴息', '专利', '技术', '用电', '产值', '出口', '品牌', '认证', '游客', '就业奖励'],
  },
  old: { text: '退休、养老', words: ['高龄', '老年', '养老', '殡葬'] },
  hard: { text: '困难、残疾、生病', words: ['困难', '残疾', '孤儿', '医疗', '救助', '扶助', '护理'] },
  farm: { text: '种地、农机', words: ['种粮', '耕地', '农机', '移民', '三品一标', '农村'] },
  army: { text: '退役', words: ['退役'] },
} as const;
type LifeEvent = keyof typeof lifeEvents;

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '');

const placeOf = (catalogue: Catalogue, region: string | null): string =>
  region === null ? '全国' : (treesOf(catalogue).get('division')?.node(region)?.name ?? region);

const isOf = (event: LifeEvent, title: string): boolean => lifeEvents[event].words.some((word) => title.includes(word));

/** What happens in life is found by its own words too: 退休 finds what is called 高龄. */
const eventsOf = (title: string): string =>
  (Object.keys(lifeEvents) as LifeEvent[])
    .filter((event) => isOf(event, title))
    .map((event) => lifeEvents[event].text)
    .join(' ');

/** Divisions carry their parents in their first digits: 530128 lies in 530100 and 530000. */
const stem = (code: string): string => code.replace(/(?:00){1,2}$/, '');
/** What a place has: its own, its parents', its children's, and what is for the whole country. */
const reaches = (region: string | null, place: string): boolean =>
  region === null || stem(place).startsWith(stem(region)) || stem(region).startsWith(stem(place));

interface Asked {
  readonly q: string;
  readonly event: LifeEvent | undefined;
  readonly audience: string;
  readonly place: string;
}

/** Every word must stand in title, authority, document, place or the event's own words. */
const matching = (items: readonly VersionView[], catalogue: Catalogue, { q, event, audience, place }: Asked) => {
  const wanted = q
    .trim()
    .split(/[\s，,、]+/)
    .map(plain)
    .filter((word) => word !== '');
  const rows = items.map((one) => {
    const { title, authority, basis, region } = one.item;
    return { one, text: plain(`${title} ${authority} ${basis.document} ${placeOf(catalogue, region)} ${eventsOf(title)}`) };
  });
  return rows
    .filter(({ text }) => wanted.every((word) => text.includes(word)))
    .filter(({ one }) => event === undefined || isOf(event, one.item.title))
    .filter(({ one }) => audience === '' || one.item.audience === audience)
    .filter(({ one }) => place === '' || reaches(one.item.region, place))
    .map(({ one }) => one);
};

/** The places there are policies of, in the order of their codes. */
const placesOf = (items: readonly VersionView[], catalogue: Catalogue): readonly (readonly [code: string, name: string])[] =>
  [...new Set(items.flatMap(({ item }) => (item.region === null ? [] : [item.region])))]
    .sort()
    .map((code) => [code, placeOf(catalogue, code)] as const);

const row = (catalogue: Catalogue, { itemId, item }: VersionView): Html =>
  html`<li><a class="row" href="/items/${itemId}"><strong>${item.title}</strong><span class="source">${item.authority}，${placeOf(catalogue, item.region)}，${audienceNames[item.audience]}，${modeText(item)}</span></a></li>`;

const option = (value: string, label: string, current: string): Html =>
  html`<option value="${value}" ${value === current ? raw('selected') : ''}>${label}</option>`;

const askedOf = (c: Context<Env>): Asked => {
  const event = c.req.query('event') ?? '';
  const audience = c.req.query('for') ?? '';
  const place = c.req.query('place') ?? '';
  return {
    q: shown((c.req.query('q') ?? '').slice(0, 40)),
    event: Object.hasOwn(lifeEvents, event) ? (event as LifeEvent) : undefined,
    audience: ['citizen', 'enterprise'].includes(audience) ? audience : '',
    place: /^\d{6,12}$/.test(place) ? place : '',
  };
};

const lifeOption = (asked: Asked) =>
  html`<ul class="chips" aria-label="按遇到的事查">${Object.entries(lifeEvents).map(
    ([value, { text }]) =>
      html`<li><a href="/items?event=${value}" ${value === asked.event ? raw('aria-current="true"') : ''}>${text}</a></li>`,
  )}</ul>`;

const searchForm = (asked: Asked, places: ReturnType<typeof placesOf>): Html => {
  const narrowed = asked.audience !== '' || asked.place !== '';
  return html`<form method="get" role="search"><label for="q">政策名称、部门、地方或遇到的事</label><p class="hint" id="q-hint">两个字就可以，例如：高龄、就业、技改。</p><div class="find"><input id="q" name="q" type="search" maxlength="40" value="${asked.q}" aria-describedby="q-hint"><button>查找</button></div>
${asked.event === undefined ? '' : html`<input type="hidden" name="event" value="${asked.event}">`}
<details ${narrowed ? raw('open') : ''}><summary>按地方、对象缩小范围</summary>
<label for="place">地方</label><select id="place" name="place">${option('', '不限', asked.place)}${places.map(([code, name]) => option(code, name, asked.place))}</select>
<label for="for">谁享受</label><select id="for" name="for">${option('', '不限', asked.audience)}${option('citizen', '个人', asked.audience)}${option('enterprise', '企业和单位', asked.audience)}</select></details></form>`;
};

const listPage = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const asked = askedOf(c);
  const items = (await itemsFor(web, everything)).filter((one) => one.retiredAt === null);
  // Before the first publication there is no catalogue either.
  const catalogue = items.length === 0 ? null : await web.catalogue();
  const found = catalogue === null ? [] : matching(items, catalogue, asked);
  const event = asked.event === undefined ? '' : `“${lifeEvents[asked.event].text}”`;
  const all = found.length === items.length;
  const body = html`<h1>查政策</h1>
${searchForm(asked, catalogue === null ? [] : placesOf(items, catalogue))}
<h2>按遇到的事</h2>${lifeOption(asked)}
<h2>${all ? `共 ${items.length} 项` : `${event}找到 ${found.length} 项`}</h2>${all ? '' : html`<p><a href="/items">看全部 ${items.length} 项</a></p>`}
${found.length === 0 ? html`<p class="empty">没有找到。换两个字试试，例如：高龄、就业、技改。</p>` : html`<ul class="list">${found.map((one) => catalogue !== null && row(catalogue, one))}</ul>`}`;
  return portalPage(c, { title: '查政策', body });
};

const onePage = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const published = (await itemsFor(web, everything)).find((one) => one.itemId === c.req.param('id'));
  if (published === undefined) return notFound('政策事项');
  const rule = await ruleNow(web, published);
  const { item } = published;
  const { basis } = item;
  const document = `${basis.document}${basis.number === null ? '' : `（${basis.number}）`}${basis.clause === null ? '' : ` ${basis.clause}`}`;
  const safe = basis.url !== null && /^https?:\/\//.test(basis.url);
  const body = html`<h1>${item.title}</h1>
<p class="lead">${item.authority}，${placeOf(rule.catalogue, item.region)}</p>
<dl><div><dt>谁享受</dt><dd>${audienceNames[item.audience]}</dd></div><div><dt>怎么享受</dt><dd>${modeText(item)}</dd></div><div><dt>多久一次</dt><dd>${periodKindNames[item.period]}</dd></div><div><dt>有效期</dt><dd>${validity(published)}</dd></div><div><dt>依据</dt><dd>${safe ? html`<a href="${basis.url}" rel="noreferrer">${document}</a>` : document}</dd></div></dl>
${published.retiredAt === null ? '' : html`<p class="warn">这项政策已经停止执行。</p>`}${published.blocked === null ? '' : html`<p class="warn">暂时不兑付：${published.blocked}</p>`}
<p><a class="button" href="/my/items/${item.id}">我为什么有，或者没有</a></p><p><a href="/publicity/${item.id}">这一项的公示名单</a></p>
<h2>条件和标准</h2>${ruleBlock(sayItem(rule.compiled, rule.catalogue))}
${item.notes.length === 0 ? '' : html`<h2>说明</h2><ul>${item.notes.map((note) => html`<li>${note.text}</li>`)}</ul>`}`;
  return portalPage(c, { title: item.title, back: { path: '/items', label: '查政策' }, body });
};

const helpBody = html`<h1>怎么办理、找谁问</h1>
<h2>不用申请</h2><p>部门按月比对数据，符合条件的会收到告知，写明为什么、给多少、什么时候到账。大多数事项不用您办任何手续。</p>
<h2>收到告知以后</h2><p>告知里写着要不要您办什么、到哪一天。要您办的，打开告知里的链接，或在这里登录办理。不方便上网的，请到村（居）委会，工作人员可以替您办。</p>
<h2>没有收到，觉得自己应该有</h2><p>在“查政策”里找到那一项，登录后看“我为什么没有”。每一条都写着用的是哪个部门、哪一天的数据；数据有误的，可以请部门核对。</p>
<h2>真假难辨</h2><p>每份告知都有核验码，在“查验告知”里输入就知道是不是真的。部门不会为发补贴向您要密码、验证码，也不会让您转账。</p>
<h2>找谁问</h2><p>政务服务热线 12345，或告知上写的发文部门电话。</p>`;

export const itemsPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/items', access('public'), async (c) => c.html(await listPage(c, web)))
    .get('/items/:id', access('public'), async (c) => c.html(await onePage(c, web)))
    .get('/help', access('public'), (c) => c.html(portalPage(c, { title: '怎么办理', body: helpBody })));
