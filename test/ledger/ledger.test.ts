// The ledger on a real PostgreSQL: balanced or refused, once per key, floors, the cut, history, and many posting at once.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transaction } from '../../src/db/handle.ts';
import { importTransaction, move, type Transaction } from '../../src/ledger/ledger.ts';
import {
  budgetBalances,
  checkBalances,
  ledgerCut,
  lockAvailable,
  openBudgets,
  paidHistory,
  post,
  promises,
} from '../../src/ledger/store.ts';
import { testDatabase } from '../database.ts';
import { at, empty, idOf } from '../settlement/ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await transaction(database.db, checkBalances)).toEqual([]));

const run = <T>(work: Parameters<typeof transaction<T>>[1]) => transaction(database.db, work);
const open = (kind: 'limited' | 'entitlement' = 'limited', fen = 100n) =>
  run((tx) => openBudgets(tx, [{ itemId: 'a', year: 2026, kind, appropriatedFen: fen }], at));
const on = (
  kind: 'reserve' | 'commit' | 'pay' | 'release' | 'restore',
  fen: bigint,
  line = 'L',
  more: Partial<Transaction> = {},
): Transaction => ({
  key: `${kind}:${line}`,
  kind,
  itemId: 'a',
  year: 2026,
  subjectId: idOf('P'),
  periodKey: '2026-10',
  lineId: idOf(line),
  objectKey: '',
  entries: move(kind, 'a:2026', fen),
  ...more,
});

describe('posting', () => {
  it('moves money through its accounts', async () => {
    await open();
    await run((tx) => post(tx, [on('reserve', 60n)], at));
    await run((tx) => post(tx, [on('commit', 60n)], at));
    await run((tx) => post(tx, [on('pay', 60n)], at));
    expect(await run((tx) => budgetBalances(tx, 'a:2026'))).toEqual({
      appropriation: -100n,
      available: 40n,
      reserved: 0n,
      committed: 0n,
      paid: 60n,
    });
    await run((tx) => post(tx, [on('restore', 60n)], at));
    expect(await run((tx) => budgetBalances(tx, 'a:2026'))).toMatchObject({ paid: 0n, reserved: 60n });
  });

  it('refuses what does not balance', async () => {
    const bad = { ...on('reserve', 1n), entries: [{ account: 'x', amountFen: 1n }] };
    await expect(run((tx) => post(tx, [bad], at))).rejects.toThrow('state.unbalanced');
    await expect(run((tx) => post(tx, [on('reserve', 1n), on('reserve', 1n)], at))).rejects.toThrow('state.unbalanced');
  });

  it('books a key once: the same again is nothing, another body is a conflict', async () => {
    await open();
    expect(await run((tx) => post(tx, [on('reserve', 60n)], at))).toEqual({ posted: 1, repeated: 0 });
    expect(await run((tx) => post(tx, [on('reserve', 60n), on('reserve', 10n, 'M')], at))).toEqual({ posted: 1, repeated: 1 });
    await expect(run((tx) => post(tx, [on('reserve', 61n)], at))).rejects.toThrow('conflict.posted');
    expect(await run((tx) => budgetBalances(tx, 'a:2026'))).toMatchObject({ available: 30n, reserved: 70n });
  });

  it('the database itself refuses to overdraw a limited budget, and lets an entitlement go below zero', async () => {
    await open();
    await expect(run((tx) => post(tx, [on('reserve', 101n)], at))).rejects.toMatchObject({ kind: 'check', constraint: 'balance_floor' });
    await run((tx) => openBudgets(tx, [{ itemId: 'e', year: 2026, kind: 'entitlement', appropriatedFen: 0n }], at));
    await run((tx) => post(tx, [{ ...on('reserve', 5n), key: 'e', itemId: 'e', entries: move('reserve', 'e:2026', 5n) }], at));
    expect(await run((tx) => lockAvailable(tx, ['e:2026', 'none']))).toEqual(new Map([['e:2026', -5n]]));
  });

  it('eight at once, opening and reserving: never overdrawn, never deadlocked', async () => {
    await Promise.all(Array.from({ length: 8 }, () => open('limited', 1_000n)));
    const ends = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => run((tx) => post(tx, [on('reserve', 30n, `L${i}`)], at))));
    expect(ends.filter((end) => end.status === 'fulfilled').length).toBe(33);
    expect(await run((tx) => budgetBalances(tx, 'a:2026'))).toMatchObject({ available: 10n, reserved: 990n, appropriation: -1_000n });
  });

  it('the program can neither change nor remove a posting', async () => {
    await open();
    await expect(database.sql`update posting set amount_fen = 0`).rejects.toThrow('permission denied');
    await expect(database.sql`delete from posting`).rejects.toThrow('permission denied');
  });
});

describe('history', () => {
  it('stands still at a cut: what is promised or paid, imports included, net of what was released', async () => {
    await open('limited', 10_000n);
    await run((tx) =>
      post(
        tx,
        [
          on('reserve', 60n),
          importTransaction({ key: 'f:1', itemId: 'b', subjectId: idOf('P'), periodKey: '2025', year: 2025, amountFen: 7n }),
        ],
        at,
      ),
    );
    const cut = await run(ledgerCut);
    await run((tx) => post(tx, [on('reserve', 40n, 'M', { periodKey: '2026-11' }), on('release', 60n)], at));
    const ask = { subjectIds: [idOf('P')] };
    const rows = (await run((tx) => paidHistory(tx, { ...ask, cut }))).map((r) => [r.itemId, r.periodKey, r.year, r.amountFen, r.paidFen]);
    expect(rows).toEqual([
      ['a', '2026-10', 2026, 60n, 0n],
      ['b', '2025', 2025, 7n, 7n],
    ]);
    expect((await run((tx) => paidHistory(tx, ask))).map((r) => [r.itemId, r.periodKey, r.amountFen])).toEqual([
      ['a', '2026-11', 40n],
      ['b', '2025', 7n],
    ]);
    expect(await run((tx) => promises(tx, { ...ask, itemIds: ['a'] }))).toMatchObject([
      { lineId: idOf('M'), amountFen: 40n, reservedFen: 40n },
    ]);
  });

  it('nothing commits at or below a cut that was given out, whoever is posting meanwhile', async () => {
    await open('entitlement');
    const cuts: { cut: bigint; count: number }[] = [];
    const reserve = (i: number) =>
      run(async (tx) => {
        await post(tx, [on('reserve', 1n, `L${i}`)], at);
        await new Promise((done) => setTimeout(done, (i * 7) % 11));
      });
    const cutOff = async () => {
      const cut = await run(ledgerCut);
      const [row] = await database.sql<{ n: number }[]>`select count(*)::int as n from posting where id <= ${cut}`;
      cuts.push({ cut, count: row?.n ?? 0 });
    };
    // Mixed in one queue: the pool has eight connections.
    await Promise.all(Array.from({ length: 72 }, (_, i) => (i % 6 === 5 ? cutOff() : reserve(i))));
    for (const { cut, count } of cuts)
      expect(await database.sql`select count(*)::int as n from posting where id <= ${cut}`).toEqual([{ n: count }]);
    expect(new Set(cuts.map((c) => c.cut)).size).toBeGreaterThan(2);
  });
});
