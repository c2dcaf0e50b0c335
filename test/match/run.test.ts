// The run against a real database: what is written first, what a second run adds, what a changed record changes, periods, events, once, ledger, links.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import type { AskSecond } from '../../src/match/opinion.ts';
import { runItems } from '../../src/match/run.ts';
import { matchById } from '../../src/match/store.ts';
import type { Item } from '../../src/policy/item.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { testDatabase } from '../database.ts';
import { throwAt } from '../failpoint.ts';
import { world } from '../snapshot/world.ts';
import { at, empty, idOf, itemOf, lines, sealAndRun, tell, versionOf } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const old = itemOf('old');

describe('a run', () => {
  it('writes everyone eligible as first, counts the undetermined, leaves the others alone', async () => {
    await tell(database, { ann: { age: '81' }, bob: { age: '40' }, cid: {}, dan: { age: '95' }, eve: { age: null } });
    const report = await sealAndRun(database, [old]);
    expect(await lines(database)).toEqual(['ann old 2026-01 #1 first eligible 100.00', 'dan old 2026-01 #1 first eligible 100.00']);
    expect(report).toMatchObject({ already: false, busy: 0 });
    expect(report.items).toMatchObject([
      {
        itemId: 'old',
        periodKey: '2026-01',
        eligible: 2,
        undetermined: 1,
        ineligible: 2,
        amountFen: 20_000n,
        written: { first: 2 },
        stopped: null,
      },
    ]);
    const counts = await database.sql`select fact, dataset, reason, subjects from undetermined_count`;
    expect([...counts]).toEqual([{ fact: 'age', dataset: 'base', reason: 'empty', subjects: 1 }]);
  });

  it('keeps the evidence it stands on', async () => {
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [old]);
    const [{ id }] = (await database.sql`select id from match`) as unknown as [{ id: string }];
    const row = await matchById(database.db, id, everything);
    expect(row?.division).toBe('11');
    expect(row?.lines).toMatchObject([{ key: null, verdict: 'eligible', award: { state: 'known', amountFen: '10000' } }]);
    expect(row?.evidence).toMatchObject({
      period: { kind: 'monthly', key: '2026-01', start: '2026-01-01', end: '2026-01-31', knownAt: '2026-01-20' },
      catalogueHash: 'world',
      evaluator: 'zhixiang-1',
      ledgerCut: '0',
      read: expect.arrayContaining([
        expect.objectContaining({ fact: 'age', value: '81', source: { dataset: 'base', asOf: '2026-01-10' } }),
      ]),
      trace: { k: 'all', t: true, c: [{ k: 'leaf', t: true, f: 'age', op: 'greaterThanInclusive', r: '80', a: '81' }] },
    });
  });

  it('adds nothing the second time, neither over the same run nor over a new one', async () => {
    await tell(database, { ann: { age: '81' }, cid: {} });
    const first = await sealAndRun(database, [old]);
    const before = await lines(database);
    expect(await sealAndRun(database, [old])).toMatchObject({ already: true, runId: first.runId });
    const again = await sealAndRun(database, [old], { ledgerCut: 7n });
    expect(again).toMatchObject({ already: false, items: [{ eligible: 1, undetermined: 1, written: {} }] });
    expect(again.runId).not.toBe(first.runId);
    expect(await lines(database)).toEqual(before);
  });

  it('writes exactly what a changed record changes', async () => {
    const tiers = itemOf('tiers', { award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 50 }, { yuan: 500 }] } } });
    const people = { ann: { age: '81' }, bob: { age: '40' }, cid: { age: '82' }, dan: { age: '83' }, eve: { age: '84' }, fay: {} };
    await tell(database, people);
    await sealAndRun(database, [tiers]);
    await tell(database, { ann: { age: '91' }, bob: { age: '80' }, cid: { age: '70' }, dan: {}, fay: { age: '99' } });
    const report = await sealAndRun(database, [tiers], { knownAt: day('2026-01-21') });
    expect(report.items[0]?.written).toEqual({ changed: 1, first: 2, ended: 1, suspended: 1 });
    expect((await lines(database)).filter((l) => !l.includes('#1 first eligible 50.00'))).toEqual([
      'ann tiers 2026-01 #2 changed eligible 500.00',
      'cid tiers 2026-01 #2 ended ineligible',
      'dan tiers 2026-01 #2 suspended undetermined',
      'fay tiers 2026-01 #1 first eligible 500.00',
    ]);
    await tell(database, { cid: { age: '82' }, dan: { age: '83' } });
    await sealAndRun(database, [tiers], { knownAt: day('2026-01-22') });
    expect((await lines(database)).filter((l) => l.includes('#3'))).toEqual([
      'cid tiers 2026-01 #3 resumed eligible 50.00',
      'dan tiers 2026-01 #3 resumed eligible 50.00',
    ]);
  });

  it('knows the next period from the one before: continuing is not first', async () => {
    await tell(database, { ann: { age: '81' }, bob: { age: '82' }, cid: { age: '83' }, dan: { age: '40' }, eve: { age: '84' } });
    await sealAndRun(database, [old]);
    await tell(database, { bob: {}, cid: { age: '70' }, dan: { age: '80' } });
    await sealAndRun(database, [old], { knownAt: day('2026-02-10') });
    expect((await lines(database)).filter((l) => l.includes('2026-02'))).toEqual([
      'ann old 2026-02 #1 continuing eligible 100.00',
      'bob old 2026-02 #1 suspended undetermined',
      'cid old 2026-02 #1 ended ineligible',
      'dan old 2026-02 #1 first eligible 100.00',
      'eve old 2026-02 #1 continuing eligible 100.00',
    ]);
    // March is skipped: whoever stood in February goes on in April, whoever was suspended is resumed, whoever had ended begins anew.
    await tell(database, { bob: { age: '82' }, cid: { age: '83' } });
    await sealAndRun(database, [old], { knownAt: day('2026-04-10') });
    expect((await lines(database)).filter((l) => l.includes('2026-04'))).toEqual([
      'ann old 2026-04 #1 continuing eligible 100.00',
      'bob old 2026-04 #1 resumed eligible 100.00',
      'cid old 2026-04 #1 first eligible 100.00',
      'dan old 2026-04 #1 continuing eligible 100.00',
      'eve old 2026-04 #1 continuing eligible 100.00',
    ]);
  });

  it('says a suspension once, however many periods it lasts', async () => {
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [old]);
    await tell(database, { ann: {} });
    for (const knownAt of ['2026-02-10', '2026-03-10', '2026-04-10']) await sealAndRun(database, [old], { knownAt: day(knownAt) });
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [old], { knownAt: day('2026-05-10') });
    expect(await lines(database)).toEqual([
      'ann old 2026-01 #1 first eligible 100.00',
      'ann old 2026-02 #1 suspended undetermined',
      'ann old 2026-05 #1 resumed eligible 100.00',
    ]);
  });

  it('decides closed periods of the look-back again when the past has changed', async () => {
    const region = itemOf('region', { lookback: 2, conditions: { all: [{ fact: 'regionThen', operator: 'within', value: '11' }] } });
    await tell(database, {
      ann: { regionThen: { spans: [{ v: '111', from: '2020-01-01' }] } },
      bob: { regionThen: { spans: [{ v: '2', from: '2020-01-01' }] } },
    });
    await sealAndRun(database, [region]);
    await tell(database, {
      ann: {
        regionThen: {
          spans: [
            { v: '111', from: '2020-01-01', to: '2026-01-15' },
            { v: '2', from: '2026-01-15' },
          ],
        },
      },
      bob: { regionThen: { spans: [{ v: '11', from: '2026-01-10' }] } },
    });
    await sealAndRun(database, [region], { knownAt: day('2026-02-10') });
    expect(await lines(database)).toEqual([
      'ann region 2026-01 #1 first eligible 100.00',
      'ann region 2026-01 #2 ended ineligible',
      'bob region 2026-01 #1 first eligible 100.00',
      'bob region 2026-02 #1 continuing eligible 100.00',
    ]);
  });
});

