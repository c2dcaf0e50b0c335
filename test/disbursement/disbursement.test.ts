// From a settled line to a record ready for payment, on a real PostgreSQL: pre-filling, machine steps, people's steps, holds, stops.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/base/day.ts';
import type { ProblemError } from '../../src/base/problem.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { comeBack, confirm, decline, hold, lift } from '../../src/disbursement/act.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { answer as answered } from '../../src/disbursement/ask.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { review as reviewed } from '../../src/disbursement/review.ts';
import { disbursementById, listDisbursements, subjectsPaidOn } from '../../src/disbursement/store.ts';
import { listNotices } from '../../src/notice/store.ts';
import { tell } from '../../src/notice/tell.ts';
import type { Item } from '../../src/policy/item.ts';
import { settle } from '../../src/settlement/settle.ts';
import { clearTexts } from '../clear.ts';
import { testDatabase } from '../database.ts';
import {
  broken,
  calendar,
  complete,
  empty,
  idOf,
  itemOf,
  linesOf,
  publish,
  runWith,
  settlePeople,
  stepsOn,
  today,
} from '../settlement/ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

/** Every machine step once, in the order of the flow, on a day. */
const tick = async (on: Day = today) => {
  const steps = stepsOn(on);
  await settle(database.db, steps.settle);
  await prefill(database.db, steps.prefill);
  await advance(database.db, steps.advance);
  await tell(database.db, steps.tell);
  return await advance(database.db, steps.advance);
};
const all = async () => (await listDisbursements(database.db, { scope: everything, limit: 100 })).rows;
const letters = async () => (await listNotices(database.db, { scope: everything, limit: 100 })).rows;
const only = async () => {
  const [record, ...more] = (await all()).filter((d) => d.state !== 'closed');
  expect(more).toEqual([]);
  if (record === undefined) throw new Error('no record');
  return record;
};
const act = (id: string, on: Day = today) => ({
  id,
  actor: { id: 'u1', role: 'reviewer' },
  scope: everything,
  now: new Date(`${on}T03:00:00Z`),
  today: on,
  calendar,
});
const review = (tx: Parameters<typeof reviewed>[0], one: Omit<Parameters<typeof reviewed>[1], 'roster'>) =>
  reviewed(tx, { ...one, roster: [] });
const answer = (tx: Parameters<typeof answered>[0], one: Omit<Parameters<typeof answered>[1], 'by'>) =>
  answered(tx, { ...one, by: 'reviewer' });
const sent = (template: string, on: Day) =>
  database.sql`update notice set state = 'sent', sent_at = ${new Date(`${on}T03:00:00Z`)} where template = ${template}`;
const confirmed: Partial<Item> = {
  mode: 'confirm',
  confirm: { days: 7 },
  flow: { first: ['guard', 'notice', 'confirm', 'pay'], continuing: ['guard', 'pay'] },
};

