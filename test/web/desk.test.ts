// Queues out into a table and back in: each row decided by itself with its own reason; what has moved on since is refused, the same file again does
// nothing, a preview writes nothing, and nobody decides what the pages would not let them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { keepCaseDocument } from '../../src/disbursement/ask.ts';
import { fileObjection } from '../../src/disbursement/objection.ts';
import { review } from '../../src/disbursement/review.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { openBook } from '../../src/sheet/book.ts';
import { bytesContent } from '../../src/sheet/content.ts';
import { writeXlsx } from '../../src/sheet/xlsx-write.ts';
import { sampleKey } from '../../src/today.ts';
import { type QueueName, queues } from '../../src/web/desk-queues.ts';
import { caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { act, lifeOf } from '../disbursement/ground.ts';
import { testKeys } from '../keys.ts';
import { actor, person, publishable, ready, retell, steps } from '../payment/ground.ts';
import { bankSays, sealOf, sendOut, signing, word } from '../payment/way.ts';
import { broken, complete, empty, idOf, itemOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { collected } from '../sheet/made.ts';
import { type Browser, everything, secret, signedIn, type TestApp, testApp } from './app.ts';

const database = testDatabase();
const { tick, all, only, doing } = lifeOf(database);
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-desk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let test: TestApp;
const people = new Map<string, Browser>();

beforeAll(async () => {
  test = testApp(database);
  test.clock = new Date();
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at: test.clock });
  for (const [name, role] of [
    ['shen', 'reviewer'],
    ['lin', 'reviewer'],
    ['jin', 'finance-maker'],
    ['yan', 'auditor'],
    ['guan', 'admin'],
  ] as const)
    people.set(name, await signedIn(test, database, name, [role]));
  people.set('else', await signedIn(test, database, 'else', ['reviewer'], { ...everything, authorities: ['别的局'] }));
});
beforeEach(async () => {
  await empty(database);
  await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, test.clock);
});

const by = (who: string): Browser => people.get(who) as Browser;
const file = async (who: string, queue: QueueName): Promise<Uint8Array> => {
  const response = await by(who).getJson(`/api/desk/file?queue=${queue}`);
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return new Uint8Array(await response.arrayBuffer());
};
type Cells = Record<string, string>;
const tableOf = async (bytes: Uint8Array): Promise<{ header: readonly string[]; rows: Cells[] }> => {
  const [table] = await openBook(bytesContent(bytes));
  const found: string[][] = [];
  if (table !== undefined) for await (const batch of table.rows()) for (const row of batch) found.push([...row.cells]);
  const [header = [], ...rows] = found;
  return { header, rows: rows.map((cells) => Object.fromEntries(header.map((label, i) => [label, cells[i] ?? '']))) };
};
/** As somebody with a spreadsheet hands it back. */
const filled = async (queue: QueueName, bytes: Uint8Array, fill: (row: Cells, i: number) => Cells): Promise<Uint8Array> => {
  const { header, rows } = await tableOf(bytes);
  const cells = rows.map((row, i) => {
    const whole = { ...row, ...fill(row, i) };
    return header.map((label) => whole[label] ?? '');
  });
  return await collected(writeXlsx([{ name: queues[queue].title, header: [...header], rows: cells }]));
};
interface Told {
  readonly outcome: string;
  readonly effect: string | null;
  readonly problems: readonly { readonly code: string }[];
}
const back = async (who: string, queue: QueueName, bytes: Uint8Array, dry = false): Promise<readonly string[]> => {
  const response = await by(who).postBytes(`/api/desk/decisions?queue=${queue}${dry ? '&dryRun=1' : ''}`, bytes);
  const body = (await response.json()) as { rows?: readonly Told[]; problems?: readonly { code: string }[] };
  return (
    body.rows?.map((one) => [one.outcome, one.effect ?? one.problems[0]?.code ?? ''].join(' ').trim()) ?? [body.problems?.[0]?.code ?? '']
  );
};
const states = async () => (await all()).map((d) => d.state).toSorted();

const waitingReview = async (names: readonly string[]) => {
  await settlePeople(database, Object.fromEntries(names.map((name) => [name, complete])));
  await publish(database, [
    itemOf('a', { review: { levels: [{ name: '审核' }] }, flow: { first: ['guard', 'review', 'pay'], continuing: ['pay'] } }),
  ]);
  await runWith(
    database,
    names.map((subject) => ({ item: 'a', subject })),
  );
  await tick();
};

