// Whom one rule reaches in one block, and what is added up of it: verdicts as sets of rows, where people fail, who lacks one condition only, amounts, divisions,
// and the difference to the version in force.
import { setImmediate } from 'node:timers/promises';
import { withoutAny } from '../match/rule-out.ts';
import type { Ready } from '../rule/ready.ts';
import { andInto, andNotInto, type Bitmap, countBits, eachBit, emptyBitmap, orInto, rowsOf, setBit } from '../snapshot/bitmap.ts';
import type { Pair } from '../snapshot/bits.ts';
import type { Hot, Place } from '../snapshot/hot.ts';
import type { Kernel, KernelItem, Opened } from '../snapshot/kernel.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { askingOf as conditionsOf, openLeaves } from '../snapshot/question.ts';
import { type Asking, rowwise, settledBy } from './rowwise.ts';
import { addWorth, Groups, openSpread, type Spread } from './spread.ts';

export interface Side {
  subjects: number;
  undetermined: number;
  /** By the first condition that fails, in the order they are written. */
  readonly reasons: Map<string, number>;
}
const openSide = (): Side => ({ subjects: 0, undetermined: 0, reasons: new Map() });

/** What is added up over the blocks. */
export interface Tally {
  subjects: number;
  eligible: number;
  undetermined: number;
  amountFen: bigint;
  open: number;
  readonly spread: Spread;
  readonly divisions: Groups;
  readonly failing: Map<string, number>;
  near: number;
  readonly nearBy: Map<string, number>;
  readonly gained: Side;
  readonly lost: Side;
  deltaFen: bigint;
}

export const openTally = (): Tally => ({
  subjects: 0,
  eligible: 0,
  undetermined: 0,
  amountFen: 0n,
  open: 0,
  spread: openSpread(),
  divisions: new Groups(),
  failing: new Map(),
  near: 0,
  nearBy: new Map(),
  gained: openSide(),
  lost: openSide(),
  deltaFen: 0n,
});

export interface Answered {
  readonly eligible: Bitmap;
  readonly undetermined: Bitmap;
  /** What was found of conditions no column answers. */
  readonly opened: Opened;
  /** 分 by row where amounts were asked for; null: not known exactly. */
  readonly fen: ReadonlyMap<number, bigint | null>;
}

interface Ground {
  readonly hot: Hot;
  readonly place: Place;
  readonly block: OpenBlock;
  readonly kernel: Kernel;
}

/** Rows worked out before whoever else asks has a turn. */
const turnRows = 2000;

const inTurns = async (rows: readonly number[], take: (row: number) => void): Promise<void> => {
  for (const [i, row] of rows.entries()) {
    if (i % turnRows === turnRows - 1) await setImmediate();
    take(row);
  }
};

export const answerBlock = async (
  { hot, place, block, kernel }: Ground,
  point: Asking & Tally,
  how: { readonly amounts: boolean; readonly keep: boolean },
): Promise<Answered> => {
  const rows = rowwise(hot, place, block, point, how.keep);
  const opened = new Map<ReturnType<typeof openLeaves>[number], Pair<Bitmap>>();
  let pair = kernel.match(point.kernel);
  // One open condition after the other: each is asked only of those whom the ones before have left open.
  for (const leaf of openLeaves(conditionsOf(point.kernel))) {
    opened.set(leaf, rows.truths(leaf, rowsOf(doubtfulIn(pair, kernel.doubtful(point.kernel, opened)))));
    await setImmediate();
    pair = kernel.match(point.kernel, opened);
  }
  // Whoever died within the period is read on a day of their own.
  await inTurns(rowsOf(doubtfulIn(pair, kernel.doubtful(point.kernel, opened))), (row) => {
    const truth = rows.truth(row);
    if (truth === true) setBit(pair.surely, row);
    else if (truth === false) clearBit(pair.possibly, row);
  });
  const fen = new Map<number, bigint | null>();
  const undetermined = pair.possibly.slice();
  andNotInto(undetermined, pair.surely);
  const eligible = pair.surely.slice();
  if (!settledBy(point.compiled)) await decideBeyond(point, block, { eligible, undetermined }, rows);
  if (how.amounts) await inTurns(rowsOf(eligible), (row) => void fen.set(row, rows.outcome(row, true).fen));
  point.eligible += countBits(eligible);
  point.undetermined += countBits(undetermined);
  for (const one of fen.values()) {
    if (one === null) point.open++;
    else point.amountFen += one;
  }
  return { eligible, undetermined, opened, fen };
};

const clearBit = (bits: Bitmap, row: number): void => {
  bits[row >>> 5] = (bits[row >>> 5] as number) & ~(1 << (row & 31));
};

const doubtfulIn = ({ surely, possibly }: Pair<Bitmap>, doubtful: Bitmap): Bitmap => {
  andNotInto(doubtful, surely);
  andInto(doubtful, possibly);
  return doubtful;
};

