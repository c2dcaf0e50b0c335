// 停发 by order: the last month stays due, later ones are refused and closed, what was paid is over-paid; told with the reason; a second decision takes it
// back and pays once what was due meanwhile. On a real PostgreSQL.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { openRecovery, proposeRecoveries, receiveRecovery } from '../../src/disbursement/recovery.ts';
import { listRecoveries } from '../../src/disbursement/recovery-store.ts';
import { review } from '../../src/disbursement/review.ts';
import { confirmStop, liftStop, orderStop, refuseStop } from '../../src/disbursement/stop.ts';
import { listStops } from '../../src/disbursement/stop-store.ts';
import { move } from '../../src/ledger/ledger.ts';
import { budgetBalances, post } from '../../src/ledger/store.ts';
import type { Item } from '../../src/policy/item.ts';
import { testDatabase } from '../database.ts';
import {
  at,
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
  today,
} from '../settlement/ground.ts';
import { keepScanRow, scan } from './document.ts';
import { act, lifeOf } from './ground.ts';

/** Races are tried more often in the long tests. */
const rounds = process.env.ZHIXIANG_TEST_LONG === '1' ? 20 : 3;
const database = testDatabase();
const { tick, all, doing, notices } = lifeOf(database);
beforeEach(async () => {
  await empty(database);
  await keepScanRow(database);
});
afterEach(async () => expect(await broken(database)).toEqual([]));

const months = ['2026-10', '2026-11', '2026-12'];
const straight: Partial<Item> = {
  flow: { first: ['guard', 'pay'], continuing: ['guard', 'pay'] },
  overpaid: { tellWorkingDays: 5, dueMonths: 3, clause: '第十二条' },
};
const matchesOf = (subject: string, over: object = {}) =>
  months.map((period) => ({ item: 'a', subject, period, start: `${period}-01`, yuan: 120, ...over }));
const ready = async (item: Partial<Item> = straight) => {
  await settlePeople(database, { A: complete });
  await publish(database, [itemOf('a', item)]);
  await runWith(database, matchesOf('A'));
  await tick();
};
const order = (over: Partial<Parameters<typeof orderStop>[1]> & { who?: string } = {}) => {
  const { id: _id, ...who } = act('', { who: over.who ?? 'u1' });
  return doing((tx) =>
    orderStop(tx, {
      ...who,
      ...{ subjectId: idOf('A'), itemId: 'a', kind: 'death', lastOn: day('2026-10-15'), reason: '村里报告去世', document: scan },
      ...over,
    }),
  );
};
const lift = (id: string, who = 'u2') => doing((tx) => liftStop(tx, { ...act(id, { who }), reason: '本人到场，并未去世', document: scan }));
const states = async () => (await all()).map((d) => `${d.periodKey} ${d.state} ${Number(d.amountFen) / 100}`).toSorted();
const lines = async () => (await linesOf(database, ['A'])).map((l) => `${l.period} ${l.state} ${l.granted} ${l.recover}`).toSorted();
const money = () => doing((tx) => budgetBalances(tx, 'a:2026'));
const arrive = async (period: string) => {
  const record = (await all()).find((d) => d.periodKey === period && d.state === 'ready');
  if (record === undefined) throw new Error(period);
  const about = { itemId: 'a', year: 2026, subjectId: record.subjectId, periodKey: period, lineId: record.lineId as string, objectKey: '' };
  for (const kind of ['commit', 'pay'] as const)
    await doing((tx) => post(tx, [{ key: `${kind}:${record.id}`, kind, ...about, entries: move(kind, 'a:2026', record.amountFen) }], at));
  await database.sql`update disbursement set state = 'paid' where id = ${record.id}`;
};
const cases = async () => (await listRecoveries(database.db, { scope: everything, limit: 20 })).rows;
const propose = () => proposeRecoveries(database.db, { now: at, today, calendar });

