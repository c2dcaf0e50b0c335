// What the kill tests run, shared by the test and the process it kills.
import { addDays, day } from '../../src/base/day.ts';
import type { Failpoint } from '../../src/db/failpoint.ts';
import { type Database, transaction } from '../../src/db/handle.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { type RunReport, runItems } from '../../src/match/run.ts';
import type { Threads } from '../../src/match/threads.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { world } from '../snapshot/world.ts';
import { at, type Facts, itemOf, versionOf } from './ground.ts';

export const killItems = [
  itemOf('old'),
  itemOf('tiers', { award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 50 }, { yuan: 500 }] } } }),
  itemOf('births', {
    period: 'per-event',
    event: { list: 'children', day: 'born', key: 'id' },
    conditions: { all: [{ fact: 'event.months', operator: 'greaterThan', value: 1 }] },
  }),
  itemOf('settle', {
    period: 'once',
    effective: { from: null, to: null },
    conditions: { all: [{ fact: 'kind', operator: 'equal', value: '甲' }] },
  }),
];

/** Enough people for several batches of one chunk, with every answer among them. */
export const killPeople = (): Record<string, Facts> =>
  Object.fromEntries(
    Array.from({ length: 300 }, (_, i): [string, Facts] => {
      const children = [{ id: 'x', months: String(i % 4), born: addDays(day('2025-09-01'), i % 100) }];
      const told: Facts = { kind: i % 3 === 0 ? '甲' : '乙', children };
      return [`p${String(i).padStart(3, '0')}`, i % 11 === 0 ? told : { ...told, age: String(76 + (i % 20)) }];
    }),
  );

export interface Once {
  readonly failpoint?: Failpoint | undefined;
  readonly differ?: boolean;
  /** How many starts came before; each is later than the leases of the one before it run. */
  readonly starts?: number;
  readonly threads?: Threads;
  readonly patienceMs?: number;
}

export const runOnce = async (database: Database, items: typeof killItems, once: Once = {}): Promise<RunReport> => {
  const { db } = database;
  const failpoint = once.failpoint === undefined ? {} : { failpoint: once.failpoint };
  const shared = {
    ...(once.threads === undefined ? {} : { threads: once.threads }),
    ...(once.patienceMs === undefined ? {} : { patienceMs: once.patienceMs }),
  };
  const moment = new Date(at.getTime() + (once.starts ?? 0) * 3_600_000);
  const { snapshotId } = await seal(db, { catalogue: world, knownAt: day('2026-01-20'), at: moment, actor: 'test', ...failpoint });
  const cut = await transaction(db, ledgerCut);
  return await runItems(db, {
    snapshotId,
    items: items.map((item) => versionOf(item)),
    catalogue: world,
    ledgerCut: cut,
    at: moment,
    actor: 'test',
    ...failpoint,
    ...shared,
    ...(once.differ
      ? {
          opinion: async (compiled, source, period) => {
            const said = await secondOpinion(compiled, source, period);
            return compiled.item.id === 'tiers' ? { verdict: 'undetermined', lines: [] } : said;
          },
        }
      : {}),
  });
};

/** All that a run leaves, in an order of its own; ids and moments differ from run to run and are left out. */
export const stateOf = async ({ sql }: Pick<Database, 'sql'>): Promise<unknown> => {
  const [matches, blocks, items, counts, runs, snapshots, chunks, double] = await Promise.all([
    sql`select r.key, m.item_id, m.period_key, m.sequence, m.kind, m.verdict, m.amount_fen::text, m.evidence ->> 'digest' as digest
      from match m join record r on r.subject_id = m.subject_id order by 1, 2, 3, 4`,
    sql`select item_id, period_key, block, encode(eligible, 'hex') as e, encode(undetermined, 'hex') as u from block_result order by 1, 2, 3`,
    sql`select item_id, period_key, state, eligible, undetermined, ineligible, amount_fen::text, written, stopped is not null as stopped from run_item order by 1, 2`,
    sql`select item_id, period_key, fact, dataset, reason, subjects from undetermined_count order by 1, 2, 3, 4, 5`,
    sql`select state from run order by sequence`,
    sql`select id, counts from snapshot order by id`,
    sql`select detail #>> '{after,item}' as item, count(*)::int as n from audit_entry where action = 'run.chunk' and object_id in (select id::text from run) group by 1 order by 1`,
    sql`select subject_id from match group by subject_id, item_id, period_key, sequence having count(*) > 1`,
  ]);
  return { matches, blocks, items, counts, runs, snapshots, chunks, double };
};
