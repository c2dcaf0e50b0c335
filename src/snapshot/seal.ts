// The step that seals: the records as they stand at one moment, resolved for one day, into segments and one snapshot that names them. Sealing the same
// data again finds the same snapshot; a seal that is killed leaves segments nobody points to, which the next one finds by their hash.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { SubjectRecord } from '../record/record.ts';
import { type ResolvedRecord, resolver } from '../record/resolve.ts';
import { coverages, streamRecords } from '../record/store.ts';
import { type Variant, variantFact, variantFacts, variantResolver } from '../record/variant.ts';
import { type BlockBuilder, blockBuilder, blockOf, finishBlock, pushRecord } from './block.ts';
import { type Leaf, snapshotId } from './snapshot.ts';
import { type Segment, writeSegments, writeSnapshot } from './store.ts';

export interface SealOptions {
  readonly catalogue: Catalogue;
  /** The day whose knowledge is sealed: freshness is judged by it. */
  readonly knownAt: Day;
  /** The moment written into rows. */
  readonly at: Date;
  readonly actor: string;
  /** Longer freshness limits that were decided, each sealed beside the ordinary facts. */
  readonly variants?: readonly Variant[];
  readonly failpoint?: Failpoint;
  readonly onBlock?: (register: string, subjects: number) => void;
}

export interface SealReport {
  readonly snapshotId: string;
  /** Subjects per register. */
  readonly counts: Readonly<Record<string, number>>;
  /** True when the same data had been sealed for that day before. */
  readonly already: boolean;
}

/** Holds one block in memory at a time. Reads one consistent moment, however long it takes and whoever imports meanwhile. */
export const seal = async (db: Db, options: SealOptions): Promise<SealReport> => {
  const failpoint = options.failpoint ?? nowhere;
  const leaves: Leaf[] = [];
  const counts: Record<string, number> = {};
  await failpoint('seal.before-read');
  await transaction(db, async (tx) => await readAll(tx, db, options, failpoint, leaves, counts), {
    isolationLevel: 'repeatable read',
    accessMode: 'read only',
  });
  const { catalogue, knownAt, at, actor } = options;
  const id = snapshotId(leaves, catalogue.hash, knownAt);
  await failpoint('seal.before-snapshot');
  const added = await transaction(db, async (tx) => {
    const snapshot = { id, knownAt, catalogueHash: catalogue.hash, counts };
    if (!(await writeSnapshot(tx, snapshot, leaves, at))) return false;
    await audit(tx, {
      actor,
      role: 'system',
      action: 'snapshot.seal',
      objectKind: 'snapshot',
      objectId: id,
      after: { knownAt, counts },
      at,
    });
    await failpoint('seal.before-commit');
    return true;
  });
  await failpoint('seal.after-snapshot');
  return { snapshotId: id, counts, already: !added };
};

/** Segments on their way to the database at once. */
const batchBytes = 4_000_000;

const readAll = async (
  tx: Tx,
  db: Db,
  options: SealOptions,
  failpoint: Failpoint,
  leaves: Leaf[],
  counts: Record<string, number>,
): Promise<void> => {
  const { catalogue, knownAt } = options;
  const covered = await coverages(tx);
  const ordinary = resolver(covered, catalogue, knownAt);
  const variants = options.variants ?? [];
  const longer = variants.map((variant) => variantResolver(covered, catalogue, knownAt, variant));
  const resolve = (record: SubjectRecord): ResolvedRecord => {
    const resolved = ordinary(record);
    if (longer.length === 0) return resolved;
    return { ...resolved, facts: Object.assign({}, resolved.facts, ...longer.map((under) => under(record))) };
  };
  const keep = async (builder: BlockBuilder): Promise<void> => {
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
    await failpoint('seal.after-block');
    options.onBlock?.(register, counts[register]);
  };
  for (const { id } of catalogue.registers) {
    const more = variants.flatMap((v) => variantFacts(catalogue, v).map((fact) => ({ ...fact, key: variantFact(fact.key, v.name) })));
    const facts = [...catalogue.facts, ...more].filter((f) => f.register === id);
    counts[id] = 0;
    let builder: BlockBuilder | null = null;
    for await (const record of streamRecords(tx, id)) {
      const block = blockOf(record.ordinal);
      if (builder !== null && builder.block !== block) {
        await keep(builder);
        builder = null;
      }
      builder ??= blockBuilder(id, block, facts);
      pushRecord(builder, resolve(record));
    }
    if (builder !== null) await keep(builder);
  }
};
