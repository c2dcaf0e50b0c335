// Disbursement records for staff: the list with its gaps, and one record with payee, amount, basis, steps and life so far.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { maskAccount, maskName } from '../../base/codes.ts';
import { allStates, type State, states } from '../../disbursement/disbursement.ts';
import { disbursementById, listDisbursements } from '../../disbursement/store.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { badge, facts, type Html, nextPage, table } from '../view.ts';
import { dayText, momentText, stepNames } from '../words.ts';
import { staffPage } from './frame.ts';
import { uuidOr404 } from './parts.ts';

const kinds: Readonly<Record<string, 'good' | 'bad' | 'open' | 'plain'>> = { open: 'plain', waits: 'open', bank: 'plain', over: 'good' };
export const stateBadge = (state: State): Html =>
  badge(state === 'held' || state === 'returned' ? 'bad' : (kinds[states[state].group] ?? 'plain'), states[state].text);

const isState = (text: string | undefined): text is State => text !== undefined && (allStates as readonly string[]).includes(text);

export const disbursementPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/disbursements', access(...businessRoles), async (c) => {
      const { item, state, cursor } = c.req.query();
      const page = await listDisbursements(web.db, {
        scope: staffOf(c).scope,
        after: cursor ?? null,
        limit: 50,
        filter: { ...(item ? { itemId: item } : {}), ...(isState(state) ? { state } : {}) },
      });
      const body = html`<h1>兑付记录</h1><p class="lead">由结算自动预填。缺什么写在“缺口”里，补齐之前不会进入拨付。</p>
<form class="inline" method="get"><div><label for="item">事项编号</label><input id="item" name="item" type="search" value="${item ?? ''}"></div>
<div><label for="state">状态</label><select id="state" name="state"><option value="">全部</option>${allStates.map((one) => html`<option value="${one}" ${state === one ? 'selected' : ''}>${states[one].text}</option>`)}</select></div><button>筛选</button></form>
${table(
  [
    { title: '事项', cell: (d) => html`<a href="/staff/disbursements/${d.id}">${d.basis.title}</a>` },
    { title: '期别', cell: (d) => d.periodKey },
    { title: '收款人', cell: (d) => (d.payeeName === null ? '—' : maskName(d.payeeName)) },
    { title: '账户', cell: (d) => (d.account === null ? '—' : `尾号 ${maskAccount(d.account).replace(/^\*+/, '')}`) },
    { title: '金额', cell: (d) => formatYuan(d.amountFen), figure: true },
    { title: '状态', cell: (d) => stateBadge(d.state) },
    { title: '缺口', cell: (d) => d.gaps.join('、') || '无' },
    { title: '截止', cell: (d) => (d.dueOn === null ? '—' : dayText(d.dueOn)) },
  ],
  page.rows,
  '没有兑付记录。结算产生应发金额以后，记录会自动出现在这里。',
)}
${nextPage('/staff/disbursements', { item, state }, page.next)}`;
      return c.html(staffPage(c, web, '兑付记录', body));
    })
    .get('/staff/disbursements/:id', access(...businessRoles), async (c) => {
      const found = await disbursementById(web.db, uuidOr404(c.req.param('id'), '兑付记录'), staffOf(c).scope);
      if (found === null) return notFound('兑付记录');
      const { record: d, events } = found;
      const body = html`<h1>${d.basis.title} · ${d.periodKey}</h1><p>${stateBadge(d.state)}</p>
<p class="amount">${formatYuan(d.amountFen)}</p>
${d.gaps.length > 0 ? html`<div class="warn"><strong>还缺：</strong>${d.gaps.join('、')}</div>` : ''}
${d.holdReason === null ? '' : html`<div class="warn"><strong>暂缓：</strong>${d.holdReason}</div>`}
${facts([
  ['收款人', d.payeeName],
  ['收款账户', d.account === null ? '缺' : `尾号 ${maskAccount(d.account).replace(/^\*+/, '')}`],
  ['开户行', d.bank],
  ['摘要', d.statementText],
  ['政策依据', html`${d.basis.document}${d.basis.number ? `（${d.basis.number}）` : ''} ${d.basis.clause ?? ''}`],
  ['主管部门', d.authority],
  ['为什么', html`<a href="/staff/matches/${d.matchId}">看判定依据</a>`],
  ['办理人', html`<a href="/staff/people/${d.subjectId}">这个人的全部事项</a>`],
])}
<h2>步骤</h2><ol class="steps">${d.flow.map((step, index) => html`<li>${stepNames[step]}${index < d.step ? '（已完成）' : index === d.step ? '（现在）' : ''}${index === d.step && d.dueOn ? `，截止 ${dayText(d.dueOn)}` : ''}</li>`)}</ol>
<h2>经过</h2>
${table(
  [
    { title: '时间', cell: (event) => momentText(event.at) },
    { title: '从', cell: (event) => (event.from === null ? '—' : states[event.from].text) },
    { title: '到', cell: (event) => states[event.to].text },
    { title: '谁', cell: (event) => event.actor },
    { title: '原因', cell: (event) => event.reason },
  ],
  events,
  '还没有变动。',
)}`;
      return c.html(staffPage(c, web, d.basis.title, body));
    });
