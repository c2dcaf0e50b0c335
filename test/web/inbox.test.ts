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
