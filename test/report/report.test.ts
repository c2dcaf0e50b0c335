// Reports on a real PostgreSQL: the figures are those of the people who stand there, formulas stay text, names are masked, the page has no script.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { figureYuan } from '../../src/base/amount.ts';
import { addDays, day, daysBetween } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults } from '../../src/payment/result.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { type Burn, type BurnAsk, burnOf } from '../../src/report/burn.ts';
import { monthSums } from '../../src/report/burn-store.ts';
import { exhaustedOn, type ReportName, type ReportOptions, reportNames, reportSheet } from '../../src/report/report.ts';
import { promisedLately } from '../../src/report/store.ts';
import { type BudgetView, listBudgets } from '../../src/settlement/read-store.ts';
import { writeCsv } from '../../src/sheet/csv-write.ts';
import { chiefPage } from '../../src/web/chief.ts';
import { caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { actor, payDay, paying, person, ready, steps } from '../payment/ground.ts';
import { empty } from '../settlement/ground.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => empty(database));
const { now, today } = steps();
const ask: ReportOptions = { scope: everything, today, names: false, titles: new Map([['a', '高龄津贴']]) };
const rows = async (name: ReportName, over: Partial<ReportOptions> = {}) =>
  (await reportSheet(database.db, name, { ...ask, ...over })).rows.map((row) =>
    row.map((cell) => (cell === null || typeof cell === 'string' ? cell : 'number' in cell ? cell.number : cell.day)),
  );

/** Four people of 100 yuan out of 1,000: one paid, one returned, one waits for an account in vain, one ready. */
const town = async () => {
  const item = paying('a', { budget: { kind: 'limited', yuan: 1000, order: 'deathDate' } });
  const sourceId = await ready(
    database,
    { A: person('甲一', 1), B: person('乙二', 2), C: person('=丙三', 3), D: person('丁四', 4) },
    { item },
  );
  const { batch } = await sealBatch(database.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker'), limit: 2 });
  if (batch === null) throw new Error('nothing sealed');
  await approveBatch(database.db, { batchId: batch.id, hash: batch.hash, person: actor('checker'), now });
  const prepared = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
  await releaseBatch(database.db, { ...steps(), batchId: batch.id, sha256: prepared.sha256, hash: batch.hash, person: actor('issuer') });
  const ids = await database.sql<{ id: string }[]>`select end_to_end_id as id from payment_line order by position`;
  const word = (i: number, kind: 'paid' | 'returned', code: string | null) => ({
    position: i,
    endToEndId: ids[i - 1]?.id ?? '',
    kind,
    amountFen: 10_000n,
    code,
    text: null,
  });
  const content = {
    open: async function* () {
      yield Buffer.from(`report ${ids[0]?.id}`);
    },
  };
  const words = [word(1, 'paid', null), word(2, 'returned', 'AC01')];
  await applyResults(database.db, { name: 'back.csv', format: 'table', words, content }, actor('clerk'), now);
  await database.sql`
    update disbursement set state = 'asking', due_on = ${today}::date - 12, payee_name = '=丙三' where id = (select min(id::text)::uuid from disbursement where state = 'ready')`;
};

describe('what the reports say', () => {
  it('counts budgets, waiting, returns and effect to the 分', async () => {
    await town();
    expect(await rows('burn-down')).toEqual([
      ['高龄津贴', '2026', '限额', '1000.00', '300.00', '0.00', '100.00', '600.00', '0', '0.00', '2027-03-25'],
    ]);
    expect(await rows('ageing')).toEqual([
      ['高龄津贴', '0-30', '待补信息', '1', '1', '100.00', '0'],
      ['高龄津贴', '0-30', '待拨付', '1', '1', '100.00', '0'],
      ['高龄津贴', '0-30', '已退汇', '1', '1', '100.00', '0'],
    ]);
    expect((await rows('undrawn')).map((row) => row.slice(1))).toEqual([
      ['待补信息', '1', '100.00'],
      ['已退汇', '1', '100.00'],
    ]);
    expect((await rows('returns')).map((row) => [row[1], ...row.slice(3)])).toEqual([['账号不存在', '1', '100.00', '0', '1']]);
    expect(await rows('effect')).toEqual([['高龄津贴', '4', '1', '25.0', '100.00', '0', '0']]);
    expect(await rows('recovery')).toEqual([]);
    expect((await rows('late')).map((row) => row.slice(3, 8))).toEqual([['待补信息', '2026-10-29', '12', '=**', '100.00']]);
    expect((await rows('late', { names: true }))[0]?.[6]).toBe('=丙三');
    for (const name of reportNames) expect(await rows(name, { itemId: 'other' })).toEqual([]);
    for (const name of reportNames) expect(await rows(name, { scope: { ...everything, items: [] } })).toEqual([]);
  });

  it('keeps a name that looks like a formula as text', async () => {
    await town();
    let csv = '';
    for await (const piece of writeCsv([await reportSheet(database.db, 'late', { ...ask, names: true })]))
      csv += Buffer.from(piece).toString();
    expect(csv).toContain(`,'=丙三,`);
  });

  it('makes a page for the head of the bureau that stands alone', async () => {
    await town();
    const page = String(await chiefPage(database.db, ask, now));
    expect(page).toContain('高龄津贴');
    expect(page).toContain('1</strong><span>件超期');
    expect(page).not.toMatch(/<script|src=|丙三/);
  });

  it('has the figures of the books on that page', async () => {
    await town();
    const page = String(await chiefPage(database.db, ask, now));
    const booked = async (...names: readonly string[]): Promise<string> => {
      const [row] = await database.sql<{ fen: bigint }[]>`
        select coalesce(sum(amount_fen), 0)::bigint as fen from posting where account = any(${names.map((name) => `budget:a:2026:${name}`)}::text[])`;
      return figureYuan(row?.fen ?? 0n);
    };
    const card = (label: string): string | undefined => new RegExp(`<span>${label}，<b>([\\d,.]+) 元</b>`).exec(page)?.[1];
    expect([card('已到账'), card('已核定未到账')]).toEqual([await booked('paid'), await booked('reserved', 'committed')]);
    expect([card('已到账'), card('已核定未到账')]).toEqual(['100.00', '300.00']);
    expect(page).toContain(`可用 ${await booked('available')} 元`);
    expect(page).toContain('退汇 1 笔，100.00 元；已重发 0 笔，待更正 1 笔');
  });

  it('is called by name, into a file or as JSON', async () => {
    await town();
    const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys }), now);
    const file = join(folder, 'effect.csv');
    expect((await call('report', 'effect', '--out', file, '--json')).json()).toMatchObject({
      report: 'effect',
      rows: [['事项a', '4', '1', '25.0', '100.00', '0', '0']],
    });
    expect(readFileSync(file, 'utf8')).toContain('到账率');
    expect((await call('report', 'chief', '--out', join(folder, 'chief.html'))).exit).toBe(0);
    expect((await call('report', 'nosuch')).problems[0]?.code).toBe('input.argument');
  });
});

