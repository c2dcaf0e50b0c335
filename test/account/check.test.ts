// Accounts tried before the first payment, on a real PostgreSQL: lists out to the bank and back, small amounts, and what payments themselves say. In any order.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, endOf, mostRows, readReference, referenceOf } from '../../src/account/check.ts';
import { answerCheck, tellCheck } from '../../src/account/check-answer.ts';
import { cancelCheck, type MakeAsk, makeCheck, releaseCheck, takeCheckFile } from '../../src/account/check-make.ts';
import { answersOf, checkLists, checkRows } from '../../src/account/check-store.ts';
import { noteOutcomes, type PaymentWord } from '../../src/account/outcome.ts';
import { ProblemError } from '../../src/base/problem.ts';
import { everything, type Scope } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { openBook } from '../../src/sheet/book.ts';
import { bytesContent } from '../../src/sheet/content.ts';
import { accountIndex } from '../../src/vault/account.ts';
import { openKept } from '../../src/vault/kept.ts';
import { clearTexts } from '../clear.ts';
import { testDatabase } from '../database.ts';
import { emptyTables } from '../empty.ts';
import { person, ready } from '../payment/ground.ts';
import { broken, empty, idOf } from '../settlement/ground.ts';

const database = testDatabase();
const at = new Date('2026-11-10T02:00:00Z');
const who = (id: string, role: string, scope: Scope = everything) => ({ id, role, scope });
const maker = who('maker', 'finance-maker');
const checker = who('checker', 'finance-checker');

beforeEach(async () => {
  await empty(database);
  await ownerEmpties();
});
afterEach(async () => expect(await broken(database)).toEqual([]));

/** What the program may not take back, taken back by the owner: accounts as nobody has tried them. */
const ownerEmpties = (): Promise<void> => emptyTables(database, 'account_check_answer account_check_row account_check payee_account');

const usual: MakeAsk = { method: 'bank-file', template: 'csv', itemIds: null, again: false };
const made = async (over: Partial<MakeAsk> = {}) => makeCheck(database.db, { ...usual, ...over }, maker, at);
const released = async (over: Partial<MakeAsk> = {}) => {
  const list = await made(over);
  return releaseCheck(database.db, list.id, list.fileSha256, checker, at);
};
const cellsOf = async (sha256: string): Promise<readonly (readonly string[])[]> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of openKept(database.db, sha256)) pieces.push(piece);
  const [table] = await openBook(bytesContent(Buffer.concat(pieces)));
  const rows: (readonly string[])[] = [];
  for await (const batch of table?.rows() ?? []) rows.push(...batch.map((row) => row.cells));
  return rows;
};
const csv = (rows: readonly (readonly string[])[]) => bytesContent(Buffer.from(rows.map((cells) => `${cells.join(',')}\n`).join('')));
const back = (id: string, rows: readonly (readonly string[])[], by = maker) => answerCheck(database.db, id, csv(rows), by, at);
const codes = async (work: Promise<unknown>): Promise<readonly string[]> =>
  work.then(
    () => [],
    (error) => (error instanceof ProblemError ? error.problems.map((one) => one.code) : Promise.reject(error)),
  );
const states = async (): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    (
      await database.sql<{ key: string; state: string }[]>`
        select r.key, p.state from payee_account p join record r on r.subject_id = p.subject_id order by r.key`
    ).map((row) => [row.key, row.state]),
  );
/** Key of a person → the reference of his row. */
const references = async (id: string): Promise<Readonly<Record<string, string>>> => {
  const names = new Map(
    (await database.sql<{ id: string; key: string }[]>`select subject_id as id, key from record`).map((r) => [r.id, r.key]),
  );
  return Object.fromEntries(
    (await checkRows(database.db, id)).map((row) => [names.get(row.subjectId) ?? '', referenceOf(id, row.position)]),
  );
};
const five = () => ready(database, Object.fromEntries([...'ABCDE'].map((key, i) => [key, person(`人${key}`, i + 1)])));

