// Policy items: the list, and one item with its rule read aloud, how it stands, its versions.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { roundYuan } from '../../base/amount.ts';
import { periodsDecided } from '../../match/overview-store.ts';
import { modeText } from '../../policy/mode.ts';
import { sayItem } from '../../policy/say.ts';
import type { VersionView } from '../../policy/view-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, ruleNow, versionsFor } from '../items.ts';
import { itemGaps } from '../lists.ts';
import { type ItemRow, itemRows } from '../overview.ts';
import { businessRoles } from '../role.ts';
import { ruleBlock, validity } from '../rule-text.ts';
import { staffAccounts } from '../store.ts';
import { crumb, type Html, table } from '../view.ts';
import { audienceNames, countText, momentText, periodKindNames, periodText, shown } from '../words.ts';
import { staffPage } from './frame.ts';
import { itemState } from './home.ts';
import { sumBeside } from './parts.ts';

const listBody = (rows: readonly ItemRow[]): Html => html`<h1>政策事项</h1>
<p class="lead">一项政策写成一条规则。已发布的版本不再改动，要改就发布新版本，由两个人经办、复核。</p>
${table<ItemRow>(
  [
    { title: '事项', cell: ({ published: p }) => html`<a href="/staff/items/${p.itemId}">${p.item.title}</a>` },
    { title: '主管部门', long: true, cell: ({ published: p }) => p.item.authority },
    { title: '对象', cell: ({ published: p }) => audienceNames[p.item.audience] },
    { title: '方式', cell: ({ published: p }) => modeText(p.item) },
    { title: '周期', cell: ({ published: p }) => periodKindNames[p.item.period] },
    { title: '施行日期', cell: ({ published: p }) => validity(p) },
    { title: '版本', figure: true, cell: ({ published: p }) => p.version },
    { title: '状态', cell: itemState },
  ],
  rows,
  '您的范围内还没有发布的政策事项。',
)}`;

const standingBlock = ({ published: { itemId, item }, standing }: ItemRow): Html =>
  standing === null
    ? html`<p class="empty">还没有匹配过这个事项。下一次匹配会包含它。</p>`
    : html`<div class="cards"><div class="card"><div class="number"><a href="/staff/matches?item=${itemId}&verdict=eligible">${countText(standing.eligible)}</a></div>符合，${periodText(standing.periodKey)}</div>
<div class="card"><div class="number"><a href="/staff/undetermined?item=${itemId}">${countText(standing.undetermined)}</a></div>待核，缺部门数据</div>
<div class="card"><div class="number">${roundYuan(standing.amountFen)}</div>${sumBeside(standing.amountFen)} ${item.award.reduces === undefined ? (item.mode === 'push' ? '估算金额，只告知不兑付' : '应享金额，核定前') : `减免${item.award.reduces}，不发钱`}</div></div>`;

/** Who published, by name: rules may have been published under an account's id or under its user name. */
const publishersOf = async (web: WebContext): Promise<(who: string) => string> => {
  const names = new Map((await staffAccounts(web.db)).flatMap((one) => [one.userId, one.username].map((key) => [key, one.name] as const)));
  return (who) => names.get(who) ?? shown(who);
};

const versionTable = (versions: readonly VersionView[], nameOf: (who: string) => string): Html =>
  table<VersionView>(
    [
      { title: '版本', figure: true, cell: (v) => v.version },
      { title: '发布', cell: (v) => momentText(v.publishedAt) },
      { title: '经办', cell: (v) => nameOf(v.maker) },
      { title: '复核', cell: (v) => nameOf(v.checker) },
      { title: '停用', cell: (v) => (v.retiredAt === null ? '—' : momentText(v.retiredAt)) },
      { title: '内容指纹', cell: (v) => html`<code>${v.hash.slice(0, 16)}…</code>` },
    ],
    versions,
    '没有版本。',
  );

const oneBody = async (web: WebContext, row: ItemRow, versions: readonly VersionView[]): Promise<Html> => {
  const { published } = row;
  const { item } = published;
  const [rule, periods] = await Promise.all([ruleNow(web, published), periodsDecided(web.db, published.itemId)]);
  const gaps = await itemGaps(web.db, rule.compiled, rule.catalogue);
  const { basis } = item;
  const document = `${basis.document}${basis.number === null ? '' : `（${basis.number}）`}${basis.clause === null ? '' : ` ${basis.clause}`}`;
  const safe = basis.url !== null && /^https?:\/\//.test(basis.url);
  return html`${crumb('/staff/items', '政策事项')}
<div class="title"><h1>${item.title}</h1>${itemState(row)}</div>
<p class="lead">${item.authority} · ${modeText(item)} · ${periodKindNames[item.period]}</p>
${published.blocked === null ? '' : html`<div class="warn"><strong>暂不兑付：</strong>${published.blocked}</div>`}
${row.standing?.stopped ? html`<div class="problem"><strong>最近一次匹配停了这个事项：</strong>${row.standing.stopped}</div>` : ''}
${standingBlock(row)}${gaps.map((text) => html`<p class="note">${text}。</p>`)}
<p>依据：${safe ? html`<a href="${basis.url}" rel="noreferrer">${document}</a>` : document}</p>
<p>施行日期：${validity(published)}。现行第 ${published.version} 版，${momentText(published.publishedAt)} 发布。</p>
<h2>规则</h2>${ruleBlock(sayItem(rule.compiled, rule.catalogue))}
${item.notes.length === 0 ? '' : html`<h2>说明</h2><ul>${item.notes.map((note) => html`<li>${note.text}</li>`)}</ul>`}
${
  periods.length === 0
    ? ''
    : html`<h2>判定过的期别</h2><p>${periods.map((p, i) => html`${i === 0 ? '' : ' · '}<a href="/staff/matches?item=${item.id}&period=${p.periodKey === 'events' ? '' : p.periodKey}">${periodText(p.periodKey)}</a>`)}</p>`
}
<h2>版本</h2>${versionTable(versions, await publishersOf(web))}`;
};

export const itemPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/items', access(...businessRoles), async (c) => {
      const { scope } = staffOf(c);
      const rows = await itemRows(web, scope, await itemsFor(web, scope));
      return c.html(staffPage(c, web, '政策事项', listBody(rows)));
    })
    .get('/staff/items/:id', access(...businessRoles), async (c) => {
      const { scope } = staffOf(c);
      const versions = await versionsFor(web, scope, c.req.param('id'));
      const [newest] = versions;
      if (newest === undefined) return notFound('政策事项');
      const [row] = await itemRows(web, scope, [newest]);
      return c.html(staffPage(c, web, newest.item.title, await oneBody(web, row as ItemRow, versions)));
    });
