// 数据: every dataset with its last delivery, freshness and whom it speaks of; one dataset with its deliveries; the problems of one delivery.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { type MappingVersion, mappingVersions } from '../../record/mapping-store.ts';
import type { DeliveryRow } from '../../record/store.ts';
import { deliveriesOf, deliveryWithin, heldWithin, type ProblemPlace, problemsAfter } from '../../record/view-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { placeCursor, readPlace } from '../cursor.ts';
import { type DatasetView, type DatasetViews, datasetViews, type FactShare, factShares } from '../datasets.ts';
import { csrfToken } from '../guard.ts';
import { businessRoles } from '../role.ts';
import { badge, crumb, facts, type Html, nextPage, table } from '../view.ts';
import { countText, momentText, registerNames, shown } from '../words.ts';
import { dataLinks } from './data-parts.ts';
import { staffPage } from './frame.ts';
import { heldNotice, heldSection } from './held.ts';
import { mappingSection } from './mappings.ts';
import { freshBadge, placesIn, uuidOr404 } from './parts.ts';

const kindNames = { full: '全量', changes: '变更', list: '名单' } as const;
const deliveryStates = {
  landing: '导入中',
  landed: '已导入',
  refused: '已退回',
  held: '待人工核对',
  accepted: '已放行',
  rejected: '已否决',
} as const;

/** 41.3%, of people; nothing of nothing is a dash. */
const share = (part: number, whole: number): string => (whole === 0 ? '—' : `${((part * 100) / whole).toFixed(1)}%`);

const listBody = (views: DatasetViews, some: boolean, waiting: Html | string): Html => {
  const stale = views.rows.filter((one) => one.freshness === 'stale').length;
  const never = views.rows.filter((one) => one.freshness === 'never').length;
  return html`<h1>数据</h1>${dataLinks('/staff/data')}
<p class="lead">按 ${dayText(views.countedOn)} 算新鲜度。${stale === 0 ? '没有过期的数据集' : `${stale} 个数据集过期，不再作数，请催报`}；${never === 0 ? '都报送过' : `${never} 个从未报送`}。</p>
${waiting}
${table<DatasetView>(
  [
    { title: '数据集', cell: ({ dataset: d }) => html`<a href="/staff/data/${d.id}">${d.title}</a>` },
    { title: '部门', long: true, cell: ({ dataset: d }) => d.department },
    { title: '数据日期', cell: ({ standing: s }) => (s?.asOf ? dayText(s.asOf) : '—') },
    { title: '作数到', cell: ({ goodUntil }) => (goodUntil === null ? '—' : dayText(goodUntil)) },
    { title: '新鲜度', cell: ({ freshness }) => freshBadge(freshness) },
    { title: '导入好行', figure: true, cell: ({ standing: s }) => (s === null || some ? '—' : countText(s.rowsGood)) },
    { title: '坏行', figure: true, cell: ({ standing: s }) => (s === null || some ? '—' : countText(s.rowsBad)) },
    { title: '说到多少人', figure: true, cell: ({ standing: s }) => (s === null ? '—' : countText(s.subjects)) },
    { title: '占登记库', figure: true, cell: ({ standing: s }) => (s === null ? '—' : share(s.subjects, s.registered)) },
  ],
  views.rows,
  '目录里还没有数据集。发布指标目录以后会列在这里。',
)}`;
};

const deliveryTable = (rows: readonly DeliveryRow[]): Html =>
  table<DeliveryRow>(
    [
      { title: '收到', cell: (d) => momentText(d.receivedAt) },
      { title: '数据日期', cell: (d) => dayText(d.asOf) },
      { title: '方式', cell: (d) => kindNames[d.kind] },
      { title: '地区', cell: (d) => d.scope.division ?? '全部' },
      { title: '文件', long: true, cell: (d) => shown(d.fileName) },
      { title: '读入', figure: true, cell: (d) => countText(d.rowsRead) },
      { title: '好行', figure: true, cell: (d) => countText(d.rowsGood) },
      {
        title: '坏行',
        figure: true,
        cell: (d) => (d.rowsBad === 0 ? '0' : html`<a href="/staff/deliveries/${d.id}">${countText(d.rowsBad)}</a>`),
      },
      {
        title: '状态',
        cell: (d) =>
          d.state === 'held'
            ? html`<a href="/staff/deliveries/${d.id}">${deliveryStates.held}</a>`
            : badge(
                d.state === 'landed' ? 'good' : d.state === 'refused' || d.state === 'rejected' ? 'bad' : 'open',
                deliveryStates[d.state],
              ),
      },
    ],
    rows,
    '没有您能看的交付。只看部分地区的账号看不到整库的交付。',
  );

const shareTable = (shares: readonly FactShare[]): Html =>
  table<FactShare>(
    [
      { title: '指标', cell: (one) => one.label },
      { title: '有值的人', figure: true, cell: (one) => countText(one.told) },
      { title: '缺的人', figure: true, cell: (one) => countText(one.missing) },
      { title: '缺失占比', figure: true, cell: (one) => share(one.missing, one.told + one.missing) },
    ],
    shares,
    '这个数据集不直接给出指标。',
  );

