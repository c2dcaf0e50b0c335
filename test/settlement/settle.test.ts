// Settlement on a real PostgreSQL: every rule by example, then many settlers at once, kills, and the invariants after each.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transaction } from '../../src/db/handle.ts';
import { importTransaction } from '../../src/ledger/ledger.ts';
import { budgetBalances, post } from '../../src/ledger/store.ts';
import { settle } from '../../src/settlement/settle.ts';
import { testDatabase } from '../database.ts';
import { at, broken, empty, idOf, itemOf, linesOf, type Match, publish, runWith, settlePeople } from './ground.ts';

const database = testDatabase();
const people = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'];
const go = () => settle(database.db, { now: at });
const lines = (states?: readonly string[]) => linesOf(database, people, states);
const brief = async () =>
  (await lines()).map(
    (l) => `${l.who} ${l.item}${l.key ? `/${l.key}` : ''} ${l.period} ${l.state} ${l.granted}${l.why ? ` (${l.why})` : ''}`,
  );

beforeEach(async () => {
  await empty(database);
  await settlePeople(database, Object.fromEntries(people.map((p) => [p, {}])));
});
afterEach(async () => expect(await broken(database)).toEqual([]));

/** The same lines as if their money were in a sealed batch, as payment will book it. */
const commit = async (who: string): Promise<void> => {
  const rows = await database.sql<
    { id: string; item_id: string; year: number; granted_fen: bigint; subject_id: string; period_key: string; key: string }[]
  >`
    select * from settlement_line where subject_id = ${idOf(who)} and state in ('granted', 'reduced') and granted_fen > 0`;
  const { move, budgetIdOf } = await import('../../src/ledger/ledger.ts');
  await transaction(database.db, (tx) =>
    post(
      tx,
      rows.map((r) => ({
        key: `commit:${r.id}`,
        kind: 'commit' as const,
        itemId: r.item_id,
        year: r.year,
        subjectId: r.subject_id,
        periodKey: r.period_key,
        lineId: r.id,
        objectKey: r.key,
        entries: move('commit', budgetIdOf(r.item_id, r.year), r.granted_fen),
      })),
      at,
    ),
  );
};

