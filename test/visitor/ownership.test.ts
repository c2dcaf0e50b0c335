// Invariant 13 at the portal: a matrix made from the route table, every way of standing there × own and other's objects × reading and writing. A route that is not
// in the table of powers below fails, so a new one cannot be forgotten.
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { transaction } from '../../src/db/handle.ts';
import { newCheckCode } from '../../src/notice/check-code.ts';
import { insertNotices } from '../../src/notice/store.ts';
import { type Acting, allPowers, comeIn, type Power, powersOf } from '../../src/visitor/visitor.ts';
import { visitCookie } from '../../src/web/guard.ts';
import { testDatabase } from '../database.ts';
import { type Browser, browser, csrfIn, type TestApp, testApp } from '../web/app.ts';
import { buildTown, other, otherFirm, own, ownFirm, ownItem, type Side, type Town } from '../web/town.ts';
import { comeInAs } from './arrive.ts';
import { linkFor } from './link.ts';

const database = testDatabase();
let test: TestApp;
let town: Town;
/** What the firm has. */
let firm: Side;

/** What each route asks for; null: whoever came in, for the route is about whom they act for. */
const needs: Readonly<Record<string, Power | null>> = {
  'GET /my': 'view',
  'GET /my/benefits/:id': 'view',
  'GET /my/benefits/:id/why': 'view',
  'GET /my/certify': 'view',
  'GET /my/certify/:id': 'view',
  'GET /my/choices': 'view',
  'GET /my/items/:id': 'view',
  'GET /my/near': 'view',
  'GET /my/notices': 'view',
  'GET /my/notices/:id': 'view',
  'GET /my/payments': 'view',
  'GET /my/payments/:id': 'view',
  'GET /my/requests': 'view',
  'GET /my/for': null,
  'GET /my/mandates': 'mandate',
  'GET /my/wishes': 'mandate',
  'GET /my/benefits/:id/answer': 'answer',
  'GET /my/benefits/:id/apply': 'answer',
  'GET /my/benefits/:id/confirm': 'decide',
  'GET /my/benefits/:id/decline': 'decide',
  'GET /my/benefits/:id/come-back': 'decide',
  'GET /my/benefits/:id/account': 'account',
  'GET /my/benefits/:id/appeal': 'object',
  'GET /my/benefits/:id/rate': 'object',
  'GET /my/items/:id/human': 'object',
  'GET /my/items/:id/wrong': 'object',
  'GET /my/object/:line': 'object',
  'POST /my/certify/:id': 'view',
  'POST /my/for': null,
  'POST /my/for/ward': null,
  'POST /my/mandates': 'mandate',
  'POST /my/wishes': 'mandate',
  'POST /my/mandates/:id/end': 'mandate',
  'POST /my/benefits/:id/answer': 'answer',
  'POST /my/benefits/:id/apply': 'answer',
  'POST /my/choices': 'decide',
  'POST /my/benefits/:id/confirm': 'decide',
  'POST /my/benefits/:id/decline': 'decide',
  'POST /my/benefits/:id/come-back': 'decide',
  'POST /my/benefits/:id/account': 'account',
  'POST /my/benefits/:id/appeal': 'object',
  'POST /my/benefits/:id/rate': 'object',
  'POST /my/items/:id/human': 'object',
  'POST /my/items/:id/wrong': 'object',
  'POST /my/object/:line': 'object',
};
// Nothing of the town is in publicity, nothing was paid, nobody is to be certified or to choose: the files beside this one.
const absent = /^\/my\/(?:(?:object|payments|certify)\/:|choices$)/;
/** A policy is everybody's; every other address with a name in it is of one subject. */
const isOwned = (path: string): boolean => path.includes('/:') && !path.startsWith('/my/items');

const routes = (): readonly (readonly ['GET' | 'POST', string])[] => [
  ...new Map(
    test.app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/my(?:\/|$)/.test(path) && !path.includes('*'))
      .map(({ method, path }) => [`${method} ${path}`, [method as 'GET' | 'POST', path] as const]),
  ).values(),
];

const mandates = new Map<Side, string>();
const filled = (path: string, side: Side): string =>
  path
    .replace('/notices/:id', `/notices/${side.notices[0]}`)
    .replace('/mandates/:id', `/mandates/${mandates.get(side)}`)
    .replace('/items/:id', `/items/${ownItem}`)
    .replace(/:(?:id|line)/, side.disbursements[0] ?? '');