describe('reviews', () => {
  it('go out, are tried, decided row by row and written down with a reason each; again, nothing happens', async () => {
    await waitingReview(['A', 'B', 'C', 'D', 'E']);
    const out = await file('shen', 'reviews');
    const { header, rows } = await tableOf(out);
    expect([header.slice(0, 2), header.slice(10), rows.length]).toEqual([['编号', '校验'], ['意见', '理由'], 5]);
    expect(rows.map((row) => [row.事项, row.账户, row.金额, row.收款人?.startsWith('姓名')])).toEqual(
      Array(5).fill(['事项a', '尾号 1234', '100', true]),
    );
    expect(new TextDecoder().decode(Buffer.from(JSON.stringify(rows)))).not.toContain(complete.account);
    const words = [
      ['通过', '材料齐全'],
      ['不予', '=重复享受'],
      ['退回', '请补户口簿'],
      ['通过', ''],
      ['', ''],
    ] as const;
    const filledIn = await filled('reviews', out, (_row, i) => ({ 意见: words[i]?.[0] ?? '', 理由: words[i]?.[1] ?? '' }));
    const tried = await back('shen', 'reviews', filledIn, true);
    expect(tried.map((one) => one.split(' ')[0])).toEqual(['would', 'would', 'would', 'refused', 'left']);
    expect([await states(), tried.slice(3)]).toEqual([Array(5).fill('reviewing'), ['refused input.reason', 'left']]);
    const done = await back('shen', 'reviews', filledIn);
    expect(done.slice(0, 3).map((one) => one.replace('done ', ''))).toEqual(tried.slice(0, 3).map((one) => one.replace('would ', '')));
    const after = await states();
    expect(after).toEqual(['asking', 'closed', 'ready', 'reviewing', 'reviewing']);
    const entries = await database.sql`select object_id as id, reason from audit_entry where action = 'desk.decide' order by id`;
    expect(entries.map((one) => one.reason)).toEqual(['材料齐全', '=重复享受', '请补户口簿']);
    expect(await back('shen', 'reviews', filledIn)).toEqual(['already', 'already', 'already', 'refused input.reason', 'left']);
    // The same words by somebody else are another decision, and it is taken.
    expect((await back('lin', 'reviews', filledIn)).slice(0, 3)).toEqual(Array(3).fill('refused conflict.decided'));
    expect([await states(), await broken(database)]).toEqual([after, []]);
    const [exported] = await database.sql`select count(*)::int as n from audit_entry where action = 'desk.export'`;
    expect(exported?.n).toBe(1);
  });

  it('that moved on since, were made up, repeated or are of another queue are refused, and the rest goes on', async () => {
    await waitingReview(['A', 'B', 'C']);
    const out = await file('shen', 'reviews');
    const [first] = (await tableOf(out)).rows;
    await doing((tx) => review(tx, { ...act(first?.编号 ?? '', { who: 'other' }), decision: 'pass', reason: '', roster: [] }));
    const all = await filled('reviews', out, () => ({ 意见: '通过', 理由: '同意' }));
    expect(await back('else', 'reviews', all)).toEqual(Array(3).fill('refused missing.disbursement'));
    expect((await back('shen', 'reviews', all)).map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
      'refused conflict.changed',
      'done 审核中',
      'done 审核中',
    ]);
    const { rows } = await tableOf(await file('shen', 'reviews'));
    expect(rows).toEqual([]);
    const odd = await filled('reviews', out, (_row, i) => ({
      校验: 'x'.repeat(22),
      意见: i === 2 ? '同意' : '通过',
      理由: '同意',
      编号: i === 1 ? '1' : (first?.编号 ?? ''),
    }));
    expect(await back('shen', 'reviews', odd)).toEqual(['refused conflict.changed', 'refused input.value', 'refused input.repeated']);
    expect(await back('shen', 'objections', all)).toEqual(['input.sheet']);
    expect(await back('shen', 'reviews', Buffer.from('编号,意见\n1,通过\n'))).toEqual(['input.sheet']);
    expect(await back('shen', 'reviews', Buffer.from('PK\u0003\u0004 broken'))).toEqual([expect.stringMatching(/^import\./)]);
    expect(await back('jin', 'reviews', all)).toEqual(['scope.role']);
  });

  it('eight times the same file at once decide each row once', async () => {
    await waitingReview(['A', 'B', 'C', 'D']);
    const bytes = await filled('reviews', await file('shen', 'reviews'), () => ({ 意见: '通过', 理由: '同意' }));
    const told = (await Promise.all(Array.from({ length: 8 }, () => back('shen', 'reviews', bytes))))
      .flat()
      .map((one) => one.split(' ')[0]);
    expect([told.filter((one) => one === 'done').length, told.filter((one) => one === 'already').length]).toEqual([4, 28]);
    expect(await states()).toEqual(Array(4).fill('ready'));
    expect(await database.sql`select count(*)::int as n from desk_decision`).toEqual([{ n: 4 }]);
  });
});

