// One benefit on one page: the amount, where it stands, the one thing to do next, the steps with their days, how the amount comes about.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { maskAccount } from '../../base/codes.ts';
import { dayText } from '../../base/day.ts';
import { everything } from '../../base/scope.ts';
import { type Disbursement, returned } from '../../disbursement/disbursement.ts';
import type { State } from '../../disbursement/states.ts';
import type { DisbursementEvent } from '../../disbursement/store.ts';
import type { Veil } from '../../match/match.ts';
import { veilOf } from '../../match/sealed.ts';
import type { FlowStep } from '../../policy/item.ts';
import type { Power } from '../../visitor/visitor.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type AwardLine, type Explanation, explanationOf } from '../explanation.ts';
import { said } from '../rule-text.ts';
import type { Html } from '../view.ts';
import type { AwardNote } from '../why.ts';
import { dayAt, momentText, shown } from '../words.ts';
import { amountOf, periodOf, portalPage, type Step, signInTo, stepBar } from './frame.ts';
import { stateBadge, stateKind, stateText } from './state.ts';
import { ownRecord, visitFor } from './visit.ts';

const stepTexts: Readonly<Record<FlowStep, string>> = {
  guard: '核对资料',
  apply: '您提交申请',
  ask: '您补充信息',
  review: '部门审核',
  notice: '告知您',
  confirm: '您确认',
  publicity: '公示',
  pay: '拨付到账',
};

/** At which step a state stands, to tell on which day a step was over. */
const stepOfState: Readonly<Partial<Record<State, FlowStep>>> = {
  prefilled: 'guard',
  applying: 'apply',
  asking: 'ask',
  named: 'ask',
  reviewing: 'review',
  notified: 'notice',
  confirming: 'confirm',
  publicity: 'publicity',
  objected: 'publicity',
  ready: 'pay',
  sealed: 'pay',
  sent: 'pay',
  unknown: 'pay',
};

/** The day a step was over: when the record first went beyond it, or arrived. */
const overOn = (record: Disbursement, events: readonly DisbursementEvent[], step: number): string | null => {
  const beyond = events
    .filter(({ to }) => to === 'paid' || record.flow.indexOf(stepOfState[to] ?? 'guard') > step)
    .reduce<Date | null>((first, { at }) => (first === null || at < first ? at : first), null);
  return beyond === null ? null : dayText(dayAt(beyond));
};

/** The last state is over whatever the step: nothing is under way any more. */
const endStates: readonly State[] = ['paid', 'closed', 'waived'];

/** What is done out of turn: a name that does not match is asked about whatever the item's own steps are. */
const asideStates: readonly State[] = ['applying', 'asking', 'named', 'reviewing'];

const asideOf = (record: Disbursement): FlowStep | null => {
  const step = asideStates.includes(record.state) ? stepOfState[record.state] : undefined;
  return step === undefined || step === record.flow[record.step] ? null : step;
};

const stepsOf = (record: Disbursement, events: readonly DisbursementEvent[]): readonly Step[] => {
  const aside = asideOf(record);
  const due = record.dueOn === null ? null : `${dayText(record.dueOn)}前`;
  const steps = record.flow.map((step, i): Step => {
    const over = record.state === 'paid' || i < record.step;
    const now = !over && i === record.step && aside === null && !endStates.includes(record.state);
    return { text: stepTexts[step], state: over ? 'done' : now ? 'now' : 'next', own: over ? overOn(record, events, i) : now ? due : null };
  });
  return aside === null ? steps : steps.toSpliced(record.step, 0, { text: stepTexts[aside], state: 'now', own: due });
};

const until = (record: Disbursement): string => (record.dueOn === null ? '' : `请在${dayText(record.dueOn)}前办理。`);
const tail = (record: Disbursement): string => (record.account === null ? '' : `尾号 ${maskAccount(record.account).slice(-4)} 的账户`);

