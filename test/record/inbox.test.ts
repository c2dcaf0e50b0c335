// The watched folder: files settle, are taken by one process, end in done/ or refused/ with a report beside, and are not taken twice by whoever is killed.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { day } from '../../src/base/day.ts';
import { takeInbox } from '../../src/record/inbox.ts';
import { testDatabase } from '../database.ts';
import { county, person } from './county.ts';

const database = testDatabase();
const [a, b] = [person(1), person(2)];
const people = `身份证号,姓名,区划,性别,死亡日期\n${a},张三,530128102,男,\n${b},李四,530128102,女,\n`;
const start = new Date('2026-04-15T02:00:00Z');
const minutes = (n: number): Date => new Date(start.getTime() + n * 60_000);
let folder = '';

const put = (dataset: string, name: string, text: string): string => {
  mkdirSync(path.join(folder, dataset), { recursive: true });
  writeFileSync(path.join(folder, dataset, name), text);
  return path.join(folder, dataset, name);
};
const lookIn = (now: Date, owner = 'one') => takeInbox(database.db, county, { folder, now, today: day('2026-04-15'), owner });
const names = (...parts: string[]): readonly string[] =>
  existsSync(path.join(folder, ...parts)) ? readdirSync(path.join(folder, ...parts)).sort() : [];
const report = (...parts: string[]) => JSON.parse(readFileSync(path.join(folder, ...parts), 'utf8'));

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'zhixiang-inbox-'));
  for (const table of ['delivery_problem', 'delivery', 'coverage', 'record_part', 'record', 'work'])
    await database.sql`delete from ${database.sql(table)}`;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file', () => {
  test('is taken when it has stood still for a minute, and lies in done/ with its report', async () => {
    const file = put('people', '2026-04-10.full.csv', people);
    expect(await lookIn(minutes(0))).toEqual({ done: 0, refused: 0, waiting: 1 });
    // Still growing: the minute begins anew.
    writeFileSync(file, `${people}${person(3)},王五,530128102,男,\n`);
    expect(await lookIn(minutes(1))).toEqual({ done: 0, refused: 0, waiting: 1 });
    expect(await lookIn(minutes(1.5))).toEqual({ done: 0, refused: 0, waiting: 1 });
    expect(await lookIn(minutes(2.5))).toEqual({ done: 1, refused: 0, waiting: 0 });
    expect(names('people')).toEqual(['done']);
    expect(names('people', 'done')).toEqual(['2026-04-10.full.csv', '2026-04-10.full.csv.report.json']);
    expect(report('people', 'done', '2026-04-10.full.csv.report.json')).toMatchObject({
      state: 'landed',
      rows: { read: 3, good: 3, bad: 0 },
    });
    expect(await lookIn(minutes(9))).toEqual({ done: 0, refused: 0, waiting: 0 });
  });

  test('with a marker at once; half-written ones, links and folders not at all', async () => {
    put('people', '2026-04-10.full.csv', people);
    put('people', '2026-04-10.full.csv.done', '');
    put('people', '2026-04-11.full.csv.part', people);
    put('people', '~$2026-04-11.full.xlsx', 'x');
    mkdirSync(path.join(folder, 'people', '2026-04-12.full.csv'));
    symlinkSync('/etc/passwd', path.join(folder, 'people', '2026-04-13.full.csv'));
    expect(await lookIn(minutes(0))).toEqual({ done: 1, refused: 0, waiting: 0 });
    expect(names('people')).not.toContain('2026-04-10.full.csv.done');
    expect(names('people', 'done')).toHaveLength(2);
  });

  test('says in a manifest what its name does not; refused rows come back as a file for its owner only', async () => {
    put('people', '2026-04-10.full.csv', people);
    put('people', '2026-04-10.full.csv.done', '');
    await lookIn(minutes(0));
    put('pensions', '四月 养老金.csv', `身份证号,领取养老金\n${a},是\n${b},也许\n`);
    put('pensions', '四月 养老金.csv.json', JSON.stringify({ asOf: '2026-04-12', kind: 'full', division: '530128' }));
    put('pensions', '四月 养老金.csv.done', '');
    expect(await lookIn(minutes(1))).toEqual({ done: 1, refused: 0, waiting: 0 });
    const back = path.join(folder, 'pensions', 'done', '四月 养老金.csv.退回.csv');
    expect(readFileSync(back, 'utf8')).toContain(b);
    expect(statSync(back).mode & 0o777).toBe(0o600);
    const told = report('pensions', 'done', '四月 养老金.csv.report.json');
    expect(told).toMatchObject({ state: 'landed', rows: { good: 1, bad: 1 } });
    expect(JSON.stringify(told)).not.toContain(b);
    const [row] = await database.sql`select scope ->> 'division' as division, as_of, received_by from delivery where dataset = 'pensions'`;
    expect(row).toEqual({ division: '530128', as_of: '2026-04-12', received_by: 'step:inbox' });
  });

  test.each([
    ['people', 'residents.csv', people, 'input.file-name'],
    ['people', '2026-04-16.full.csv', people, 'input.value'],
    ['people', '2026-04-10.full.999999.csv', people, 'input.value'],
    ['hukou', '2026-04-10.list.csv', people, 'import.kind'],
    ['people', '2026-04-10.full.csv', '完全不是\n', 'import.header'],
  ])('that makes no sense is refused with the reason: %s/%s', async (dataset, name, text, code) => {
    put(dataset, name, text);
    put(dataset, `${name}.done`, '');
    expect(await lookIn(minutes(0))).toEqual({ done: 0, refused: 1, waiting: 0 });
    expect(report(dataset, 'refused', `${name}.report.json`).problems[0].code).toBe(code);
    expect(await lookIn(minutes(5))).toEqual({ done: 0, refused: 0, waiting: 0 });
  });

  test('of the same name again is numbered, and the same bytes land once', async () => {
    for (const n of [0, 1]) {
      put('people', '2026-04-10.full.csv', people);
      put('people', '2026-04-10.full.csv.done', '');
      expect(await lookIn(minutes(n))).toMatchObject({ done: 1 });
    }
    expect(names('people', 'done')).toContain('2-2026-04-10.full.csv');
    expect(report('people', 'done', '2-2026-04-10.full.csv.report.json')).toMatchObject({ already: true });
    expect(await database.sql`select from delivery`).toHaveLength(1);
  });
});

