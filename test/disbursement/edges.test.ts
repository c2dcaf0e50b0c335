// Every edge of the table of states is walked by the functions that people, the machine and the bank use, on a real PostgreSQL: an edge nobody can walk is a
// permission nobody needs, and one that is walked without standing here is a hole. Who moved is what the code said to `moveAll`, counted when it was written.
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { comeBack, confirm, decline, hold, lift } from '../../src/disbursement/act.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { submit } from '../../src/disbursement/apply.ts';
import { answer } from '../../src/disbursement/ask.ts';
import { aliveAfterAll, confirmHeir, nameHeir } from '../../src/disbursement/heir.ts';
import { decideObjection, fileObjection } from '../../src/disbursement/objection.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { review } from '../../src/disbursement/review.ts';
import { type Mover, type State, states } from '../../src/disbursement/states.ts';
import type { Move } from '../../src/disbursement/store.ts';
import { linesOf } from '../../src/payment/batch-store.ts';
import { correctReturned } from '../../src/payment/reissue.ts';
import type { BankWord } from '../../src/payment/result.ts';
import { returnBatch } from '../../src/payment/sign.ts';
import type { FlowStep, Item } from '../../src/policy/item.ts';
import { contactReader } from '../../src/record/contact-store.ts';
import { settle } from '../../src/settlement/settle.ts';
import { old, yearOf } from '../certification/ground.ts';
import { testDatabase } from '../database.ts';
import { catalogue, person, ready, retell, toReady } from '../payment/ground.ts';
import { bankSays, sealOf, sendOut, signing, word } from '../payment/way.ts';
import { broken, complete, empty, idOf, itemOf, type Match, publish, runWith, settlePeople, stepsOn, today } from '../settlement/ground.ts';
import { keepScanRow, scan } from './document.ts';
import { act, lifeOf } from './ground.ts';

const written: { readonly from: State; readonly to: State; readonly by: Mover; readonly id: string }[] = [];
vi.mock(import('../../src/disbursement/store.ts'), async (original) => {
  const real = await original();
  return {
    ...real,
    moveAll: async (tx, moves: readonly Move[], actor, at) => {
      await real.moveAll(tx, moves, actor, at);
      for (const { record, place, by } of moves) written.push({ from: record.state, to: place.state, by, id: record.id });
    },
  };
});

const database = testDatabase();
const { tick, doing, sent } = lifeOf(database);
type Edge = `${State} → ${State} by ${Mover}`;
const edge = (from: State, to: State, by: Mover): Edge => `${from} → ${to} by ${by}`;

/** Every edge of the table, by mover. */
const everyEdge: readonly Edge[] = (Object.keys(states) as State[]).flatMap((from) =>
  Object.entries(states[from].next).flatMap(([to, ways]) =>
    [...new Set(ways.flatMap((way) => way.by))].map((by) => edge(from, to as State, by)),
  ),
);
const walked = new Set<Edge>();

beforeAll(() => empty(database));
afterEach(async () => {
  expect(await broken(database)).toEqual([]);
  // Only what stands in the table of events was walked: a transaction that failed took its moves with it.
  const events = await database.sql<{ id: string; from: State; to: State }[]>`
    select disbursement_id as id, from_state as "from", to_state as "to" from disbursement_event where from_state <> to_state`;
  const held = new Set(events.map((one) => `${one.id} ${one.from} ${one.to}`));
  const moved = written.splice(0).filter(({ from, to, id }) => held.has(`${id} ${from} ${to}`));
  for (const { from, to, by } of moved) walked.add(edge(from, to, by));
  // And nothing moves but by `moveAll`.
  expect(new Set(moved.map((one) => `${one.id} ${one.from} ${one.to}`))).toEqual(held);
  await empty(database);
});

const records = async (item: string, key: string) =>
  await database.sql<{ id: string; state: State }[]>`
    select id, state from disbursement where item_id = ${item} and subject_id = ${idOf(key)} and line_id is not null order by period_key`;
const record = async (item: string, key: string) => {
  const [one] = await records(item, key);
  if (one === undefined) throw new Error(`no record of ${item} for ${key}`);
  return one;
};
const stateOf = async (item: string, key: string) => (await record(item, key)).state;

