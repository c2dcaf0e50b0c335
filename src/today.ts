// Which day it is for the steps: Asia/Shanghai's civil day, or the sample city's own. The city's data stand still, so a demo looked at
// half a year later must not find every fact stale and every recipient suspended.
import { civilDay, type Day } from './base/day.ts';
import type { Db } from './db/handle.ts';
import { readSetting } from './db/setting-store.ts';

export interface SampleMark {
  readonly asOf: Day;
  readonly firms: number;
  readonly residents: number;
  readonly seed: number;
}

export { civilDay };

export const sampleKey = 'sample-city';

/** null: no sample city in this database. */
export const sampleMark = (db: Db): Promise<SampleMark | null> => readSetting<SampleMark>(db, sampleKey);

export const todayFor = async (db: Db, now: Date): Promise<Day> => (await sampleMark(db))?.asOf ?? civilDay(now);