describe('pre-filling', () => {
  it('fills payee, account, basis, statement, and names the gaps', async () => {
    await settlePeople(database, {
      张三: { name: '张三', ...complete },
      李四: { name: '李四', email: complete.email },
      王五: { name: '王五', ...complete, accountName: '王小五' },
      赵六: { name: '赵六', account: '不是账号' },
    });
    await publish(database, [itemOf('a', { title: '高龄津贴', flow: { first: ['guard', 'pay'], continuing: ['guard', 'pay'] } })]);
    await runWith(
      database,
      ['张三', '李四', '王五', '赵六'].map((subject) => ({ item: 'a', subject, yuan: 120 })),
    );
    await tick();
    const byName = new Map((await all()).map((d) => [d.payeeName, d]));
    expect(byName.get('张三')).toMatchObject({
      state: 'ready',
      account: complete.account,
      bank: '测试银行',
      amountFen: 12_000n,
      statementText: '高龄津贴26年10月',
      basis: { document: '测试县补助办法', clause: '第三条' },
      gaps: [],
    });
    expect(byName.get('李四')).toMatchObject({ state: 'asking', gaps: ['缺收款账户'] });
    expect(byName.get('王五')).toMatchObject({ state: 'asking', gaps: ['户名与收款人不一致'] });
    expect(byName.get('赵六')).toMatchObject({ state: 'asking', gaps: ['收款账户格式不对', '缺开户银行'] });
    const again = await prefill(database.db, stepsOn().prefill);
    expect(again).toMatchObject({ made: 0, stops: 0 });
  });

  it('pays a child on the guardian’s account only where the item names that source, and notes whose account it is', async () => {
    await settlePeople(database, {
      母: { name: '母亲', ...complete },
      幼: { name: '幼儿', guardian: '母' },
      少: { name: '少年', guardian: '母', ...complete, account: '6222020000005678' },
      孤: { name: '无人' },
    });
    await publish(database, [
      itemOf('a', { accounts: ['card', 'guardian'], flow: { first: ['guard', 'pay'], continuing: ['pay'] } }),
      itemOf('b', { accounts: ['card'], flow: { first: ['guard', 'pay'], continuing: ['pay'] } }),
    ]);
    const ask = (item: string) => ['幼', '少', '孤'].map((subject) => ({ item, subject }));
    await runWith(database, [...ask('a'), ...ask('b')]);
    await tick();
    const told = (await all()).map((d) => [d.itemId, d.subjectId, d.payeeName, d.account, d.gaps.join('；')]);
    const of = (item: string, who: string) => told.find(([itemId, subjectId]) => itemId === item && subjectId === idOf(who))?.slice(2);
    expect(of('a', '幼')).toEqual(['母亲', complete.account, '']);
    expect(of('a', '少')).toEqual(['少年', '6222020000005678', '']);
    expect(of('a', '孤')).toEqual(['无人', null, expect.stringContaining('缺收款账户')]);
    expect(of('b', '幼')).toEqual(['幼儿', null, expect.stringContaining('缺收款账户')]);
    const uses = await database.sql<{ subject: string; holder: string; source: string }[]>`
      select subject_id as subject, holder_subject_id as holder, source from payee_account order by source`;
    expect(uses).toEqual([
      { subject: idOf('少'), holder: idOf('少'), source: 'card' },
      { subject: idOf('幼'), holder: idOf('母'), source: 'guardian' },
    ]);
  });

  it('pays the guardian where the item says so', async () => {
    await settlePeople(database, { 母: { name: '母亲', ...complete }, 子: { name: '孩子', guardian: '母' }, 孤: { name: '无人' } });
    await publish(database, [itemOf('a', { payee: { fact: 'guardian' }, flow: { first: ['guard', 'pay'], continuing: ['pay'] } })]);
    await runWith(database, [
      { item: 'a', subject: '子' },
      { item: 'a', subject: '孤' },
    ]);
    await tick();
    const byState = new Map((await all()).map((d) => [d.state, d]));
    expect(byState.get('ready')).toMatchObject({ payeeName: '母亲', payeeSubjectId: idOf('母'), subjectId: idOf('子') });
    expect(byState.get('asking')).toMatchObject({ payeeName: null, gaps: ['缺监护人信息'] });
  });

  it('takes each one through the steps of the mode the match came to, and who came to none through all of them', async () => {
    await settlePeople(database, { A: { name: '甲', ...complete }, B: { name: '乙', ...complete }, C: { name: '丙', ...complete } });
    const when = { fact: 'status', operator: 'equal', value: '低保' } as const;
    await publish(database, [itemOf('a', { ...confirmed, mode: [{ when, mode: 'auto' }, { mode: 'confirm' }] })]);
    await runWith(database, [
      { item: 'a', subject: 'A', mode: 'auto' },
      { item: 'a', subject: 'B', mode: 'confirm' },
      { item: 'a', subject: 'C' },
    ]);
    await tick();
    const found = new Map((await all()).map((d) => [d.payeeName, [d.state, d.flow.join(' ')]]));
    expect(found.get('甲')).toEqual(['ready', 'guard notice pay']);
    for (const name of ['乙', '丙']) expect(found.get(name)).toEqual(['confirming', 'guard notice confirm pay']);
  });

  const shared: Partial<Item> = {
    payees: [
      { share: '1/3', to: { fact: 'guardian' } },
      { share: '2/3', to: null },
    ],
    flow: { first: ['guard', 'ask', 'review', 'notice', 'pay'], continuing: ['pay'] },
  };
  const other = { ...complete, account: '6222021234567890128' };

  it('shares one line between payees, the 分 left over to the subject, each told of what is theirs', async () => {
    await settlePeople(database, {
      母: { name: '母亲', ...complete },
      子: { name: '孩子', guardian: '母', ...other },
      孤: { name: '孤', ...other },
    });
    await publish(database, [itemOf('a', shared)]);
    await runWith(database, [
      { item: 'a', subject: '子', yuan: 100 },
      { item: 'a', subject: '孤', yuan: 0.02 },
    ]);
    await tick();
    const rows = (await all()).map((d) => [d.subjectId === idOf('子') ? '子' : '孤', d.part, d.payeeName, d.amountFen, d.account, d.state]);
    expect(rows.sort()).toEqual([
      ['子', 0, '母亲', 3_333n, complete.account, 'reviewing'],
      ['子', 1, '孩子', 6_667n, other.account, 'reviewing'],
      // A third of two 分 is less than one 分: no payment to nobody.
      ['孤', 1, '孤', 2n, other.account, 'reviewing'],
    ]);
    expect(await prefill(database.db, stepsOn().prefill)).toMatchObject({ made: 0 });
    for (const record of await all()) await transaction(database.db, async (tx) => review(tx, { ...act(record.id), decision: 'pass' }));
    await tick();
    expect((await all()).map((d) => d.state)).toEqual(['ready', 'ready', 'ready']);
    const told = (await letters())
      .filter((one) => one.subjectId === idOf('子'))
      .sort((a, b) => Number((a.amountFen ?? 0n) - (b.amountFen ?? 0n)));
    expect(told.map(({ body }) => body.split('：')[0])).toEqual(['母亲', '孩子']);
    expect(told[0]?.body).toContain('33.33 元');
    expect(told[1]?.body).toContain('66.67 元');
  });

  it('asks for the payee who is not known and lets the other go on; refused once, the whole line goes back', async () => {
    await settlePeople(database, { 子: { name: '孩子', ...other } });
    await publish(database, [itemOf('a', shared)]);
    await runWith(database, [{ item: 'a', subject: '子', yuan: 90 }]);
    await tick();
    const [asking, own] = [...(await all())].sort((a, b) => a.part - b.part);
    expect(asking).toMatchObject({ state: 'asking', gaps: ['缺监护人信息'], amountFen: 3_000n });
    expect(own).toMatchObject({ state: 'reviewing', gaps: [], amountFen: 6_000n });
    await transaction(database.db, async (tx) => review(tx, { ...act(own?.id ?? ''), decision: 'refuse', reason: '已在别处领取' }));
    await tick();
    expect((await all()).map((d) => d.state)).toEqual(['closed', 'closed']);
    expect((await linesOf(database, ['子'], ['withdrawn'])).length).toBe(1);
  });
});

