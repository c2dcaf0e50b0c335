// A view in a department's database, a second real one with a login that may read it and nothing else: what is new comes once, killed or not; what is not
// as it was is refused with a reason that holds neither rows nor passwords.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { day } from '../../src/base/day.ts';
import { transaction } from '../../src/db/handle.ts';
import { type DepartmentView, departmentViews, forgetColumns, insertView } from '../../src/record/department-view-store.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { pullView } from '../../src/record/pull.ts';
import { createDatabase, dropDatabase, testDatabase } from '../database.ts';
import { county, person } from './county.ts';

const database = testDatabase();
const now = new Date('2026-04-15T02:00:00Z');
const login = `department_${randomUUID().slice(0, 8)}`;
const password = 'a password: with / and @';
const keys = Array.from({ length: 6 }, (_, i) => person(i));
let theirOwner = '';
let theirs = '';
let their: postgres.Sql;

const view = async (): Promise<DepartmentView> => {
  const [one] = await departmentViews(database.db);
  if (one === undefined) throw new Error('no view');
  return one;
};
const pull = async (more: { readonly minutes?: number; readonly address?: string; readonly timeoutMs?: number } = {}) =>
  pullView(database.db, county, await view(), {
    now: new Date(now.getTime() + (more.minutes ?? 0) * 60_000),
    today: day('2026-04-15'),
    addresses: { ZHIXIANG_SOURCE_TEST: more.address ?? theirs },
    ...(more.timeoutMs === undefined ? {} : { timeoutMs: more.timeoutMs }),
  });
const told = async (): Promise<Readonly<Record<string, unknown>>> => {
  const rows = await database.sql<{ key: string; cells: Record<string, [{ v: unknown }]> }[]>`
    select r.key, p.cells from record_part p join record r using (register, subject_id) where p.dataset = 'pensions' order by r.ordinal`;
  return Object.fromEntries(rows.map((row) => [keys.indexOf(row.key), row.cells.pension?.[0].v]));
};
const change = (n: number, pension: string, at: string) => their`
  insert into pension values (${keys[n] ?? ''}, ${pension}, ${at}) on conflict (id) do update set pension = excluded.pension, changed = excluded.changed`;

beforeAll(async () => {
  theirOwner = await createDatabase('empty');
  their = postgres(theirOwner, { max: 1, onnotice: () => undefined });
  await their.unsafe(`create role ${login} login password '${password}'`);
  await their`create schema share`;
  await their`create table pension (id text primary key, pension text, changed timestamptz not null)`;
  const url = new URL(theirOwner);
  url.username = login;
  url.password = encodeURIComponent(password);
  theirs = url.href;
});
afterAll(async () => {
  await their.end();
  await dropDatabase(theirOwner);
  const administrator = postgres(database.ownerUrl, { max: 1, onnotice: () => undefined });
  await administrator.unsafe(`drop role ${login}`);
  await administrator.end();
});
beforeEach(async () => {
  for (const table of ['department_view', 'work', 'delivery_problem', 'delivery', 'coverage', 'record_part', 'record'])
    await database.sql`delete from ${database.sql(table)}`;
  await their`truncate pension`;
  await their`drop view if exists share.v_pension`;
  await their`create view share.v_pension as select id as "身份证号", pension as "领取养老金", changed from pension`;
  await their.unsafe(`grant usage on schema share to ${login}; grant select on share.v_pension to ${login}`);
  const people = `身份证号,姓名,区划,性别,死亡日期\n${keys.map((key, i) => `${key},张${i},530128102,男,`).join('\n')}\n`;
  const about = {
    dataset: 'people',
    kind: 'full',
    division: null,
    asOf: day('2026-04-01'),
    fileName: 'p.csv',
    receivedBy: 't',
    role: 'steward',
  } as const;
  await importDelivery(database.db, county, { ...about, content: bytesContent(Buffer.from(people)) }, { now });
  const row = {
    name: 'pensions-view',
    dataset: 'pensions',
    division: null,
    kind: 'changes',
    address: 'ZHIXIANG_SOURCE_TEST',
    view: 'share.v_pension',
    watermark: 'changed',
  } as const;
  await transaction(database.db, (tx) => insertView(tx, row, 'test', now));
});

