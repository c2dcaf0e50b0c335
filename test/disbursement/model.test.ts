// Random lives of records on a real database: people and machine act in any order, whatever they may not do is refused by name, every move is a way of the
// table, a hold outlives every step of the machine, and all invariants hold after each act.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import { ProblemError } from '../../src/base/problem.ts';
import { comeBack, confirm, decline, hold, lift } from '../../src/disbursement/act.ts';
import { answer } from '../../src/disbursement/ask.ts';
import { decideObjection, fileObjection } from '../../src/disbursement/objection.ts';
import { review } from '../../src/disbursement/review.ts';
import { type State, states } from '../../src/disbursement/states.ts';
import { liftStop, orderStop } from '../../src/disbursement/stop.ts';
import { testDatabase } from '../database.ts';
import { broken, complete, empty, itemOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { keepScanRow, scan } from './document.ts';
import { act, lifeOf } from './ground.ts';

const database = testDatabase();
const { tick, all, doing, sent } = lifeOf(database);
beforeEach(() => empty(database));

const who = { name: '钱七', number: '11010519491231002X', phone: '13800138000' };
type Doing = (id: string, on: Day, n: number) => Promise<unknown>;
const acts: Readonly<Record<string, Doing>> = {
  pass: (id, on, n) => doing((tx) => review(tx, { ...act(id, { on, who: `r${n}` }), roster: [], decision: 'pass' })),
  return: (id, on, n) => doing((tx) => review(tx, { ...act(id, { on, who: `r${n}` }), roster: [], decision: 'return', reason: '补材料' })),
  refuse: (id, on, n) => doing((tx) => review(tx, { ...act(id, { on, who: `r${n}` }), roster: [], decision: 'refuse', reason: '不符' })),
  hold: (id, on) => doing((tx) => hold(tx, { ...act(id, { on }), reason: '有人举报' })),
  lift: (id, on) => doing((tx) => lift(tx, { ...act(id, { on }), reason: '查无此事' })),
  confirm: (id, on) => doing((tx) => confirm(tx, act(id, { on }))),
  decline: (id, on) => doing((tx) => decline(tx, act(id, { on }))),
  comeBack: (id, on) => doing((tx) => comeBack(tx, act(id, { on }))),
  answer: (id, on) =>
    doing((tx) =>
      answer(tx, {
        ...act(id, { on }),
        ...{ by: 'reviewer', account: '6222020000009999', bank: '农商行', settled: ['审核退回：补材料'], reason: '已看原件' },
      }),
    ),
  object: (id, on) => doing((tx) => fileObjection(tx, { ...act(id, { on }), kind: 'public', ...who, text: '已迁出' })),
  appeal: (id, on) => doing((tx) => fileObjection(tx, { ...act(id, { on }), kind: 'own', ...who, text: '并无此事' })),
  uphold: (id, on) => ruling(id, on, 'upheld'),
  reject: (id, on) => ruling(id, on, 'rejected'),
  stop: (id, on, n) => stopping(id, on, n),
  resume: (id, on, n) => resuming(id, on, n),
};
/** Ordered for whoever the record is of; a machine's proposal never comes here, so every order is a person's. */
const stopping = async (id: string, on: Day, n: number) => {
  const [record] = await database.sql<{ subjectId: string }[]>`select subject_id as "subjectId" from disbursement where id = ${id}`;
  if (record === undefined) return;
  const { id: _id, ...who } = act(id, { on, who: `s${n}` });
  const order = { ...record, itemId: 'a', kind: 'moved' as const, lastOn: day('2026-09-30'), reason: '已迁出', document: scan };
  await doing((tx) => orderStop(tx, { ...who, ...order }));
};
const resuming = async (id: string, on: Day, n: number) => {
  const [order] = await database.sql<{ id: string }[]>`
    select o.id from stop_order o join disbursement d on d.subject_id = o.subject_id where d.id = ${id} and o.state = 'standing'`;
  if (order !== undefined)
    await doing((tx) => liftStop(tx, { ...act(order.id, { on, who: `s${n}` }), reason: '并未迁出', document: scan }));
};
/** Under a standing order nothing of a later period is promised, once the machine has been round. */
const promisedStopped = async () =>
  await database.sql`
    select s.id from settlement_line s join stop_order o on o.subject_id = s.subject_id and o.item_id = s.item_id and o.state = 'standing'
    where s.state in ('granted', 'reduced', 'waiting')`;
const ruling = async (id: string, on: Day, decision: 'upheld' | 'rejected') => {
  const [one] = await database.sql<
    { id: string }[]
  >`select id from objection where disbursement_id = ${id} and state = 'open' order by filed_at limit 1`;
  if (one !== undefined) await doing((tx) => decideObjection(tx, { ...act(one.id, { on, who: 'u2' }), decision, reason: '经核实' }));
};

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom(...Object.keys(acts)), at: fc.nat(5), n: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('days'), at: fc.integer({ min: 0, max: 12 }), n: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rerun'), at: fc.nat(1), n: fc.constantFrom(100, 150, 0) }) },
);

