// A held item on the pages and over the API: who sees why, who may let it go, and what an outsider is told.
import { beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { transaction } from '../../src/db/handle.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { setLimits } from '../../src/match/brake.ts';
import { runItems } from '../../src/match/run.ts';
import { liveItems } from '../../src/policy/store.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { testDatabase } from '../database.ts';
import { type Browser, everything, signedIn, type TestApp, testApp } from './app.ts';
import { at, buildTown, otherItem, ownItem } from './town.ts';

const database = testDatabase();
let test: TestApp;
let officer: Browser;
let steward: Browser;
let elsewhere: Browser;
let nearby: Browser;
let runId: string;
beforeAll(async () => {
  test = testApp(database);
  const { catalogue } = await buildTown(database);
  await setLimits(database.db, { itemId: null, limits: { share: 0.01, people: 1, fen: 0n }, by: 'u', role: 'officer', at });
  // A month later the registers are too old: whoever qualified is undetermined now.
  const { snapshotId } = await seal(database.db, { catalogue, knownAt: day('2026-07-20'), at, actor: 'test' });
  const cut = await transaction(database.db, ledgerCut);
  ({ runId } = await runItems(database.db, {
    snapshotId,
    items: await liveItems(database.db),
    catalogue,
    ledgerCut: cut,
    at,
    actor: 'test',
  }));
  officer = await signedIn(test, database, 'officer', ['officer']);
  steward = await signedIn(test, database, 'steward', ['steward']);
  elsewhere = await signedIn(test, database, 'elsewhere', ['officer'], { ...everything, items: [otherItem] });
  nearby = await signedIn(test, database, 'nearby', ['officer'], { ...everything, divisions: ['530128'] });
});

interface Item {
  readonly itemId: string;
  readonly held: boolean;
  readonly stopped: string | null;
}
const itemsSeen = async (browser: Browser): Promise<readonly Item[]> =>
  ((await (await browser.getJson(`/api/runs/${runId}`)).json()) as { items: readonly Item[] }).items;
const release = (browser: Browser, itemId: string, reason = '已与卫健委核对') =>
  browser.postJson(`/api/runs/${runId}/items/${itemId}/release`, { reason });

describe('a held item', () => {
  it('says why, with figures only for who sees everybody', async () => {
    const own = (await itemsSeen(officer)).find((one) => one.itemId === ownItem);
    expect(own).toMatchObject({ held: true, stopped: expect.stringMatching(/符合 \d+ 人 → 0 人/) });
    const some = (await itemsSeen(nearby)).find((one) => one.itemId === ownItem);
    expect(some?.held).toBe(true);
    expect(some?.stopped).not.toMatch(/\d/);
    const page = await (await officer.get(`/staff/runs/${runId}`)).text();
    expect(page).toContain('等人放行');
    expect(page).toContain(`action="/staff/runs/${runId}/release"`);
    expect(await (await steward.get(`/staff/runs/${runId}`)).text()).not.toContain('/release"');
  });

  it('is let go by an officer of the item and by nobody else, over the API or by the form', async () => {
    expect((await release(steward, ownItem)).status).toBe(403);
    expect((await release(elsewhere, ownItem)).status).toBe(404);
    expect((await release(nearby, otherItem)).status).toBe(404);
    expect((await release(officer, ownItem, ' ')).status).toBe(400);
    expect((await release(nearby, ownItem)).status).toBe(200);
    expect((await release(officer, ownItem)).status).toBe(404);
    expect((await itemsSeen(officer)).find((one) => one.itemId === ownItem)).toMatchObject({ held: false, stopped: null });
    expect((await officer.post(`/staff/runs/${runId}/release`, { item: otherItem, reason: '核对无误' })).status).toBe(403);
    const page = await (await officer.get(`/staff/runs/${runId}`)).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.slice(page.indexOf('/release"')))?.[1] ?? '';
    expect((await officer.post(`/staff/runs/${runId}/release`, { csrf, item: otherItem, reason: '核对无误' })).status).toBe(303);
    expect((await itemsSeen(officer)).find((one) => one.itemId === otherItem)?.held).toBe(false);
  });
});
