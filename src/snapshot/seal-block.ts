// Sealing blocks from the ground up: records are read, resolved and become segments. One block is in memory at a time, whoever does it: the seal itself, or
// threads of it, each with blocks of its own.
import type { Day } from '../base/day.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { Failpoint } from '../db/failpoint.ts';
import type { Db, Tx } from '../db/handle.ts';
import type { Coverage, SubjectRecord } from '../record/record.ts';
import { type ResolvedRecord, resolver } from '../record/resolve.ts';
import { streamRecords } from '../record/store.ts';
import { type Variant, variantFact, variantFacts, variantResolver } from '../record/variant.ts';
import { type BlockBuilder, blockBuilder, blockOf, finishBlock, pushRecord } from './block.ts';
import type { Leaf } from './snapshot.ts';
import { type Segment, writeSegments } from './store.ts';

export interface Sealing {
  readonly tx: Tx;
  readonly db: Db;
  readonly options: {
    readonly catalogue: Catalogue;
    readonly variants?: readonly Variant[];
    readonly onBlock?: (register: string, subjects: number) => void;
  };
  readonly failpoint: Failpoint;
  readonly resolve: (record: SubjectRecord) => ResolvedRecord;
  readonly leaves: Leaf[];
  readonly counts: Record<string, number>;
  sealed: number;
}

/** What a record is worth on the day, with the longer limits beside. */
export const resolving = (catalogue: Catalogue, knownAt: Day, covered: readonly Coverage[], variants: readonly Variant[]) => {
  const ordinary = resolver(covered, catalogue, knownAt);
  const longer = variants.map((variant) => variantResolver(covered, catalogue, knownAt, variant));
  return (record: SubjectRecord): ResolvedRecord => {
    const resolved = ordinary(record);
    if (longer.length === 0) return resolved;
    return { ...resolved, facts: Object.assign({}, resolved.facts, ...longer.map((under) => under(record))) };
  };
};

/** Every column a register is sealed with. */
export const columnsOf = (catalogue: Catalogue, register: string, variants: readonly Variant[]): readonly Fact[] => {
  const more = variants.flatMap((v) => variantFacts(catalogue, v).map((fact) => ({ ...fact, key: variantFact(fact.key, v.name) })));
  return [...catalogue.facts, ...more].filter((f) => f.register === register);
};

/** Segments on their way to the database at once. */
const batchBytes = 4_000_000;

const keepBlock = async (sealing: Sealing, builder: BlockBuilder): Promise<void> => {
  const { db, options, failpoint, leaves, counts } = sealing;
  const { register, block, subjects } = builder;
  let waiting: Segment[] = [];
  // Through another connection: the reading transaction is read only, and written segments need not wait for it.
  for (const segment of finishBlock(builder)) {
    leaves.push({ register, block, column: segment.column, hash: segment.hash });
    waiting.push(segment);
    if (waiting.reduce((sum, s) => sum + s.bytes.length, 0) < batchBytes) continue;
    await writeSegments(db, waiting);
    waiting = [];
  }
  await writeSegments(db, waiting);
  counts[register] = (counts[register] ?? 0) + subjects;
  sealing.sealed += subjects;
  await failpoint('seal.after-block');
  options.onBlock?.(register, counts[register]);
};

/** A stretch of a register, whole blocks of it, each from the ground up. */
export const sealWhole = async (
  sealing: Sealing,
  register: string,
  stretch: { readonly fromOrdinal?: number; readonly limit?: number },
): Promise<void> => {
  const { tx, options, resolve } = sealing;
  const facts = columnsOf(options.catalogue, register, options.variants ?? []);
  let builder: BlockBuilder | null = null;
  for await (const record of streamRecords(tx, register, stretch)) {
    const block = blockOf(record.ordinal);
    if (builder !== null && builder.block !== block) {
      await keepBlock(sealing, builder);
      builder = null;
    }
    builder ??= blockBuilder(register, block, facts);
    pushRecord(builder, resolve(record));
  }
  if (builder !== null) await keepBlock(sealing, builder);
};
