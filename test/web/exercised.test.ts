// Every door is tried: each changing route by a stranger and by every role with nonsense, none of which may end in an unforeseen error; the routes and
// commands of the money's way each by a test that goes through the app or the command line. A new one without is named here.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../src/base/day.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { commands } from '../../src/command/commands.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { proposeRecoveries } from '../../src/disbursement/recovery.ts';
import { move } from '../../src/ledger/ledger.ts';
import { post } from '../../src/ledger/store.ts';
import { reportNames } from '../../src/report/report.ts';
import { sampleKey } from '../../src/today.ts';
import { actShapes } from '../../src/web/acts.ts';
import { allRoles, type Role } from '../../src/web/role.ts';
import { caller, type Typed, typed } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { lifeOf } from '../disbursement/ground.ts';
import { testKeys } from '../keys.ts';
import { payDay, person, publishable, ready } from '../payment/ground.ts';
import { broken, calendar, complete, empty, itemOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { type Browser, browser, secret, signedIn, type TestApp, testApp } from './app.ts';

const database = testDatabase();
const { tick, all, only, doing } = lifeOf(database);
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-doors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let test: TestApp;
const people = new Map<Role, Browser>();
let second: Browser;
let third: Browser;

beforeAll(async () => {
  test = testApp(database);
  test.clock = new Date();
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at: test.clock });
  for (const role of allRoles) people.set(role, await signedIn(test, database, role.replace('-', '.'), [role]));
  second = await signedIn(test, database, 'reviewer.two', ['reviewer']);
  third = await signedIn(test, database, 'reviewer.three', ['reviewer']);
});
beforeEach(async () => {
  await empty(database);
  await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, test.clock);
});

const call = caller(
  () => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys, BETTER_AUTH_SECRET: secret }),
  new Date(),
);
const ok = async (...argv: readonly (string | Typed)[]) => {
  const called = await call(...argv);
  expect([argv.slice(0, 2), called.problems.map((one) => `${one.code} ${one.message}`), called.exit]).toEqual([argv.slice(0, 2), [], 0]);
  return called;
};
const reviewer = (): Browser => people.get('reviewer') as Browser;
const send = async (path: string, body: unknown, one: Browser = reviewer()): Promise<string> => {
  const response = await one.postJson(`/api${path}`, body);
  const told = (await response.json()) as { problems?: readonly { code: string }[] };
  return response.status === 200 ? 'ok' : (told.problems?.[0]?.code ?? String(response.status));
};

/** What is there for everybody: asking for a code, signing in. */
const open = /^\/(?:staff\/sign-in|sign-in|check|my)/;

/** Whoever leaves by one of these does not come back. */
const leaves = /sign-out/;
const changing = (): readonly (readonly [string, string])[] => [
  ...new Map(
    test.app.routes
      .filter((route) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(route.method) && !leaves.test(route.path) && !route.path.includes('*'))
      .map((route) => [`${route.method} ${route.path}`, [route.method, route.path] as const]),
  ).values(),
];