describe('a list for the bank to compare', () => {
  it('goes out by two people and comes back in parts; the account moves with its answer', async () => {
    await five();
    const list = await made({ template: 'xlsx' });
    expect([list.rows, list.totalFen, list.state]).toEqual([5, 0n, 'made']);
    expect(await codes(made())).toEqual(['missing.accounts']);
    expect(await codes(takeCheckFile(database.db, list.id, maker, at))).toEqual(['state.check']);
    expect(await codes(releaseCheck(database.db, list.id, list.fileSha256, maker, at))).toEqual(['scope.two-people']);
    expect(await codes(releaseCheck(database.db, list.id, 'f'.repeat(64), checker, at))).toEqual(['conflict.check-file']);
    expect(await codes(back(list.id, [['编号', '结果']]))).toEqual(['state.check']);
    expect(Object.values(await states())).toEqual(Array(5).fill('unverified'));
    await releaseCheck(database.db, list.id, list.fileSha256, checker, at);
    expect(Object.values(await states())).toEqual(Array(5).fill('pending'));
    const sent = await cellsOf((await takeCheckFile(database.db, list.id, maker, at)).fileSha256);
    expect(sent[0]).toEqual(['编号', '户名', '账号', '开户行', '联行号', '结果', '原因']);
    const ref = await references(list.id);
    expect(
      sent
        .slice(1)
        .map((row) => row.slice(0, 3))
        .sort(),
    ).toEqual([...'ABCDE'].map((key, i) => [ref[key] as string, `人${key}`, person('', i + 1).account]).sort());
    const first = await back(list.id, [
      ['某某银行回单', '', ''],
      ['编号', '验证结果', '原因'],
      [ref.A as string, '一致', ''],
      [ref.B as string, '失败', '户名不符'],
      ['合计', '2', ''],
    ]);
    expect(first).toMatchObject({ answered: 2, news: 2, moved: 2, open: 3, ends: { ok: 1, 'name-differs': 1 } });
    const second = await back(list.id, [
      ['结果', '编号', '账号'],
      ['账户已销户', ref.C as string, person('', 3).account],
      ['处理中', ref.D as string, person('', 4).account],
      ['', ref.E as string, ''],
    ]);
    expect(second).toMatchObject({ answered: 2, news: 2, moved: 1, open: 1, ends: { ok: 1, 'name-differs': 1, closed: 1, unknown: 1 } });
    expect(await states()).toEqual({ A: 'verified', B: 'failed', C: 'failed', D: 'pending', E: 'pending' });
    expect((await checkLists(database.db, everything, 9))[0]?.ends).toEqual(second.ends);
    const audits = await database.sql<{ action: string; n: number }[]>`
      select action, count(*)::int as n from audit_entry where object_id = ${list.id} group by 1 order by 1`;
    expect(audits.map((row) => `${row.action} ${row.n}`)).toEqual([
      'account-check.answer 2',
      'account-check.file 1',
      'account-check.make 1',
      'account-check.release 1',
    ]);
  });

  it('shows a number nowhere but in the sealed file', async () => {
    await five();
    const list = await released();
    const ref = await references(list.id);
    await back(list.id, [
      ['编号', '账号', '结果', '原因'],
      [ref.A as string, person('', 1).account, '失败', `账号 ${person('', 1).account} 不存在`],
    ]);
    const shown = (await clearTexts(database.sql)).filter(({ text }) => text.includes(person('', 1).account)).map(({ column }) => column);
    expect(shown).toEqual(['record_part.cells']);
  });

  it('tries again what failed once it was put right, and an old list’s late yes lifts nothing', async () => {
    await five();
    const old = await released();
    const ref = await references(old.id);
    await back(old.id, [
      ['编号', '结果'],
      [ref.A as string, '已销户'],
    ]);
    expect(await codes(made())).toEqual(['missing.accounts']);
    const again = await released({ again: true });
    expect([again.rows, (await states()).A]).toEqual([1, 'pending']);
    await back(old.id, [
      ['编号', '结果'],
      [ref.A as string, '一致'],
    ]);
    expect((await states()).A).toBe('pending');
    await back(again.id, [
      ['编号', '结果'],
      [referenceOf(again.id, 1), '一致'],
    ]);
    expect((await states()).A).toBe('verified');
  });

  it('may be sent back before it left, not after', async () => {
    await five();
    const list = await made({ limit: 2 });
    expect(await codes(cancelCheck(database.db, list.id, '', maker, at))).toEqual(['input.reason']);
    await cancelCheck(database.db, list.id, '少列了一个乡', maker, at);
    expect(await codes(releaseCheck(database.db, list.id, list.fileSha256, checker, at))).toEqual(['state.check']);
    const next = await released();
    expect(next.rows).toBe(5);
    expect(await codes(cancelCheck(database.db, next.id, '不要了', maker, at))).toEqual(['state.check']);
  });

  it('is seen by whoever may see everybody on it', async () => {
    await five();
    const list = await made();
    const there: Scope = { ...everything, divisions: ['310101'] };
    const here: Scope = { ...everything, divisions: ['530128'] };
    expect((await checkLists(database.db, here, 9)).map((one) => one.id)).toEqual([list.id]);
    expect(await checkLists(database.db, there, 9)).toEqual([]);
    await database.sql`update disbursement set division = '310101' where subject_id = ${idOf('A')}`;
    await cancelCheck(database.db, list.id, '重做', maker, at);
    const mixed = await made();
    expect((await checkLists(database.db, here, 9)).map((one) => one.id)).toEqual([list.id]);
    expect(await codes(releaseCheck(database.db, mixed.id, mixed.fileSha256, { ...checker, scope: there }, at))).toEqual(['missing.check']);
  });
});