/** What it means for whoever reads it, and the one thing to do. */
const meaning = (record: Disbursement): { readonly text: string; readonly act?: readonly [path: string, label: string] } => {
  const missing = record.gaps.map((gap) => shown(gap.replace(returned, '').replace(/[。；]+$/, ''))).join('、');
  switch (record.state) {
    case 'prefilled':
    case 'notified':
      return { text: '部门正在核对，不用您办什么。' };
    case 'applying':
      return { text: `表已经替您填好，还要您补上材料提交。${until(record)}`, act: ['apply', '去提交申请'] };
    case 'asking':
    case 'named':
      return { text: `还缺：${missing}。${until(record)}`, act: ['answer', '去补充'] };
    case 'reviewing':
      return { text: `部门正在审核${record.dueOn === null ? '' : `，${dayText(record.dueOn)}前办结`}。` };
    case 'confirming':
      return { text: `请您确认是否领取。${until(record)}`, act: ['confirm', '去确认'] };
    case 'publicity':
      return { text: `正在公示${record.dueOn === null ? '' : `，到${dayText(record.dueOn)}为止`}。公示结束没有异议就安排拨付。` };
    case 'objected':
      return {
        text: `有人提出异议，部门正在复核${record.dueOn === null ? '' : `，${dayText(record.dueOn)}前答复`}。异议不成立的，照常发给您。`,
      };
    case 'ready':
      return { text: `手续已经办完，等下一批拨付${record.account === null ? '' : `到${tail(record)}`}。不用您办什么。` };
    case 'sealed':
    case 'sent':
      return { text: `已经安排拨付到${tail(record)}，等银行回复。` };
    case 'unknown':
      return { text: '银行还没有说明结果，部门正在和银行核对，不会重复发也不会漏发。' };
    case 'paid':
      return { text: `已经到账，${tail(record)}。` };
    case 'returned':
      return {
        text: `银行退了回来：${shown(record.holdReason ?? missing) || '账户收不了这笔款'}。更正账户以后重新发。`,
        act: ['account', '更正账户'],
      };
    case 'deceased':
      return { text: '登记显示领取人已经去世。应发的这一笔由继承人或照料人领取，请家属带证明到村（居）委会或街道办事处办理。' };
    case 'paused':
      return { text: '资格认证没有按时完成，先暂停发放。认证以后接着发，停发的月份补给您。请到村（居）委会或请工作人员上门认证。' };
    case 'held':
      return { text: `暂缓发放：${shown(record.holdReason ?? '部门正在核实')}。` };
    case 'waived':
      return { text: '您已放弃（或到期没有办理）。还没有关闭，可以撤回。', act: ['come-back', '撤回放弃'] };
    case 'closed':
      return { text: '已经关闭，不再发放。理由见下面的经过；不认可的可以申请人工复核。' };
  }
};

/** Of a family's lines the one this record pays: each child's money is a record of its own, whose key is the blind one of the line's. */
export const linesFor = (
  record: Pick<Disbursement, 'key'>,
  found: Pick<Explanation, 'match' | 'lines'> | null,
  veil: Veil,
): readonly AwardLine[] => {
  const lines = found?.lines ?? [];
  const own = lines.filter((_, i) => {
    const key = found?.match.lines[i]?.key ?? null;
    return key !== null && veil(key) === record.key;
  });
  return own.length === 0 ? lines : own;
};

/** The award: how the rule has it, what of the reader it was worked out from, then step by step: adding up is for everybody to check. */
export const awardSteps = (lines: readonly AwardLine[], award: AwardNote | null): Html =>
  html`${
    award === null
      ? ''
      : html`<p>规定的算法：</p><ul>${said(award.says)}</ul>${
          award.inputs.length === 0
            ? ''
            : html`<p>用到的数据：</p><dl>${award.inputs.map((one) => html`<div><dt>${one.label}</dt><dd>${shown(one.value)}${one.source === null ? '' : html`<span class="source">${one.source.department}《${one.source.title}》${dayText(one.source.asOf)}</span>`}</dd></div>`)}</dl>`
        }<p>这一笔这样算：</p>`
  }${lines
    .filter((line) => line.amountFen !== null)
    .map(
      (line) =>
        html`${line.key === null ? '' : html`<h3>${line.key}</h3>`}<ol>${line.steps.map((step) => html`<li>${step.text}</li>`)}</ol><p class="sum"><span>合计</span> <strong>${formatYuan(line.amountFen ?? 0n)}</strong></p>`,
    )}`;

/** Who did it, as far as that is the reader's business: a department, the bank, oneself. */
const eventText = (event: DisbursementEvent): string => `${stateText(event.to)}${event.reason ? `：${shown(event.reason)}` : ''}`;