describe('what is new', () => {
  test('comes by its watermark, and what comes late by the clock comes too', async () => {
    await change(0, '是', '2026-04-14 08:00+08');
    await change(1, '否', '2026-04-14 09:00+08');
    expect(await pull()).toMatchObject({ problem: null, report: { state: 'landed', rows: { read: 2, good: 2 }, changed: 2 } });
    expect(await told()).toEqual({ 0: true, 1: false });
    expect((await view()).position).toContain('2026-04-14');
    await change(2, '是', '2026-04-14 10:00+08');
    await change(0, '否', '2026-04-14 10:01+08');
    expect(await pull({ minutes: 10 })).toMatchObject({ report: { changed: 2 } });
    // Committed after the last look with an earlier time: within the overlap it is still seen.
    await change(3, '是', '2026-04-14 09:55+08');
    expect(await pull({ minutes: 20 })).toMatchObject({ report: { changed: 1 } });
    expect(await told()).toEqual({ 0: false, 1: false, 2: true, 3: true });
    expect(await pull({ minutes: 30 })).toMatchObject({ problem: null, report: { already: true } });
    await their`truncate pension`;
    expect(await pull({ minutes: 40 })).toEqual({ report: null, problem: null });
    expect(await told()).toEqual({ 0: false, 1: false, 2: true, 3: true });
    const [row] = await database.sql`select received_by, as_of from delivery where dataset = 'pensions' limit 1`;
    expect(row).toEqual({ received_by: 'step:pull', as_of: '2026-04-15' });
  });

  test.each(['import.beforeCommit', 'import.afterLand', 'pull.landed'])('killed at %s, it comes once', async (place) => {
    await change(0, '是', '2026-04-14 08:00+08');
    const child = path.join(import.meta.dirname, 'pull-child.ts');
    const ended = spawnSync(process.execPath, [child, database.ownerUrl, theirs, place], { stdio: 'inherit' });
    expect(ended.signal).toBe('SIGKILL');
    expect((await view()).position).toBeNull();
    expect(await pull({ minutes: 1 })).toBeNull();
    expect(await pull({ minutes: 16 })).toMatchObject({ problem: null, report: { state: 'landed' } });
    expect(await told()).toEqual({ 0: true });
    expect(await database.sql`select from delivery where dataset = 'pensions'`).toHaveLength(1);
  });

  test('large cells, quotes, line ends and many rows come through as they are', async () => {
    await their`drop view share.v_pension`;
    await their`create view share.v_pension as select id as "身份证号", pension as "领取养老金", E'a "quoted", text\nof two lines' as "备注", changed from pension
      union all select '11010519491231002X', '是', repeat('x', 4000), '2026-04-14 08:00+08'::timestamptz + n * interval '1 ms' from generate_series(1, 5000) n`;
    await their.unsafe(`grant select on share.v_pension to ${login}`);
    await change(0, '是', '2026-04-14 08:00+08');
    const pulled = await pull();
    expect(pulled?.report).toMatchObject({ state: 'landed', rows: { read: 5001, good: 1, bad: 5000 } });
    expect(await told()).toEqual({ 0: true });
  });
});

describe('what is not as it was', () => {
  test('other columns: refused by name until somebody accepts them, and the place stays', async () => {
    await change(0, '是', '2026-04-14 08:00+08');
    await pull();
    const { position } = await view();
    await their`drop view share.v_pension`;
    await their`create view share.v_pension as select id as "身份证号", pension::varchar(4) as "领取养老金", 1 as "编号", changed from pension`;
    await their.unsafe(`grant select on share.v_pension to ${login}`);
    await change(1, '是', '2026-04-14 12:00+08');
    const pulled = await pull({ minutes: 10 });
    expect(pulled?.problem).toMatchObject({ code: 'import.source-columns', message: '视图的列变了：多了“编号”，“领取养老金”换了类型。' });
    expect(await view()).toMatchObject({ position, problem: { code: 'import.source-columns' } });
    expect(await told()).toEqual({ 0: true });
    await transaction(database.db, (tx) => forgetColumns(tx, 'pensions-view'));
    expect(await pull({ minutes: 20 })).toMatchObject({ problem: null, report: { changed: 1 } });
  });

  test.each([
    ['no view', 'import.source-missing', async (): Promise<unknown> => await their`drop view share.v_pension`],
    [
      'no right',
      'import.source-denied',
      async (): Promise<unknown> => await their.unsafe(`revoke select on share.v_pension from ${login}`),
    ],
    [
      'a view that writes',
      'import.source-writes',
      async () => {
        await their.unsafe(
          `create or replace function share.noted() returns text language plpgsql as $$ begin insert into public.pension values ('x', '是', now()); return '是'; end $$`,
        );
        await their`drop view share.v_pension`;
        await their`create view share.v_pension as select id as "身份证号", share.noted() as "领取养老金", changed from pension`;
        await their.unsafe(
          `grant select on share.v_pension to ${login}; grant insert on pension to ${login}; grant usage on schema public to ${login}`,
        );
      },
    ],
    [
      'a view that takes too long',
      'import.source-timeout',
      async () => {
        await their`drop view share.v_pension`;
        await their`create view share.v_pension as select id as "身份证号", pg_sleep(5)::text as "领取养老金", changed from pension`;
        await their.unsafe(`grant select on share.v_pension to ${login}`);
      },
    ],
  ] as const)('%s: %s', async (_, code, bend) => {
    await change(0, '是', '2026-04-14 08:00+08');
    await bend();
    const pulled = await pull({ timeoutMs: 300 });
    expect(pulled?.problem?.code).toBe(code);
    expect(JSON.stringify([pulled, await view()])).not.toMatch(new RegExp(`${keys[0]}|password`));
    expect(await told()).toEqual({});
    expect(await their`select from pension`).toHaveLength(1);
  });

  test('no address, nobody there, a wrong password', async () => {
    const wrong = new URL(theirs);
    wrong.password = 'other';
    const nowhere = new URL(theirs);
    nowhere.port = '1';
    const codes = [];
    for (const address of ['', nowhere.href, wrong.href]) codes.push((await pull({ address }))?.problem?.code);
    expect(codes.slice(1)).toEqual(['import.source-unreachable', 'import.source-denied']);
    const none = await pullView(database.db, county, await view(), { now, today: day('2026-04-15'), addresses: {} });
    expect(none?.problem?.code).toBe('import.source-address');
  });
});