/** Every move that was written is a way of the table. */
const offTable = async (): Promise<readonly string[]> =>
  (
    await database.sql<
      { from: State; to: State }[]
    >`select distinct from_state as "from", to_state as "to" from disbursement_event where from_state is not null`
  )
    .filter(({ from, to }) => from !== to && states[from].next[to] === undefined)
    .map(({ from, to }) => `${from} → ${to}`);

const held = async () => (await all()).filter((d) => d.state === 'held').map((d) => d.id);

describe('the life of a record, at random', () => {
  it('moves only by the table, keeps every promise, and no run undoes a hold', { timeout: 600_000 }, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
        await empty(database);
        await keepScanRow(database);
        await settlePeople(database, { A: complete, B: { name: '乙' } });
        const flow = { first: ['guard', 'ask', 'review', 'notice', 'confirm', 'publicity', 'pay'] as const, continuing: ['pay'] as const };
        const review = { levels: [{ name: '初审', workingDays: 3 }, { name: '复审' }] };
        await publish(database, [
          itemOf('a', {
            mode: 'confirm',
            confirm: { days: 5 },
            publicity: { days: 4 },
            ask: { days: 6, late: 'waive', named: { workingDays: 2 }, clause: '第九条' },
            review,
            flow,
          }),
        ]);
        await runWith(database, [
          { item: 'a', subject: 'A' },
          { item: 'a', subject: 'B' },
        ]);
        await tick();
        let on = today;
        for (const { kind, at, n } of steps) {
          const before = await held();
          if (kind === 'days') {
            if (n === 1) for (const template of ['confirm', 'asking', 'sent-back']) await sent(template, on);
            on = addDays(on, at);
            await tick(on);
          } else if (kind === 'rerun') {
            const verdict = n === 0 ? ({ verdict: 'ineligible', kind: 'ended' } as const) : ({ yuan: n, kind: 'changed' } as const);
            await runWith(database, [{ item: 'a', subject: at === 0 ? 'A' : 'B', ...verdict }]);
            await tick(on);
          } else {
            // In an order of their own, so that the same draw is the same life in every run.
            const rows = [...(await all())].sort((a, b) => (`${a.subjectId} ${a.periodKey}` < `${b.subjectId} ${b.periodKey}` ? -1 : 1));
            const record = rows[at % rows.length];
            const done = await acts[kind]?.(record?.id ?? '', on, n).catch((error: unknown) => error);
            if (done instanceof Error && !(done instanceof ProblemError)) throw done;
            seen.add(`${kind} ${done instanceof ProblemError ? 'refused' : 'done'}`);
          }
          if (kind === 'days' || kind === 'rerun') expect(await held()).toEqual(expect.arrayContaining(before));
          if (kind === 'days' || kind === 'rerun') expect(await promisedStopped()).toEqual([]);
          expect(await offTable()).toEqual([]);
          expect(await broken(database)).toEqual([]);
        }
      }),
      { numRuns: process.env.ZHIXIANG_TEST_LONG === '1' ? 300 : 8, seed: 20_261_122 },
    );
    expect([...seen].filter((one) => one.endsWith('done')).length).toBeGreaterThan(6);
  });
});
