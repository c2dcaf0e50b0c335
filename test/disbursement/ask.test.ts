// Asking for what is missing, applying, and reminders of windows: answers by staff or beneficiary, by when, what silence does.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../src/base/day.ts';
import { comeBack, confirm } from '../../src/disbursement/act.ts';
import { submit } from '../../src/disbursement/apply.ts';
import { answer, keepCaseDocument } from '../../src/disbursement/ask.ts';
import { answersOf, documentsOf } from '../../src/disbursement/ask-store.ts';
import type { Item } from '../../src/policy/item.ts';
import { testDatabase } from '../database.ts';
import { broken, complete, empty, itemOf, linesOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { act, lifeOf } from './ground.ts';

const database = testDatabase();
const { tick, all, only, doing, sent, told } = lifeOf(database);
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const scan = (n: number) => Buffer.from(`%PDF-1.7 ${n}`);
const kept = (n: number) => keepCaseDocument(database.db, scan(n), { id: 'u1', role: 'reviewer' }, new Date('2026-11-10T03:00:00Z'));

const asking: Partial<Item> = {
  ask: {
    fields: [
      { id: 'size', label: '企业划型', kind: 'choice', options: ['大型', '中型', '小型', '微型'], fact: 'guardian' },
      { id: 'letter', label: '授权书', kind: 'document' },
    ],
    days: 9,
    late: 'waive',
    named: { workingDays: 5 },
    clause: '第九条',
  },
  flow: { first: ['guard', 'ask', 'pay'], continuing: ['guard', 'ask', 'pay'] },
};

describe('asking', () => {
  it('names what is missing beside the account, takes answers of staff and beneficiary, and goes on when all is there', async () => {
    await settlePeople(database, { A: { name: '甲' } });
    await publish(database, [itemOf('a', asking)]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    const { id, ...record } = await only();
    expect(record).toMatchObject({ state: 'asking', gaps: ['缺收款账户', '缺企业划型', '缺授权书'], dueOn: addDays(today, 9) });
    const say = (over: object) => doing((tx) => answer(tx, { ...act(id), by: 'beneficiary', reason: '本人在大厅填写', ...over }));
    await expect(say({ fields: { size: '特大' } })).rejects.toThrow('input.value');
    await expect(say({ fields: { other: '大型' } })).rejects.toThrow('input.value');
    await expect(say({ fields: { letter: 'a'.repeat(64) } })).rejects.toThrow('input.document');
    await expect(say({})).rejects.toThrow('input.value');
    await expect(say({ settled: ['缺授权书'] })).rejects.toThrow();
    await say({ fields: { size: '小型' } });
    expect(await only()).toMatchObject({ state: 'asking', gaps: ['缺收款账户', '缺授权书'], dueOn: addDays(today, 9) });
    await say({ account: '6222 0200 0000 9999', bank: '农商行' });
    await doing(async (tx) => answer(tx, { ...act(id), by: 'reviewer', fields: { letter: await kept(1) }, reason: '已看原件' }));
    expect(await only()).toMatchObject({ state: 'ready', account: '6222020000009999', gaps: [] });
    expect((await answersOf(database.db, id)).map((a) => [a.field, a.value, a.document !== null])).toEqual([
      ['account', null, false],
      ['letter', null, true],
      ['size', '小型', false],
    ]);
    // What was told once holds for the periods that follow.
    await runWith(database, [{ item: 'a', subject: 'A', period: '2026-11', kind: 'continuing' }]);
    await tick();
    expect((await all()).find((d) => d.periodKey === '2026-11')?.gaps).toEqual(['缺收款账户']);
  });

  it('a department that delivers it answers by itself', async () => {
    await settlePeople(database, { A: { ...complete, guardian: '小型' } });
    await publish(database, [itemOf('a', { ...asking, ask: { ...asking.ask, fields: asking.ask?.fields?.slice(0, 1) ?? [] } })]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    expect((await only()).state).toBe('ready');
  });

  it('three notices, named in public, deemed waived, and back again until the money has gone', async () => {
    await settlePeople(database, { A: { ...complete }, B: { ...complete } });
    await publish(database, [itemOf('a', { ...asking, ask: { ...asking.ask, fields: asking.ask?.fields?.slice(0, 1) ?? [] } })]);
    await runWith(database, [
      { item: 'a', subject: 'A' },
      { item: 'a', subject: 'B' },
    ]);
    await tick();
    const b = (await all())[0]?.id ?? '';
    for (let n = 1; n <= 9; n++) await tick(addDays(today, n));
    expect((await told()).filter((t) => t !== 'asking').toSorted()).toEqual(
      ['ask-reminder-1', 'ask-reminder-2', 'ask-reminder-3'].flatMap((t) => [t, t]),
    );
    await tick(addDays(today, 20));
    // Nobody was reached: nobody loses anything.
    expect((await all()).map((d) => d.state)).toEqual(['asking', 'asking']);
    await sent('asking', today);
    await tick(addDays(today, 10));
    expect((await all()).map((d) => d.state)).toEqual(['named', 'named']);
    // On the last evening one of them completes it.
    await doing((tx) =>
      answer(tx, { ...act(b, { on: addDays(today, 16) }), by: 'beneficiary', fields: { size: '小型' }, reason: '网上填写' }),
    );
    await tick(addDays(today, 18));
    expect((await all()).map((d) => d.state).toSorted()).toEqual(['ready', 'waived']);
    const waived = (await all()).find((d) => d.state === 'waived');
    await doing((tx) => comeBack(tx, act(waived?.id ?? '', { on: addDays(today, 20) })));
    expect((await all()).find((d) => d.id === waived?.id)).toMatchObject({ state: 'asking', dueOn: addDays(today, 29) });
    expect(await linesOf(database, ['A', 'B'], ['granted'])).toHaveLength(2);
  });

  it('an item that says nothing of silence keeps waiting', async () => {
    await settlePeople(database, { A: { name: '甲' } });
    await publish(database, [itemOf('a', { ask: { days: 3 }, flow: { first: ['ask', 'pay'], continuing: ['pay'] } })]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    await sent('asking', today);
    await tick(addDays(today, 30));
    expect(await only()).toMatchObject({ state: 'asking', dueOn: addDays(today, 3) });
  });
});

describe('reminders', () => {
  it('are told again in a window that was opened anew', async () => {
    await settlePeople(database, { A: complete });
    const flow: Partial<Item> = {
      mode: 'confirm',
      confirm: { days: 6 },
      flow: { first: ['notice', 'confirm', 'pay'], continuing: ['pay'] },
    };
    await publish(database, [itemOf('a', flow)]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    await sent('confirm', today);
    for (let n = 1; n <= 7; n++) await tick(addDays(today, n));
    expect((await only()).state).toBe('waived');
    await doing(async (tx) => comeBack(tx, act((await only()).id, { on: addDays(today, 8) })));
    for (let n = 9; n <= 14; n++) await tick(addDays(today, n));
    expect((await told()).toSorted()).toEqual(['confirm', ...['1', '2', '3'].flatMap((n) => [`reminder-${n}`, `reminder-${n}`]), 'waived']);
    await doing(async (tx) => confirm(tx, act((await only()).id, { on: addDays(today, 14) })));
    expect((await only()).state).toBe('ready');
  });
});

describe('applying', () => {
  const applying: Partial<Item> = {
    mode: 'apply',
    apply: {
      attachments: [
        { id: 'licence', title: '营业执照' },
        { id: 'photo', title: '照片', required: false },
      ],
      days: 10,
      reviewWorkingDays: 5,
    },
    flow: { first: ['guard', 'apply', 'review', 'pay'], continuing: ['guard', 'pay'] },
  };

  it('is pre-filled, told, handed in with its documents, and reviewed within the limit promised', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', applying)]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    const { id, ...record } = await only();
    expect(record).toMatchObject({ state: 'applying', dueOn: addDays(today, 10), account: complete.account });
    expect(await told()).toEqual(['apply']);
    const hand = (attachments: Record<string, string>) => doing((tx) => submit(tx, { ...act(id), by: 'beneficiary', attachments }));
    await expect(hand({})).rejects.toThrow('input.document');
    await expect(hand({ other: 'x' })).rejects.toThrow('input.value');
    await expect(hand({ licence: 'b'.repeat(64) })).rejects.toThrow('input.document');
    const licence = await kept(2);
    await hand({ licence });
    // Five working days after Tuesday the 10th.
    expect(await only()).toMatchObject({ state: 'reviewing', dueOn: '2026-11-17' });
    expect(await documentsOf(database.db, id)).toMatchObject([{ kind: 'application', name: 'licence', sha256: licence }]);
  });

  it('not handed in within its days is deemed given up, once it was told, and may come back', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', applying)]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    await tick(addDays(today, 11));
    expect((await only()).state).toBe('applying');
    await sent('apply', today);
    await tick(addDays(today, 11));
    expect((await only()).state).toBe('waived');
    await doing(async (tx) => comeBack(tx, act((await only()).id, { on: addDays(today, 12) })));
    expect(await only()).toMatchObject({ state: 'applying', dueOn: addDays(today, 22) });
  });
});