/** The firm has a record and a notice, as the resident of its division has; no rule of the town is for firms. */
const firmWithObjects = async (): Promise<Side> => {
  const subjectId = town.own.firm;
  const [record] = await database.sql<{ id: string }[]>`
    insert into disbursement select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'subject_id', ${subjectId}::uuid,
      'line_id', gen_random_uuid(), 'match_id', gen_random_uuid(), 'account', null, 'account_index', null))).*
    from disbursement d where id = ${town.own.disbursements[0] ?? ''} returning id`;
  const id = randomUUID();
  const told = { template: 'matched', duty: 'required', entry: true, wording: 'shipped', short: '已核定', subject: '已核定' } as const;
  const about = { subjectId, itemId: ownItem, authority: '禄劝县民政局', division: '530128', matchId: null, amountFen: null };
  const sent = {
    id,
    dedupe: 'firm',
    code: newCheckCode(),
    messageId: 'firm@test.invalid',
    ways: [{ channel: 'inbox', address: null }],
  } as const;
  const lines = { body: '补贴已核定。', disbursementIds: [], owedIds: [] };
  await transaction(database.db, (tx) => insertNotices(tx, [{ ...told, ...about, ...sent, ...lines }], test.clock));
  return { subjects: [subjectId], matches: [], disbursements: [record?.id ?? ''], notices: [id], firm: subjectId };
};

beforeAll(async () => {
  town = await buildTown(database);
  test = testApp(database);
  firm = await firmWithObjects();
  // Each has given somebody a power, so that there is a mandate to reach for.
  for (const side of [town.own, town.other, firm]) {
    const [row] = await database.sql<{ id: string }[]>`
      insert into mandate (register, subject_id, agent_id, kind, powers, from_day, to_day, made_by, made_at)
      values (${side === firm ? 'enterprise' : 'citizen'}, ${side.subjects[0] ?? ''}, ${town.other.subjects[1] ?? ''},
        ${side === firm ? 'handler' : 'delegate'}, '{view,decide}', '2026-04-01', '2026-12-31', 'test', ${test.clock}) returning id`;
    mandates.set(side, row?.id ?? '');
  }
});

const enter = async (acting: Acting, personId: string | null): Promise<Browser> => {
  const one = browser(test);
  const arrival = { way: 'oidc', personId, personName: null, acting, now: test.clock } as const;
  one.cookies.set(visitCookie, await transaction(database.db, (tx) => comeIn(tx, arrival)));
  return one;
};
/** The agent has objects of their own: of those, too, nothing may show while they act for another. */
const agent = { id: () => town.other.subjects[0] ?? '', name: other[0]?.name ?? '', number: other[0]?.key ?? '' };

/** Given by the subject on its own page, taken up by the agent on theirs. */
const byMandate = async (giver: Browser, side: Side, powers: readonly Power[]): Promise<Browser> => {
  const form = { name: agent.name, number: agent.number, to: '2026-12-31', csrf: csrfIn(await (await giver.get('/my/mandates')).text()) };
  const body = new URLSearchParams([...Object.entries(form), ...powers.map((one): [string, string] => ['powers', one])]).toString();
  const given = await test.app.request('http://localhost:3000/my/mandates', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'http://localhost:3000',
      'sec-fetch-site': 'same-origin',
      cookie: `${visitCookie}=${giver.cookies.get(visitCookie)}`,
    },
    body,
  });
  expect(given.status).toBe(303);
  const one = await comeInAs(database, test, agent.id());
  const csrf = csrfIn(await (await one.get('/my')).text());
  expect((await one.post('/my/for', { csrf, subject: side.subjects[0] ?? '' })).status).toBe(303);
  return one;
};

interface Standing {
  readonly powers: readonly Power[];
  readonly side: () => Side;
  readonly come: () => Promise<Browser>;
}
const person = () => town.own.subjects[0] ?? '';
const legal = () => enter({ register: 'enterprise', subjectId: town.own.firm, as: 'legal', powers: allPowers }, agent.id());
const delegate = (...powers: readonly Power[]): Standing => ({
  powers: ['view', ...powers],
  side: () => town.own,
  come: async () => byMandate(await comeInAs(database, test, person()), town.own, powers),
});
const standings: Readonly<Record<string, Standing>> = {
  'by a link': {
    powers: powersOf('link'),
    side: () => town.own,
    come: async () => {
      const one = browser(test);
      expect((await one.post(await linkFor(database, person(), test.clock), { lastFour: own[0]?.key.slice(-4) ?? '' })).status).toBe(303);
      return one;
    },
  },
  // Between them and the link, every two powers are told apart.
  'as a delegate who decides and objects': delegate('decide', 'object'),
  'as a delegate who answers, also for the account': delegate('answer', 'account'),
  'as a guardian': {
    powers: allPowers.filter((one) => one !== 'mandate'),
    side: () => town.own,
    come: () =>
      enter({ register: 'citizen', subjectId: person(), as: 'guardian', powers: allPowers.filter((one) => one !== 'mandate') }, agent.id()),
  },
  'as oneself': { powers: allPowers, side: () => town.own, come: () => comeInAs(database, test, person()) },
  "as a firm's 经办人": {
    powers: ['view', 'decide', 'answer'],
    side: () => firm,
    come: async () => byMandate(await legal(), firm, ['decide', 'answer']),
  },
  "as a firm's 法定代表人": { powers: allPowers, side: () => firm, come: legal },
};

