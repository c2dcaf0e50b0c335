// 试算 over the API: who may ask, what is refused, and that it says what the forecast of the same draft says.
import { beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { transaction } from '../../src/db/handle.ts';
import { forecastItem } from '../../src/forecast/forecast.ts';
import type { WhatIf } from '../../src/forecast/what-if.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import type { Item } from '../../src/policy/item.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { testDatabase } from '../database.ts';
import { everything, signedIn, type TestApp, testApp } from './app.ts';
import { at, buildTown, otherItem, ownItem } from './town.ts';

const database = testDatabase();
let test: TestApp;
let item: Record<string, unknown>;
let catalogue: Awaited<ReturnType<typeof buildTown>>['catalogue'];
beforeAll(async () => {
  test = testApp(database);
  catalogue = (await buildTown(database)).catalogue;
  const [row] = await database.sql<{ content: Record<string, unknown> }[]>`select content from item_version where item_id = ${ownItem}`;
  item = { ...row?.content, award: { fixed: { yuan: 999 } }, examples: [] };
});

describe('试算 over the API', () => {
  it('counts what the forecast counts, for an officer who may see every division', async () => {
    const officer = await signedIn(test, database, 'officer', ['officer']);
    const ask = async (body: unknown) => {
      const response = await officer.postJson('/api/forecast/what-if', body);
      return { status: response.status, body: (await response.json()) as WhatIf & { readonly problems?: readonly { code: string }[] } };
    };
    // The newest seal is asked each time: what was counted before is not what is counted now.
    for (const knownAt of [day('2026-05-20'), day('2026-05-21')]) {
      const { snapshotId } = await seal(database.db, { catalogue, knownAt, at, actor: 'test' });
      const told = await ask({ item, amounts: true });
      expect(told.status).toBe(200);
      expect(told.body.snapshot).toEqual({ id: snapshotId, knownAt });
      const cut = await transaction(database.db, ledgerCut);
      const draft = item as unknown as Item;
      const plain = await forecastItem(database.db, { snapshotId, catalogue, draft, published: [], ledgerCut: cut, nearRows: 0 });
      const { subjects, eligible, undetermined, ineligible, amountFen } = plain.counts;
      expect(told.body.points).toEqual([{ value: null, subjects, eligible, undetermined, ineligible, amountFen, open: 0 }]);
      expect(subjects).toBeGreaterThan(0);
    }
    const swept = await ask({ item, sweep: '/award/fixed/yuan=1,2', amounts: false });
    expect(swept.body.points.map((p) => [p.value, p.amountFen])).toEqual([
      [null, null],
      ['1', null],
      ['2', null],
    ]);
    const { body: detailed } = await ask({ item, amounts: true, details: true, stream: 'draft-1', columnsOnly: true });
    expect(detailed.draft?.byDivision.reduce((sum, one) => sum + one.subjects, 0)).toBe(detailed.points[0]?.eligible);
    expect(detailed.against).not.toBeNull();
    // The same window asks again before it was answered: whichever came last is answered, the other one is too or was stopped.
    const both = await Promise.all([1, 2].map(() => ask({ item, stream: 'draft-1', details: true })));
    expect(both.map(({ status }) => status)).toContain(200);
    expect(both.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    expect((await ask({ item, sweep: 'nonsense' })).body.problems?.[0]?.code).toBe('input.sweep');
    expect((await ask({ item: { ...item, award: {} } })).status).toBe(422);
    expect((await ask({ item, other: 1 })).status).toBe(400);
  });

  it('decides everybody one by one where columns cannot say it, line by line, and stops when nobody waits', async () => {
    const officer = await signedIn(test, database, 'whole', ['officer']);
    const { snapshotId } = await seal(database.db, { catalogue, knownAt: day('2026-05-22'), at, actor: 'test' });
    const paying = { ...item, award: { fixed: { yuan: 999 }, deduct: 'paid("other")' } };
    const short = await officer.postJson('/api/forecast/what-if', { item: paying, columnsOnly: true });
    expect(((await short.json()) as { problems: readonly { code: string }[] }).problems[0]?.code).toBe('state.needs-forecast');
    const response = await officer.postJson('/api/forecast/whole', { item: paying, amounts: true });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly share?: number; readonly answer?: WhatIf });
    const cut = await transaction(database.db, ledgerCut);
    const shares: number[] = [];
    const asked = { snapshotId, catalogue, draft: paying as unknown as Item, published: [], ledgerCut: cut, nearRows: 0 };
    const plain = await forecastItem(database.db, { ...asked, watch: { at: (share) => shares.push(share) } });
    expect(lines.at(-1)?.answer).toMatchObject({
      way: 'full',
      points: [{ eligible: plain.counts.eligible, amountFen: plain.counts.amountFen }],
    });
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    const gone = AbortSignal.abort();
    await expect(forecastItem(database.db, { ...asked, watch: { signal: gone } })).rejects.toMatchObject({
      problems: [{ code: 'state.superseded' }],
    });
    // What is wrong before it begins is told as everywhere.
    expect((await officer.postJson('/api/forecast/whole', { item: { ...paying, award: {} } })).status).toBe(422);
  });

  it('refuses whoever sees only some divisions, other items, or another role', async () => {
    const nearby = await signedIn(test, database, 'nearby', ['officer'], { ...everything, divisions: ['530128'] });
    const elsewhere = await signedIn(test, database, 'elsewhere', ['officer'], { ...everything, items: [otherItem] });
    const steward = await signedIn(test, database, 'steward', ['steward']);
    const code = async (who: typeof nearby): Promise<unknown> => {
      const response = await who.postJson('/api/forecast/what-if', { item });
      return [response.status, ((await response.json()) as { problems: readonly { code: string }[] }).problems[0]?.code];
    };
    expect(await code(nearby)).toEqual([403, 'scope.division']);
    expect(await code(elsewhere)).toEqual([403, 'scope.item']);
    expect((await steward.postJson('/api/forecast/what-if', { item })).status).toBe(403);
  });
});