const oneBody = (
  view: DatasetView,
  shares: readonly FactShare[],
  deliveries: readonly DeliveryRow[],
  mappings: readonly MappingVersion[],
): Html => {
  const { dataset: d, standing: s } = view;
  return html`${crumb('/staff/data', '数据')}
<div class="title"><h1>${d.title}</h1>${freshBadge(view.freshness)}</div>
<p class="lead">${d.department} · ${registerNames[d.register] ?? d.register}</p>
${facts([
  ['数据日期', s?.asOf ? dayText(s.asOf) : '从未报送'],
  ['作数到', view.goodUntil === null ? '—' : `${dayText(view.goodUntil)}（${d.freshnessDays} 天）`],
  ['报送方式', d.kinds.map((kind) => kindNames[kind]).join('、')],
  ['说到多少人', s === null ? '—' : `${countText(s.subjects)}，占登记库 ${share(s.subjects, s.registered)}`],
  ['上次被退的人', s === null ? '—' : countText(s.refused)],
])}
<h2>说到的人里缺什么</h2>${shareTable(shares)}
<h2>交付</h2>${deliveryTable(deliveries)}
<h2>列名对应</h2>${mappingSection(mappings)}`;
};

/** The sentence names line and column, which have columns of their own here. */
const placed = /^第 \d+ 行(“[^”]*”)?：/;

const problemTable = (rows: readonly (ProblemPlace & { masked: string; message: string; hint: string })[]): Html =>
  table(
    [
      { title: '行', figure: true, cell: (one) => countText(one.line) },
      { title: '列', cell: (one) => one.column || '整行' },
      { title: '原值（遮去）', cell: (one) => html`<bdi>${shown(one.masked) || '空'}</bdi>` },
      { title: '问题', long: true, cell: (one) => shown(one.message.replace(placed, '')) },
      { title: '怎么办', long: true, cell: (one) => one.hint },
    ],
    rows,
    '这次交付没有问题。',
  );

export const dataPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/data', access(...businessRoles), async (c) => {
      const { scope } = staffOf(c);
      const [views, held] = await Promise.all([datasetViews(web, scope, c.get('now')), heldWithin(web.db, scope)]);
      const title = (id: string): string => views.rows.find(({ dataset }) => dataset.id === id)?.dataset.title ?? id;
      return c.html(staffPage(c, web, '数据', listBody(views, scope.divisions !== null, heldNotice(held, title))));
    })
    .get('/staff/data/:id', access(...businessRoles), async (c) => {
      const { scope } = staffOf(c);
      const views = await datasetViews(web, scope, c.get('now'));
      const view = views.rows.find(({ dataset }) => dataset.id === c.req.param('id'));
      if (view === undefined) return notFound('数据集');
      const [shares, deliveries, mappings] = await Promise.all([
        factShares(web, scope, view),
        deliveriesOf(web.db, { scope, dataset: view.dataset.id, limit: 50 }),
        mappingVersions(web.db, view.dataset.id),
      ]);
      return c.html(staffPage(c, web, view.dataset.title, oneBody(view, shares, deliveries, mappings)));
    })
    .get('/staff/deliveries/:id', access(...businessRoles), async (c) => {
      const delivery = await deliveryWithin(web.db, uuidOr404(c.req.param('id'), '交付'), staffOf(c).scope);
      if (delivery === null) return notFound('交付');
      const rows = await problemsAfter(web.db, { deliveryId: delivery.id, after: readPlace(c.req.query('cursor')), limit: 51 });
      const page = rows.slice(0, 50);
      const last = page.at(-1);
      const title = (await web.catalogue()).datasets.find((one) => one.id === delivery.dataset)?.title ?? delivery.dataset;
      const place = await placesIn(web);
      const { userId, roles, sessionToken } = staffOf(c);
      const mayDecide = roles.includes('steward') && userId !== delivery.receivedBy;
      const form = { csrf: csrfToken(web.secret, sessionToken), mayDecide };
      const body = html`${crumb(`/staff/data/${delivery.dataset}`, title)}<h1>${title} · ${dayText(delivery.asOf)} 的问题</h1>
<p class="lead">读入 ${countText(delivery.rowsRead)} 行，好行 ${countText(delivery.rowsGood)}，坏行 ${countText(delivery.rowsBad)}。${delivery.landedAt === null ? '没有导入。' : '好行已经导入；坏行改正后重新导入，不影响其余。'}</p>
${heldSection(delivery, place, form)}
${problemTable(page)}${nextPage(`/staff/deliveries/${delivery.id}`, {}, rows.length > 50 && last ? placeCursor(last) : null)}`;
      return c.html(staffPage(c, web, '交付的问题', body));
    });
