// Disbursement records for staff: the list with its gaps, and one record with payee, amount, basis, steps and life so far.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { maskAccount } from '../../base/codes.ts';
import { dayText } from '../../base/day.ts';
import { transaction } from '../../db/handle.ts';
import { documentsOf, type RecordDocument } from '../../disbursement/ask-store.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { itemsOf } from '../../disbursement/prefill-store.ts';
import { allStates, type State, states } from '../../disbursement/states.ts';
import { type DisbursementEvent, disbursementById, listDisbursements } from '../../disbursement/store.ts';
import { type Subject, subjectsOf } from '../../record/view-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { noteDisbursement } from '../look.ts';
import { businessRoles, type Role } from '../role.ts';
import { staffAccounts } from '../store.ts';
import { badge, crumb, facts, type Html, nextPage, select, table } from '../view.ts';
import { momentText, periodText, personName, shown, stepNames } from '../words.ts';
import { staffPage } from './frame.ts';
import { chosen, given, uuidOr404, yuanCell } from './parts.ts';

const kinds: Readonly<Record<string, 'good' | 'bad' | 'open' | 'plain'>> = { open: 'plain', waits: 'open', bank: 'plain', over: 'good' };
export const stateBadge = (state: State): Html =>
  badge(state === 'held' || state === 'returned' ? 'bad' : (kinds[states[state].group] ?? 'plain'), states[state].text);

/** People are masked in lists; a firm's name is public. */
const payeeIn = (d: Disbursement, subjects: ReadonlyMap<string, Subject>): string => {
  if (d.payeeName === null) return '—';
  return personName(subjects.get(d.payeeSubjectId ?? d.subjectId)?.register ?? 'citizen', d.payeeName);
};
const accountText = (account: string | null): string => (account === null ? '缺' : `尾号 ${maskAccount(account).slice(-4)}`);

interface ListView {
  readonly rows: readonly Disbursement[];
  readonly next: string | null;
  readonly titles: ReadonlyMap<string, string>;
  readonly subjects: ReadonlyMap<string, Subject>;
}

const listBody = (view: ListView, item: string | undefined, state: State | undefined): Html => html`<h1>兑付记录</h1>
<p class="lead">由结算自动预填。缺什么写在“缺口”里，补齐之前不会进入拨付。<a href="/staff/stops">停发和继承人</a> · <a href="/staff/objections">异议和请人决定</a> · <a href="/staff/ratings">好差评</a></p>
<form class="inline" method="get">
${select(
  'item',
  '事项',
  [...view.titles].map(([value, label]) => ({ value, label })),
  item,
)}
${select(
  'state',
  '状态',
  allStates.map((value) => ({ value, label: states[value].text })),
  state,
)}
<button>筛选</button></form>
${table<Disbursement>(
  [
    { title: '事项', cell: (d) => html`<a href="/staff/disbursements/${d.id}">${d.basis.title}</a>` },
    { title: '期别', cell: (d) => periodText(d.periodKey) },
    { title: '收款人', cell: (d) => html`<bdi>${payeeIn(d, view.subjects)}</bdi>` },
    { title: '账户', cell: (d) => accountText(d.account) },
    { title: '金额', cell: (d) => (d.lineId === null ? '停发处理' : yuanCell(d.amountFen)), figure: true },
    { title: '状态', cell: (d) => stateBadge(d.state) },
    { title: '缺口', long: true, cell: (d) => d.gaps.join('、') || '无' },
    { title: '截止', cell: (d) => (d.dueOn === null ? '—' : dayText(d.dueOn)) },
  ],
  view.rows,
  '没有兑付记录。结算产生应发金额以后，记录会自动出现在这里。',
)}
${nextPage('/staff/disbursements', { item, state }, view.next)}`;

const scanKinds = { application: '申请材料', answer: '补充材料', objection: '异议材料' } as const;

/** What was handed in with a record, by the titles its own version gave; those who judge may open it. Nothing where there is none. */
const scansOf = async (web: WebContext, d: Disbursement, held: readonly Role[]): Promise<Html | string> => {
  const scans = await documentsOf(web.db, d.id);
  if (scans.length === 0) return '';
  const item = (await transaction(web.db, (tx) => itemsOf(tx, [d]))).get(`${d.itemId}@${d.version}`);
  const titleOf = (scan: RecordDocument): string =>
    [...(item?.apply?.attachments ?? []), ...(item?.ask?.fields ?? []).map(({ id, label }) => ({ id, title: label }))].find(
      (one) => one.id === scan.name,
    )?.title ?? '所附材料';
  const judges = held.includes('reviewer') || held.includes('auditor');
  return html`<h2>材料</h2>
${table<RecordDocument>(
  [
    { title: '材料', cell: titleOf },
    { title: '随什么交来', cell: (scan) => scanKinds[scan.kind] },
    { title: '时间', cell: (scan) => momentText(scan.at) },
    {
      title: '扫描件',
      cell: (scan) =>
        judges ? html`<a href="/api/disbursements/${d.id}/documents/${scan.sha256}">下载（会留痕）</a>` : '只给部门审核和审计看',
    },
  ],
  scans,
  '没有材料。',
)}`;
};

