// The line to the database goes dead: at every COMMIT whose reply is lost, and between any two statements, through the whole way of the money. The step is
// simply done again by whoever comes next; in the end nothing is lost and nothing double, and every promise is kept.
import { beforeAll, expect, it } from 'vitest';
import { nowhere } from '../../src/db/failpoint.ts';
import { currentTransaction, saysNothing, unaudited } from '../audited.ts';
import { createDatabase, dropDatabase, testDatabase } from '../database.ts';
import { openTestDatabase } from '../open.ts';
import { broken } from '../settlement/ground.ts';
import { type Answer, type FaultyLine, faultyLine } from './proxy.ts';
import { outcome, town, walkWhole, wholeWay } from './way.ts';

const long = process.env.ZHIXIANG_TEST_LONG === '1';
const calm = testDatabase();
let undisturbed: unknown;

beforeAll(async () => {
  await town(calm);
  const from = await currentTransaction(calm.sql);
  await walkWhole(calm);
  expect(Object.keys(await unaudited(calm.sql, from)).filter((table) => !saysNothing.includes(table))).toEqual([]);
  undisturbed = await outcome(calm);
  expect(await broken(calm)).toEqual([]);
});

/** One more connection than a step uses at once; a new pool each time, as a new process has. */
const through = async <T>(line: FaultyLine, work: (database: Awaited<ReturnType<typeof openTestDatabase>>) => Promise<T>): Promise<T> => {
  const database = await openTestDatabase({ ownerUrl: line.url, maxConnections: 2 });
  try {
    return await work(database);
  } finally {
    // A connection that died is waited for in vain.
    await database.sql.end({ timeout: 0 });
  }
};

/** Every step, cut at its first such answer, then at the `stride`th after that …, until one goes through to its end. Says how often each was cut. */
const walkCut = async (answer: Answer, stride: number): Promise<readonly string[]> => {
  const ownerUrl = await createDatabase();
  const own = { ...(await openTestDatabase({ ownerUrl, maxConnections: 2 })), ownerUrl };
  const line = await faultyLine(ownerUrl);
  const cuts: string[] = [];
  try {
    await town(own);
    for (const { name, run } of wholeWay)
      for (let nth = 1; ; nth += stride) {
        const error = await through(line, async (database) => {
          line.cut(answer, nth);
          return run(database, nowhere).then(
            () => null,
            (thrown: unknown) => thrown,
          );
        });
        if (!line.wasCut()) {
          expect(error, name).toBe(null);
          break;
        }
        cuts.push(name);
        // What is read between transactions may be cut as well; then the error is the driver's own.
        if (answer === 'commit') expect(error, `${name} ${nth}`).toMatchObject({ kind: 'commit-unknown' });
        expect(await broken(own), `${name} ${nth}`).toEqual([]);
      }
    expect(await outcome(own)).toEqual(undisturbed);
    expect(await broken(own)).toEqual([]);
    return cuts;
  } finally {
    await line.close();
    await own.close();
    await dropDatabase(ownerUrl);
  }
};

it('at every COMMIT of every step the reply is lost', { timeout: 240_000 }, async () => {
  const cuts = await walkCut('commit', 1);
  expect([...new Set(cuts)].sort()).toEqual([...new Set(wholeWay.map((step) => step.name))].sort());
  expect(cuts.length).toBeGreaterThan(30);
});

it('between any two statements', { timeout: 900_000 }, async () => {
  // Every one in the long run.
  const cuts = await walkCut('any', long ? 1 : 17);
  expect(cuts.length).toBeGreaterThan(wholeWay.length);
});