describe('who may', () => {
  it('sees names by role, works on own queues only, and an administrator on none', async () => {
    await waitingReview(['A']);
    expect((await tableOf(await file('yan', 'reviews'))).rows[0]?.收款人).toContain('*');
    for (const [who, queue, status] of [
      ['yan', 'returned', 200],
      ['jin', 'reviews', 403],
      ['shen', 'returned', 403],
      ['guan', 'reviews', 403],
    ] as const)
      expect([who, queue, (await by(who).getJson(`/api/desk/file?queue=${queue}`)).status]).toEqual([who, queue, status]);
    const counts = (await (await by('shen').getJson('/api/desk')).json()) as { rows: { queue: string; waiting: number }[] };
    expect(counts.rows.find((one) => one.queue === 'reviews')?.waiting).toBe(1);
    expect((await tableOf(await file('else', 'reviews'))).rows).toEqual([]);
  });

  it('whoever took an objection in does not decide it, in a table either', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', { publicity: { days: 7 }, flow: { first: ['guard', 'publicity', 'pay'], continuing: ['pay'] } })]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    const [account] = await database.sql<{ id: string }[]>`select id from "user" where username = 'shen'`;
    const filing = { kind: 'public', name: '王举', number: '11010519491231002X', phone: '13900001234', text: '他不住这里' } as const;
    const { id } = await only();
    await doing((tx) => fileObjection(tx, { ...act(id, { who: account?.id ?? '' }), ...filing }));
    const bytes = await filled('objections', await file('shen', 'objections'), (row) => {
      expect(row.情况).toBe('他不住这里');
      return { 意见: '不成立', 理由: '户籍和居住都核实了' };
    });
    expect(await back('shen', 'objections', bytes)).toEqual(['refused state.same-person']);
    expect(await back('lin', 'objections', bytes)).toEqual([expect.stringMatching(/^done /)]);
    expect((await only()).state).toBe('publicity');
  });
});

describe('money', () => {
  it('an ask is answered with an account, in digits that are one; a held record comes back', async () => {
    await settlePeople(database, { A: { email: complete.email }, B: { email: complete.email } });
    await publish(database, [itemOf('a', { flow: { first: ['guard', 'pay'], continuing: ['pay'] } })]);
    await runWith(database, [
      { item: 'a', subject: 'A' },
      { item: 'a', subject: 'B' },
    ]);
    await tick();
    const bytes = await filled('asks', await file('shen', 'asks'), (row, i) => {
      expect(row.情况).toContain('收款账户');
      const given: Cells = i === 0 ? { 账号: '6222 0200 0000 1234', 开户行: '测试银行' } : { 账号: '没有' };
      return { 意见: '补充', 理由: '本人到窗口提供', ...given };
    });
    expect(await back('shen', 'asks', bytes)).toEqual([expect.stringMatching(/^done /), 'refused input.account']);
    const hold = await filled('asks', await file('shen', 'asks'), () => ({ 意见: '暂缓', 理由: '等家属来办' }));
    expect(await back('shen', 'asks', hold)).toEqual([expect.stringMatching(/→ 暂缓/)]);
    const held = await filled('held', await file('jin', 'held'), (row) => {
      expect(row.情况).toBe('等家属来办');
      return { 意见: '恢复', 理由: '家属已来' };
    });
    expect(await back('jin', 'held', held)).toEqual([expect.stringMatching(/^done /)]);
    expect((await states()).includes('held')).toBe(false);
  });

  it('returned payments are put right, withheld ones looked at', async () => {
    const source = await ready(database, { A: person('甲', 1), B: person('乙', 2), C: person('丙', 3) });
    const batch = await sealOf(database, source);
    await approveBatch(database.db, signing(batch, 'checker'));
    await retell(database, idOf('C'), { listed: true });
    const prepared = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
    await releaseBatch(database.db, { ...steps(), batchId: batch.id, sha256: prepared.sha256, hash: batch.hash, person: actor('issuer') });
    const sent = await database.sql<{ id: string }[]>`select end_to_end_id as id from payment_line where subject_id <> ${idOf('C')}`;
    const [one = '', two = ''] = sent.map((line) => line.id);
    await bankSays(
      database,
      [word(one, 'returned', { code: 'closed', text: '账户已销户' }), word(two, 'returned', { code: 'closed', text: '账户已销户' })],
      'x',
    );
    const out = await file('jin', 'returned');
    expect((await tableOf(out)).rows.map((row) => row.情况?.includes('账户已销户'))).toEqual([true, true]);
    const put = (fill: (i: number) => Cells) => filled('returned', out, (_row, i) => ({ 理由: '收款人提供了新账户', ...fill(i) }));
    expect(await back('jin', 'returned', await put((i) => (i === 0 ? { 意见: '原账户重发' } : { 意见: '更正' })))).toEqual([
      'refused input.same-account',
      'refused input.value',
    ]);
    expect(await back('jin', 'returned', await put((i) => ({ 意见: '更正', 新账号: `622202000000100${i}` })))).toEqual(
      Array(2).fill(expect.stringMatching(/^done 已退汇 → /)),
    );
    // C was held back at release; looked at and left for the next batch it does not come out again, but another word of a batch would bring it back.
    const withheld = await file('jin', 'withheld');
    const { rows } = await tableOf(withheld);
    expect(rows.length).toBe(1);
    const left = await filled('withheld', withheld, () => ({ 意见: '下一批再付', 理由: '失信已申请修复' }));
    expect(await back('jin', 'withheld', left)).toEqual([expect.stringMatching(/^done .*不变/)]);
    expect((await tableOf(await file('jin', 'withheld'))).rows).toEqual([]);
    expect(await states()).toEqual(['ready', 'ready', 'ready']);
    expect(await broken(database)).toEqual([]);
    await sendOut(database, await sealOf(database, source, { limit: 2 }));
  });
});

