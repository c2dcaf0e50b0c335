// A delivery of 200,000 people with a bad row in a hundred: memory stays bounded, nothing is lost, and a second one changes only what differs.
import { expect, test } from 'vitest';
import { citizenIdCheck } from '../../src/base/codes.ts';
import { day } from '../../src/base/day.ts';
import { importDelivery } from '../../src/record/import.ts';
import { countRecords } from '../../src/record/store.ts';
import { testDatabase } from '../database.ts';
import { county } from '../record/county.ts';

const database = testDatabase();
const rows = 200_000;

const two = (n: number): string => String(n).padStart(2, '0');
const idOf = (n: number): string => {
  const [year, month, date, order] = [
    1950 + (n % 50),
    1 + (Math.floor(n / 50) % 12),
    1 + (Math.floor(n / 600) % 28),
    Math.floor(n / 16_800),
  ];
  const first = `530128${year}${two(month)}${two(date)}${String(order).padStart(3, '0')}`;
  return first + citizenIdCheck(first);
};

const file = (changed: number) => ({
  async *open(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('身份证号,姓名,区划,性别,死亡日期\n');
    for (let at = 0; at < rows; at += 500) {
      let text = '';
      for (let n = at; n < at + 500; n++) text += `${idOf(n)},张三,530128102,${n % 100 === 0 ? '不明' : n < changed ? '女' : '男'},\n`;
      yield Buffer.from(text);
    }
  },
});

test('200,000 rows', async () => {
  expect(new Set(Array.from({ length: rows }, (_, n) => idOf(n))).size).toBe(rows);
  let highest = 0;
  const before = process.memoryUsage().rss;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 20);
  const bring = (asOf: string, changed: number) =>
    importDelivery(
      database.db,
      county,
      {
        dataset: 'people',
        kind: 'full',
        division: null,
        asOf: day(asOf),
        fileName: 'people.csv',
        content: file(changed),
        receivedBy: 'steward',
        role: 'steward',
      },
      { now: new Date('2026-02-20T01:00:00Z') },
    );
  const first = await bring('2026-02-01', 0);
  expect(first).toMatchObject({ state: 'landed', rows: { read: rows, good: 198_000, bad: 2000 }, introduced: 198_000, problemCount: 2000 });
  expect(await countRecords(database.db, 'citizen')).toBe(198_000);
  const second = await bring('2026-02-05', 1000);
  expect(second).toMatchObject({ changed: 990, dropped: 0, rows: { good: 198_000 } });
  clearInterval(watch);
  expect((highest - before) / 1e6).toBeLessThan(250);
}, 300_000);