describe('accounts at rest', () => {
  it('stand sealed from pre-filling to notice, told or corrected; a sealed one moved to another record does not open', async () => {
    const told = '6222020000005678';
    await settlePeople(database, { A: complete, B: { email: complete.email } });
    await publish(database, [itemOf('a', { flow: { first: ['guard', 'notice', 'pay'], continuing: ['guard', 'pay'] } })]);
    await runWith(database, [
      { item: 'a', subject: 'A' },
      { item: 'a', subject: 'B' },
    ]);
    await tick();
    const asked = (await all()).find((d) => d.state === 'asking');
    await transaction(database.db, (tx) =>
      answer(tx, { ...act(asked?.id ?? ''), account: told, bank: '测试银行', reason: '本人电话告知' }),
    );
    await tick();
    const byAccount = new Map((await all()).map((d) => [d.account, d.subjectId]));
    expect(byAccount).toEqual(
      new Map([
        [complete.account, idOf('A')],
        [told, idOf('B')],
      ]),
    );
    const everywhere = await clearTexts(database.sql);
    expect(everywhere.filter(({ text }) => text.includes(told)).map(({ column }) => column)).toEqual([]);
    // What the departments delivered stands in these tests as they wrote it.
    expect(everywhere.filter(({ text }) => text.includes(complete.account)).map(({ column }) => column)).toEqual(['record_part.cells']);
    expect((await letters()).map(({ body }) => body).join()).toContain('尾号 1234');

    expect(await subjectsPaidOn(database.db, told, { scope: everything, limit: 9 })).toEqual([idOf('B')]);
    expect(await subjectsPaidOn(database.db, told, { scope: { ...everything, items: ['b'] }, limit: 9 })).toEqual([]);
    expect(await subjectsPaidOn(database.db, '6222020000009999', { scope: everything, limit: 9 })).toEqual([]);

    await database.sql`update disbursement set account = (select account from disbursement where subject_id = ${idOf('A')}) where subject_id = ${idOf('B')}`;
    const refused = await all().catch((error: unknown) => error);
    expect((refused as ProblemError).problems[0]?.code).toBe('internal.sealed');
  });
});

