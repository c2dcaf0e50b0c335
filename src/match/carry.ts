// What a block's last result still says: whoever's facts have not changed since, and whose verdict the days passed cannot have changed, is not decided
// again. Only of the same version, catalogue, evaluator and period; anything else is decided from the ground up. Carrying never guesses: where it cannot be
// told who may have changed, everybody has.
import { createHash } from 'node:crypto';
import { type Day, toEpochDay } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Tx } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import type { Item } from '../policy/item.ts';
import {
  andInto,
  andNotInto,
  type Bitmap,
  bitmapFromBytes,
  bitmapToBytes,
  blockRows,
  clearBit,
  emptyBitmap,
  hasBit,
  orInto,
  rowsOf,
  setBit,
} from '../snapshot/bitmap.ts';
import { markElementDays } from '../snapshot/diff.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { type Packable, pack, unpack } from '../snapshot/pack.ts';
import { squeezed, unsqueezed } from '../snapshot/squeeze.ts';
import { type ChunkJob, readsLedger } from './batch.ts';
import { type Due, openTally, type Tally } from './examine.ts';
import { evaluator } from './match.ts';
import { readPrevious } from './run-store.ts';

/** What of a chunk's result only the next run needs; beside the bitmaps of who is eligible and undetermined. */
export interface State {
  /** Everything that has to be the same, as one hash. */
  readonly basis: string;
  readonly snapshotId: string;
  readonly knownAt: Day;
  readonly start: Day | null;
  readonly end: Day;
  readonly ledgerCut: string;
  /** Rows that were decided one by one. */
  readonly candidates: Uint8Array;
  /** Rows the next run decides whatever it finds changed. */
  readonly again: Uint8Array;
  /** Rows of the block, each with a subject; -1 where some have none. */
  readonly rows: number;
  /** 分 of the eligible rows that have any, by row. */
  readonly paidRows: Uint16Array;
  readonly amounts: BigInt64Array;
  readonly missing: readonly { readonly fact: string; readonly dataset: string; readonly reason: string; readonly rows: Uint8Array }[];
}

export const calendar = (kind: ChunkJob['period']['kind']): boolean => kind !== 'once' && kind !== 'per-event';

/** What has to be known of an item and a period to tell whether a last result may be built on. */
export type Carrying = Pick<ChunkJob, 'compiled' | 'period' | 'itemHash' | 'frame' | 'closed' | 'ledgerCut' | 'longer'>;

/** null: a result nobody may build on, because a person's decision lengthened a limit for some. */
export const basisOf = (job: Carrying): string | null =>
  basisWith(
    job,
    job.closed.map((c) => c.hash),
  );

/** The basis of what was decided with the tables frozen before these; null: there are none, or who was given something else since cannot be told. */
export const basisBefore = (job: Carrying): string | null => {
  const hashes = job.closed.flatMap((c) => c.since?.hash ?? []);
  return hashes.length === 0 || hashes.length < job.closed.length ? null : basisWith(job, hashes);
};

const basisWith = (job: Carrying, closed: readonly string[]): string | null => {
  if (job.longer !== undefined) return null;
  const { period } = job;
  const fixed = calendar(period.kind) ? [period.start, period.end] : [];
  const named = [evaluator, job.itemHash, job.frame.catalogue.hash, period.kind, period.key, fixed, closed];
  return createHash('sha256').update(JSON.stringify(named)).digest('hex');
};

/** As stored; null: the next run decides everybody again. `rows`: of the whole block, each with a subject, else -1. */
export const stateOf = (
  job: ChunkJob,
  tally: Tally,
  { candidates, again, rows }: { readonly candidates: Bitmap; readonly again: Bitmap; readonly rows: number },
): Uint8Array | null => {
  const basis = basisOf(job);
  if (basis === null) return null;
  const paid = [...tally.amounts].filter(([, fen]) => fen !== 0n).sort(([a], [b]) => a - b);
  const { period, frame } = job;
  const state: State = {
    basis,
    snapshotId: frame.snapshot.snapshot.id,
    knownAt: period.knownAt,
    start: period.start,
    end: period.end,
    ledgerCut: String(job.ledgerCut),
    candidates: bitmapToBytes(candidates),
    again: bitmapToBytes(again),
    rows,
    paidRows: Uint16Array.from(paid, ([row]) => row),
    amounts: BigInt64Array.from(paid, ([, fen]) => fen),
    missing: [...tally.missing.values()].map(({ rows, ...name }) => ({ ...name, rows: bitmapToBytes(rows) })),
  };
  return packed(state);
};

