// Many at once, and killed anywhere: eight settlers near the end of a budget, eight of every step, SIGKILL at every named place. What stands in the
// end is what one undisturbed process makes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { tell } from '../../src/notice/tell.ts';
import { settle } from '../../src/settlement/settle.ts';
import { createDatabase, dropDatabase, testDatabase } from '../database.ts';
import { recordFailpoints } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { at, broken, complete, empty, itemOf, linesOf, type Match, publish, runWith, settlePeople, stepsOn } from './ground.ts';
import { walk } from './walk.ts';

const long = process.env.ZHIXIANG_TEST_LONG === '1';
const database = testDatabase();
beforeEach(() => empty(database));

const people = Array.from({ length: 24 }, (_, i) => `P${String(i).padStart(2, '0')}`);

/** 24 firms: each a limited award, two items that compete for shared graduates, and one exclusion group. */
const town = async (db: Parameters<typeof publish>[0]) => {
  await settlePeople(db, Object.fromEntries(people.map((p, i) => [p, i % 5 === 0 ? { email: 'a@example.org' } : complete])));
  const hire = { claim: { kind: 'graduate', object: 'x', group: 'h', per: 'ever' as const } };
  const flow = { first: ['guard', 'ask', 'notice', 'pay'] as const, continuing: ['guard', 'pay'] as const };
  await publish(db, [
    itemOf('limited', {
      flow,
      budget: { kind: 'limited', yuan: 500, order: 'day' },
      limits: [{ exclusive: { group: 'g', per: 'year' } }],
    }),
    itemOf('other', { flow, limits: [{ exclusive: { group: 'g', per: 'year' } }] }),
    itemOf('hire-a', { flow, limits: [hire] }),
    itemOf('hire-b', { flow, limits: [hire] }),
  ]);
  const claims = (i: number) => [
    { kind: 'graduate', object: `G${i % 13}`, group: 'h', per: 'ever' as const, orderDay: `2026-0${1 + (i % 9)}-15` },
  ];
  const matches = people.flatMap((subject, i): Match[] => [
    { item: 'limited', subject, yuan: 40 + (i % 7), orderDay: `2026-${String(1 + (i % 9)).padStart(2, '0')}-01` },
    ...(i % 3 === 0 ? [{ item: 'other', subject, yuan: 20 + (i % 40) }] : []),
    { item: i % 2 === 0 ? 'hire-a' : 'hire-b', subject, lines: [{ key: 'g', yuan: 1500, claims: claims(i) }] },
  ]);
  // Runs arrive in halves and backwards: order of arrival must not matter.
  await runWith(db, [...matches].reverse());
};

const outcome = async (db: Parameters<typeof linesOf>[0]) => ({
  lines: (await linesOf(db, people)).map((l) => `${l.who} ${l.item} ${l.key} ${l.state} ${l.granted} ${l.why}`),
  records:
    await db.sql`select item_id, state, gaps, count(*)::int as n, sum(amount_fen)::bigint as fen from disbursement group by 1, 2, 3 order by 1, 2, 3`,
  notices:
    await db.sql`select template, channel, count(*)::int as n, sum(amount_fen)::bigint as fen from notice group by 1, 2 order by 1, 2`,
  audited:
    await db.sql`select action, count(distinct object_id)::int as n from audit_entry where actor like 'step:%' group by 1 order by 1`,
  claims: (await db.sql`select object_id from claim where line_id is not null order by 1`).length,
});

describe('many at once', () => {
  it('eight settlers near the end of a budget make what one makes', async () => {
    await town(database);
    await Promise.all(Array.from({ length: 8 }, () => settle(database.db, { now: at, chunk: 3 })));
    await settle(database.db, { now: at });
    const together = await outcome(database);
    expect(await broken(database)).toEqual([]);
    await empty(database);
    await town(database);
    await settle(database.db, { now: at });
    const alone = await outcome(database);
    expect(together.lines).toEqual(alone.lines);
    expect(together.claims).toBe(alone.claims);
    expect(alone.lines.some((l) => l.includes('waiting'))).toBe(true);
    expect(alone.lines.some((l) => l.includes('exclusive'))).toBe(true);
    expect(alone.lines.some((l) => l.includes('claim'))).toBe(true);
  });

  it('eight of every step, each told once and paid once', async () => {
    await town(database);
    await Promise.all(Array.from({ length: 8 }, () => walk(database)));
    await walk(database);
    await walk(database);
    const together = await outcome(database);
    expect(await broken(database)).toEqual([]);
    await empty(database);
    await town(database);
    await walk(database);
    await walk(database);
    await walk(database);
    expect(together).toEqual(await outcome(database));
  });
});

describe('eight who tell', () => {
  it('tell each record once, however their statements and commits interleave', async () => {
    for (let round = 0; round < 4; round++) {
      await empty(database);
      await town(database);
      const steps = stepsOn();
      await settle(database.db, steps.settle);
      await prefill(database.db, steps.prefill);
      await advance(database.db, steps.advance);
      const untold = (await database.sql`select from disbursement where state in ('notified', 'asking')`).length;
      expect(untold).toBeGreaterThan(20);
      await Promise.all(Array.from({ length: 8 }, () => tell(database.db, { ...steps.tell, chunk: 1 })));
      const lines = await database.sql`select from notice_line`;
      const [told] = await database.sql`
        select count(*)::int as notices, count(*) filter (where not exists (select from notice_line l where l.notice_id = n.id))::int as hollow from notice n`;
      expect({ lines: lines.length, hollow: told?.hollow }).toEqual({ lines: untold, hollow: 0 });
    }
  });
});

/** The signal a child of its own ended with. */
const killedAt = async (ownerUrl: string, name: string, nth: number): Promise<string | null> => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'walk.ts'), ownerUrl, name, String(nth)], { stdio: 'inherit' });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
};

describe('killed', () => {
  it('at every named place, nothing is lost and nothing double', async () => {
    await town(database);
    const { at: note, reached } = recordFailpoints();
    await walk(database, note);
    await walk(database);
    await walk(database);
    const undisturbed = await outcome(database);
    const places = [...new Set(reached)].sort();
    const expected = ['settle', 'prefill', 'advance', 'tell'].flatMap((step) =>
      ['after-commit', 'before-commit', 'before-write'].map((place) => `${step}.${place}`),
    );
    expect(places).toEqual(expected.sort());
    // What a transaction has written by then goes with it: before its first write is before its commit, but for the long tests.
    const queue = places.filter((place) => long || !place.endsWith('.before-write'));
    const worker = async () => {
      for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
        const ownerUrl = await createDatabase();
        const own = { ...(await openTestDatabase({ ownerUrl, maxConnections: 2 })), ownerUrl };
        try {
          await town(own);
          const times = reached.filter((name) => name === place).length;
          expect(await killedAt(ownerUrl, place, Math.ceil(times / 2)), place).toBe('SIGKILL');
          expect(await broken(own)).toEqual([]);
          for (let i = 0; i < 3; i++) await walk(own);
          expect(await outcome(own), place).toEqual(undisturbed);
          expect(await broken(own)).toEqual([]);
        } finally {
          await own.close();
          await dropDatabase(ownerUrl);
        }
      }
    };
    await Promise.all([worker(), worker(), worker()]);
  });
});