/** Beyond the conditions a list or a claimed object may say no. */
const decideBeyond = async (
  { compiled, catalogue }: Asking,
  block: OpenBlock,
  { eligible, undetermined }: Pick<Answered, 'eligible' | 'undetermined'>,
  rows: ReturnType<typeof rowwise>,
): Promise<void> => {
  if (compiled.each !== null) {
    const nobody = withoutAny({ compiled, frame: { catalogue } }, block, compiled.each.list);
    andNotInto(eligible, nobody);
    andNotInto(undetermined, nobody);
  }
  for (const [set, truth] of [
    [eligible.slice(), true],
    [undetermined.slice(), null],
  ] as const)
    await inTurns(rowsOf(set), (row) => {
      const { verdict } = rows.outcome(row, truth);
      clearBit(eligible, row);
      clearBit(undetermined, row);
      if (verdict === 'eligible') setBit(eligible, row);
      if (verdict === 'undetermined') setBit(undetermined, row);
    });
};

// ── where people fail, who is near ──────────────────────────────────────────────────────────────────────────────────

interface Part {
  readonly at: string;
  readonly ready: Ready;
  readonly item: KernelItem;
}

const partsOf = new WeakMap<Asking, readonly Part[]>();

/** The conditions that must all hold, in the order they are written. */
export const topParts = (asking: Asking): readonly Part[] => {
  let parts = partsOf.get(asking);
  if (parts === undefined) {
    const { match } = asking.compiled;
    const all = match.kind === 'all' ? match.children : [match];
    parts = all.map((ready) => ({ at: ready.at, ready, item: { ...asking.kernel, conditions: ready } }));
    partsOf.set(asking, parts);
  }
  return parts;
};

const count = (counts: Map<string, number>, name: string, n: number): void => {
  if (n > 0) counts.set(name, (counts.get(name) ?? 0) + n);
};

/** Of these rows, by the first condition that fails; what no condition fails fails beyond them. */
const firstFailing = (asking: Asking, kernel: Kernel, opened: Opened, among: Bitmap, into: Map<string, number>): void => {
  const left = among.slice();
  for (const { at, item } of topParts(asking)) {
    const { possibly } = kernel.match(item, opened);
    const failed = left.slice();
    andNotInto(failed, possibly);
    count(into, at, countBits(failed));
    andInto(left, possibly);
  }
  count(into, asking.compiled.each === null ? '/conditions' : '/each', countBits(left));
};

/** Rows that fail exactly one condition and surely meet all others. */
const takeNear = (point: Asking & Tally, block: OpenBlock, kernel: Kernel, opened: Opened): void => {
  const [none, one] = [block.present.slice(), emptyBitmap(block.rows)];
  const failed = topParts(point).map(({ at, item }) => {
    const { surely, possibly } = kernel.match(item, opened);
    const fails = block.present.slice();
    andNotInto(fails, possibly);
    andInto(one, surely);
    const first = none.slice();
    andInto(first, fails);
    orInto(one, first);
    andInto(none, surely);
    return { at, fails };
  });
  point.near += countBits(one);
  for (const { at, fails } of failed) {
    andInto(fails, one);
    count(point.nearBy, at, countBits(fails));
  }
};

export const takeDraft = (point: Asking & Tally, block: OpenBlock, kernel: Kernel, found: Answered): void => {
  const failing = block.present.slice();
  andNotInto(failing, found.eligible);
  andNotInto(failing, found.undetermined);
  firstFailing(point, kernel, found.opened, failing, point.failing);
  takeNear(point, block, kernel, found.opened);
  eachBit(found.eligible, (row) => {
    const fen = found.fen.get(row);
    const worths = fen === undefined ? [] : [fen === null ? ({ state: 'unknown' } as const) : ({ state: 'known', fen } as const)];
    point.divisions.add(block.subjects.division(row)?.slice(0, 6) ?? '', worths);
    for (const worth of worths) addWorth(point.spread, worth);
  });
};

export const takeAgainst = (
  draft: Asking & Tally,
  standing: Asking,
  { kernel }: Pick<Ground, 'block' | 'kernel'>,
  now: Answered,
  before: Answered,
): void => {
  const side = (into: Side, is: Answered, was: Answered, other: Asking): void => {
    const moved = is.eligible.slice();
    andNotInto(moved, was.eligible);
    const open = moved.slice();
    andInto(open, was.undetermined);
    into.subjects += countBits(moved);
    into.undetermined += countBits(open);
    andNotInto(moved, open);
    firstFailing(other, kernel, was.opened, moved, into.reasons);
  };
  side(draft.gained, now, before, standing);
  side(draft.lost, before, now, draft);
  for (const fen of now.fen.values()) draft.deltaFen += fen ?? 0n;
  for (const fen of before.fen.values()) draft.deltaFen -= fen ?? 0n;
};