describe('one item', () => {
  it('grants what the match says, once, and leaves nothing to do', async () => {
    await publish(database, [itemOf('a')]);
    await runWith(database, [
      { item: 'a', subject: 'P1', yuan: 120 },
      { item: 'a', subject: 'P2', verdict: 'undetermined' },
    ]);
    const first = await go();
    expect(first).toMatchObject({ lines: { granted: 1 }, grantedFen: 12_000n });
    expect(await brief()).toEqual(['P1 a 2026-10 granted 120.00']);
    expect(await go()).toMatchObject({ lines: {}, grantedFen: 0n });
    expect(await database.sql`select count(*)::int as n from settled_run`).toEqual([{ n: 1 }]);
    const [audited] = await database.sql`select action, actor from audit_entry where object_kind = 'settlement_line'`;
    expect(audited).toEqual({ action: 'settlement.granted', actor: 'step:settle' });
  });

  it('does not touch a run that has not ended, a push item, a blocked item, or an amount nobody knows', async () => {
    await publish(database, [
      itemOf('a'),
      itemOf('p', { mode: 'push' }),
      itemOf('u', { limits: [{ unsupported: { reason: '互斥范围待明确' } }] }),
    ]);
    await publish(database, [itemOf('b')], { blocked: '与他项的互斥暂时不能核对' });
    await runWith(database, [{ item: 'a', subject: 'P1' }], { ended: false });
    await runWith(database, [
      { item: 'p', subject: 'P1' },
      { item: 'b', subject: 'P1' },
      { item: 'u', subject: 'P1' },
      { item: 'a', subject: 'P2', lines: [{ yuan: 0, known: false }] },
    ]);
    await go();
    expect(await brief()).toEqual(['P1 b 2026-10 blocked 0.00 (blocked)', 'P1 u 2026-10 blocked 0.00 (blocked)']);
  });

  it('pays once ever, counting what was imported', async () => {
    await publish(database, [itemOf('a', { limits: [{ once: 'ever' }] }), itemOf('b', { limits: [{ once: 'period' }] })]);
    await transaction(database.db, (tx) =>
      post(
        tx,
        [
          importTransaction({ key: 'f:1', itemId: 'a', subjectId: idOf('P2'), periodKey: '2024-01', year: 2024, amountFen: 100n }),
          importTransaction({ key: 'f:2', itemId: 'b', subjectId: idOf('P1'), periodKey: '2026-10', year: 2026, amountFen: 100n }),
        ],
        at,
      ),
    );
    await runWith(database, [
      { item: 'a', subject: 'P1', period: '2026-09' },
      { item: 'a', subject: 'P2', period: '2026-09' },
      { item: 'b', subject: 'P1' },
      { item: 'b', subject: 'P1', period: '2026-09' },
    ]);
    await go();
    await runWith(database, [{ item: 'a', subject: 'P1', period: '2026-10' }]);
    await go();
    expect(await brief()).toEqual([
      'P1 a 2026-09 granted 100.00',
      'P1 a 2026-10 refused 0.00 (once)',
      'P1 b 2026-09 granted 100.00',
      'P1 b 2026-10 refused 0.00 (once)',
      'P2 a 2026-09 refused 0.00 (once)',
    ]);
  });

  it('pays at most three times a year, and caps per payment, per year and in total', async () => {
    await publish(database, [
      itemOf('t', { limits: [{ times: { count: 3, per: 'year' } }] }),
      itemOf('c', {
        limits: [
          { cap: { yuan: 80, per: 'payment' } },
          { cap: { yuan: 200, per: 'subject-year' } },
          { cap: { yuan: '250.00', per: 'subject' } },
        ],
      }),
    ]);
    for (const period of ['2025-12', '2026-01', '2026-02', '2026-03', '2026-04']) {
      await runWith(database, [
        { item: 't', subject: 'P1', period, yuan: 10 },
        { item: 'c', subject: 'P1', period, yuan: 100 },
      ]);
      await go();
    }
    expect(await brief()).toEqual([
      'P1 c 2025-12 reduced 80.00 (cap)',
      'P1 c 2026-01 reduced 80.00 (cap)',
      'P1 c 2026-02 reduced 80.00 (cap)',
      'P1 c 2026-03 reduced 10.00 (cap,cap,cap)',
      'P1 c 2026-04 refused 0.00 (cap,cap,cap)',
      'P1 t 2025-12 granted 10.00',
      'P1 t 2026-01 granted 10.00',
      'P1 t 2026-02 granted 10.00',
      'P1 t 2026-03 granted 10.00',
      'P1 t 2026-04 refused 0.00 (times)',
    ]);
  });

  it('takes a cap from a fact, and blocks while the fact is not known', async () => {
    await publish(database, [itemOf('a', { limits: [{ cap: { yuan: { fact: 'taxPaid' }, per: 'payment' } }] })]);
    await runWith(database, [
      { item: 'a', subject: 'P1', capsFen: { 'limits/0/cap': '5000' } },
      { item: 'a', subject: 'P2', capsFen: { 'limits/0/cap': null } },
    ]);
    await go();
    expect(await brief()).toEqual(['P1 a 2026-10 reduced 50.00 (cap)', 'P2 a 2026-10 blocked 0.00 (cap)']);
  });
});

