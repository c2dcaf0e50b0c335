// A key's end on a real database: everything sealed comes under the newest key, killed half-way it goes on, beside running deliveries it loses nothing, and
// what may replace a sealed value is held narrow. The whole journey under two rotations is in test/journey.test.ts.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/base/day.ts';
import type { Database } from '../../src/db/handle.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { refusedAsCsv } from '../../src/record/report.ts';
import { recordByKey } from '../../src/record/store.ts';
import { keyUses, rotateKeys } from '../../src/rotate.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { latestSnapshot, readLeaves, readSegments } from '../../src/snapshot/store.ts';
import { openKept } from '../../src/vault/kept.ts';
import { caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { county, person } from '../record/county.ts';
import { asOwner, rings, withKeys } from './rotating.ts';

const database = testDatabase();
const now = () => new Date('2026-03-01T01:00:00Z');
const rotating = { now, actor: 'test' };
const folder = mkdtempSync(path.join(tmpdir(), 'zhixiang-rotate-'));
const people = Array.from({ length: 700 }, (_, n) => person(n));

const deliver = async (
  { db }: Database,
  dataset: string,
  text: string,
  asOf = '2026-02-01',
  kind: 'full' | 'changes' = 'full',
): Promise<string> => {
  const about = { dataset, kind, division: null, asOf: asOf as Day, fileName: 'f.csv', receivedBy: 's', role: 'steward' };
  const report = await importDelivery(db, county, { ...about, content: bytesContent(Buffer.from(text)) }, { now: now() });
  expect(report.state).toBe('landed');
  return report.deliveryId;
};
const wages = (yuan: number): string =>
  `身份证号,年度,工资\n${people.map((key, n) => `${key},2025,${n === 5 ? '很多' : yuan + n}`).join('\n')}\n`;

let delivery = '';
/** What can be read: a record, the rows that were refused, the delivered file, every segment of the snapshot. */
const read = async ({ db, sql }: Database): Promise<unknown> => {
  const record = await recordByKey(db, 'citizen', people[1] ?? '');
  let [csv, file] = ['', ''];
  for await (const piece of refusedAsCsv(db, delivery)) csv += piece;
  const [kept] = await sql<{ sha256: string }[]>`select sha256 from delivery where id = ${delivery}`;
  for await (const piece of openKept(db, kept?.sha256 ?? '')) file += Buffer.from(piece).toString();
  const snapshot = await latestSnapshot(db);
  let bytes = 0;
  for (const segment of (await readSegments(db, await readLeaves(db, snapshot?.id ?? ''))).values()) bytes += segment.length;
  return [record?.facts.income?.[0]?.v, record?.facts.deathDate?.[0]?.v, csv.includes('很多'), file, snapshot?.id, bytes];
};
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: { problems?: readonly { code: string }[]; code?: string }) => error.problems?.[0]?.code ?? error.code,
  );
const used = async ({ db }: Database) => Object.fromEntries((await keyUses(db)).map(({ key, values }) => [key, values]));