describe('the progress of a budget', () => {
  const budgetNow = async (): Promise<BudgetView> => (await listBudgets(database.db, everything))[0] as BudgetView;
  const burn = async (over: Partial<BurnAsk> = {}): Promise<Burn> => {
    const budget = await budgetNow();
    const latelyFen = (await promisedLately(database.db, today)).get(budget.id) ?? 0n;
    return burnOf({ budget, sums: await monthSums(database.db, budget.id), latelyFen, today, closed: null, ...over });
  };

  it('adds up month by month to what the books say, and goes on at the pace of ninety days', async () => {
    await town();
    const { months, ...told } = await burn();
    const month = today.slice(0, 7);
    const own = months.find((one) => one.month === month);
    expect(own).toMatchObject({ givenFen: 100_000n, promisedFen: 40_000n, paidFen: 10_000n });
    expect(own?.standing).toEqual({ paidFen: 10_000n, committedFen: 0n, reservedFen: 30_000n, usedFen: 40_000n });
    expect(months.map((one) => one.month)).toHaveLength(12);
    expect(months.filter((one) => one.standing === null).every((one) => one.month > month)).toBe(true);
    // 400.00 in 90 days; 600.00 are free: 135 days on, and the year ends before.
    expect(told).toMatchObject({ goneOn: null, lackFen: 0n });
    const left = BigInt(daysBetween(today, day('2026-12-31')));
    expect(told.expectedFen).toBe(40_000n + (40_000n * left) / 90n);
    expect(months.at(-1)?.expectedFen).toBe(told.expectedFen);
    expect(told.text).toContain('到年底还剩');
  });

  it('says in words the day it is gone, what is lacking, and what nobody can know', async () => {
    await town();
    const said = await burn({ latelyFen: 200_000n });
    expect(said.goneOn).toBe(addDays(today, 27));
    expect(said.text).toMatch(/^照近 90 天的速度（每月约 675.92 元）/);
    expect(said.text).toContain(`可用的 600.00 元 到 12月7日 用完`);
    const budget = await budgetNow();
    expect((await burn({ latelyFen: 0n })).text).toBe('近 90 天没有新核定，可用 600.00 元。');
    expect((await burn({ budget: { ...budget, availableFen: 0n, waiting: 2, waitingFen: 300n } })).text).toBe(
      '额度已用完。2 笔在排队，差 3.00 元。',
    );
    expect((await burn({ today: day('2027-01-02') })).text).toBe('2026 年已过完，还有 600.00 元 没有用，等年终结转。');
    expect((await burn({ closed: { way: 'carry', movedFen: 60_000n } })).text).toBe(
      '2026 年已结转下一年 600.00 元；还没有到账的 300.00 元 留在原年度。',
    );
    expect((await burn({ budget: { ...budget, kind: 'entitlement' } })).text).toMatch(/^据实保障，不封顶。照近 90 天的速度/);
  });
});

describe('when a budget runs out', () => {
  it('is reckoned from the last ninety days', () => {
    const on = day('2026-11-10');
    expect(exhaustedOn(on, 900n, 900n)).toBe('2027-02-08');
    expect(exhaustedOn(on, 0n, 900n)).toBe(on);
    expect(exhaustedOn(on, 900n, 0n)).toBeNull();
    expect(exhaustedOn(on, 10n ** 15n, 1n)).toBeNull();
  });
});