describe('claims', () => {
  const graduate = (object: string, day: string | null) => ({
    kind: 'graduate',
    object,
    group: 'hire',
    per: 'ever' as const,
    orderDay: day,
  });

  it('gives a graduate to the earlier event, across two items, and names the rule, not the other firm', async () => {
    await publish(database, [
      itemOf('kuogang', { limits: [{ claim: { kind: 'graduate', object: 'x', group: 'hire', per: 'ever' } }] }),
      itemOf('xina'),
    ]);
    await runWith(database, [
      { item: 'xina', subject: 'P2', lines: [{ key: 'g1', yuan: 1500, claims: [graduate('G1', '2026-08-01')] }] },
      {
        item: 'kuogang',
        subject: 'P1',
        lines: [
          { key: 'g1', yuan: 1000, claims: [graduate('G1', '2026-07-01')] },
          { key: 'g2', yuan: 1000, claims: [graduate('G2', '2026-09-01')] },
        ],
      },
    ]);
    await publish(database, [itemOf('xina', { limits: [{ claim: { kind: 'graduate', object: 'x', group: 'hire', per: 'ever' } }] })], {
      version: 2,
    });
    await go();
    expect(await brief()).toEqual([
      'P1 kuogang/g1 2026-10 granted 1000.00',
      'P1 kuogang/g2 2026-10 granted 1000.00',
      'P2 xina/g1 2026-10 refused 0.00 (claim)',
    ]);
    const [row] = await database.sql<{ reasons: { text: string }[] }[]>`select reasons from settlement_line where state = 'refused'`;
    expect(row?.reasons[0]?.text).toBe('同一毕业生在同类政策中只计一次，已计入在先的一笔，本笔不再计。');
  });

  const hire = (id: string) => itemOf(id, { limits: [{ claim: { kind: 'graduate', object: 'x', group: 'hire', per: 'ever' } }] });
  const asks = (subject: string, day: string, more: Partial<Match> = {}): Match => ({
    item: 'a',
    subject,
    lines: [{ key: 'g', yuan: 1000, claims: [graduate('G', day)] }],
    ...more,
  });

  it('an earlier event that arrives later takes the object, as if both had arrived together', async () => {
    await publish(database, [hire('a')]);
    await runWith(database, [asks('P2', '2026-08-01')]);
    await go();
    expect(await brief()).toEqual(['P2 a/g 2026-10 granted 1000.00']);
    await runWith(database, [asks('P1', '2026-07-01')]);
    await go();
    const both = ['P1 a/g 2026-10 granted 1000.00', 'P2 a/g 2026-10 refused 0.00 (claim)'];
    expect(await brief()).toEqual(both);
    expect(await transaction(database.db, (tx) => budgetBalances(tx, 'a:2026'))).toEqual({ available: -100_000n, reserved: 100_000n });
    expect(await go()).toMatchObject({ lines: {} });
    // A third, later than both, changes nothing; and when the first leaves, the object comes back to the next by event.
    await runWith(database, [asks('P3', '2026-09-01')]);
    await go();
    expect(await brief()).toEqual([...both, 'P3 a/g 2026-10 refused 0.00 (claim)']);
    await runWith(database, [{ item: 'a', subject: 'P1', verdict: 'ineligible', kind: 'ended' }]);
    await go();
    expect(await brief()).toEqual([
      'P1 a/g 2026-10 ended 0.00 (stop)',
      'P2 a/g 2026-10 granted 1000.00',
      'P3 a/g 2026-10 refused 0.00 (claim)',
    ]);
  });

  it('once the money is in a sealed batch, the object stays where it is', async () => {
    await publish(database, [hire('a')]);
    await runWith(database, [asks('P2', '2026-08-01')]);
    await go();
    await commit('P2');
    await runWith(database, [asks('P1', '2026-07-01')]);
    await go();
    expect(await brief()).toEqual(['P1 a/g 2026-10 refused 0.00 (claim)', 'P2 a/g 2026-10 granted 1000.00']);
  });

  it('late data cost nobody an object: it stays with the first while only data are lacking', async () => {
    await publish(database, [hire('a')]);
    await runWith(database, [asks('P1', '2026-07-01')]);
    await go();
    await runWith(database, [
      { item: 'a', subject: 'P1', verdict: 'undetermined', kind: 'suspended', lines: [{ key: 'g', yuan: 0, verdict: 'undetermined' }] },
      asks('P2', '2026-08-01'),
    ]);
    await go();
    expect(await brief()).toEqual([
      'P1 a/g 2026-10 parked 1000.00',
      'P1 a/g 2026-10 suspended 0.00 (stop)',
      'P2 a/g 2026-10 refused 0.00 (claim)',
    ]);
    await runWith(database, [asks('P1', '2026-07-01', { kind: 'resumed' })]);
    await go();
    expect(await brief()).toEqual(['P1 a/g 2026-10 granted 1000.00', 'P2 a/g 2026-10 refused 0.00 (claim)']);
    // Whether it is over the data say, not their absence: then the next has it.
    await runWith(database, [{ item: 'a', subject: 'P1', verdict: 'ineligible', kind: 'ended' }]);
    await go();
    expect(await brief()).toEqual(['P1 a/g 2026-10 ended 0.00 (stop)', 'P2 a/g 2026-10 granted 1000.00']);
  });

  it('lets the refused firm have it when the first one loses it', async () => {
    await publish(database, [itemOf('a', { limits: [{ claim: { kind: 'graduate', object: 'x', group: 'hire', per: 'ever' } }] })]);
    await runWith(database, [
      { item: 'a', subject: 'P1', lines: [{ key: 'g', yuan: 1000, claims: [graduate('G', '2026-07-01')] }] },
      { item: 'a', subject: 'P2', lines: [{ key: 'g', yuan: 1000, claims: [graduate('G', '2026-08-01')] }] },
    ]);
    await go();
    await runWith(database, [{ item: 'a', subject: 'P1', verdict: 'ineligible', kind: 'ended' }]);
    await go();
    expect(await brief()).toEqual(['P1 a/g 2026-10 ended 0.00 (stop)', 'P2 a/g 2026-10 granted 1000.00']);
  });
});

