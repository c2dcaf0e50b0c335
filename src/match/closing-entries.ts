// Everybody of a register is asked what they bring to a rank or a pool, twice: columns, and the plain reading of the sealed record held against them. Where the
// same was counted of the same version before, only those are read plainly who have changed since or bring something else.
import { type Db, transaction } from '../db/handle.ts';
import { type ClosedRow, type ClosedTable, sameAsClosed, withClosed } from '../policy/closed.ts';
import { type Entry, entryOf, type ReadyClosing } from '../policy/closing.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { type SecondClosing, sameEntry } from '../policy/second-closing.ts';
import { factOf } from '../record/lookup.ts';
import { recordSource } from '../record/source.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { type Bitmap, bitmapFromBytes, blockRows, emptyBitmap, hasBit, orInto, rowsOf, setBit } from '../snapshot/bitmap.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import { type KernelItem, openKernel } from '../snapshot/kernel.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { openPart, type Parts } from '../snapshot/over.ts';
import { kernelItem, openBatch, paidBesides } from './batch.ts';
import { basisOf, type Carrying, mayBeHeldAgainst, openState } from './carry.ts';
import { readLastResults } from './carry-store.ts';
import { type Frozen, ordinalsOf } from './closing-store.ts';
import { type Lookout, openLookout } from './due.ts';
import { type Frame, linkedKey } from './frame.ts';
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

/** Their records are held together. */
const countedTogether = 1024;

/** Of those whom the columns leave no place for, some are asked all the same: neighbours, because their records are unpacked together. */
const sampled = (block: number, row: number): boolean => (row >>> 10) % 16 === block % 16 && row % 7 === 0;

/** The conditions for belonging, as the kernel asks them. */
const amongOf = ({ compiled, period, frame }: Counting, closing: ReadyClosing): KernelItem => ({
  ...kernelItem(compiled, period, frame),
  conditions: closing.among,
});

/** What everybody brings, read from columns and held against the plain reading of the sealed record. Whom the kernel rules out brings nothing. */
export const population = async (
  db: Db,
  job: Counting,
  closing: ReadyClosing,
  tables: readonly ClosedTable[],
): Promise<readonly Entry[]> => {
  const { frame, compiled, second } = job;
  const entries: Entry[] = [];
  const among = amongOf(job, closing);
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
  /** What was counted of a row that has not changed since. */
  readonly counted?: (row: number) => ClosedRow | undefined;
}

const broughtBy = async (
  db: Db,
  job: Counting,
  { closing, tables, block, possible, counted }: Asked,
  rows: readonly number[],
): Promise<readonly Entry[]> => {
  const { frame, compiled, period, second } = job;
  const key = { itemId: compiled.item.id, periodKey: period.key };
  const batch = await transaction(db, (tx) => openBatch(tx, { ...job, key }, block, rows, emptyBitmap(block.rows)));
  const brought = batch.rows.map(({ row, subject }) => {
    const { subjectId } = subject;
    const paid = paidBesides(batch, subjectId, compiled.item.id, period);
    const columns = columnSource({ block, row }, { catalogue: frame.catalogue, link: frame.link, paid, purpose: compiled.item });
    const entry = entryOf(compiled, closing, withClosed(columns, tables, subjectId, period.knownAt), period, subject);
    if (entry.member !== false && !hasBit(possible, row)) throw new ClosingsDiffer(subjectId, closing.name, period.key);
    return { row, paid, entry };
  });
  const entries = brought.map(({ entry }) => entry);
  if (second === null) return entries;
  const again = brought.filter(({ row, entry }) => {
    const before = counted?.(row);
    return before === undefined || !sameAsClosed(before, entry);
  });
  await block.readyRecords(again.map(({ row }) => row));
  const records = again.flatMap(({ row }) => block.record(row) ?? []);
  const linked = await frame.linkedRecords(compiled, records);
  const plainly = new Map(records.map((r) => [r.subjectId, r]));
  const link = (register: string, other: string) => linked.get(linkedKey(register, other));
  for (const { paid, entry } of again) {
    const { subjectId } = entry;
    const record = plainly.get(subjectId);
    if (record === undefined) throw new ClosingsDiffer(subjectId, closing.name, period.key);
    const plain = recordSource(record, { catalogue: frame.catalogue, link, paid, purpose: compiled.item });
    const said = second.entry(compiled, closing.name, withClosed(plain, tables, subjectId, period.knownAt), period);
    if (!sameEntry(entry, said)) throw new ClosingsDiffer(subjectId, closing.name, period.key);
  }
  return entries;
};

// ── little has changed ───────────────────────────────────────────────────────────────────────────────────────────────

