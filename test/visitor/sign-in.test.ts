// Ways into the portal on a real PostgreSQL: a real OpenID provider, one-time links, mandates, wards; and what is refused at each door.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { openIdentity } from '../../src/web/identity.ts';
import { testDatabase } from '../database.ts';
import { publishable } from '../payment/ground.ts';
import { at, idOf, settlePeople } from '../settlement/ground.ts';
import { type Browser, browser, csrfIn, origin, type TestApp, testApp } from '../web/app.ts';
import { linkFor } from './link.ts';
import { client, openProvider, type TestProvider } from './provider.ts';

const database = testDatabase();
let provider: TestProvider;
let test: TestApp;

const people = { wang: '110105194912310046', li: '11010519491231002X', child: '110105201801010019' } as const;
const firm = '91350100M000100Y43';

const claims = { number: 'id_number', name: 'name', code: 'uscc', part: 'uscc_role' } as const;

beforeAll(async () => {
  provider = await openProvider(`${origin}/sign-in/oidc/back`, {
    wang: { name: '王一', id_number: people.wang },
    li: { name: '李二', id_number: people.li },
    stranger: { name: '外一', id_number: '110105195001010020' },
    legal: { name: '王一', id_number: people.wang, uscc: firm, uscc_role: 'legal' },
    clerk: { name: '李二', id_number: people.li, uscc: firm, uscc_role: 'handler' },
    nothing: { name: '无名' },
  });
  const identity = openIdentity(database.db, { issuer: provider.issuer, ...client, claims }, () => test.clock);
  test = testApp(database, { identity });
  test.clock = at;
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at });
  const citizens = {
    [people.wang]: { name: '王一' },
    [people.li]: { name: '李二' },
    [people.child]: { name: '王小', guardian: people.wang },
  };
  await settlePeople(database, citizens);
  await settlePeople(database, { [firm]: { name: '样例科技有限公司' } }, 'enterprise');
});
afterAll(() => provider.close());

const visits = async () =>
  await database.sql<{ way: string; as: string | null; subjectId: string | null; ended: boolean }[]>`
    select way, "as", subject_id as "subjectId", ended_at is not null as ended from visit order by started_at, id`;

const begin = async (one: Browser, next = '/my') => {
  const response = await one.get(`/sign-in/oidc?next=${encodeURIComponent(next)}`);
  expect(response.status).toBe(303);
  return response.headers.get('location') ?? '';
};

const signIn = async (account: string, next?: string): Promise<Browser> => {
  const one = browser(test);
  const back = await provider.signIn(await begin(one, next), account);
  const response = await one.get(`${back.pathname}${back.search}`);
  expect([response.status, await response.text()]).toEqual([303, '']);
  return one;
};

const codeOf = async (response: Response): Promise<string> =>
  `${response.status} ${/<strong>([^<]+)/.exec(await response.text())?.[1] ?? ''}`;

describe('the unified identity', () => {
  it('leads a person to their own record, and nobody else to it', async () => {
    const one = await signIn('wang');
    expect(await (await one.get('/my')).text()).toContain('您可享 0 项');
    expect(await visits()).toContainEqual({ way: 'oidc', as: 'own', subjectId: idOf(people.wang), ended: false });
    expect((await browser(test).get('/my')).headers.get('location')).toBe('/sign-in?next=%2Fmy');
    expect((await one.get('/my')).headers.get('cache-control')).toBe('no-store');
  });

  it('welcomes who is in no register without inventing them, and who proves nothing not at all', async () => {
    const stranger = await signIn('stranger');
    expect(await (await stranger.get('/my')).text()).toContain('名册里还没有您');
    expect((await stranger.get('/my/mandates')).status).toBe(403);
    const one = browser(test);
    const back = await provider.signIn(await begin(one), 'nothing');
    expect(await codeOf(await one.get(`${back.pathname}${back.search}`))).toBe('401 统一身份认证没有完成。');
  });

  it('lets a firm in by its code, with the powers of who came', async () => {
    const legal = await signIn('legal');
    expect((await legal.get('/my/mandates')).status).toBe(200);
    const clerk = await signIn('clerk');
    expect((await clerk.get('/my')).status).toBe(200);
    expect(await codeOf(await clerk.get('/my/mandates'))).toBe('403 您现在不能办理“委托他人”。');
  });

  it('refuses an answer nobody asked for, one of another browser, and the same one twice', async () => {
    const [one, other] = [browser(test), browser(test)];
    const back = await provider.signIn(await begin(one), 'wang');
    const path = `${back.pathname}${back.search}`;
    expect(await codeOf(await browser(test).get(path))).toMatch(/^401/);
    await begin(other);
    expect(await codeOf(await other.get(path))).toMatch(/^401/);
    expect((await one.get(path)).status).toBe(303);
    expect(await codeOf(await one.get(path))).toMatch(/^401/);
  });

  it('follows only to pages of ours', async () => {
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', '/staff']) {
      const one = browser(test);
      const back = await provider.signIn(await begin(one, next), 'wang');
      expect((await one.get(`${back.pathname}${back.search}`)).headers.get('location')).toBe('/my');
    }
  });
});