describe('events', () => {
  const births = itemOf('births', {
    period: 'per-event',
    event: { list: 'children', day: 'born', key: 'id' },
    effective: { from: day('2025-06-01'), to: null },
    conditions: {
      all: [
        { fact: 'open', operator: 'equal', value: true },
        { fact: 'event.kind', operator: 'equal', value: '甲' },
      ],
    },
    award: { fixed: { yuan: 3000 } },
  });
  const child = (id: string, born: string | null, kind = '甲') => ({ id, born, kind });

  it('are decided one by one, within validity and look-back', async () => {
    await tell(database, {
      ann: {
        open: true,
        children: [child('x', '2025-07-01'), child('y', '2025-12-31'), child('z', '2025-05-31'), child('w', '2026-03-01')],
      },
      bob: { open: true, children: [child('x', '2025-08-01', '乙')] },
      cid: { open: true },
      dan: { open: false, children: [child('x', '2025-08-01')] },
    });
    const report = await sealAndRun(database, [births]);
    expect(await lines(database)).toEqual(['ann births x #1 first eligible 3000.00', 'ann births y #1 first eligible 3000.00']);
    expect(report.items).toMatchObject([{ periodKey: 'events', eligible: 1, undetermined: 1, ineligible: 2, amountFen: 600_000n }]);
    const [row] = await database.sql`select evidence ->> 'orderDay' as day from match where period_key = 'y'`;
    expect(row?.day).toBe('2025-12-31');
  });

  it('leave the subject open, with the reason, when nobody can name one of them', async () => {
    await tell(database, {
      ann: { open: true, children: [{ id: null, born: '2025-07-01', kind: '甲' }] },
      bob: { open: true, children: [child('x', '2025-08-01', '乙'), { born: '2025-09-01', kind: '甲' }] },
      cid: { open: true, children: [child('x', '2025-08-01', '乙'), child('x', '2025-09-01')] },
      dan: { open: true, children: [child('x', '2025-08-01'), { id: null, born: null, kind: '甲' }] },
    });
    const report = await sealAndRun(database, [births]);
    expect(report.items).toMatchObject([{ eligible: 1, undetermined: 3, ineligible: 0 }]);
    expect(
      await database.sql`select fact, reason, sum(subjects)::int as subjects from undetermined_count group by 1, 2 order by 1, 2`,
    ).toEqual([
      { fact: 'children.id', reason: 'conflict', subjects: 1 },
      { fact: 'children.id', reason: 'empty', subjects: 2 },
    ]);
  });

  it('read what an event of their own was paid by its key', async () => {
    const deducting = itemOf('births', {
      ...births,
      award: { formula: '3000', deduct: 'paid("births", {key: event.kind})' },
      conditions: { all: [{ fact: 'open', operator: 'equal', value: true }] },
    });
    await tell(database, { ann: { open: true, children: [child('x', '2025-07-01'), child('甲', '2025-08-01')] } });
    await database.sql`
      insert into posting (transaction, account, amount_fen, kind, item_id, year, subject_id, period_key, at)
      values ('w', 'imported:x:paid', 120000, 'import', 'births', 2025, ${idOf('ann')}, '甲', now())`;
    await sealAndRun(database, [deducting]);
    expect((await lines(database)).toSorted()).toEqual([
      'ann births x #1 first eligible 1800.00',
      'ann births 甲 #1 first eligible 3000.00',
    ]);
  });

  it('end when they vanish from the list, and are suspended while the list is unknown', async () => {
    await tell(database, {
      ann: { open: true, children: [child('x', '2025-07-01'), child('y', '2025-12-31')] },
      bob: { open: true, children: [child('q', '2025-09-01')] },
    });
    await sealAndRun(database, [births]);
    await tell(database, { ann: { open: true, children: [child('x', '2025-07-01')] }, bob: { open: true } });
    await sealAndRun(database, [births], { knownAt: day('2026-01-25') });
    expect((await lines(database)).filter((l) => l.includes('#2'))).toEqual([
      'ann births y #2 ended ineligible',
      'bob births q #2 suspended undetermined',
    ]);
    expect(await sealAndRun(database, [births], { knownAt: day('2026-01-26') })).toMatchObject({ items: [{ written: {} }] });
  });

  it('that stood before a stopped run are found again, though its bitmaps count for nothing', async () => {
    await tell(database, { ann: { open: true, children: [child('x', '2025-07-01')] } });
    await sealAndRun(database, [births]);
    await tell(database, { ann: { open: true, children: [child('x', '2025-07-01')] }, bob: { open: true, children: [] } });
    const { runId } = await sealAndRun(database, [births], { knownAt: day('2026-01-21') });
    await database.sql`update run_item set stopped = 'another block differed', state = 'stopped' where run_id = ${runId}`;
    await tell(database, { ann: { open: false, children: [] } });
    await sealAndRun(database, [births], { knownAt: day('2026-01-25') });
    expect(await lines(database)).toEqual(['ann births x #1 first eligible 3000.00', 'ann births x #2 ended ineligible']);
  });
});

