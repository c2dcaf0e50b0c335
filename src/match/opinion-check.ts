// Where a chunk asks the second opinion: everything that is about to be written, and a fixed sample of what is not, so that a column that rules out
// the wrong people is noticed as well.
import { eventPeriods } from '../policy/decide.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { type PaidRow, recordSource } from '../record/source.ts';
import type { DecisionPeriod, FactSource } from '../rule/facts.ts';
import { type Bitmap, hasBit } from '../snapshot/bitmap.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { type Batch, type ChunkJob, closedFor, paidBesides, type RowResult, sealedFor } from './batch.ts';
import { linkedKey } from './frame.ts';
import type { Longer } from './longer.ts';
import { OpinionsDiffer, opinionOf, sameOpinion } from './opinion.ts';

/**
 * Every 97th row of a small block, of a large one every 257th: what a sample finds depends on how many are asked, and a full block has 255 of them, for each
 * item, others in every block and on every day. The same ones for all items: what was unpacked of them is unpacked once.
 */
const [sampleEvery, sampleEveryOfMany] = [97, 257];
const many = sampleEvery * 255;

interface Sample {
  readonly first: number;
  readonly every: number;
}

const sampleOf = ({ key, period }: ChunkJob, { rows }: Pick<OpenBlock, 'rows'>): Sample => {
  const every = rows > many ? sampleEveryOfMany : sampleEvery;
  let offset = key.block;
  for (const letter of `${key.register}${period.knownAt}`) offset = (offset * 31 + letter.charCodeAt(0)) % every;
  return { first: offset % every, every };
};

const sampled = ({ first, every }: Sample, row: number): boolean => row % every === first;

type Records = ReadonlyMap<number, ResolvedRecord>;
type Linked = ReadonlyMap<string, ResolvedRecord>;

const plainSource = (
  job: ChunkJob,
  record: ResolvedRecord,
  linked: Linked,
  paid: readonly PaidRow[],
  sealedAs?: Longer['sealedAs'],
): FactSource => {
  const source = recordSource(record, {
    catalogue: job.frame.catalogue,
    link: (register, key) => linked.get(linkedKey(register, key)),
    paid,
    purpose: job.compiled.item,
    ...(sealedAs === undefined ? {} : { sealedAs }),
  });
  return closedFor(job, source, record.subjectId);
};

/** What was unpacked of a block's sample; it goes with the block. */
const unpacked = new WeakMap<OpenBlock, Map<number, ResolvedRecord | null>>();

const sampledRecord = (block: OpenBlock, row: number): ResolvedRecord | null => {
  const known = unpacked.get(block) ?? new Map<number, ResolvedRecord | null>();
  unpacked.set(block, known);
  let record = known.get(row);
  if (record === undefined) {
    record = block.record(row);
    known.set(row, record);
  }
  return record;
};

const sealedRecords = async (job: ChunkJob, block: OpenBlock, rows: Iterable<number>): Promise<Records> => {
  await block.readyRecords(rows);
  const records = new Map<number, ResolvedRecord>();
  const sample = sampleOf(job, block);
  for (const row of rows) {
    const record = sampled(sample, row) ? sampledRecord(block, row) : block.record(row);
    if (record !== null) records.set(row, record);
  }
  return records;
};

/** Throws OpinionsDiffer at the first difference. */
export const checkWritten = async (job: ChunkJob, block: OpenBlock, batch: Batch, results: readonly RowResult[]): Promise<void> => {
  const sample = sampleOf(job, block);
  const asked = results.flatMap((r) => r.found).filter((f) => f.kind !== null || sampled(sample, f.row));
  if (asked.length === 0) return;
  const records = await sealedRecords(job, block, new Set(asked.map((f) => f.row)));
  const linked = await job.frame.linkedRecords(job.compiled, [...records.values()]);
  for (const f of asked) {
    const { subjectId } = f.subject;
    const paid = paidBesides(batch, subjectId, job.key.itemId, f.period);
    const source = plainSource(job, records.get(f.row) as ResolvedRecord, linked, paid, sealedFor(job, batch, subjectId));
    const [columns, plain] = [opinionOf(f.decision), await job.opinion(job.compiled, source, f.period)];
    if (!sameOpinion(columns, plain)) throw new OpinionsDiffer(subjectId, f.period.key, columns, plain);
  }
};

/** Rows nobody decided because the kernel ruled them out: the plain path must find them ineligible. */
export const checkRuledOut = async (job: ChunkJob, block: OpenBlock, ruledOut: Bitmap): Promise<void> => {
  const rows: number[] = [];
  const { first, every } = sampleOf(job, block);
  for (let row = first; row < block.rows; row += every) if (hasBit(ruledOut, row)) rows.push(row);
  if (rows.length === 0) return;
  const records = await sealedRecords(job, block, rows);
  const linked = await job.frame.linkedRecords(job.compiled, [...records.values()]);
  for (const record of records.values()) {
    const source = plainSource(job, record, linked, []);
    const period = periodOf(job, source);
    if (period === null) continue;
    const plain = await job.opinion(job.compiled, source, period);
    if (plain.verdict !== 'ineligible') throw new OpinionsDiffer(record.subjectId, period.key, { verdict: 'ineligible', lines: [] }, plain);
  }
};

/** An event stands for all: what the kernel ruled out it ruled out whatever the event. */
const periodOf = (job: ChunkJob, source: FactSource): DecisionPeriod | null =>
  job.compiled.event === null ? job.period : (eventPeriods(job.compiled, source, job.period.knownAt).periods[0] ?? null);
