// 待我处理 over the API: each role is told of its own work, with what it is worth and what is late; nobody of what is outside the scope.
import { beforeAll, describe, expect, it } from 'vitest';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { sampleKey } from '../../src/today.ts';
import { testDatabase } from '../database.ts';
import { lifeOf } from '../disbursement/ground.ts';
import { paying, person, publishable, ready } from '../payment/ground.ts';
import { complete, itemOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { type Browser, everything, signedIn, type TestApp, testApp } from './app.ts';

const database = testDatabase();
let test: TestApp;
beforeAll(async () => {
  test = testApp(database);
  test.clock = new Date();
  await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, test.clock);
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at: test.clock });
  await ready(database, { A: person('甲', 1), B: person('乙', 2) }, { item: paying('a') });
  await settlePeople(database, { D: complete, E: complete, F: complete });
  const reviewed = { review: { levels: [{ name: '审核' }] }, flow: { first: ['guard', 'review', 'pay'], continuing: ['pay'] } } as const;
  await publish(database, [itemOf('r', reviewed)]);
  await runWith(
    database,
    ['D', 'E', 'F'].map((subject) => ({ item: 'r', subject, yuan: 50 })),
  );
  await lifeOf(database).tick();
  await database.sql`update disbursement set due_on = ${today}::date - 1 where id = (select min(id::text)::uuid from disbursement where state = 'reviewing')`;
});

interface Work {
  readonly kind: string;
  readonly waiting: number;
  readonly fen: string | null;
  readonly late: number;
}
const inbox = async (one: Browser): Promise<readonly Work[]> =>
  ((await (await one.getJson('/api/inbox')).json()) as { rows: readonly Work[] }).rows;

describe('the inbox', () => {
  it('tells each role of its own work: how much, worth what, how much of it late', async () => {
    const reviewer = await inbox(await signedIn(test, database, 'shen', ['reviewer']));
    expect(reviewer).toMatchObject([{ kind: 'review', waiting: 3, fen: '15000', late: 1 }]);
    const maker = await inbox(await signedIn(test, database, 'jin', ['finance-maker']));
    expect(maker).toMatchObject([{ kind: 'seal', waiting: 2, fen: '20000', late: 0 }]);
    expect(await inbox(await signedIn(test, database, 'fu', ['finance-checker']))).toEqual([]);
    const auditor = await inbox(await signedIn(test, database, 'yan', ['auditor']));
    expect(auditor.map((one) => one.kind)).toEqual(['review', 'seal']);
    expect(await inbox(await signedIn(test, database, 'guan', ['admin']))).toEqual([]);
  });

  it('tells nobody of what is outside the scope', async () => {
    for (const [n, scope] of [
      { ...everything, authorities: ['别的局'] },
      { ...everything, items: ['x'] },
      { ...everything, divisions: ['999999'] },
    ].entries())
      expect([n, await inbox(await signedIn(test, database, `narrow.${n}`, ['auditor'], scope))]).toEqual([n, []]);
  });
});

interface QueueRow {
  readonly id: string;
  readonly mark: string;
  readonly version: number;
  readonly taken: { readonly name: string; readonly mine: boolean; readonly dueOn: string | null } | null;
}

describe('work that is taken', () => {
  const queue = async (one: Browser): Promise<readonly QueueRow[]> =>
    ((await (await one.getJson('/api/desk/rows?queue=reviews')).json()) as { rows: readonly QueueRow[] }).rows;
  const ask = (one: Browser, act: string, rows: readonly QueueRow[], more: object = {}) =>
    one.postJson('/api/desk/assignments', { queue: 'reviews', act, rows: rows.map(({ id, version }) => ({ id, version })), ...more });
  const code = async (answer: Response): Promise<string> =>
    ((await answer.json()) as { problems: readonly { code: string }[] }).problems[0]?.code ?? '';

  it('is one person’s: of several who take the same at once one has all of it, the others nothing', async () => {
    const people = await Promise.all(['a', 'b', 'c', 'd'].map((name) => signedIn(test, database, `taker.${name}`, ['reviewer'])));
    const [first] = people as [Browser];
    for (let round = 0; round < 4; round++) {
      const rows = await queue(first);
      const answers = await Promise.all(people.map((one, i) => ask(one, 'take', i % 2 === 0 ? rows : rows.toReversed())));
      expect(answers.map((one) => one.status).toSorted()).toEqual([200, 409, 409, 409]);
      const winner = people[answers.findIndex((one) => one.status === 200)] as Browser;
      const taken = await queue(winner);
      expect(taken.every((row) => row.taken?.mine === true)).toBe(true);
      expect((await ask(winner, 'release', taken)).status).toBe(200);
    }
    const before = await queue(first);
    expect(before.every((row) => row.taken === null && row.version === 8)).toBe(true);
  });

  it('is decided by nobody else before it is taken over, with a reason that stays', async () => {
    const holder = await signedIn(test, database, 'holder', ['reviewer']);
    const other = await signedIn(test, database, 'other', ['reviewer']);
    const [row] = await queue(holder);
    if (row === undefined) throw new Error('nothing waits');
    expect((await ask(holder, 'take', [row], { dueOn: today })).status).toBe(200);
    const seen = (await queue(other)).find((one) => one.id === row.id) as QueueRow;
    expect(seen.taken).toEqual({ name: 'holder', mine: false, dueOn: today });
    const decide = async (one: Browser) => {
      const table = `编号,校验,意见,理由\r\n${row.id},${row.mark},通过,材料齐全\r\n`;
      const answer = await one.postBytes('/api/desk/decisions?queue=reviews', new TextEncoder().encode(table));
      return ((await answer.json()) as { rows: readonly { outcome: string; problems: readonly { code: string }[] }[] }).rows[0];
    };
    expect(await decide(other)).toMatchObject({ outcome: 'refused', problems: [{ code: 'conflict.taken' }] });
    expect([await code(await ask(other, 'release', [seen])), await code(await ask(other, 'over', [seen]))]).toEqual([
      'conflict.taken',
      'input.reason',
    ]);
    expect((await ask(other, 'over', [seen], { reason: '原来的人休假' })).status).toBe(200);
    expect(await code(await ask(holder, 'release', [{ ...seen }]))).toBe('conflict.taken');
    expect(await decide(other)).toMatchObject({ outcome: 'done' });
    expect((await queue(other)).some((one) => one.id === row.id)).toBe(false);
    const trail = await database.sql<{ action: string; reason: string | null }[]>`
      select action, reason from audit_entry where object_kind = 'desk' and object_id = ${row.id} and action in ('desk.take', 'desk.take-over') order by id desc limit 2`;
    expect(trail).toEqual([
      { action: 'desk.take-over', reason: '原来的人休假' },
      { action: 'desk.take', reason: null },
    ]);
  });

  it('is out of reach of other roles and scopes', async () => {
    const reviewer = await signedIn(test, database, 'whole', ['reviewer']);
    const rows = (await queue(reviewer)).slice(0, 1);
    const narrow = await signedIn(test, database, 'narrow.reviewer', ['reviewer'], { ...everything, items: ['x'] });
    const maker = await signedIn(test, database, 'wrong.desk', ['finance-maker']);
    expect([await code(await ask(narrow, 'take', rows)), await code(await ask(maker, 'take', rows))]).toEqual([
      'missing.object',
      'scope.role',
    ]);
    expect((await ask(await signedIn(test, database, 'looks', ['auditor']), 'take', rows)).status).toBe(403);
  });
});
