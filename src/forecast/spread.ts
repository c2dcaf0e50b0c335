// How amounts spread: exact in 分, by value, so that a million equal awards are one entry. Pure.
import type { Worth } from './survey.ts';

/** Amounts with how often each occurs; what is not known exactly is kept apart and never mixed into a sum. */
export interface Spread {
  readonly values: Map<bigint, number>;
  bounded: { count: number; fromFen: bigint; toFen: bigint };
  unknown: number;
}

export const openSpread = (): Spread => ({ values: new Map(), bounded: { count: 0, fromFen: 0n, toFen: 0n }, unknown: 0 });

export const addWorth = (spread: Spread, worth: Worth): void => {
  if (worth.state === 'known') spread.values.set(worth.fen, (spread.values.get(worth.fen) ?? 0) + 1);
  else if (worth.state === 'unknown') spread.unknown++;
  else {
    const { bounded } = spread;
    spread.bounded = { count: bounded.count + 1, fromFen: bounded.fromFen + worth.fromFen, toFen: bounded.toFen + worth.toFen };
  }
};

export const totalOf = (spread: Spread): bigint => [...spread.values].reduce((sum, [fen, count]) => sum + fen * BigInt(count), 0n);
export const countIn = (spread: Spread): number => [...spread.values.values()].reduce((sum, count) => sum + count, 0);

/** All amounts are decimal digits of 分. Quantiles are values that occur (nearest rank), never averages of two. */
export interface SpreadTold {
  /** Awards with a known amount. */
  readonly count: number;
  readonly totalFen: string;
  readonly minFen: string | null;
  readonly p10Fen: string | null;
  readonly p25Fen: string | null;
  readonly medianFen: string | null;
  readonly p75Fen: string | null;
  readonly p90Fen: string | null;
  readonly maxFen: string | null;
  /** Awards known only within bounds, and the sums of both ends. */
  readonly bounded: { readonly count: number; readonly fromFen: string; readonly toFen: string };
  readonly unknown: number;
  /** The commonest amounts, most first; at most twenty. */
  readonly commonest: readonly { readonly fen: string; readonly count: number }[];
}

export const tellSpread = (spread: Spread): SpreadTold => {
  const sorted = [...spread.values].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const count = countIn(spread);
  const at = (share: number): string | null => {
    // Per mille, so that the rank is whole-number arithmetic: the k-th smallest with k = ⌈share × count⌉.
    const rank = Math.max(1, Math.ceil((share * count) / 1000));
    let seen = 0;
    for (const [fen, times] of sorted) {
      seen += times;
      if (seen >= rank) return String(fen);
    }
    return null;
  };
  const commonest = [...sorted].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 20);
  return {
    count,
    totalFen: String(totalOf(spread)),
    minFen: at(0),
    p10Fen: at(100),
    p25Fen: at(250),
    medianFen: at(500),
    p75Fen: at(750),
    p90Fen: at(900),
    maxFen: at(1000),
    bounded: { count: spread.bounded.count, fromFen: String(spread.bounded.fromFen), toFen: String(spread.bounded.toFen) },
    unknown: spread.unknown,
    commonest: commonest.map(([fen, times]) => ({ fen: String(fen), count: times })),
  };
};

/** Counts and money by the name of a group. */
export class Groups {
  readonly #groups = new Map<string, { subjects: number; spread: Spread }>();

  add(name: string, worths: readonly Worth[]): void {
    const group = this.#groups.get(name) ?? { subjects: 0, spread: openSpread() };
    this.#groups.set(name, group);
    group.subjects++;
    for (const worth of worths) addWorth(group.spread, worth);
  }

  /** By name; with amounts not known exactly counted apart. */
  told(): readonly { readonly key: string; readonly subjects: number; readonly totalFen: string; readonly open: number }[] {
    return [...this.#groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { subjects, spread }]) => ({
        key,
        subjects,
        totalFen: String(totalOf(spread)),
        open: spread.bounded.count + spread.unknown,
      }));
  }
}
