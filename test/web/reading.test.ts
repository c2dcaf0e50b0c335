// What pages and the API say: the explanation of a match, lists paged by cursor, refusals in the problem format, hostile text as text, nothing that names a person.
import { beforeAll, describe, expect, it } from 'vitest';
import { whyNow } from '../../src/match/why.ts';
import { whyAll } from '../../src/match/why-all.ts';
import { compileItem } from '../../src/policy/compile.ts';
import { liveItems } from '../../src/policy/store.ts';
import { subjectById } from '../../src/record/view-store.ts';
import { testDatabase } from '../database.ts';
import { type Browser, signedIn, type TestApp, testApp } from './app.ts';
import { buildTown, hostile, other, otherFirm, own, ownFirm, ownItem, type Town } from './town.ts';

const database = testDatabase();
let test: TestApp;
let town: Town;
let one: Browser;
beforeAll(async () => {
  test = testApp(database);
  town = await buildTown(database);
  one = await signedIn(test, database, 'reader', ['reviewer']);
});

const json = async <T>(path: string): Promise<T> => (await (await one.getJson(path)).json()) as T;
interface Page {
  readonly rows: readonly { readonly id: string }[];
  readonly next: string | null;
}

describe('a match', () => {
  it('tells every condition with what is required, found, from where and when, and the amount step by step', async () => {
    const match = await json<{
      conditions: {
        at: string;
        kind: string;
        truth: boolean;
        required: string | null;
        actual: string | null;
        sources: { title: string; department: string; asOf: string }[];
        inputs: unknown[];
      }[];
      lines: { amountFen: string; steps: { text: string }[] }[];
      evidence: { read: unknown[]; snapshot: string };
    }>(`/api/matches/${town.own.matches[0]}`);
    const at = (pointer: string) => match.conditions.find((c) => c.at === pointer);
    expect(at('/conditions')).toMatchObject({ kind: 'all', truth: true });
    expect(at('/conditions/all/0')).toMatchObject({
      required: '户籍地区划属于禄劝彝族苗族自治县',
      actual: '禄劝彝族苗族自治县',
      truth: true,
      sources: [{ title: '户籍登记', department: '公安局', asOf: '2026-04-14' }],
    });
    expect(at('/conditions/all/1')).toMatchObject({ actual: '86 岁', inputs: [{ label: '出生日期', value: '1940年1月2日' }] });
    expect(match.lines[0]).toMatchObject({ amountFen: '6000' });
    expect(match.lines[0]?.steps.length).toBeGreaterThan(0);
    expect(match.evidence.read.length).toBeGreaterThan(2);
    const page = await (await one.get(`/staff/matches/${town.own.matches[0]}`)).text();
    for (const text of [
      '要求',
      '实际',
      '来源',
      '数据日期',
      '满足',
      '公安局',
      '60.00 元',
      `/staff/disbursements/${town.own.disbursements[0]}`,
    ])
      expect(page).toContain(text);
  });

  it('has a reason for who is not in, and says what is missing for who is open', async () => {
    type View = { items: { itemId: string; verdict: string; reason: string | null; matchId: string | null }[] };
    const of = async (subject: string | undefined) =>
      (await json<View>(`/api/subjects/${subject}?reason=call&order=GD-2026-1`)).items.find((item) => item.itemId === ownItem);
    expect(await of(town.own.subjects[0])).toMatchObject({ verdict: 'eligible', matchId: town.own.matches[0], reason: null });
    expect(await of(town.own.subjects[1])).toMatchObject({
      verdict: 'ineligible',
      matchId: null,
      reason: '要求当月末周岁达到 80 岁，实际：36 岁',
    });
    expect(await of(town.own.subjects[2])).toMatchObject({
      verdict: 'undetermined',
      reason: '缺出生日期：公安局《常住人口基本信息》报送了但这一项空着',
    });
    const why = await (await one.get(`/staff/people/${town.own.subjects[2]}/items/${ownItem}?reason=call&order=GD-2026-1`)).text();
    expect(why).toContain('缺数据');
  });
});