/** Who moved it, by name; a machine step by what it is. */
const actorText = (actor: string, names: ReadonlyMap<string, string>): string =>
  names.get(actor) ?? (actor.startsWith('step:') || actor === 'start' ? '自动办理' : '已离岗的人员');

const oneBody = (
  d: Disbursement,
  events: readonly DisbursementEvent[],
  names: ReadonlyMap<string, string>,
  scans: Html | string,
): Html => html`${crumb('/staff/disbursements', '兑付记录')}
<div class="title"><h1>${d.basis.title} · ${periodText(d.periodKey)}</h1>${stateBadge(d.state)}</div>
<p class="amount">${d.lineId === null ? '停发处理' : formatYuan(d.amountFen)}</p>
${d.gaps.length > 0 ? html`<div class="warn"><strong>还缺：</strong>${d.gaps.join('、')}</div>` : ''}
${d.holdReason === null ? '' : html`<div class="warn"><strong>暂缓：</strong>${shown(d.holdReason)}</div>`}
${facts([
  ['收款人', d.payeeName === null ? '缺' : html`<bdi>${shown(d.payeeName)}</bdi>`],
  ['收款账户', accountText(d.account)],
  ['开户行', d.bank === null ? '缺' : shown(d.bank)],
  ['摘要', d.statementText],
  ['主管部门', d.authority],
  ['为什么', html`<a href="/staff/matches/${d.matchId}">看判定依据</a>`],
  ['其他事项', html`<a href="/staff/people/${d.subjectId}">这个人的全部事项</a>`],
])}
<p>依据：${d.basis.document}${d.basis.number ? `（${d.basis.number}）` : ''} ${d.basis.clause ?? ''}</p>
<h2>步骤</h2><ol class="steps">${d.flow.map((step, index) => html`<li>${stepNames[step]}${index < d.step || d.state === 'paid' ? '（已完成）' : index === d.step ? '（现在）' : ''}${index === d.step && d.dueOn && d.state !== 'paid' ? `，截止 ${dayText(d.dueOn)}` : ''}</li>`)}</ol>
${scans}
<h2>经过</h2>
${table<DisbursementEvent>(
  [
    { title: '时间', cell: (event) => momentText(event.at) },
    { title: '从', cell: (event) => (event.from === null ? '—' : states[event.from].text) },
    { title: '到', cell: (event) => states[event.to].text },
    { title: '谁', cell: (event) => actorText(event.actor, names) },
    { title: '原因', long: true, cell: (event) => (event.reason === null ? '—' : shown(event.reason)) },
  ],
  events,
  '还没有变动。',
)}`;

export const disbursementPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/disbursements', access(...businessRoles), async (c) => {
      const { scope } = staffOf(c);
      const query = c.req.query();
      const [item, state] = [given(query.item), chosen(query.state, allStates)];
      const page = await listDisbursements(web.db, {
        scope,
        after: query.cursor ?? null,
        limit: 50,
        filter: { ...(item === undefined ? {} : { itemId: item }), ...(state === undefined ? {} : { state }) },
      });
      const [items, subjects] = await Promise.all([
        itemsFor(web, scope),
        subjectsOf(
          web.db,
          page.rows.map((d) => d.payeeSubjectId ?? d.subjectId),
        ),
      ]);
      const titles = titlesIn(items);
      return c.html(staffPage(c, web, '兑付记录', listBody({ ...page, titles, subjects }, item, state)));
    })
    .get('/staff/disbursements/:id', access(...businessRoles), async (c) => {
      const found = await disbursementById(web.db, uuidOr404(c.req.param('id'), '兑付记录'), staffOf(c).scope);
      if (found === null) return notFound('兑付记录');
      await noteDisbursement(web, c, found.record);
      const names = new Map((await staffAccounts(web.db)).map((one) => [one.userId, one.name]));
      return c.html(
        staffPage(
          c,
          web,
          found.record.basis.title,
          oneBody(found.record, found.events, names, await scansOf(web, found.record, staffOf(c).roles)),
        ),
      );
    });
