// Payment over the API: the whole way of a batch by four people in their roles, each step refused to whoever may not take it; approving, making and
// releasing only with a second factor shown just now, by a real code of a real authenticator.
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { sampleKey } from '../../src/today.ts';
import type { Env } from '../../src/web/access.ts';
import { sheetsAnswer } from '../../src/web/api/sheet.ts';
import type { Role } from '../../src/web/role.ts';
import { testDatabase } from '../database.ts';
import { payDay, person, publishable, ready, retell } from '../payment/ground.ts';
import { broken, idOf, today } from '../settlement/ground.ts';
import { type Browser, everything, signedIn, type TestApp, testApp } from './app.ts';
import { type Bound, boundAccount } from './totp.ts';

const database = testDatabase();
let test: TestApp;
let source: string;
const people = new Map<Role, Bound>();

beforeAll(async () => {
  test = testApp(database);
  // Sessions are better-auth's and live by the machine's clock; the civil day of the steps is the ground's.
  test.clock = new Date();
  await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, test.clock);
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at: test.clock });
  source = await ready(database, { A: person('甲', 1), B: person('乙', 2), C: person('丙', 3) });
  for (const role of ['finance-maker', 'finance-checker', 'finance-issuer', 'auditor'] as const)
    people.set(role, await boundAccount(test, database, `real.${role.replace('-', '.')}`, [role]));
});

const by = (role: Role): Browser => (people.get(role) as Bound).one;
const send = async (role: Role, path: string, body: unknown) => {
  const response = await by(role).postJson(`/api${path}`, body);
  return { status: response.status, body: (await response.json()) as Record<string, never> & { problems?: { code: string }[] } };
};
const codeOf = async (role: Role, path: string, body: unknown): Promise<string> => {
  const { status, body: told } = await send(role, path, body);
  return status === 200 ? 'ok' : (told.problems?.[0]?.code ?? String(status));
};
const read = async (role: Role, path: string) => (await by(role).getJson(`/api${path}`)).json() as Promise<Record<string, never>>;
/** Later than any code shown so far: each counts once. */
const showCode = async (role: Role): Promise<number> => {
  test.clock = new Date(test.clock.getTime() + 90_000);
  return (await send(role, '/session/step-up', { code: (people.get(role) as Bound).code(test.clock.getTime()) })).status;
};