describe('a visit', () => {
  it('begins under a token of its own and ends the one before; a planted one is nobody', async () => {
    const one = browser(test);
    one.cookies.set('zx_visit', 'planted-by-somebody-else-1234');
    const back = await provider.signIn(await begin(one), 'wang');
    await one.get(`${back.pathname}${back.search}`);
    const first = one.cookies.get('zx_visit');
    expect(first).toMatch(/^[\w-]{32}$/);
    const again = await provider.signIn(await begin(one), 'wang');
    await one.get(`${again.pathname}${again.search}`);
    expect(one.cookies.get('zx_visit')).not.toBe(first);
    const old = browser(test);
    old.cookies.set('zx_visit', first ?? '');
    expect((await old.get('/my')).status).toBe(302);
  });

  it('ends after twenty idle minutes, and at the door', async () => {
    const one = await signIn('wang');
    const began = test.clock;
    try {
      test.clock = new Date(began.getTime() + 19 * 60_000);
      expect((await one.get('/my')).status).toBe(200);
      test.clock = new Date(began.getTime() + 38 * 60_000);
      expect((await one.get('/my')).status).toBe(200);
      test.clock = new Date(began.getTime() + 59 * 60_000);
      expect((await one.get('/my')).status).toBe(302);
    } finally {
      test.clock = began;
    }
    const two = await signIn('wang');
    const csrf = csrfIn(await (await two.get('/my')).text());
    expect((await two.post('/sign-out', { csrf })).status).toBe(303);
    expect((await two.get('/my')).status).toBe(302);
  });

  it('takes no form of another site, and none without its own token', async () => {
    const [one, other] = [await signIn('wang'), await signIn('li')];
    const theirs = csrfIn(await (await other.get('/my')).text());
    expect(theirs).not.toBe('');
    for (const csrf of ['', 'x', theirs]) expect((await one.post('/my/for', { csrf, subject: idOf(people.wang) })).status).toBe(403);
    const csrf = csrfIn(await (await one.get('/my')).text());
    const from = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await one.post('/my/for', { csrf, subject: idOf(people.wang) }, from)).status).toBe(403);
    expect((await one.post('/my/for', { csrf, subject: idOf(people.wang) })).status).toBe(303);
  });
});

describe('a one-time link', () => {
  const make = (key: string, noticeId?: string): Promise<string> => linkFor(database, idOf(key), test.clock, noticeId);

  it('is another each time the notice is sent, rests as a hash, tells nothing before the last four, and opens once', async () => {
    const noticeId = crypto.randomUUID();
    const [first, path] = [await make(people.li, noticeId), await make(people.li, noticeId)];
    expect(first).not.toBe(path);
    expect(path).toMatch(/^\/l\/[\w-]{32}$/);
    const stored = await database.sql<{ row: string }[]>`select entry_link::text as row from entry_link`;
    for (const link of [first, path]) expect(stored.some(({ row }) => row.includes(link.slice(3)))).toBe(false);
    const one = browser(test);
    const page = await (await one.get(path)).text();
    expect(page).toContain('后四位');
    expect(page).not.toContain('李');
    // A scanner that looks twice uses nothing up.
    expect((await one.get(path)).status).toBe(200);
    expect((await one.post(path, { lastFour: '0000' })).status).toBe(401);
    const entered = await one.post(path, { lastFour: ' ００2x ' });
    expect([entered.status, entered.headers.get('location')]).toEqual([303, `/my/notices/${noticeId}`]);
    expect(await (await one.get('/my')).text()).toContain('收到告知的人');
    expect((await browser(test).post(path, { lastFour: '002X' })).status).toBe(404);
    for (const used of [path, first]) expect((await browser(test).get(used)).status).toBe(404);
    // A mailbox and four digits are not enough to hand out powers.
    expect((await one.get('/my/mandates')).status).toBe(403);
  });

  it('dies after five wrong guesses over all links of its notice, and after three days', async () => {
    const noticeId = crypto.randomUUID();
    const [guessed, again, old] = [await make(people.li, noticeId), await make(people.li, noticeId), await make(people.li)];
    for (let n = 0; n < 5; n++)
      expect((await browser(test).post(n % 2 === 0 ? guessed : again, { lastFour: `000${n}` })).status, String(n)).toBe(401);
    for (const dead of [guessed, again]) expect((await browser(test).post(dead, { lastFour: '002X' })).status).toBe(404);
    const began = test.clock;
    try {
      test.clock = new Date(began.getTime() + 72 * 3_600_000 + 1);
      expect((await browser(test).get(old)).status).toBe(404);
    } finally {
      test.clock = began;
    }
  });

  it('lets in one of eight who try at once', async () => {
    const path = await make(people.wang);
    const tries = await Promise.all(Array.from({ length: 8 }, () => browser(test).post(path, { lastFour: people.wang.slice(-4) })));
    expect(tries.map((one) => one.status).sort()).toEqual([303, ...Array(7).fill(404)]);
  });
});