describe('once', () => {
  const settle = itemOf('settle', {
    period: 'once',
    effective: { from: null, to: null },
    conditions: { all: [{ fact: 'regionThen', operator: 'within', value: '11' }] },
  });

  it('is frozen by the first match: moving away later ends nothing, a corrected past does', async () => {
    await tell(database, { ann: { regionThen: { spans: [{ v: '111', from: '2020-01-01' }] } } });
    await sealAndRun(database, [settle]);
    await tell(database, {
      ann: {
        regionThen: {
          spans: [
            { v: '111', from: '2020-01-01', to: '2026-02-01' },
            { v: '2', from: '2026-02-01' },
          ],
        },
      },
    });
    await sealAndRun(database, [settle], { knownAt: day('2026-03-01') });
    expect(await lines(database)).toEqual(['ann settle once #1 first eligible 100.00']);
    await tell(database, { ann: { regionThen: { spans: [{ v: '2', from: '2020-01-01' }] } } });
    await sealAndRun(database, [settle], { knownAt: day('2026-03-02') });
    expect(await lines(database)).toEqual(['ann settle once #1 first eligible 100.00', 'ann settle once #2 ended ineligible']);
  });
});

describe('what a run reads', () => {
  it('follows links to other subjects', async () => {
    const widow = itemOf('widow', { conditions: { all: [{ fact: 'partner.age', operator: 'greaterThan', value: 60 }] } });
    await tell(database, {
      ann: { age: '50', partner: { spans: [{ v: 'bob' }] } },
      bob: { age: '61' },
      cid: { partner: { spans: [{ v: 'nobody' }] } },
      dan: { partner: { spans: [{ v: null }] } },
    });
    const report = await sealAndRun(database, [widow]);
    expect(await lines(database)).toEqual(['ann widow 2026-01 #1 first eligible 100.00']);
    expect(report.items).toMatchObject([{ eligible: 1, undetermined: 2, ineligible: 1 }]);
  });

  it('takes off what was paid elsewhere, never what this very match paid', async () => {
    const topUp = itemOf('topUp', { award: { fixed: { yuan: 100 }, deduct: 'paid(["topUp", "other"], "2026")' } });
    await tell(database, { ann: { age: '81' } });
    const paid = async (item: string, period: string, fen: number, key: string) =>
      await database.sql`
        insert into posting (transaction, account, amount_fen, kind, item_id, year, subject_id, period_key, at)
        values (${key}, 'imported:x:paid', ${fen}, 'import', ${item}, 2026, ${idOf('ann')}, ${period}, now())`;
    await paid('other', '2026-01', 3000, 'a');
    await sealAndRun(database, [topUp]);
    await paid('topUp', '2026-01', 7000, 'b');
    await sealAndRun(database, [topUp]);
    expect(await lines(database)).toEqual(['ann topUp 2026-01 #1 first eligible 70.00']);
    await paid('other', '2026-01', 1000, 'c');
    await sealAndRun(database, [topUp]);
    expect((await lines(database)).at(-1)).toBe('ann topUp 2026-01 #2 changed eligible 60.00');
  });

  it('makes one line per element, and one match', async () => {
    const kids = itemOf('kids', {
      conditions: { all: [{ fact: 'open', operator: 'equal', value: true }] },
      each: { list: 'children', as: 'kid', where: 'months >= 3', key: 'id' },
      award: { fixed: { yuan: 500 } },
      limits: [{ claim: { kind: 'child', object: 'kid.id', group: 'kids', per: 'ever' } }],
    });
    await tell(database, {
      ann: { open: true, children: [{ id: 'x', months: '3' }, { id: 'y', months: '2' }, { id: 'z', months: '9' }, { id: 'u' }] },
    });
    await sealAndRun(database, [kids]);
    expect(await lines(database)).toEqual(['ann kids 2026-01 #1 first eligible 1000.00']);
    const [row] = await database.sql<{ id: string; keys: string[]; claims: { object: string }[] }[]>`
      select id, jsonb_path_query_array(lines, '$[*].key') as keys, lines #> '{0,claims}' as claims from match`;
    const match = await matchById(database.db, row?.id ?? '', everything);
    expect(match?.lines.map((line) => line.key)).toEqual(['x', 'z', 'u']);
    expect(match?.lines[0]?.claims).toMatchObject([{ kind: 'child', object: 'x', group: 'kids', per: 'ever' }]);
    // In the database an element and what is claimed for it stand under one blind index, equal where they are equal.
    expect(row?.keys.map((key) => key.length)).toEqual([22, 22, 22]);
    expect(row?.claims[0]?.object).toBe(row?.keys[0]);
  });
});