describe('the life of a record', () => {
  it('guard → review → notice → publicity → ready; people where people belong', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', { publicity: { days: 7 } })]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    expect((await only()).state).toBe('reviewing');
    await transaction(database.db, async (tx) => review(tx, { ...act((await only()).id), decision: 'pass' }));
    expect((await only()).state).toBe('notified');
    await tick();
    expect(await only()).toMatchObject({ state: 'publicity', dueOn: addDays(today, 7) });
    await tick(addDays(today, 7));
    expect((await only()).state).toBe('publicity');
    await tick(addDays(today, 8));
    expect((await only()).state).toBe('ready');
    const life = await disbursementById(database.db, (await only()).id, everything);
    expect(life?.events.map((e) => `${e.from ?? ''}→${e.to} ${e.actor}`)).toEqual([
      '→prefilled step:prefill',
      'prefilled→reviewing step:advance',
      'reviewing→notified u1',
      'notified→publicity step:advance',
      'publicity→ready step:advance',
    ]);
    const audited = await database.sql`select count(*)::int as n from audit_entry where object_kind = 'disbursement'`;
    expect(audited).toEqual([{ n: 5 }]);
  });

  it('a review may return (only people take that away) or refuse (the money goes back)', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a')]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    const { id } = await only();
    await expect(transaction(database.db, (tx) => review(tx, { ...act(id), decision: 'return' }))).rejects.toThrow('input.reason');
    await transaction(database.db, (tx) => review(tx, { ...act(id), decision: 'return', reason: '补户口本' }));
    await tick();
    expect(await only()).toMatchObject({ state: 'asking', gaps: ['审核退回：补户口本'] });
    await transaction(database.db, (tx) => answer(tx, { ...act(id), settled: ['审核退回：补户口本'], reason: '已看原件' }));
    expect((await only()).state).toBe('reviewing');
    await transaction(database.db, (tx) => review(tx, { ...act(id), decision: 'refuse', reason: '与户籍不符' }));
    expect((await all()).map((d) => d.state)).toEqual(['closed']);
    expect(await linesOf(database, ['A'])).toMatchObject([{ state: 'withdrawn' }]);
    expect(await database.sql`select amount_fen from balance where account = 'budget:a:2026:reserved'`).toEqual([{ amount_fen: 0n }]);
  });

  it('confirm: reminders, then deemed waived, back within the grace, then the money is free', async () => {
    await settlePeople(database, { A: complete, B: complete });
    await publish(database, [itemOf('a', confirmed)]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    expect(await only()).toMatchObject({ state: 'confirming', dueOn: addDays(today, 7) });
    const told = async () =>
      (await database.sql<{ template: string }[]>`select template from notice order by created_at, template`).map((n) => n.template);
    for (const n of [1, 2, 3, 4, 5, 6, 7]) await tick(addDays(today, n));
    expect(await told()).toEqual(['confirm', 'reminder-1', 'reminder-2', 'reminder-3']);
    await tick(addDays(today, 8));
    // Nothing has reached the person yet: nobody is deemed to have given up what they never heard of.
    expect((await only()).state).toBe('confirming');
    // The letter is handed over after the window had run out: the window, with its whole length, counts from then.
    await sent('confirm', addDays(today, 9));
    await tick(addDays(today, 9));
    expect(await only()).toMatchObject({ state: 'confirming', windowFrom: addDays(today, 9), dueOn: addDays(today, 16) });
    await tick(addDays(today, 16));
    expect((await only()).state).toBe('confirming');
    await tick(addDays(today, 17));
    expect((await only()).state).toBe('waived');
    expect(await database.sql`select choice from choice`).toEqual([{ choice: 'deemed-waived' }]);
    await transaction(database.db, async (tx) => comeBack(tx, act((await only()).id, addDays(today, 18))));
    expect(await only()).toMatchObject({ state: 'confirming', dueOn: addDays(today, 25) });
    await transaction(database.db, async (tx) => decline(tx, act((await only()).id, addDays(today, 19))));
    await tick(addDays(today, 49));
    expect((await only()).state).toBe('waived');
    await tick(addDays(today, 50));
    expect((await all()).map((d) => d.state)).toEqual(['closed']);
    expect(await database.sql`select amount_fen from balance where account = 'budget:a:2026:reserved'`).toEqual([{ amount_fen: 0n }]);
  });

  it('having been asked for something missing is not having been told the amount', async () => {
    await settlePeople(database, { A: { name: '甲' } });
    await publish(database, [itemOf('a', { flow: { first: ['ask', 'notice', 'pay'], continuing: ['pay'] } })]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    const { id } = await only();
    await transaction(database.db, (tx) => answer(tx, { ...act(id), account: '6222020000009999', bank: '农商行', reason: '本人电话告知' }));
    await advance(database.db, stepsOn(today).advance);
    expect((await only()).state).toBe('notified');
    await tick();
    expect((await only()).state).toBe('ready');
    const told = await database.sql<{ template: string }[]>`select template from notice order by created_at, template`;
    expect(told.map((n) => n.template).sort()).toEqual(['asking', 'matched']);
  });

  it('whoever confirms goes on', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', confirmed)]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    await transaction(database.db, async (tx) => confirm(tx, act((await only()).id)));
    expect((await only()).state).toBe('ready');
    await expect(transaction(database.db, async (tx) => confirm(tx, act((await only()).id)))).rejects.toThrow('state.edge');
  });

  it('an account told by a person is taken, and new data never overrules it', async () => {
    await settlePeople(database, { A: { name: '甲' } });
    await publish(database, [itemOf('a', { flow: { first: ['ask', 'pay'], continuing: ['pay'] } })]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    const { id } = await only();
    await expect(transaction(database.db, (tx) => answer(tx, { ...act(id), account: 'abc', reason: 'x' }))).rejects.toThrow(
      'input.account',
    );
    await transaction(database.db, (tx) =>
      answer(tx, { ...act(id), account: '6222 0200 0000 9999', bank: '农商行', reason: '本人电话告知' }),
    );
    expect(await only()).toMatchObject({ state: 'ready', account: '6222020000009999', bank: '农商行', gaps: [] });
  });
});

