// Ground for tests of runs: people told straight into the tables the import writes, items over the small world, sealing and running in one call.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/base/canonical.ts';
import { type Day, day } from '../../src/base/day.ts';
import { type Database, transaction } from '../../src/db/handle.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import type { ItemVersion } from '../../src/match/match.ts';
import { type RunOptions, type RunReport, runItems } from '../../src/match/run.ts';
import type { Item } from '../../src/policy/item.ts';
import type { CellValue } from '../../src/record/record.ts';
import { type DeltaLimits, seal } from '../../src/snapshot/seal.ts';
import { emptyTables } from '../empty.ts';
import { datasets, world, worldFacts } from '../snapshot/world.ts';

export const at = new Date('2026-01-20T02:00:00Z');

export const idOf = (key: string): string => {
  const hex = createHash('sha256').update(key).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

type Told = CellValue | { readonly spans: readonly { readonly v: CellValue; readonly from?: string; readonly to?: string }[] };
/** A plain value, or `{spans}` for timed facts; a fact left out is unknown. */
export type Facts = Readonly<Record<string, Told>>;

const cellsOf = (told: Told): unknown =>
  told !== null && typeof told === 'object' && !Array.isArray(told) && 'spans' in told ? told.spans : [{ v: told }];

/** Adds people, or says again what is known of them: ordinals are given in the order of first mention. */
export const tell = async (database: Database, people: Readonly<Record<string, Facts>>, asOf: Day = day('2026-01-10')): Promise<void> => {
  const { sql } = database;
  const [next] = await sql<{ revision: bigint }[]>`
    select greatest((select max(revision) from record), (select max(revision) from record_part), 0) + 1 as revision`;
  const revision = next?.revision ?? 1n;
  for (const [key, facts] of Object.entries(people)) {
    await sql`
      insert into record (register, subject_id, key, ordinal, name, division, revision)
      values ('citizen', ${idOf(key)}, ${key}, (select count(*) from record where register = 'citizen'), ${key}, '11', ${revision})
      on conflict (register, key) do nothing`;
    for (const { id } of datasets) {
      const own = Object.entries(facts).filter(([fact]) => worldFacts.get(fact)?.datasets.includes(id));
      const cells = Object.fromEntries(own.map(([fact, told]) => [fact, cellsOf(told)]));
      await sql`
        insert into record_part (register, subject_id, dataset, as_of, delivery_id, cells, revision)
        values ('citizen', ${idOf(key)}, ${id}, ${asOf}, gen_random_uuid(), ${JSON.stringify(cells)}::text::jsonb, ${revision})
        on conflict (register, subject_id, dataset) do update set as_of = excluded.as_of, cells = excluded.cells, revision = excluded.revision`;
    }
  }
};

export const itemOf = (id: string, over: Partial<Item> = {}): Item => ({
  id,
  title: `事项${id}`,
  authority: '测试县民政局',
  region: '11',
  basis: { document: '测试县补助办法', number: null, clause: '第三条', url: null },
  audience: 'citizen',
  mode: 'auto',
  period: 'monthly',
  effective: { from: day('2025-01-01'), to: null },
  conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 80 }] },
  award: { fixed: { yuan: 100 } },
  flow: { first: ['guard', 'pay'], continuing: ['guard', 'pay'] },
  limits: [{ once: 'period' }],
  budget: { kind: 'entitlement' },
  notes: [],
  examples: [],
  ...over,
});

export const versionOf = (item: Item, version = 1): ItemVersion => ({
  item,
  version,
  hash: createHash('sha256').update(canonicalJson(item)).digest('hex'),
});

/** Versions and catalogue where replay looks for them. */
export const publish = async (database: Database, items: readonly Item[]): Promise<void> => {
  const { sql } = database;
  await sql`
    insert into catalogue_version (number, hash, content, published_at, prepared_by, published_by)
    values (1, ${world.hash}, ${JSON.stringify(world)}::text::jsonb, ${at}, 'a', 'b') on conflict do nothing`;
  for (const { item, version, hash } of items.map((i) => versionOf(i))) {
    await sql`
      insert into item_version (item_id, version, hash, content, maker, checker, published_at)
      values (${item.id}, ${version}, ${hash}, ${JSON.stringify(item)}::text::jsonb, 'a', 'b', ${at}) on conflict do nothing`;
  }
};

export interface RunOver extends Partial<Omit<RunOptions, 'snapshotId' | 'catalogue' | 'items'>> {
  readonly knownAt?: Day;
  /** Version numbers of the items, 1 for each unless given. */
  readonly versions?: readonly number[];
  /** How the seal goes about blocks in which little has changed. */
  readonly delta?: DeltaLimits | null;
}

/** Seals and runs as of a day. */
export const sealAndRun = async (database: Database, items: readonly Item[], over: RunOver = {}): Promise<RunReport> => {
  const { db } = database;
  const { knownAt = day('2026-01-20'), versions: numbers = [], delta, ...rest } = over;
  const { snapshotId } = await seal(db, { catalogue: world, knownAt, at, actor: 'test', ...(delta === undefined ? {} : { delta }) });
  const cut = await transaction(db, ledgerCut);
  const versions = items.map((item, i) => versionOf(item, numbers[i] ?? 1));
  return await runItems(db, { snapshotId, items: versions, catalogue: world, ledgerCut: cut, at, actor: 'test', ...rest });
};

export interface MatchRow {
  readonly key: string;
  readonly item: string;
  readonly period: string;
  readonly sequence: number;
  readonly kind: string;
  readonly verdict: string;
  readonly yuan: string | null;
}

/** Every match in the order of key, item, period and sequence. */
export const matches = async (database: Database): Promise<readonly MatchRow[]> =>
  await database.sql<MatchRow[]>`
    select r.key, m.item_id as item, m.period_key as period, m.sequence, m.kind, m.verdict, (m.amount_fen / 100.0)::numeric(12,2)::text as yuan
    from match m join record r on r.subject_id = m.subject_id order by 1, 2, 3, 4`;

/** `key item period sequence kind yuan` in one line each, for comparing by eye. */
export const lines = async (database: Database): Promise<readonly string[]> =>
  (await matches(database)).map(
    (m) => `${m.key} ${m.item} ${m.period} #${m.sequence} ${m.kind} ${m.verdict}${m.yuan === null ? '' : ` ${m.yuan}`}`,
  );

const written = `readiness freshness_decision delivery_reminder delivery_problem delivery record record_part coverage match block_result undetermined_count run_item
  run snapshot_removal snapshot_hold objection snapshot_segment snapshot segment work item_version item_review catalogue_version posting balance
  settlement_line settled_run`;

export const empty = (database: Database): Promise<void> => emptyTables(database, written);