test('one process at a time', async () => {
  put('people', '2026-04-10.full.csv', people);
  put('people', '2026-04-10.full.csv.done', '');
  const looks = await Promise.all(['one', 'two', 'three'].map((owner) => lookIn(minutes(0), owner)));
  expect(looks.reduce((sum, look) => sum + (look?.done ?? 0), 0)).toBe(1);
  expect(await database.sql`select from delivery`).toHaveLength(1);
});

test.each(['import.written', 'import.afterLand', 'inbox.imported', 'inbox.reported'])(
  'killed at %s: whoever comes next ends it, nothing twice',
  (place) => killed(place),
);

const killed = async (place: string): Promise<void> => {
  const file = put('people', '2026-04-10.full.csv', people);
  put('people', '2026-04-10.full.csv.done', '');
  utimesSync(file, start, start);
  const child = path.join(import.meta.dirname, 'inbox-child.ts');
  const ended = spawnSync(process.execPath, [child, database.ownerUrl, folder, place, start.toISOString()], { stdio: 'inherit' });
  expect(ended.signal).toBe('SIGKILL');
  expect(existsSync(file)).toBe(true);
  expect(await lookIn(minutes(1))).toBeNull();
  expect(await lookIn(minutes(6))).toEqual({ done: 1, refused: 0, waiting: 0 });
  expect(names('people')).toEqual(['done']);
  const [row] =
    await database.sql`select (select count(*) from delivery)::int as deliveries, (select count(*) from record_part)::int as parts`;
  expect(row).toEqual({ deliveries: 1, parts: 2 });
};
