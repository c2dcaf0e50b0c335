// Review by levels, divisions and numbers; refusals with a person and a reason behind them; many at once; two people on one record.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/base/scope.ts';
import { answer } from '../../src/disbursement/ask.ts';
import { review, reviewAll, routedTo } from '../../src/disbursement/review.ts';
import type { Item } from '../../src/policy/item.ts';
import { testDatabase } from '../database.ts';
import { broken, complete, empty, itemOf, linesOf, publish, runWith, settlePeople } from '../settlement/ground.ts';
import { act, lifeOf } from './ground.ts';

const database = testDatabase();
const { tick, all, only, doing, told, notices } = lifeOf(database);
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const county: Scope = { authorities: null, divisions: ['530128'], items: null };
const city: Scope = { authorities: null, divisions: ['530100'], items: null };
const roster = [
  { id: 'c1', scope: county },
  { id: 'c2', scope: county },
  { id: 's1', scope: city },
];
const say = (who: string, scope: Scope, decision: 'pass' | 'return' | 'refuse', reason?: string) =>
  doing(async (tx) => review(tx, { ...act((await only()).id, { who, scope }), decision, reason, roster }));

const begin = async (levels: NonNullable<Item['review']>['levels']) => {
  await settlePeople(database, { A: complete });
  await publish(database, [itemOf('a', { review: { levels }, flow: { first: ['guard', 'review', 'pay'], continuing: ['pay'] } })]);
  await runWith(database, [{ item: 'a', subject: 'A' }]);
  await tick();
};