/** Every row of every table that is about any of these, and every act written down about their objects. */
const standOf = async (sides: readonly Side[]): Promise<unknown> => {
  const { sql } = database;
  const tables = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'subject_id' and a.atttypid = 'uuid'::regtype
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace and c.relname <> 'visit' order by 1`;
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['disbursement', 'mandate', 'notice', 'objection', 'rating', 'ticket']),
  );
  const subjects = sides.flatMap((side) => side.subjects);
  const one = (name: string): string =>
    `select '${name}' as name, count(*)::int as n, md5(string_agg(t::text, ',' order by t::text)) as hash from "${name}" t where subject_id = any($1)`;
  const rows = await sql.unsafe(tables.map(({ name }) => one(name)).join(' union all '), [subjects]);
  const objects = sides.flatMap((side) => [...side.disbursements, ...side.notices, mandates.get(side) ?? '']);
  return [[...rows], await sql`select count(*)::int as n from audit_entry where object_id = any(${objects})`.then(([row]) => row?.n)];
};
const accountOf = async (side: Side): Promise<unknown> =>
  (await database.sql`select account_index from disbursement where id = ${side.disbursements[0] ?? ''}`)[0];

/** By what the others could be told; the agent's own name stands on the page where they choose for whom they act. */
const tracesOf = (sides: readonly Side[]): readonly string[] => [
  ...sides.flatMap((side) => [...side.subjects, ...side.disbursements, ...side.notices, mandates.get(side) ?? '']),
  ...(sides.includes(town.own) ? own : []).flatMap((p) => [p.key, p.name, p.account]),
  ...other.flatMap((p) => [p.key, p.name, p.account]),
  ...(sides.includes(firm) ? [ownFirm] : []),
  otherFirm,
];

describe('whose is whose', () => {
  it('is known of every route there is, and each side has something to see', () => {
    expect(
      routes()
        .map(([method, path]) => `${method} ${path}`)
        .sort(),
    ).toEqual(Object.keys(needs).sort());
    for (const side of [town.own, town.other, firm])
      for (const id of [side.disbursements[0], side.notices[0], mandates.get(side)]) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(Object.entries(standings))(
    '%s: own objects by the powers held, and nothing of anybody else',
    async (_, { powers, side, come }) => {
      const one = await come();
      const mine = side();
      const theirs = [town.own, town.other, firm].filter((each) => each !== mine);
      const csrf = csrfIn(await (await one.get('/my')).text());
      const [secret, before, account] = [tracesOf(theirs), await standOf(theirs), await accountOf(mine)];
      const wrong: string[] = [];
      const form = { csrf, account: '6222020000001234', text: '不对', phone: '13800138000', powers: 'decide', to: '2026-12-31' };
      // What names others in a form rather than in the address.
      const reaching = (to: Side) => ({
        ...form,
        subject: town.other.subjects[2] ?? '',
        number: other[2]?.key ?? '',
        line: to.disbursements[0] ?? '',
      });
      for (const [method, path] of routes()) {
        const need = needs[`${method} ${path}`];
        const may = need === null || (need !== undefined && powers.includes(need));
        const ask = (at: string, body: Record<string, string>) => (method === 'GET' ? one.get(at) : one.post(at, body));
        for (const to of theirs) {
          // Without an object in the address a page is the same for both, and about a policy one speaks in one's own name.
          if (method === 'GET' ? !isOwned(path) && to !== theirs[0] : path.startsWith('/my/items')) continue;
          const answer = await ask(filled(path, to), reaching(to));
          const wanted = !may ? 403 : isOwned(path) ? 404 : method === 'GET' ? 200 : null;
          if (wanted === null ? answer.status >= 500 : answer.status !== wanted)
            wrong.push(`${method} ${path} of another: ${answer.status}`);
          const said = await answer.text();
          for (const trace of path.startsWith('/my/for') ? [] : secret)
            if (said.includes(trace) && !filled(path, to).includes(trace)) wrong.push(`${method} ${path} tells ${trace}`);
        }
        const { status } = await ask(filled(path, mine), form);
        const good = method === 'GET' ? status === 200 : status < 500 && status !== 403 && status !== 404;
        const right = need === null ? status < 500 : !may ? status === 403 : absent.test(path) && status === 404 ? true : good;
        if (!right) wrong.push(`${method} ${path} of one's own: ${status}`);
      }
      expect(wrong).toEqual([]);
      expect(await standOf(theirs)).toEqual(before);
      if (!powers.includes('account')) expect(await accountOf(mine)).toEqual(account);
      // Still the same subject: no form led the visit elsewhere.
      expect((await one.get(filled('/my/benefits/:id', mine))).status).toBe(200);
    },
  );
});