describe('what runs may not undo', () => {
  it('a hold outlives a changed amount, and is lifted by a person only', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', { flow: { first: ['guard', 'pay'], continuing: ['guard', 'pay'] } })]);
    await runWith(database, [{ item: 'a', subject: 'A', yuan: 100 }]);
    await tick();
    await transaction(database.db, async (tx) => hold(tx, { ...act((await only()).id), reason: '有人举报' }));
    await tick();
    expect((await only()).state).toBe('held');
    await runWith(database, [{ item: 'a', subject: 'A', yuan: 150, kind: 'changed' }]);
    await tick();
    const held = (await all()).filter((d) => d.state === 'held');
    expect(held.map((d) => [d.amountFen, d.holdReason]).sort()).toEqual([
      [10_000n, '有人举报'],
      [15_000n, '有人举报'],
    ]);
    for (const record of held) await transaction(database.db, (tx) => lift(tx, { ...act(record.id), reason: '查无此事' }));
    await tick();
    expect((await all()).map((d) => [d.state, d.amountFen]).sort()).toEqual([
      ['closed', 10_000n],
      ['ready', 15_000n],
    ]);
  });

  it('a replaced line closes its record wherever it stands', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a')]);
    await runWith(database, [{ item: 'a', subject: 'A', yuan: 100 }]);
    await tick();
    await runWith(database, [{ item: 'a', subject: 'A', verdict: 'undetermined', kind: 'suspended' }]);
    await tick();
    expect((await all()).map((d) => [d.matchKind, d.state]).sort()).toEqual([
      ['first', 'closed'],
      ['suspended', 'reviewing'],
    ]);
  });
});