describe('exclusion 就高不重复', () => {
  const group: Match['item'] = 'g';
  const exclusive = (priority?: number) => [
    { exclusive: { group, per: 'year' as const, ...(priority === undefined ? {} : { priority }) } },
  ];

  it('the higher wins after caps, whichever comes first; the loser keeps its reason', async () => {
    await publish(database, [
      itemOf('low', { limits: exclusive() }),
      itemOf('high', { limits: [...exclusive(), { cap: { yuan: 500, per: 'payment' } }] }),
      itemOf('mid', { limits: exclusive() }),
    ]);
    await runWith(database, [
      { item: 'low', subject: 'P1', yuan: 300 },
      { item: 'high', subject: 'P1', yuan: 9000 },
      { item: 'mid', subject: 'P1', yuan: 600 },
      { item: 'low', subject: 'P2', yuan: 300 },
    ]);
    await go();
    expect(await brief()).toEqual([
      'P1 high 2026-10 refused 0.00 (exclusive)',
      'P1 low 2026-10 refused 0.00 (exclusive)',
      'P1 mid 2026-10 granted 600.00',
      'P2 low 2026-10 granted 300.00',
    ]);
  });

  it('a higher one that comes later is paid the difference; when the first ends, the rest follows', async () => {
    await publish(database, [itemOf('low', { limits: exclusive() }), itemOf('high', { limits: exclusive() })]);
    await runWith(database, [{ item: 'low', subject: 'P1', yuan: 300 }]);
    await go();
    await runWith(database, [{ item: 'high', subject: 'P1', yuan: 1000, period: '2026-11' }]);
    await go();
    expect(await brief()).toEqual(['P1 high 2026-11 reduced 700.00 (exclusive)', 'P1 low 2026-10 granted 300.00']);
    await runWith(database, [{ item: 'low', subject: 'P1', verdict: 'ineligible', kind: 'ended' }]);
    await go();
    expect(await brief()).toEqual(['P1 high 2026-11 granted 1000.00', 'P1 low 2026-10 ended 0.00 (stop)']);
  });

  it('equal amounts: the smaller priority, then the id', async () => {
    await publish(database, [itemOf('a', { limits: exclusive(2) }), itemOf('b', { limits: exclusive(1) })]);
    await runWith(database, [
      { item: 'a', subject: 'P1' },
      { item: 'b', subject: 'P1' },
    ]);
    await go();
    expect(await brief()).toEqual(['P1 a 2026-10 refused 0.00 (exclusive)', 'P1 b 2026-10 granted 100.00']);
  });

  it('whoever gave way to a rival that got nothing is looked at again', async () => {
    const claim = { kind: 'machine', object: 'M', group: 'm', per: 'ever' as const, orderDay: '2026-01-01' };
    const limits = [...exclusive(), { claim: { kind: 'machine', object: 'x', group: 'm', per: 'ever' as const } }];
    await publish(database, [itemOf('low', { limits: exclusive() }), itemOf('high', { limits })]);
    await runWith(database, [
      { item: 'low', subject: 'P1', yuan: 300, orderDay: '2026-01-01' },
      { item: 'high', subject: 'P1', lines: [{ yuan: 1000, claims: [{ ...claim, orderDay: '2026-02-01' }] }] },
      { item: 'high', subject: 'P2', lines: [{ yuan: 1000, claims: [claim] }] },
    ]);
    await go();
    expect(await brief()).toEqual([
      'P1 high 2026-10 refused 0.00 (claim)',
      'P1 low 2026-10 granted 300.00',
      'P2 high 2026-10 granted 1000.00',
    ]);
  });
});

