// A million people, thirty columns: within a minute on two quiet cores, and within half a gigabyte; and again a month later, when one in a hundred has
// changed. The figures are printed; only memory is asserted, because time depends on what else the machine does.
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, onTestFinished, test } from 'vitest';
import { citizenIdCheck } from '../../src/base/codes.ts';
import { day } from '../../src/base/day.ts';
import type { Catalogue, Column, Fact } from '../../src/catalogue/catalogue.ts';
import { fileContent, importDelivery } from '../../src/record/import.ts';
import { testDatabase } from '../database.ts';
import { county } from '../record/county.ts';

const database = testDatabase();

const two = (n: number): string => String(n).padStart(2, '0');
const idOf = (n: number): string => {
  const [year, month, date, order] = [
    1920 + (n % 100),
    1 + (Math.floor(n / 100) % 12),
    1 + (Math.floor(n / 1200) % 28),
    Math.floor(n / 33_600),
  ];
  const first = `530128${year}${two(month)}${two(date)}${String(order).padStart(3, '0')}`;
  return first + citizenIdCheck(first);
};

/** Key, name, division and 27 facts: a third numbers, a third categories and days, a third yes or no. */
const kinds = ['number', 'category', 'boolean', 'number', 'date', 'boolean'] as const;
const facts: readonly Fact[] = Array.from({ length: 27 }, (_, i) => ({
  key: `fact${i}`,
  label: `指标${i}`,
  register: 'citizen',
  type: kinds[i % kinds.length] ?? 'number',
  ...(kinds[i % kinds.length] === 'category' ? { values: ['甲', '乙', '丙'] } : {}),
  datasets: ['wide'],
  sensitivity: 'internal',
  purposes: ['*'],
  legalUse: 'decide',
}));
const columns: readonly Column[] = [
  { header: '身份证号', to: '$key', required: true },
  { header: '姓名', to: '$name' },
  { header: '区划', to: '$division' },
  ...facts.map((f) => ({ header: f.label, to: f.key })),
];
const catalogue: Catalogue = {
  ...county,
  facts: [...county.facts, ...facts],
  datasets: [
    ...county.datasets,
    {
      id: 'wide',
      title: 'wide',
      department: '测试局',
      register: 'citizen',
      shape: 'record',
      kinds: ['full'],
      freshnessDays: 31,
      introduces: true,
      columns,
    },
  ],
};

const cellOf = (fact: Fact, n: number): string => {
  switch (fact.type) {
    case 'number':
      return `${(n * 7919) % 1_000_000}.${two(n % 100)}`;
    case 'category':
      return ['甲', '乙', '丙'][n % 3] ?? '';
    case 'date':
      return `20${two(n % 26)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`;
    default:
      return n % 2 === 0 ? '是' : '否';
  }
};
/** The first `changed` people say something new. */
function* people(rows: number, changed: number): Generator<string> {
  yield `${columns.map((c) => c.header).join(',')}\n`;
  for (let at = 0; at < rows; at += 200) {
    let text = '';
    for (let n = at; n < Math.min(rows, at + 200); n++) {
      const seed = n < changed ? n + 1 : n;
      text += `${idOf(n)},张三,530128102,${facts.map((f, i) => cellOf(f, seed + i)).join(',')}\n`;
    }
    yield text;
  }
}

const rows = Number(process.env.ROWS ?? 1_000_000);

test('a million rows of thirty columns, twice', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'zhixiang-million-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  let highest = 0;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 20);
  const bring = async (asOf: string, changed: number) => {
    // Put down first: making it is none of the import's work.
    const file = path.join(directory, `${asOf}.csv`);
    await pipeline(Readable.from(people(rows, changed)), createWriteStream(file));
    const began = process.hrtime.bigint();
    const cpu = process.cpuUsage();
    const report = await importDelivery(
      database.db,
      catalogue,
      {
        dataset: 'wide',
        kind: 'full',
        division: null,
        asOf: day(asOf),
        fileName: 'wide.csv',
        content: fileContent(file),
        receivedBy: 'steward',
        role: 'steward',
      },
      { now: new Date('2026-03-20T01:00:00Z') },
    );
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const used = process.cpuUsage(cpu);
    console.info(
      `import of ${rows} rows × ${columns.length}, ${changed} changed: ${seconds.toFixed(1)} s (${((used.user + used.system) / 1e6).toFixed(1)} s of this process), RSS ${(highest / 1e6).toFixed(0)} MB`,
    );
    return report;
  };
  const first = await bring('2026-02-01', 0);
  expect(first).toMatchObject({ state: 'landed', rows: { read: rows, good: rows, bad: 0 }, introduced: rows });
  const second = await bring('2026-03-01', rows / 100);
  expect(second).toMatchObject({ state: 'landed', rows: { good: rows }, introduced: 0, changed: rows / 100, dropped: 0 });
  clearInterval(watch);
  expect(highest / 1e6).toBeLessThan(500);
}, 900_000);
