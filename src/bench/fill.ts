// The sample city at any size, in the real tables: every subject its own, every row read, checked and sealed as an import does it, and then copied in with
// the indexes made last. An import of a million residents takes a quarter of an hour and is measured elsewhere.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Database } from '../db/handle.ts';
import { writeCoverage } from '../record/delivery-store.ts';
import { copyFile, dropIndexes, expectLong, insertDelivery, makeIndexes, tidyUp } from './fill-store.ts';
import type { FillDone, FillTask } from './fill-thread.ts';

export interface Filled {
  /** Subjects per register. */
  readonly counts: Readonly<Record<string, number>>;
  /** What the datasets say of them, one row per subject and dataset. */
  readonly parts: number;
}

const shares = 2;

/** `owners`: the owner's connections to an empty, migrated database that will be thrown away; each copies a share. */
export const fillCity = async (
  owners: readonly [Database, ...Database[]],
  city: { readonly catalogue: Catalogue; readonly residents: number; readonly firms: number; readonly seed: number; readonly asOf: Day },
  keys: string,
  at: Date,
): Promise<Filled> => {
  const folder = mkdtempSync(join(tmpdir(), 'zhixiang-fill-'));
  try {
    const threads = Array.from({ length: shares }, (_, share) => {
      const task: FillTask = { ...city, folder, keys, share, shares };
      return new Worker(new URL('./fill-thread.ts', import.meta.url), { workerData: task });
    });
    const done = (await Promise.all(threads.map(async (thread) => (await once(thread, 'message'))[0] as FillDone))) as readonly FillDone[];
    const [{ sql }] = owners;
    const dropped = await dropIndexes(sql);
    for (const { records } of done) if (records !== null) await copyFile(sql, 'record', records.file);
    const left = done.flatMap(({ parts }) => parts.map(({ file }) => file));
    const copy = async (owner: Database): Promise<void> => {
      await expectLong(owner.sql);
      for (let file = left.pop(); file !== undefined; file = left.pop()) {
        await copyFile(owner.sql, 'record_part', file);
        rmSync(file);
      }
    };
    await Promise.all(owners.map(copy));
    for (const { deliveries, coverages } of done) {
      for (const delivery of deliveries) await insertDelivery(sql, delivery, at);
      for (const coverage of coverages) await writeCoverage(sql, coverage);
    }
    await makeIndexes(sql, dropped);
    await tidyUp(sql);
    const parts = done.reduce((sum, one) => sum + one.parts.reduce((n, part) => n + part.parts, 0), 0);
    return { counts: done[0]?.records?.counts ?? {}, parts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