describe('a file that is not the answer', () => {
  it('is refused whole, every finding named, and nothing is written', async () => {
    await five();
    const other = await released({ limit: 1 });
    const list = await released();
    const rows = await checkRows(database.db, list.id);
    const ref = (n: number): string => referenceOf(list.id, n);
    const foreign = (await checkRows(database.db, other.id))[0]?.subjectId;
    expect(rows.map((row) => row.subjectId)).not.toContain(foreign);
    const header = ['编号', '账号', '结果'];
    const before = await states();
    const cases: readonly (readonly [readonly string[], readonly (readonly string[])[]])[] = [
      [['input.repeat'], [header, [ref(1), '', '一致'], [ref(1), '', '一致']]],
      [['input.reference'], [header, ['YZ0000000000', '', '一致'], [ref(1), '', '一致']]],
      [['input.reference'], [header, [referenceOf(list.id, 99), '', '一致']]],
      [['input.other-list'], [header, [referenceOf(other.id, 1), '', '一致']]],
      [['input.account-differs'], [header, [ref(1), '6222020000099999', '一致']]],
      [['input.answer'], [header, [ref(1), '', '大概可以']]],
      [
        ['input.check-file'],
        [
          ['流水号码', '情况'],
          ['1', '2'],
        ],
      ],
      [['input.check-file'], [header]],
      [
        ['input.reference', 'input.answer', 'input.repeat'],
        [header, ['x', '', '一致'], [ref(1), '', '好像行'], [ref(2), '', '一致'], [ref(2), '', '已销户']],
      ],
    ];
    for (const [expected, file] of cases) expect([expected, await codes(back(list.id, file))]).toEqual([expected, [...expected]]);
    expect(await codes(answerCheck(database.db, list.id, bytesContent(Buffer.from([0, 1, 2, 3])), maker, at))).toHaveLength(1);
    expect(await answersOf(database.db, list.id)).toEqual([]);
    expect(await states()).toEqual(before);
  });

  it('says the same thing twice without harm', async () => {
    await five();
    const list = await released();
    const ref = await references(list.id);
    const file = [
      ['编号', '结果'],
      [ref.A as string, '一致'],
      [ref.B as string, '已销户'],
    ];
    const once = await back(list.id, file);
    const twice = await back(list.id, file);
    expect([once.news, twice.news, twice.moved, twice.open]).toEqual([2, 0, 0, 3]);
    expect(await database.sql`select 1 from audit_entry where object_id = ${list.id} and action = 'account-check.answer'`).toHaveLength(1);
  });
});

