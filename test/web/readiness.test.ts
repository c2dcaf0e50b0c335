// Readiness over the API and on the first page: what a late register of deaths looks like to staff, who may decide about it, and who may not.
import { beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { transaction } from '../../src/db/handle.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { runItems } from '../../src/match/run.ts';
import { liveItems } from '../../src/policy/store.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { testDatabase } from '../database.ts';
import { type Browser, everything, signedIn, type TestApp, testApp } from './app.ts';
import { at, buildTown, otherItem, ownItem, type Town } from './town.ts';

const database = testDatabase();
let test: TestApp;
let town: Town;
let reviewer: Browser;
let officer: Browser;
let elsewhere: Browser;
beforeAll(async () => {
  test = testApp(database);
  town = await buildTown(database);
  const knownAt = day('2026-05-20');
  const { snapshotId } = await seal(database.db, { catalogue: town.catalogue, knownAt, at, actor: 'test' });
  const cut = await transaction(database.db, ledgerCut);
  await runItems(database.db, {
    snapshotId,
    items: await liveItems(database.db),
    catalogue: town.catalogue,
    ledgerCut: cut,
    at,
    actor: 'test',
  });
  reviewer = await signedIn(test, database, 'review', ['reviewer']);
  officer = await signedIn(test, database, 'officer', ['officer']);
  elsewhere = await signedIn(test, database, 'elsewhere', ['reviewer'], { ...everything, items: [otherItem] });
});

interface Row {
  readonly itemId: string;
  readonly periodKey: string;
  readonly state: string;
  readonly waits: readonly {
    name: string;
    reason: string;
    guard: boolean;
    overdueDays: number;
    text: string;
    decision: { choice: string } | null;
  }[];
}
const rows = async (browser: Browser, query = ''): Promise<readonly Row[]> =>
  ((await (await browser.getJson(`/api/readiness${query}`)).json()) as { rows: readonly Row[] }).rows;
const decision = {
  item: ownItem,
  period: '2026-05',
  dataset: 'health-deaths',
  choice: { kind: 'extend', days: 20 },
  reason: '卫健委系统升级，书面说明月底前补报。',
};

describe('readiness', () => {
  it('names what is late, since when and from whom, within the scope', async () => {
    const [row] = await rows(reviewer, `?item=${ownItem}&period=2026-05`);
    expect(row).toMatchObject({ itemId: ownItem, periodKey: '2026-05', state: 'ready' });
    const late = row?.waits.find((wait) => wait.name === 'health-deaths');
    expect(late).toMatchObject({ reason: 'stale', guard: true, decision: null });
    expect(late?.overdueDays).toBeGreaterThan(0);
    expect(late?.text).toContain('卫生健康委');
    expect(new Set((await rows(elsewhere)).map((one) => one.itemId))).toEqual(new Set([otherItem]));
    const page = await (await reviewer.get('/staff')).text();
    expect(page).toContain('等数据的事项');
    expect(page).toContain('待审核人决定：等待或延长');
  });

  it('takes a decision of a reviewer of the item and of nobody else', async () => {
    expect((await officer.postJson('/api/readiness/decisions', decision)).status).toBe(403);
    expect((await elsewhere.postJson('/api/readiness/decisions', decision)).status).toBe(404);
    expect((await reviewer.postJson('/api/readiness/decisions', { ...decision, period: '2026Q2' })).status).toBe(400);
    expect((await reviewer.postJson('/api/readiness/decisions', { ...decision, choice: { kind: 'extend', days: 0 } })).status).toBe(400);
    const made = await reviewer.postJson('/api/readiness/decisions', decision);
    expect(made.status).toBe(200);
    expect(await made.json()).toMatchObject({ choice: 'extend', days: 20, until: '2026-06-04' });
    expect(await (await reviewer.getJson(`/api/readiness/extended?item=${ownItem}`)).json()).toEqual({ rows: [], next: null });
  });
});