beforeAll(async () => {
  await deliver(database, 'people', `身份证号,姓名,区划,性别,死亡日期\n${people.map((key) => `${key},张三,530128,男,`).join('\n')}\n`);
  delivery = await deliver(database, 'wages', wages(50_000));
  await seal(database.db, { catalogue: county, knownAt: '2026-02-20' as Day, at: now(), actor: 'test' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Resolves with the signal that ended it. */
const killed = (place: string, nth: number): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const child = path.join(import.meta.dirname, 'rotate-child.ts');
    const started = spawn(process.execPath, [child, database.ownerUrl, rings.both, place, String(nth)], { stdio: 'inherit' });
    started.on('error', reject);
    started.on('exit', (_, signal) => resolve(signal));
  });

describe('what may replace a sealed value', () => {
  it('is an envelope of another key around as many bytes, and only the owner is listened to', async () => {
    const [row] = await database.sql<{ hash: string; bytes: Uint8Array }[]>`select hash, bytes from segment limit 1`;
    const { hash, bytes } = row as { hash: string; bytes: Uint8Array };
    const before = Buffer.from(bytes).toString('base64');
    const other = Buffer.from(bytes);
    other[3] = '2'.charCodeAt(0);
    const ask = (sql: Database['sql'], after: Uint8Array, stands = before) =>
      sql`select reseal('segment', 'bytes', null, ${JSON.stringify([{ k: [hash], before: stands, after: Buffer.from(after).toString('base64') }])}::text::jsonb) as n`;
    expect(await codeOf(ask(database.sql, other))).toBe('42501');
    expect(await codeOf(database.sql`update segment set bytes = ${other} where hash = ${hash}`)).toBe('42501');
    await asOwner(database.ownerUrl, rings.both, async ({ sql }) => {
      for (const wrong of [
        bytes,
        other.subarray(0, -1),
        Buffer.concat([other, Uint8Array.of(0)]),
        Buffer.from('in clear'),
        Buffer.alloc(0),
      ])
        expect(await codeOf(ask(sql, wrong))).toBe('23514');
      // What does not stand there is not replaced.
      expect(await ask(sql, bytes, other.toString('base64'))).toEqual([{ n: 0 }]);
    });
    expect((await database.sql<{ bytes: Uint8Array }[]>`select bytes from segment where hash = ${hash}`)[0]?.bytes).toEqual(bytes);
  });
});

describe('a key that is replaced', () => {
  it('goes on where it was killed, each chunk with its audit entry', async () => {
    const before = await read(database);
    const all = (await used(database)).k1 as number;
    expect(all).toBeGreaterThan(1400);
    for (const [place, nth] of [
      ['rotate.before-chunk', 1],
      ['rotate.after-chunk', 2],
      ['rotate.before-chunk', 3],
    ] as const)
      expect(await killed(place, nth)).toBe('SIGKILL');
    await withKeys(database.ownerUrl, rings.both, async (both) => {
      const half = await used(both);
      expect([(half.k1 as number) > 0, (half.k2 as number) > 0, (half.k1 as number) + (half.k2 as number)]).toEqual([true, true, all]);
      expect(await read(both)).toEqual(before);
    });
    const revisions = () => database.sql`select max(revision) as newest from record_part`;
    const newest = await revisions();
    await asOwner(database.ownerUrl, rings.both, async (owner) => {
      expect((await rotateKeys(owner.db, rotating)).left).toEqual([]);
      expect((await rotateKeys(owner.db, rotating)).values).toBe(0);
      expect(await used(owner)).toEqual({ k1: 0, k2: all });
    });
    const [told] = await database.sql`
      select sum((detail #>> '{after,values}')::int)::int as values from audit_entry where action = 'keys.rotate' and object_id = 'k2'`;
    expect(told?.values).toBe(all);
    expect(await revisions()).toEqual(newest);
  });

  it('is needed by nothing after two rotations, the first of them to another algorithm', async () => {
    await asOwner(database.ownerUrl, rings.later, async (owner) => expect((await rotateKeys(owner.db, rotating)).left).toEqual([]));
    const before = (await withKeys(database.ownerUrl, rings.last, read)) as unknown[];
    expect(before.slice(0, 3)).toEqual([{ '2025': '50001' }, null, true]);
    expect(before[3]).toBe(wages(50_000));
    expect(await codeOf(withKeys(database.ownerUrl, rings.both, read))).toBe('config.key-unknown');
  });

  it('loses nothing of what is delivered meanwhile', async () => {
    const back = `${rings.last};k4 aes-256-gcm ${Buffer.alloc(32, 11).toString('base64')}`;
    await withKeys(database.ownerUrl, back, (program) =>
      asOwner(database.ownerUrl, back, async (owner) => {
        const rotation = (async () => {
          for (let round = 0; round < 4; round++) await rotateKeys(owner.db, rotating);
        })();
        // A few people each, the first among them: more would be held for a person to look at.
        for (let round = 1; round <= 3; round++) {
          const some = people.slice(1, 21).map((key) => `${key},2025,${60_000 + round}`);
          await deliver(program, 'wages', `身份证号,年度,工资\n${some.join('\n')}\n`, `2026-02-0${round + 1}`, 'changes');
        }
        await rotation;
        expect((await rotateKeys(owner.db, rotating)).left).toEqual([]);
        expect((await recordByKey(program.db, 'citizen', people[1] ?? ''))?.facts.income?.[0]?.v).toEqual({ '2025': '60003' });
      }),
    );
  });
});

describe('keys at the command line', () => {
  it('adds, refuses to retire what is in use, rotates, retires, and goes on without', async () => {
    const [index, ...keys] = `${rings.last};k4 aes-256-gcm ${Buffer.alloc(32, 11).toString('base64')}`.split(';');
    writeFileSync(path.join(folder, 'keys'), `${[index, ...keys].join('\n')}\n`, { mode: 0o600 });
    const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder }));
    const aside = path.join(folder, 'k4.old');
    expect((await call('keys', 'add')).exit).toBe(0);
    expect((await call('keys', 'retire', 'k4', '--keep-in', aside)).problems.map((p) => p.code)).toEqual(['state.key-in-use']);
    expect((await call('keys', 'retire', 'k5', '--destroy')).problems.map((p) => p.code)).toEqual(['state.key-newest']);
    expect((await call('keys', 'retire', 'k3')).problems.map((p) => p.code)).toEqual(['input.option']);
    // A program that was not started again still seals with the key before.
    const older = await withKeys(database.ownerUrl, rings.last, async ({ sql }) => {
      await sql`set application_name = 'zhixiang k4'`;
      return (await call('keys', 'rotate')).problems.map((p) => p.code);
    });
    expect(older).toEqual(['state.keys-older']);
    expect((await call('keys', 'rotate')).exit).toBe(0);
    expect((await call('keys', 'retire', 'k3', '--destroy')).exit).toBe(0);
    expect((await call('keys', 'retire', 'k4', '--keep-in', aside)).exit).toBe(0);
    expect(readFileSync(aside, 'utf8')).toBe(`${keys[1]}\n`);
    const told = (await call('keys', '--json')).json() as { newest: string; keys: readonly { key: string; values: number }[] };
    expect([told.newest, told.keys.map(({ key }) => key)]).toEqual(['k5', ['k5']]);
    expect(told.keys[0]?.values).toBeGreaterThan(1400);
  });
});
