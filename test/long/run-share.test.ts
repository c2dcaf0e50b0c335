// Workers that share a run, at length: threads that die at every boundary of a chunk in every way threads die, and a reply lost at every COMMIT.
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { commitUnheard, outlives, wholeState } from '../match/share-world.ts';

const database = testDatabase();
let whole: unknown;

beforeAll(async () => {
  whole = await wholeState(database);
}, 60_000);

const places = ['before-chunk', 'before-matches', 'after-matches', 'after-results', 'before-commit', 'after-chunk'];

describe('a thread that dies', () => {
  for (const how of ['exit', 'uncaught', 'memory'] as const)
    it.each(places)(`by ${how} at %s`, async (place) => expect(await outlives(database, how, `match.${place}`)).toEqual(whole), 120_000);
});

describe('a line that goes dead between COMMIT and its reply', () => {
  // A seal's reading and its snapshot, the plan, four chunks, the end.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('at commit %i', async (nth) => expect(await commitUnheard(database, nth)).toEqual(whole), 120_000);
});
