// What rests in the database after a delivery: nothing sensitive in clear, wherever it stands; and what is refused when somebody swaps what rests there.
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/base/canonical.ts';
import { type Day, day } from '../../src/base/day.ts';
import type { ProblemError } from '../../src/base/problem.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { refusedAsCsv } from '../../src/record/report.ts';
import { recordByKey } from '../../src/record/store.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { clearTexts, foundIn } from '../clear.ts';
import { testDatabase } from '../database.ts';
import { county, person } from './county.ts';

const database = testDatabase();
const now = new Date('2026-02-20T01:00:00Z');
const [a, b, c] = [person(1), person(2), person(3)];

const deliver = async (dataset: string, text: string, asOf: string): Promise<void> => {
  const report = await importDelivery(
    database.db,
    county,
    {
      dataset,
      kind: 'full',
      division: null,
      asOf: day(asOf),
      fileName: 'f.csv',
      content: bytesContent(Buffer.from(text)),
      receivedBy: 's',
      role: 'steward',
    },
    { now },
  );
  expect(report.state).toBe('landed');
};

const parts = async () =>
  await database.sql<{ key: string; dataset: string; cells: Record<string, unknown>; revision: bigint }[]>`
    select r.key, p.dataset, p.cells, p.revision from record_part p join record r using (register, subject_id) where r.key <> ${c} order by 1, 2`;

beforeAll(async () => {
  await deliver(
    'people',
    `身份证号,姓名,区划,性别,死亡日期\n${a},张三,530128,男,\n${b},李四,530128,女,2026-01-31\n${c},王五,530128,女,\n`,
    '2026-02-01',
  );
  await deliver('wages', `身份证号,年度,工资\n${a},2024,73519.25\n${a},2025,84627.50\n${b},2025,95738\n${c},2025,一大笔钱\n`, '2026-02-01');
});

describe('what rests in the database', () => {
  it('shows no sensitive value in any column of any table', async () => {
    await seal(database.db, { catalogue: county, knownAt: '2026-02-20' as Day, at: now, actor: 'test' });
    const everything = await clearTexts(database.sql);
    // As words: five digits turn up by chance in one hash of some thousands.
    expect(foundIn(everything, new Set(['73519.25', '84627.50', '84627.5', '95738', '一大笔钱']))).toEqual({});
    // The dump does see what rests in clear: the envelope.
    expect(foundIn(everything, new Set(['张三']))).toEqual({ 'record.name': ['张三'] });
  });

  it('says neither by its length nor by its bytes who died', async () => {
    const rows = (await parts()).filter((p) => p.dataset === 'people');
    const sealed = rows.map((p) => (p.cells.$ as [{ x: string }])[0].x);
    expect(new Set(sealed.map((x) => x.length)).size).toBe(1);
    expect(new Set(sealed).size).toBe(2);
    expect(rows.map((p) => Object.keys(p.cells).sort())).toEqual(rows.map(() => ['$', 'gender']));
  });

  it('gives back what was delivered, refused rows included', async () => {
    const record = await recordByKey(database.db, 'citizen', a);
    expect(record?.facts.income?.[0]?.v).toEqual({ '2024': '73519.25', '2025': '84627.5' });
    const [delivery] = await database.sql<{ id: string }[]>`select id from delivery where rows_bad > 0`;
    let csv = '';
    for await (const piece of refusedAsCsv(database.db, delivery?.id ?? '')) csv += piece;
    expect(csv).toContain('一大笔钱');
  });

  it('is not written again by a delivery that says the same', async () => {
    const before = canonicalJson(await parts());
    await deliver(
      'wages',
      `身份证号,年度,工资\n${b},2025,95738\n${a},2024,73519.25\n${a},2025,84627.50\n${c},2025,一大笔钱\n`,
      '2026-02-02',
    );
    expect(canonicalJson(await parts())).toBe(before);
  });

  it('refuses a sealed value moved to another person', async () => {
    await database.sql`
      update record_part p set cells = (select cells from record_part q join record r using (register, subject_id) where r.key = ${a} and q.dataset = 'wages')
      where dataset = 'wages' and subject_id = (select subject_id from record where key = ${b})`;
    const refused = await recordByKey(database.db, 'citizen', b).catch((error: unknown) => error);
    expect((refused as ProblemError).problems[0]?.code).toBe('internal.sealed');
  });
});
