// Facts of one person over the API: with a purpose, logged, masked, as known on a past day, and how one fact changed.
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { type Browser, signedIn, type TestApp, testApp } from './app.ts';
import { asOf, buildTown, own, type Town } from './town.ts';

const database = testDatabase();
let test: TestApp;
let town: Town;
let reviewer: Browser;
let officer: Browser;
let id = '';
const why = 'reason=call&order=GD-2026-1';

interface Told {
  readonly between: { readonly sure: boolean } | null;
  readonly snapshot: string | null;
  readonly facts: readonly {
    readonly fact: string;
    readonly value: unknown;
    readonly hidden: string | null;
    readonly state: string;
    readonly delivery: string | null;
  }[];
}
const told = async (browser: Browser, query: string): Promise<Told> =>
  (await (await browser.getJson(`/api/subjects/${id}/facts?${why}${query}`)).json()) as Told;
const one = (answer: Told, fact: string) => answer.facts.find((f) => f.fact === fact);

beforeAll(async () => {
  test = testApp(database);
  town = await buildTown(database);
  reviewer = await signedIn(test, database, 'reviewer', ['reviewer']);
  officer = await signedIn(test, database, 'officer', ['officer']);
  id = town.own.subjects[0] ?? '';
});

describe('facts of one person', () => {
  it('ask why first, and write down who looked at what', async () => {
    expect((await reviewer.getJson(`/api/subjects/${id}/facts`)).status).toBe(428);
    expect((await reviewer.getJson(`/api/subjects/${id}/facts/birthDate`)).status).toBe(428);
    await told(reviewer, '&fact=birthDate,gender');
    const looks = await database.sql<{ view: string; reason: string; facts: string[] }[]>`
      select view, reason, facts from profile_look where subject_id = ${id} order by id`;
    expect(looks).toEqual([{ view: 'facts', reason: 'call', facts: ['birthDate', 'gender'] }]);
  });

  it('say value, source and delivery, and show no number', async () => {
    const answer = await told(reviewer, '');
    expect(one(answer, 'birthDate')).toMatchObject({ state: 'value', value: own[0]?.birth, hidden: null, dataset: 'police-residents' });
    expect(one(answer, 'birthDate')?.delivery).toBe(town.delivery);
    expect(String(one(answer, 'account')?.value)).toMatch(/^\*+\d{4}$/);
    expect(JSON.stringify(answer)).not.toContain(own[0]?.account);
  });

  it('are as known on a past day by the snapshot that answers, and say so', async () => {
    const now = await told(reviewer, '&fact=birthDate');
    const then = await told(reviewer, `&fact=birthDate&knownAt=${asOf}`);
    expect([now.snapshot, then.snapshot?.length, then.between?.sure]).toEqual([null, 64, true]);
    expect(then.facts).toEqual(now.facts);
    const codes = async (query: string) =>
      (
        (await (await reviewer.getJson(`/api/subjects/${id}/facts?${why}${query}`)).json()) as { problems: { code: string }[] }
      ).problems.map((p) => p.code);
    expect(await codes('&knownAt=2026-01-01')).toEqual(['missing.snapshot']);
    expect(await codes('&knownAt=gestern')).toEqual(['input.value']);
    expect(await codes('&fact=nonsense')).toEqual(['input.value']);
    expect(await codes('&facts=birthDate')).toEqual(['input.value']);
  });

  it('tell how one fact changed', async () => {
    const history = (await (await reviewer.getJson(`/api/subjects/${id}/facts/birthDate?${why}`)).json()) as {
      states: { knownFrom: string; values: { value: string; delivery: string }[] }[];
    };
    expect(history.states).toMatchObject([{ knownFrom: asOf, values: [{ value: own[0]?.birth, delivery: town.delivery }] }]);
    expect((await reviewer.getJson(`/api/subjects/${id}/facts/nonsense?${why}`)).status).toBe(404);
  });

  it('hide what is sensitive from those who neither judge nor keep it', async () => {
    const { catalogue } = town;
    const sensitive = new Set(catalogue.facts.filter((f) => f.register === 'citizen' && f.sensitivity === 'sensitive').map((f) => f.key));
    const shown = (answer: Told) => answer.facts.filter((f) => sensitive.has(f.fact) && f.state === 'value');
    const [forReviewer, forOfficer] = [shown(await told(reviewer, '')), shown(await told(officer, ''))];
    expect(forReviewer.length).toBeGreaterThan(0);
    expect(forReviewer.every((f) => f.hidden === null)).toBe(true);
    expect(forOfficer.map((f) => [f.fact, f.hidden, f.value])).toEqual(forReviewer.map((f) => [f.fact, 'sensitive', null]));
  });
});