const canDecline: readonly State[] = ['confirming', 'asking', 'named', 'applying', 'publicity', 'ready'];

const benefitBody = (
  record: Disbursement,
  events: readonly DisbursementEvent[],
  { lines, award }: { readonly lines: readonly AwardLine[]; readonly award: AwardNote | null },
  can: (power: 'decide' | 'answer' | 'account' | 'object') => boolean,
  signIn: ((path: string) => string) | null,
): Html => {
  const { text, act } = meaning(record);
  const at = `/my/benefits/${record.id}`;
  const allowed =
    act === undefined
      ? false
      : can(act[0] === 'account' ? 'account' : act[0] === 'confirm' || act[0] === 'come-back' ? 'decide' : 'answer');
  return html`<div class="hero"><h1>${record.basis.title}</h1>
<p class="lead">${periodOf(record.periodKey)}，${record.authority}</p>
${amountOf(record.amountFen)}</div>
<div class="state ${stateKind(record.state)}"><p>${stateBadge(record.state)}</p><p>${text}</p>${act === undefined ? '' : allowed ? html`<p><a class="button" href="${at}/${act[0]}">${act[1]}</a></p>` : signIn === null ? html`<p>这一步要由本人办理。</p>` : html`<p><a class="button" href="${signIn(`${at}/${act[0]}`)}">登录后${act[1]}</a></p>`}${record.state === 'paused' ? html`<p><a class="button" href="/my/certify">办理资格认证</a></p>` : ''}${record.state !== 'paid' ? '' : can('object') ? html`<p><a class="button quiet" href="${at}/rate">评价</a></p>` : signIn === null ? '' : html`<p><a class="button quiet" href="${signIn(`${at}/rate`)}">登录后评价</a></p>`}</div>
<h2>办到哪一步</h2>
${stepBar(stepsOf(record, events))}
<h2>钱怎么算的</h2>
${lines.some((line) => line.amountFen !== null) ? awardSteps(lines, award) : html`<p>${formatYuan(record.amountFen)}</p>`}
<h2>发到哪里</h2>
<dl><div><dt>收款人</dt><dd>${record.payeeName === null ? '还没有' : shown(record.payeeName)}</dd></div><div><dt>账户</dt><dd>${record.account === null ? '还没有' : `尾号 ${maskAccount(record.account).slice(-4)}`}${record.bank === null ? '' : `，${shown(record.bank)}`}</dd></div></dl>
<h2>依据</h2>
<p>${record.basis.document}${record.basis.number === null ? '' : `（${record.basis.number}）`}${record.basis.clause === null ? '' : ` ${record.basis.clause}`}</p>
<h2>还可以</h2>
<ul class="list go"><li><a href="${at}/why">为什么符合：您的数据、来源和日期</a></li><li><a href="/items/${record.itemId}">这项政策的全部条件</a></li>${
    can('object')
      ? html`<li><a href="${record.state === 'closed' ? `${at}/appeal` : `/my/items/${record.itemId}/human?period=${encodeURIComponent(record.periodKey)}`}">不认可，请工作人员重新看</a></li>`
      : ''
  }${canDecline.includes(record.state) && can('decide') ? html`<li><a href="${at}/decline">暂不领取</a></li>` : ''}</ul>
<details><summary>办理经过</summary><ul class="list">${events.map((event) => html`<li>${momentText(event.at)} ${eventText(event)}</li>`)}</ul></details>`;
};

const back = { path: '/my', label: '我的待遇' } as const;

const benefit = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const visit = await visitFor(c, web, 'view');
  const { record, events } = await ownRecord(web, visit, c.req.param('id') ?? '');
  const explanation = await explanationOf(web, record.matchId, everything);
  const { acting, way } = visitorIn(c);
  const can = (power: Power): boolean => acting?.powers.includes(power) ?? false;
  // Who came by a link may do the rest after signing in; whoever acts under somebody's mandate may not.
  const signIn = way === 'link' ? signInTo : null;
  const told = { lines: linesFor(record, explanation, veilOf(web.db)), award: explanation?.award ?? null };
  const body = benefitBody(record, events, told, can, signIn);
  return portalPage(c, { title: record.basis.title, for: visit.subject, back, body });
};

export const benefitPages = (web: WebContext) =>
  new Hono<Env>().get('/my/benefits/:id', access('visitor'), async (c) => c.html(await benefit(c, web)));
