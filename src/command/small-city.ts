// A small sample city in a temporary database with the portal and the staff pages served over it, its clocks standing on the city's day: what `shots` draws and
// `bench --only portal` asks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { openAsOwner } from '../db/handle.ts';
import { writeSetting } from '../db/setting-store.ts';
import { makeRunner } from '../job-runner.ts';
import { reportJobs } from '../report-jobs.ts';
import { serve, type Web } from '../server.ts';
import type { StepContext } from '../steps.ts';
import { sampleKey } from '../today.ts';
import { openAuth, randomToken } from '../web/auth.ts';
import type { CommandContext } from './command.ts';
import { cityChoice } from './demo.ts';
import { type Cast, demoCast } from './demo-accounts.ts';
import { type CityChoice, type Journey, travel } from './journey.ts';
import { openTemporary } from './product.ts';
import type { Ground } from './shots-visit.ts';

/** Enough of a city for every state, and small: it is looked at one page at a time. */
const small = { firms: '300', residents: '3000' } as const;

export interface SmallCity {
  readonly ground: Ground;
  readonly web: Web;
  readonly cast: Cast;
  readonly choice: CityChoice;
  readonly deliveries: Journey['imported']['city']['deliveries'];
  /** Thrown away with the city. */
  readonly directory: string;
}

/** Everything is gone when `work` is done, or has failed. */
export const inSmallCity = async <T>(context: CommandContext, work: (city: SmallCity) => Promise<T>): Promise<T> => {
  const { out, now } = context;
  const choice = cityChoice({ ...context, options: { ...small, ...context.options } });
  const directory = mkdtempSync(join(tmpdir(), 'zhixiang-city-'));
  const product = await out.step('database', '启动临时数据库', () => openTemporary(now()));
  const owner = openAsOwner(product.ownerUrl);
  const clock = () => new Date(`${choice.asOf}T02:00:00Z`);
  const secret = randomToken();
  const config = readConfig({ ZHIXIANG_DATA: directory, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', BETTER_AUTH_SECRET: secret });
  const runner = makeRunner({ context: () => ({ db: product.database.db, config, now: clock(), anchor: null }), now: clock });
  const web = await serve({ config, database: product.database, demo: true, now: clock, runner });
  try {
    const { db } = product.database;
    const cast = await demoCast(openAuth(db, { secret, baseUrl: web.address }), db, clock());
    const told = { now: clock, mail: false, messageDomain: 'zhixiang.invalid' } as const;
    const journey = await travel(db, { people: cast, choice, directory, out, ...told });
    await writeSetting(db, sampleKey, choice, clock());
    const steps: StepContext = { db, catalogue: journey.published.catalogue, today: choice.asOf, ...told };
    // What the schedule makes in its first minute.
    const quality = reportJobs.find(({ name }) => name === 'quality.report');
    if (quality !== undefined) await (await runner.start(quality, null)).ended;
    const { planted, deliveries } = journey.imported.city;
    return await work({ ground: { db, owner: owner.db, steps, planted }, web, cast, choice, deliveries, directory });
  } finally {
    await web.close();
    runner.halt();
    await runner.settled();
    await owner.close();
    await product.close();
    rmSync(directory, { recursive: true, force: true });
  }
};