describe('looking at one person', () => {
  const looksAt = async (subject: string) => await database.sql`select * from profile_look where subject_id = ${subject} order by id`;

  it('asks why first: a form on pages, 428 over the API, and nothing is shown or written before', async () => {
    const subject = town.own.subjects[1] as string;
    const before = await looksAt(subject);
    for (const path of [`/staff/people/${subject}`, `/staff/people/${subject}/items/${ownItem}`]) {
      const asked = await one.get(path);
      expect([path, asked.status]).toEqual([path, 428]);
      const page = await asked.text();
      expect(page).toContain('工单号');
      expect(page).not.toContain(own[1]?.name);
    }
    for (const query of ['', '?reason=call', '?reason=curious&order=GD-1', '?reason=call&order=530128194001020000', '?order=GD-1']) {
      const refused = await one.getJson(`/api/subjects/${subject}${query}`);
      const { problems } = (await refused.json()) as { problems: { code: string; hint: string }[] };
      expect([query, refused.status, problems[0]?.code]).toEqual([query, 428, query === '' ? 'purpose.missing' : 'purpose.wrong']);
      expect(problems[0]?.hint).toContain('call 本人来电来访');
    }
    expect(await looksAt(subject)).toEqual(before);
  });

  it('leaves who, whom, why and which facts, for each view, and for good', async () => {
    const subject = town.own.subjects[0] as string;
    const before = (await looksAt(subject)).length;
    const said = '?reason=objection&order=YY-2026-7';
    const page = await (await one.get(`/staff/people/${subject}${said}`)).text();
    expect(page).toContain('每个事项');
    await one.getJson(`/api/subjects/${subject}${said}`);
    await one.get(`/staff/people/${subject}/items/${ownItem}${said}`);
    await one.get(`/staff/matches/${town.own.matches[0]}`);
    const rows = (await looksAt(subject)).slice(before);
    expect(rows.map((row) => [row.view, row.reason, row.order_number])).toEqual([
      ['person', 'objection', 'YY-2026-7'],
      ['person', 'objection', 'YY-2026-7'],
      ['why', 'objection', 'YY-2026-7'],
      ['match', 'handle', `match-${town.own.matches[0]}`],
    ]);
    expect(new Set(rows.map((row) => row.actor)).size).toBe(1);
    expect(rows[0]?.role).toBe('reviewer');
    expect(rows[2]).toMatchObject({ item_id: ownItem, facts: expect.arrayContaining(['birthDate', 'hukouRegion']) });
    expect(rows[3]).toMatchObject({ item_id: ownItem, facts: expect.arrayContaining(['birthDate', 'hukouRegion']) });
    for (const attempt of [database.sql`update profile_look set reason = 'audit'`, database.sql`delete from profile_look`])
      expect(await attempt.then(String, (error: { code?: string }) => error.code)).toBe('42501');
  });

  it('is no way to learn who there is: a stranger, asked with a reason, is answered as nobody', async () => {
    expect((await one.get('/staff/people/00000000-0000-4000-8000-000000000000?reason=call&order=GD-1')).status).toBe(404);
  });
});

describe('the short why of every item', () => {
  it('answers as the long one of each, for everybody in town', async () => {
    const scope = { authorities: null, divisions: null, items: null };
    const items = await liveItems(database.db);
    const compiled = items.map(({ item }) => compileItem(item, town.catalogue));
    let compared = 0;
    for (const subjectId of [...town.own.subjects, ...town.other.subjects]) {
      const subject = await subjectById(database.db, subjectId, scope);
      const short = subject === null ? null : await whyAll(database.db, subject, compiled, town.catalogue);
      for (const version of items) {
        const long = await whyNow(database.db, { version, catalogue: town.catalogue, subjectId, scope });
        const told = short?.get(version.item.id) ?? [];
        expect(told.map(({ decision }) => [decision.verdict, decision.amountFen])).toEqual(
          long?.decisions.map(({ decision }) => [decision.verdict, decision.amountFen]),
        );
        expect(told.map(({ decision }) => decision.trace.truth)).toEqual(long?.decisions.map(({ decision }) => decision.trace.truth));
        compared += told.length;
      }
    }
    expect(compared).toBe(12);
  });
});

describe('the interface description', () => {
  it('names every route of the API with an answer and its refusals', async () => {
    const { paths } = await json<{ paths: Record<string, Record<string, { responses: Record<string, unknown> }>> }>('/openapi.json');
    const routes = test.app.routes.filter((route) => route.path.startsWith('/api/') && route.method !== 'ALL');
    const missing = routes.filter((route) => {
      const operation = paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
      return operation === undefined || !['200', '400', '401', '403'].every((status) => status in operation.responses);
    });
    expect(missing.map((route) => `${route.method} ${route.path}`)).toEqual([]);
    expect(Object.keys(paths).filter((path) => path.startsWith('/api/')).length).toBeGreaterThan(13);
  });
});

