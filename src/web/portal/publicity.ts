// 公示: the public list of one item, masked where it is read, gone after its days, a page at a time and no faster; and an objection to one line of it, in a real name.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { divisionPrefix, everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { fileObjection } from '../../disbursement/objection.ts';
import { type PublicRow, publicItems, publicPage } from '../../disbursement/publicity-store.ts';
import { objectionDays } from '../../policy/life.ts';
import { treesOf } from '../../policy/vocabulary.ts';
import { placeName } from '../../record/lookup.ts';
import { todayFor } from '../../today.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { isUuid } from '../cursor.ts';
import { itemsFor, versionsFor } from '../items.ts';
import { askerOf, openPace, type Pace } from '../pace.ts';
import { type Html, problemBox, select } from '../view.ts';
import { shown } from '../words.ts';
import { visitAct } from './act.ts';
import { formPhone, formText, type Problems, periodOf, portalPage, problemsIn, token } from './frame.ts';
import { ownRealName, visitFor } from './visit.ts';

const perPage = 20;
/** Of one person, open at once. */
const mostObjections = 3;

const back = { path: '/publicity', label: '公示' } as const;

/** Counties with something of theirs in force, for the choice of a place. */
const placesOf = async (web: WebContext) => {
  const items = await itemsFor(web, everything);
  const catalogue = items.length === 0 ? null : await web.catalogue();
  const node = (code: string) => (catalogue === null ? undefined : treesOf(catalogue).get('division')?.node(code)?.name);
  return [...new Set(items.flatMap(({ item }) => item.region ?? []))].sort().flatMap((value) => {
    const label = node(value);
    return label === undefined ? [] : [{ value, label }];
  });
};

const prefixOf = (division: string | undefined): string | undefined =>
  division !== undefined && /^\d{6,12}$/.test(division) ? divisionPrefix(division) : undefined;

const listPage = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const division = c.req.query('division');
  const q = shown((c.req.query('q') ?? '').slice(0, 40)).trim();
  const today = await todayFor(web.db, c.get('now'));
  const [found, places] = await Promise.all([publicItems(web.db, today, prefixOf(division)), placesOf(web)]);
  const rows = found.filter((one) => `${one.title}${one.authority}`.includes(q));
  const body = html`<h1>公示</h1>
<p class="lead">拨付之前公开名单，请大家监督。姓名隐去一部分，公示期满自动撤下。</p>
<form method="get"><label for="q">事项或部门</label><input id="q" name="q" type="search" maxlength="40" value="${q}">
${select('division', '地方', places, division)}
<p><button class="quiet">查找</button></p></form>
${rows.length === 0 ? '' : html`<h2>正在公示 ${rows.length} 项</h2>`}
${
  rows.length === 0
    ? html`<p class="empty">${found.length === 0 ? '现在没有正在公示的名单。' : html`没有找到。<a href="/publicity">看全部</a>。`}</p>`
    : html`<ul class="list">${rows.map((one) => html`<li><a class="row" href="/publicity/${one.itemId}${prefixOf(division) === undefined ? '' : `?division=${division}`}"><strong>${one.title}</strong> ${one.count} 条<span class="source">${one.authority}${one.until === null ? '' : `，最晚到${dayText(one.until)}`}</span></a></li>`)}</ul>`
}`;
  return portalPage(c, { title: '公示', noindex: true, body });
};

const onePage = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const itemId = c.req.param('item') ?? '';
  const [published] = await versionsFor(web, everything, itemId);
  const asked = c.req.query('after');
  const after = asked !== undefined && isUuid(asked) ? asked : null;
  const division = c.req.query('division');
  const today = await todayFor(web.db, c.get('now'));
  const ask = { today, itemId, prefix: prefixOf(division), after };
  const found = published === undefined ? [] : await publicPage(web.db, { ...ask, limit: perPage + 1 });
  if (published === undefined) return fail('missing.object', '', '没有这项政策的公示。', '请从“公示”进入。');
  const catalogue = await web.catalogue();
  const rows = found.slice(0, perPage);
  const place = (code: string | null): string => (code === null ? '' : (placeName(catalogue, 'division', code) ?? ''));
  const next = found.length > perPage ? rows.at(-1)?.id : undefined;
  const objectable = (one: PublicRow): Html | string =>
    one.amountFen === null ? '' : html`<a class="tap" href="/my/object/${one.id}">对这一条提异议</a>`;
  const body = html`<h1>${published.item.title}公示</h1><p class="lead">${published.item.authority}</p>
${
  rows.length === 0
    ? html`<p class="empty">这一项现在没有在公示的，期满的已经撤下。</p>`
    : html`<p>认为谁不该领、金额不对的，可以实名提异议。异议只停这一条，不影响别人。</p>
