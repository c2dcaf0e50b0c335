// What the kill tests run, shared by the test and the process it kills.
import { addDays, day } from '../../src/base/day.ts';
import type { Failpoint } from '../../src/db/failpoint.ts';
import { type Database, transaction } from '../../src/db/handle.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { type RunReport, runItems } from '../../src/match/run.ts';
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
  /** Later than a killed process's leases run. */
  readonly restart?: boolean;
}

export const runOnce = async (database: Database, items: typeof killItems, once: Once = {}): Promise<RunReport> => {
  const { db } = database;
  const failpoint = once.failpoint === undefined ? {} : { failpoint: once.failpoint };
  const moment = new Date(at.getTime() + (once.restart ? 3_600_000 : 0));
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