/** Held and let go again by reviewer and finance: four edges of whatever state it is in. */
const heldAndBack = async (id: string, on: Day = today) => {
  for (const by of ['reviewer', 'finance'] as const) {
    await doing((tx) => hold(tx, { ...act(id, { on }), by, reason: '有人举报' }));
    await doing((tx) => lift(tx, { ...act(id, { on }), by, reason: '查无此事' }));
  }
};
/** A later run finds that nothing is due. */
const gone = async (item: string, subject: string, more: Partial<Match> = {}) => {
  await runWith(database, [{ item, subject, verdict: 'ineligible', kind: 'ended', ...more }]);
  await settle(database.db, stepsOn().settle);
};

const stepOf = {
  ...{ prefilled: 'guard', applying: 'apply', asking: 'ask', named: 'ask', reviewing: 'review', notified: 'notice' },
  ...{ confirming: 'confirm', publicity: 'publicity', objected: 'publicity', ready: 'pay' },
} as const satisfies Partial<Record<State, FlowStep>>;
type Start = keyof typeof stepOf;
const onward = ['applying', 'asking', 'reviewing', 'notified', 'confirming', 'publicity', 'ready'] as const;
const everyMover = ['machine', 'beneficiary', 'reviewer'] as const;
type Goer = (typeof everyMover)[number];
/** Who takes a record on from each state. */
const goers: Readonly<Record<Exclude<Start, 'ready'>, readonly Goer[]>> = {
  ...{ prefilled: ['machine'], applying: ['beneficiary', 'reviewer'], asking: everyMover, named: everyMover, reviewing: ['reviewer'] },
  ...{ notified: ['machine'], confirming: ['beneficiary', 'reviewer'], publicity: ['machine'], objected: ['reviewer'] },
};

const naming = { days: 6, late: 'waive', named: { workingDays: 2 }, clause: '第九条' } as const;
const flowItem = (id: string, steps: readonly FlowStep[], over: Partial<Item> = {}) => {
  const first: readonly FlowStep[] = [...new Set<FlowStep>(['guard', ...steps, 'pay'])];
  const windows = {
    apply: { attachments: [], days: 5, reviewWorkingDays: 5 },
    confirm: { days: 5 },
    publicity: { days: 4 },
    waived: { days: 3 },
  };
  return itemOf(id, {
    ...windows,
    ask: { days: 6 },
    flow: { first, continuing: first },
    ...over,
  });
};
const asks = (state: State) => state === 'asking' || state === 'named';
/** Nothing missing, or no account. */
const people = (keys: Iterable<string>) =>
  Object.fromEntries([...new Set(keys)].map((key) => [key, key.startsWith('complete') ? complete : { email: 'someone@example.org' }]));

const goOn = (from: Start, id: string, by: 'beneficiary' | 'reviewer', on: Day) => {
  const who = { ...act(id, { on }), by, reason: '当面说的' };
  return doing<unknown>((tx) => {
    if (from === 'applying') return submit(tx, { ...who, attachments: {} });
    if (asks(from)) return answer(tx, { ...who, account: '6222020000009999', bank: '农商行' });
    return from === 'reviewing' ? review(tx, { ...act(id, { on }), roster: [], decision: 'pass' }) : confirm(tx, who);
  });
};
const objector = { name: '钱七', number: '11010519491231002X', phone: '13800138000' };
const object = (id: string) => doing((tx) => fileObjection(tx, { ...act(id), kind: 'public', ...objector, text: '已迁出' }));
const rule = async (id: string, decision: 'upheld' | 'rejected', on: Day) => {
  const [one] = await database.sql<{ id: string }[]>`select id from objection where disbursement_id = ${id} and state = 'open'`;
  await doing((tx) => decideObjection(tx, { ...act(one?.id ?? '', { on, who: 'u2' }), decision, reason: '经核实' }));
};
const waive = (id: string, by: 'beneficiary' | 'reviewer', on: Day = today) =>
  doing((tx) => decline(tx, { ...act(id, { on }), by, reason: '电话里说的' }));

/** Named by one, confirmed by another. */
const inherit = async (id: string, on: Day = today) => {
  const who = {
    relation: 'child',
    name: '甲小',
    number: '11010519491231002X',
    email: 'heir@example.org',
    account: '6222020000099999',
  } as const;
  const bank = { bank: '云溪农商银行', bankCode: '313651027012', document: scan, reason: '户口本和亲属关系证明' };
  const heir = await doing((tx) => nameHeir(tx, { ...act(id, { on }), ...who, ...bank }));
  await doing((tx) => confirmHeir(tx, act(heir, { on, who: 'u2' })));
};