export interface Carried {
  /** What the last result said, of everybody until `due` has taken out whom the run decides again. */
  readonly tally: Tally;
  readonly due: Due;
}

/** null: everybody is decided. */
export const carry = async (tx: Tx, job: ChunkJob): Promise<Carried | null> => {
  const basis = basisOf(job);
  const previous = basis === null ? null : await readPrevious(tx, job.key);
  if (previous === null || previous.void || previous.periodKey !== job.key.periodKey || previous.state === null) return null;
  const state = openState(previous.state);
  if (state.basis !== basis || !mayBeHeldAgainst(job, state)) return null;
  const { block } = await job.frame.block(job.key.register, job.key.block);
  const changed = await job.frame.changes.rows(state, job.compiled, block);
  if (changed === null) return null;
  const before = {
    eligible: bitmapFromBytes(previous.eligible, blockRows),
    undetermined: bitmapFromBytes(previous.undetermined, blockRows),
  };
  const tally = tallyOf(state, before);
  const due: Due = (candidates, stood) => {
    const rows = changed.slice();
    if (!markMoved(job, state, { block, candidates, stood, eligible: before.eligible }, rows)) rows.set(candidates);
    const fresh = candidates.slice();
    andNotInto(fresh, bitmapFromBytes(state.candidates, block.rows));
    orInto(rows, fresh);
    const again = rows.slice();
    andInto(again, candidates);
    for (const row of rowsOf(again)) takeOut(tally, row);
    return { again, changed };
  };
  return { tally, due };
};

/** What was stored before a field came to be says the careful thing of it. */
export const openState = (stored: Uint8Array): State => {
  const state = unpack<Omit<State, 'again' | 'rows'> & Partial<State>>(unsqueezed(stored));
  return { ...state, again: state.again ?? new Uint8Array(), rows: state.rows ?? -1 };
};

/** The stored state without some rows: whatever changes or not, the next run decides them. */
export const forgetRows = (stored: Uint8Array, rows: readonly number[]): Uint8Array => {
  const state = openState(stored);
  const gone = emptyBitmap(blockRows);
  for (const row of rows) setBit(gone, row);
  const without = (bytes: Uint8Array): Uint8Array => {
    const bits = bitmapFromBytes(bytes, blockRows);
    andNotInto(bits, gone);
    return bitmapToBytes(bits);
  };
  const again = bitmapFromBytes(state.again, blockRows);
  orInto(again, gone);
  const kept = [...state.paidRows.keys()].filter((i) => !hasBit(gone, state.paidRows[i] as number));
  return packed({
    ...state,
    candidates: without(state.candidates),
    again: bitmapToBytes(again),
    paidRows: Uint16Array.from(kept, (i) => state.paidRows[i] as number),
    amounts: BigInt64Array.from(kept, (i) => state.amounts[i] as bigint),
    missing: state.missing.map((one) => ({ ...one, rows: without(one.rows) })),
  });
};

const packed = (state: State): Uint8Array => squeezed(pack(state as unknown as Packable));

export const tallyOf = (state: State, before: Pick<Tally, 'eligible' | 'undetermined'>): Tally => {
  const tally = openTally(blockRows);
  tally.eligible.set(before.eligible);
  tally.undetermined.set(before.undetermined);
  state.paidRows.forEach((row, i) => {
    tally.amounts.set(row, state.amounts[i] as bigint);
  });
  for (const { rows, ...name } of state.missing)
    tally.missing.set(`${name.fact}\n${name.dataset}\n${name.reason}`, { ...name, rows: bitmapFromBytes(rows, blockRows) });
  return tally;
};

