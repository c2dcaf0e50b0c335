// A reply to read out to whoever called: what stands, why, where the money is and what to do, in plain Chinese; from what the page shows and nothing else.
// Pure. No number and no name stands in it in full.

import { formatYuan } from '../base/amount.ts';
import { dayText } from '../base/day.ts';
import type { Disbursement } from '../disbursement/disbursement.ts';
import type { State } from '../disbursement/states.ts';
import type { OwnPayment } from '../payment/own-store.ts';
import type { Mode } from '../policy/item.ts';
import { objectionDays } from '../policy/life.ts';
import { modeFor } from '../policy/mode.ts';
import type { PersonItem } from './people.ts';
import type { DecidedPeriod } from './person-why.ts';
import { decisive, type MissingNote } from './why.ts';
import { dayAt, periodText, shown } from './words.ts';

export interface Answering {
  /** Of a firm, whose name is public; null for a person, who is spoken to and not named. */
  readonly name: string | null;
  readonly items: readonly PersonItem[];
  readonly disbursements: readonly Disbursement[];
  readonly payments: readonly OwnPayment[];
  /** The item asked about; null: everything. */
  readonly itemId: string | null;
  /** A period looked at beside it, as it was decided. */
  readonly period: DecidedPeriod | null;
}

const until = (record: Disbursement): string => (record.dueOn === null ? '' : `，期限到 ${dayText(record.dueOn)}`);
const tailOf = (account: string | null): string => (account === null ? '' : `尾号 ${account.slice(-4)} 的账户`);

/** Where the money of one record stands, and who is next. */
const money: Readonly<Record<State, (record: Disbursement, paid: OwnPayment | undefined) => string>> = {
  prefilled: () => '已经核定，正在核对收款信息，不用您办手续',
  applying: (r) => `等您提交申请${until(r)}`,
  asking: (r) => `等您补充${r.gaps.length === 0 ? '信息' : `：${r.gaps.map(shown).join('、')}`}${until(r)}`,
  named: (r) => `等您补充${r.gaps.length === 0 ? '信息' : `：${r.gaps.map(shown).join('、')}`}，名单正在公示催告${until(r)}`,
  reviewing: (r) => `部门正在审核${r.dueOn === null ? '' : `，${dayText(r.dueOn)}前审完`}，不用您办手续`,
  notified: () => '已经核定，正在告知',
  confirming: (r) => `等您确认${until(r)}`,
  publicity: (r) => `正在公示${r.dueOn === null ? '' : `，到 ${dayText(r.dueOn)}`}，公示没有异议就拨付`,
  objected: (r) => `公示期内有人提出异议，正在复核${until(r)}`,
  ready: (r) => `已经核定，等下一批拨付${r.account === null ? '' : `到${tailOf(r.account)}`}，不用您办手续`,
  paused: () => '暂停发放，资格认证办好以后补发',
  deceased: () => '由家属领取，请家属联系主管部门',
  held: () => '暂缓发放，主管部门正在核实',
  waived: () => '已经放弃；要撤回的，请说明',
  closed: () => '已经办结，没有发放',
  sealed: (_, p) => `已经排进拨付批次${p === undefined ? '' : `，${dayText(p.payOn)}付款`}，不用您办手续`,
  sent: () => '已经送银行，到账会告知您',
  paid: (_, p) => (p?.at == null ? '已经到账' : `${dayText(dayAt(p.at))}已经到账，发到${tailOf(p.account)}`),
  returned: () => '银行退了回来，要先更正收款账户，再重新发',
  unknown: () => '正在和银行核实是否到账，核实以前不会重发',
};

export const moneyText = (record: Disbursement, payments: readonly OwnPayment[]): string =>
  money[record.state](
    record,
    payments.find((one) => one.disbursementId === record.id && !one.replaced),
  );

/** 「缺退役军人证，应由退役军人事务局提供」 */
const lackingText = (gaps: readonly MissingNote[]): string =>
  gaps
    .map((one) => `${one.label}${one.department === null ? '' : `（应由${one.department}提供，${one.reason}）`}`)
    .slice(0, 3)
    .join('、');

const because = (period: DecidedPeriod): string => {
  const [first, ...more] = decisive(period.conditions);
  if (first === undefined) return '';
  return `要求${first.required ?? ''}，实际：${first.actual ?? '缺'}${more.length === 0 ? '' : `，另有 ${more.length} 条不满足`}`;
};

const named: Readonly<Record<Mode, string>> = {
  auto: '会自动办理，不用申请',
  confirm: '会告诉您，请您确认一下就办',
  apply: '会告诉您，并备好表单请您提交',
  push: '会告诉您怎样申请',
};
/** What comes once the conditions are met; one mode of several asks the most, and no more is promised than that. */
const later = (item: PersonItem['published']['item']): string => named[modeFor(item, null)];

/** What is said of one who qualifies: money that has to be applied for is no money that is coming. */
const qualifies = (item: PersonItem['published']['item'], amountFen: bigint | null): string => {
  if (item.mode !== 'push') return `符合条件${amountFen === null ? '，金额还在核算' : `，金额 ${formatYuan(amountFen)}`}。`;
  return `条件看来符合${amountFen === null ? '' : `，照现有数据估算 ${formatYuan(amountFen)}`}。这一项要您向${shown(item.authority)}申请，由它审定。`;
};

const itemText = (one: PersonItem, ask: Answering): readonly string[] => {
  const { item } = one.published;
  const looked = ask.period;
  const periodKey = looked?.periodKey ?? one.answer.periodKey;
  const verdict = looked?.verdict ?? one.answer.verdict;
  const amountFen = looked === null ? one.answer.amountFen : looked.amountFen;
  const records = ask.disbursements.filter((d) => d.itemId === one.published.itemId && d.periodKey === periodKey);
  const head = `${shown(item.title)}（${periodText(periodKey)}）：`;
  const basis = `依据是${shown(item.basis.document)}${item.basis.clause == null ? '' : shown(item.basis.clause)}。`;
  if (verdict === 'eligible')
    return [
      `${head}${qualifies(item, amountFen)}`,
      ...records.map((record) => `这笔 ${formatYuan(record.amountFen)}：${moneyText(record, ask.payments)}。`),
      basis,
    ];
  if (verdict === 'undetermined') {
    const gaps = lackingText(looked?.missing ?? one.missing);
    return [`${head}还没有结论${gaps === '' ? '' : `，缺${gaps}`}。`, '这不是不符合。数据到了会自动重新判定，不用您办手续。', basis];
  }
  const why = looked === null ? one.reason : because(looked);
  return [
    `${head}目前不符合${why === null || why === '' ? '' : `：${why}`}。`,
    `以后符合了${later(item)}。您认为数据不对的，可以请工作人员重新看，${objectionDays(item)} 个工作日内答复。`,
    basis,
  ];
};

/** Sentences, one a line. */
export const replyText = (ask: Answering): string => {
  const asked = ask.items.filter((one) => ask.itemId === null || one.published.itemId === ask.itemId);
  const told = ask.itemId === null ? asked.filter((one) => one.answer.verdict !== 'ineligible') : asked;
  const others = asked.length - told.length;
  return [
    `您好，${ask.name ?? '您'}的情况核对如下。`,
    ...told.flatMap((one) => itemText(one, ask)),
    ...(told.length === 0 ? ['目前没有符合条件的事项。'] : []),
    ...(others === 0 ? [] : [`另有 ${others} 项政策目前不符合条件，以后符合了会告诉您。`]),
    '您对以上答复有疑问的，可以再打电话，我们安排工作人员重新看。',
  ].join('\n');
};
