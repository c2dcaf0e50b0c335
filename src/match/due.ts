// Whom a run has to look at again in one block, told without reading the block: by what lies over its base now and lay there then, by days that have
// passed, and by keys that links name. Where that cannot tell, null: then the block is read and compared whole (`carry.ts`).
import { toEpochDay } from '../base/day.ts';
import type { Db } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { factOf } from '../record/lookup.ts';
import { type Bitmap, bitmapFromBytes, blockRows, orInto, rowsOf } from '../snapshot/bitmap.ts';
import { markDays, markElementDays, markNaming, markTurning } from '../snapshot/diff.ts';
import { type OpenSnapshot, openSnapshot } from '../snapshot/open.ts';
import { markParts, openOver, type Parts, readParts, rowsSaying, rowsTouched } from '../snapshot/over.ts';
import { subjectColumn } from '../snapshot/snapshot.ts';
import { type Carrying, calendar, countsDays, movedSpans, type State } from './carry.ts';
import type { Frame } from './frame.ts';

interface Place {
  readonly register: string;
  readonly block: number;
}

export interface Lookout {
  /** The caller's own bitmap. */
  due(job: Carrying, state: State, parts: Parts, stood: Bitmap): Promise<Bitmap | null>;
}

const ownFacts = (compiled: CompiledItem): readonly string[] => compiled.reads.filter((r) => r.link === null).map((r) => r.fact);

/** The same columns in both: all that differs lies over them. */
const sameBase = (then: OpenSnapshot, now: OpenSnapshot, { register, block }: Place, facts: readonly string[]): boolean =>
  [subjectColumn, ...facts].every((column) => then.base(register, block, column) === now.base(register, block, column)) &&
  then.base(register, block, subjectColumn) !== '';

/** What is kept for the whole run. */
interface Seen {
  readonly db: Db;
  readonly frame: Pick<Frame, 'snapshot' | 'catalogue'>;
  readonly now: OpenSnapshot;
  readonly snapshots: Map<string, OpenSnapshot | null>;
  readonly touched: WeakMap<Parts, Map<OpenSnapshot, Bitmap>>;
  readonly keys: Map<string, ReadonlySet<string> | null>;
}

const thenOf = async ({ db, snapshots }: Seen, { snapshotId, knownAt }: State): Promise<OpenSnapshot | null> => {
  if (!snapshots.has(snapshotId)) snapshots.set(snapshotId, await openSnapshot(db, snapshotId));
  const then = snapshots.get(snapshotId) ?? null;
  return then === null || then.snapshot.knownAt !== knownAt ? null : then;
};

/** Most items of a block stand on one snapshot. */
const touchedIn = async ({ db, touched }: Seen, then: OpenSnapshot, parts: Parts): Promise<Bitmap> => {
  const known = touched.get(parts) ?? new Map<OpenSnapshot, Bitmap>();
  touched.set(parts, known);
  const found = known.get(then) ?? rowsTouched(await openOver(db, then, parts, parts.over.deltas), parts.over);
  known.set(then, found);
  return found;
};

const daysBetween = (then: OpenSnapshot, now: OpenSnapshot): readonly [after: number, until: number] => [
  toEpochDay(then.snapshot.knownAt),
  toEpochDay(now.snapshot.knownAt),
];

const markTurned = async (
  { frame, now }: Seen,
  then: OpenSnapshot,
  parts: Parts,
  facts: readonly string[],
  into: Bitmap,
): Promise<void> => {
  const [after, until] = daysBetween(then, now);
  if (after === until) return;
  const timed = facts.filter((fact) => factOf(frame.catalogue, parts.register, fact)?.timed === true);
  await parts.base.need(timed);
  for (const fact of timed) markParts(parts, fact, (column, marked) => markTurning(column, after, until, marked), into);
};

/** Whoever's day of death has come since is read on a day of their own from now on. False: it cannot be told. */
const markDying = async ({ now }: Seen, then: OpenSnapshot, parts: Parts, deathFact: string | null, into: Bitmap): Promise<boolean> => {
  const [after, until] = daysBetween(then, now);
  if (after === until || deathFact === null) return true;
  await parts.base.need([deathFact]);
  return markParts(parts, deathFact, (column, marked) => markDays(column, after, until, marked), into);
};

