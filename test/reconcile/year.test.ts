// Year close on a real PostgreSQL: what is free is carried or released, what is promised stays, and a return after the close restores the old year.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults, type BankWord } from '../../src/payment/result.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch, returnBatch } from '../../src/payment/sign.ts';
import { closeYear, previewYear, type YearWay } from '../../src/reconcile/year.ts';
import { yearCloses } from '../../src/reconcile/year-store.ts';
import { testDatabase } from '../database.ts';
import { actor, payDay, paying, person, ready, steps, toReady } from '../payment/ground.ts';
import { broken, empty } from '../settlement/ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));
const { now } = steps();
const later = new Date('2027-01-05T02:00:00Z');

const limited = paying('a', { budget: { kind: 'limited', yuan: 1000, order: 'deathDate' } });
const close = (way: YearWay, over: { at?: Date; itemId?: string; reason?: string } = {}) =>
  closeYear(database.db, {
    itemId: over.itemId ?? 'a',
    year: 2026,
    way,
    by: actor('issuer'),
    reason: over.reason ?? '云财预〔2027〕3号',
    now: over.at ?? later,
  });
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (error: { problems?: readonly { code: string }[] }) => error.problems?.[0]?.code ?? String(error),
  );
const balances = async (year: number) =>
  Object.fromEntries(
    (
      await database.sql<{ account: string; fen: bigint }[]>`
      select account, amount_fen as fen from balance where account like ${`budget:a:${year}:%`} and amount_fen <> 0`
    ).map((row) => [row.account.split(':').at(-1), row.fen]),
  );

