// Closing: before anybody is decided, everybody of the register is asked what they bring to the item's ranks and pools, twice (columns and plain records),
// and the table that comes out is stored. Once nothing in it is open it stands for the period: a later run reads it and counts nobody again.
import { createHash } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { canonicalJson } from '../base/canonical.ts';
import { compare } from '../base/rational.ts';
import type { Failpoint } from '../db/failpoint.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type ClosedTable, closedTable, movedIn } from '../policy/closed.ts';
import { closeTable, type Entry, type Place, type ReadyClosing, type Span } from '../policy/closing.ts';
import type { SecondClosing } from '../policy/second-closing.ts';
import { ClosingsDiffer, type Counting, population, recounted } from './closing-entries.ts';
import { type ClosingKey, type Frozen, frozenFor, insertClosing, lastFrozen, lockClosing, ordinalsOf } from './closing-store.ts';
import type { PlannedItem } from './plan.ts';

export interface ClosingJob extends Omit<Counting, 'period'> {
  readonly runId: string;
  readonly planned: PlannedItem;
  /** Everybody is counted, whatever the last count still says. */
  readonly afresh?: boolean;
  readonly at: Date;
  readonly actor: string;
  readonly failpoint: Failpoint;
}

const keyOf = ({ runId, planned: { version, period } }: ClosingJob): ClosingKey => ({
  runId,
  itemId: version.item.id,
  version: version.version,
  periodKey: period.key,
});

/** The item's ranks and pools of this run. Throws ClosingsDiffer. */
export const freeze = async (db: Db, job: ClosingJob): Promise<readonly Frozen[]> => {
  const key = keyOf(job);
  const before = await frozenFor(db, key);
  if (before.length > 0) return before;
  const last = job.afresh === true ? [] : await lastFrozen(db, key.itemId, key.periodKey, null);
  const counting = { ...job, period: job.planned.period, itemHash: job.planned.version.hash };
  const made = await count(db, counting, async (closing) => await recounted(db, counting, closing, last));
  await job.failpoint('match.before-closing');
  const frozen = await transaction(db, async (tx) => {
    await lockClosing(tx);
    const meanwhile = await frozenFor(tx, key);
    if (meanwhile.length > 0) return meanwhile;
    const out: Frozen[] = [];
    for (const { table, keys } of made) {
      const hash = hashOf(table, keys);
      out.push({ id: await insertClosing(tx, key, hash, table, job.at), hash, table });
    }
    const after = { item: key.itemId, version: key.version, period: key.periodKey, tables: out.map(summaryOf) };
    await audit(tx, { actor: job.actor, role: 'system', action: 'run.close', objectKind: 'run', objectId: job.runId, after, at: job.at });
    await job.failpoint('match.before-closing-commit');
    return out;
  });
  await job.failpoint('match.after-closing');
  return await Promise.all(frozen.map((one) => since(db, job.compiled.register, one, last)));
};

/** The table with the rows it speaks otherwise of than the last one did, where these can be told. */
const since = async (db: Db, register: string, now: Frozen, tables: readonly Frozen[]): Promise<Frozen> => {
  const last = tables.find(({ table }) => table.fact === now.table.fact);
  const moved = last === undefined ? null : movedIn(last.table, now.table);
  if (last === undefined || moved === null) return now;
  const ordinals = await ordinalsOf(db, register, moved);
  if (ordinals.size < moved.length) return now;
  return { ...now, since: { hash: last.hash, moved: [...ordinals.values()] } };
};

/** Every table of the item in order; the second way of counting needs the frame's records. `known`: what was counted before and still stands. */
const count = async (
  db: Db,
  job: Counting,
  known: (closing: ReadyClosing) => Promise<readonly Entry[] | null>,
): Promise<readonly Made[]> => {
  const made: Made[] = [];
  for (const closing of job.compiled.closings) {
    const tables = made.map((m) => m.table);
    const entries = (await known(closing)) ?? (await population(db, job, closing, tables));
    const table = closeTable(entries, closing);
    if (job.second !== null) countAgain(job, job.second, closing, entries, table.places);
    made.push({ table: closedTable(closing.name, table), keys: new Map(entries.map((e) => [e.subjectId, e.key])) });
  }
  return made;
};

/** What a closing run would freeze, for forecasts and shadow runs: nothing is stored, nothing is held against the plain path. */
export const countTables = async (db: Db, job: Omit<Counting, 'second'>): Promise<readonly Frozen[]> =>
  (await count(db, { ...job, second: null }, async () => null)).map(({ table, keys }) => ({ id: '', hash: hashOf(table, keys), table }));

interface Made {
  readonly table: ClosedTable;
  readonly keys: ReadonlyMap<string, string>;
}

const summaryOf = ({ hash, table: { fact, members, possible, total, exact } }: Frozen) => ({ fact, hash, members, possible, total, exact });

/** Rows in the order of the subjects' own keys, so that the same data give the same hash in every database. */
const hashOf = (table: ClosedTable, keys: Made['keys']): string => {
  const { rows, ...totals } = table;
  const hash = createHash('sha256').update(canonicalJson(totals));
  const ordered = [...rows].map(([id, row]) => [keys.get(id) ?? '', row] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [key, row] of ordered) hash.update(`\n${key}\n${canonicalJson(row)}`);
  return hash.digest('hex');
};

/** Counting one place by hand looks at everybody: all of a small population, a fixed sample of a large one. */
const countedRows = 500;

const sameSpan = (a: Span | null, b: Span | null): boolean => {
  if (a === null || b === null) return a === b;
  const end = (x: Span['low'], y: Span['low']): boolean => (x === null || y === null ? x === y : compare(x, y) === 0);
  return end(a.low, b.low) && end(a.high, b.high);
};

/** A share by largest remainder is one of two neighbouring 分; everything else must come out the same. */
const within = (gives: Span | null, counted: Span | null, share: boolean): boolean => {
  if (!share || gives === null || counted === null) return sameSpan(gives, counted);
  return [gives.low, gives.high].every(
    (n) => n !== null && counted.low !== null && counted.high !== null && compare(counted.low, n) <= 0 && compare(n, counted.high) <= 0,
  );
};

const countAgain = (
  job: Counting,
  second: SecondClosing,
  closing: ReadyClosing,
  entries: readonly Entry[],
  places: readonly Place[],
): void => {
  const every = Math.max(1, Math.floor(places.length / countedRows));
  const share = closing.kind === 'pool' && closing.pool.give === 'share';
  for (let i = 0; i < places.length; i += every) {
    const { entry, gives } = places[i] as Place;
    const counted = second.place(job.compiled, closing.name, entries, entry);
    const open = gives !== null && gives.low === null && gives.high === null;
    const same = counted === undefined ? share || open : within(gives, counted, share);
    if (!same) throw new ClosingsDiffer(entry.subjectId, closing.name, job.period.key);
  }
};
