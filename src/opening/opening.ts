// Holding today's payee list against what an item would decide, before it goes live: 体检, then 上线. Shapes and pure functions; nothing here pays or
// tells anybody. Money in 分.
import type { Day } from '../base/day.ts';
import type { DecisionPeriod, Verdict } from '../rule/facts.ts';

/** both 金额一致 · differs 金额不同 · listed 只在名单上 · entitled 应享未享 (not on the list) · stranger 查无此人. */
export type Standing = 'both' | 'differs' | 'listed' | 'entitled' | 'stranger';

export const standingNames: Readonly<Record<Standing, string>> = {
  both: '一致',
  differs: '金额不同',
  listed: '只在名单上',
  entitled: '应享未享',
  stranger: '库里查无此人',
};

/** What else is wrong with a payee of the list, whatever the rule says. */
export type Flag = 'dead' | 'moved' | 'shared-account' | 'twice' | 'other-name';

export const flagNames: Readonly<Record<Flag, string>> = {
  dead: '已登记死亡',
  moved: '已迁出本地',
  'shared-account': '与他人共用账户',
  twice: '在名单上出现多次',
  'other-name': '姓名与登记不符',
};

/** One line of a payee list, as read. */
export interface Payee {
  readonly line: number;
  /** Identity number or credit code, normalised. */
  readonly key: string;
  readonly name: string | null;
  /** null: the list tells no amount. */
  readonly amountFen: bigint | null;
  readonly account: string | null;
  readonly village: string | null;
}

export interface ComparedRow {
  /** Line in the list; those not on it count down from -1. */
  readonly line: number;
  readonly subjectId: string | null;
  readonly ordinal: number | null;
  readonly name: string | null;
  /** Whole; reports show it masked. */
  readonly key: string;
  readonly division: string | null;
  readonly village: string | null;
  readonly standing: Standing;
  readonly verdict: Verdict | null;
  readonly listedFen: bigint | null;
  readonly ourFen: bigint | null;
  readonly flags: readonly Flag[];
  /** Chinese: why not, or what is missing. */
  readonly reasons: readonly string[];
  /** JSON of the decision's lines, and its digest; null where nothing was decided. */
  readonly digest: string | null;
  readonly lines: string | null;
}

export interface Compared {
  readonly itemId: string;
  readonly version: number;
  readonly itemHash: string;
  readonly register: string;
  readonly period: DecisionPeriod;
  readonly snapshotId: string;
  readonly knownAt: Day;
  readonly ledgerCut: bigint;
  readonly rows: readonly ComparedRow[];
}

export interface Figures {
  readonly people: number;
  readonly listedFen: bigint;
  readonly ourFen: bigint;
}

const nothing: Figures = { people: 0, listedFen: 0n, ourFen: 0n };

const add = (sum: Figures, row: ComparedRow): Figures => ({
  people: sum.people + 1,
  listedFen: sum.listedFen + (row.listedFen ?? 0n),
  ourFen: sum.ourFen + (row.ourFen ?? 0n),
});

/** Sums per standing; standings nobody has are absent. */
export const figuresOf = (rows: readonly ComparedRow[]): ReadonlyMap<Standing, Figures> => {
  const sums = new Map<Standing, Figures>();
  for (const row of rows) sums.set(row.standing, add(sums.get(row.standing) ?? nothing, row));
  return sums;
};

/** How many carry each flag. */
export const flagsOf = (rows: readonly ComparedRow[]): ReadonlyMap<Flag, number> => {
  const counts = new Map<Flag, number>();
  for (const row of rows) for (const flag of row.flags) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  return counts;
};

/** The village of the list, else the division of the register; rows of one are compared by the people of that place. */
export const villageOf = (row: ComparedRow, divisionName: (code: string) => string | null): string =>
  row.village ?? (row.division === null ? '（未登记区划）' : (divisionName(row.division) ?? row.division));

/** Accounts several payees of the list share, and keys that stand on it more than once. */
export const repeated = (payees: readonly Payee[]): { readonly accounts: ReadonlySet<string>; readonly keys: ReadonlySet<string> } => {
  const holders = new Map<string, Set<string>>();
  const seen = new Map<string, number>();
  for (const { account, key } of payees) {
    if (account !== null) holders.set(account, (holders.get(account) ?? new Set()).add(key));
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return {
    accounts: new Set([...holders].filter(([, keys]) => keys.size > 1).map(([account]) => account)),
    keys: new Set([...seen].filter(([, times]) => times > 1).map(([key]) => key)),
  };
};

/** Width, case and blanks do not make another name; `·` is written in several ways. */
export const sameName = (a: string, b: string): boolean => plainName(a) === plainName(b);
const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/[\s\u200b]/g, '')
    .replaceAll(/[·•・‧∙⋅．.]/g, '·')
    .toUpperCase();
