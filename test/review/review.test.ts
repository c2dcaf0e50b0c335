// A version on its way, on a real PostgreSQL: two people, green examples, the gate, closed periods and what they cost, one difference per person.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { replay } from '../../src/match/replay.ts';
import { runItems } from '../../src/match/run.ts';
import type { Item } from '../../src/policy/item.ts';
import { liveItems, publishedItem } from '../../src/policy/store.ts';
import { rewriteDraft, saveDraft } from '../../src/review/draft.ts';
import { type Remarking, remarkReview, remarksOn } from '../../src/review/remark.ts';
import { mayMove, type Review, type ReviewState, reviewStates, usualLimit } from '../../src/review/review.ts';
import { listReviews, personDifferences, readReview, setGateLimit } from '../../src/review/store.ts';
import { publishReview, reopenReview, retireVersion, returnReview, setGate, submitReview, withdrawReview } from '../../src/review/work.ts';
import { settle } from '../../src/settlement/settle.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { testDatabase } from '../database.ts';
import { at, empty, idOf, itemOf, publish, tell } from '../match/ground.ts';
import { world } from '../snapshot/world.ts';

const database = testDatabase();
beforeEach(async () => {
  await empty(database);
  await publish(database, []);
  await transaction(database.db, (tx) => setGateLimit(tx, usualLimit, at));
});

const aid = (over: Partial<Item> = {}): Item => itemOf('aid', { lookback: 3, notes: [{ covers: '/conditions/0', text: '测试' }], ...over });

const submit = (item: unknown, more: object = {}): Promise<Review> =>
  submitReview(database.db, { json: item, catalogue: world, maker: 'ann', at, ...more });
const release = (id: string, checker = 'bob', accept: string | null = null) =>
  publishReview(database.db, { id, catalogue: world, checker, accept, at });
const remark = (id: string, text: string, more: Partial<Remarking> = {}) =>
  remarkReview(database.db, { id, by: 'bob', role: 'reviewer', at, text, ...more });
const codeOf = async (work: Promise<unknown>): Promise<readonly string[]> => {
  try {
    await work;
    return [];
  } catch (error) {
    return (error as { problems: { code: string }[] }).problems.map((p) => p.code);
  }
};
const month = async (knownAt: string): Promise<void> => {
  const { db } = database;
  const { snapshotId } = await seal(db, { catalogue: world, knownAt: day(knownAt), at, actor: 'test' });
  const cut = await transaction(db, ledgerCut);
  const ran = await runItems(db, { snapshotId, items: await liveItems(db), catalogue: world, ledgerCut: cut, at, actor: 'test' });
  expect(ran.items.map((i) => i.stopped).filter((s) => s !== null)).toEqual([]);
  await settle(db, { now: at });
};
const people = { ann: { age: '81' }, bob: { age: '85' }, cid: { age: '60' } };

