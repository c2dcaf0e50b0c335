// 抵扣: what is owed is kept back from later payments as the item allows; the books balance, sources and years get back what was theirs. On a real PostgreSQL.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { openRecovery, proposeRecoveries, receiveRecovery } from '../../src/disbursement/recovery.ts';
import { listRecoveries } from '../../src/disbursement/recovery-store.ts';
import { shareOf } from '../../src/ledger/fund.ts';
import { mostOf } from '../../src/payment/offset.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { returnBatch } from '../../src/payment/sign.ts';
import type { Item } from '../../src/policy/item.ts';
import type { Offset } from '../../src/policy/life.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { recovery as recoveryReport } from '../../src/report/store.ts';
import { testDatabase } from '../database.ts';
import { act } from '../disbursement/ground.ts';
import { broken, calendar, empty, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { actor, fund, payDay, paying, person, steps, toReady } from './ground.ts';
import { bankSays, referencesOf, sealOf, sendOut, signing, word } from './way.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const doing = <T>(work: Parameters<typeof transaction<T>>[1]) => transaction(database.db, work);
const terms = (offset: Omit<Offset, 'clause'>): Partial<Item> => ({
  overpaid: { tellWorkingDays: 5, dueMonths: 3, clause: '第十二条', offset: { ...offset, clause: '第十三条' } },
});
const month = (period: string) => ({ period, start: `${period}-01` });
let answers = 0;
const pay = async (source: string): Promise<void> => {
  const batch = await sealOf(database, source);
  await sendOut(database, batch);
  const words = (await referencesOf(database, batch.id)).map((reference) => word(reference, 'paid'));
  await bankSays(database, words, `answer ${answers++}`);
};
/** September was paid, and was not due: 100 yuan are owed. Sources of the year: one, or two by share. */
const owing = async (
  item: Partial<Item>,
  sources: readonly { shareBp: number | null; document: string }[] = [{ shareBp: null, document: '一号' }],
) => {
  await settlePeople(database, { A: person('甲', 1) });
  await publish(database, [paying('a', item)]);
  await runWith(database, [{ item: 'a', subject: 'A', ...month('2026-09'), yuan: 100 }]);
  await toReady(database);
  const ids: string[] = [];
  for (const [rank, one] of sources.entries()) ids.push(await fund(database, 'a', 'agent-csv', { ...one, rank }));
  const source = ids[0] ?? '';
  await pay(source);
  await runWith(database, [{ item: 'a', subject: 'A', ...month('2026-09'), verdict: 'ineligible', kind: 'ended' }]);
  await toReady(database);
  await proposeRecoveries(database.db, { now: steps().now, today, calendar });
  const { id } = await only();
  await doing((tx) => openRecovery(tx, { ...act(id), reason: '9 月已迁出' }));
  return { source, ids, id };
};
const cases = async () => (await listRecoveries(database.db, { scope: everything, limit: 20 })).rows;
const only = async () => {
  const [one, ...more] = await cases();
  if (one === undefined || more.length > 0) throw new Error('not one case');
  return one;
};
const due = async (periods: readonly string[], yuan = 60) => {
  await runWith(
    database,
    periods.map((period) => ({ item: 'a', subject: 'A', ...month(period), yuan })),
  );
  await toReady(database);
};
const ended = async () =>
  await database.sql<
    { period: string; fen: bigint }[]
  >`select period_key as period, amount_fen as fen from payment_line order by period_key`;
const fundsOpen = async (ids: readonly string[]) => {
  const rows = await database.sql<
    { account: string; fen: bigint }[]
  >`select account, amount_fen as fen from balance where account like 'fund:%'`;
  const of = new Map(rows.map((row) => [row.account, row.fen]));
  return ids.map((id) => of.get(`fund:${id}:spent`) ?? 0n);
};
const balance = async (name: string) =>
  (await database.sql<{ fen: bigint }[]>`select amount_fen as fen from balance where account = ${`budget:a:2026:${name}`}`)[0]?.fen ?? 0n;

describe('what may be kept back', () => {
  it('is at most the share, the yuan of the period, and never touches what must be left', () => {
    const yuan = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(
        fc.record({ share: fc.integer({ min: 1, max: 99 }), yuan, keepYuan: yuan, use: fc.tuple(fc.boolean(), fc.boolean()) }),
        fc.bigInt({ min: 1n, max: 100_000n }),
        fc.bigInt({ min: 0n, max: 60_000n }),
        ({ share, yuan: cap, keepYuan, use: [byYuan, byKeep] }, amountFen, usedFen) => {
          const most = mostOf(
            { share: share / 100, ...(byYuan ? { yuan: cap } : {}), ...(byKeep ? { keepYuan } : {}), clause: 'x' },
            amountFen,
            usedFen,
          );
          expect(most >= 0n && most < amountFen && most * 100n <= amountFen * BigInt(share)).toBe(true);
          if (byYuan && most > 0n) expect(most + usedFen <= BigInt(cap) * 100n).toBe(true);
          if (byKeep && most > 0n) expect(amountFen - most >= BigInt(keepYuan) * 100n).toBe(true);
        },
      ),
    );
  });

  it('comes from each source in its proportion, to the last 分', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 10_000n }), { minLength: 1, maxLength: 5 }),
        fc.bigInt({ min: 1n, max: 30_000n }),
        (held, fen) => {
          const parts = held.map((amountFen, i) => ({ sourceId: `${i}`, amountFen }));
          const total = held.reduce((a, b) => a + b, 0n);
          const taken = shareOf(parts, fen);
          expect(taken.reduce((sum, part) => sum + part.amountFen, 0n)).toBe(fen < total ? fen : total);
          for (const part of taken) expect(part.amountFen <= (held[Number(part.sourceId)] ?? 0n)).toBe(true);
        },
      ),
    );
  });
});

