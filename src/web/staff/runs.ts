// Runs: the list, and one run with what it found per item and what stopped.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { roundYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { releaseBrake } from '../../match/brake.ts';
import type { RunSummary } from '../../match/store.ts';
import type { MatchKind } from '../../policy/item.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { numberCursor } from '../cursor.ts';
import { csrfToken } from '../guard.ts';
import { businessRoles } from '../role.ts';
import { type RunItemView, releaserOf, runPage, runView } from '../runs.ts';
import { badge, crumb, facts, type Html, nextPage, table } from '../view.ts';
import { countText, kindNames, momentText, periodText } from '../words.ts';
import { staffPage } from './frame.ts';
import { sumBeside, uuidOr404, yuanOrDash } from './parts.ts';

const runBadge = (run: RunSummary): Html =>
  run.state === 'done'
    ? badge('good', '已完成')
    : run.state === 'opening'
      ? badge('plain', '上线接续')
      : run.state === 'abandoned'
        ? badge('plain', '已由新批次接替')
        : badge('open', '运行中');

const listBody = (rows: readonly RunSummary[], next: bigint | null): Html => html`<h1>匹配批次</h1>
<p class="lead">每一批拿已发布的规则去比封存的数据。同样的数据、同样的规则，重跑不会多写一条。</p>
${table<RunSummary>(
  [
    { title: '开始', cell: (run) => html`<a href="/staff/runs/${run.id}">${momentText(run.startedAt)}</a>` },
    { title: '完成', cell: (run) => (run.endedAt === null ? '—' : momentText(run.endedAt)) },
    { title: '数据到', cell: (run) => dayText(run.knownAt) },
    { title: '状态', cell: runBadge },
  ],
  rows,
  '还没有匹配过。部门数据导入并封存以后，匹配会按时自动运行。',
)}
${nextPage('/staff/runs', {}, next === null ? null : numberCursor(next))}`;

const count = (n: number | null): string => (n === null ? '—' : countText(n));
const unchanged = '没有变动';
const writtenText = (written: Readonly<Record<string, number>>): string =>
  Object.entries(written)
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => `${kindNames[kind as MatchKind]} ${countText(n)}`)
    .join('，') || unchanged;

const written = (runId: string, item: RunItemView): Html | string => {
  const text = writtenText(item.written);
  return text === unchanged ? text : html`<a href="/staff/matches?run=${runId}&item=${item.itemId}&all=1">${text}</a>`;
};

const releaseForm = (runId: string, itemId: string, csrf: string): Html =>
  html`<form method="post" action="/staff/runs/${runId}/release"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="item" value="${itemId}">
<label>核对了什么、为什么变化属实<input type="text" name="reason" required minlength="2" maxlength="500"></label> <button>放行</button></form>`;

const situation = ({ stopped, held, skipped, itemId }: RunItemView, runId: string, csrf: string | null): Html => {
  if (held) return html`${badge('open', '等人放行')} ${stopped}${csrf === null ? '' : releaseForm(runId, itemId, csrf)}`;
  if (stopped !== null) return html`${badge('bad', '已停')} ${stopped}`;
  return skipped === null ? badge('good', '正常') : html`${badge('open', '未判定')} ${skipped}`;
};

/** Whoever sees some divisions has no use for three columns of dashes. */
const itemTable = (runId: string, items: readonly RunItemView[], some: boolean, csrf: string | null): Html =>
  table<RunItemView>(
    [
      { title: '事项', cell: (i) => html`<a href="/staff/items/${i.itemId}">${i.title}</a>` },
      { title: '期别', cell: (i) => periodText(i.periodKey) },
      ...(some
        ? []
        : [
            { title: '符合', figure: true, cell: (i: RunItemView) => count(i.eligible) },
            { title: '待核', figure: true, cell: (i: RunItemView) => count(i.undetermined) },
            { title: '金额', figure: true, cell: (i: RunItemView) => yuanOrDash(i.amountFen) },
          ]),
      { title: some ? '本批写入（您的地区）' : '本批写入', long: true, cell: (i) => written(runId, i) },
      { title: '情况', long: true, cell: (i) => situation(i, runId, csrf) },
    ],
    items,
    '这一批没有您范围内的事项。',
  );

/** `csrf` null: the reader may not let anything go. */
const oneBody = (run: RunSummary, items: readonly RunItemView[], some: boolean, csrf: string | null): Html => {
  const sum = items.reduce((total, item) => total + (item.amountFen ?? 0n), 0n);
  const stopped = items.filter((item) => item.stopped !== null && !item.held);
  const held = items.filter((item) => item.held);
  return html`${crumb('/staff/runs', '匹配批次')}
<div class="title"><h1>${momentText(run.startedAt)} 的匹配</h1>${runBadge(run)}</div>
<p class="lead">数据到 ${dayText(run.knownAt)}${run.endedAt === null ? '，还在运行' : `，${momentText(run.endedAt)} 完成`}。</p>
${stopped.length === 0 ? '' : html`<div class="problem"><strong>${stopped.length} 个事项停了。</strong>两种算法的结果不一致，或规则按现行指标目录读不通时，这个事项本批不写入，其余照常。请联系政策管理员。</div>`}
${held.length === 0 ? '' : html`<div class="note"><strong>${held.length} 个事项与上次相比变化过大，等人放行。</strong>放行前不结算、不告知、不拨付；数据报错了就请部门重报，下一批会重新判定。</div>`}
${some ? html`<div class="note">您只看部分地区：符合、待核、金额含各地，不显示；“本批写入”只数您的地区。</div>` : html`<div class="cards"><div class="card"><div class="number">${countText(items.reduce((total, item) => total + (item.eligible ?? 0), 0))}</div>人次符合</div><div class="card"><div class="number">${countText(items.reduce((total, item) => total + (item.undetermined ?? 0), 0))}</div>人次待核</div><div class="card"><div class="number">${roundYuan(sum)}</div>金额合计${sumBeside(sum)}，含估算，核定前</div></div>`}
<h2>各事项</h2>${itemTable(run.id, items, some, csrf)}
<details><summary>留痕</summary>${facts([
    ['快照', html`<code>${run.snapshotId}</code>`],
    ['账目截止', `第 ${run.ledgerCut} 笔`],
    ['批次编号', html`<code>${run.id}</code>`],
  ])}</details>`;
};

export const runPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/runs', access(...businessRoles), async (c) => {
      const page = await runPage(web, c.req.query('cursor'), 50);
      return c.html(staffPage(c, web, '匹配批次', listBody(page.rows, page.next)));
    })
    .get('/staff/runs/:id', access(...businessRoles), async (c) => {
      const { scope, roles, sessionToken } = staffOf(c);
      const mayRelease = roles.includes('officer') || roles.includes('reviewer');
      const view = await runView(web, uuidOr404(c.req.param('id'), '匹配批次'), scope);
      if (view === null) return notFound('匹配批次');
      return c.html(
        staffPage(
          c,
          web,
          '匹配批次',
          oneBody(view.run, view.items, scope.divisions !== null, mayRelease ? csrfToken(web.secret, sessionToken) : null),
        ),
      );
    })
    .post('/staff/runs/:id/release', access('officer', 'reviewer'), async (c) => {
      const runId = uuidOr404(c.req.param('id'), '匹配批次');
      const form = await c.req.parseBody();
      const ask = { runId, itemId: String(form.item ?? ''), ...releaserOf(staffOf(c)), reason: String(form.reason ?? '') };
      await releaseBrake(web.db, { ...ask, at: c.get('now') });
      return c.redirect(`/staff/runs/${runId}`, 303);
    });