describe('a version in review', () => {
  it('is refused with every problem: shape, examples, lint errors', async () => {
    expect(await codeOf(submit({ ...aid(), award: {} }))).toEqual(['rule.shape']);
    const example = { name: '错', period: '2026-01', facts: {}, expect: { verdict: 'eligible' as const } };
    expect(await codeOf(submit(aid({ examples: [example] })))).toEqual(['rule.example']);
    const nobody = [
      { fact: 'age', operator: 'lessThan', value: 5 },
      { fact: 'age', operator: 'greaterThan', value: 6 },
    ];
    expect(await codeOf(submit(aid({ conditions: { all: nobody } })))).toEqual(['rule.lint-contradiction']);
    expect(await listReviews(database.db, { scope: everything })).toEqual([]);
  });
  it('is published by a second person alone, once, with its document, and leaves its trace', async () => {
    const document = { name: '办法.pdf', bytes: new TextEncoder().encode('%PDF-1.7 办法') };
    const review = await submit(aid(), { document });
    expect(review).toMatchObject({ state: 'review', effect: null, document: { name: '办法.pdf' } });
    expect(await codeOf(submit(aid({ title: '另一份' })))).toEqual(['conflict.review']);
    expect(await codeOf(release(review.id, 'ann'))).toEqual(['state.same-person']);
    expect(await release(review.id)).toMatchObject({ version: 1, already: false });
    expect(await codeOf(release(review.id))).toEqual(['state.review']);
    expect((await publishedItem(database.db, 'aid', 1))?.document).toBe(review.document?.sha256);
    const audited = await database.sql`select action from audit_entry where object_id = ${review.id} order by id`;
    expect(audited.map((a) => a.action)).toEqual(['review.submit', 'review.publish']);
    await expect(database.sql`delete from item_version`).rejects.toThrow();
  });
  it('goes back with a reason and comes again, or is taken back by who wrote it', async () => {
    const draft = await saveDraft(database.db, { json: { id: 'aid', title: '事项', authority: '局' }, maker: 'ann', at });
    expect(draft.state).toBe('draft');
    const again = (json: unknown, was: string, maker = 'ann') => rewriteDraft(database.db, { id: draft.id, json, was, maker, at });
    const whole = { id: 'aid', title: '事项', authority: '局' };
    const second = await again({ ...whole, title: '改一次' }, draft.hash);
    expect([second.title, second.state]).toEqual(['改一次', 'draft']);
    // Two windows that began with the same: whoever comes later is told, unless both say the same.
    expect(await codeOf(again({ ...whole, title: '另一窗口' }, draft.hash))).toEqual(['conflict.draft']);
    expect((await again({ ...whole, title: '改一次' }, draft.hash)).hash).toBe(second.hash);
    expect(await codeOf(again(whole, second.hash, 'bob'))).toEqual(['state.other-person']);
    expect(await codeOf(again({ ...whole, id: 'other' }, second.hash))).toEqual(['input.value']);
    expect(await codeOf(again({ ...whole, title: '' }, second.hash))).toEqual(['rule.shape', 'rule.shape']);
    const review = await submit(aid(), { draft: draft.id });
    expect([review.id, review.state]).toEqual([draft.id, 'review']);
    expect(await codeOf(again(whole, review.hash))).toEqual(['state.review']);
    await remark(review.id, '第二条请核对');
    expect(await codeOf(remark(review.id, ' '))).toEqual(['input.reason']);
    const trail = await database.sql`select action, role from audit_entry where object_id = ${review.id} order by id`;
    expect(trail.at(-1)?.role).toBe('reviewer');
    expect(trail.map((a) => a.action)).toEqual(['review.draft', 'review.redraft', 'review.submit', 'review.remark']);
    expect(await codeOf(returnReview(database.db, review.id, 'ann', '不对', at))).toEqual(['state.same-person']);
    expect(await codeOf(returnReview(database.db, review.id, 'bob', ' ', at))).toEqual(['input.reason']);
    await returnReview(database.db, review.id, 'bob', '年龄写错', at);
    expect(await readReview(database.db, review.id)).toMatchObject({ state: 'returned', reason: '年龄写错' });
    expect(await codeOf(release(review.id))).toEqual(['state.review']);
    expect((await submit(aid({ title: '改过' }), { draft: review.id })).title).toBe('改过');
    expect(await codeOf(withdrawReview(database.db, review.id, 'bob', at))).toEqual(['state.other-person']);
    await withdrawReview(database.db, review.id, 'ann', at);
    expect((await readReview(database.db, review.id))?.state).toBe('withdrawn');
    // Taken up again by whoever wrote it, and only while nothing else of the item is on its way.
    expect(await codeOf(reopenReview(database.db, review.id, 'bob', at))).toEqual(['state.other-person']);
    const other = await saveDraft(database.db, { json: aid(), maker: 'cyd', at });
    expect(await codeOf(reopenReview(database.db, review.id, 'ann', at))).toEqual(['conflict.review']);
    await withdrawReview(database.db, other.id, 'cyd', at);
    await reopenReview(database.db, review.id, 'ann', at);
    expect(await readReview(database.db, review.id)).toMatchObject({ state: 'draft', decidedAt: null, title: '改过' });
    expect(await codeOf(reopenReview(database.db, review.id, 'ann', at))).toEqual(['state.review']);
    await withdrawReview(database.db, review.id, 'ann', at);
  });
  it('is remarked on at a place the remark keeps as it was when the rule is written again, and answered', async () => {
    const { id, content } = await submit(aid());
    const pin = { place: '/conditions/all/0', about: '年龄不小于 80' };
    const was = (content as { conditions: { all: readonly unknown[] } }).conditions.all[0];
    await remark(id, '八十还是六十五？', { pin });
    const [asked] = await remarksOn(database.db, id);
    expect(asked).toMatchObject({ by: 'bob', text: '八十还是六十五？', pin: { ...pin, was }, answers: null });
    expect(await codeOf(remark(id, '没有这一处', { pin: { place: '/conditions/all/9', about: '' } }))).toEqual(['input.place']);
    expect(await codeOf(remark(id, '不是规则写的', { pin: { place: '/toString', about: '' } }))).toEqual(['input.place']);
    expect(await codeOf(remark(id, '答谁？', { answers: '0' }))).toEqual(['missing.remark']);
    await returnReview(database.db, id, 'bob', '见批注', at);
    const other = aid({ conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 65 }] } });
    await submit(other, { draft: id });
    await remark(id, '文件写的是六十五，已改', { by: 'ann', answers: asked?.id });
    const [first, answer] = await remarksOn(database.db, id);
    expect(first?.pin?.was).toEqual(was);
    expect([answer?.by, answer?.pin, answer?.answers]).toEqual(['ann', null, asked?.id]);
    expect(await codeOf(remark(id, '答答复的', { answers: answer?.id }))).toEqual(['missing.remark']);
  });
  it('retired, decides nothing more and stays', async () => {
    const review = await submit(aid());
    await release(review.id);
    await retireVersion(database.db, { itemId: 'aid', version: 1, by: 'bob', reason: '新办法', at });
    expect(await liveItems(database.db)).toEqual([]);
    expect((await publishedItem(database.db, 'aid', 1))?.item.title).toBe('事项aid');
    expect((await readReview(database.db, review.id))?.state).toBe('retired');
    const again = retireVersion(database.db, { itemId: 'aid', version: 1, by: 'bob', reason: '再', at });
    expect(await codeOf(again)).toEqual(['missing.version']);
  });
  it('moves only as the table says', () => {
    const states = Object.keys(reviewStates) as ReviewState[];
    const moves = states.flatMap((a) => states.filter((b) => mayMove(a, b)).map((b) => `${a}>${b}`));
    expect(moves.sort()).toEqual(
      [
        'draft>review',
        'draft>withdrawn',
        'published>retired',
        'returned>review',
        'returned>withdrawn',
        'review>published',
        'review>returned',
        'review>withdrawn',
        'withdrawn>draft',
      ].sort(),
    );
  });
});

