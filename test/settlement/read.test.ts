// What pages read of settlement: lines by cursor within a scope, sums, budgets with their queue.
import { beforeAll, describe, expect, it } from 'vitest';
import { everything } from '../../src/base/scope.ts';
import { lineById, listBudgets, listLines } from '../../src/settlement/read-store.ts';
import { settle } from '../../src/settlement/settle.ts';
import { testDatabase } from '../database.ts';
import { at, idOf, itemOf, publish, runWith, settlePeople } from './ground.ts';

const database = testDatabase();
const people = ['P1', 'P2', 'P3', 'P4', 'P5'];

beforeAll(async () => {
  await settlePeople(database, Object.fromEntries(people.map((p) => [p, {}])));
  await publish(database, [itemOf('a', { budget: { kind: 'limited', yuan: 250, order: 'x' } }), itemOf('b', { authority: '别的局' })]);
  await runWith(
    database,
    people.flatMap((subject) => [
      { item: 'a', subject },
      { item: 'b', subject, yuan: 7 },
    ]),
  );
  await settle(database.db, { now: at });
});

describe('reading settlement', () => {
  it('pages through every line once', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const page = await listLines(database.db, { scope: everything, after, limit: 3 });
      seen.push(...page.rows.map((row) => row.id));
      if (page.next === null) break;
      after = page.next;
    }
    expect([seen.length, new Set(seen).size]).toEqual([10, 10]);
    await expect(listLines(database.db, { scope: everything, after: 'x', limit: 3 })).rejects.toThrow('input.cursor');
  });

  it('keeps to the scope in lists, single lines, sums and budgets', async () => {
    const scope = { ...everything, authorities: ['别的局'] };
    const { rows } = await listLines(database.db, { scope, limit: 100 });
    expect(new Set(rows.map((row) => row.itemId))).toEqual(new Set(['b']));
    const [hidden] = (await listLines(database.db, { scope: everything, filter: { itemId: 'a' }, limit: 1 })).rows;
    expect(await lineById(database.db, hidden?.id ?? '', scope)).toBeNull();
    expect(await lineById(database.db, hidden?.id ?? '', everything)).toMatchObject({ itemId: 'a' });
    expect([rows.length, rows.reduce((sum, row) => sum + row.grantedFen, 0n)]).toEqual([5, 3_500n]);
    expect((await listBudgets(database.db, scope)).map((b) => b.id)).toEqual(['b:2026']);
    expect(
      (await listLines(database.db, { scope: everything, filter: { subjectId: idOf('P1'), state: 'granted' }, limit: 9 })).rows.length,
    ).toBeGreaterThan(0);
  });

  it('shows a budget with who waits for it, and an entitlement with what is still to be provided', async () => {
    expect(await listBudgets(database.db, everything)).toEqual([
      {
        id: 'a:2026',
        itemId: 'a',
        year: 2026,
        kind: 'limited',
        appropriatedFen: 25_000n,
        availableFen: 5_000n,
        reservedFen: 20_000n,
        committedFen: 0n,
        paidFen: 0n,
        waiting: 3,
        waitingFen: 30_000n,
      },
      expect.objectContaining({ id: 'b:2026', kind: 'entitlement', availableFen: -3_500n, reservedFen: 3_500n, waiting: 0 }),
    ]);
  });
});
