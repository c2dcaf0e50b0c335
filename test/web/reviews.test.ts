// Versions on their way over the API: who may write, who may publish, the effect accepted by name, what tells two versions apart, and what an outsider sees.
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { type Browser, everything, signedIn, type TestApp, testApp } from './app.ts';
import { buildTown, otherItem, ownItem } from './town.ts';

const database = testDatabase();
let test: TestApp;
let writer: Browser;
let second: Browser;
let elsewhere: Browser;
let nearby: Browser;
let steward: Browser;
let item: Record<string, unknown>;
beforeAll(async () => {
  test = testApp(database);
  await buildTown(database);
  const [row] = await database.sql<{ content: Record<string, unknown> }[]>`select content from item_version where item_id = ${ownItem}`;
  // Everybody gets another amount: beyond any gate.
  item = { ...row?.content, title: '高龄津贴（提标）', award: { fixed: { yuan: 999 } }, examples: [] };
  writer = await signedIn(test, database, 'writer', ['officer']);
  second = await signedIn(test, database, 'second', ['officer']);
  elsewhere = await signedIn(test, database, 'elsewhere', ['officer'], { ...everything, items: [otherItem] });
  nearby = await signedIn(test, database, 'nearby', ['officer'], { ...everything, divisions: ['530128'] });
  steward = await signedIn(test, database, 'steward', ['steward']);
});

interface Answer {
  readonly status: number;
  readonly body: { readonly [key: string]: unknown };
  readonly code: string | undefined;
}
const read = async (response: Response): Promise<Answer> => {
  const body = (await response.json()) as Answer['body'];
  const problems = body.problems as readonly { code: string }[] | undefined;
  return { status: response.status, body, code: problems?.[0]?.code };
};
const post = async (who: Browser, path: string, body: unknown = {}): Promise<Answer> => read(await who.postJson(path, body));
const get = async (who: Browser, path: string): Promise<Answer> => read(await who.getJson(path));