describe('the gate', () => {
  it('holds what is new or changes much until the reviewer accepts it by name', async () => {
    await tell(database, people);
    await seal(database.db, { catalogue: world, knownAt: day('2026-01-20'), at, actor: 'test' });
    const first = await submit(aid());
    expect(first.effect).toMatchObject({ share: null, exceeds: true, due: { counts: { eligible: 2 } } });
    expect(await codeOf(release(first.id))).toEqual(['state.gate']);
    expect(await codeOf(release(first.id, 'bob', 'ann'))).toEqual(['state.other-person']);
    expect(await release(first.id, 'bob', 'bob')).toMatchObject({ version: 1 });
    expect(await readReview(database.db, first.id)).toMatchObject({ acceptedBy: 'bob', version: 1 });
    await month('2026-01-20');
    // 81 of two people out: half of the people, half of the money.
    const half = await submit(aid({ conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 83 }] }, lookback: 0 }));
    expect(half.effect).toMatchObject({ share: { people: 0.5, money: 0.5 }, limit: 0.2, exceeds: true });
    expect(await codeOf(release(half.id))).toEqual(['state.gate']);
    await setGate(database.db, 0.5, 'bob', at);
    expect(await release(half.id)).toMatchObject({ version: 2 });
  });
});

describe('a version for the past', () => {
  const publishNow = async (item: Item): Promise<Review> => {
    const review = await submit(item);
    await release(review.id, 'bob', 'bob');
    return review;
  };
  const threeMonths = async (): Promise<void> => {
    await tell(database, people, day('2025-11-10'));
    await publishNow(aid());
    for (const d of ['2025-11-20', '2025-12-20', '2026-01-20']) {
      await tell(database, people, day(d));
      await month(d);
    }
  };
  it('tells the closed periods and their cost first, then one difference per person', async () => {
    await threeMonths();
    const raised = aid({ award: { fixed: { yuan: 120 } }, effective: { from: day('2025-12-01'), to: null } });
    const review = await publishNow(raised);
    expect(review.effect?.closed).toEqual([{ periodKey: '2025-12', gained: 0, lost: 0, changed: 2, topUpFen: '4000', overPaidFen: '0' }]);
    expect(review.effect).toMatchObject({ topUpFen: '4000', overPaidFen: '0', exceeds: true });
    await tell(database, people, day('2026-01-25'));
    await month('2026-01-25');
    const told = await personDifferences(database.db, 'aid', 2, 100, everything);
    expect(told).toHaveLength(2);
    expect(told.map((d) => [d.subjectId, d.periods, d.topUpFen, d.recoverFen]).sort()).toEqual(
      [
        [idOf('ann'), ['2025-12'], 2000n, 0n],
        [idOf('bob'), ['2025-12'], 2000n, 0n],
      ].sort(),
    );
    expect((await replay(database.db, 'all')).differences).toEqual([]);
  });
  it('lists every month of one person in one difference', async () => {
    await threeMonths();
    await publishNow(aid({ award: { fixed: { yuan: 130 } } }));
    await tell(database, people, day('2026-01-25'));
    await month('2026-01-25');
    expect((await personDifferences(database.db, 'aid', 2, 100, everything)).map((d) => [d.periods, d.topUpFen])).toEqual([
      [['2025-11', '2025-12'], 6000n],
      [['2025-11', '2025-12'], 6000n],
    ]);
  });
  const lowered = (recovery: Partial<Item>): Item => aid({ award: { fixed: { yuan: 70 } }, ...recovery });
  const december = async (): Promise<readonly string[]> =>
    (
      await database.sql`
        select r.key, m.amount_fen from match m join record r using (subject_id)
        where period_key = '2025-12' and not exists (
          select from match n where n.subject_id = m.subject_id and n.item_id = m.item_id and n.period_key = m.period_key and n.sequence > m.sequence)
        order by 1`
    ).map((m) => `${m.key} ${m.amount_fen}`);
  it('takes nothing back unless the document says so', async () => {
    await threeMonths();
    const review = await publishNow(lowered({}));
    expect(review.effect).toMatchObject({ overPaidFen: '0', recovery: null });
    await tell(database, people, day('2026-01-25'));
    await month('2026-01-25');
    expect(await december()).toEqual(['ann 10000', 'bob 10000']);
    const [current] = await database.sql`select amount_fen from match where period_key = '2026-01' order by sequence desc limit 1`;
    expect(current?.amount_fen).toBe(7000n);
    // Whoever turns out to have died is none of the version's doing: that is over-paid under either rule.
    await tell(database, { ...people, ann: { age: '20' } }, day('2026-01-27'));
    await month('2026-01-27');
    expect((await december())[0]).toBe('ann null');
    expect((await replay(database.db, 'all')).differences).toEqual([]);
  });
  it('and tells what it would take back where it does', async () => {
    await threeMonths();
    const review = await publishNow(lowered({ recovery: { clause: '第九条' } }));
    expect(review.effect).toMatchObject({ overPaidFen: '12000', recovery: '第九条' });
    await tell(database, people, day('2026-01-25'));
    await month('2026-01-25');
    expect(await december()).toEqual(['ann 7000', 'bob 7000']);
  });
  it('says which decided periods lie beyond its look-back', async () => {
    await threeMonths();
    expect((await submit(aid({ award: { fixed: { yuan: 120 } }, lookback: 1 }))).effect?.beyond).toBe('2025-11');
  });
});