describe('budget', () => {
  const limited = (yuan: number) => ({ budget: { kind: 'limited' as const, yuan, order: 'day' } });

  it('reserves by the key of a number before any that has none', async () => {
    await publish(database, [itemOf('a', limited(150))]);
    await runWith(database, [
      { item: 'a', subject: 'P1', yuan: 100 },
      { item: 'a', subject: 'P2', yuan: 100, orderKey: '12' },
      { item: 'a', subject: 'P3', yuan: 100, orderKey: '11' },
    ]);
    await go();
    expect(await brief()).toEqual([
      'P1 a 2026-10 waiting 0.00 (budget)',
      'P2 a 2026-10 waiting 0.00 (budget)',
      'P3 a 2026-10 granted 100.00',
    ]);
  });

  it('reserves in the item’s order, whole or waiting, and nobody overtakes', async () => {
    await publish(database, [itemOf('a', limited(250))]);
    await runWith(database, [
      { item: 'a', subject: 'P4', yuan: 10, orderDay: '2026-04-01' },
      { item: 'a', subject: 'P3', yuan: 100, orderDay: '2026-03-01' },
      { item: 'a', subject: 'P2', yuan: 100, orderDay: '2026-02-01' },
      { item: 'a', subject: 'P1', yuan: 100, orderDay: '2026-01-01' },
    ]);
    await go();
    expect(await brief()).toEqual([
      'P1 a 2026-10 granted 100.00',
      'P2 a 2026-10 granted 100.00',
      'P3 a 2026-10 waiting 0.00 (budget)',
      'P4 a 2026-10 waiting 0.00 (budget)',
    ]);
    expect(await transaction(database.db, (tx) => budgetBalances(tx, 'a:2026'))).toEqual({
      appropriation: -25_000n,
      available: 5_000n,
      reserved: 20_000n,
    });
    // P1 leaves: the queue moves up in order.
    await runWith(database, [{ item: 'a', subject: 'P1', verdict: 'ineligible', kind: 'ended' }]);
    await go();
    expect(await brief()).toEqual([
      'P1 a 2026-10 ended 0.00 (stop)',
      'P2 a 2026-10 granted 100.00',
      'P3 a 2026-10 granted 100.00',
      'P4 a 2026-10 granted 10.00',
    ]);
  });

  it('orders by the day that the match carries for the budget', async () => {
    await publish(database, [itemOf('a', { budget: { kind: 'limited', yuan: 100, order: 'designatedDate' } })]);
    await runWith(database, [
      { item: 'a', subject: 'P1', orderDay: '2026-05-01' },
      { item: 'a', subject: 'P2', orderDay: '2026-03-01' },
      { item: 'a', subject: 'P3' },
    ]);
    await go();
    expect(await brief()).toEqual([
      'P1 a 2026-10 waiting 0.00 (budget)',
      'P2 a 2026-10 granted 100.00',
      'P3 a 2026-10 waiting 0.00 (budget)',
    ]);
    const order = await database.sql<{ order_key: string }[]>`select order_key from settlement_line order by order_key collate "C"`;
    expect(order.map((row) => row.order_key.slice(0, 10))).toEqual(['2026-03-01', '2026-05-01', '9999-12-31']);
  });

  it('an entitlement is never cut: the account goes below zero and says so', async () => {
    await publish(database, [itemOf('a')]);
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 1_000_000 }]);
    await go();
    expect(await transaction(database.db, (tx) => budgetBalances(tx, 'a:2026'))).toEqual({
      available: -100_000_000n,
      reserved: 100_000_000n,
    });
  });

  it('late data cost nobody the money reserved, nor the place in the queue', async () => {
    await publish(database, [itemOf('a', limited(250))]);
    const day = { P1: '2026-01-01', P2: '2026-02-01', P3: '2026-03-01', P4: '2026-04-01' };
    await runWith(
      database,
      Object.entries(day).map(([subject, orderDay]) => ({ item: 'a', subject, yuan: 100, orderDay })),
    );
    await go();
    const late = (subject: string): Match => ({ item: 'a', subject, verdict: 'undetermined', kind: 'suspended' });
    await runWith(database, [late('P1'), late('P3'), { item: 'a', subject: 'P5', yuan: 40, orderDay: '2026-05-01' }]);
    await go();
    const while_ = [
      'P1 a 2026-10 parked 100.00',
      'P1 a 2026-10 suspended 0.00 (stop)',
      'P2 a 2026-10 granted 100.00',
      'P3 a 2026-10 parked 0.00 (budget)',
      'P3 a 2026-10 suspended 0.00 (stop)',
      'P4 a 2026-10 waiting 0.00 (budget)',
      'P5 a 2026-10 waiting 0.00 (budget)',
    ];
    expect(await brief()).toEqual(while_);
    // P2 leaves: 150 are free, 100 of them stay for P3, whose data are late; 50 are too little for P4, and P5 does not go ahead of P4.
    await runWith(database, [{ item: 'a', subject: 'P2', verdict: 'ineligible', kind: 'ended' }]);
    await go();
    expect(await brief()).toEqual(while_.with(2, 'P2 a 2026-10 ended 0.00 (stop)'));
    await runWith(database, [
      { item: 'a', subject: 'P3', yuan: 100, orderDay: day.P3, kind: 'resumed' },
      { item: 'a', subject: 'P1', verdict: 'ineligible', kind: 'ended' },
    ]);
    await go();
    expect(await brief()).toEqual([
      'P1 a 2026-10 ended 0.00 (stop)',
      'P2 a 2026-10 ended 0.00 (stop)',
      'P3 a 2026-10 granted 100.00',
      'P4 a 2026-10 granted 100.00',
      'P5 a 2026-10 granted 40.00',
    ]);
  });

  it('resumed with more than the budget carries, what was kept is given', async () => {
    await publish(database, [itemOf('a', limited(120))]);
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 100 }]);
    await go();
    await runWith(database, [{ item: 'a', subject: 'P1', verdict: 'undetermined', kind: 'suspended' }]);
    await go();
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 150, kind: 'resumed' }]);
    await go();
    expect(await brief()).toEqual(['P1 a 2026-10 reduced 100.00 (budget)']);
  });

  it('an increase the budget cannot carry leaves the promise and lets the difference wait', async () => {
    await publish(database, [itemOf('a', limited(120))]);
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 100 }]);
    await go();
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 150, kind: 'changed' }]);
    await go();
    expect(await brief()).toEqual(['P1 a 2026-10 granted 100.00', 'P1 a 2026-10 waiting 0.00 (budget)']);
  });
});

