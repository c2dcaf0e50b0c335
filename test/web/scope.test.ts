// Invariant 13 on every door: a matrix made from the route table, all roles × own and other division, lists and counts included.
// A route that names an object and is not in the table of objects below fails, so a new one cannot be forgotten.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/base/scope.ts';
import { allRoles, businessRoles, type Role } from '../../src/web/role.ts';
import { testDatabase } from '../database.ts';
import { type Browser, csrfIn, everything, signedIn, type TestApp, testApp } from './app.ts';
import { buildTown, other, otherFirm, otherItem, own, ownItem, type Side, type Town } from './town.ts';

const database = testDatabase();
let test: TestApp;
let town: Town;
const here: Scope = { ...everything, divisions: ['530128'] };
const browsers = new Map<Role, Browser>();

beforeAll(async () => {
  test = testApp(database);
  town = await buildTown(database);
  for (const role of allRoles) browsers.set(role, await signedIn(test, database, `here.${role.replace('-', '.')}`, [role], here));
});

/** Route → the address of an object of this side; null: the object is of no division. */
const objects: Readonly<Record<string, (side: Side) => string | null>> = {
  '/staff/items/:id': () => null,
  '/staff/runs/:id': () => null,
  '/staff/data/:id': () => null,
  '/api/items/:id': () => null,
  '/api/runs/:id': () => null,
  '/api/undetermined/:item': () => null,
  // A rule is of no division; what its publication does to people is kept from whoever sees only some of them.
  '/api/reviews/:id': () => null,
  '/api/reviews/:id/history': () => null,
  '/api/reviews/:id/remarks': () => null,
  '/api/items/:id/versions/:version': () => null,
  '/api/items/:id/versions/:version/diff': () => null,
  '/api/items/:id/versions/:version/differences': () => null,
  // A whole delivery holds rows of every division; who may look is tested where one is made: test/web/upload.test.ts.
  '/api/deliveries/:id': () => null,
  '/api/uploads/:id': () => null,
  '/staff/deliveries/:id': () => null,
  '/api/deliveries/:id/problems': () => null,
  '/staff/matches/:id': (side) => `/staff/matches/${side.matches[0]}`,
  '/staff/disbursements/:id': (side) => `/staff/disbursements/${side.disbursements[0]}`,
  '/staff/notices/:id': (side) => `/staff/notices/${side.notices[0]}`,
  '/staff/people/:id': (side) => `/staff/people/${side.subjects[1]}?reason=call&order=GD-2026-1`,
  '/staff/people/:id/items/:item': (side) => `/staff/people/${side.subjects[2]}/items/${ownItem}?reason=call&order=GD-2026-1`,
  '/api/changes/:id': (side) => `/api/changes/${side.disbursements[0]}`,
  '/api/matches/:id': (side) => `/api/matches/${side.matches[0]}`,
  '/api/matches/:id/replay': (side) => `/api/matches/${side.matches[0]}/replay`,
  '/api/disbursements/:id': (side) => `/api/disbursements/${side.disbursements[0]}`,
  '/api/disbursements/:id/workpaper': (side) => `/api/disbursements/${side.disbursements[0]}/workpaper`,
  // Tested where a scan is handed in: test/web/desk.test.ts.
  '/api/disbursements/:id/documents/:sha256': () => null,
  '/api/notices/:id': (side) => `/api/notices/${side.notices[0]}`,
  // Labels of columns, of no division.
  '/api/datasets/:id/mappings': () => null,
  '/api/datasets/:id': () => null,
  // As `/api/deliveries/:id`: a whole delivery is for who sees everybody.
  '/api/datasets/:id/deliveries': () => null,
  '/api/deliveries/:id/refused': () => null,
  '/api/uploads/:id/progress': () => null,
  // A job by its name: of nobody's division.
  '/api/jobs/:name': () => null,
  '/api/trees/:id/nodes': () => null,
  '/api/catalogue-versions/:number/changes': () => null,
  // Tested where attestations are made: test/attest/faces.test.ts.
  '/api/attestations/:id': () => null,
  '/staff/attestations/:id': () => null,
  '/api/attestations/:id/document': () => null,
  // Tested where a person hands one in: test/visitor/requests.test.ts.
  '/api/tickets/:id/document': () => null,
  // Tested where lists are made: test/account/check-faces.test.ts.
  '/api/account-checks/:id': () => null,
  '/api/account-checks/:id/file': () => null,
  '/api/subjects/:id/facts': (side) => `/api/subjects/${side.subjects[0]}/facts?reason=call&order=GD-2026-1`,
  '/api/subjects/:id/facts/:fact': (side) => `/api/subjects/${side.subjects[0]}/facts/birthDate?reason=call&order=GD-2026-1`,
  // A batch holds people of every division: whoever sees only some finds none; tested where one is made: test/web/payment.test.ts.
  '/api/batches/:id': () => null,
  // A budget is of a whole item, not of a division; other items, and closing it with a narrow scope, in test/web/payment.test.ts.
  '/api/budgets/:item/:year': () => null,
  '/api/budgets/:item/:year/close': () => null,
  '/api/batches/:id/lines': () => null,
  '/api/batches/:id/lines-file': () => null,
  '/api/batches/:id/exclusions': () => null,
  '/api/batches/:id/manifest': () => null,
  '/api/batches/:id/file': () => null,
  // For reviewers and auditors alone; tested where they are written down: test/visitor/requests.test.ts.
  '/api/subjects/:id/wishes': () => null,
  '/staff/people/:id/wishes': () => null,
  '/api/subjects/:id/items/:item': (side) => `/api/subjects/${side.subjects[0]}/items/${ownItem}?reason=call&order=GD-2026-1`,
  '/api/subjects/:id/reply': (side) => `/api/subjects/${side.subjects[0]}/reply?reason=call&order=GD-2026-1`,
  '/api/subjects/:id/replies': (side) => `/api/subjects/${side.subjects[0]}/replies?reason=call&order=GD-2026-1`,
  '/api/subjects/:id': (side) => `/api/subjects/${side.subjects[0]}?reason=call&order=GD-2026-1`,
};
/** Of the administrator's accounts, not of people. */
const accounts = new Set(['/staff/accounts', '/staff/two-factor', '/staff/sign-in', '/staff/setup']);
/** The portal is no business of staff; whose is whose there: test/visitor. */
const ofStaff = (path: string): boolean => path.startsWith('/staff') || path.startsWith('/api/');

