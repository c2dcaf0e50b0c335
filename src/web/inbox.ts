// 待我处理: which kinds of work there are, whose they are and what each asks for, as one table.

import { listAttestations } from '../attest/store.ts';
import type { Day } from '../base/day.ts';
import type { Db } from '../db/handle.ts';
import { freezeState } from '../freeze/freeze.ts';
import { listFreezes } from '../freeze/store.ts';
import { heldItems } from '../match/brake-store.ts';
import { countLost } from '../notice/channel-store.ts';
import { checkerRoles } from '../payment/payment.ts';
import { deliveriesIn } from '../record/delivery-store.ts';
import { listReviews } from '../review/store.ts';
import { listTickets } from '../ticket/store.ts';
import { countInbox, type InboxCount, type InboxKind } from './inbox-store.ts';
import { countFailing } from './operations.ts';
import type { Role } from './role.ts';
import type { StaffAccount } from './store.ts';

interface Kind {
  readonly text: string;
  /** What is to be done about it. */
  readonly next: string;
  readonly roles: readonly Role[];
}

const reviewer: readonly Role[] = ['reviewer'];
const finance: readonly Role[] = ['finance-maker', 'finance-checker', 'finance-head', 'finance-issuer'];
const freezers: readonly Role[] = ['officer', ...finance];

export const inboxKinds = {
  check: { text: '批次待复核', next: '逐笔核对，通过或退回', roles: checkerRoles },
  issue: { text: '批次待签发', next: '生成报盘文件，核对扣下的，签发', roles: ['finance-issuer'] },
  seal: { text: '兑付记录待封批', next: '按事项和资金来源封批', roles: ['finance-maker'] },
  bank: { text: '批次等银行回盘', next: '取报盘文件送银行，收到回盘后导入', roles: ['finance-maker'] },
  returned: { text: '退汇待更正', next: '核对账户，更正后下一批重发', roles: ['finance-maker'] },
  unknown: { text: '付款状态不明', next: '向银行查询，收到回盘再定；不会自动重发', roles: ['finance-maker'] },
  suspense: { text: '挂账待办结', next: '查清这笔回音是谁的，写明后办结', roles: ['finance-checker'] },
  review: { text: '待审核', next: '通过、退回补正或不予', roles: reviewer },
  ask: { text: '待补充信息', next: '催当事人补齐，或代收后补录', roles: reviewer },
  objection: { text: '异议待复核', next: '期限前写明成立或不成立', roles: reviewer },
  stop: { text: '停发待决定', next: '第二人决定停发或不停发', roles: reviewer },
  recovery: { text: '多发待立案', next: '期限内立案告知或写明不追回', roles: reviewer },
  certify: { text: '资格认证待核', next: '入户核查，登记结果', roles: reviewer },
  held: { text: '暂缓中', next: '原因消除后恢复', roles: ['reviewer', ...finance] },
} as const satisfies Record<InboxKind, Kind>;

export const otherKinds = {
  attestation: { text: '人工核定待复核', next: '另一人看材料后确认', roles: reviewer },
  ticket: { text: '校核单待办', next: '来源部门答复，提出人办结', roles: ['reviewer', 'steward'] },
  delivery: { text: '报送等人核对', next: '看差异，放行或否决', roles: ['steward'] },
  rule: { text: '政策待复核', next: '看影响，发布或退回', roles: ['officer'] },
  brake: { text: '变化过大暂停的事项', next: '看原因，放行或留着', roles: ['officer', 'reviewer'] },
  job: { text: '没有办成的任务', next: '看原因，改正后重试', roles: ['admin', 'steward'] },
  freeze: { text: '冻结期待确认', next: '看停办什么、到什么时候，确认或撤回', roles: freezers },
  undelivered: { text: '没有送到的告知', next: '查原因，再发', roles: ['steward'] },
} as const satisfies Record<string, Kind>;

export type WorkKind = InboxKind | keyof typeof otherKinds;
export const workKinds = [...Object.keys(inboxKinds), ...Object.keys(otherKinds)] as [WorkKind, ...WorkKind[]];

export interface Work extends Omit<InboxCount, 'kind'> {
  readonly kind: WorkKind;
  readonly text: string;
  readonly next: string;
}

/** Counted up to so many where a list is counted. */
const most = 500;

type Person = Pick<StaffAccount, 'userId' | 'roles' | 'scope'>;

const counters: Readonly<Record<keyof typeof otherKinds, (db: Db, person: Person, now: Date) => Promise<number>>> = {
  attestation: async (db, { scope }) => (await listAttestations(db, { scope, state: 'entered', limit: most })).length,
  ticket: async (db, { scope }) =>
    (await Promise.all((['open', 'answered'] as const).map((state) => listTickets(db, { scope, state, limit: most })))).flat().length,
  // A whole delivery holds rows of every division.
  delivery: async (db, { scope }) => (scope.divisions === null ? (await deliveriesIn(db, 'held', most)).length : 0),
  rule: async (db, { scope }) => (await listReviews(db, { scope, states: ['review'] })).length,
  brake: async (db, { scope }) => (await heldItems(db)).filter((one) => scope.items === null || scope.items.includes(one.itemId)).length,
  job: (db, { roles }) => countFailing(db, roles),
  freeze: async (db, { userId }, now) =>
    (await listFreezes(db, most)).filter((one) => freezeState(one, now) === 'proposed' && one.proposedBy !== userId).length,
  undelivered: (db, { scope }) => countLost(db, scope),
};

/** What waits for somebody with these roles, within the scope: late first, then by the day the first is due. Nothing that is none. */
export const inboxOf = async (db: Db, person: Person, today: Day, now: Date): Promise<readonly Work[]> => {
  const mine = <K extends string>(kinds: Readonly<Record<K, Kind>>): readonly K[] =>
    (Object.keys(kinds) as K[]).filter((kind) => person.roles.some((role) => role === 'auditor' || kinds[kind].roles.includes(role)));
  const counted = await countInbox(db, { scope: person.scope, today, kinds: mine<InboxKind>(inboxKinds) });
  const listed = await Promise.all(
    mine<keyof typeof otherKinds>(otherKinds).map(async (kind) => ({
      kind,
      waiting: await counters[kind](db, person, now),
      fen: null,
      dueOn: null,
      late: 0,
    })),
  );
  const kinds: Readonly<Record<WorkKind, Kind>> = { ...inboxKinds, ...otherKinds };
  const order = new Map(workKinds.map((kind, i) => [kind, i]));
  return [...counted, ...listed]
    .filter((one) => one.waiting > 0)
    .map((one): Work => ({ ...one, text: kinds[one.kind].text, next: kinds[one.kind].next }))
    .toSorted((a, b) => Number(b.late > 0) - Number(a.late > 0) || (order.get(a.kind) ?? 0) - (order.get(b.kind) ?? 0));
};