describe('stops', () => {
  it('a person stands behind every stop: review, then the notice, then closed', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', { flow: { first: ['guard', 'pay'], continuing: ['pay'] } })]);
    await runWith(database, [{ item: 'a', subject: 'A', period: '2026-09' }]);
    await tick();
    await runWith(database, [{ item: 'a', subject: 'A', verdict: 'ineligible', kind: 'ended' }]);
    await tick();
    const stop = (await all()).find((d) => d.lineId === null);
    expect(stop).toMatchObject({ state: 'reviewing', amountFen: 0n, matchKind: 'ended' });
    expect(await database.sql`select count(*)::int as n from notice where template = 'ended'`).toEqual([{ n: 0 }]);
    await transaction(database.db, (tx) => review(tx, { ...act(stop?.id ?? ''), decision: 'pass' }));
    await tick();
    expect((await all()).map((d) => [d.matchKind, d.state]).sort()).toEqual([
      ['ended', 'closed'],
      ['first', 'ready'],
    ]);
    expect(await database.sql`select count(*)::int as n from notice where template = 'ended'`).toEqual([{ n: 1 }]);
  });

  it('one line that ends while the others go on has a stop of its own, once', async () => {
    await publish(database, [itemOf('a')]);
    await settlePeople(database, { A: complete });
    const lines = [
      { key: 'g1', yuan: 100 },
      { key: 'g2', yuan: 100 },
      { key: 'g3', yuan: 100 },
    ];
    await runWith(database, [{ item: 'a', subject: 'A', lines }]);
    await tick();
    await runWith(database, [
      {
        item: 'a',
        subject: 'A',
        kind: 'changed',
        lines: [
          { key: 'g1', yuan: 100 },
          { key: 'g3', yuan: 100, verdict: 'undetermined' },
        ],
      },
    ]);
    await tick();
    await tick();
    const stops = (await all()).filter((d) => d.lineId === null).map((d) => `${d.key} ${d.matchKind} ${d.state} ${d.amountFen}`);
    expect(stops.toSorted()).toEqual(['g2 ended reviewing 0', 'g3 suspended reviewing 0']);
  });

  it('a stop that is over before it was told is closed', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', { flow: { first: ['guard', 'pay'], continuing: ['pay'] } })]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await runWith(database, [{ item: 'a', subject: 'A', verdict: 'undetermined', kind: 'suspended' }]);
    await tick();
    await runWith(database, [{ item: 'a', subject: 'A', kind: 'resumed' }]);
    await tick();
    expect((await all()).map((d) => [d.matchKind, d.state]).sort()).toEqual([
      ['resumed', 'ready'],
      ['suspended', 'closed'],
    ]);
  });
});

describe('scope', () => {
  it('nobody sees or touches a record outside their scope', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a')]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    const { id } = await only();
    const inside = { authorities: ['测试县民政局'], divisions: ['530000'], items: ['a'] };
    expect((await listDisbursements(database.db, { scope: inside, limit: 10 })).rows.length).toBe(1);
    for (const scope of [
      { ...inside, items: [] },
      { ...inside, authorities: ['别的局'] },
      { ...inside, divisions: ['440000'] },
    ]) {
      expect((await listDisbursements(database.db, { scope, limit: 10 })).rows).toEqual([]);
      expect(await disbursementById(database.db, id, scope)).toBeNull();
      await expect(transaction(database.db, (tx) => hold(tx, { ...act(id), scope, reason: 'x' }))).rejects.toThrow('missing.disbursement');
    }
  });
});