<ul class="list">${rows.map(
        (one) =>
          html`<li><div class="row"><span class="figure">${one.amountFen === null ? '待补信息' : formatYuan(one.amountFen)}</span><strong><bdi>${shown(one.name)}</bdi></strong> ${place(one.division)}<span class="source">${periodOf(one.periodKey)}${one.until === null ? '' : `，公示到${dayText(one.until)}`}</span>${objectable(one)}</div></li>`,
      )}</ul>`
}
${next === undefined ? '' : html`<p><a class="button quiet" href="/publicity/${itemId}?after=${next}${ask.prefix === undefined ? '' : `&division=${division}`}">看后面的</a></p>`}
<p><a href="/items/${itemId}">这项政策的条件和标准</a></p>`;
  return portalPage(c, { title: `${published.item.title}公示`, noindex: true, back, body });
};

const lineOf = async (c: Context<Env>, web: WebContext): Promise<PublicRow> => {
  const id = c.req.param('line') ?? '';
  const today = await todayFor(web.db, c.get('now'));
  const [row] = isUuid(id) ? await publicPage(web.db, { today, id, limit: 1 }) : [];
  return row?.amountFen == null ? fail('missing.object', '', '这一条不在公示。', '公示期满的已经撤下；有意见请联系主管部门。') : row;
};

const objectForm = async (
  c: Context<Env>,
  web: WebContext,
  problems: Problems = [],
  given: Record<string, unknown> = {},
): Promise<Html> => {
  const { subject } = await visitFor(c, web, 'object');
  const row = await lineOf(c, web);
  const [published] = await versionsFor(web, everything, row.itemId);
  const body = html`<h1>提出异议</h1><p class="lead"><bdi>${shown(row.name)}</bdi>，${row.title}，${periodOf(row.periodKey)}，${formatYuan(row.amountFen ?? 0n)}</p>
${problems.length > 0 ? problemBox(problems) : ''}
<p>以您的真实姓名提出，不告诉对方是谁。这一条先不发，由工作人员核实，${published === undefined ? '' : `${objectionDays(published.item)} 个工作日内`}答复您。</p>
<form method="post">${token(c)}${formText('text', '哪里不对', '写清楚您知道的情况，例如已迁出、已去世、金额不对。', given.text)}${formPhone(given.phone)}
<p><button>提出异议</button></p></form>`;
  return portalPage(c, { title: '提出异议', for: subject, back: { path: `/publicity/${row.itemId}`, label: '公示' }, body });
};

const objectRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/object/:line', access('visitor'), async (c) => c.html(await objectForm(c, web)))
    .post('/my/object/:line', access('visitor'), async (c) => {
      const visit = await visitFor(c, web, 'object');
      const row = await lineOf(c, web);
      const form = await c.req.parseBody();
      const act = await visitAct(c, web, row.id);
      const said = { ...ownRealName(visit), phone: String(form.phone ?? ''), text: String(form.text ?? '') };
      try {
        await transaction(web.db, (tx) => fileObjection(tx, { ...act, kind: 'public', ...said, most: mostObjections }));
      } catch (error) {
        return c.html(await objectForm(c, web, problemsIn(error), form), 400);
      }
      return c.redirect('/my/requests', 303);
    });

export const publicityPages = (web: WebContext) => {
  const pace: Pace = openPace(30, 1200);
  return new Hono<Env>()
    .get('/publicity', access('public'), async (c) => {
      pace.ask(askerOf(c), c.get('now'));
      return c.html(await listPage(c, web));
    })
    .get('/publicity/:item', access('public'), async (c) => {
      pace.ask(askerOf(c), c.get('now'));
      return c.html(await onePage(c, web));
    })
    .route('/', objectRoutes(web));
};