const source = (folderName: string): string =>
  readdirSync(join(import.meta.dirname, folderName), { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile() && one.name.endsWith('.test.ts'))
    .map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'))
    .join('\n');
const tests = source('..');

describe('every changing route', () => {
  it('answers nonsense with a problem, in every role and to strangers, and is never surprised', { timeout: 120_000 }, async () => {
    const odd: string[] = [];
    const bodies = ['{}', '['];
    const uuid = '00000000-0000-4000-8000-000000000000';
    const stranger = browser(test);
    for (const [method, route] of changing()) {
      const path = route.replace(/:(?:id|subject)\b/g, uuid).replace(/:\w+/g, 'x');
      for (const [who, one] of [['stranger', stranger] as const, ...people]) {
        for (const body of bodies) {
          const { status } = await one.raw(method, path, body);
          if (status >= 500) odd.push(`${who} ${method} ${route} ${body.length}: ${status}`);
          if (who === 'stranger' && status === 200 && !open.test(route)) odd.push(`stranger ${method} ${route}: 200`);
          // Whoever may not is not asked twice.
          if (status === 401 || status === 403) break;
        }
      }
    }
    expect(odd).toEqual([]);
  });

  it('of the money’s way is gone through by a test', () => {
    const money =
      /^\/api\/(?:case-documents|disbursement|recoveries|objections|batches|funding|payment-calendar|approval-bands|results|suspense|desk)/;
    const missing = changing()
      .map(([, path]) => path)
      .filter((path) => money.test(path))
      .filter((path) => {
        const parts = path.replace('/api', '').split('/');
        const pattern = parts.map((part) => (part.startsWith(':') ? '(?:\\$\\{[^}]*\\}|[^/\'"`\\s?]+)' : part)).join('/');
        return !new RegExp(`${pattern}(?=['"\`?])`).test(tests);
      });
    expect(missing).toEqual([]);
  });
});

describe('every command', () => {
  it('says how it is called and refuses an option it does not know', async () => {
    for (const { name, load, summary } of commands) {
      const command = await load();
      expect([name, command.name, command.usage.length > 0, summary.length > 3]).toEqual([name, name, true, true]);
      expect([name, (await call(name, '--no-such-option')).problems[0]?.code]).toEqual([name, 'input.option']);
    }
  });

  it('that draws pages draws the faces there are, and says which', async () => {
    expect((await call('shots', 'nothing')).problems[0]?.code).toBe('input.argument');
  });

  it('is called by a test', () => {
    // Servers and long ones have files of their own: start.test, demo.test, bench.test, console.test.
    const missing = commands
      .map((one) => one.name)
      .filter(
        (name) =>
          !['start', 'demo', 'bench', 'build'].includes(name) &&
          !new RegExp(`(?<!describe|it|test|expect)\\(\\s*(?:\\[\\s*)?'${name}'|\\['${name}', |name: '${name}'`).test(tests),
      );
    expect(missing).toEqual([]);
    for (const verb of Object.keys(actShapes)) expect([verb, new RegExp(`'disbursement',\\s*'${verb}'`).test(tests)]).toEqual([verb, true]);
  });
});

const waiting = async (names: readonly string[], over: Parameters<typeof itemOf>[1] = {}) => {
  await settlePeople(database, Object.fromEntries(names.map((name) => [name, complete])));
  await publish(database, [
    itemOf('a', { review: { levels: [{ name: '审核' }] }, flow: { first: ['guard', 'review', 'pay'], continuing: ['pay'] }, ...over }),
  ]);
  await runWith(
    database,
    names.map((subject) => ({ item: 'a', subject })),
  );
  await tick();
};
/** Paid for October, and only then it is heard that nothing was due. */
const overpaid = async () => {
  await waiting(['A'], {
    flow: { first: ['guard', 'pay'], continuing: ['pay'] },
    overpaid: { tellWorkingDays: 5, dueMonths: 3, clause: '第十二条' },
  });
  const { id, subjectId, lineId, amountFen } = await only();
  const about = { itemId: 'a', year: 2026, subjectId, periodKey: '2026-10', lineId: lineId as string, objectKey: '' };
  for (const kind of ['commit', 'pay'] as const)
    await doing((tx) =>
      post(tx, [{ key: `${kind}:${id}`, kind, ...about, entries: move(kind, 'a:2026', amountFen) }], new Date(`${today}T02:00:00Z`)),
    );
  await database.sql`update disbursement set state = 'paid' where id = ${id}`;
  await runWith(database, [{ item: 'a', subject: 'A', verdict: 'ineligible', kind: 'ended' }]);
  await tick();
  await proposeRecoveries(database.db, { now: new Date(`${today}T02:00:00Z`), today, calendar });
  const [one] = await database.sql<{ id: string }[]>`select id from recovery`;
  return { id: one?.id ?? '', yuan: (fen: bigint) => `${fen / 100n}.00`, amountFen };
};
const number = '11010519491231002X';

describe('records over the API', () => {
  it('are reviewed, held, lifted, objected to and ruled on, singly and many at once', async () => {
    await waiting(['A', 'B']);
    const [a, b] = (await all()).map((d) => d.id);
    const scan = await reviewer().postBytes('/api/case-documents', Buffer.from('%PDF-1.7\n%made up\n'));
    const { sha256 } = (await scan.json()) as { sha256: string };
    expect(await send(`/disbursements/${a}/acts`, { act: 'review', decision: 'return', reason: '请补户口簿' })).toBe('ok');
    const [gap] = (await all()).find((d) => d.id === a)?.gaps ?? [];
    expect(await send(`/disbursements/${a}/acts`, { act: 'answer', reason: '窗口收到', settled: [gap] })).toBe('ok');
    expect(await send(`/disbursements/${a}/acts`, { act: 'hold', reason: '等来信' })).toBe('ok');
    expect(await send(`/disbursements/${a}/acts`, { act: 'lift', reason: '已来信' })).toBe('ok');
    const many = { decisions: [a, b].map((id) => ({ id, decision: 'refuse', reason: '收入超过' })) };
    expect(await send('/disbursement-reviews', many, second)).toBe('ok');
    expect(await send(`/disbursements/${a}/acts`, { act: 'confirm', reason: '电话' })).toBe('state.edge');
    const objection = { act: 'object', kind: 'own', name: '王举', number, phone: '13900001234', text: '收入算错了', document: sha256 };
    expect(await send(`/disbursements/${a}/acts`, objection)).toBe('ok');
    const { rows } = (await (await reviewer().getJson('/api/objections')).json()) as { rows: { id: string }[] };
    expect(await send(`/objections/${rows[0]?.id}/ruling`, { decision: 'upheld', reason: '确实算错' })).toBe('state.same-person');
    expect(await send(`/objections/${rows[0]?.id}/ruling`, { decision: 'upheld', reason: '确实算错' }, second)).toBe('ok');
    await tick();
    expect((await all()).some((d) => d.state !== 'closed')).toBe(true);
    expect(await broken(database)).toEqual([]);
  });

  it('what was paid too much is opened, shared out, paid back and written off by three', async () => {
    const { id, amountFen, yuan } = await overpaid();
    const to = (body: unknown, one?: Browser) => send(`/recoveries/${id}/acts`, body, one);
    expect(await to({ act: 'open', reason: '已去世' }, people.get('finance-maker'))).toBe('scope.role');
    expect(await to({ act: 'open', reason: '已去世' })).toBe('ok');
    expect(await to({ act: 'plan', reason: '家庭困难', instalments: [{ dueOn: addDays(today, 40), yuan: yuan(amountFen) }] })).toBe('ok');
    expect(await to({ act: 'receive', yuan: '1.00', reference: '收据1' }, people.get('finance-maker'))).toBe('ok');
    expect(await to({ act: 'write-off', reason: '无财产' })).toBe('ok');
    expect(await to({ act: 'approve' })).toBe('state.same-person');
    expect([await to({ act: 'approve' }, second), await to({ act: 'approve' }, third)]).toEqual(['ok', 'ok']);
    expect(await database.sql`select state from recovery`).toEqual([{ state: 'closed' }]);
    expect(await broken(database)).toEqual([]);
  });
});

it('a batch is sent back over the API, and its records go into the next', async () => {
  const sourceId = await ready(database, { A: person('甲', 1) });
  const seal = async () => {
    const response = await (people.get('finance-maker') as Browser).postJson('/api/batches', { sourceId, payOn: payDay });
    return ((await response.json()) as { batch: { id: string; hash: string } }).batch;
  };
  const batch = await seal();
  const back = (one?: Browser) => send(`/batches/${batch.id}/return`, { hash: batch.hash, reason: '附言有误' }, one);
  expect([await back(people.get('finance-maker')), await back(people.get('finance-head')), await back(people.get('finance-head'))]).toEqual(
    ['scope.role', 'ok', 'state.batch'],
  );
  expect((await seal()).id).not.toBe(batch.id);
});

describe('records at the command line', () => {
  it('are reviewed, returned, completed, held, lifted, objected to and ruled on', async () => {
    await waiting(['A', 'B', 'C']);
    const [a = '', b = '', c = ''] = (await all()).map((d) => d.id);
    const by = ['--by', 'reviewer'] as const;
    await ok('disbursement', 'review', a, 'return', '--reason', '请补户口簿', ...by);
    await ok(
      'disbursement',
      'answer',
      a,
      '--settled',
      ((await all()).find((d) => d.id === a)?.gaps ?? []).join(';'),
      '--reason',
      '窗口收到',
      ...by,
    );
    await ok('disbursement', 'hold', a, '--reason', '等来信', ...by);
    await ok('disbursement', 'lift', a, '--reason', '已来信', ...by);
    const opinions = join(folder, 'opinions.csv');
    writeFileSync(opinions, `编号,意见,理由\n${a},通过,\n${b},不予,收入超过\n${c},通过,\n`);
    await ok('disbursement', 'review', '--file', opinions, '--by', 'reviewer.two');
    expect((await all()).map((d) => d.state).toSorted()).toEqual(['closed', 'ready', 'ready']);
    const object = ['disbursement', 'object', b, '--kind', 'own', '--name', '王举', '--text', '收入算错了', ...by] as const;
    expect((await call(...object, '--number', number, '--phone', '13900001234')).problems.map((one) => one.code)).toEqual([
      'input.visible',
    ]);
    await ok(...object, '--number', typed(number), '--phone', typed('13900001234'));
    const { rows } = (await ok('disbursement', 'objections', '--json')).json();
    await ok('disbursement', 'rule', rows[0].id, 'rejected', '--reason', '核过，没有错', '--by', 'reviewer.two');
    for (const verb of ['list', 'public']) await ok('disbursement', verb);
    const again = ['--reason', '电话里说的', ...by] as const;
    const codes = [
      await call('disbursement', 'confirm', a, ...again),
      await call('disbursement', 'come-back', a, ...again),
      await call('disbursement', 'submit', a, ...again),
    ].map((called) => called.problems[0]?.code);
    expect(codes).toEqual(['state.edge', 'state.edge', 'state.edge']);
  });

  it('give up, come back and confirm in a person’s name', async () => {
    await waiting(['A'], {
      flow: { first: ['guard', 'notice', 'confirm', 'pay'], continuing: ['pay'] },
      confirm: { days: 7, declinable: true },
    } as never);
    const { id } = await only();
    const by = ['--reason', '在窗口说的', '--by', 'reviewer'] as const;
    await ok('disbursement', 'decline', id, ...by);
    await ok('disbursement', 'come-back', id, ...by);
    await ok('disbursement', 'confirm', id, ...by);
    expect((await only()).state).toBe('ready');
  });

  it('what was paid too much, what is late, and what oversight reads', async () => {
    const { id, amountFen, yuan } = await overpaid();
    expect((await ok('recovery', '--json')).json().rows).toHaveLength(1);
    await ok('recovery', 'open', id, '--reason', '已去世', '--by', 'reviewer');
    await ok(
      'recovery',
      'plan',
      id,
      '--instalments',
      `${addDays(today, 40)}=${yuan(amountFen)}`,
      '--reason',
      '家庭困难',
      '--by',
      'reviewer',
    );
    await ok('recovery', 'receive', id, '--yuan', '1.00', '--reference', '收据1', '--by', 'finance.maker');
    await ok('recovery', 'write-off', id, '--reason', '无财产', '--by', 'reviewer');
    for (const who of ['reviewer.two', 'finance.checker']) await ok('recovery', 'approve', id, '--by', who);
    for (const name of reportNames) await ok('report', name, '--out', join(folder, `${name}.xlsx`));
    await ok('late');
    await ok('watch');
    await ok('brake');
    await ok('stop');
    await ok('heir');
    expect((await call('audit', 'nonsense')).problems[0]?.code).toBe('input.argument');
    expect((await call('reconcile', 'close', '2026-1', '--by', 'finance.checker')).problems).toHaveLength(1);
    expect((await call('close-year', 'a', '2026', '--carry', '--by', 'reviewer')).problems[0]?.code).toBe('scope.role');
    expect((await call('workpaper', 'nobody')).problems).toHaveLength(1);
    expect((await call('compare')).problems).toHaveLength(1);
    expect((await call('go-live')).problems.length).toBeLessThanOrEqual(1);
    expect(await broken(database)).toEqual([]);
  });
});