describe('a small amount', () => {
  it('is drawn for each account, recorded with its answer, and verifies by being named', async () => {
    await five();
    const list = await released({ method: 'small-amount' });
    const rows = await checkRows(database.db, list.id);
    expect(rows.every((row) => row.amountFen !== null && row.amountFen >= 1n && row.amountFen <= 99n)).toBe(true);
    expect(list.totalFen).toBe(rows.reduce((sum, row) => sum + (row.amountFen ?? 0n), 0n));
    const sent = await cellsOf(list.fileSha256);
    expect(sent[0]).toEqual(['编号', '户名', '账号', '开户行', '联行号', '打款金额', '到账金额', '结果', '原因']);
    const amount = (n: number): bigint => rows[n - 1]?.amountFen ?? 0n;
    const yuan = (fen: bigint): string => `0.${String(fen).padStart(2, '0')}`;
    const other = (fen: bigint): bigint => (fen === 1n ? 2n : fen - 1n);
    await back(list.id, [
      ['编号', '到账金额', '结果'],
      [referenceOf(list.id, 1), yuan(amount(1)), '成功'],
      [referenceOf(list.id, 2), yuan(other(amount(2))), '成功'],
      [referenceOf(list.id, 3), '', '退汇'],
    ]);
    expect(
      await codes(
        back(list.id, [
          ['编号', '结果'],
          [referenceOf(list.id, 4), '成功'],
        ]),
      ),
    ).toEqual(['input.amount']);
    const told = { reference: referenceOf(list.id, 4), gotFen: amount(4), answer: 'ok' as const, reason: '本人来电报出金额' };
    expect(await codes(tellCheck(database.db, told, maker, at))).toEqual(['scope.two-people']);
    expect(await tellCheck(database.db, told, checker, at)).toMatchObject({ news: 1, moved: 1 });
    expect(await codes(tellCheck(database.db, { ...told, reference: 'YZ123' }, checker, at))).toEqual(['input.reference']);
    const by = new Map(
      (await database.sql<{ id: string; state: string }[]>`select subject_id as id, state from payee_account`).map((r) => [r.id, r.state]),
    );
    expect(rows.map((row) => by.get(row.subjectId))).toEqual(['verified', 'failed', 'failed', 'verified', 'pending']);
    const saved = await answersOf(database.db, list.id);
    expect(saved.map((one) => [one.position, one.answer, one.amountFen])).toEqual([
      [1, 'ok', amount(1)],
      [2, 'amount-differs', other(amount(2))],
      [3, 'closed', null],
      [4, 'ok', amount(4)],
    ]);
  });
});