/** Keys of a register about whom a link may say something else than then; null: it takes the whole register to tell. */
const changedKeys = async (
  seen: Seen,
  then: OpenSnapshot,
  register: string,
  facts: readonly string[],
): Promise<ReadonlySet<string> | null> => {
  const name = `${then.snapshot.id} ${register} ${facts.join(' ')}`;
  const before = seen.keys.get(name);
  if (before !== undefined) return before;
  const found = await findKeys(seen, then, register, facts);
  seen.keys.set(name, found);
  return found;
};

const findKeys = async (
  seen: Seen,
  then: OpenSnapshot,
  register: string,
  facts: readonly string[],
): Promise<ReadonlySet<string> | null> => {
  const numbers = seen.now.blocks(register);
  if (then.blocks(register).length !== numbers.length) return null;
  const found = new Set<string>();
  for (const block of numbers) {
    const place = { register, block };
    if (!sameBase(then, seen.now, place, facts)) return null;
    const parts = await readParts(seen.db, seen.now, place);
    await parts.base.need(facts);
    const marked = rowsSaying(await openOver(seen.db, then, parts, parts.over.deltas), parts, facts);
    await markTurned(seen, then, parts, facts, marked);
    for (const row of rowsOf(marked)) {
      const at = parts.over.places.get(row);
      const key = at === undefined ? (await parts.base.subjects()).key(row) : at.delta.subjects.key(at.at);
      if (key !== null) found.add(key);
    }
  }
  return found;
};

/** False: it cannot be told. */
const markLinked = async (seen: Seen, then: OpenSnapshot, compiled: CompiledItem, parts: Parts, into: Bitmap): Promise<boolean> => {
  const linked = Map.groupBy(
    compiled.reads.filter((r) => r.link !== null),
    (r) => `${r.link}\n${r.register}`,
  );
  for (const [name, reads] of linked) {
    const [link = '', register = ''] = name.split('\n');
    const found = await changedKeys(seen, then, register, reads.map((r) => r.fact).sort());
    if (found === null) return false;
    if (found.size === 0) continue;
    await parts.base.need([link]);
    markParts(parts, link, (column, marked) => markNaming(column, found, marked), into);
  }
  return true;
};

/** Rows that the moving of an open period's days may have changed. False: it takes the whole block to tell. */
const markMoved = async ({ period, compiled }: Carrying, state: State, parts: Parts, stood: Bitmap, into: Bitmap): Promise<boolean> => {
  if (calendar(period.kind) || (period.start === state.start && period.end === state.end)) return true;
  if (period.kind === 'once') return !countsDays(compiled);
  const spans = movedSpans(compiled, period, state);
  if (spans === null || compiled.event === null) return false;
  const { list, day } = compiled.event;
  orInto(into, stood);
  await parts.base.need([list]);
  return markParts(parts, list, (column, marked) => markElementDays(column, day, spans, marked), into);
};

export const openLookout = (db: Db, frame: Pick<Frame, 'snapshot' | 'catalogue'>): Lookout => {
  const now = frame.snapshot;
  const seen: Seen = { db, frame, now, snapshots: new Map([[now.snapshot.id, now]]), touched: new WeakMap(), keys: new Map() };
  return {
    due: async (job, state, parts, stood) => {
      const then = await thenOf(seen, state);
      const { compiled } = job;
      const facts = ownFacts(compiled);
      if (then === null || state.rows < 0 || !sameBase(then, now, parts, facts)) return null;
      const into = (await touchedIn(seen, then, parts)).slice();
      orInto(into, bitmapFromBytes(state.again, blockRows));
      await markTurned(seen, then, parts, facts, into);
      if (!(await markDying(seen, then, parts, compiled.plan.deathFact, into))) return null;
      if (!(await markLinked(seen, then, compiled, parts, into))) return null;
      return (await markMoved(job, state, parts, stood, into)) ? into : null;
    },
  };
};