const getRoutes = (): readonly string[] => [
  ...new Set(
    test.app.routes
      .filter((route) => route.method === 'GET' && !route.path.includes('*') && ofStaff(route.path))
      .map((route) => route.path)
      .filter((path) => !accounts.has(path)),
  ),
];
const isObject = (path: string): boolean => path.includes('/:');
const listRoutes = (): readonly string[] => getRoutes().filter((path) => !isObject(path));

/** Everything by which the other division's people could be told: ids, numbers, names, accounts. */
const traces = (side: Side, people: typeof other, firm: string): readonly string[] => [
  ...side.subjects,
  ...side.matches,
  ...side.disbursements,
  ...side.notices,
  side.firm,
  firm,
  ...people.flatMap((p) => [p.key, p.name, p.account, `${p.name.slice(0, 1)}**`]),
];

describe('what an account of one division sees', () => {
  it('knows every route that names an object', () => {
    expect(getRoutes().filter((path) => isObject(path) && !(path in objects))).toEqual([]);
  });

  it('stands on a town with something on both sides', () => {
    for (const side of [town.own, town.other]) {
      expect([side.matches.length, side.disbursements.length, side.notices.length]).toEqual([1, 1, 1]);
      expect([...side.subjects, side.firm].every((id) => /^[0-9a-f-]{36}$/.test(id))).toBe(true);
    }
  });

  it('opens objects of its own division and finds none of the other, in every role', { timeout: 300_000 }, async () => {
    const wrong: string[] = [];
    for (const [role, one] of browsers) {
      const mine = businessRoles.includes(role) ? 200 : 403;
      const theirs = businessRoles.includes(role) ? 404 : 403;
      for (const [route, path] of Object.entries(objects)) {
        for (const [side, expected] of [
          [town.own, mine],
          [town.other, theirs],
        ] as const) {
          const address = path(side);
          if (address === null) continue;
          const { status } = address.startsWith('/api') ? await one.getJson(address) : await one.get(address);
          if (status !== expected) wrong.push(`${role} ${route} ${side === town.own ? 'own' : 'other'}: ${status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('shows nothing of the other division on any list, count or page, in every role', { timeout: 300_000 }, async () => {
    const secret = traces(town.other, other, otherFirm);
    const pages = [
      ...listRoutes(),
      `/staff/items/${otherItem}`,
      `/api/items/${otherItem}`,
      `/staff/runs/${town.runId}`,
      `/api/runs/${town.runId}`,
      `/staff/matches?item=${otherItem}&all=1`,
      `/api/matches?item=${otherItem}`,
      `/staff/undetermined?item=${otherItem}`,
      `/api/undetermined/${otherItem}`,
      `/api/undetermined?item=${otherItem}`,
      '/staff/data/police-residents',
      `/api/notices?item=${otherItem}`,
      `/api/disbursements?item=${otherItem}`,
      `/staff/people/${town.own.subjects[0]}?reason=call&order=GD-2026-1`,
    ];
    const told: string[] = [];
    for (const [role, one] of browsers) {
      for (const path of pages) {
        const response = path.startsWith('/api') ? await one.getJson(path) : await one.get(path);
        if (response.status >= 500) told.push(`${role} ${path}: ${response.status}`);
        const body = await response.text();
        for (const trace of secret) if (trace !== '' && body.includes(trace)) told.push(`${role} ${path} tells ${trace}`);
      }
    }
    expect(told).toEqual([]);
  });

  it('would tell all of that to who sees every division, so the silence above means something', async () => {
    const one = await signedIn(test, database, 'all.reviewer', ['reviewer']);
    const pages = ['/staff/matches', '/staff/disbursements', '/staff/notices', '/api/matches', '/staff/undetermined?item=sh-laonian'];
    const body = (await Promise.all(pages.map(async (path) => (await one.get(path)).text()))).join('');
    const { subjects, matches, disbursements, notices } = town.other;
    for (const trace of [subjects[0], subjects[2], ...matches, ...disbursements, ...notices, '沪**']) expect(body).toContain(trace);
  });

  it('says of a stopped item only that it stopped: the sentence names a subject who may live elsewhere', async () => {
    const why = `主体 ${town.other.subjects[0]}`;
    await database.sql`update run_item set stopped = ${why} where item_id = ${otherItem}`;
    const one = browsers.get('reviewer') as Browser;
    for (const path of [
      '/staff',
      '/staff/items',
      `/staff/items/${otherItem}`,
      `/staff/runs/${town.runId}`,
      `/api/runs/${town.runId}`,
      '/api/items',
    ])
      expect(await (await one.get(path)).text()).not.toContain(town.other.subjects[0]);
    await database.sql`update run_item set stopped = null where item_id = ${otherItem}`;
  });

  it('counts its own people only', async () => {
    const one = browsers.get('reviewer') as Browser;
    const { rows } = (await (await one.getJson('/api/items')).json()) as {
      rows: { id: string; standing: { eligible: number; undetermined: number; amountFen: string } }[];
    };
    const standing = (id: string) => rows.find((row) => row.id === id)?.standing;
    expect(standing(ownItem)).toMatchObject({ eligible: 1, undetermined: 1, amountFen: '6000' });
    expect(standing(otherItem)).toMatchObject({ eligible: 0, undetermined: 0, amountFen: '0' });
    const run = (await (await one.getJson(`/api/runs/${town.runId}`)).json()) as {
      items: { itemId: string; eligible: number | null; written: Record<string, number> }[];
    };
    expect(run.items.find((item) => item.itemId === ownItem)).toMatchObject({ eligible: null, written: { first: 1 } });
    expect(run.items.find((item) => item.itemId === otherItem)).toMatchObject({ eligible: null, written: {} });
    const data = (await (await one.getJson('/api/datasets')).json()) as { rows: { id: string; subjects: number; registered: number }[] };
    expect(data.rows.find((row) => row.id === 'police-residents')).toMatchObject({ subjects: 3, registered: 3 });
    const gaps = (await (await one.getJson('/api/undetermined')).json()) as { rows: { itemId: string; subjects: number }[] };
    expect(gaps.rows.map((row) => [row.itemId, row.subjects])).toEqual([[ownItem, 1]]);
  });

  it('keeps deliveries that hold everybody to those who see everybody', async () => {
    const one = browsers.get('steward') as Browser;
    expect((await one.get(`/staff/deliveries/${town.delivery}`)).status).toBe(404);
    expect((await one.getJson(`/api/deliveries/${town.delivery}/problems`)).status).toBe(404);
    const all = await signedIn(test, database, 'all.steward', ['steward']);
    expect(await (await all.get(`/staff/deliveries/${town.delivery}`)).text()).toContain('公民身份号码');
  });

  it('finds nobody of the other division by number, account or name, and leaves a trace without the number', async () => {
    const one = browsers.get('officer') as Browser;
    const csrf = csrfIn(await (await one.get('/staff/people')).text());
    const search = async (who: string, purpose = '核对来电') => one.post('/staff/people', { csrf, who, purpose });
    const mine = await (await search(own[0]?.key ?? '')).text();
    expect(mine).toContain(`/staff/people/${town.own.subjects[0]}`);
    expect(mine).not.toContain(own[0]?.key);
    expect(await (await search(own[0]?.account ?? '')).text()).toContain(`/staff/people/${town.own.subjects[0]}`);
    for (const who of [other[0]?.account, other[0]?.key, other[0]?.name, otherFirm, '沪上样例'])
      expect(await (await search(who ?? '')).text()).toContain('没有查到，或者不在您的范围内');
    expect((await search(own[0]?.key ?? '', '')).status).toBe(400);
    const rows = await database.sql<{ text: string }[]>`select audit_entry::text as text from audit_entry where action = 'subject.search'`;
    expect(rows).toHaveLength(7);
    for (const { text } of rows)
      for (const p of [...own, ...other]) for (const number of [p.key, p.account]) expect(text).not.toContain(number);
    expect(rows.filter(({ text }) => text.includes(town.own.subjects[0] ?? ''))).toHaveLength(2);
  });
});

describe('what accounts of other scopes see', () => {
  it('an authority sees its own items and what became of them', async () => {
    const one = await signedIn(test, database, 'authority', ['reviewer'], { ...everything, authorities: ['上海市民政局'] });
    expect((await one.get(`/staff/items/${ownItem}`)).status).toBe(404);
    expect((await one.getJson(`/api/matches/${town.own.matches[0]}`)).status).toBe(404);
    expect((await one.getJson(`/api/matches/${town.other.matches[0]}`)).status).toBe(200);
    const body = await (await one.get('/staff')).text();
    expect(body).toContain('老年综合津贴');
    expect(body).not.toContain('高龄津贴');
    expect((await one.get(`/staff/people/${town.other.subjects[0]}/items/${ownItem}?reason=call&order=GD-2026-1`)).status).toBe(404);
  });

  it('one item is one item', async () => {
    const one = await signedIn(test, database, 'one.item', ['auditor'], { ...everything, items: [ownItem] });
    expect((await one.getJson(`/api/notices/${town.other.notices[0]}`)).status).toBe(404);
    const person = (await (await one.getJson(`/api/subjects/${town.own.subjects[0]}?reason=call&order=GD-2026-1`)).json()) as {
      items: { itemId: string }[];
    };
    expect(person.items.map((item) => item.itemId)).toEqual([ownItem]);
  });

  it('no division, no authority or no item is nobody', async () => {
    const scopes: readonly Scope[] = [
      { ...everything, divisions: [] },
      { ...everything, authorities: [] },
      { ...everything, items: [] },
    ];
    for (const [n, scope] of scopes.entries()) {
      const one = await signedIn(test, database, `nobody.${n}`, ['reviewer'], scope);
      for (const list of ['matches', 'notices', 'disbursements'])
        expect(await (await one.getJson(`/api/${list}`)).json()).toMatchObject({ rows: [] });
      expect((await one.getJson(`/api/subjects/${town.own.subjects[0]}?reason=call&order=GD-2026-1`)).status).toBe(404);
      expect((await one.get('/staff')).status).toBe(200);
    }
  });
});
