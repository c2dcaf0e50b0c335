// 人工核定 from the outside: over the API and at the command line, through seal and run into a match whose trace names it; and who sees what.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { replay } from '../../src/match/replay.ts';
import { runItems } from '../../src/match/run.ts';
import { listMatches, matchById } from '../../src/match/store.ts';
import { liveItems } from '../../src/policy/store.ts';
import { attestedIn } from '../../src/record/attested.ts';
import { sealStep } from '../../src/steps.ts';
import { caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { type Browser, decideRows, deskRows, everything, origin, signedIn, type TestApp, testApp } from '../web/app.ts';
import { asOf, at, buildTown, own, ownItem, type Town } from '../web/town.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-attest-'));
const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys }), at);
const here: Scope = { ...everything, divisions: ['530128'] };
let test: TestApp;
let town: Town;
let wang: Browser;
let li: Browser;
let far: Browser;
let officer: Browser;
let born = '';

const send = async (who: Browser, path: string, body: unknown): Promise<Response> =>
  test.app.request(`${origin}${path}`, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      origin,
      host: 'localhost:3000',
      'sec-fetch-site': 'same-origin',
      'content-type': body instanceof Uint8Array ? 'application/json; scan' : 'application/json',
      cookie: [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    },
    body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
  });
const problemOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { problems: { code: string }[] }).problems[0]?.code ?? '';

