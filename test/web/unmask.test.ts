// Seeing somebody whole: by role and reason as the table says, with a work order, within the scope, written down before the answer; and every page that shows one
// person's record or notice writes down that it did.
import { beforeAll, describe, expect, it } from 'vitest';
import { type LookReason, lookReasons } from '../../src/consult/consult.ts';
import { partsFor } from '../../src/consult/unmask.ts';
import { allRoles, type Role } from '../../src/web/role.ts';
import { caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { type Browser, everything, signedIn, type TestApp, testApp } from './app.ts';
import { buildTown, own, type Town } from './town.ts';

const database = testDatabase();
const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_KEYS: testKeys }));
const order = 'GD-2026-7';
let test: TestApp;
let town: Town;
const browsers = new Map<Role, Browser>();
beforeAll(async () => {
  test = testApp(database);
  town = await buildTown(database);
  for (const role of allRoles) browsers.set(role, await signedIn(test, database, `whole.${role.replace('-', '.')}`, [role]));
});

interface Answer {
  readonly number?: string;
  readonly name?: string;
  readonly facts?: readonly { readonly fact: string; readonly value: string }[];
  readonly problems?: readonly { readonly code: string }[];
}
const ask = async (one: Browser | undefined, subject: string, body: unknown): Promise<readonly [number, Answer, string | null]> => {
  const response = await (one as Browser).postJson(`/api/subjects/${subject}/unmask`, body);
  return [response.status, (await response.json()) as Answer, response.headers.get('cache-control')];
};
const told = async () => ({
  looks: await database.sql`select actor, view, reason, order_number as order, facts from profile_look where view = 'unmasked' order by id`,
  entries:
    await database.sql`select action, object_id as subject, reason, detail #> '{after,parts}' as parts from audit_entry where action like 'subject.unmask%' order by id`,
});
const person = own[0];

describe('a person seen whole', () => {
  it('is shown to each role for each reason as the table says, and refused otherwise', async () => {
    const [subject = ''] = town.own.subjects;
    for (const role of allRoles)
      for (const reason of Object.keys(lookReasons) as LookReason[]) {
        const parts = partsFor([role], reason);
        const [status, answer, cache] = await ask(browsers.get(role), subject, { reason, order });
        const account = answer.facts?.find((one) => one.fact === 'account')?.value;
        const shown = [answer.number, answer.name, account];
        if (parts.length === 0)
          expect([role, reason, status, answer.number, answer.facts]).toEqual([role, reason, 403, undefined, undefined]);
        else
          expect([role, reason, status, cache, shown]).toEqual([
            ...[role, reason, 200, 'no-store'],
            [
              parts.includes('number') ? person?.key : undefined,
              parts.includes('name') ? person?.name : undefined,
              parts.includes('account') ? person?.account : undefined,
            ],
          ]);
      }
    // Neither who writes rules nor who runs the system, and nobody for show.
    expect(
      allRoles.filter((role) => (Object.keys(lookReasons) as LookReason[]).every((reason) => partsFor([role], reason).length === 0)),
    ).toEqual(['officer', 'admin']);
    expect(allRoles.filter((role) => partsFor([role], 'demo').length > 0)).toEqual([]);
  });

  it('leaves an entry of its own, what was refused included, and never a value', async () => {
    const before = await told();
    const [subject = ''] = town.own.subjects;
    await ask(browsers.get('auditor'), subject, { reason: 'audit', order });
    await ask(browsers.get('auditor'), subject, { reason: 'call', order });
    const after = await told();
    expect(after.looks.slice(before.looks.length)).toMatchObject([
      { view: 'unmasked', reason: 'audit', order, facts: expect.arrayContaining(['account']) },
    ]);
    expect(after.entries.slice(before.entries.length)).toEqual([
      { action: 'subject.unmask', subject, reason: `审计检查 ${order}`, parts: ['number', 'name', 'contact', 'account'] },
      { action: 'subject.unmask-refused', subject, reason: `本人来电来访 ${order}`, parts: null },
    ]);
    for (const text of [person?.key, person?.account]) expect(JSON.stringify(after)).not.toContain(text);
  });

  it('wants a reason and a work order, and knows nobody outside the scope', async () => {
    const [subject = ''] = town.own.subjects;
    const auditor = browsers.get('auditor');
    expect((await ask(auditor, subject, { reason: '', order: '' }))[1].problems?.[0]?.code).toBe('purpose.missing');
    expect((await ask(auditor, subject, { reason: 'audit', order: person?.key }))[1].problems?.[0]?.code).toBe('purpose.wrong');
    expect((await ask(auditor, subject, { reason: 'audit' }))[0]).toBe(400);
    const near = await signedIn(test, database, 'whole.here', ['auditor'], { ...everything, divisions: ['310101'] });
    const before = await told();
    expect((await ask(near, subject, { reason: 'audit', order }))[0]).toBe(404);
    expect(await told()).toEqual(before);
  });

  it('is the same at the command line, for a named account', async () => {
    const [subject = ''] = town.own.subjects;
    const asked = (as: string, purpose: string) => call('person', 'unmask', subject, '--as', as, '--purpose', purpose, '--json');
    const shown = await asked('whole.reviewer', `objection:${order}`);
    expect([shown.exit, shown.text.includes(person?.key ?? '?')]).toEqual([0, true]);
    expect((await asked('whole.officer', `objection:${order}`)).problems.map((one) => one.code)).toEqual(['scope.unmask']);
    expect((await asked('nobody', `objection:${order}`)).problems.map((one) => one.code)).toEqual(['input.option']);
    const last = (await told()).entries.slice(-2).map((one) => one.action);
    expect(last).toEqual(['subject.unmask', 'subject.unmask-refused']);
  });
});

describe('what shows one person', () => {
  const looks = async () => await database.sql`select subject_id as subject, view, order_number as order from profile_look order by id`;

  it('is written down: a record, a notice, a list of one person; a list of all is a list', async () => {
    const one = browsers.get('reviewer') as Browser;
    const [disbursement, notice] = [town.own.disbursements[0] ?? '', town.own.notices[0] ?? ''];
    const of = async (table: 'disbursement' | 'notice', id: string): Promise<string> => {
      const [row] = await database.sql<{ subject: string }[]>`select subject_id as subject from ${database.sql(table)} where id = ${id}`;
      return row?.subject ?? '';
    };
    const [paid, written] = [await of('disbursement', disbursement), await of('notice', notice)];
    const before = (await looks()).length;
    for (const path of ['/staff/disbursements', '/staff/notices', '/api/disbursements', '/api/notices'])
      expect((await one.get(path)).status).toBe(200);
    expect((await looks()).length).toBe(before);
    for (const path of [
      `/staff/disbursements/${disbursement}`,
      `/api/disbursements/${disbursement}`,
      `/staff/notices/${notice}`,
      `/api/notices/${notice}`,
    ])
      expect((await one.get(path)).status).toBe(200);
    for (const path of [`/api/disbursements?subject=${paid}`, `/api/notices?subject=${written}`])
      expect((await one.get(path)).status).toBe(200);
    expect((await looks()).slice(before)).toEqual([
      ...Array.from({ length: 2 }, () => ({ subject: paid, view: 'disbursement', order: `disbursement-${disbursement}` })),
      ...Array.from({ length: 2 }, () => ({ subject: written, view: 'notice', order: `notice-${notice}` })),
      { subject: paid, view: 'disbursement', order: `subject-${paid}` },
      { subject: written, view: 'notice', order: `subject-${written}` },
    ]);
  });
});
