// 追回: case 2 of the eighteen (paid, then the death is heard of), instalments, writing off by three people, and money owed anew after it came back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { lateOn } from '../../src/disbursement/late-store.ts';
import {
  askWriteOff,
  decideWriteOff,
  dropRecovery,
  openRecovery,
  planRecovery,
  proposeRecoveries,
  receiveRecovery,
} from '../../src/disbursement/recovery.ts';
import { listRecoveries } from '../../src/disbursement/recovery-store.ts';
import { move } from '../../src/ledger/ledger.ts';
import { budgetBalances, post } from '../../src/ledger/store.ts';
import type { Item } from '../../src/policy/item.ts';
import { testDatabase } from '../database.ts';
import { broken, calendar, complete, empty, idOf, itemOf, linesOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { act, lifeOf } from './ground.ts';

const database = testDatabase();
const { tick, all, doing, told, notices } = lifeOf(database);
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const overpaid: Partial<Item> = {
  flow: { first: ['guard', 'pay'], continuing: ['guard', 'pay'] },
  overpaid: { tellWorkingDays: 5, dueMonths: 3, clause: '第十二条' },
};

/** What sealing, release and the bank's answer book for a line that is ready. */
const pay = async (period: string) => {
  const record = (await all()).find((d) => d.periodKey === period && d.state === 'ready');
  if (record === undefined) throw new Error(period);
  const about = { itemId: 'a', year: 2026, subjectId: record.subjectId, periodKey: period, lineId: record.lineId as string, objectKey: '' };
  for (const kind of ['commit', 'pay'] as const)
    await doing((tx) =>
      post(
        tx,
        [{ key: `${kind}:${record.id}`, kind, ...about, entries: move(kind, 'a:2026', record.amountFen) }],
        new Date('2026-11-20T02:00:00Z'),
      ),
    );
  await database.sql`update disbursement set state = 'paid' where id = ${record.id}`;
};
const propose = (on: Day = today) => proposeRecoveries(database.db, { now: new Date(`${on}T02:00:00Z`), today: on, calendar });
const cases = async () => (await listRecoveries(database.db, { scope: everything, limit: 20 })).rows;
const only = async () => {
  const [one, ...more] = await cases();
  if (one === undefined || more.length > 0) throw new Error('not one case');
  return one;
};
/** Paid for October, and only then it is heard that nothing was due. */
const overpay = async (over: Partial<Item> = overpaid) => {
  await settlePeople(database, { A: complete });
  await publish(database, [itemOf('a', over)]);
  await runWith(database, [{ item: 'a', subject: 'A', yuan: 120 }]);
  await tick();
  await pay('2026-10');
  await runWith(database, [{ item: 'a', subject: 'A', verdict: 'ineligible', kind: 'ended' }]);
  await tick();
};
const balances = () => doing((tx) => budgetBalances(tx, 'a:2026'));

describe('a case', () => {
  it('is proposed by the machine, opened by a person, told, due in the item’s months, paid back by receipts, closed', async () => {
    await overpay();
    expect([await propose(), await propose()]).toEqual([1, 0]);
    expect(await only()).toMatchObject({ state: 'proposed', amountFen: 12_000n, tellBy: '2026-11-17', subjectId: idOf('A') });
    const { id } = await only();
    await expect(doing((tx) => receiveRecovery(tx, { ...act(id), amountFen: 1n, reference: '收据1' }))).rejects.toThrow('state.recovery');
    await expect(doing((tx) => openRecovery(tx, { ...act(id), reason: ' ' }))).rejects.toThrow('input.reason');
    await doing((tx) => openRecovery(tx, { ...act(id), reason: '10 月已去世' }));
    expect(await only()).toMatchObject({ state: 'open', dueOn: '2027-02-10', clause: '第十二条', openedBy: 'u1' });
    await tick();
    expect((await told()).filter((t) => t.startsWith('recovery'))).toEqual(['recovery']);
    const notice = (await notices()).find((one) => one.template === 'recovery');
    expect(notice?.body).toContain('多发了 120.00 元。原因：10 月已去世。追回依据：第十二条。请在2027年2月10日前退回');
    const receive = (fen: bigint, reference: string) => doing((tx) => receiveRecovery(tx, { ...act(id), amountFen: fen, reference }));
    expect([await receive(5_000n, '收据1'), await receive(5_000n, '收据1')]).toEqual([7_000n, 7_000n]);
    await expect(receive(4_000n, '收据1')).rejects.toThrow('conflict.posted');
    await expect(receive(7_001n, '收据2')).rejects.toThrow('input.value');
    expect(await balances()).toMatchObject({ paid: 7_000n });
    expect(await receive(7_000n, '收据2')).toBe(0n);
    expect(await only()).toMatchObject({ state: 'closed', settledFen: 12_000n });
    expect(await balances()).toMatchObject({ paid: 0n, available: 0n });
    expect(await propose()).toBe(0);
  });

  it('is not opened where the document says nothing of taking back, and may be dropped with a reason', async () => {
    await overpay({ flow: overpaid.flow as Item['flow'] });
    await propose();
    const { id } = await only();
    await expect(doing((tx) => openRecovery(tx, { ...act(id), reason: '多发' }))).rejects.toThrow('state.no-clause');
    await doing((tx) => dropRecovery(tx, { ...act(id), reason: '非本人过错' }));
    expect((await only()).state).toBe('dropped');
    expect(await propose()).toBe(0);
  });

  it('goes when the finding goes: proposals by themselves, open ones by a person', async () => {
    await overpay();
    await propose();
    await runWith(database, [{ item: 'a', subject: 'A', yuan: 120, kind: 'resumed' }]);
    await tick();
    await propose();
    expect((await only()).state).toBe('dropped');
  });

  it('what came back is owed anew when it was due after all: back-pay', async () => {
    await overpay();
    await propose();
    const { id } = await only();
    await doing((tx) => openRecovery(tx, { ...act(id), reason: '10 月已去世' }));
    await doing((tx) => receiveRecovery(tx, { ...act(id), amountFen: 5_000n, reference: '收据1' }));
    await doing((tx) => dropRecovery(tx, { ...act(id), reason: '查明并未去世' }));
    await runWith(database, [{ item: 'a', subject: 'A', yuan: 120, kind: 'resumed' }]);
    await tick();
    expect((await linesOf(database, ['A'])).map((l) => `${l.state} ${l.granted}`).toSorted()).toEqual(['granted 120.00', 'reduced 50.00']);
    expect((await all()).filter((d) => d.state === 'ready').map((d) => d.amountFen)).toEqual([5_000n]);
    expect(await propose()).toBe(0);
  });
});

describe('instalments and writing off', () => {
  const open = async () => {
    await overpay();
    await propose();
    const { id } = await only();
    await doing((tx) => openRecovery(tx, { ...act(id), reason: '10 月已去世' }));
    return id;
  };

  it('a plan adds up to what is left, day after day', async () => {
    const id = await open();
    const plan = (parts: readonly [string, bigint][]) =>
      doing((tx) =>
        planRecovery(tx, { ...act(id), reason: '家庭困难', instalments: parts.map(([on, fen]) => ({ dueOn: day(on), amountFen: fen })) }),
      );
    await expect(plan([['2026-12-10', 11_999n]])).rejects.toThrow('input.value');
    await expect(
      plan([
        ['2026-12-10', 6_000n],
        ['2026-12-10', 6_000n],
      ]),
    ).rejects.toThrow('input.value');
    await plan([
      ['2026-12-10', 6_000n],
      ['2027-01-10', 6_000n],
    ]);
    await plan([
      ['2026-12-10', 4_000n],
      ['2027-03-10', 8_000n],
    ]);
    expect(await only()).toMatchObject({ dueOn: '2027-03-10' });
    expect(await database.sql`select count(*)::int as n from recovery_plan`).toEqual([{ n: 2 }]);
  });

  it('is given up by three people, never by fewer, and the constraint says so too', async () => {
    const id = await open();
    const decide = (who: string, decision: 'approve' | 'refuse' = 'approve') =>
      doing((tx) => decideWriteOff(tx, { ...act(id, { who }), decision }));
    await expect(decide('u2')).rejects.toThrow('state.write-off');
    await doing((tx) => receiveRecovery(tx, { ...act(id), amountFen: 2_000n, reference: '收据1' }));
    await doing((tx) => askWriteOff(tx, { ...act(id), reason: '无遗产可供退还' }));
    await expect(doing((tx) => askWriteOff(tx, { ...act(id), reason: '再提一次' }))).rejects.toThrow('conflict.write-off');
    await expect(decide('u1')).rejects.toThrow('state.same-person');
    expect(await decide('u2')).toBe('asked');
    await expect(decide('u2')).rejects.toThrow('state.same-person');
    await expect(database.sql`update write_off set second_by = 'u2'`).rejects.toThrow();
    expect(await decide('u3')).toBe('approved');
    expect(await only()).toMatchObject({ state: 'closed', settledFen: 12_000n });
    // Written off is not returned: what was paid stays paid, and nobody is asked again.
    expect(await balances()).toMatchObject({ paid: 10_000n });
    expect(await propose(addDays(today, 1))).toBe(0);
  });

  it('two receipts at once, and a receipt beside a write-off: never more than is owed', async () => {
    for (let round = 0; round < 10; round++) {
      await empty(database);
      const id = await open();
      const receive = (reference: string) => doing((tx) => receiveRecovery(tx, { ...act(id), amountFen: 7_000n, reference }));
      const done = await Promise.allSettled([receive('收据1'), receive('收据2'), receive('收据1')]);
      expect(done.filter((d) => d.status === 'rejected').length).toBeGreaterThanOrEqual(1);
      expect((await only()).settledFen).toBe(7_000n);
      expect(await broken(database)).toEqual([]);
    }
  });
});

describe('what is late', () => {
  it('names the work, the day and the desk: untold findings, instalments that were missed', async () => {
    const late = async (on: Day) =>
      (await lateOn(database.db, { scope: everything, today: on, limit: 9 })).map((l) => `${l.kind} ${l.dueOn}`);
    await overpay();
    await propose();
    const { id } = await only();
    expect([await late(day('2026-11-17')), await late(day('2026-11-18'))]).toEqual([[], ['recovery-tell 2026-11-17']]);
    await doing((tx) => openRecovery(tx, { ...act(id), reason: '10 月已去世' }));
    expect([await late(day('2027-02-10')), await late(day('2027-02-11'))]).toEqual([[], ['recovery-due 2027-02-10']]);
    const instalments = [
      { dueOn: day('2026-12-10'), amountFen: 4_000n },
      { dueOn: day('2027-03-10'), amountFen: 8_000n },
    ];
    await doing((tx) => planRecovery(tx, { ...act(id), reason: '家庭困难', instalments }));
    expect(await late(day('2026-12-11'))).toEqual(['recovery-due 2026-12-10']);
    await doing((tx) => receiveRecovery(tx, { ...act(id), amountFen: 4_000n, reference: '收据1' }));
    expect([await late(day('2026-12-11')), await late(day('2027-03-11'))]).toEqual([[], ['recovery-due 2027-03-10']]);
    const elsewhere = { ...everything, divisions: ['440000'] };
    expect(await lateOn(database.db, { scope: elsewhere, today: day('2027-03-11'), limit: 9 })).toEqual([]);
  });

  it('reviews, objections and questions past their day', async () => {
    await settlePeople(database, { A: complete, B: { name: '乙' } });
    await publish(database, [
      itemOf('a', {
        review: { levels: [{ name: '审核', workingDays: 5 }] },
        ask: { days: 3 },
        flow: { first: ['ask', 'review', 'pay'], continuing: [] },
      }),
    ]);
    await runWith(database, [
      { item: 'a', subject: 'A' },
      { item: 'a', subject: 'B' },
    ]);
    await tick();
    const late = await lateOn(database.db, { scope: everything, today: day('2026-11-18'), limit: 9 });
    expect(late.map((l) => `${l.kind} ${l.dueOn}`)).toEqual(['ask 2026-11-13', 'review 2026-11-17']);
  });
});