describe('changes within a period', () => {
  it('replaces what is only promised', async () => {
    await publish(database, [itemOf('a')]);
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 100 }]);
    await go();
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 150, kind: 'changed' }]);
    await go();
    expect(await brief()).toEqual(['P1 a 2026-10 granted 150.00']);
    expect((await lines(['superseded'])).length).toBe(1);
    await runWith(database, [{ item: 'a', subject: 'P1', verdict: 'undetermined', kind: 'suspended' }]);
    await go();
    expect(await brief()).toEqual(['P1 a 2026-10 parked 150.00', 'P1 a 2026-10 suspended 0.00 (stop)']);
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 150, kind: 'resumed' }]);
    await go();
    expect(await brief()).toEqual(['P1 a 2026-10 granted 150.00']);
  });

  it('pays the difference on top of what is on its way, and notes what was too much', async () => {
    await publish(database, [itemOf('a')]);
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 100 }]);
    await go();
    await commit('P1');
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 150, kind: 'changed' }]);
    await go();
    expect(await brief()).toEqual(['P1 a 2026-10 granted 100.00', 'P1 a 2026-10 reduced 50.00 (difference)']);
    await runWith(database, [{ item: 'a', subject: 'P1', yuan: 80, kind: 'changed' }]);
    await go();
    expect((await lines()).map((l) => [l.state, l.granted, l.recover])).toEqual([
      ['granted', '100.00', '0.00'],
      ['reduced', '0.00', '20.00'],
    ]);
    await runWith(database, [{ item: 'a', subject: 'P1', verdict: 'ineligible', kind: 'ended' }]);
    await go();
    expect((await lines()).map((l) => [l.state, l.granted, l.recover])).toEqual([
      ['ended', '0.00', '100.00'],
      ['granted', '100.00', '0.00'],
    ]);
  });

  it('withdraws an element that is gone and keeps the others', async () => {
    await publish(database, [itemOf('a')]);
    const two = [
      { key: 'x', yuan: 10 },
      { key: 'y', yuan: 20 },
    ];
    await runWith(database, [{ item: 'a', subject: 'P1', lines: two }]);
    await go();
    await runWith(database, [
      {
        item: 'a',
        subject: 'P1',
        lines: [
          { key: 'y', yuan: 20 },
          { key: 'x', yuan: 10, verdict: 'undetermined' },
        ],
        kind: 'changed',
      },
    ]);
    await go();
    expect(await brief()).toEqual(['P1 a/x 2026-10 parked 10.00', 'P1 a/x 2026-10 suspended 0.00 (stop)', 'P1 a/y 2026-10 granted 20.00']);
  });
});
