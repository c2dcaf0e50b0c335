// Sealing blocks from the ground up: records are read, resolved and become segments. One block is in memory at a time, whoever does it: the seal itself, or
// threads of it, each with blocks of its own.
import type { Day } from '../base/day.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { Failpoint } from '../db/failpoint.ts';
import type { Db, Tx } from '../db/handle.ts';
import type { Coverage, SubjectRecord } from '../record/record.ts';
import { type ResolvedFact, type ResolvedRecord, resolver } from '../record/resolve.ts';
import { askedOf, sheafResolver, type Told } from '../record/resolve-sheaf.ts';
import { readSheaf, readyToRead } from '../record/sheaf-store.ts';
import { countRecords, recordsAt } from '../record/store.ts';
import { type Variant, variantFact, variantFacts, variantResolver } from '../record/variant.ts';
import { vaultOf } from '../vault/hold.ts';
import { blockRows } from './bitmap.ts';
import { type BlockBuilder, blockBuilder, blockOf, finishBlock, pushTold } from './block.ts';
import type { Leaf } from './snapshot.ts';
import { type Segment, writeSegments } from './store.ts';

export interface Sealing {
  readonly tx: Tx;
  readonly db: Db;
  readonly options: {
    readonly catalogue: Catalogue;
    readonly knownAt: Day;
    readonly variants?: readonly Variant[];
    readonly onBlock?: (register: string, subjects: number) => void;
  };
  readonly failpoint: Failpoint;
  readonly covered: readonly Coverage[];
  /** One record at a time: of blocks that keep their base, and where something was attested. */
  readonly resolve: (record: SubjectRecord) => ResolvedRecord;
  readonly leaves: Leaf[];
  readonly counts: Record<string, number>;
  sealed: number;
  /** Records looked at so far. */
  looked: number;
  /** So many more were; throws where the seal is to stop. */
  readonly look: (count: number) => void;
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

/** Subjects that are read and resolved together: few enough that what was made of them is forgotten young. */
const sheafRows = 1024;

/** A stretch of a register, whole blocks of it, each from the ground up. */
export const sealWhole = async (
  sealing: Sealing,
  register: string,
  stretch: { readonly fromOrdinal?: number; readonly limit?: number },
): Promise<void> => {
  const { tx, options } = sealing;
  const { catalogue, knownAt, variants = [] } = options;
  const facts = columnsOf(catalogue, register, variants);
  const resolve = sheafResolver(() => vaultOf(tx), sealing.covered, catalogue, askedOf(catalogue, register, knownAt, variants));
  await readyToRead(tx);
  const first = stretch.fromOrdinal ?? 0;
  const end = Math.min(await countRecords(tx, register), first + (stretch.limit ?? Number.POSITIVE_INFINITY));
  for (let block = blockOf(first); block * blockRows < end; block++) {
    const builder = blockBuilder(register, block, facts);
    const last = Math.min(end, (block + 1) * blockRows);
    for (let at = Math.max(first, block * blockRows); at < last; at += sheafRows) {
      const told = resolve(await readSheaf(tx, register, at, Math.min(last, at + sheafRows)));
      if (told !== null) pushTold(builder, await withAttested(sealing, register, told));
      sealing.look(Math.min(last, at + sheafRows) - at);
    }
    if (builder.rows > 0) await keepBlock(sealing, builder);
  }
};

/** What two people confirmed is laid over the rest record by record: there are few of them. */
const withAttested = async (sealing: Sealing, register: string, told: Told): Promise<Told> => {
  if (told.attested.length === 0) return told;
  const { options, resolve, tx } = sealing;
  const columns = columnsOf(options.catalogue, register, options.variants ?? []);
  const facts = told.facts.map((column) => [...column]);
  const ordinals = told.attested.map((row) => told.first + row);
  for (const record of await recordsAt(tx, register, ordinals)) {
    const resolved = resolve(record).facts;
    columns.forEach((fact, i) => {
      (facts[i] as (ResolvedFact | undefined)[])[record.ordinal - told.first] = resolved[fact.key];
    });
  }
  return { ...told, facts };
};