describe('a batch', () => {
  it('is told to go, sealed, checked, made, released and taken by different people, each with a fresh code', async () => {
    expect((await read('finance-maker', '/batch-openings')).rows).toMatchObject([
      { itemId: 'a', records: 3, amountFen: '30000', sourceId: source },
    ]);
    expect(await codeOf('finance-checker', '/batches', { sourceId: source, payOn: payDay })).toBe('scope.role');
    const answer = await send('finance-maker', '/batches', { sourceId: source, payOn: payDay });
    expect(answer.body.problems).toBeUndefined();
    const sealed = answer.body.batch as unknown as { id: string; hash: string };
    const { id, hash } = sealed;
    expect(sealed).toMatchObject({ lines: 3, totalFen: '30000', state: 'sealed' });

    expect(await codeOf('finance-checker', `/batches/${id}/approve`, { hash })).toBe('auth.step-up');
    expect((await send('finance-checker', '/session/step-up', { code: '000000' })).body.problems?.[0]?.code).toBe('auth.code');
    expect(await showCode('finance-checker')).toBe(200);
    const again = { code: (people.get('finance-checker') as Bound).code(test.clock.getTime()) };
    expect(await codeOf('finance-checker', '/session/step-up', again)).toBe('auth.code');
    expect(await codeOf('finance-checker', `/batches/${id}/approve`, { hash: 'x' })).toBe('conflict.content');
    expect(await codeOf('finance-checker', `/batches/${id}/approve`, { hash })).toBe('ok');

    expect(await codeOf('finance-issuer', `/batches/${id}/issue`, {})).toBe('auth.step-up');
    expect(await showCode('finance-issuer')).toBe(200);
    await retell(database, idOf('C'), { deathDate: '2026-10-31' });
    const made = (await send('finance-issuer', `/batches/${id}/issue`, {})).body as unknown as { sha256: string; withheld: unknown[] };
    expect(made.withheld).toHaveLength(1);
    test.clock = new Date(test.clock.getTime() + 11 * 60_000);
    expect(await codeOf('finance-issuer', `/batches/${id}/release`, { hash, sha256: made.sha256 })).toBe('auth.step-up');
    expect((await by('finance-issuer').getJson(`/api/batches/${id}/file`)).status).toBe(409);
    expect(await showCode('finance-issuer')).toBe(200);
    expect(await codeOf('finance-issuer', `/batches/${id}/release`, { hash, sha256: made.sha256 })).toBe('ok');

    const file = await by('finance-issuer').getJson(`/api/batches/${id}/file`);
    const text = await file.text();
    expect([file.headers.get('x-content-sha256'), text.includes('甲'), text.includes('丙')]).toEqual([made.sha256, true, false]);
    expect((await by('auditor').getJson(`/api/batches/${id}/file`)).status).toBe(403);
    expect(await read('auditor', `/batches/${id}/manifest`)).toMatchObject({ genuine: true, manifest: { lines: 2, totalFen: '20000' } });
    const taken = await database.sql`select actor, role from audit_entry where action = 'batch.file'`;
    expect(taken.map((row) => row.role)).toEqual(['finance-issuer']);
    const shown = JSON.stringify(await read('auditor', `/batches/${id}/lines`));
    expect([shown.includes('6222020000000001'), shown.includes('0001'), shown.includes('甲')]).toEqual([false, true, true]);
    expect((await read('auditor', `/batches/${id}`)).ends).toMatchObject([
      { end: 'sent', lines: 2, fen: '20000' },
      { end: 'withheld', lines: 1, fen: '10000' },
    ]);
    expect(await broken(database)).toEqual([]);
  });

  it("takes the bank's answer, first to look and then to keep; what fits nothing waits for a person; what came back is put right", async () => {
    const rows = await database.sql<{ id: string; who: string }[]>`
      select l.end_to_end_id as id, l.payee_name as who from payment_line l where exists (select from line_event e where e.line_id = l.id and e.kind = 'sent')`;
    const reference = (who: string) => rows.find((row) => row.who === who)?.id ?? '';
    const table = `流水号,处理结果,金额,失败原因\r\n${reference('甲')},成功,100.00,\r\n${reference('乙')},退汇,100.00,账户已销户\r\nZX0,成功,1.00,\r\n`;
    const bring = async (query: string) => {
      const response = await test.app.request(`http://localhost:3000/api/results?name=back.csv${query}`, {
        method: 'POST',
        headers: {
          origin: 'http://localhost:3000',
          host: 'localhost:3000',
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/octet-stream',
          cookie: [...by('finance-maker').cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
        body: table,
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const expected = { words: 3, suspense: 1, applied: { paid: 1, returned: 1 } };
    const odd = [{ position: 4, reference: 'ZX0', amountFen: '100', why: '没有这个流水号的付款。' }];
    expect(await bring('&dryRun=1')).toMatchObject({ ...expected, odd, formatTitle: '银行的回盘表格', dryRun: true, already: false });
    expect((await read('finance-maker', '/suspense')).rows).toEqual([]);
    expect(await bring('')).toMatchObject({ ...expected, dryRun: false, already: false });
    expect(await bring('')).toMatchObject({ already: true });
    const [word] = (await read('finance-checker', '/suspense')).rows as unknown as { id: string; reference: string }[];
    expect(word?.reference).toBe('ZX0');
    expect(await codeOf('finance-maker', `/suspense/${word?.id}/settle`, { reason: '他行' })).toBe('scope.role');
    expect(await codeOf('finance-checker', `/suspense/${word?.id}/settle`, { reason: '是别家单位的付款，已告知银行' })).toBe('ok');
    const [back] = (await read('finance-maker', '/returned-payments')).rows as unknown as {
      disbursementId: string;
      sameAccount: boolean;
    }[];
    expect(back).toMatchObject({ sameAccount: false, codes: ['closed'] });
    const correct = (body: object) => codeOf('finance-maker', `/disbursements/${back?.disbursementId}/correct`, body);
    expect(await correct({ reason: '再试' })).toBe('input.same-account');
    expect(await correct({ account: '6222020000099999', reason: '本人提供新卡' })).toBe('ok');
    expect(await broken(database)).toEqual([]);
  });

  it('shows where the money went, month by month and to the books, and each payment by the number it has at the bank', async () => {
    const [budget] = (await read('finance-maker', '/budgets')).rows as unknown as { itemId: string; year: number; text: string }[];
    expect(budget).toMatchObject({
      itemId: 'a',
      kind: 'entitlement',
      paidFen: '10000',
      reservedFen: '20000',
      committedFen: '0',
      closed: null,
    });
    const path = `/budgets/a/${budget?.year}`;
    const months = (await read('auditor', path)).months as unknown as { standing: { paidFen: string } | null }[];
    expect(months.findLast((one) => one.standing !== null)?.standing?.paidFen).toBe('10000');
    expect(await codeOf('finance-maker', `${path}/close`, { way: 'carry', reason: '依据' })).toBe('scope.role');
    expect(await showCode('finance-issuer')).toBe(200);
    // Whichever comes first: the year is not over, or there is nothing to carry where everybody entitled is paid.
    expect(await codeOf('finance-issuer', `${path}/close`, { way: 'carry', reason: '依据' })).toMatch(/^state\.(year|budget)$/);
    const [line] = await database.sql<{ id: string; month: string; record: string }[]>`
      select l.end_to_end_id as id, to_char(e.at at time zone 'Asia/Shanghai', 'YYYY-MM') as month, l.disbursement_id as record
      from payment_line l join line_event e on e.line_id = l.id and e.kind = 'paid'`;
    const statement = (await read('auditor', `/month-statement?month=${line?.month}`)) as unknown as {
      rows: { kind: string; fen: string; bookedFen: string }[];
    };
    expect(statement.rows.filter((row) => row.fen !== row.bookedFen)).toEqual([]);
    expect(statement.rows.find((row) => row.kind === 'paid')).toMatchObject({ itemId: 'a', count: 1, fen: '10000' });
    const sheet = await by('auditor').getJson(`/api/month-statement/file?month=${line?.month}&format=csv`);
    expect(await sheet.text()).toMatch(/到账,1,100\.00,100\.00,0\.00/);
    expect(await codeOf('finance-maker', '/month-closes', { month: line?.month })).toBe('scope.role');
    expect(await codeOf('finance-issuer', '/month-closes', { month: '2099-01' })).toBe('state.month');
    expect(await read('auditor', `/disbursement-named?reference=${line?.id}`)).toEqual({ id: line?.record });
    const record = (await read('auditor', `/disbursements/${line?.record}`)) as unknown as { payments: object[] };
    expect(record.payments).toMatchObject([
      { reference: line?.id, amountFen: '10000', words: [{ kind: 'sent' }, { kind: 'paid', file: 'back.csv' }] },
    ]);
  });

  it('goes out as a table, line by line, as every long list does; each time is noted', async () => {
    const [own] = await database.sql<{ id: string; lines: number }[]>`select id, lines from batch order by sealed_at limit 1`;
    const csv = async (role: Role, path: string) => (await (await by(role).getJson(`/api${path}`)).text()).trim().split('\r\n');
    const lines = await csv('finance-maker', `/batches/${own?.id}/lines-file?format=csv`);
    expect([lines.length, lines[0]?.includes('流水号')]).toEqual([1 + (own?.lines ?? 0), true]);
    const [{ n } = { n: 0 }] = await database.sql<{ n: number }[]>`select count(*)::int as n from disbursement`;
    expect(await csv('auditor', '/disbursement-file?format=csv')).toHaveLength(1 + n);
    expect((await csv('auditor', '/disbursement-file?format=csv&state=paid')).slice(1).every((line) => line.includes(',已到账,'))).toBe(
      true,
    );
    const trail = await csv('auditor', '/audit-file?format=csv&action=list.export');
    expect(trail.slice(1).map((line) => line.split(',')[7])).toEqual(['audit-entries', 'disbursements', 'disbursements', 'batch-lines']);
    const book = Buffer.from(await (await by('auditor').getJson('/api/audit-file')).arrayBuffer());
    expect(book.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect((await by('finance-maker').getJson('/api/audit-file')).status).toBe(403);
  });

  it('is found by nobody who sees only some divisions, some items or another authority, and sealed by none of them', async () => {
    const [own] = await database.sql<{ id: string }[]>`select id from batch`;
    for (const [n, scope] of [
      { ...everything, divisions: ['530128'] },
      { ...everything, items: ['b'] },
      { ...everything, authorities: ['别的部门'] },
    ].entries()) {
      const one = await signedIn(test, database, `narrow.${n}`, ['finance-maker'], scope);
      for (const path of ['', '/lines', '/lines-file', '/exclusions', '/manifest', '/file'])
        expect([path, (await one.getJson(`/api/batches/${own?.id}${path}`)).status]).toEqual([path, 404]);
      expect(await (await one.getJson('/api/batches')).json()).toEqual({ rows: [], next: null });
      expect(await (await one.getJson('/api/suspense')).json()).toEqual({ rows: [], next: null });
      expect((await one.postJson('/api/batches', { sourceId: source, payOn: payDay })).status).toBe(404);
      // A budget is of the whole item: a division does not narrow what it holds, and does not close it.
      const wide = scope.items === null && scope.authorities === null;
      expect([n, (await one.getJson('/api/budgets/a/2026')).status]).toEqual([n, wide ? 200 : 404]);
      expect((await one.getJson('/api/budgets/a/2026/close?way=carry')).status).toBe(404);
    }
  });
});

describe('the second factor', () => {
  it('locks after five wrong codes, right ones included, and opens again', async () => {
    const bound = await boundAccount(test, database, 'guesser', ['finance-checker']);
    const show = async (code: string) =>
      ((await (await bound.one.postJson('/api/session/step-up', { code })).json()) as { problems?: { code: string }[] }).problems?.[0]
        ?.code ?? 'ok';
    for (let n = 0; n < 5; n++) expect(await show('000000')).toBe('auth.code');
    expect(await show(bound.code(test.clock.getTime()))).toBe('limit.step-up');
    test.clock = new Date(test.clock.getTime() + 16 * 60_000);
    expect(await show(bound.code(test.clock.getTime()))).toBe('ok');
  });
});

describe('sources, days and bands', () => {
  it('is asked for a code where public money is given up for good', async () => {
    const nowhere = '/recoveries/00000000-0000-4000-8000-000000000000/acts';
    expect(await codeOf('finance-maker', nowhere, { act: 'approve' })).toBe('auth.step-up');
    expect(await codeOf('finance-maker', nowhere, { act: 'refuse' })).toMatch(/^missing\./);
    expect(await showCode('finance-maker')).toBe(200);
    expect(await codeOf('finance-maker', nowhere, { act: 'approve' })).toMatch(/^missing\./);
  });

  it('are told by the maker, checked, and ended with a reason', async () => {
    const told = {
      ...{
        itemId: 'a',
        year: 2026,
        document: '省财社〔2026〕7号',
        projectCode: 'P1',
        subjectCode: '2081002',
        nature: 'transfer',
        level: 'province',
      },
      ...{ payerName: '云溪县财政局', payerAccount: '6200000000000001', payerBank: '云溪农商银行', payerBankCode: '313651027012' },
      ...{ format: 'agent-csv', amountFen: '500000' },
    };
    expect(await codeOf('finance-checker', '/funding-sources', told)).toBe('scope.role');
    expect(await codeOf('finance-maker', '/funding-sources', { ...told, payerBankCode: '1' })).toBe('input.bank-code');
    expect(await codeOf('finance-maker', '/funding-sources', { ...told, itemId: 'nowhere' })).toBe('missing.object');
    const { id } = (await send('finance-maker', '/funding-sources', told)).body as unknown as { id: string };
    const listed = (await read('auditor', '/funding-sources')).rows as unknown as { id: string; openFen: string; payerAccount: string }[];
    expect(listed.find((one) => one.id === id)).toMatchObject({ openFen: '500000', payerAccount: '************0001' });
    expect(await codeOf('finance-maker', `/funding-sources/${id}/end`, { reason: ' ' })).toBe('input.reason');
    expect(await codeOf('finance-maker', `/funding-sources/${id}/end`, { reason: '收回' })).toBe('ok');
    const freeze = { kind: 'freeze', fromDay: '2026-12-25', toDay: '2026-12-31', reason: '年终关账' };
    const day = (await send('finance-maker', '/payment-calendar', freeze)).body as unknown as { id: string };
    expect((await read('auditor', '/payment-calendar')).rows).toMatchObject([{ kind: 'freeze', reason: '年终关账' }]);
    expect(await codeOf('finance-maker', `/payment-calendar/${day.id}/end`, { reason: '提前' })).toBe('ok');
    const bands = [
      { upToFen: '100', checkers: 1, roles: [] },
      { upToFen: null, checkers: 3, roles: ['finance-head'] },
    ];
    expect(await codeOf('finance-checker', '/approval-bands', { bands })).toBe('auth.step-up');
    expect(await showCode('finance-checker')).toBe(200);
    expect(await codeOf('finance-checker', '/approval-bands', { bands: [...bands].reverse() })).toBe('input.bands');
    expect(await codeOf('finance-checker', '/approval-bands', { bands })).toBe('ok');
    expect((await read('auditor', '/approval-bands')).rows).toEqual(bands);
  });
});

describe('a long table on its way', () => {
  it('is not taken for whole where it fails, is refused in words where it cannot begin, and is read no further once nobody wants it', async () => {
    let [made, ended] = [0, 0];
    async function* rows(last: number): AsyncGenerator<readonly string[]> {
      try {
        for (made = 0; made < last; made++) yield [`${made}`.padStart(200, '行')];
        throw new Error('the database has gone');
      } finally {
        ended++;
      }
    }
    const app = new Hono<Env>()
      .get('/:last', (c) => sheetsAnswer(c, [{ name: '表', header: ['一'], rows: rows(Number(c.req.param('last'))) }], 'csv', 'table'))
      .onError((_, c) => c.text('refused', 500));
    const server = createAdaptorServer({ fetch: app.fetch });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect((await fetch(`${at}/3`)).status).toBe(500);
      const broken = await fetch(`${at}/20000`);
      expect(broken.status).toBe(200);
      const end = await broken.arrayBuffer().then(
        () => 'whole',
        () => 'broken off',
      );
      expect(end).toBe('broken off');
      // So many that it never comes to an end by itself.
      const stop = new AbortController();
      const long = await fetch(`${at}/1000000000`, { signal: stop.signal });
      await long.body?.getReader().read();
      const before = ended;
      stop.abort();
      await vi.waitFor(() => expect(ended).toBe(before + 1), 60_000);
      expect(made).toBeLessThan(1_000_000_000);
    } finally {
      server.close();
    }
  }, 120_000);
});
