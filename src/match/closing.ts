// Closing: before anybody is decided, everybody of the register is asked what they bring to the item's ranks and pools, twice (columns and plain records),
// and the table that comes out is stored. Once nothing in it is open it stands for the period: a later run reads it and counts nobody again.
import { createHash } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { canonicalJson } from '../base/canonical.ts';
import { compare } from '../base/rational.ts';
import type { Failpoint } from '../db/failpoint.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type ClosedTable, closedTable, withClosed } from '../policy/closed.ts';
import { closeTable, type Entry, entryOf, type Place, type ReadyClosing, type Span } from '../policy/closing.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { type SecondClosing, sameEntry } from '../policy/second-closing.ts';
import { recordSource } from '../record/source.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { type Bitmap, emptyBitmap, hasBit, rowsOf } from '../snapshot/bitmap.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { kernelItem, openBatch, paidBesides } from './batch.ts';
import { type ClosingKey, type Frozen, frozenFor, insertClosing, lockClosing } from './closing-store.ts';
import { type Frame, linkedKey } from './frame.ts';
import type { PlannedItem } from './plan.ts';
import { columnSource } from './source.ts';

/** What counting a population takes. */
export interface Counting {
  readonly compiled: CompiledItem;
  readonly period: DecisionPeriod;
  readonly frame: Frame;
  readonly ledgerCut: bigint;
  /** Everything is counted twice, this being the other way; null: once, and nothing is kept. */
  readonly second: SecondClosing | null;
}

export interface ClosingJob extends Omit<Counting, 'period'> {
  readonly runId: string;
  readonly planned: PlannedItem;
  readonly at: Date;
  readonly actor: string;
  readonly failpoint: Failpoint;
}

/** The two ways of counting disagree: a bug of ours, and the item stops before anybody is decided. */
export class ClosingsDiffer extends Error {
  readonly subjectId: string;
  readonly sentence: string;
  constructor(subjectId: string, fact: string, periodKey: string) {
    super('two closings differ');
    this.name = 'ClosingsDiffer';
    this.subjectId = subjectId;
    this.sentence = `两种算法排定的「${fact}」不同（主体 ${subjectId}，所属期 ${periodKey}）。该事项本批次已停止，不产生任何兑付，请联系系统管理员。`;
  }
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
  const made = await count(db, { ...job, period: job.planned.period });
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
  return frozen;
};

/** Every table of the item in order; the second way of counting needs the frame's records. */
const count = async (db: Db, job: Counting): Promise<readonly Made[]> => {
  const made: Made[] = [];
  for (const closing of job.compiled.closings) {
    const tables = made.map((m) => m.table);
    const entries = await population(db, job, closing, tables);
    const table = closeTable(entries, closing);
    if (job.second !== null) countAgain(job, job.second, closing, entries, table.places);
    made.push({ table: closedTable(closing.name, table), keys: new Map(entries.map((e) => [e.subjectId, e.key])) });
  }
  return made;
};

/** What a closing run would freeze, for forecasts and shadow runs: nothing is stored, nothing is held against the plain path. */
export const countTables = async (db: Db, job: Omit<Counting, 'second'>): Promise<readonly Frozen[]> =>
  (await count(db, { ...job, second: null })).map(({ table, keys }) => ({ id: '', hash: hashOf(table, keys), table }));

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

/** Their records are held together. */
const countedTogether = 1024;

/** Of those whom the columns leave no place for, some are asked all the same: neighbours, because their records are unpacked together. */
const sampled = (block: number, row: number): boolean => (row >>> 10) % 16 === block % 16 && row % 7 === 0;

/** What everybody brings, read from columns and held against the plain reading of the sealed record. Whom the kernel rules out brings nothing. */
const population = async (db: Db, job: Counting, closing: ReadyClosing, tables: readonly ClosedTable[]): Promise<readonly Entry[]> => {
  const { frame, compiled, second } = job;
  const entries: Entry[] = [];
  const among = { ...kernelItem(compiled, job.period, frame), conditions: closing.among };
  for (const number of frame.snapshot.blocks(compiled.register)) {
    const { block, kernel } = await frame.block(compiled.register, number);
    const { possibly: possible } = kernel.match(among);
    const rows = rowsOf(block.present).filter((row) => hasBit(possible, row) || (second !== null && sampled(number, row)));
    if (rows.length === 0) continue;
    await frame.prepareLinks(compiled);
    for (let from = 0; from < rows.length; from += countedTogether)
      for (const entry of await broughtBy(db, job, { closing, tables, block, possible }, rows.slice(from, from + countedTogether)))
        if (entry.member !== false) entries.push(entry);
  }
  return entries;
};

interface Asked {
  readonly closing: ReadyClosing;
  readonly tables: readonly ClosedTable[];
  readonly block: OpenBlock;
  readonly possible: Bitmap;
}

const broughtBy = async (
  db: Db,
  job: Counting,
  { closing, tables, block, possible }: Asked,
  rows: readonly number[],
): Promise<readonly Entry[]> => {
  const { frame, compiled, period, second } = job;
  const key = { itemId: compiled.item.id, periodKey: period.key };
  const batch = await transaction(db, (tx) => openBatch(tx, { ...job, key }, block, rows, emptyBitmap(block.rows)));
  if (second !== null) await block.readyRecords(rows);
  const records = second !== null ? batch.rows.flatMap(({ row }) => block.record(row) ?? []) : [];
  const linked = await frame.linkedRecords(compiled, records);
  const plainly = new Map(records.map((r) => [r.subjectId, r]));
  return batch.rows.map(({ row, subject }) => {
    const { subjectId } = subject;
    const paid = paidBesides(batch, subjectId, compiled.item.id, period);
    const columns = columnSource({ block, row }, { catalogue: frame.catalogue, link: frame.link, paid, purpose: compiled.item });
    const entry = entryOf(compiled, closing, withClosed(columns, tables, subjectId, period.knownAt), period, subject);
    if (entry.member !== false && !hasBit(possible, row)) throw new ClosingsDiffer(subjectId, closing.name, period.key);
    if (second === null) return entry;
    const record = plainly.get(subjectId);
    const link = (register: string, other: string) => linked.get(linkedKey(register, other));
    const plain = record === undefined ? null : recordSource(record, { catalogue: frame.catalogue, link, paid, purpose: compiled.item });
    const again =
      plain === null ? null : second.entry(compiled, closing.name, withClosed(plain, tables, subjectId, period.knownAt), period);
    if (again === null || !sameEntry(entry, again)) throw new ClosingsDiffer(subjectId, closing.name, period.key);
    return entry;
  });
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
