// Deliveries over HTTP: chunks, resuming, one delivery per key whatever is sent twice, who may deliver what; and the real server killed under a sender.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { day } from '../../src/base/day.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { transaction } from '../../src/db/handle.ts';
import { receive } from '../../src/record/decide.ts';
import { bytesContent } from '../../src/record/import.ts';
import { finishUpload, openUpload, sweepUploads, takeChunk, uploadState } from '../../src/record/upload.ts';
import { insertToken, revokeToken } from '../../src/record/upload-store.ts';
import { createAccount } from '../../src/web/account.ts';
import { tokenHash } from '../../src/web/auth.ts';
import { testDatabase } from '../database.ts';
import { throwAt } from '../failpoint.ts';
import { county, person } from '../record/county.ts';
import { browser, everything, testApp } from './app.ts';

const database = testDatabase();
const now = new Date('2026-04-15T02:00:00Z');
const keys = Array.from({ length: 300 }, (_, i) => person(i));
const token = 'zxd_for-the-pension-office-0001';
const other = 'zxd_for-another-division-000001';
const file = Buffer.from(`身份证号,领取养老金\n${keys.map((key) => `${key},是`).join('\n')}\n`);
const sha256 = createHash('sha256').update(file).digest('hex');
const wanted = { dataset: 'pensions', kind: 'full', division: null, asOf: '2026-04-10', fileName: '养老金.csv', bytes: file.length };
let app: ReturnType<typeof testApp>;
let revoked = '';

