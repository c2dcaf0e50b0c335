// The public list and objections to it: masked by construction, one line stops and no other, a person decides, whoever objected is answered.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { decideObjection, fileObjection } from '../../src/disbursement/objection.ts';
import { listObjections } from '../../src/disbursement/objection-store.ts';
import { publicLines } from '../../src/disbursement/publicity-store.ts';
import { review } from '../../src/disbursement/review.ts';
import type { Item } from '../../src/policy/item.ts';
import { clearTexts } from '../clear.ts';
import { testDatabase } from '../database.ts';
import { broken, complete, empty, idOf, itemOf, linesOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { act, lifeOf } from './ground.ts';

const database = testDatabase();
const { tick, all, doing, told, notices } = lifeOf(database);
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const published: Partial<Item> = { publicity: { days: 7 }, flow: { first: ['guard', 'publicity', 'pay'], continuing: ['guard', 'pay'] } };
const who = { name: '钱七', number: '11010519491231002X', phone: '13800138000' };
const of = async (name: string) => {
  const found = (await all()).find((d) => d.subjectId === idOf(name) && d.state !== 'closed');
  if (found === undefined) throw new Error(name);
  return found;
};
const begin = async (over: Partial<Item> = published) => {
  await settlePeople(database, { A: { ...complete, name: '张小三', division: '530128101200' }, B: { ...complete, name: '李四' } });
  await publish(database, [itemOf('a', over)]);
  await runWith(database, [
    { item: 'a', subject: 'A', yuan: 120 },
    { item: 'a', subject: 'B', yuan: 120 },
  ]);
  await tick();
};
const file = async (name: string, over: object = {}) =>
  doing(async (tx) => fileObjection(tx, { ...act((await of(name)).id), kind: 'public', ...who, text: '此人已迁出本村', ...over }));
const rule = (id: string, decision: 'upheld' | 'rejected', over: Parameters<typeof act>[1] = {}) =>
  doing((tx) => decideObjection(tx, { ...act(id, { who: 'u2', ...over }), decision, reason: '经入户核实' }));

describe('the public list', () => {
  it('holds a place, a masked name, an amount and a day, nothing else, and ends by itself', async () => {
    await begin();
    const rows = await publicLines(database.db, { scope: everything, today, limit: 10 });
    expect(rows).toEqual([
      {
        itemId: 'a',
        title: '事项a',
        authority: '测试县民政局',
        periodKey: '2026-10',
        division: '530128',
        name: '张*三',
        amountFen: 12_000n,
        until: addDays(today, 7),
      },
      {
        itemId: 'a',
        title: '事项a',
        authority: '测试县民政局',
        periodKey: '2026-10',
        division: '530128',
        name: '李*',
        amountFen: 12_000n,
        until: addDays(today, 7),
      },
    ]);
    expect(await publicLines(database.db, { scope: everything, today, prefix: '5302', limit: 10 })).toEqual([]);
    expect(await publicLines(database.db, { scope: everything, today: addDays(today, 8), limit: 10 })).toEqual([]);
  });
});

describe('an objection', () => {
  it('needs a real name and a way to answer, and stops that line only', async () => {
    await begin();
    for (const wrong of [{ name: '匿' }, { number: '110105194912310021' }, { phone: '' }, { phone: '1' }, { email: 'x' }, { text: ' ' }])
      await expect(file('A', wrong)).rejects.toThrow('input.');
    await file('A');
    await tick(addDays(today, 8));
    expect([(await of('A')).state, (await of('B')).state]).toEqual(['objected', 'ready']);
    // Ten working days after Tuesday, 10 November.
    expect((await of('A')).dueOn).toBe('2026-11-24');
    expect(new Set(await told())).toEqual(new Set(['objected', 'publicity']));
    const everywhere = await clearTexts(database.sql);
    expect(everywhere.filter(({ text }) => text.includes(who.number) || text.includes(who.phone)).map((t) => t.column)).toEqual([]);
  });

  it('upheld: refused with the reason by another person, the money goes back, both are told', async () => {
    await begin();
    const id = await file('A');
    await expect(rule(id, 'upheld', { who: 'u1' })).rejects.toThrow('state.same-person');
    await rule(id, 'upheld');
    await expect(rule(id, 'rejected')).rejects.toThrow('state.objection');
    await tick();
    expect((await linesOf(database, ['A'])).map((line) => line.state)).toEqual(['withdrawn']);
    expect(new Set(await told())).toEqual(new Set(['objected', 'objection-answer', 'objection-upheld', 'publicity']));
    const answer = (await notices()).find((one) => one.template === 'objection-answer');
    expect(answer?.body).toMatch(/^钱七：\n您就2026年10月事项a提出的异议已经人工复核，异议成立。理由：经入户核实。/);
    expect(answer?.body).not.toMatch(/120(\.00)? *元/);
    // It is not among what the beneficiary may read.
    expect(answer?.subjectId).toBe(id);
  });

  it('rejected in time: the publicity runs on to its own end; afterwards: straight on', async () => {
    await begin();
    const [a, b] = [await file('A'), await file('B')];
    await rule(a, 'rejected', { on: addDays(today, 3) });
    expect(await of('A')).toMatchObject({ state: 'publicity', windowFrom: today, dueOn: addDays(today, 7) });
    await rule(b, 'rejected', { on: addDays(today, 9) });
    expect((await of('B')).state).toBe('ready');
    await tick(addDays(today, 9));
    expect((await of('A')).state).toBe('ready');
  });

  it('several to one line: it waits for all of them, one that holds is enough', async () => {
    await begin();
    const [first, second, third] = [await file('A'), await file('A'), await file('A')];
    await rule(first, 'rejected');
    expect((await of('A')).state).toBe('objected');
    await rule(second, 'upheld');
    expect((await listObjections(database.db, { scope: everything, limit: 9 })).rows.map((o) => [o.id, o.state]).toSorted()).toEqual(
      [
        [first, 'rejected'],
        [second, 'upheld'],
        [third, 'upheld'],
      ].toSorted(),
    );
  });

  it('is moot when the line has gone meanwhile', async () => {
    await begin();
    await file('A');
    await runWith(database, [{ item: 'a', subject: 'A', verdict: 'ineligible', kind: 'ended' }]);
    await tick();
    expect((await listObjections(database.db, { scope: everything, limit: 9 })).rows.map((o) => o.state)).toEqual(['moot']);
  });

  it('two who decide at once: one ruling stands', async () => {
    for (let round = 0; round < 12; round++) {
      await empty(database);
      await begin();
      const id = await file('A');
      const done = await Promise.allSettled([rule(id, 'upheld', { who: 'u2' }), rule(id, 'rejected', { who: 'u3' })]);
      expect(done.map((d) => d.status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await broken(database)).toEqual([]);
    }
  });
});

describe('what was refused', () => {
  it('comes back when the person’s objection holds, with the periods refused since, as back-pay, and may be refused again', async () => {
    await settlePeople(database, { A: complete });
    const flow = ['guard', 'review', 'pay'] as const;
    await publish(database, [itemOf('a', { flow: { first: [...flow], continuing: ['guard', 'pay'] } })]);
    for (const [period, kind] of [
      ['2026-08', 'first'],
      ['2026-09', 'continuing'],
      ['2026-10', 'continuing'],
    ] as const) {
      await runWith(database, [{ item: 'a', subject: 'A', period, kind }]);
      await tick();
      const record = (await all()).find((d) => d.periodKey === period);
      await doing((tx) => review(tx, { ...act(record?.id ?? ''), roster: [], decision: 'refuse', reason: '系统显示重复' }));
    }
    await tick();
    const refused = (await all()).find((d) => d.periodKey === '2026-09');
    const id = await doing((tx) => fileObjection(tx, { ...act(refused?.id ?? ''), kind: 'own', ...who, text: '并未重复享受' }));
    await rule(id, 'upheld');
    await tick();
    await tick();
    const live = (await all()).filter((d) => d.state !== 'closed');
    expect(live.map((d) => `${d.periodKey} ${d.state} ${d.amountFen}`).toSorted()).toEqual([
      '2026-09 reviewing 10000',
      '2026-10 reviewing 10000',
    ]);
    for (const { id } of live) await doing((tx) => review(tx, { ...act(id), roster: [], decision: 'pass' }));
    expect((await all()).filter((d) => d.state === 'ready')).toHaveLength(2);
    expect((await told()).filter((t) => t === 'objection-answer')).toHaveLength(1);
    expect((await linesOf(database, ['A'])).map((l) => `${l.period} ${l.state} ${l.granted}`)).toEqual([
      '2026-08 withdrawn 100.00',
      '2026-09 granted 100.00',
      '2026-10 granted 100.00',
    ]);
  });
});