describe('an offset', () => {
  it('is split off at sealing, told, booked and reported; the rest is paid; the case goes down and closes', async () => {
    const { source, id } = await owing(terms({ share: 0.5 }));
    await due(['2026-10', '2026-11', '2026-12']);
    await pay(source);
    expect(await ended()).toEqual([
      { period: '2026-09', fen: 10_000n },
      { period: '2026-10', fen: 3_000n },
      { period: '2026-11', fen: 3_000n },
      { period: '2026-12', fen: 3_000n },
    ]);
    expect(await only()).toMatchObject({ state: 'open', settledFen: 9_000n });
    const owed = await database.sql<{ detail: Record<string, string> }[]>`
      select detail from owed_notice where template = 'recovery-offset' order by detail ->> 'reason'`;
    expect(owed.map(({ detail }) => [detail.amountFen, detail.otherFen, detail.clause])).toEqual(
      Array(3).fill(['6000', '3000', '第十三条']),
    );
    // Cash that left: 100 + 3 × 30; what the lines were paid: 10 of September and three times 60.
    expect([await balance('paid'), await balance('committed'), await balance('reserved')]).toEqual([19_000n, 0n, 0n]);
    expect(await fundsOpen([source])).toEqual([19_000n]);
    expect((await reconcile(database.db, 'month', { scope: everything })).differences).toEqual([]);
    expect(await recoveryReport(database.db, { scope: everything, today })).toMatchObject([
      { people: 1, cases: 1, fen: 10_000n, offsetFen: 9_000n, returnedFen: 0n, owedFen: 1_000n, unopenedFen: 0n },
    ]);
    await doing((tx) => receiveRecovery(tx, { ...act(id), amountFen: 1_000n, reference: '收据1' }));
    expect(await only()).toMatchObject({ state: 'closed', settledFen: 10_000n });
    expect(await fundsOpen([source])).toEqual([18_000n]);
    expect((await reconcile(database.db, 'month', { scope: everything })).differences).toEqual([]);
  });

  it('leaves what must be left, takes no more than a period’s amount, and nothing where the item does not say so', async () => {
    const kept = async (item: Partial<Item>) => {
      await empty(database);
      const { source } = await owing(item);
      await due(['2026-10']);
      await sealOf(database, source);
      return (await only()).settledFen;
    };
    expect(await kept({ overpaid: { tellWorkingDays: 5, dueMonths: 3, clause: '第十二条' } })).toBe(0n);
    expect(await kept(terms({ share: 0.5, keepYuan: 45 }))).toBe(1_500n);
    expect(await kept(terms({ share: 0.5, yuan: 10 }))).toBe(1_000n);
    expect(await kept(terms({ keepYuan: 60 }))).toBe(0n);
  });

  it('is kept back once, whatever becomes of the batch: sent back, the next batch pays the rest', async () => {
    const { source } = await owing(terms({ share: 0.5 }));
    await due(['2026-10']);
    const first = await sealOf(database, source);
    await returnBatch(database.db, { ...signing(first, 'checker'), reason: '附言写错' });
    const next = await sealOf(database, source);
    expect(next.totalFen).toBe(3_000n);
    expect(await only()).toMatchObject({ settledFen: 3_000n });
    expect(await balance('committed')).toBe(3_000n);
  });

  it('gives each source and year back what was theirs, and takes from those that pay', async () => {
    const { ids, source } = await owing(terms({ share: 0.5 }), [
      { shareBp: 7_000, document: '一号' },
      { shareBp: 3_000, document: '二号' },
    ]);
    expect(await fundsOpen(ids)).toEqual([7_000n, 3_000n]);
    await due(['2026-10']);
    await pay(source);
    // 30 back to both as they gave, 60 paid by both: 42 + 70 − 21, 18 + 30 − 9.
    expect(await fundsOpen(ids)).toEqual([9_100n, 3_900n]);
    const rows = await database.sql<{ way: string; fen: bigint }[]>`
      select way, amount_fen as fen from recovery_funding order by way, amount_fen desc`;
    expect(rows).toEqual([
      { way: 'back', fen: 2_100n },
      { way: 'back', fen: 900n },
      { way: 'taken', fen: 2_100n },
      { way: 'taken', fen: 900n },
    ]);
  });

  it('beside a receipt and another sealing: never more than is owed', { timeout: 120_000 }, async () => {
    for (let round = 0; round < (process.env.ZHIXIANG_TEST_LONG === '1' ? 20 : 3); round++) {
      await empty(database);
      const { source, id } = await owing(terms({ share: 0.5 }));
      await due(['2026-10', '2026-11', '2026-12']);
      const seal = () => sealBatch(database.db, { ...steps(), sourceId: source, payOn: payDay, maker: actor('maker'), limit: 2 });
      const receive = () => doing((tx) => receiveRecovery(tx, { ...act(id), amountFen: 4_000n, reference: '收据1' }));
      await Promise.allSettled([seal(), receive(), seal(), receive()]);
      const { settledFen, amountFen, state } = await only();
      const [{ cash } = { cash: 0n }] = await database.sql<{ cash: bigint }[]>`
        select sum(amount_fen)::bigint as cash from payment_line where period_key <> '2026-09'`;
      // Whatever was kept back was not paid, whatever came in is counted once; both sealings may have come first and left nothing to come in.
      const [{ came } = { came: 0n }] = await database.sql<{ came: bigint }[]>`
        select coalesce(sum(amount_fen), 0)::bigint as came from recovery_entry where kind = 'paid'`;
      expect(settledFen <= amountFen).toBe(true);
      expect(state).toBe(settledFen === amountFen ? 'closed' : 'open');
      expect([0n, 4_000n]).toContain(came);
      expect(18_000n - cash).toBe(settledFen - came);
      expect(await broken(database)).toEqual([]);
    }
  });
});