type Send = (method: string, path: string, body: unknown, more?: Record<string, string>) => Promise<Response>;
/** As a department's program calls: no cookies, no Origin. */
const caller =
  (fetchIt: (path: string, init: RequestInit) => Response | Promise<Response>, bearer = token): Send =>
  async (method, at, body, more = {}) =>
    fetchIt(at, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(body instanceof Uint8Array
          ? { 'content-type': 'application/octet-stream' }
          : body === null
            ? {}
            : { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body === null ? {} : { body: body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
const inside = (bearer = token): Send => caller((at, init) => app.app.request(`http://localhost:3000${at}`, init), bearer);
// biome-ignore lint/suspicious/noExplicitAny: answers of several shapes
const read = async (response: Response): Promise<any> => ({ status: response.status, ...((await response.json()) as object) });
const codeOf = (answer: { problems?: readonly { code: string }[] }) => answer.problems?.[0]?.code;
const open = (send: Send, key = 'key-0001', more: Record<string, unknown> = {}) =>
  send('POST', '/api/uploads', { ...wanted, ...more }, { 'idempotency-key': key }).then(read);
const landed = async () => {
  const [row] = await database.sql<{ deliveries: number; parts: number; chunks: number }[]>`
    select (select count(*) from delivery where dataset = 'pensions')::int as deliveries, (select count(*) from record_part where dataset = 'pensions')::int as parts,
      (select count(*) from upload_chunk)::int as chunks`;
  return row;
};

beforeAll(async () => {
  app = testApp(database);
  await publishCatalogue(database.db, { catalogue: county, maker: 'a', checker: 'b', at: now });
  const add = (text: string, division: string | null) =>
    transaction(database.db, (tx) =>
      insertToken(tx, {
        hash: tokenHash(text),
        dataset: 'pensions',
        division,
        label: '养老科',
        createdBy: 'test',
        createdAt: now,
        expiresAt: new Date('2099-01-01T00:00:00Z'),
      }),
    );
  await add(token, null);
  await add(other, '530103');
  revoked = await add('zxd_this-one-was-taken-back-000', null);
  await transaction(database.db, (tx) => revokeToken(tx, revoked, now));
  const people = `身份证号,姓名,区划,性别,死亡日期\n${keys.map((key, i) => `${key},张${i},530128102,男,`).join('\n')}\n`;
  await receive(
    database.db,
    county,
    {
      dataset: 'people',
      kind: 'full',
      division: null,
      asOf: day('2026-04-01'),
      fileName: 'p.csv',
      content: bytesContent(Buffer.from(people)),
      receivedBy: 't',
      role: 'steward',
    },
    { now },
  );
});
beforeEach(async () => {
  await database.sql`delete from upload`;
  await database.sql`delete from upload_chunk`;
  await database.sql`delete from delivery_problem`;
  await database.sql`delete from delivery where dataset = 'pensions'`;
  await database.sql`delete from record_part where dataset = 'pensions'`;
  await database.sql`delete from coverage where dataset = 'pensions'`;
});

describe('a file in chunks', () => {
  test('opened, sent, resumed, ended, imported; everything may be sent twice', async () => {
    const send = inside();
    const upload = await open(send);
    expect(upload).toMatchObject({ status: 200, state: 'open', received: 0, chunkBytes: 1_000_000 });
    expect(await open(send)).toMatchObject({ id: upload.id });
    expect(codeOf(await open(send, 'key-0001', { asOf: '2026-04-11' }))).toBe('conflict.idempotency');
    const put = (offset: number, bytes: Uint8Array) => send('PUT', `/api/uploads/${upload.id}/${offset}`, bytes).then(read);
    expect(await put(0, file.subarray(0, 1000))).toMatchObject({ received: 1000 });
    // The answer was lost and it is sent again; a gap is refused with the place to go on.
    expect(await put(0, file.subarray(0, 1000))).toMatchObject({ received: 1000 });
    expect(codeOf(await put(1500, file.subarray(1500)))).toBe('state.upload-offset');
    expect(codeOf(await send('POST', `/api/uploads/${upload.id}/finish`, { sha256 }).then(read))).toBe('state.upload-offset');
    expect(await send('GET', `/api/uploads/${upload.id}`, null).then(read)).toMatchObject({ received: 1000 });
    expect(codeOf(await put(1000, Buffer.concat([file.subarray(1000), Buffer.from('x')])))).toBe('input.chunk');
    await put(1000, file.subarray(1000));
    const stored = await database.sql<{ bytes: Uint8Array }[]>`select bytes from upload_chunk`;
    expect(stored.some(({ bytes }) => Buffer.from(bytes).includes(keys[0] ?? ''))).toBe(false);
    const report = await send('POST', `/api/uploads/${upload.id}/finish`, { sha256 }).then(read);
    expect(report).toMatchObject({ status: 200, state: 'landed', already: false, rows: { read: 300, good: 300, bad: 0 }, held: null });
    expect(await landed()).toEqual({ deliveries: 1, parts: 300, chunks: 0 });
    expect(await send('POST', `/api/uploads/${upload.id}/finish`, { sha256 }).then(read)).toMatchObject({
      deliveryId: report.deliveryId,
      already: true,
    });
    expect(codeOf(await put(0, file.subarray(0, 1000)))).toBe('state.upload');
  });

  test('a wrong hash takes nothing in and begins again', async () => {
    const send = inside();
    const { id } = await open(send);
    const bad = Buffer.from(file);
    bad[40] = 65;
    await send('PUT', `/api/uploads/${id}/0`, bad);
    expect(codeOf(await send('POST', `/api/uploads/${id}/finish`, { sha256 }).then(read))).toBe('input.upload-hash');
    expect(await landed()).toEqual({ deliveries: 0, parts: 0, chunks: 0 });
    await send('PUT', `/api/uploads/${id}/0`, file);
    expect(await send('POST', `/api/uploads/${id}/finish`, { sha256 }).then(read)).toMatchObject({ state: 'landed' });
  });

  test('killed between complete and done, the sweep brings it to its end, once; what nobody touches is given up', async () => {
    const sender = { owner: 'token:x', now };
    const request = { ...wanted, kind: 'full', asOf: day('2026-04-10'), role: 'token' } as const;
    for (const place of ['upload.complete', 'upload.landed']) {
      const { id } = await openUpload(database.db, sender, place, request, file.length);
      await takeChunk(database.db, sender, id, 0, file);
      await expect(finishUpload(database.db, county, sender, id, sha256, { now, at: throwAt(place) })).rejects.toThrow('killed');
      expect(await sweepUploads(database.db, county, { now })).toEqual({ landed: 0, abandoned: 0 });
      const later = new Date(now.getTime() + 120_000);
      expect(await sweepUploads(database.db, county, { now: later })).toEqual({ landed: 1, abandoned: 0 });
      expect(await finishUpload(database.db, county, sender, id, sha256, { now: later })).toMatchObject({ state: 'landed' });
    }
    expect(await landed()).toEqual({ deliveries: 1, parts: 300, chunks: 0 });
    const { id } = await openUpload(database.db, sender, 'never-ended', request, file.length);
    await takeChunk(database.db, sender, id, 0, file.subarray(0, 10));
    expect(await sweepUploads(database.db, county, { now: new Date(now.getTime() + 25 * 3_600_000) })).toEqual({ landed: 0, abandoned: 1 });
    expect(await uploadState(database.db, sender, id)).toMatchObject({ state: 'abandoned' });
    expect((await landed())?.chunks).toBe(0);
  });
});

describe('who may deliver', () => {
  test('a token its dataset and division, a steward within his divisions; nobody somebody else’s upload', async () => {
    expect((await inside('zxd_nobody-knows-this-one-0000')('POST', '/api/uploads', wanted)).status).toBe(401);
    expect((await inside('zxd_this-one-was-taken-back-000')('POST', '/api/uploads', wanted)).status).toBe(401);
    expect(codeOf(await open(inside(), 'key-0002', { dataset: 'people' }))).toBe('scope.delivery');
    expect(codeOf(await open(inside(other), 'key-0003'))).toBe('scope.delivery');
    expect(codeOf(await open(inside(other), 'key-0003', { division: '530128' }))).toBe('scope.delivery');
    expect(await open(inside(other), 'key-0003', { division: '530103' })).toMatchObject({ state: 'open' });
    expect(codeOf(await open(inside(), 'key-0004', { asOf: '2026-04-16' }))).toBe('input.value');
    expect(codeOf(await open(inside(), 'key-0004', { bytes: 10 ** 9 }))).toBe('input.too-large');
    expect(codeOf(await open(inside(), 'short'))).toBe('input.idempotency-key');
    const mine = await open(inside(), 'key-0005');
    expect(codeOf(await inside(other)('GET', `/api/uploads/${mine.id}`, null).then(read))).toBe('missing.upload');
    // A token opens this door only.
    expect((await inside()('GET', '/api/datasets', null)).status).toBe(401);
    const account = {
      username: 'shu.ju',
      name: '数据员',
      roles: ['steward'],
      scope: { ...everything, divisions: ['530103'] },
      demo: true,
    } as const;
    const { password } = await createAccount(app.auth, database.db, account, 'test', now);
    const steward = browser(app);
    await steward.post('/staff/sign-in', { username: 'shu.ju', password });
    const asSteward = caller((at, init) => {
      const { authorization: _, ...headers } = init.headers as Record<string, string>;
      const cookie = [...steward.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      return app.app.request(`http://localhost:3000${at}`, { ...init, headers: { ...headers, cookie, 'sec-fetch-site': 'same-origin' } });
    });
    expect(codeOf(await open(asSteward, 'key-0006', { division: '530128' }))).toBe('scope.delivery');
    const his = await open(asSteward, 'key-0006', { division: '530103' });
    expect(await asSteward('PUT', `/api/uploads/${his.id}/0`, file.subarray(0, 10)).then(read)).toMatchObject({ received: 10 });
  });
});

test('a held delivery on the pages and over the API: seen, decided by another than who brought it', async () => {
  const deliver = (text: string, asOf: string) =>
    receive(
      database.db,
      county,
      {
        dataset: 'pensions',
        kind: 'full',
        division: null,
        asOf: day(asOf),
        // A name that would leave its folder and turn its ending round.
        fileName: '../\u202evsc.x\r\n.csv',
        content: bytesContent(Buffer.from(text)),
        receivedBy: 'somebody',
        role: 'steward',
      },
      { now },
    );
  await deliver(file.toString(), '2026-04-10');
  const first = await deliver(`身份证号,领取养老金\n${keys[0]},是\n`, '2026-04-11');
  expect(first).toMatchObject({ state: 'held', held: { diff: { dropped: 299 } } });
  const account = { username: 'shu.er', name: '数据员二', roles: ['steward'], scope: everything, demo: true } as const;
  const { password } = await createAccount(app.auth, database.db, account, 'test', now);
  const steward = browser(app);
  await steward.post('/staff/sign-in', { username: 'shu.er', password });
  expect(await (await steward.get('/staff/data')).text()).toContain('等人核对的交付');
  const page = await (await steward.get(`/staff/deliveries/${first.deliveryId}`)).text();
  expect(page).toContain('有 299 个对象不再列入，占原有 300 个的 99.6%，超过 10%');
  expect(page).not.toContain(keys[5]);
  expect(page).not.toMatch(/\u202e|\.\.\//);
  expect((await database.sql`select file_name from delivery where id = ${first.deliveryId}`)[0]?.file_name).toBe('□vsc.x□□.csv');
  const value = (name: string): string =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(page.slice(page.indexOf('/decision')))?.[1] ?? '';
  const form = { csrf: value('csrf'), reason: '退休人员没有少', answer: 'reject' };
  const path = `/staff/deliveries/${first.deliveryId}/decision`;
  expect((await steward.post(path, { ...form, seen: 'other' })).status).toBe(409);
  expect((await steward.post(path, { ...form, seen: value('seen') })).status).toBe(303);
  expect(await (await steward.get(`/staff/deliveries/${first.deliveryId}`)).text()).toContain('否决，退休人员没有少');
  const second = await deliver(`身份证号,领取养老金\n${keys[1]},是\n`, '2026-04-12');
  const [row] = (await read(await steward.getJson('/api/deliveries/held'))).rows;
  expect(row).toMatchObject({ id: second.deliveryId, state: 'held', held: { diff: { dropped: 299 }, rowsLanded: false } });
  const cookie = [...steward.cookies].map(([name, text]) => `${name}=${text}`).join('; ');
  const answer = await app.app.request(`http://localhost:3000/api/deliveries/${row.id}/decision`, {
    method: 'POST',
    headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
    body: JSON.stringify({ answer: 'accept', reason: '核对过', seen: row.held.digests }),
  });
  expect(await answer.json()).toMatchObject({ state: 'landed', dropped: 299 });
  expect((await landed())?.parts).toBe(1);
});

describe('the real server, killed', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'zhixiang-upload-'));
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (): Promise<{ readonly send: Send; readonly kill: () => Promise<void> }> => {
    const script = path.join(import.meta.dirname, 'upload-child.ts');
    const child = spawn(process.execPath, [script, database.ownerUrl, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (text) => resolve(String(text).trim()));
      child.once('exit', () => reject(new Error('the server did not start')));
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    return { send: caller((at, init) => fetch(`${address}${at}`, init)), kill };
  };

  test('while chunks come and while it imports: the sender goes on where it was, and there is one delivery', async () => {
    let server = await start();
    const { id } = await open(server.send, 'key-killed');
    const step = 1500;
    for (let n = 0; ; n++) {
      const { received } = await server.send('GET', `/api/uploads/${id}`, null).then(read);
      if (received === file.length) break;
      const chunk = server.send('PUT', `/api/uploads/${id}/${received}`, file.subarray(received, received + step)).catch(() => null);
      if (n === 1) {
        // With the request on its way: it may have been taken or not.
        await server.kill();
        server = await start();
      }
      await chunk;
    }
    for (const delay of [5, 40]) {
      const finishing = server.send('POST', `/api/uploads/${id}/finish`, { sha256 }).catch(() => null);
      await new Promise((resolve) => setTimeout(resolve, delay));
      await server.kill();
      await finishing;
      server = await start();
    }
    const report = await server.send('POST', `/api/uploads/${id}/finish`, { sha256 }).then(read);
    expect(report).toMatchObject({ state: 'landed', rows: { read: 300, good: 300 } });
    expect(await landed()).toEqual({ deliveries: 1, parts: 300, chunks: 0 });
    await server.kill();
  });
});
