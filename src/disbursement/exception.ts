// What the machine may do against somebody, as data: each with the reason in law, the item's own terms, and the way back. Pure.
import type { State } from './states.ts';

/** Where something is taken from somebody, or kept from them for the time being. */
export const takesAway: readonly State[] = ['waived', 'paused', 'closed'];

/** What the machine may do against somebody all the same: why the law lets it, which of the item's own data say when, how it is undone. */
export interface Exception {
  readonly to: State;
  readonly from: readonly State[];
  readonly why: string;
  /** The item's data that hold the term and the clause; null: nothing runs out here. */
  readonly terms: readonly ('confirm' | 'ask' | 'apply' | 'waived' | 'certify')[] | null;
  /** The way back, or who stands behind it. */
  readonly back: string;
}

/** Everything else that refuses, stops or takes back is a named person's (个人信息保护法第二十四条); `requireEdge` keeps it so. */
export const exceptions: readonly Exception[] = [
  {
    to: 'waived',
    from: ['applying', 'asking', 'named', 'confirming'],
    why: '文件规定的期限内没有办，视同放弃：期限从告知送达起算，先有三次提醒。',
    terms: ['confirm', 'ask', 'apply', 'waived'],
    back: '期满前本人随时可以撤回，钱一直留着。',
  },
  {
    to: 'paused',
    from: ['ready'],
    why: '文件规定的资格认证逾期没有办，且告知已经送达：只是不进批次，待遇不停，各期照样核定。',
    terms: ['certify'],
    back: '认证后恢复，暂停的各期补发，每期一次。',
  },
  {
    to: 'closed',
    from: ['waived'],
    why: '放弃期满，没有撤回。',
    terms: ['waived'],
    back: '异议成立的重新核定、补发。',
  },
  {
    to: 'closed',
    from: [
      'prefilled',
      'applying',
      'asking',
      'named',
      'reviewing',
      'notified',
      'confirming',
      'publicity',
      'objected',
      'ready',
      'paused',
      'deceased',
      'returned',
    ],
    why: '这一笔依据的核定已由新的核定代替，或已由人撤回：记录跟着关闭，本身不作决定。停发另有一条记录，由人审核后才告知。',
    terms: null,
    back: '核定恢复的重新预填；不符的可以异议，成立的补发。',
  },
];