/** Three people of 100 yuan out of 1,000: one paid, one at the bank, one ready. */
const year = async () => {
  const sourceId = await ready(database, { A: person('甲', 1), B: person('乙', 2), C: person('丙', 3) }, { item: limited });
  const { batch } = await sealBatch(database.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker'), limit: 2 });
  if (batch === null) throw new Error('nothing sealed');
  await approveBatch(database.db, { batchId: batch.id, hash: batch.hash, person: actor('checker'), now });
  const prepared = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
  await releaseBatch(database.db, { ...steps(), batchId: batch.id, sha256: prepared.sha256, hash: batch.hash, person: actor('issuer') });
  const rows = await database.sql<{ id: string }[]>`select end_to_end_id as id from payment_line order by position`;
  return rows.map((row) => row.id);
};
let files = 0;
const answer = (endToEndId: string, kind: BankWord['kind']) => {
  const bytes = Buffer.from(`year ${files++}`);
  const words = [{ position: 1, endToEndId, kind, amountFen: 10_000n, code: null, text: null }];
  const content = {
    open: async function* () {
      yield bytes;
    },
  };
  return applyResults(database.db, { name: 'back.csv', format: 'table', words, content }, actor('clerk'), later);
};

describe('the end of a limited year', () => {
  it('carries what is free on top of the next budget, and leaves what is promised', async () => {
    const [paid = '', open = ''] = await year();
    await answer(paid, 'paid');
    expect(await close('carry')).toMatchObject({ movedFen: 70_000n, openFen: 20_000n });
    expect(await balances(2026)).toEqual({ appropriation: -30_000n, reserved: 10_000n, committed: 10_000n, paid: 10_000n });
    expect(await balances(2027)).toEqual({ appropriation: -170_000n, available: 170_000n });
    // A return after the close restores the old year; nothing of the new one moves.
    await answer(paid, 'returned');
    await answer(open, 'returned');
    expect(await balances(2026)).toEqual({ appropriation: -30_000n, reserved: 30_000n });
    expect(await balances(2027)).toEqual({ appropriation: -170_000n, available: 170_000n });
  });

  it('releases it to where it came from, as the preview said, which wrote nothing', async () => {
    await year();
    const before = await balances(2026);
    const preview = (way: YearWay, at = later) => previewYear(database.db, { itemId: 'a', year: 2026, way, now: at });
    expect(await preview('release')).toMatchObject({ movedFen: 70_000n, openFen: 30_000n, already: false });
    expect(await preview('carry')).toMatchObject({ movedFen: 70_000n, openFen: 30_000n, already: false });
    expect(await code(preview('carry', now))).toBe('state.year');
    expect([await balances(2026), await balances(2027), await yearCloses(database.db)]).toEqual([before, {}, []]);
    expect((await database.sql`select id from audit_entry where action = 'year.close'`).length).toBe(0);
    expect(await close('release')).toMatchObject({ movedFen: 70_000n, openFen: 30_000n });
    expect(await balances(2026)).toEqual({ appropriation: -30_000n, reserved: 10_000n, committed: 20_000n });
    expect(await balances(2027)).toEqual({});
    expect(await preview('release')).toMatchObject({ movedFen: 70_000n, already: true });
    expect(await code(preview('carry'))).toBe('conflict.closed');
    expect(await yearCloses(database.db)).toMatchObject([{ itemId: 'a', year: 2026, way: 'release', movedFen: 70_000n }]);
  });

  it('happens once, even to two at a time, and only when the year is over', async () => {
    await year();
    expect(await code(close('carry', { at: now }))).toBe('state.year');
    expect(await code(close('carry', { reason: ' ' }))).toBe('input.reason');
    expect(await code(close('carry', { itemId: 'nosuch' }))).toBe('missing.budget');
    const outcomes = await Promise.all([code(close('carry')), code(close('release')), code(close('carry'))]);
    // Two say the same: whoever comes second is told that it is done. The other way is refused.
    expect([...new Set(outcomes)].toSorted()).toEqual(['conflict.closed', 'fine']);
    expect(outcomes[0]).toBe(outcomes[2]);
    expect(outcomes[0]).not.toBe(outcomes[1]);
    const [{ n } = { n: 0 }] = await database.sql<{ n: number }[]>`select count(*)::int as n from posting where transaction like 'close:%'`;
    expect(n).toBe(2);
  });

  it('refuses while a batch is neither released nor sent back, and names it; then a kill leaves nothing, and again is the same', async () => {
    const sourceId = await ready(database, { A: person('甲', 1), B: person('乙', 2) }, { item: limited });
    const { batch } = await sealBatch(database.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker'), limit: 1 });
    const refused = await close('carry').catch((error: { problems: readonly { code: string; message: string }[] }) => error.problems);
    expect(refused).toMatchObject([{ code: 'state.year-open', message: `有批次还没有签发或退回（${batch?.number}），共 1 笔。` }]);
    await returnBatch(database.db, {
      batchId: batch?.id ?? '',
      hash: batch?.hash ?? '',
      person: actor('checker'),
      now,
      reason: '年底退回',
    });
    for (const name of ['year.after-queue', 'year.before-post', 'year.before-commit']) {
      const dying = (at: string) => (at === name ? Promise.reject(new Error('killed')) : Promise.resolve());
      await expect(
        closeYear(database.db, { itemId: 'a', year: 2026, way: 'carry', by: actor('issuer'), reason: '结转', now: later, at: dying }),
      ).rejects.toThrow('killed');
      expect(await balances(2027)).toEqual({});
    }
    expect(await close('carry')).toMatchObject({ movedFen: 80_000n, openFen: 20_000n, already: false });
    expect(await close('carry')).toMatchObject({ movedFen: 80_000n, openFen: 20_000n, already: true });
    expect(await code(close('release'))).toBe('conflict.closed');
  });

  it('carries who still waits first into the next year, or lets them go with the reason, as the item says', async () => {
    for (const carry of [true, false]) {
      await empty(database);
      const item = paying('a', { budget: { kind: 'limited', yuan: 150, order: 'deathDate', carry } });
      await ready(database, { A: person('甲', 1), B: person('乙', 2) }, { item });
      expect(await close('release')).toMatchObject(carry ? { carried: 1, refused: 0 } : { carried: 0, refused: 1 });
      await toReady(database, day('2027-01-06'));
      const lines =
        await database.sql`select budget_year as year, state from settlement_line where state <> 'superseded' order by budget_year, state`;
      expect(lines.map((line) => `${line.year} ${line.state}`)).toEqual(
        carry ? ['2026 granted', '2027 granted'] : ['2026 granted', '2026 refused'],
      );
      expect(await broken(database)).toEqual([]);
    }
  });

  it('has nothing to close where everybody entitled is paid', async () => {
    await ready(database, { A: person('甲', 1) });
    expect(await code(close('carry'))).toBe('state.budget');
  });
});