export const takeOut = (tally: Tally, row: number): void => {
  clearBit(tally.eligible, row);
  clearBit(tally.undetermined, row);
  tally.amounts.delete(row);
  for (const { rows } of tally.missing.values()) clearBit(rows, row);
};

/** Days on which something turns for everybody at once, or money that came in between, leave nothing to build on. */
export const mayBeHeldAgainst = (job: Carrying, state: State): boolean => {
  const { knownAt } = job.period;
  if (state.knownAt > knownAt) return false;
  if (state.ledgerCut !== String(job.ledgerCut) && readsLedger(job.compiled)) return false;
  const turns = (day: Day | null | undefined): boolean => day != null && state.knownAt < day && day <= knownAt;
  return ![...turningDays(job.frame.catalogue), ...itemDays(job.compiled)].some(turns);
};

const catalogueDays = new WeakMap<Catalogue, readonly Day[]>();
/** Where a parameter or a node of a tree begins or ends. */
const turningDays = (catalogue: Catalogue): readonly Day[] => {
  let days = catalogueDays.get(catalogue);
  if (days === undefined) {
    const spans = [...catalogue.parameters.flatMap((p) => p.values), ...catalogue.trees.flatMap((t) => t.nodes)];
    days = [...new Set(spans.flatMap(({ from, to }) => [from, to]).filter((d): d is Day => d != null))];
    catalogueDays.set(catalogue, days);
  }
  return days;
};

/** Where one version hands over to another. */
const itemDays = (compiled: CompiledItem): readonly (Day | null | undefined)[] => {
  const { effective, before } = compiled.item;
  return [effective.from, effective.to, before?.until, ...(compiled.before === undefined ? [] : itemDays(compiled.before))];
};

const itemsThatCount = new WeakMap<CompiledItem, boolean>();
/** Whether anything but the reading of dated facts may depend on the period's own days; asking in vain only costs time. */
export const countsDays = (compiled: CompiledItem): boolean => {
  let counts = itemsThatCount.get(compiled);
  if (counts === undefined) {
    const { examples: _, period: __, ...said } = compiled.item as Item & { readonly examples?: unknown };
    const text = JSON.stringify(said).replaceAll(/"(once|per|checkAt)":"period"/g, '');
    counts = /period|withinLast|olderThan/.test(text);
    itemsThatCount.set(compiled, counts);
  }
  return counts;
};

/** Rows that the moving of an open period's days may have changed. False: it cannot be told. */
const markMoved = (
  { period, compiled }: ChunkJob,
  state: State,
  { block, candidates, stood, eligible }: { block: OpenBlock; candidates: Bitmap; stood: Bitmap; eligible: Bitmap },
  into: Bitmap,
): boolean => {
  if (calendar(period.kind) || (period.start === state.start && period.end === state.end)) return true;
  if (period.kind === 'once') {
    // Whoever has a match stays with the period it was decided for; everybody else's ends with the day.
    if (!countsDays(compiled)) return true;
    const open = candidates.slice();
    andNotInto(open, eligible);
    orInto(into, open);
    return true;
  }
  orInto(into, stood);
  const spans = movedSpans(compiled, period, state);
  if (spans === null || compiled.event === null) return false;
  return markElementDays(block.column(compiled.event.list), compiled.event.day, spans, into);
};

/** Days that a window of events holds now and did not hold then, or the other way round; null: it cannot be told. */
export const movedSpans = (
  compiled: CompiledItem,
  period: ChunkJob['period'],
  state: Pick<State, 'start' | 'end'>,
): readonly (readonly [first: number, last: number])[] | null => {
  if (compiled.before !== undefined || compiled.event === null) return null;
  const last = toEpochDay(state.end);
  const spans: (readonly [number, number])[] = [[Math.min(last, toEpochDay(period.end)) + 1, Math.max(last, toEpochDay(period.end))]];
  if (period.start !== state.start) {
    if (period.start === null || state.start === null) return null;
    const [a, b] = [toEpochDay(state.start), toEpochDay(period.start)];
    spans.push([Math.min(a, b), Math.max(a, b) - 1]);
  }
  return spans;
};
