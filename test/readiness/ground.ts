// Ground for tests of readiness: the small world with a register of deaths as a dataset of its own, an index and a parameter, and its delivery calendar.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/base/canonical.ts';
import { type Day, day } from '../../src/base/day.ts';
import type { Catalogue, Dataset } from '../../src/catalogue/catalogue.ts';
import { transaction } from '../../src/db/handle.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { type RunReport, runItems } from '../../src/match/run.ts';
import type { Item } from '../../src/policy/item.ts';
import { variantsOn } from '../../src/readiness/late.ts';
import { readDecisions } from '../../src/readiness/store.ts';
import { seal } from '../../src/snapshot/seal.ts';
import type { TestDatabase } from '../database.ts';
import { idOf, itemOf, versionOf } from '../match/ground.ts';
import { world } from '../snapshot/world.ts';

const deaths: Dataset = {
  id: 'deaths',
  title: '死亡登记',
  department: '卫生健康委',
  register: 'citizen',
  shape: 'record',
  kinds: ['list'],
  freshnessDays: 31,
  columns: [
    { header: 'key', to: '$key' },
    { header: 'deathDate', to: 'deathDate' },
  ],
};

/** What a run reads: bent by a test, it is another catalogue with another hash. */
export const catalogueWith = (over: Partial<Catalogue> = {}): Catalogue => {
  const { hash: _, ...parts } = {
    ...world,
    facts: world.facts.map((f) => (f.key === 'deathDate' ? { ...f, datasets: ['deaths'] } : f)),
    datasets: [...world.datasets.map((d) => ({ ...d, columns: d.columns.filter((c) => c.to !== 'deathDate') })), deaths],
    parameters: [
      {
        key: 'standard',
        label: '低保标准',
        unit: '元',
        values: [{ region: null, from: day('2025-01-01'), to: day('2026-03-01'), value: '800' }],
      },
    ],
    external: [
      {
        key: 'cpi',
        label: '居民消费价格指数',
        unit: '%',
        every: 'month' as const,
        values: [
          { region: null, period: '2026-01', value: '103.6', asOf: day('2026-01-12') },
          { region: null, period: '2026-02', value: '102.1', asOf: day('2026-02-10') },
        ],
      },
    ],
    deliveries: [
      {
        dataset: 'deaths',
        every: 'month' as const,
        by: { day: 5 },
        contact: { role: '信息科', mail: 'deaths@example.gov.cn' },
        chief: { role: '分管主任', mail: 'chief@example.gov.cn' },
        guard: true,
      },
    ],
    ...over,
  };
  return { ...parts, hash: createHash('sha256').update(canonicalJson(parts)).digest('hex') };
};

/** Over eighty and alive on the last day. */
export const oldAge = (id = 'old-age', over: Partial<Item> = {}): Item =>
  itemOf(id, {
    conditions: {
      all: [
        { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
        { fact: 'deathDate', operator: 'absent', value: true },
      ],
    },
    ...over,
  });

/** The register of deaths spoke for everybody on that day; `dead` are on it. */
export const tellDeaths = async (
  database: TestDatabase,
  asOf: Day,
  dead: Readonly<Record<string, Day>> = {},
  division = '',
): Promise<void> => {
  const { sql } = database;
  await sql`
    insert into coverage (dataset, register, division, as_of, delivery_id) values ('deaths', 'citizen', ${division}, ${asOf}, gen_random_uuid())
    on conflict (dataset, register, division) do update set as_of = excluded.as_of`;
  for (const [key, on] of Object.entries(dead))
    await sql`
      insert into record_part (register, subject_id, dataset, as_of, delivery_id, cells, revision)
      values ('citizen', ${idOf(key)}, 'deaths', ${asOf}, gen_random_uuid(), ${JSON.stringify({ deathDate: [{ v: on }] })}::text::jsonb, 1)
      on conflict (register, subject_id, dataset) do update set as_of = excluded.as_of, cells = excluded.cells`;
};

export interface Night {
  readonly catalogue?: Catalogue;
  readonly versions?: readonly number[];
}

/** Seals and runs as of a day, as the schedule does: with the limits decided so far. */
export const night = async (database: TestDatabase, items: readonly Item[], knownAt: Day, over: Night = {}): Promise<RunReport> => {
  const { db } = database;
  const catalogue = over.catalogue ?? catalogueWith();
  const at = new Date(`${knownAt}T02:00:00Z`);
  const variants = variantsOn(await readDecisions(db), knownAt);
  const { snapshotId } = await seal(db, { catalogue, knownAt, at, actor: 'test', variants });
  const cut = await transaction(db, ledgerCut);
  const versions = items.map((item, i) => versionOf(item, over.versions?.[i] ?? 1));
  return await runItems(db, { snapshotId, items: versions, catalogue, ledgerCut: cut, at, actor: 'test' });
};

/** What every run keeps of its items, one line each. */
export const told = (report: RunReport): readonly string[] =>
  report.items.map((i) => `${i.itemId} ${i.periodKey} ${i.terms?.skipped?.state ?? `${i.eligible}/${i.undetermined}/${i.ineligible}`}`);
