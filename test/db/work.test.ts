// Leases: claimed once, expired leases are taken over, and an overtaken holder cannot write, whenever it wakes up.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Tx, transaction } from '../../src/db/handle.ts';
import { claimWork, extendLease, finishWork, holdLease, type Lease, releaseWork, saveCursor } from '../../src/db/work.ts';
import { testDatabase } from '../database.ts';
import { Killed, killAt, recordFailpoints, throwAt } from '../failpoint.ts';

const database = testDatabase();
const start = new Date('2026-03-01T00:00:00Z').getTime();
const leaseMs = 1000;
const claim = (step: string, shards: string[], owner: string, nowMs = start) =>
  claimWork(database.db, { step, shards, owner, now: new Date(nowMs), leaseMs });
const must = (lease: Lease | null): Lease => {
  if (!lease) throw new Error('nothing to claim');
  return lease;
};

describe('a lease', () => {
  test('is given to one of many claimers', async () => {
    const shards = ['a', 'b', 'c'];
    const got = await Promise.all(Array.from({ length: 12 }, (_, n) => claim('many', shards, `p${n}`)));
    // Skipped rows may leave a claimer empty-handed although a shard is free; nobody may get one twice.
    const names = got.flatMap((lease) => (lease ? [lease.shard] : []));
    expect(new Set(names).size).toBe(names.length);
    while (await claim('many', shards, 'late')) names.push('late');
    expect(names).toHaveLength(3);
  });

  test('expires, is taken over with a higher token, and its former holder can do nothing more', async () => {
    const first = must(await claim('expire', ['a'], 'p1'));
    expect(await claim('expire', ['a'], 'p2', start + 999)).toBeNull();
    const second = must(await claim('expire', ['a'], 'p2', start + 1000));
    expect(second).toMatchObject({ token: first.token + 1n, attempts: 2 });
    expect(await extendLease(database.db, first, new Date(start), leaseMs)).toBe(false);
    const attempts: ((tx: Tx) => Promise<unknown>)[] = [
      (tx: Tx) => holdLease(tx, first),
      (tx: Tx) => saveCursor(tx, first, 1, new Date(start), leaseMs),
      (tx: Tx) => finishWork(tx, first, new Date(start)),
    ];
    for (const late of attempts) {
      await expect(transaction(database.db, (tx) => late(tx))).rejects.toMatchObject({ problems: [{ code: 'state.lease-lost' }] });
    }
    await releaseWork(database.db, first, new Date(start));
    await transaction(database.db, (tx) => finishWork(tx, second, new Date(start)));
    expect(await claim('expire', ['a'], 'p3', start + 99_999)).toBeNull();
  });

  test('goes on where the last holder saved, and can be given back for later', async () => {
    const first = must(await claim('cursor', ['a'], 'p1'));
    await transaction(database.db, (tx) => saveCursor(tx, first, { line: 500 }, new Date(start), leaseMs));
    await releaseWork(database.db, first, new Date(start + 50));
    expect(await claim('cursor', ['a'], 'p2', start + 49)).toBeNull();
    expect(must(await claim('cursor', ['a'], 'p2', start + 50)).cursor).toEqual({ line: 500 });
  });

  test('that expires in the middle of its writing transaction is not taken over before it ends', async () => {
    const first = must(await claim('writing', ['a'], 'p1'));
    await transaction(database.db, async (tx) => {
      await holdLease(tx, first);
      expect(await claim('writing', ['a'], 'p2', start + 60_000)).toBeNull();
      // The heartbeat of the same holder, on another connection, must not wait for its own transaction.
      expect(await extendLease(database.db, first, new Date(start), leaseMs)).toBe(true);
      await finishWork(tx, first, new Date(start));
    });
  });

  test('property: holders that stall anywhere and wake up late never write a chunk twice', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(2), fc.constantFrom('claim', 'write', 'stall', 'beat')), { minLength: 5, maxLength: 40 }),
        async (moves) => {
          const step = `property-${round++}`;
          const holders: (Lease | null)[] = [null, null, null];
          const written: string[] = [];
          let nowMs = start;
          for (const [who, move] of moves) {
            const lease = holders[who] ?? null;
            if (move === 'stall') nowMs += 700;
            else if (move === 'claim') holders[who] = (await claim(step, ['a'], `p${who}`, nowMs)) ?? lease;
            else if (lease && move === 'beat') await extendLease(database.db, lease, new Date(nowMs), leaseMs);
            else if (lease) {
              const next = Number(lease.cursor ?? 0) + 1;
              await transaction(database.db, async (tx) => {
                holders[who] = await saveCursor(tx, lease, next, new Date(nowMs), leaseMs);
                written.push(String(next));
              }).catch(() => {
                holders[who] = null;
              });
            }
          }
          expect(written).toEqual(written.map((_, n) => String(n + 1)));
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe('failpoints', () => {
  test('record, throw at the nth arrival, and are inert elsewhere', async () => {
    const { at, reached } = recordFailpoints();
    for (const name of ['a', 'b', 'a']) await at(name);
    expect(reached).toEqual(['a', 'b', 'a']);
    const second = throwAt('a', 2);
    await second('a');
    await second('b');
    expect(() => second('a')).toThrow(Killed);
    await killAt('a', 2)('a');
  });
});
