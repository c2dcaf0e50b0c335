// 数据质量: what is late and who waits for it first, then every finding by measure, to look at by dataset and division. One line says what to do.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { type Finding, type Measure, measureNames } from '../../quality/finding.ts';
import type { LateDataset } from '../../quality/late.ts';
import type { QualityReport } from '../../quality/report.ts';
import type { Kept } from '../../report-jobs.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor } from '../items.ts';
import { filtered, type QualityFilter, qualityFor } from '../quality.ts';
import { businessRoles } from '../role.ts';
import { badge, type Html, select, table } from '../view.ts';
import { countText, momentText, periodText } from '../words.ts';
import { dataLinks } from './data-parts.ts';
import { staffPage } from './frame.ts';
import { chosen, given, placesIn } from './parts.ts';

const order: readonly Measure[] = ['stale', 'conflict', 'range', 'duplicate', 'drift', 'missing'];
const shownPerMeasure = 20;
type Place = (code: string | null) => string;

const howLate = (one: LateDataset): Html =>
  one.overdueDays > 0
    ? badge('bad', `迟 ${one.overdueDays} 天`)
    : one.stale.length > 0
      ? badge('open', '已过有效期')
      : badge('open', one.silent.length > 0 ? '部分区划未报送' : '未报送');

/** What is due in all: known, between bounds, else what the same people were last due. */
const waitingCell = ({ waiting }: LateDataset): Html | string => {
  if (waiting === null) return '—';
  const parts = [
    waiting.knownFen > 0n ? formatYuan(waiting.knownFen) : null,
    waiting.toFen > 0n ? `另有 ${formatYuan(waiting.fromFen)} 至 ${formatYuan(waiting.toFen)}` : null,
    waiting.lastFen > 0n ? `另按上期 ${formatYuan(waiting.lastFen)}` : null,
    waiting.untold > 0 ? `${countText(waiting.untold)} 人次说不准` : null,
  ].filter((part) => part !== null);
  return html`${waiting.complete ? '' : '至少 '}${countText(waiting.subjects)} 人（户）<span class="own">${parts.join('，')}</span>`;
};

const lateTable = (rows: readonly LateDataset[], titles: ReadonlyMap<string, string>): Html =>
  table<LateDataset>(
    [
      {
        title: '数据集',
        cell: (one) => html`<a href="/staff/data/${one.dataset}">${one.title}</a><span class="own">${one.department}</span>`,
      },
      { title: '数据日期', cell: (one) => (one.asOf === null ? '从未报送' : dayText(one.asOf)) },
      { title: '情况', cell: howLate },
      { title: '在等的人和钱', long: true, cell: waitingCell },
      {
        title: '整项在等',
        long: true,
        cell: (one) =>
          one.held.map(({ itemId, periodKey }) => `${titles.get(itemId) ?? itemId}（${periodText(periodKey)}）`).join('、') || '—',
      },
    ],
    rows,
    '没有人在等迟报的数据。',
  );

const findingTable = (rows: readonly Finding[], place: Place): Html =>
  table<Finding>(
    [
      { title: '问题', cell: (one) => html`${one.message}` },
      { title: '区划', cell: (one) => (one.division === null ? '全部' : place(one.division)) },
      { title: '个数', figure: true, cell: (one) => countText(one.count) },
      { title: '怎么办', long: true, cell: (one) => one.hint },
      {
        title: '例如',
        cell: (one) =>
          one.examples.length === 0
            ? '—'
            : html`${one.examples.map((id, i) => html`${i === 0 ? '' : '、'}<a href="/staff/people/${id}">第 ${i + 1} 份</a>`)}`,
      },
    ],
    rows,
    '',
  );

const section = (measure: Measure, rows: readonly Finding[], place: Place): Html | string =>
  rows.length === 0
    ? ''
    : html`<h2 id="${measure}">${measureNames[measure]}（${countText(rows.length)}）</h2>${findingTable(rows.slice(0, shownPerMeasure), place)}${rows.length <= shownPerMeasure ? '' : html`<p class="hint">只列前 ${shownPerMeasure} 条；选一个数据集或区划看其余的。</p>`}`;

const filterForm = (report: QualityReport, ask: QualityFilter): Html => html`<form class="inline" method="get" action="/staff/quality">
${select(
  'dataset',
  '数据集',
  report.datasets.map((one) => ({ value: one.dataset, label: one.title })),
  ask.dataset,
)}
${select(
  'measure',
  '问题',
  order.map((measure) => ({ value: measure, label: measureNames[measure] })),
  ask.measure,
)}
<div><label for="division">区划代码</label><input id="division" name="division" type="text" inputmode="numeric" value="${ask.division ?? ''}"></div>
<button>看</button></form>`;

const body = (
  { report, madeAt, current }: Kept<QualityReport>,
  ask: QualityFilter,
  titles: ReadonlyMap<string, string>,
  place: Place,
): Html => {
  const found = filtered(report.findings, ask);
  const late = report.late.filter((one) => ask.dataset === undefined || one.dataset === ask.dataset);
  const awaits = (one: LateDataset): boolean => one.waiting !== null || one.held.length > 0;
  const [awaited, idle] = [late.filter(awaits), late.filter((one) => !awaits(one))];
  const counts = order.flatMap((measure) => {
    const n = found.filter((one) => one.measure === measure).length;
    return n === 0 ? [] : [html`<a href="#${measure}">${measureNames[measure]} ${n}</a>`];
  });
  return html`<h1>数据质量</h1>${dataLinks('/staff/quality')}
<p class="lead">${countText(report.subjects)} 份档案、${report.datasets.length} 个数据集，算到 ${dayText(report.knownAt)}，${momentText(madeAt)}做的${current ? '' : '；之后又有数据进来，会自动重做'}。${counts.length === 0 ? '' : html`按问题：${counts.map((one, i) => html`${i === 0 ? '' : '、'}${one}`)}。`}</p>
<h2>迟报的数据，和在等的人</h2>${lateTable(awaited, titles)}
${idle.length === 0 ? '' : html`<details><summary>还有 ${countText(idle.length)} 个迟报的数据集没有人在等</summary>${lateTable(idle, titles)}</details>`}
<h2 class="noprint">查看</h2>${filterForm(report, ask)}
${order.map((measure) =>
  section(
    measure,
    found.filter((one) => one.measure === measure),
    place,
  ),
)}
${found.length === 0 ? html`<p class="empty">这样选，没有发现问题。</p>` : ''}`;
};

export const qualityPages = (web: WebContext) =>
  new Hono<Env>().get('/staff/quality', access(...businessRoles), async (c) => {
    const { scope } = staffOf(c);
    const kept = await qualityFor(web, scope, c.get('now'));
    if (kept === null) {
      const none = html`<h1>数据质量</h1>${dataLinks('/staff/quality')}<p class="empty">还没有核对过。按时间表一分钟内开始，人多时要几分钟；做好以后在这里。</p>`;
      return c.html(staffPage(c, web, '数据质量', none));
    }
    const { report } = kept;
    const ask = {
      dataset: report.datasets.find((one) => one.dataset === c.req.query('dataset'))?.dataset,
      measure: chosen(c.req.query('measure'), order),
      division: given(c.req.query('division')),
    };

    const titles = new Map((await itemsFor(web, scope)).map(({ itemId, item }) => [itemId, item.title]));
    return c.html(staffPage(c, web, '数据质量', body(kept, ask, titles, await placesIn(web))));
  });