describe('the purpose a fact was granted for', () => {
  const limited = { ...world, facts: world.facts.map((f) => (f.key === 'income' ? { ...f, purposes: ['poor'] } : f)) };
  const poor = { all: [{ fact: 'income', operator: 'lessThan' as const, value: 100 }] };
  const run = async (items: readonly Item[], opinion?: AskSecond) => {
    const { snapshotId } = await seal(database.db, { catalogue: world, knownAt: day('2026-01-20'), at, actor: 'test' });
    const options = { snapshotId, items: items.map((i) => versionOf(i)), catalogue: limited, ledgerCut: 0n, at, actor: 'test' };
    return await runItems(database.db, opinion === undefined ? options : { ...options, opinion });
  };

  it('is asked before anything is read: the item without it stops, the one with it and the others go on', async () => {
    await tell(database, { ann: { age: '81', income: '50' } });
    const report = await run([itemOf('curious', { conditions: poor }), old, itemOf('poor', { conditions: poor })]);
    expect(report.items.map((i) => [i.itemId, i.stopped === null, i.eligible])).toEqual([
      ['curious', false, 0],
      ['old', true, 1],
      ['poor', true, 1],
    ]);
    expect(report.items[0]?.stopped).toContain('没有授权用于事项 curious');
    expect((await lines(database)).filter((l) => l.includes('curious'))).toEqual([]);
  });

  it('is asked again at every read: whoever gets past the first question stops the item and reads nothing', async () => {
    await tell(database, { ann: { age: '81', income: '50' } });
    const read: unknown[] = [];
    const report = await run([old, itemOf('other')], async (compiled, source, period) => {
      if (compiled.item.id === 'old') read.push(source.read('income', period.end).value);
      return await secondOpinion(compiled, source, period);
    });
    expect(read).toEqual([]);
    expect(report.items.map((i) => [i.itemId, i.stopped === null])).toEqual([
      ['old', false],
      ['other', true],
    ]);
    expect(report.items[0]?.stopped).toContain('没有授权用于事项 old，不能读取');
    const [stopped] = await database.sql`select reason from audit_entry where action = 'run.stop-item' order by id desc`;
    expect(stopped?.reason).toContain('没有授权');
  });
});