it('is the same at the command line, with a table of what became of each row', async () => {
  await waitingReview(['A', 'B']);
  const call = caller(
    () => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys, BETTER_AUTH_SECRET: secret }),
    test.clock,
  );
  const [out, filledIn, report] = [join(folder, 'out.xlsx'), join(folder, 'in.xlsx'), join(folder, 'report.csv')];
  expect((await call('desk', '--by', 'shen')).text).toContain('待审核');
  expect((await call('desk', 'out', 'reviews', '--out', out, '--by', 'shen', '--json')).json()).toMatchObject({ rows: 2, more: false });
  writeFileSync(filledIn, await filled('reviews', readFileSync(out), (_row, i) => ({ 意见: '通过', 理由: i === 0 ? '同意' : '' })));
  const dry = await call('desk', 'in', 'reviews', filledIn, '--dry-run', '--by', 'shen');
  expect([dry.exit, dry.text.includes('试办'), await states()]).toEqual([2, true, ['reviewing', 'reviewing']]);
  expect((await call('desk', 'in', 'reviews', filledIn, '--report', report, '--by', 'shen')).exit).toBe(2);
  expect([readFileSync(report, 'utf8').includes('请写明理由'), await states()]).toEqual([true, ['ready', 'reviewing']]);
  expect((await call('desk', 'in', 'nothing', filledIn, '--by', 'shen')).problems[0]?.code).toBe('input.argument');
  expect((await call('desk', 'in', 'reviews', filledIn, '--by', 'jin')).problems[0]?.code).toBe('scope.role');
});

it('scans of a record are read by who judges, one of its own only, and that is written down', async () => {
  await waitingReview(['A']);
  const { id } = await only();
  const document = await keepCaseDocument(database.db, Buffer.from('%PDF-1.7\n%made up\n'), { id: 'u1', role: 'reviewer' }, test.clock);
  const filing = { kind: 'own', name: '王举', number: '11010519491231002X', phone: '13900001234', text: '收入算错了', document } as const;
  await doing((tx) => review(tx, { ...act(id), decision: 'refuse', reason: '收入超过', roster: [] }));
  await doing((tx) => fileObjection(tx, { ...act(id), ...filing }));
  const get = async (who: string, sha256: string) => (await by(who).getJson(`/api/disbursements/${id}/documents/${sha256}`)).status;
  expect([await get('shen', document), await get('yan', document), await get('jin', document)]).toEqual([200, 200, 403]);
  expect([await get('else', document), await get('shen', '0'.repeat(64))]).toEqual([404, 404]);
  expect(await database.sql`select count(*)::int as n from audit_entry where action = 'document.view'`).toEqual([{ n: 2 }]);
  expect(await (await by('shen').get(`/staff/disbursements/${id}`)).text()).toContain('异议材料');
});