describe('a version over the API', () => {
  let review: string;

  it('is drafted and submitted by an officer of the item, one at a time', async () => {
    expect((await post(steward, '/api/drafts', item)).status).toBe(403);
    expect((await post(elsewhere, '/api/drafts', item)).code).toBe('scope.item');
    const draft = await post(writer, '/api/drafts', item);
    expect(draft.body).toMatchObject({ state: 'draft', item: ownItem, maker: 'writer' });
    expect((await post(second, '/api/reviews', { item, draft: draft.body.id })).code).toBe('state.other-person');
    const broken = await post(writer, '/api/reviews', { item: { ...item, award: {} }, draft: draft.body.id });
    expect(broken).toMatchObject({ status: 422, code: 'rule.shape' });
    const scan = (bytes: number) => ({
      name: '办法.pdf',
      base64: Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(bytes)]).toString('base64'),
    });
    const large = await post(writer, '/api/reviews', { item, draft: draft.body.id, document: scan(20_000_000) });
    expect(large).toMatchObject({ status: 400, code: 'input.document' });
    const larger = await post(writer, '/api/reviews', { item, draft: draft.body.id, document: scan(30_000_000) });
    expect(larger).toMatchObject({ status: 400, code: 'input.too-large' });
    const sent = await post(writer, '/api/reviews', { item, draft: draft.body.id, document: scan(19_000_000) });
    expect(sent.body.document).toMatchObject({ name: '办法.pdf' });
    expect(sent.body).toMatchObject({ state: 'review', item: ownItem });
    expect((await post(second, '/api/reviews', { item })).code).toBe('conflict.review');
    review = String(sent.body.id);
  });

  it('is looked at whole while it is written: what is wrong, in Chinese, its examples, what tells it from the version in force', async () => {
    const whole = await post(writer, '/api/rules/look', { item });
    expect(whole.body).toMatchObject({ problems: [], examples: [], coverage: { tried: 0 } });
    expect((whole.body.said as { text: string }).text).toContain('高龄津贴（提标）');
    expect((whole.body.differences as readonly { part: string }[]).map((one) => one.part)).toContain('标准');
    expect(whole.body.reads).toEqual(['birthDate', 'deathDate', 'hukouRegion']);
    const broken = await post(writer, '/api/rules/look', { item: { ...item, conditions: { all: [] } } });
    expect(broken.body).toMatchObject({ said: null, problems: [{ code: 'rule.empty-group', at: '/conditions/all' }] });
    // The builder goes on offering the rule's own facts by type.
    expect(broken.body.names).toMatchObject([{ name: 'ageThisMonth', type: { kind: 'number', unit: '岁' } }]);
    for (const hostile of [null, 1, [], { facts: { a: { feel: '('.repeat(4000) } } }])
      expect((await post(writer, '/api/rules/look', { item: hostile })).status).toBe(200);
    expect((await post(steward, '/api/rules/look', { item })).status).toBe(403);
    const names = await get(writer, `/api/rules/names?audience=citizen&item=${ownItem}`);
    const birth = (names.body.names as readonly { name: string; sources: unknown; granted: boolean }[]).find(
      (one) => one.name === 'birthDate',
    );
    expect(birth).toMatchObject({ granted: true, sources: [{ dataset: 'police-residents', freshness: 'fresh' }] });
    const codes = await get(writer, '/api/rules/codes?tree=division&find=禄劝');
    expect((codes.body.rows as readonly { code: string }[])[0]?.code).toBe('530128');
    expect((await get(writer, '/api/rules/codes?tree=none')).status).toBe(400);
    const foreign = {
      conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 80, priority: 2 }] },
      event: { type: 'x' },
    };
    const taken = await post(writer, '/api/rules/import', { rule: foreign });
    expect(taken.body).toMatchObject({ conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 80 }] }, problems: [] });
    expect(taken.body.notes).toHaveLength(2);
  });

  it('is read within the scope; its effect only by who sees everybody', async () => {
    expect((await get(elsewhere, `/api/reviews/${review}`)).status).toBe(404);
    expect((await get(steward, '/api/reviews')).body.rows).toHaveLength(1);
    expect((await get(elsewhere, '/api/reviews')).body.rows).toHaveLength(0);
    expect((await get(second, `/api/reviews/${review}`)).body.effect).not.toBeNull();
    expect((await get(nearby, `/api/reviews/${review}`)).body.effect).toBeNull();
  });

  it('is remarked on at one place, read aloud as it stands; within the scope, by those who write or review', async () => {
    const path = `/api/reviews/${review}/remarks`;
    const asked = { text: '文件第三条没有这个数', place: '/award/fixed' };
    expect((await post(elsewhere, path, asked)).status).toBe(404);
    expect((await get(elsewhere, path)).status).toBe(404);
    expect((await post(steward, path, asked)).status).toBe(403);
    expect((await post(second, path, { ...asked, place: '/award/tiers' })).code).toBe('input.place');
    expect((await post(second, path, { ...asked, place: 'award' })).status).toBe(400);
    expect((await post(second, path, asked)).status).toBe(200);
    const remarks = async () => (await get(steward, path)).body.rows as readonly { id: string; about: string }[];
    const [pinned] = await remarks();
    expect(pinned).toMatchObject({ by: 'second', place: '/award/fixed', was: { yuan: 999 }, answers: null });
    expect(pinned?.about).toContain('999');
    expect((await post(writer, path, { text: '第四条写的', answers: pinned?.id })).status).toBe(200);
    expect((await remarks())[1]).toMatchObject({ by: 'writer', place: null, answers: pinned?.id });
    const history = (await get(steward, `/api/reviews/${review}/history`)).body.rows as readonly { what: string; pinned: boolean }[];
    expect(history.filter((one) => one.pinned).map((one) => one.what)).toEqual(['批注', '批注']);
  });

  it('goes back with a reason, or is taken back by its writer alone', async () => {
    expect((await post(second, `/api/reviews/${review}/return`, { reason: ' ' })).code).toBe('input.reason');
    expect((await post(elsewhere, `/api/reviews/${review}/return`, { reason: '看不懂' })).status).toBe(404);
    expect((await post(second, `/api/reviews/${review}/withdraw`)).code).toBe('state.other-person');
    expect((await post(second, `/api/reviews/${review}/return`, { reason: '第三条的引文不对' })).body).toMatchObject({
      state: 'returned',
      reason: '第三条的引文不对',
    });
    expect((await post(second, `/api/reviews/${review}/publish`)).code).toBe('state.review');
    expect((await post(writer, '/api/reviews', { item, draft: review })).body).toMatchObject({ state: 'review' });
  });

  it('waits at the gate for the reviewer’s own name', async () => {
    expect((await steward.getJson('/api/release-gate')).status).toBe(200);
    expect((await get(second, `/api/reviews/${review}`)).body.exceeds).toBe(true);
    expect((await post(second, `/api/reviews/${review}/publish`)).code).toBe('state.gate');
    expect((await post(writer, `/api/reviews/${review}/publish`, { accept: 'writer' })).code).toBe('state.same-person');
    expect((await post(second, `/api/reviews/${review}/publish`, { accept: 'writer' })).code).toBe('state.other-person');
    expect((await get(second, `/api/reviews/${review}`)).body.state).toBe('review');
    const done = await post(second, `/api/reviews/${review}/publish`, { accept: 'second' });
    expect(done.body).toMatchObject({ state: 'published', version: 2, checker: 'second' });
    expect((await post(second, `/api/reviews/${review}/publish`, { accept: 'second' })).code).toBe('state.review');
  });

  it('is told apart from the one before, and retired by another than its writer', async () => {
    const path = `/api/items/${ownItem}/versions/2`;
    const differences = (await get(steward, `${path}/diff?from=1`)).body.differences as readonly { at: string; text: string }[];
    expect(differences.map((one) => one.text).join('；')).toContain('高龄津贴（提标）');
    expect((await get(elsewhere, `${path}/diff?from=1`)).status).toBe(404);
    expect((await get(steward, `${path}/diff?from=9`)).status).toBe(404);
    expect((await get(steward, `${path}/differences`)).body).toEqual({ rows: [], next: null });
    expect((await post(writer, `${path}/retire`, { reason: '并入新办法' })).code).toBe('state.same-person');
    expect((await post(steward, `${path}/retire`, { reason: '并入新办法' })).status).toBe(403);
    expect((await post(second, `${path}/retire`, { reason: '并入新办法' })).body).toEqual({ retired: true });
  });

  it('has a gate that officers set, between none and everything', async () => {
    const put = (who: Browser, gate: number) => who.putJson('/api/release-gate', { gate });
    expect((await put(steward, 0.5)).status).toBe(403);
    expect((await put(second, 2)).status).toBe(400);
    expect((await put(second, 0.5)).status).toBe(200);
    expect((await get(steward, '/api/release-gate')).body).toEqual({ gate: 0.5 });
  });
});
