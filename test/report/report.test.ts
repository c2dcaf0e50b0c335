// Reports on a real PostgreSQL: the figures are those of the people who stand there, formulas stay text, names are masked, the page has no script.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults } from '../../src/payment/result.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { exhaustedOn, type ReportName, type ReportOptions, reportNames, reportSheet } from '../../src/report/report.ts';
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

describe('when a budget runs out', () => {
  it('is reckoned from the last ninety days', () => {
    const on = day('2026-11-10');
    expect(exhaustedOn(on, 900n, 900n)).toBe('2027-02-08');
    expect(exhaustedOn(on, 0n, 900n)).toBe(on);
    expect(exhaustedOn(on, 900n, 0n)).toBeNull();
    expect(exhaustedOn(on, 10n ** 15n, 1n)).toBeNull();
  });
});
