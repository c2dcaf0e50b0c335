// 资格认证 by the person at the portal: where the item allows it, by themselves and nobody in their name; what was kept back is let go, once.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import type { Item } from '../../src/policy/item.ts';
import { sampleKey } from '../../src/today.ts';
import { actFor, allPowers, visitorOf } from '../../src/visitor/visitor.ts';
import { visitCookie } from '../../src/web/guard.ts';
import { certifying, old, terms, yearOf } from '../certification/ground.ts';
import { testDatabase } from '../database.ts';
import { publishable } from '../payment/ground.ts';
import { broken, empty, idOf } from '../settlement/ground.ts';
import { type Browser, csrfIn, type TestApp, testApp } from '../web/app.ts';
import { comeInAs } from './arrive.ts';

const database = testDatabase();
const year = yearOf(database);
const today = day('2026-05-10');
let test: TestApp;

/** Paid for four months and told in April that they must be certified; nothing was heard. */
const begin = async (who: readonly string[], item: Item): Promise<void> => {
  await year.begin(Object.fromEntries(who.map((key, i) => [key, old(`老人${key}`, i + 1)])), item);
  for (const month of ['01', '02', '03', '04']) {
    await year.month(`2026-${month}`, who);
    await year.pay(day(`2026-${month}-20`));
  }
  await year.step(day('2026-04-05'));
  await year.tellAll(day('2026-04-05'));
  await year.handOver(day('2026-04-05'));
  await year.month('2026-05', who);
  await year.step(day('2026-05-06'));
};

beforeAll(async () => {
  test = testApp(database);
  test.clock = new Date(`${today}T02:00:00Z`);
  await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, test.clock);
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at: test.clock });
  await begin(['A', 'B'], certifying({ certify: { ...terms, self: true } }));
});
afterEach(async () => expect(await broken(database)).toEqual([]));

const turnOf = async (key: string) =>
  (
    await database.sql<
      { id: string; state: string; how: string | null }[]
    >`select id, state, how from certification where subject_id = ${idOf(key)} order by opened_on desc limit 1`
  )[0];
const confirm = async (one: Browser, id: string) =>
  (await one.post(`/my/certify/${id}`, { csrf: csrfIn(await (await one.get('/my')).text()) })).status;

describe('资格认证 at the portal', () => {
  it('says what is kept back, asks before it counts, lets go what was kept back, once', async () => {
    const one = await comeInAs(database, test, idOf('A'));
    expect((await turnOf('A'))?.state).toBe('suspended');
    expect(await (await one.get('/my/certify')).text()).toContain('在网上确认');
    const id = (await turnOf('A'))?.id ?? '';
    expect(await (await one.get(`/my/certify/${id}`)).text()).toContain('我是本人，确认');
    expect((await Promise.all([confirm(one, id), confirm(one, id)])).filter((status) => status === 303)).toHaveLength(1);
    expect(await turnOf('A')).toMatchObject({ state: 'certified', how: 'self' });
    const paused = await database.sql`select id from disbursement where subject_id = ${idOf('A')} and state = 'paused'`;
    expect(paused).toEqual([]);
    const acts = await database.sql`select actor from audit_entry where action = 'certification.self'`;
    expect(acts.map((row) => row.actor)).toEqual([idOf('A')]);
    expect((await year.pay(day('2026-05-20'))).lines).toBe(1);
  });

  it('is nobody else to confirm: neither another person nor who acts in the name of this one', async () => {
    const id = (await turnOf('B'))?.id ?? '';
    const other = await comeInAs(database, test, idOf('A'));
    expect([(await other.get(`/my/certify/${id}`)).status, await confirm(other, id)]).toEqual([404, 404]);
    const visitor = await visitorOf(database.db, other.cookies.get(visitCookie) ?? '', test.clock);
    if (visitor === null) throw new Error('no visit');
    await actFor(database.db, visitor, { register: 'citizen', subjectId: idOf('B'), as: 'delegate', powers: allPowers }, test.clock);
    expect(await (await other.get('/my/certify')).text()).toContain('要本人用统一身份认证登录');
    expect(await confirm(other, id)).toBe(403);
    expect((await turnOf('B'))?.state).toBe('suspended');
  });

  it('is not for who was found to have died', async () => {
    const id = (await turnOf('B'))?.id ?? '';
    await database.sql`update certification set state = 'deceased', decided_by = 'u1' where id = ${id}`;
    const one = await comeInAs(database, test, idOf('B'));
    expect(await (await one.get('/my/certify')).text()).not.toContain('在网上确认</a>');
    expect(await confirm(one, id)).toBe(409);
    await database.sql`update certification set state = 'suspended', decided_by = null where id = ${id}`;
  });

  it('where the item does not allow it, says how', async () => {
    await empty(database);
    await begin(['C'], certifying());
    const one = await comeInAs(database, test, idOf('C'));
    const page = await (await one.get('/my/certify')).text();
    expect([page.includes(terms.how), page.includes('在网上确认</a>')]).toEqual([true, false]);
    expect(await confirm(one, (await turnOf('C'))?.id ?? '')).toBe(409);
    expect((await turnOf('C'))?.state).toBe('suspended');
  });
});