beforeAll(async () => {
  test = testApp(database);
  town = await buildTown(database);
  wang = await signedIn(test, database, 'wang.min', ['reviewer'], here);
  li = await signedIn(test, database, 'li.jie', ['reviewer'], here);
  officer = await signedIn(test, database, 'ding', ['officer'], here);
  far = await signedIn(test, database, 'hu.hai', ['reviewer'], { ...everything, divisions: ['310101'] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('over the API', () => {
  it('takes a scan, an entry and a second person; a birthday nobody delivered becomes one', async () => {
    const scan = new TextEncoder().encode('%PDF-1.7 户口簿');
    const { sha256 } = (await (await send(wang, '/api/attested-documents', scan)).json()) as { sha256: string };
    const entry = {
      register: 'citizen',
      subjectId: town.own.subjects[2],
      fact: 'birthDate',
      value: '1941-01-02',
      document: sha256,
      documentTitle: '户口簿',
      reason: '户籍系统漏填出生日期',
      expiresOn: '2026-10-15',
    };
    expect(await problemOf(await send(officer, '/api/attestations', entry))).toBe('scope.role');
    expect(await problemOf(await send(far, '/api/attestations', entry))).toBe('missing.subject');
    expect(await problemOf(await send(wang, '/api/attestations', { ...entry, value: '1941-13-02' }))).toBe('input.value');
    const response = await send(wang, '/api/attestations', entry);
    const made = (await response.json()) as { id: string; state: string; value: { v: string } };
    expect([response.status, made.state, made.value.v]).toEqual([200, 'entered', '1941-01-02']);
    born = made.id;
    expect(await problemOf(await send(wang, `/api/attestations/${born}/confirm`, {}))).toBe('scope.two-people');
    expect(((await (await send(li, `/api/attestations/${born}/confirm`, {})).json()) as { state: string }).state).toBe('standing');
    const read = await li.getJson(`/api/attestations/${born}/document`);
    expect([read.headers.get('content-type'), Buffer.from(await read.arrayBuffer()).toString()]).toEqual([
      'application/pdf',
      '%PDF-1.7 户口簿',
    ]);
    const views = await database.sql`select 1 from audit_entry where action = 'attest.view-document' and object_id = ${born}`;
    expect(views).toHaveLength(1);
  });

  it('stays within the division, and shows values to those who judge them only', async () => {
    for (const path of [`/api/attestations/${born}`, `/api/attestations/${born}/document`])
      expect((await far.getJson(path)).status).toBe(404);
    for (const path of ['/api/attestations', '/api/tickets', '/api/ticket-departments'])
      expect(await (await far.getJson(path)).json()).toEqual({ rows: [], next: null });
    const seen = await (await officer.getJson(`/api/attestations/${born}`)).text();
    expect(seen).not.toContain('1941-01-02');
    expect((await officer.getJson(`/api/attestations/${born}/document`)).status).toBe(403);
    const list = await (await wang.getJson('/api/attestations')).text();
    expect(list).toContain('1941-01-02');
  });

  it('hands departments their tickets, as rows and as a spreadsheet without numbers of people', async () => {
    const { rows } = (await (await wang.getJson('/api/tickets?state=open')).json()) as {
      rows: { id: string; department: string; fact: string }[];
    };
    expect(rows.map((one) => [one.department, one.fact])).toEqual([['公安局', 'birthDate']]);
    const sheet = await wang.getJson('/api/tickets/export?department=%E5%85%AC%E5%AE%89%E5%B1%80');
    expect(
      Buffer.from(await sheet.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
    const answered = await send(wang, `/api/tickets/${rows[0]?.id}/answer`, { answer: '已补录' });
    expect(((await answered.json()) as { state: string }).state).toBe('answered');
  });
});

describe('in a decision', () => {
  it('is sealed, decides, stands in the evidence by its own name, and the match replays', async () => {
    const { catalogue } = town;
    const { snapshotId } = await sealStep({
      db: database.db,
      catalogue,
      today: asOf,
      now: () => at,
      mail: false,
      messageDomain: 'x.invalid',
    });
    const cut = await transaction(database.db, (tx) => ledgerCut(tx));
    const items = await liveItems(database.db);
    await runItems(database.db, { snapshotId, items, catalogue, ledgerCut: cut, at, actor: 'test' });
    const [match] = (await listMatches(database.db, { scope: everything, itemId: ownItem, subjectId: town.own.subjects[2] ?? '' })).rows;
    expect([match?.verdict, match?.amountFen]).toEqual(['eligible', 6000n]);
    const read = (await matchById(database.db, match?.id ?? '', everything))?.evidence.read.find((one) => one.fact === 'birthDate');
    expect(attestedIn(read?.source?.dataset ?? '')?.id).toBe(born);
    const page = await (await wang.get(`/staff/matches/${match?.id}`)).text();
    expect(page).toContain('人工核定（材料 ');
    expect(await database.sql`select * from assert_invariants()`).toEqual([]);
    expect((await replay(database.db, match?.id ?? '')).differences).toEqual([]);
  });
});

describe('at the command line', () => {
  const scanFile = join(folder, 'scan.pdf');
  const person = own[1]?.key ?? '';
  const codes = (called: { problems: readonly { code: string }[] }) => called.problems.map((one) => one.code);

  it('says what is missing, in the name of nobody', async () => {
    expect(codes(await call('attest', 'nonsense'))).toEqual(['input.argument']);
    expect(codes(await call('attest', 'enter', person, 'deathDate', '--none'))).toEqual(['input.option']);
    expect(codes(await call('attest', 'confirm', born, '--by', 'nobody'))).toEqual(['missing.account']);
    expect(codes(await call('attest', 'confirm', born, '--by', 'ding'))).toEqual(['scope.role']);
  });

  it('enters, confirms, lists, withdraws, and reports per officer', async () => {
    writeFileSync(scanFile, '%PDF-1.7 证明');
    const entered = await call(
      ...[
        'attest',
        'enter',
        person,
        'phone',
        '--value',
        '13800138000',
        '--scan',
        scanFile,
        '--title',
        '登记表',
        '--reason',
        '本人到场登记',
      ],
      ...['--until', '2026-10-15', '--by', 'wang.min', '--json'],
    );
    const { id, state } = entered.json();
    expect(state).toBe('entered');
    expect(entered.text).not.toContain('13800138000');
    expect(codes(await call('attest', 'confirm', id, '--by', 'wang.min'))).toEqual(['scope.two-people']);
    expect((await call('attest', 'confirm', id, '--by', 'li.jie', '--json')).json().state).toBe('standing');
    expect((await call('attest', '--json')).json().attestations).toHaveLength(2);
    expect((await call('attest', 'withdraw', id, '--reason', '号码有误', '--by', 'li.jie')).exit).toBe(0);
    const { officers } = (await call('attest', 'officers', '--from', '2026-04-01', '--to', '2026-04-30', '--json')).json();
    expect(officers[0]).toMatchObject({ officer: 'wang.min', entered: 2, withdrawn: 1, partner: 'li.jie', flags: [] });
    const file = join(folder, 'tickets.xlsx');
    const { departments } = (await call('attest', 'tickets', '--export', file, '--json')).json();
    expect(departments.map((d: { department: string }) => d.department)).toEqual(['公安局', '政务服务局']);
    expect(codes(await call('attest', 'tickets', '--export', file))).toEqual(['input.file']);
  });

  it('keeps relatives out', async () => {
    expect((await call('attest', 'tie', 'wang.min', '--relative', person)).text).toContain('已登记');
    const entered = await call(
      ...[
        'attest',
        'enter',
        person,
        'phone',
        '--value',
        '13800138000',
        '--scan',
        scanFile,
        '--title',
        '登记表',
        '--reason',
        '本人到场登记',
      ],
      ...['--until', '2026-10-15', '--by', 'wang.min'],
    );
    expect(codes(entered)).toEqual(['scope.tie']);
    expect((await call('attest', 'rules', '--own-division', 'refuse')).text).toContain('不许');
    expect((await call('attest', 'follow', '--json')).json()).toEqual({ agreed: 0, disputed: 0, expired: 0 });
  });
});

describe('as a table', () => {
  it('waits as a queue: taken, confirmed in a table by another only, with a reason each', async () => {
    const scan = new TextEncoder().encode('%PDF-1.7 出生证明');
    const { sha256 } = (await (await send(wang, '/api/attested-documents', scan)).json()) as { sha256: string };
    const entry = { register: 'citizen', subjectId: town.own.subjects[0], fact: 'birthDate', value: '1941-03-02', document: sha256 };
    await send(wang, '/api/attestations', { ...entry, documentTitle: '出生证明', reason: '登记有误', expiresOn: '2026-10-15' });
    expect(await deskRows(far, 'attestations')).toEqual([]);
    const rows = await deskRows(li, 'attestations');
    expect(rows.map((row) => row.why)).toEqual([expect.stringContaining('凭出生证明；登记有误')]);
    const cells = { 意见: '复核通过', 理由: '看过出生证明原件，与录入一致' };
    expect(await decideRows(wang, 'attestations', rows, cells)).toEqual(['refused scope.two-people']);
    expect(await decideRows(far, 'attestations', rows, cells)).toEqual(['refused missing.attestation']);
    expect(await decideRows(li, 'attestations', rows, { ...cells, 理由: '' })).toEqual(['refused input.reason']);
    const [row] = rows;
    const taking = { queue: 'attestations', act: 'take', rows: [{ id: row?.id, version: row?.version }] };
    expect((await li.postJson('/api/desk/assignments', taking)).status).toBe(200);
    expect(await decideRows(li, 'attestations', rows, { ...cells, 意见: '退回', 理由: '原件日期看不清' }, true)).toEqual(['would']);
    expect(await decideRows(li, 'attestations', rows, { ...cells, 意见: '退回', 理由: '原件日期看不清' })).toEqual(['done']);
    expect([await deskRows(li, 'attestations'), await decideRows(li, 'attestations', rows, cells)]).toEqual([
      [],
      ['refused conflict.decided'],
    ]);
    const [kept] = await database.sql`select reason from audit_entry where action = 'desk.decide' and object_id = ${row?.id ?? ''}`;
    expect(kept?.reason).toBe('原件日期看不清');
  });
});
