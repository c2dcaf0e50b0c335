// Reconciliation on a real PostgreSQL: it agrees to the 分 while all is well, names every line that somebody changed behind the program's back, and a month
// is closed only when nothing differs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything } from '../../src/base/scope.ts';
import { readConfig } from '../../src/config.ts';
import { connect } from '../../src/db/handle.ts';
import { jobs } from '../../src/jobs.ts';
import { releasedFile } from '../../src/payment/manifest.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults, type BankWord } from '../../src/payment/result.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { closeMonth } from '../../src/reconcile/close.ts';
import { monthRows } from '../../src/reconcile/month-store.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { statementSheets } from '../../src/reconcile/statement.ts';
import type { By } from '../../src/reconcile/store.ts';
import { caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { actor, payDay, person, ready, steps } from '../payment/ground.ts';
import { empty } from '../settlement/ground.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-reconcile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => empty(database));
const { now } = steps();
const later = new Date('2026-12-02T02:00:00Z');

const people = { A: person('甲', 1), B: person('乙', 2), C: person('丙', 3), D: person('丁', 4) };
const released = async () => {
  const sourceId = await ready(database, people);
  const { batch } = await sealBatch(database.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker') });
  if (batch === null) throw new Error('nothing sealed');
  await approveBatch(database.db, { batchId: batch.id, hash: batch.hash, person: actor('checker'), now });
  const prepared = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
  await releaseBatch(database.db, { ...steps(), batchId: batch.id, sha256: prepared.sha256, hash: batch.hash, person: actor('issuer') });
  return batch;
};
const references = async (batchId: string) =>
  (await database.sql<{ id: string }[]>`select end_to_end_id as id from payment_line where batch_id = ${batchId} order by position`).map(
    (row) => row.id,
  );
let files = 0;
const answer = (words: readonly (readonly [string, BankWord['kind'], bigint?])[]) => {
  const bytes = Buffer.from(`reconcile ${files++}`);
  return applyResults(
    database.db,
    {
      name: 'back.csv',
      format: 'table',
      words: words.map(([endToEndId, kind, amountFen = 10_000n], i) => ({
        position: i + 1,
        endToEndId,
        kind,
        amountFen,
        code: null,
        text: null,
      })),
      content: {
        open: async function* () {
          yield bytes;
        },
      },
    },
    actor('clerk'),
    now,
  );
};
const look = (by: By = 'batch', month?: string) => reconcile(database.db, by, { scope: everything, month });
const kinds = async () => (await look()).differences.map((one) => one.kind);
const asOwner = async (statement: string): Promise<void> => {
  const owner = connect(database.ownerUrl, { max: 1, statementTimeoutMs: 10_000 });
  await owner.unsafe(statement).finally(() => owner.end());
};

describe('while all is well', () => {
  afterEach(async () => expect(await database.sql`select * from assert_invariants()`).toEqual([]));

  it('agrees to the 分 at every stage, by batch, month, item and source', async () => {
    expect(await look()).toMatchObject({ payments: [], differences: [] });
    const batch = await released();
    const [a = '', b = '', c = '', d = ''] = await references(batch.id);
    expect((await look()).payments).toMatchObject([
      { place: batch.number, sealedFen: 40_000n, fileFen: 40_000n, openFen: 40_000n, bookedOpenFen: 40_000n },
    ]);
    await answer([
      [a, 'paid'],
      [b, 'returned'],
      [c, 'unknown'],
    ]);
    for (const by of ['batch', 'month', 'item', 'source'] as const) {
      const { payments, differences } = await look(by);
      expect(differences).toEqual([]);
      expect(payments).toMatchObject([
        {
          sealedCount: 4,
          fileCount: 4,
          paidCount: 1,
          paidFen: 10_000n,
          returnedFen: 10_000n,
          openCount: 2,
          openFen: 20_000n,
          bookedPaidFen: 10_000n,
          bookedOpenFen: 20_000n,
        },
      ]);
    }
    // A return after payment restores.
    await answer([[a, 'returned']]);
    await answer([
      [c, 'paid'],
      [d, 'paid'],
    ]);
    const found = await look();
    expect(found).toMatchObject({ differences: [], payments: [{ paidFen: 20_000n, returnedFen: 20_000n, openFen: 0n }] });
    expect(found.promises).toMatchObject([
      { matchedFen: 40_000n, cutFen: 0n, settledFen: 40_000n, waitingFen: 20_000n, paidFen: 20_000n, bookedReservedFen: 20_000n },
    ]);
    expect((await look('batch', '2026-10')).payments).toEqual([]);
  });
});

/** Item, kind, how many, by the lines, by the books. */
const statement = async (month: string) =>
  (await monthRows(database.db, { scope: everything, month })).map((row) => [...[row.itemId, row.kind, row.count, row.fen, row.bookedFen]]);

describe('the statement of a month', () => {
  it('says by item, source and kind what happened and what is open, and each line is what is booked', async () => {
    const batch = await released();
    const [first = '', second = '', third = ''] = await references(batch.id);
    await answer([
      [first, 'paid'],
      [second, 'paid'],
      [third, 'returned'],
    ]);
    const month = now.toISOString().slice(0, 7);
    expect(await statement(month)).toEqual([
      ['a', 'sealed', 4, 40_000n, 40_000n],
      ['a', 'paid', 2, 20_000n, 20_000n],
      ['a', 'returned', 1, 10_000n, 10_000n],
      ['a', 'open', 1, 10_000n, 10_000n],
    ]);
    // What was paid comes back after all: both happened, the money is where it was.
    await answer([[second, 'returned']]);
    expect((await statement(month)).map(([, kind, count, fen, booked]) => [kind, count, fen === booked])).toEqual([
      ['sealed', 4, true],
      ['paid', 2, true],
      ['returned', 2, true],
      ['open', 1, true],
    ]);
    expect(await statement('2026-01')).toEqual([]);
    expect(await monthRows(database.db, { scope: { ...everything, items: [] }, month })).toEqual([]);
  });

  it('shows where the books were changed behind the program', async () => {
    const batch = await released();
    const [first = ''] = await references(batch.id);
    await answer([[first, 'paid']]);
    await asOwner(`update posting set at = at + interval '3 months' where transaction like 'pay:%'`);
    const odd = (await statement(now.toISOString().slice(0, 7))).filter((row) => row[3] !== row[4]);
    expect(odd).toEqual([
      ['a', 'paid', 1, 10_000n, 0n],
      ['a', 'open', 3, 30_000n, 40_000n],
    ]);
  });
});

describe('a word of the bank that fits nothing', () => {
  it('stands beside what the bank was told of, and beside nothing where it was told nothing', async () => {
    const batch = await released();
    const [a = ''] = await references(batch.id);
    await answer([
      [a, 'paid', 10_100n],
      ['ZX0', 'paid', 500n],
    ]);
    const odd = (await look()).differences.map(({ at, itemId, expectedFen, actualFen }) => [at, itemId, expectedFen, actualFen]);
    expect(odd).toEqual([
      [a, 'a', 10_000n, 10_100n],
      ['ZX0', null, 0n, 500n],
    ]);
  });

  it('is filed under the titles of its item and period, as everything else on the sheets', async () => {
    const batch = await released();
    const [a = ''] = await references(batch.id);
    await answer([[a, 'paid', 1n]]);
    const called = { titles: new Map([['a', '甲项补贴']]), period: (key: string) => `第 ${key} 期` };
    for (const by of ['batch', 'month', 'item', 'source'] as const) {
      const sheets = statementSheets(await look(by), by, called);
      for (const { header, rows } of sheets) for await (const row of rows) expect(row).toHaveLength(header.length);
      expect(JSON.stringify(sheets)).not.toContain('"a"');
      expect(JSON.stringify(sheets[1])).toContain('"甲项补贴","第 ');
      expect(JSON.stringify(sheets[2])).toContain('"甲项补贴"');
    }
  });
});

describe('a difference is named with its line', () => {
  it.each([
    ['a posting that was changed', `update posting set amount_fen = amount_fen * 2 where transaction like 'pay:%'`, 'postings'],
    ['a posting that is gone', `delete from posting where transaction like 'pay:%'`, 'postings'],
    ['a source not booked', `delete from posting where transaction like 'pay:%' and account like 'fund:%'`, 'funding'],
    ['a word of the bank that is gone', `delete from line_event where kind = 'paid'`, 'postings'],
    ['a record moved by hand', `update disbursement set state = 'sent' where state = 'paid'`, 'record'],
    ['a record worth something else', `update disbursement set amount_fen = amount_fen + 1 where state = 'paid'`, 'record'],
    ['a settled line worth something else', `update settlement_line set granted_fen = 9999 where state = 'granted'`, 'promise'],
    ['a match with another amount', `update match set lines = jsonb_set(lines, '{0,award,amountFen}', '"10100"')`, 'settled'],
    ['a line nobody told the bank of', `delete from line_event where kind = 'sent'`, 'file'],
    ['a payment line worth something else', `update payment_line set amount_fen = amount_fen + 100`, 'file'],
    ['an answer that fits nothing', null, 'suspense'],
  ])('%s', async (_, tampering, kind) => {
    const batch = await released();
    const [a = ''] = await references(batch.id);
    await answer([[a, 'paid']]);
    if (tampering === null) await answer([[a, 'paid', 1n]]);
    else await asOwner(tampering);
    expect(await kinds()).toContain(kind);
    const { differences } = await look();
    const one = differences.find((difference) => difference.kind === kind);
    if (kind === 'postings' || kind === 'funding') expect(one).toMatchObject({ at: a, place: batch.number });
    expect(one?.says).not.toMatch(/\b(?:paid|sent|sealed|returned)\b/);
    await expect(closeMonth(database.db, { month: '2026-11', by: actor('checker'), now: later })).rejects.toMatchObject({
      problems: [{ code: 'state.differences' }],
    });
  });
});

describe('closing a month', () => {
  const close = (carry?: string, at = later) => closeMonth(database.db, { month: '2026-11', by: actor('checker'), now: at, carry });
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'fine',
      (error: { problems?: readonly { code: string }[] }) => error.problems?.[0]?.code,
    );

  it('waits for the month to end and for every answer, keeps what it stood at, and happens once', async () => {
    const batch = await released();
    const all = await references(batch.id);
    expect(await code(close(undefined, now))).toBe('state.month');
    expect(await code(close())).toBe('state.open-lines');
    await answer(all.map((one) => [one, 'paid'] as const));
    const outcomes = await Promise.all([code(close()), code(close())]);
    expect(outcomes.toSorted()).toEqual(['conflict.closed', 'fine']);
    expect(await database.sql`select state from batch`).toEqual([{ state: 'closed' }]);
    expect(await database.sql`select * from assert_invariants()`).toEqual([]);
    // What comes back after closing is booked as ever.
    await answer([[all[0] as string, 'returned']]);
    expect((await look()).differences).toEqual([]);
  });

  it('carries what has no answer only with a reason', async () => {
    const all = await references((await released()).id);
    await answer(all.slice(0, 3).map((one) => [one, 'paid'] as const));
    expect(await close('银行系统升级，次月回盘')).toMatchObject({ carried: [all[3]], batches: 0 });
  });
});

describe('the command, and the night', () => {
  const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys }), later);

  it('shows, writes the statement and closes', async () => {
    const batch = await released();
    await answer((await references(batch.id)).map((one) => [one, 'paid'] as const));
    const file = join(folder, 'statement.csv');
    const shown = await call('reconcile', '--by', 'source', '--month', '2026-11', '--out', file, '--json');
    expect(shown.exit).toBe(0);
    expect(shown.json()).toMatchObject({ ok: true, payments: [{ paidFen: '40000' }] });
    expect(readFileSync(file, 'utf8')).toContain('400.00');
    await call('accounts', 'add', 'fu.he', '--name', '复核', '--roles', 'finance-checker');
    expect((await call('reconcile', 'close', '2026-11', '--by', 'fu.he')).text).toContain('已关账：1 个批次');
    expect((await call('reconcile', 'close', '2026-13', '--by', 'fu.he')).problems[0]?.code).toBe('input.month');
  });

  it('raises an alarm when a promise is broken, that stops what leaves and what is closed, names who must act, and is ended by a person alone', async () => {
    const batch = await released();
    const night = jobs.find((job) => job.name === 'invariants.look');
    const look = () => night?.run({ db: database.db, config: readConfig({ ZHIXIANG_KEYS: testKeys }), now: later, anchor: null });
    const file = () => releasedFile(database.db, { batchId: batch.id, person: actor('maker'), now: later });
    expect(await look()).toBe(null);
    await call('accounts', 'add', 'shen.ji', '--name', '沈计', '--roles', 'auditor');
    await asOwner(`update balance set amount_fen = amount_fen + 1 where account like '%:committed'`);
    const told = await look();
    expect([told?.includes('审计沈计'), told?.includes('余额等于流水之和')]).toEqual([true, true]);
    expect(await look()).toBe(told);
    const alerts =
      await database.sql`select object_id, detail -> 'after' ->> 'message' as message from audit_entry where action = 'invariant.broken'`;
    expect(alerts).toContainEqual({ object_id: '4', message: 'a balance is not the sum of its postings' });
    await expect(file()).rejects.toThrow('state.promises');
    await expect(
      releaseBatch(database.db, { ...steps(), batchId: batch.id, sha256: '', hash: '', person: actor('issuer') }),
    ).rejects.toThrow('state.promises');
    await expect(closeMonth(database.db, { month: '2026-11', by: actor('checker'), now: later })).rejects.toThrow('state.promises');
    const lift = (...more: readonly string[]) => call('check', '--lift', '--reason', '核对流水，误改已恢复', ...more);
    expect((await lift('--by', 'shen.ji')).problems[0]?.code).toBe('state.promises');
    await asOwner(`update balance set amount_fen = amount_fen - 1 where account like '%:committed'`);
    // Put right is not enough: somebody says what it was.
    expect(await look()).toBe(told);
    await expect(file()).rejects.toThrow('state.promises');
    await call('accounts', 'add', 'other', '--name', '别人', '--roles', 'finance-checker');
    expect((await lift('--by', 'other')).problems[0]?.code).toBe('scope.role');
    expect((await lift('--by', 'shen.ji')).problems).toEqual([]);
    expect(await look()).toBe(null);
    expect((await file()).sha256).toHaveLength(64);
    expect(await database.sql`select reason from audit_entry where action = 'invariant.lift'`).toEqual([
      { reason: '核对流水，误改已恢复' },
    ]);
  });

  it('closes nothing on a promise that is broken now, although no night has seen it yet', async () => {
    const batch = await released();
    await answer((await references(batch.id)).map((one) => [one, 'paid'] as const));
    await asOwner(`update balance set amount_fen = amount_fen + 1 where account like 'budget:%:reserved'`);
    await expect(closeMonth(database.db, { month: '2026-11', by: actor('checker'), now: later })).rejects.toThrow('state.promises');
  });
});
