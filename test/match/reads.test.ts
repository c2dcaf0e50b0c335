// What pages and the command line read: lists by cursor and scope, evidence, replay, why, and who is undetermined for want of what.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import type { ProblemError } from '../../src/base/problem.ts';
import { everything, type Scope } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { replay } from '../../src/match/replay.ts';
import { sealMatch } from '../../src/match/sealed.ts';
import { countMatches, lastRun, listMatches, matchById, runItems, undeterminedByMissing } from '../../src/match/store.ts';
import { missingInScope, undeterminedSubjects } from '../../src/match/undetermined.ts';
import { whyNow } from '../../src/match/why.ts';
import { clearTexts } from '../clear.ts';
import { testDatabase } from '../database.ts';
import { world } from '../snapshot/world.ts';
import { empty, idOf, itemOf, publish, sealAndRun, tell, versionOf } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const old = itemOf('old');
const other = itemOf('other', { authority: '测试县教育局' });
const only = (over: Partial<Scope>): Scope => ({ ...everything, ...over });
const nobody = '00000000-0000-4000-8000-000000000000';

const people = async (n: number): Promise<void> =>
  await tell(database, Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${String(i).padStart(3, '0')}`, { age: '81' }])));

describe('lists of matches', () => {
  it('come in pages that miss nobody and repeat nobody', async () => {
    await people(25);
    await publish(database, [old, other]);
    await sealAndRun(database, [old, other]);
    const seen: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof listMatches>> = await listMatches(database.db, { scope: everything, limit: 7, cursor });
      seen.push(...page.rows.map((r) => r.id));
      cursor = page.cursor;
      if (cursor === null) break;
    }
    expect(seen).toHaveLength(50);
    expect(new Set(seen).size).toBe(50);
    expect(await countMatches(database.db, { scope: everything, itemId: 'old' })).toEqual({ matches: 25, amountFen: 250_000n });
    expect((await listMatches(database.db, { scope: everything, cursor: 'no cursor of ours' })).rows).toHaveLength(50);
  });

  it('show a reader only what their scope covers, counts and single matches included', async () => {
    await people(3);
    await publish(database, [old, other]);
    await sealAndRun(database, [old, other]);
    const { db } = database;
    const count = async (scope: Scope): Promise<number> => (await countMatches(db, { scope })).matches;
    expect(await count(only({ items: ['old'] }))).toBe(3);
    expect(await count(only({ items: [] }))).toBe(0);
    expect(await count(only({ authorities: ['测试县教育局'] }))).toBe(3);
    expect(await count(only({ divisions: ['110000'] }))).toBe(6);
    expect(await count(only({ divisions: ['12'] }))).toBe(0);
    expect(await count(only({ divisions: ['_1'] }))).toBe(0);
    const [row] = (await listMatches(db, { scope: everything, itemId: 'old' })).rows;
    expect(await matchById(db, row?.id ?? '', only({ items: ['other'] }))).toBeNull();
    expect(await matchById(db, row?.id ?? '', only({ items: ['old'] }))).toMatchObject({
      id: row?.id,
      name: expect.stringContaining('p'),
      current: true,
    });
    expect(await matchById(db, nobody, everything)).toBeNull();
    expect(await matchById(db, "' or true --", everything)).toBeNull();
    const run = await lastRun(db);
    expect(await runItems(db, run?.id ?? nobody, only({ items: ['old'] }))).toHaveLength(1);
    expect(await runItems(db, run?.id ?? nobody, only({ divisions: ['11'] }))).toEqual([]);
  });
});

describe('replay', () => {
  const kinds = [
    old,
    itemOf('tiers', { award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 50 }, { yuan: '500.5' }] } } }),
    itemOf('widow', {
      conditions: {
        all: [
          { fact: 'partner.age', operator: 'greaterThan', value: 60 },
          { fact: 'regionThen', operator: 'within', value: '1' },
        ],
      },
    }),
    itemOf('kids', {
      conditions: { all: [{ fact: 'children', operator: 'absent', value: false }] },
      each: { list: 'children', as: 'kid', where: 'months >= 3', key: 'id' },
    }),
    itemOf('births', {
      period: 'per-event',
      event: { list: 'children', day: 'born', key: 'id' },
      conditions: { all: [{ fact: 'event.months', operator: 'greaterThan', value: 1 }] },
    }),
    itemOf('floor', { award: { formula: 'parameter("floor") * 2 - paid("old", "2026")' } }),
  ];
  const told = {
    ann: {
      age: '81',
      partner: { spans: [{ v: 'bob' }] },
      regionThen: { spans: [{ v: '111', from: '2020-01-01' }] },
      children: [{ id: 'x', months: '3.50', born: '2025-08-01' }, { id: 'y', months: '2' }, { id: 'z' }],
    },
    bob: { age: '91', deathDate: '2026-01-05', regionThen: { spans: [{ v: '2', from: '2026-01-02' }] } },
  };

  it('finds no difference after runs, changes and ends', async () => {
    await publish(database, kinds);
    await tell(database, told);
    await sealAndRun(database, kinds);
    await tell(database, { ann: { age: '70' }, bob: { age: '92', children: [] } });
    await sealAndRun(database, kinds, { knownAt: day('2026-01-25') });
    const total = await countMatches(database.db, { scope: everything });
    expect(await replay(database.db, 'all')).toEqual({ checked: total.matches, differing: 0, differences: [] });
    expect(total.matches).toBeGreaterThan(10);
  });

  it('shows evidence that does not carry its decision, and a version that is not the one named', async () => {
    await publish(database, [old, other]);
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [old, other]);
    const { connect } = await import('../../src/db/handle.ts');
    const owner = connect(database.ownerUrl, { max: 1, statementTimeoutMs: 10_000 });
    const [{ id }] = (await owner`select id from match where item_id = 'old'`) as unknown as [{ id: string }];
    const match = await matchById(database.db, id, everything);
    if (match === null) throw new Error('no match');
    const read = match.evidence.read.map((entry) => (entry.fact === 'age' ? { ...entry, value: '79' } : entry));
    const forged = await transaction(database.db, async (tx) => sealMatch(tx, match, { ...match.evidence, read }, match.lines));
    await owner`update match set evidence = ${forged.evidence}::text::jsonb where id = ${id}`;
    await owner`update match set evidence = jsonb_set(evidence, '{itemHash}', '"another"') where item_id = 'other'`;
    await owner.end();
    const report = await replay(database.db, 'all');
    expect(report.checked).toBe(2);
    expect(report.differences.map((d) => [d.itemId, d.stored, d.replayed]).sort()).toEqual([
      ['old', '符合 100.00 元', '不符合'],
      ['other', '符合 100.00 元', '没有依据所指的事项版本 other@1'],
    ]);
  });
});

describe('evidence at rest', () => {
  it('shows no value it read, in no column of a match; moved to another match it does not open', async () => {
    // The award is worked out of the very value: its steps say it, its amount does not.
    const frail = itemOf('frail', {
      conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 80 }] },
      award: { rate: { base: 'age', rate: 0.5 } },
    });
    await tell(database, { ann: { age: '81.406172' }, bob: { age: '93.518263' } });
    await sealAndRun(database, [frail]);
    const columns = (await clearTexts(database.sql)).filter(({ column }) =>
      /^(match|run|run_item|block_result|audit_entry)\./.test(column),
    );
    expect(columns.filter(({ text }) => /81\.4061|93\.5182/.test(text)).map(({ column }) => column)).toEqual([]);
    const stored = columns.find(({ column }) => column === 'match.evidence')?.text ?? '';
    expect(stored).toContain('"digest"');
    for (const inside of ['"read"', '"trace"', '"closing"', '"governed"']) expect(stored).not.toContain(inside);

    const [ann, bob] = (await listMatches(database.db, { scope: everything })).rows.toSorted((a, b) =>
      a.name === 'ann' ? -1 : b.name === 'ann' ? 1 : 0,
    );
    const open = await matchById(database.db, ann?.id ?? '', everything);
    expect(open?.evidence.read).toContainEqual(expect.objectContaining({ fact: 'age', value: '81.406172' }));
    expect(JSON.stringify(open?.lines)).toContain('81.4061');
    expect(open?.lines[0]?.award).toMatchObject({ state: 'known', amountFen: '4070' });
    const { connect } = await import('../../src/db/handle.ts');
    const owner = connect(database.ownerUrl, { max: 1, statementTimeoutMs: 10_000 });
    await owner`update match set evidence = (select evidence from match where id = ${ann?.id ?? ''}) where id = ${bob?.id ?? ''}`;
    await owner.end();
    const refused = await matchById(database.db, bob?.id ?? '', everything).catch((error: unknown) => error);
    expect((refused as ProblemError).problems[0]?.code).toBe('internal.sealed');
  });

  it('keeps in clear the one day that orders a limited budget', async () => {
    const budget = { kind: 'limited', yuan: 1000, order: 'born' } as const;
    const conditions = { all: [{ fact: 'born', operator: 'onOrBefore', value: '2026-01-01' }] } as const;
    await tell(database, { ann: { born: '2025-06-01' } });
    await sealAndRun(database, [itemOf('ordered', { budget, conditions }), itemOf('free', { conditions })]);
    const rows = await database.sql`select item_id as item, evidence ->> 'orderDay' as day from match order by 1`;
    expect([...rows]).toEqual([
      { item: 'free', day: null },
      { item: 'ordered', day: '2025-06-01' },
    ]);
  });
});

describe('a limited budget by a number', () => {
  it('keeps in clear a key that sorts as it says, and none where nobody knows', async () => {
    const budget = { kind: 'limited', yuan: 1000, order: { by: 'income', direction: 'desc' } } as const;
    await tell(database, {
      ann: { age: '81', income: '9.5' },
      bob: { age: '82', income: '10' },
      cid: { age: '83', income: '-3' },
      dan: { age: '84' },
    });
    await sealAndRun(database, [itemOf('ordered', { budget })]);
    const rows = await database.sql`
      select r.key, m.evidence ? 'orderKey' as known, m.evidence ? 'orderDay' as day from match m join record r on r.subject_id = m.subject_id
      order by coalesce(m.evidence ->> 'orderKey', '9999-12-31') collate "C"`;
    expect(rows.map((row) => [row.key, row.known, row.day])).toEqual([
      ['bob', true, false],
      ['ann', true, false],
      ['cid', true, false],
      ['dan', false, false],
    ]);
  });
});

describe('why now', () => {
  it('tells the whole trace, whatever the answer', async () => {
    await tell(database, { ann: { age: '81' }, bob: { age: '40' }, cid: {} });
    await sealAndRun(database, [old]);
    const ask = async (key: string, scope = everything) =>
      await whyNow(database.db, { version: versionOf(old), catalogue: world, subjectId: idOf(key), scope });
    const verdicts = await Promise.all(['ann', 'bob', 'cid'].map(async (key) => (await ask(key))?.decisions[0]?.decision));
    expect(verdicts.map((d) => d?.verdict)).toEqual(['eligible', 'ineligible', 'undetermined']);
    expect(verdicts[1]?.trace.children?.[0]).toMatchObject({
      kind: 'leaf',
      truth: false,
      fact: 'age',
      source: { dataset: 'base', asOf: '2026-01-10' },
    });
    expect(verdicts[2]?.missing).toEqual([{ fact: 'age', dataset: 'base', reason: 'empty', asOf: '2026-01-10' }]);
    expect(await ask('nobody')).toBeNull();
    expect(await ask('ann', only({ divisions: ['2'] }))).toBeNull();
    expect(await ask('ann', only({ items: ['other'] }))).toBeNull();
  });

  it('follows links and events', async () => {
    const widow = itemOf('widow', { conditions: { all: [{ fact: 'partner.age', operator: 'greaterThan', value: 60 }] } });
    await tell(database, { ann: { partner: { spans: [{ v: 'bob' }] } }, bob: { age: '61' } });
    await sealAndRun(database, [widow]);
    const why = await whyNow(database.db, { version: versionOf(widow), catalogue: world, subjectId: idOf('ann'), scope: everything });
    expect(why?.decisions.map((d) => d.decision.verdict)).toEqual(['eligible']);
  });
});

describe('the undetermined', () => {
  const two = itemOf('two', {
    conditions: {
      all: [
        { fact: 'age', operator: 'greaterThan', value: 60 },
        { fact: 'kind', operator: 'equal', value: '甲' },
      ],
    },
  });

  it('are found again by what they lack, in pages', async () => {
    await tell(database, {
      ann: { age: '70' },
      bob: { kind: '甲' },
      cid: {},
      dan: { age: '70', kind: '甲' },
      eve: { age: '50' },
      fay: { age: '70' },
    });
    await publish(database, [two]);
    const { runId } = await sealAndRun(database, [two]);
    expect(await undeterminedByMissing(database.db, runId, everything)).toMatchObject([
      { fact: 'kind', dataset: 'base', reason: 'empty', subjects: 3 },
      { fact: 'age', dataset: 'base', reason: 'empty', subjects: 2 },
    ]);
    const ask = { version: versionOf(two), catalogue: world, periodKey: '2026-01', scope: everything };
    const first = await undeterminedSubjects(database.db, { ...ask, fact: 'kind', limit: 2 });
    expect(first.rows.map((r) => r.name)).toEqual(['ann', 'cid']);
    const second = await undeterminedSubjects(database.db, { ...ask, fact: 'kind', limit: 2, cursor: first.cursor });
    expect(second).toMatchObject({ rows: [{ name: 'fay' }], cursor: null });
    expect((await undeterminedSubjects(database.db, { ...ask, fact: 'age', dataset: 'nobody' })).rows).toEqual([]);
    expect((await undeterminedSubjects(database.db, { ...ask, scope: only({ divisions: ['2'] }) })).rows).toEqual([]);
    expect(await missingInScope(database.db, { ...ask, scope: only({ divisions: ['110000'] }) })).toEqual([
      { fact: 'kind', dataset: 'base', reason: 'empty', subjects: 3 },
      { fact: 'age', dataset: 'base', reason: 'empty', subjects: 2 },
    ]);
  });
});