describe('the second opinion', () => {
  it('stops an item whose answer differs, and only that item; the next run makes good', async () => {
    await tell(database, { ann: { age: '81' }, bob: { age: '82' } });
    const report = await sealAndRun(database, [old, itemOf('other')], {
      opinion: async (compiled, source, period) => {
        const said = await secondOpinion(compiled, source, period);
        return compiled.item.id === 'old' ? { ...said, lines: said.lines.map((l) => ({ ...l, amountFen: 1n })) } : said;
      },
    });
    expect(report.items.map((i) => [i.itemId, i.stopped === null, i.eligible])).toEqual([
      ['old', false, 0],
      ['other', true, 2],
    ]);
    expect(report.items[0]?.stopped).toContain('按列计算为符合 100.00 元，按原始记录计算为符合 0.01 元');
    expect((await lines(database)).filter((l) => l.includes(' old '))).toEqual([]);
    const audited = await database.sql`select action from audit_entry where action = 'run.stop-item'`;
    expect(audited.length).toBeGreaterThan(0);
    expect(await sealAndRun(database, [old, itemOf('other')])).toMatchObject({ already: false });
    expect((await lines(database)).filter((l) => l.includes(' old '))).toEqual([
      'ann old 2026-01 #1 first eligible 100.00',
      'bob old 2026-01 #1 first eligible 100.00',
    ]);
  });

  it('asks about people the columns rule out as well', async () => {
    await tell(database, Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`p${i}`, { age: '20' }])));
    let asked = 0;
    await sealAndRun(database, [old], {
      opinion: async () => {
        asked++;
        return { verdict: 'ineligible', lines: [] };
      },
    });
    expect(asked).toBeGreaterThan(0);
    const report = await sealAndRun(database, [old], {
      afresh: true,
      ledgerCut: 5n,
      opinion: async () => ({ verdict: 'undetermined', lines: [] }),
    });
    expect(report.items[0]?.stopped).toContain('按原始记录计算为待核');
  });
});

