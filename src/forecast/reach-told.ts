// What was added up of a rule's reach as it is told: plain JSON, amounts as digits of 分, conditions as sentences, nobody's identity.
import type { Catalogue } from '../catalogue/catalogue.ts';
import { speakerOf } from '../policy/speaker.ts';
import { sayLeaf } from '../rule/explain.ts';
import { leavesOf } from '../rule/ready.ts';
import { askingOf as conditionsOf, openLeaves } from '../snapshot/question.ts';
import type { GroupTold } from './document.ts';
import { divisionName } from './forecast.ts';
import { type Side, type Tally, topParts } from './reach.ts';
import type { Asking } from './rowwise.ts';
import { type Spread, type SpreadTold, tellSpread } from './spread.ts';

export interface Reason {
  /** JSON pointer into the rule: a condition of the uppermost `all`, `/each` where no element of the list is meant. */
  readonly at: string;
  readonly text: string;
  readonly subjects: number;
}

/** Amounts from `fromFen` up to and with `toFen`. */
export interface Band {
  readonly fromFen: string;
  readonly toFen: string;
  readonly count: number;
  readonly totalFen: string;
}

export interface Breakdown {
  /** Whoever is surely not eligible, by the first condition that fails; conditions no column answers are asked only of those whom columns left open. */
  readonly failing: readonly Reason[];
  readonly nearMiss: {
    /** Fail exactly one condition and surely meet the others. */
    readonly subjects: number;
    /** False: conditions no column answers were asked only of those whom columns left open, so there may be more. */
    readonly exact: boolean;
    readonly conditions: readonly Reason[];
  };
  readonly byDivision: readonly GroupTold[];
  /** null: amounts were not asked for. */
  readonly amounts: SpreadTold | null;
  /** A histogram of at most twelve bands; null: amounts were not asked for. */
  readonly bands: readonly Band[] | null;
}

export interface AgainstSide {
  readonly subjects: number;
  /** Undetermined on the other side; the rest are ineligible there, by the first condition that fails. */
  readonly undetermined: number;
  readonly reasons: readonly Reason[];
}

export interface Against {
  readonly version: number;
  readonly hash: string;
  readonly periodKey: string;
  readonly gained: AgainstSide;
  readonly lost: AgainstSide;
  /** Known amounts now minus before; null: not asked for. */
  readonly deltaFen: string | null;
}

const reasonsOf = (asking: Asking, catalogue: Catalogue, counts: ReadonlyMap<string, number>): readonly Reason[] => {
  const speaker = speakerOf(asking.compiled, catalogue);
  const list = asking.compiled.each?.list;
  const texts = new Map<string, string>([
    ['/conditions', '单看各条都可能符合，合起来不符合'],
    ['/each', `${list === undefined ? '清单' : (speaker.label(list) ?? list)}中没有符合条件的一项`],
    ...topParts(asking).map(({ at, ready }): [string, string] => [
      at,
      ready.text ??
        leavesOf(ready)
          .map((leaf) => leaf.text ?? sayLeaf(leaf, speaker))
          .join(ready.kind === 'any' ? '，或' : '，且'),
    ]),
  ]);
  return [...counts].map(([at, subjects]) => ({ at, text: texts.get(at) ?? '条件', subjects })).sort((a, b) => b.subjects - a.subjects);
};

export const tellDraft = (point: Asking & Tally, catalogue: Catalogue, amounts: boolean): Breakdown => ({
  failing: reasonsOf(point, catalogue, point.failing),
  nearMiss: {
    subjects: point.near,
    exact: openLeaves(conditionsOf(point.kernel)).length === 0,
    conditions: reasonsOf(point, catalogue, point.nearBy),
  },
  byDivision: point.divisions.told().map((g) => ({ ...g, label: divisionName(g.key, catalogue) })),
  amounts: amounts ? tellSpread(point.spread) : null,
  bands: amounts ? bandsOf(point.spread) : null,
});

const tellSide = (side: Side, other: Asking, catalogue: Catalogue): AgainstSide => ({
  subjects: side.subjects,
  undetermined: side.undetermined,
  reasons: reasonsOf(other, catalogue, side.reasons),
});

export const tellAgainst = (
  draft: Asking & Tally,
  standing: Asking & { readonly version: number; readonly hash: string },
  catalogue: Catalogue,
  amounts: boolean,
): Against => ({
  version: standing.version,
  hash: standing.hash,
  periodKey: standing.period.key,
  gained: tellSide(draft.gained, standing, catalogue),
  lost: tellSide(draft.lost, draft, catalogue),
  deltaFen: amounts ? String(draft.deltaFen) : null,
});

const mostBands = 12n;

/** Each amount by itself while they are few, else bands as wide as a round figure. */
export const bandsOf = ({ values }: Pick<Spread, 'values'>): readonly Band[] => {
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  const [low, high] = [sorted[0]?.[0] ?? 0n, sorted.at(-1)?.[0] ?? 0n];
  const few = sorted.length <= Number(mostBands);
  let width = 1n;
  for (let i = 0; high / width - low / width >= mostBands; i++) width = ([1n, 2n, 5n][i % 3] as bigint) * 10n ** BigInt(Math.floor(i / 3));
  const bands = new Map<bigint, { count: number; total: bigint }>();
  for (const [fen, times] of sorted) {
    const from = few ? fen : (fen / width) * width;
    const band = bands.get(from) ?? { count: 0, total: 0n };
    bands.set(from, { count: band.count + times, total: band.total + fen * BigInt(times) });
  }
  return [...bands].map(([from, { count: n, total }]) => ({
    fromFen: String(from),
    toFen: String(few ? from : from + width - 1n),
    count: n,
    totalFen: String(total),
  }));
};