describe('an order to stop', () => {
  it('leaves the month its day lies in, ends and closes what comes later, gives the money back and tells why and how to object', async () => {
    await ready();
    expect(await order()).toMatchObject({ state: 'standing' });
    await tick();
    expect(await states()).toEqual(['2026-10 ready 120', '2026-11 closed 120', '2026-12 closed 120']);
    expect(await lines()).toEqual(['2026-10 granted 120.00 0.00', '2026-11 ended 0.00 0.00', '2026-12 ended 0.00 0.00']);
    expect(await money()).toMatchObject({ reserved: 12_000n, available: -12_000n });
    const [notice] = (await notices()).filter((one) => one.template === 'stopped');
    expect(notice?.body).toContain('从2026年10月16日起停止发放，在这以前该发的照常发。原因：村里报告去世。');
    expect(notice?.body).toContain('请在2027年1月9日前向测试县民政局提出异议');
    expect(notice?.body).not.toMatch(/https?:/);
    // Data that still say he is entitled change nothing while the order stands.
    await runWith(database, [{ item: 'a', subject: 'A', period: '2027-01', start: '2027-01-01', yuan: 120, kind: 'continuing' }]);
    await tick();
    expect((await lines()).at(-1)).toBe('2027-01 ended 0.00 0.00');
  });

  it('makes what was paid for later months over-paid; a second decision by another person takes all of it back, once', async () => {
    await ready();
    await arrive('2026-11');
    const { id } = await order();
    await tick();
    expect(await lines()).toContain('2026-11 ended 0.00 120.00');
    expect(await propose()).toBe(1);
    expect(await cases()).toMatchObject([{ state: 'proposed', amountFen: 12_000n, periodKey: '2026-11' }]);
    await expect(lift(id, 'u1')).rejects.toThrow('state.same-person');
    await lift(id);
    for (let n = 0; n < 3; n++) await tick();
    expect(await propose()).toBe(0);
    expect((await cases())[0]?.state).toBe('dropped');
    expect((await states()).filter((s) => !s.includes('closed'))).toEqual(['2026-10 ready 120', '2026-11 paid 120', '2026-12 ready 120']);
    expect(await money()).toMatchObject({ paid: 12_000n, reserved: 24_000n });
    expect((await notices()).find((one) => one.template === 'stop-lifted')?.body).toContain('停发期间应发的会补发');
    await expect(lift(id, 'u3')).rejects.toThrow('state.stop');
  });

  it('pays anew what had been paid back meanwhile', async () => {
    await ready();
    await arrive('2026-11');
    const { id } = await order();
    await tick();
    await propose();
    const [one] = await cases();
    await doing((tx) => openRecovery(tx, { ...act(one?.id ?? ''), reason: '已去世' }));
    await doing((tx) => receiveRecovery(tx, { ...act(one?.id ?? ''), amountFen: 12_000n, reference: '收据1' }));
    await lift(id);
    for (let n = 0; n < 2; n++) await tick();
    expect((await states()).filter((s) => s.includes('2026-11'))).toEqual(['2026-11 paid 120', '2026-11 ready 120']);
    expect(await money()).toMatchObject({ paid: 0n, reserved: 36_000n });
  });

  it('waits for a second person where the item says so; whoever asked cannot confirm, the database says so too', async () => {
    await ready({ ...straight, stop: { people: 2, clause: '第十条' } });
    const { id, state } = await order();
    await tick();
    expect([state, ...(await states())]).toEqual(['asked', '2026-10 ready 120', '2026-11 ready 120', '2026-12 ready 120']);
    await expect(doing((tx) => confirmStop(tx, act(id)))).rejects.toThrow('state.same-person');
    await expect(database.sql`update stop_order set confirmed_by = 'u1'`).rejects.toThrow('stop_order_two');
    await expect(database.sql`update stop_order set state = 'standing'`).rejects.toThrow('stop_order_second');
    await doing((tx) => confirmStop(tx, act(id, { who: 'u2' })));
    await tick();
    expect((await states()).filter((s) => s.includes('closed')).length).toBe(2);
    expect((await notices()).find((one) => one.template === 'stopped')?.body).toContain('停发依据：第十条。');
  });

  it('that is refused has changed nothing and told nobody; without evidence, a match or a reason there is none', async () => {
    await ready({ ...straight, stop: { people: 2 } });
    await expect(order({ document: 'b'.repeat(64) })).rejects.toThrow('input.document');
    await expect(order({ reason: ' ' })).rejects.toThrow('input.reason');
    await expect(order({ subjectId: idOf('nobody') })).rejects.toThrow('missing.match');
    await expect(order({ scope: { ...everything, divisions: ['440000'] } })).rejects.toThrow('missing.match');
    await expect(order({ lastOn: day('2029-01-01') })).rejects.toThrow('input.value');
    const { id } = await order();
    await expect(order({ who: 'u3' })).rejects.toThrow('conflict.stop');
    await doing((tx) => refuseStop(tx, { ...act(id, { who: 'u2' }), reason: '查无此事' }));
    await tick();
    expect((await states()).every((s) => s.includes('ready'))).toBe(true);
    expect((await notices()).length).toBe(0);
  });

  it('does not bring back what a person has refused', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', { ...straight, flow: { first: ['review', 'pay'], continuing: ['review', 'pay'] } })]);
    await runWith(database, matchesOf('A'));
    await tick();
    const refused = (await all()).find((d) => d.periodKey === '2026-11');
    await doing((tx) => review(tx, { ...act(refused?.id ?? '', { who: 'r1' }), roster: [], decision: 'refuse', reason: '不符' }));
    const { id } = await order();
    await tick();
    await lift(id);
    for (let n = 0; n < 2; n++) await tick();
    expect((await states()).filter((s) => s.includes('reviewing'))).toEqual(['2026-10 reviewing 120', '2026-12 reviewing 120']);
    expect((await lines()).find((l) => l.startsWith('2026-11'))).toBe('2026-11 withdrawn 120.00 0.00');
  });

  it('two who order at once: one stands; an order beside a settling: nothing later is granted', { timeout: 120_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      await empty(database);
      await keepScanRow(database);
      await settlePeople(database, { A: complete });
      await publish(database, [itemOf('a', straight)]);
      await runWith(database, matchesOf('A'));
      const done = await Promise.allSettled([order({ who: 'u1' }), tick(), order({ who: 'u2' }), tick()]);
      expect(done.filter((one) => one.status === 'fulfilled').length, JSON.stringify(done)).toBe(3);
      expect((await listStops(database.db, { scope: everything, limit: 9 })).rows.map((one) => one.state)).toEqual(['standing']);
      for (let n = 0; n < 2; n++) await tick();
      expect((await states()).filter((s) => !s.includes('closed'))).toEqual(['2026-10 ready 120']);
      expect(await money()).toMatchObject({ reserved: 12_000n });
      expect(await broken(database)).toEqual([]);
    }
  });
});