describe('levels', () => {
  it('first the county, then the city, each its own people and its own limit', async () => {
    await begin([
      { name: '区县初审', division: 'county', workingDays: 5 },
      { name: '市级复审', division: 'city', workingDays: 3 },
    ]);
    expect(await only()).toMatchObject({ state: 'reviewing', dueOn: '2026-11-17' });
    await expect(say('s1', city, 'pass')).rejects.toThrow('scope.review');
    await say('c1', county, 'pass');
    expect(await only()).toMatchObject({ state: 'reviewing', dueOn: '2026-11-13' });
    await expect(say('c2', county, 'pass')).rejects.toThrow('scope.review');
    await say('s1', city, 'pass');
    expect((await only()).state).toBe('ready');
    const votes = await database.sql`select level, person, decision from review_vote order by level`;
    expect(votes).toEqual([
      { level: 0, person: 'c1', decision: 'pass' },
      { level: 1, person: 's1', decision: 'pass' },
    ]);
  });

  it('one person is never two levels', async () => {
    await begin([{ name: '初审' }, { name: '复审' }]);
    await say('c1', county, 'pass');
    await expect(say('c1', county, 'pass')).rejects.toThrow('state.same-person');
    await say('c2', county, 'pass');
    expect((await only()).state).toBe('ready');
  });

  it('none: nobody is asked, but a stop still has a person behind it', async () => {
    await begin([]);
    expect((await only()).state).toBe('ready');
    await runWith(database, [{ item: 'a', subject: 'A', verdict: 'ineligible', kind: 'ended' }]);
    await tick();
    expect((await all()).map((d) => `${d.matchKind} ${d.state}`).toSorted()).toEqual(['ended reviewing', 'first closed']);
  });

  it('all of those it is routed to, or so many of them; one is enough to refuse', async () => {
    await begin([{ name: '会审', division: 'county', need: 'all' }]);
    await say('c1', county, 'pass');
    expect((await only()).state).toBe('reviewing');
    await say('c2', county, 'pass');
    expect((await only()).state).toBe('ready');
    await empty(database);
    await begin([{ name: '会审', need: 2 }]);
    await say('c1', county, 'pass');
    await say('s1', city, 'refuse', '与户籍不符');
    expect((await all()).map((d) => d.state)).toEqual(['closed']);
  });

  it('routes by division, authority and item', () => {
    const record = { authority: '局', division: '530128101200', itemId: 'a' };
    const at = (divisions: string[] | null, division?: 'town' | 'county' | 'city') =>
      routedTo({ name: 'x', ...(division === undefined ? {} : { division }) }, { authorities: null, items: null, divisions }, record);
    expect([at(['530128']), at(['530128'], 'county'), at(['530128'], 'city'), at(['530100'], 'city')]).toEqual([true, true, false, true]);
    expect([at(['530128101000'], 'town'), at(['530129'], 'county'), at(null, 'city'), at(['530129', '530100'], 'county')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(routedTo({ name: 'x' }, { authorities: ['别的局'], items: null, divisions: null }, record)).toBe(false);
  });
});

describe('decisions', () => {
  it('a refusal gives the money back and tells the person why and how to object', async () => {
    await begin([{ name: '审核' }]);
    await expect(say('c1', county, 'refuse', ' ')).rejects.toThrow('input.reason');
    await say('c1', county, 'refuse', '户籍已迁出');
    expect(await linesOf(database, ['A'])).toMatchObject([{ state: 'withdrawn' }]);
    await tick();
    await tick();
    expect(await told()).toEqual(['refused']);
    const [notice] = await notices();
    expect(notice?.body).toContain('经人工审核，不予发放。理由：户籍已迁出。');
    expect(notice?.body).toContain('提出异议');
    expect(await database.sql`select count(*)::int as n from owed_notice where notice_id is null`).toEqual([{ n: 0 }]);
  });

  it('a return asks again with the reviewer’s words, each time, and starts the review anew', async () => {
    await begin([{ name: '初审' }, { name: '复审' }]);
    await say('c1', county, 'pass');
    for (const what of ['补户口本', '再补照片']) {
      await say('c2', county, 'return', what);
      await tick();
      expect(await only()).toMatchObject({ state: 'asking', gaps: [`审核退回：${what}`] });
      await doing(async (tx) =>
        answer(tx, { ...act((await only()).id), by: 'reviewer', settled: [`审核退回：${what}`], reason: '已看原件' }),
      );
      await say('c1', county, 'pass');
    }
    expect(await told()).toEqual(['sent-back', 'sent-back']);
    expect(await database.sql`select count(distinct round)::int as rounds from review_vote`).toEqual([{ rounds: 3 }]);
  });

  it('many at once, each with its reason: all or none, every row that cannot be decided is named', async () => {
    await settlePeople(database, { A: complete, B: complete, C: complete });
    await publish(database, [itemOf('a', { flow: { first: ['review', 'pay'], continuing: ['pay'] } })]);
    await runWith(
      database,
      ['A', 'B', 'C'].map((subject) => ({ item: 'a', subject })),
    );
    await tick();
    const [a = '', b = '', c = ''] = (await all()).map((d) => d.id);
    const base = { ...act(''), roster };
    const bulk = (rows: Parameters<typeof reviewAll>[2]) => doing((tx) => reviewAll(tx, base, rows));
    const refused = await bulk([
      { id: a, decision: 'pass' },
      { id: b, decision: 'refuse' },
      { id: '00000000-0000-4000-8000-000000000000', decision: 'pass' },
    ]).catch((error: { problems: { code: string; at: string }[] }) => error.problems.map((p) => `${p.code} ${p.at}`));
    expect((refused as string[]).toSorted()).toEqual(['input.reason /1/reason', 'missing.disbursement /2']);
    expect((await all()).map((d) => d.state)).toEqual(['reviewing', 'reviewing', 'reviewing']);
    await expect(bulk([a, a].map((id) => ({ id, decision: 'pass' as const })))).rejects.toThrow('input.repeated');
    await bulk([
      { id: a, decision: 'pass' },
      { id: b, decision: 'refuse', reason: '重复享受' },
      { id: c, decision: 'return', reason: '补材料' },
    ]);
    const byId = new Map((await all()).map((d) => [d.id, d.state]));
    expect([byId.get(a), byId.get(b), byId.get(c)]).toEqual(['ready', 'closed', 'asking']);
  });

  it('two people on one record at once: one decides, the other is told that it is over', async () => {
    for (let round = 0; round < 12; round++) {
      await empty(database);
      await begin([{ name: '审核' }]);
      const { id } = await only();
      const at = (who: string, decision: 'pass' | 'refuse', reason?: string) =>
        doing((tx) => review(tx, { ...act(id, { who, scope: county }), decision, reason, roster }));
      const done = await Promise.allSettled([at('c1', 'pass'), at('c2', 'refuse', '重复享受')]);
      expect(done.map((d) => d.status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const [loser] = done.filter((d) => d.status === 'rejected');
      expect(String((loser as PromiseRejectedResult).reason)).toMatch(/state\.edge|conflict\.changed/);
      const [record] = await all();
      expect(record?.state).toBe(done[0]?.status === 'fulfilled' ? 'ready' : 'closed');
      expect(await database.sql`select count(*)::int as n from review_vote`).toEqual([{ n: 1 }]);
      expect(await broken(database)).toEqual([]);
    }
  });

  it('two people passing one level at once are both counted, once each', async () => {
    for (let round = 0; round < 12; round++) {
      await empty(database);
      await begin([{ name: '会审', need: 2 }]);
      await Promise.all([say('c1', county, 'pass'), say('c2', county, 'pass')]);
      expect((await only()).state).toBe('ready');
      expect(await database.sql`select count(*)::int as n from disbursement_event where to_state = 'ready'`).toEqual([{ n: 1 }]);
    }
  });
});