describe('lists', () => {
  it('come page by page, each row once', async () => {
    for (const list of ['matches', 'notices', 'disbursements']) {
      const whole = (await json<Page>(`/api/${list}`)).rows.map((row) => row.id);
      const paged: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Page = await json<Page>(`/api/${list}?limit=1${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
        paged.push(...page.rows.map((row) => row.id));
        cursor = page.next;
      }
      expect(paged).toEqual(whole);
      expect(whole.length).toBe(2);
    }
    const waiting = await json<{ rows: unknown[]; next: string | null }>(`/api/undetermined/${ownItem}?limit=1`);
    expect(waiting.rows).toHaveLength(1);
  });

  it('filter as the address says', async () => {
    expect((await json<Page>(`/api/matches?item=${ownItem}&verdict=eligible&kind=first&period=2026-04`)).rows).toHaveLength(1);
    expect((await json<Page>(`/api/matches?verdict=undetermined`)).rows).toHaveLength(0);
    expect(await (await one.get('/staff/matches?kind=ended')).text()).toContain('没有这样的匹配结果');
  });

  it('refuse what nobody understands in the problem format', async () => {
    const wrong = [
      '/api/matches?limit=0',
      '/api/matches?limit=many',
      '/api/matches?verdict=perhaps',
      '/api/matches?vedict=eligible',
      '/api/matches?cursor=bm90IG91cnM',
      '/api/notices?cursor=bm90IG91cnM',
      '/api/disbursements?cursor=bm90IG91cnM',
      '/api/runs?cursor=bm90IG91cnM',
      `/api/undetermined/${ownItem}?cursor=bm90IG91cnM`,
      `/api/deliveries/${town.delivery}/problems?cursor=bm90IG91cnM`,
      '/api/matches/not-an-id',
      '/api/subjects/530128',
      '/api/items?page=2',
    ];
    for (const path of wrong) {
      const response = await one.getJson(path);
      const { problems } = (await response.json()) as { problems: { code: string; message: string }[] };
      expect([path, response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([path, 400, 'application/problem+json']);
      expect(problems[0]?.message).toMatch(/[\u4e00-\u9fff]/);
    }
    for (const path of [
      '/staff/matches/x',
      '/staff/people/x',
      '/staff/notices/x',
      '/staff/disbursements/x',
      '/staff/runs/x',
      '/staff/data/x',
      '/staff/items/x',
    ])
      expect([path, (await one.get(path)).status]).toEqual([path, 404]);
    expect((await one.get('/staff/matches?cursor=x')).status).toBe(400);
  });

  it('refuse a search without a purpose, or with more than was asked', async () => {
    const search = (body: unknown) =>
      test.app.request('http://localhost:3000/api/subjects/search', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: 'http://localhost:3000',
          host: 'localhost:3000',
          cookie: [...one.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
        body: JSON.stringify(body),
      });
    expect((await search({ who: own[0]?.key })).status).toBe(400);
    expect((await search({ who: own[0]?.key, purpose: '核对', limit: 5 })).status).toBe(400);
    const found = (await (await search({ who: own[0]?.key, purpose: '核对来电' })).json()) as {
      rows: { subjectId: string; key: string; name: string }[];
    };
    expect(found.rows).toMatchObject([{ subjectId: town.own.subjects[0], name: '禄**' }]);
    expect(found.rows[0]?.key).toBe(`**************${own[0]?.key.slice(-4)}`);
  });
});

const everyAddress = (): readonly string[] => [
  '/staff',
  '/staff/items',
  `/staff/items/${ownItem}`,
  '/staff/runs',
  `/staff/runs/${town.runId}`,
  '/staff/matches',
  '/staff/undetermined',
  `/staff/undetermined?item=${ownItem}`,
  '/staff/disbursements',
  '/staff/notices',
  '/staff/data',
  '/staff/data/police-residents',
  '/staff/data/social-cards',
  `/staff/deliveries/${town.delivery}`,
  '/staff/people',
  ...[town.own, town.other].flatMap((side) => [
    ...[...side.subjects, side.firm].flatMap((id) => [
      `/staff/people/${id}?reason=call&order=GD-2026-1`,
      `/api/subjects/${id}?reason=call&order=GD-2026-1`,
    ]),
    ...side.matches.flatMap((id) => [`/staff/matches/${id}`, `/api/matches/${id}`]),
    ...side.disbursements.flatMap((id) => [`/staff/disbursements/${id}`, `/api/disbursements/${id}`]),
    ...side.notices.flatMap((id) => [`/staff/notices/${id}`, `/api/notices/${id}`]),
  ]),
  ...['items', 'runs', 'matches', 'undetermined', `undetermined/${ownItem}`, 'notices', 'disbursements', 'datasets'].map(
    (path) => `/api/${path}`,
  ),
  `/api/deliveries/${town.delivery}/problems`,
];

describe('every page and answer', () => {
  it('holds no identity number, account or mail address', async () => {
    const told: string[] = [];
    for (const path of everyAddress()) {
      const response = await one.get(path);
      const body = await response.text();
      if (response.status !== 200) told.push(`${path}: ${response.status}`);
      for (const p of [...own, ...other])
        for (const text of [p.key, p.account]) if (body.includes(text)) told.push(`${path} tells ${text}`);
      for (const text of [ownFirm, otherFirm, 'somebody@']) if (body.includes(text)) told.push(`${path} tells ${text}`);
    }
    expect(told).toEqual([]);
  });

  it('shows a hostile name as text, on pages and in answers', async () => {
    const page = await (await one.get(`/staff/people/${town.own.firm}?reason=call&order=GD-2026-1`)).text();
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;□gnp.□&quot;&amp;&#39;');
    expect(page).not.toContain('<img');
    const { subject } = await json<{ subject: { name: string } }>(`/api/subjects/${town.own.firm}?reason=call&order=GD-2026-1`);
    expect(subject.name).toBe(hostile.replace('\u202e', '□').replace('\u0007', '□'));
  });

  it('says why it is empty and what comes next', async () => {
    const fresh = await signedIn(test, database, 'nobody', ['reviewer'], { authorities: [], divisions: [], items: [] });
    const home = await (await fresh.get('/staff')).text();
    expect(home).toContain('现在没有等人办的事');
    expect(home).toContain('您的范围内还没有发布的政策事项');
  });
});