describe('every edge of the table of states', () => {
  it('along every order of steps', { timeout: 120_000 }, async () => {
    await keepScanRow(database);
    const cases = (Object.keys(goers) as (keyof typeof goers)[]).flatMap((from) =>
      onward
        .filter((to) => stepOf[to] !== stepOf[from] || (from === 'objected' && to === 'publicity'))
        .flatMap((to) => goers[from].map((by) => ({ from, to, by, item: `${from}-${to}` })))
        .map((one) => ({ ...one, who: `${asks(one.from) ? 'lacking' : asks(one.to) ? 'asked' : 'complete'} ${one.by}` })),
    );
    await settlePeople(database, people(cases.map((one) => one.who)));
    const items = new Map(
      cases.map(({ from, to, item }) => [item, flowItem(item, [stepOf[from], stepOf[to]], from === 'named' ? { ask: naming } : {})]),
    );
    await publish(database, [...items.values()]);
    await runWith(
      database,
      cases.map(({ item, who }) => ({ item, subject: who })),
    );
    await tick();
    await sent('asking', today);
    const by = (...from: readonly State[]) => cases.filter((one) => from.includes(one.from));
    for (const { item, who } of by('objected')) await object((await record(item, who)).id);
    for (const { from, item, who, by: goer } of by('applying', 'asking', 'reviewing', 'confirming'))
      if (goer !== 'machine') await goOn(from, (await record(item, who)).id, goer, today);
    for (const { item, who } of by('objected').filter((one) => one.to === 'publicity'))
      await rule((await record(item, who)).id, 'rejected', today);
    // The windows run out: whoever still lacks an account is named in public, what was published goes on.
    const later = addDays(today, 7);
    await tick(later);
    for (const { item, who } of by('objected').filter((one) => one.to !== 'publicity'))
      await rule((await record(item, who)).id, 'rejected', later);
    for (const { from, item, who, by: goer } of by('named')) {
      expect(await stateOf(item, who)).toBe('named');
      if (goer !== 'machine') await goOn(from, (await record(item, who)).id, goer, later);
    }
    await retell(database, idOf('lacking machine'), complete);
    await advance(database.db, stepsOn(later).advance);
  });

  it('aside: held and let go, given up and taken back, refused, let run out, closed when nothing is due any more', {
    timeout: 120_000,
  }, async () => {
    await keepScanRow(database);
    const starts = Object.keys(stepOf) as Start[];
    const ways = ['hold', 'gone', 'beneficiary', 'reviewer', 'late'] as const;
    const whoOf = (state: Start, way: (typeof ways)[number]) => `${asks(state) ? 'lacking' : 'complete'} ${way}`;
    const of = (state: Start, way: (typeof ways)[number]) => record(state, whoOf(state, way));
    await settlePeople(database, people(starts.flatMap((state) => ways.map((way) => whoOf(state, way)))));
    const special: Partial<Record<Start, Partial<Item>>> = {
      asking: { ask: { days: 6, late: 'waive', clause: '第九条' } },
      named: { ask: naming },
    };
    await publish(
      database,
      starts.map((state) => flowItem(state, state === 'confirming' ? ['notice', 'confirm'] : [stepOf[state]], special[state])),
    );
    await runWith(
      database,
      starts.flatMap((state) => ways.map((way) => ({ item: state, subject: whoOf(state, way) }))),
    );
    const aside = async (state: Start, on: Day) => {
      expect(await stateOf(state, whoOf(state, 'hold'))).toBe(state);
      await heldAndBack((await of(state, 'hold')).id, on);
      await gone(state, whoOf(state, 'gone'));
    };
    const steps = stepsOn();
    await settle(database.db, steps.settle);
    await prefill(database.db, steps.prefill);
    await aside('prefilled', today);
    await advance(database.db, steps.advance);
    await aside('notified', today);
    await tick();
    for (const template of ['asking', 'apply', 'confirm']) await sent(template, today);
    for (const way of ways) await object((await of('objected', way)).id);
    for (const state of ['applying', 'asking', 'reviewing', 'confirming', 'publicity', 'objected', 'ready'] as const)
      await aside(state, today);
    for (const by of ['beneficiary', 'reviewer'] as const)
      for (const state of ['applying', 'asking', 'confirming', 'publicity', 'ready'] as const) {
        const { id } = await of(state, by);
        await waive(id, by);
        await doing((tx) => comeBack(tx, { ...act(id), by }));
      }
    const refused = await of('reviewing', 'late');
    await doing((tx) => review(tx, { ...act(refused.id), roster: [], decision: 'refuse', reason: '不符' }));
    await rule((await of('objected', 'late')).id, 'upheld', today);
    await advance(database.db, steps.advance);
    const named = addDays(today, 7);
    await tick(named);
    for (const state of ['applying', 'asking', 'confirming'] as const) expect(await stateOf(state, whoOf(state, 'late'))).toBe('waived');
    await aside('named', named);
    for (const by of ['beneficiary', 'reviewer'] as const) await waive((await of('named', by)).id, by, named);
    await tick(addDays(today, 14));
    expect(await stateOf('named', whoOf('named', 'late'))).toBe('waived');
    await tick(addDays(today, 21));
    for (const state of starts) expect(await stateOf(state, whoOf(state, 'gone'))).toBe('closed');
  });

  it('with the bank, and after a death', { timeout: 120_000 }, async () => {
    await keepScanRow(database);
    const october = { period: '2026-10', start: '2026-10-01' };
    const keys = ['paid', 'late', 'back', 'unknown', 'doubt', 'dead', 'dead-gone'];
    const source = await ready(database, Object.fromEntries(keys.map((key, n) => [key, person(`姓名${n}`, n)])), october);
    const first = await sealOf(database, source);
    await returnBatch(database.db, { ...signing(first, 'checker'), reason: '拨付日期有误' });
    const batch = await sealOf(database, source);
    for (const key of ['dead', 'dead-gone']) await retell(database, idOf(key), { deathDate: '2026-10-20' });
    await sendOut(database, batch);
    const lines = new Map<string, string>();
    for await (const { line } of linesOf(database.db, batch.id)) lines.set(line.disbursementId, line.endToEndId);
    const says = async (kind: BankWord['kind'], ...who: readonly string[]) => {
      const words = [];
      for (const key of who)
        words.push(word(lines.get((await record('a', key)).id) ?? '', kind, kind === 'returned' ? { text: '账号不存在' } : {}));
      expect(await bankSays(database, words, `${kind} ${who}`)).toMatchObject({ suspense: 0, applied: { [kind]: who.length } });
    };
    await says('paid', 'paid', 'late');
    await says('unknown', 'unknown', 'doubt');
    await says('returned', 'back');
    await says('paid', 'unknown');
    await says('returned', 'late', 'doubt');
    for (const [key, by] of [
      ['back', 'finance'],
      ['doubt', 'beneficiary'],
    ] as const) {
      const { id } = await record('a', key);
      const asked = { account: '6222020000077777', reason: '换卡', by, actor: { id: by, role: 'finance-maker' }, scope: everything };
      await doing((tx) => correctReturned(tx, { disbursementId: id, ...asked, now: stepsOn().advance.now }));
    }
    for (const key of ['late', 'dead']) await heldAndBack((await record('a', key)).id);
    for (const key of ['late', 'dead-gone']) await gone('a', key, october);
    await advance(database.db, stepsOn().advance);
    for (const key of ['late', 'dead-gone']) expect([key, await stateOf('a', key)]).toEqual([key, 'closed']);
    await inherit((await record('a', 'dead')).id);
    // An earlier month that comes late goes to the same heir by itself.
    await runWith(database, [{ item: 'a', subject: 'dead', period: '2026-09', start: '2026-09-01' }]);
    await toReady(database);
    await sealOf(database, source);
    expect((await records('a', 'dead')).map((one) => one.state)).toEqual(['ready', 'sealed']);
  });

  it('with a death found while something is asked', { timeout: 120_000 }, async () => {
    await keepScanRow(database);
    const items = [
      flowItem('applying', ['apply', 'review']),
      flowItem('asking', ['ask'], { ask: { days: 6, late: 'waive', clause: '第九条' } }),
      flowItem('confirming', ['notice', 'confirm', 'publicity']),
      flowItem('named', ['ask'], { ask: naming }),
      flowItem('waived', ['notice', 'confirm']),
    ];
    const matches = [
      ...['applying', 'confirming'].flatMap((item) => ['complete heir', 'complete alive'].map((subject) => ({ item, subject }))),
      ...[
        { item: 'asking', subject: 'lacking alive' },
        { item: 'named', subject: 'lacking later' },
        { item: 'waived', subject: 'complete later' },
      ],
    ];
    await settlePeople(database, people(matches.map((one) => one.subject)));
    await publish(database, items);
    await runWith(
      database,
      matches.map((one) => ({ ...one, start: '2026-10-01' })),
    );
    const told = async (on: Day) => {
      await tick(on);
      for (const template of ['asking', 'apply', 'confirm']) await sent(template, on);
    };
    const die = async (...who: readonly string[]) => {
      for (const key of who) await retell(database, idOf(key), { deathDate: '2026-10-20' });
    };
    const advanceOn = (on: Day) => advance(database.db, { ...stepsOn(on).advance, read: contactReader(catalogue, today) });
    await told(today);
    await die('complete heir', 'complete alive', 'lacking alive');
    await advanceOn(addDays(today, 7));
    for (const { item, subject } of matches) expect(await stateOf(item, subject)).toBe(subject.endsWith('later') ? item : 'deceased');
    await die('complete later', 'lacking later');
    const after = addDays(today, 17);
    await advanceOn(after);
    for (const { item, subject } of matches) expect(await stateOf(item, subject)).toBe('deceased');
    for (const { item, subject } of matches.filter((one) => one.subject.endsWith('alive'))) {
      const { id } = await record(item, subject);
      await doing((tx) => aliveAfterAll(tx, { ...act(id, { on: after }), reason: '本人到场' }));
      expect(await stateOf(item, subject)).toBe(item);
    }
    for (const item of ['applying', 'confirming']) await inherit((await record(item, 'complete heir')).id, after);
    // An earlier month of the same item, asked of the dead, goes on to the same heir by itself.
    await runWith(
      database,
      ['applying', 'confirming'].map((item) => ({ item, subject: 'complete heir', period: '2026-09', start: '2026-09-01' })),
    );
    await told(after);
    await advanceOn(addDays(after, 7));
    expect((await records('applying', 'complete heir')).map((one) => one.state)).toEqual(['reviewing', 'reviewing']);
    expect((await records('confirming', 'complete heir')).map((one) => one.state)).toContain('publicity');
  });

  it('with a certification that is overdue', { timeout: 120_000 }, async () => {
    const year = yearOf(database);
    const who = ['trace', 'met', 'beneficiary', 'reviewer', 'gone', 'dead'];
    await year.begin(Object.fromEntries(who.map((key, n) => [key, old(`姓名${n}`, n)])));
    for (const month of ['01', '02', '03', '04']) {
      await year.month(`2026-${month}`, who);
      expect((await year.pay(day(`2026-${month}-20`))).lines).toBe(who.length);
    }
    const on = (text: string) => day(`2026-${text}`);
    await year.step(on('04-05'));
    await year.tellAll(on('04-05'));
    await year.handOver(on('04-05'));
    await year.month('2026-05', who);
    await year.step(on('05-05'));
    const codes = new Map((await year.turns()).map((turn) => [turn.subjectId, turn.code]));
    await year.visit(codes.get(idOf('dead')) ?? '', on('05-05'), { result: 'deceased', diedOn: on('05-04') });
    expect(await year.step(on('05-06'))).toMatchObject({ paused: who.length - 1 });
    const may = async (key: string) => (await records('g', key)).at(-1)?.id ?? '';
    await heldAndBack(await may('met'), on('05-06'));
    for (const by of ['beneficiary', 'reviewer'] as const) await waive(await may(by), by, on('05-06'));
    await gone('g', 'gone', { period: '2026-05' });
    await advance(database.db, stepsOn(on('05-06')).advance);
    await year.visit(codes.get(idOf('met')) ?? '', on('05-06'));
    await year.trace('trace', { checkupOn: '2026-05-06' });
    expect(await year.step(on('05-07'))).toMatchObject({ traced: 1, resumed: 1 });
  });

  it('has been walked by now, and no other', () => {
    expect({
      neverWalked: everyEdge.filter((one) => !walked.has(one)),
      notInTheTable: [...walked].filter((one) => !everyEdge.includes(one)),
    }).toEqual({ neverWalked: [], notInTheTable: [] });
  });
});