/** What was counted last of one block: whom it has to be asked of again, and who was found to belong. */
interface Before {
  readonly parts: Parts;
  readonly due: Bitmap;
  readonly rows: ReadonlyMap<number, ClosedRow>;
}

/**
 * The same entries as `population`'s, where the last count of the same version, catalogue, evaluator and period can be built on: whoever belonged and whoever has
 * changed is asked, nobody else can belong. null: everybody has to be asked.
 */
export const recounted = async (
  db: Db,
  job: Counting & { readonly itemHash: string },
  closing: ReadyClosing,
  tables: readonly Frozen[],
): Promise<readonly Entry[] | null> => {
  const { compiled, frame } = job;
  // What one closing gives another reads: then nobody's entry is their own affair.
  if (compiled.closings.length > 1 || compiled.event !== null || compiled.before !== undefined) return null;
  const [last, ...more] = tables;
  if (last === undefined || more.length > 0 || last.table.fact !== closing.name) return null;
  const before = await beforeOf(db, job, last);
  if (before === null) return null;
  const entries: Entry[] = [];
  const among = amongOf(job, closing);
  for (const { parts, due, rows } of before) {
    const asked = due.slice();
    for (const row of rows.keys()) setBit(asked, row);
    const numbers = Uint32Array.from(rowsOf(asked));
    if (numbers.length === 0) continue;
    await parts.base.need(compiled.reads.filter((r) => r.link === null).map((r) => r.fact));
    const block = await openPart(parts, numbers, (fact) => factOf(frame.catalogue, compiled.register, fact));
    await frame.prepareNamed(compiled, block);
    const kernel = openKernel(block);
    const { possibly: possible } = kernel.match(among);
    kernel.close();
    const counted = (i: number): ClosedRow | undefined => (hasBit(due, numbers[i] as number) ? undefined : rows.get(numbers[i] as number));
    const chosen = [...numbers.keys()].filter(
      (i) => hasBit(possible, i) || (hasBit(due, numbers[i] as number) && sampled(parts.block, numbers[i] as number)),
    );
    for (let from = 0; from < chosen.length; from += countedTogether)
      for (const entry of await broughtBy(
        db,
        job,
        { closing, tables: [], block, possible, counted },
        chosen.slice(from, from + countedTogether),
      ))
        if (entry.member !== false) entries.push(entry);
  }
  return entries;
};

/** null: of some block it cannot be told who has changed. */
const beforeOf = async (db: Db, job: Counting & { readonly itemHash: string }, last: Frozen): Promise<readonly Before[] | null> => {
  const { compiled, frame, period, ledgerCut, itemHash } = job;
  const { register } = compiled;
  const own: Carrying = { compiled, frame, period, ledgerCut, itemHash, closed: [last] };
  const basis = basisOf(own);
  const belonging = await placesOf(db, register, last);
  if (basis === null || belonging === null) return null;
  const lookout = openLookout(db, frame);
  const out: Before[] = [];
  for (const block of frame.snapshot.blocks(register)) {
    const parts = await frame.parts({ register, block });
    const due = await dueIn(db, { ...own, basis, lookout, parts, itemId: compiled.item.id, periodKey: period.key });
    if (due === null) return null;
    out.push({ parts, due, rows: belonging.get(block) ?? new Map() });
    belonging.delete(block);
  }
  return belonging.size > 0 ? null : out;
};

type Looking = Carrying & {
  readonly basis: string;
  readonly lookout: Lookout;
  readonly parts: Parts;
  readonly itemId: string;
  readonly periodKey: string;
};

const dueIn = async (db: Db, asked: Looking): Promise<Bitmap | null> => {
  const [result] = await readLastResults(db, asked.parts, [asked]);
  if (result === undefined) return null;
  const state = openState(result.state);
  if (state.basis !== asked.basis || !mayBeHeldAgainst(asked, state)) return null;
  const stood = bitmapFromBytes(result.eligible, blockRows);
  orInto(stood, bitmapFromBytes(result.undetermined, blockRows));
  return await asked.lookout.due(asked, state, asked.parts, stood);
};

/** Where those stand whom the table holds, by block and row: a place once given is kept for good. null: somebody is nowhere. */
const placesOf = async (db: Db, register: string, { table }: Frozen): Promise<Map<number, ReadonlyMap<number, ClosedRow>> | null> => {
  const ordinals = await ordinalsOf(db, register, [...table.rows.keys()]);
  const places = new Map<number, Map<number, ClosedRow>>();
  for (const [id, row] of table.rows) {
    const ordinal = ordinals.get(id);
    if (ordinal === undefined) return null;
    const own = places.get(blockOf(ordinal)) ?? new Map<number, ClosedRow>();
    places.set(blockOf(ordinal), own);
    own.set(rowOf(ordinal), row);
  }
  return places;
};