describe('in any order', () => {
  const said: readonly (readonly [string, string])[] = [
    ['A', '一致'],
    ['A', '处理中'],
    ['B', '户名不符'],
    ['B', '一致'],
    ['C', '已销户'],
    ['C', '户名不符'],
    ['D', '处理中'],
    ['E', '一致'],
  ];

  it('answers, repeated and cut into files any way, end the same', async () => {
    await five();
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...said, ...said], { minLength: 16 }), async (order) => {
        await ownerEmpties();
        const list = await released();
        const ref = await references(list.id);
        // A file takes one row per account; the next one begins where an account comes again.
        let file: string[][] = [];
        const flush = async (): Promise<void> => {
          if (file.length > 0) await back(list.id, [['编号', '结果'], ...file]);
          file = [];
        };
        for (const [key, words] of order) {
          if (file.some(([reference]) => reference === ref[key])) await flush();
          file.push([ref[key] as string, words]);
        }
        await flush();
        ends.add(JSON.stringify(await states()));
      }),
      { numRuns: 5, seed: 11 },
    );
    expect([...ends]).toEqual([JSON.stringify({ A: 'verified', B: 'failed', C: 'failed', D: 'pending', E: 'verified' })]);
  });

  it('payments and answers about one account, in any order, end the same', async () => {
    await five();
    const sentAt = new Date('2026-11-09T02:00:00Z');
    const word = (outcome: PaymentWord['outcome'], n: number) => ({
      outcome,
      sentAt,
      lineId: `l${n}`,
      fileId: 'f',
      code: outcome === 'refused' ? 'closed' : null,
    });
    const events: readonly ('yes' | 'no' | ReturnType<typeof word>)[] = ['yes', word('arrived', 1), word('refused', 2), word('arrived', 3)];
    const ends = new Map<string, Set<string>>();
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...events, 'no' as const], { minLength: 1 }), async (order) => {
        await ownerEmpties();
        const list = await released({ limit: 1 });
        const [row] = await checkRows(database.db, list.id);
        const { accountIndex: index = '', subjectId = '' } = row ?? {};
        for (const [n, event] of order.entries()) {
          if (typeof event === 'string')
            await back(list.id, [
              ['编号', '结果'],
              [referenceOf(list.id, 1), event === 'yes' ? '一致' : '已销户'],
            ]);
          else
            await transaction(database.db, (tx) =>
              noteOutcomes(tx, [{ ...event, accountIndex: index, subjectId }], {
                actor: 'clerk',
                role: 'finance-maker',
                at: new Date(at.getTime() + n),
              }),
            );
        }
        const [{ state } = { state: '' }] = await database.sql<
          { state: string }[]
        >`select state from payee_account where subject_id = ${subjectId}`;
        const set = order
          .map((event) => (typeof event === 'string' ? event : `${event.outcome}${event.lineId}`))
          .sort()
          .join();
        ends.set(set, (ends.get(set) ?? new Set()).add(state));
        const bad = order.some((event) => event === 'no' || (typeof event !== 'string' && event.outcome === 'refused'));
        expect([set, state]).toEqual([set, bad ? 'failed' : 'verified']);
      }),
      { numRuns: 15, seed: 5 },
    );
    expect([...ends.values()].every((states) => states.size === 1)).toBe(true);
  });

  it('money sent after an account was put right confirms it; money that was on its way does not', async () => {
    await five();
    const index = accountIndex(database.db, person('', 1).account);
    const tell = (outcome: PaymentWord['outcome'], sent: string, when: string) =>
      transaction(database.db, (tx) =>
        noteOutcomes(
          tx,
          [{ accountIndex: index, subjectId: idOf('A'), outcome, sentAt: new Date(sent), lineId: 'l', fileId: 'f', code: null }],
          { actor: 'clerk', role: 'finance-maker', at: new Date(when) },
        ),
      );
    await tell('refused', '2026-11-01T00:00:00Z', '2026-11-03T00:00:00Z');
    expect((await states()).A).toBe('failed');
    expect(await tell('arrived', '2026-11-02T00:00:00Z', '2026-11-04T00:00:00Z')).toBe(0);
    expect((await states()).A).toBe('failed');
    await tell('arrived', '2026-11-05T00:00:00Z', '2026-11-06T00:00:00Z');
    expect((await states()).A).toBe('verified');
  });

  it('two who answer and one who reads the bank’s results at the same moment take turns', async () => {
    for (let round = 0; round < 3; round++) {
      await empty(database);
      await ownerEmpties();
      await five();
      const list = await released();
      const ref = await references(list.id);
      const keys = [...'ABCDE'];
      const rows = (words: string, order: readonly string[]) => [['编号', '结果'], ...order.map((key) => [ref[key] as string, words])];
      const words = keys.toReversed().map((key, i): PaymentWord => {
        const account = person('', keys.indexOf(key) + 1).account;
        const code = i % 2 === 0 ? null : 'closed';
        return {
          accountIndex: accountIndex(database.db, account),
          subjectId: idOf(key),
          outcome: code === null ? 'arrived' : 'refused',
          sentAt: at,
          lineId: `l${i}`,
          fileId: 'f',
          code,
        };
      });
      await Promise.all([
        back(list.id, rows('一致', keys)),
        back(list.id, rows('处理中', keys.toReversed()), checker),
        transaction(database.db, (tx) => noteOutcomes(tx, words, { actor: 'clerk', role: 'finance-maker', at })),
      ]);
      expect(await states()).toEqual({ A: 'verified', B: 'failed', C: 'verified', D: 'failed', E: 'verified' });
    }
  });
});

describe('references and answers', () => {
  it('a reference is read as it was written, and nothing else is one', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: mostRows }), (id, n) => {
        const text = referenceOf(id, n);
        expect(text).toMatch(/^[A-Z0-9]{17}$/);
        expect(readReference(` ${text.toLowerCase()} `)).toEqual({ list: id.replaceAll('-', '').slice(0, 10), position: n });
      }),
    );
    for (const text of ['', 'YZ', 'YZ00000000001', 'XY000000000000001', '6222020000099999']) expect(readReference(text)).toBeNull();
  });

  it('of several answers the worst counts', () => {
    const all: readonly Answer[] = ['ok', 'unknown', 'closed', 'name-differs', 'amount-differs'];
    fc.assert(
      fc.property(fc.subarray([...all]), (some) => {
        const end = endOf(some);
        if (some.includes('closed')) expect(end).toBe('closed');
        else if (end === 'ok') expect(some.every((one) => one === 'ok' || one === 'unknown')).toBe(true);
        expect(end === null).toBe(some.length === 0);
        expect(endOf(some.toReversed())).toBe(end);
      }),
    );
  });
});