describe('versions and modes', () => {
  it('decides by the newest version in force, and calls what it changes changed', async () => {
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [old]);
    const raised = itemOf('old', { award: { fixed: { yuan: 120 } } });
    await sealAndRun(database, [old, raised], { versions: [1, 2] });
    const future = itemOf('old', { effective: { from: day('2027-01-01'), to: null }, award: { fixed: { yuan: 999 } } });
    await sealAndRun(database, [old, raised, future], { versions: [1, 2, 3], knownAt: day('2026-01-25') });
    expect(await lines(database)).toEqual(['ann old 2026-01 #1 first eligible 100.00', 'ann old 2026-01 #2 changed eligible 120.00']);
  });

  it('writes what push items come to as an estimate, like any other', async () => {
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [itemOf('tip', { mode: 'push' })]);
    expect(await lines(database)).toEqual(['ann tip 2026-01 #1 first eligible 100.00']);
  });

  it('decides nothing before an item begins and goes on after it ends with its last period', async () => {
    await tell(database, { ann: { age: '81' } });
    const later = itemOf('later', { effective: { from: day('2026-02-01'), to: null } });
    const past = itemOf('past', { effective: { from: day('2025-01-01'), to: day('2025-12-31') } });
    const report = await sealAndRun(database, [later, past]);
    expect(report.items.map((i) => [i.itemId, i.periodKey])).toEqual([['past', '2025-12']]);
  });

  it('writes again what only a stopped run had written', async () => {
    await tell(database, { ann: { age: '81' }, bob: { age: '40' } });
    const { runId } = await sealAndRun(database, [old]);
    await database.sql`update run_item set stopped = 'another block differed', state = 'stopped' where run_id = ${runId}`;
    await tell(database, { bob: { age: '90' } });
    await sealAndRun(database, [old], { knownAt: day('2026-01-21') });
    expect(await lines(database)).toEqual([
      'ann old 2026-01 #1 first eligible 100.00',
      'ann old 2026-01 #2 first eligible 100.00',
      'bob old 2026-01 #1 first eligible 100.00',
    ]);
  });

  it('gives up an open run when newer data is sealed, and keeps what it had written', async () => {
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [old, itemOf('other')], { failpoint: throwAt('match.after-chunk') }).catch(() => undefined);
    await sealAndRun(database, [old, itemOf('other')], { knownAt: day('2026-01-21') });
    const runs = await database.sql`select state, ended_at is not null as ended from run order by sequence`;
    expect([...runs]).toEqual([
      { state: 'abandoned', ended: true },
      { state: 'done', ended: true },
    ]);
    expect(await lines(database)).toEqual(['ann old 2026-01 #1 first eligible 100.00', 'ann other 2026-01 #1 first eligible 100.00']);
  });
});

describe('order', () => {
  it('refuses a snapshot older than one a run has known', async () => {
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [old], { knownAt: day('2026-02-10') });
    await expect(sealAndRun(database, [old])).rejects.toThrow('state.old-snapshot');
  });
});