describe('acting for another', () => {
  const grant = async (one: Browser, over: Readonly<Record<string, string | undefined>> = {}) => {
    const csrf = csrfIn(await (await one.get('/my/mandates')).text());
    return await one.post('/my/mandates', {
      csrf,
      name: '李二',
      number: people.li,
      powers: 'decide',
      to: '2027-06-30',
      ...(over as Record<string, string>),
    });
  };

  it('is given by the subject, for named powers, to somebody whose name and number fit', async () => {
    const wang = await signIn('wang');
    for (const over of [
      { name: '李三' },
      { number: '110105194912310021' },
      { number: people.wang, name: '王一' },
      { to: '2028-01-01' },
      { to: '2026-11-09' },
      { powers: 'mandate' },
    ])
      expect([(await grant(wang, over)).status, over]).toEqual([400, over]);
    expect((await grant(wang)).status).toBe(303);
    const before = await signIn('li');
    const token = csrfIn(await (await before.get('/my')).text());
    expect(await (await before.get('/my/for')).text()).toContain('代办人：查看、确认、放弃、选择');
    expect((await before.post('/my/for', { csrf: token, subject: idOf(people.wang) })).status).toBe(303);
    expect(await (await before.get('/my')).text()).toContain('代办人');
    // Given anew with other powers: a visit under the old ones ends at once.
    expect((await grant(wang, { powers: 'object' })).status).toBe(303);
    expect((await before.get('/my')).status).toBe(302);
    const li = await signIn('li');
    const csrf = csrfIn(await (await li.get('/my')).text());
    expect((await li.post('/my/for', { csrf, subject: idOf(people.wang) })).status).toBe(303);
    expect((await li.get('/my/mandates')).status).toBe(403);
    // Taken back: the agent's visit ends at once.
    const page = await (await wang.get('/my/mandates')).text();
    const [, end = ''] = /action="(\/my\/mandates\/[^"]+\/end)"/.exec(page) ?? [];
    expect((await li.post(end, { csrf })).status).toBe(403);
    expect((await wang.post(end, { csrf: csrfIn(page) })).status).toBe(303);
    expect((await li.get('/my')).status).toBe(302);
    const acts = await database.sql<{ action: string }[]>`select action from audit_entry where action ~ '^(mandate|visit.act)' order by id`;
    expect(acts.map((one) => one.action)).toEqual([
      'visit.act-for',
      'mandate.grant',
      'visit.act-for',
      'mandate.grant',
      'visit.act-for',
      'mandate.end',
    ]);
  });

  it("is nobody else's: not a stranger's, not without a mandate", async () => {
    const li = await signIn('li');
    const csrf = csrfIn(await (await li.get('/my')).text());
    expect((await li.post('/my/for', { csrf, subject: idOf(people.wang) })).status).toBe(403);
    for (let n = 0; n < 5; n++) expect((await li.post('/my/for/ward', { csrf, number: people.child })).status).toBe(404);
    expect((await li.post('/my/for/ward', { csrf, number: people.child })).status).toBe(429);
  });
});

describe('a guardian', () => {
  it('acts for whom the registers name them guardian of, but hands out no powers', async () => {
    const wang = await signIn('wang');
    const csrf = csrfIn(await (await wang.get('/my')).text());
    expect((await wang.post('/my/for/ward', { csrf, number: people.li })).status).toBe(404);
    expect((await wang.post('/my/for/ward', { csrf, number: people.child })).status).toBe(303);
    expect(await (await wang.get('/my')).text()).toContain('监护人');
    expect((await wang.get('/my/mandates')).status).toBe(403);
    expect((await visits()).filter((one) => one.as === 'guardian')).toMatchObject([{ subjectId: idOf(people.child), ended: false }]);
  });
});

describe('the size of letters', () => {
  it('is kept, and leads nowhere else', async () => {
    const one = browser(test);
    expect((await one.get('/size?to=large&next=/items')).headers.get('location')).toBe('/items');
    expect(await (await one.get('/')).text()).toContain('class="large"');
    expect((await one.get('/size?to=usual&next=//evil.example')).headers.get('location')).toBe('/');
  });
});
