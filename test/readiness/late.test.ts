// A late register of deaths: without a decision nothing changes; waiting holds the item; a longer limit carries those who were paid before and nobody
// else, stands in their evidence, is seen alike by both ways of deciding and by the replay, and is checked when the register arrives.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { extendedMatches } from '../../src/match/extended-store.ts';
import { replay } from '../../src/match/replay.ts';
import { matchById } from '../../src/match/store.ts';
import { undeterminedSubjects } from '../../src/match/undetermined.ts';
import { whyNow } from '../../src/match/why.ts';
import { whyAll } from '../../src/match/why-all.ts';
import { compileItem } from '../../src/policy/compile.ts';
import { decideLate, type LateQuestion } from '../../src/readiness/decide.ts';
import { readReadiness } from '../../src/readiness/store.ts';
import { subjectById } from '../../src/record/view-store.ts';
import { testDatabase } from '../database.ts';
import { empty, idOf, lines, publish, tell, versionOf } from '../match/ground.ts';
import { catalogueWith, night, oldAge, tellDeaths, told } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const reviewer = { actor: 'zhang', reviewer: true, scope: everything };
const item = oldAge();
const question: LateQuestion = {
  item,
  periodKey: '2026-02',
  dataset: 'deaths',
  choice: { kind: 'extend', days: 15 },
  reason: '殡葬系统升级，卫健委书面说明 2 月 25 日前补报。',
};
const context = { catalogue: catalogueWith(), knownAt: day('2026-02-19'), at: new Date('2026-02-19T03:00:00Z') };
const decide = (over: Partial<LateQuestion> = {}, by = reviewer, on: Day = context.knownAt) =>
  decideLate(database.db, { ...question, ...over }, by, { ...context, knownAt: on });
const code = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => 'no problem',
    (error: { problems?: readonly { code: string }[] }) => error.problems?.[0]?.code ?? String(error),
  );

/** Two recipients of January, one newcomer of February, deaths known up to 10 January. */
const start = async (): Promise<void> => {
  await publish(database, [item]);
  await tell(database, { a: { age: '85' }, b: { age: '90' }, c: { age: '79' } }, day('2026-02-15'));
  await tellDeaths(database, day('2026-01-10'));
  await night(database, [item], day('2026-01-20'));
  await tell(database, { c: { age: '80' } }, day('2026-02-15'));
};

describe('an extension', () => {
  it('carries those who were paid before, not the newcomer, and stands in the evidence', async () => {
    await start();
    const made = await decide();
    expect(made).toMatchObject({ choice: 'extend', days: 15, asOf: '2026-01-10', until: '2026-02-25', actor: 'zhang' });
    const report = await night(database, [item], day('2026-02-20'));
    expect(told(report)).toEqual(['old-age 2026-02 2/1/0']);
    expect((await lines(database)).filter((line) => line.includes('2026-02'))).toEqual([
      'a old-age 2026-02 #1 continuing eligible 100.00',
      'b old-age 2026-02 #1 continuing eligible 100.00',
    ]);
    const [row] = await database.sql<{ id: string }[]>`select id from match where period_key = '2026-02' limit 1`;
    const evidence = (await matchById(database.db, row?.id ?? '', everything))?.evidence;
    expect(evidence?.extensions).toEqual([
      { id: made.id, dataset: 'deaths', days: 15, until: '2026-02-25', actor: 'zhang', reason: question.reason, asOf: '2026-01-10' },
    ]);
    expect(evidence?.read.find((entry) => entry.fact === 'deathDate')).toMatchObject({
      value: null,
      source: { dataset: 'deaths', asOf: '2026-01-10' },
    });
    const asked = { version: versionOf(item), catalogue: catalogueWith(), scope: everything };
    const why = async (key: string) => (await whyNow(database.db, { ...asked, subjectId: idOf(key) }))?.decisions[0]?.decision.verdict;
    expect([await why('a'), await why('c')]).toEqual(['eligible', 'undetermined']);
    expect((await readReadiness(database.db, { periodKey: '2026-02' }))[0]?.waits[0]).toMatchObject({
      holds: false,
      decision: { id: made.id, choice: 'extend' },
    });
  });

  it('is honoured by the answer for all items at once, and by the list of who is undetermined and for want of what', async () => {
    const catalogue = catalogueWith();
    const other = oldAge('other');
    await publish(database, [other]);
    await start();
    await tell(database, { b: { age: null } }, day('2026-02-15'));
    await database.sql`update record_part set cells = cells - 'age' where subject_id = ${idOf('b')} and dataset = 'base'`;
    await decide();
    await night(database, [item, other], day('2026-02-20'));
    const versions = [item, other].map((one) => versionOf(one));
    const compiled = versions.map((one) => compileItem(one.item, catalogue));
    const asked = { catalogue, scope: everything };
    for (const key of ['a', 'b', 'c']) {
      const subject = await subjectById(database.db, idOf(key), everything);
      const all = subject === null ? null : await whyAll(database.db, subject, compiled, catalogue);
      for (const version of versions) {
        const one = await whyNow(database.db, { ...asked, version, subjectId: idOf(key) });
        expect(all?.get(version.item.id)?.map((t) => [t.decision.verdict, t.decision.missing])).toEqual(
          one?.decisions.map((d) => [d.decision.verdict, d.decision.missing]),
        );
      }
      if (key === 'a') expect(versions.map((v) => all?.get(v.item.id)?.[0]?.decision.verdict)).toEqual(['eligible', 'undetermined']);
    }
    const { rows } = await undeterminedSubjects(database.db, { ...asked, version: versionOf(item), periodKey: '2026-02' });
    const lacking = new Map(rows.map((row) => [row.subjectId, row.missing.map((m) => m.fact)]));
    // The recipient lacks an age only; the newcomer, whom no extension carries, lacks the register of deaths.
    expect([lacking.has(idOf('a')), lacking.get(idOf('b')), lacking.get(idOf('c'))]).toEqual([false, ['age'], ['deathDate']]);
  });

  it('replays from its evidence alone', async () => {
    await start();
    await database.sql`
      insert into catalogue_version (number, hash, content, published_at, published_by, prepared_by)
      values (2, ${catalogueWith().hash}, ${JSON.stringify(catalogueWith())}::text::jsonb, now(), 'test', 'other') on conflict do nothing`;
    await decide();
    await night(database, [item], day('2026-02-20'));
    const { checked, differences } = await replay(database.db, 'all');
    expect(differences).toEqual([]);
    expect(checked).toBe(4);
  });

  it('takes back the suspension of the same period, and ends on its last day', async () => {
    await start();
    expect(told(await night(database, [item], day('2026-02-19')))).toEqual(['old-age 2026-02 0/3/0']);
    await decide();
    expect(told(await night(database, [item], day('2026-02-20')))).toEqual(['old-age 2026-02 2/1/0']);
    expect(told(await night(database, [item], day('2026-02-25')))).toEqual(['old-age 2026-02 2/1/0']);
    expect(told(await night(database, [item], day('2026-02-26')))).toEqual(['old-age 2026-02 0/3/0']);
    expect((await lines(database)).filter((line) => line.startsWith('a '))).toEqual([
      'a old-age 2026-01 #1 first eligible 100.00',
      'a old-age 2026-02 #1 suspended undetermined',
      'a old-age 2026-02 #2 resumed eligible 100.00',
      'a old-age 2026-02 #3 suspended undetermined',
    ]);
  });

  it('is checked when the register arrives, even after the period has closed: the dead are found, the others confirmed', async () => {
    await start();
    await decide();
    await night(database, [item], day('2026-02-20'));
    const asked = { scope: everything, periodKey: '2026-02' };
    expect((await extendedMatches(database.db, asked)).map((e) => e.outcome)).toEqual(['carried', 'carried']);
    await tellDeaths(database, day('2026-03-01'), { a: day('2026-01-28') });
    const report = await night(database, [item], day('2026-03-02'));
    expect(told(report)).toEqual(['old-age 2026-02 2/0/1', 'old-age 2026-03 2/0/1']);
    const out = new Map((await extendedMatches(database.db, asked)).map((e) => [e.subjectId, e.outcome]));
    expect([out.get(idOf('a')), out.get(idOf('b'))]).toEqual(['ended', 'confirmed']);
    expect(await lines(database)).toContain('a old-age 2026-02 #2 ended ineligible');
    // Settled: the closed period is not decided for ever.
    expect(told(await night(database, [item], day('2026-03-03')))).toEqual(['old-age 2026-03 2/0/1']);
  });

  it('of one item and period says nothing about another', async () => {
    await start();
    const other = oldAge('other');
    await night(database, [item, other], day('2026-01-21'));
    await decide();
    const report = await night(database, [item, other], day('2026-02-20'));
    expect(told(report)).toEqual(['old-age 2026-02 3/0/0', 'other 2026-02 0/3/0']);
  });
});

describe('waiting', () => {
  it('holds the item: nobody is paid, nobody suspended; at its end it is decided as ever', async () => {
    await start();
    const before = await lines(database);
    await decide({ choice: { kind: 'wait', until: day('2026-02-24') } });
    expect(told(await night(database, [item], day('2026-02-20')))).toEqual(['old-age 2026-02 waiting']);
    expect(await lines(database)).toEqual(before);
    expect(told(await night(database, [item], day('2026-02-25')))).toEqual(['old-age 2026-02 0/3/0']);
  });

  it('ends when the register is there', async () => {
    await start();
    await decide({ choice: { kind: 'wait', until: day('2026-02-28') } });
    await night(database, [item], day('2026-02-20'));
    await tellDeaths(database, day('2026-02-20'));
    expect(told(await night(database, [item], day('2026-02-21')))).toEqual(['old-age 2026-02 3/0/0']);
  });

  it('gives way to a later decision', async () => {
    await start();
    await decide({ choice: { kind: 'wait', until: day('2026-02-28') } });
    await decide();
    expect(told(await night(database, [item], day('2026-02-20')))).toEqual(['old-age 2026-02 2/1/0']);
  });
});

describe('who may decide, and what', () => {
  it('refuses the wrong person, dataset, time and words, and writes nothing', async () => {
    await start();
    expect(await code(decide({}, { ...reviewer, reviewer: false }))).toBe('scope.role');
    expect(await code(decide({}, { ...reviewer, scope: { ...everything, items: ['other'] } }))).toBe('scope.item');
    expect(await code(decide({ dataset: 'nosuch' }))).toBe('input.dataset');
    expect(await code(decide({ dataset: 'base' }))).toBe('state.not-guard');
    expect(await code(decide({ reason: '  ' }))).toBe('input.reason');
    expect(await code(decide({ reason: '问过 11010519491231002X 本人家属' }))).toBe('input.reason');
    expect(await code(decide({ choice: { kind: 'extend', days: 0 } }))).toBe('input.days');
    expect(await code(decide({ choice: { kind: 'extend', days: 5 } }))).toBe('input.days');
    expect(await code(decide({ choice: { kind: 'wait', until: day('2030-01-01') } }))).toBe('input.until');
    expect(await code(decide({}, reviewer, day('2026-01-20')))).toBe('state.not-late');
    expect(await database.sql`select from freshness_decision`).toHaveLength(0);
  });

  it('leaves an audit row with the reason, and can never be rewritten', async () => {
    await start();
    const { id } = await decide();
    const rows = await database.sql`select actor, reason, action from audit_entry where object_id = ${id}`;
    expect(rows).toEqual([{ actor: 'zhang', reason: question.reason, action: 'freshness.extend' }]);
    await expect(database.sql`update freshness_decision set days = 300`).rejects.toThrow();
    expect(await database.sql`select message from assert_invariants() where message like '%late dataset%'`).toEqual([]);
  });
});

it('without a decision verdicts are what they were, whatever is late; with one only those paid before and unknown for its sake differ', async () => {
  await start();
  const days = fc.integer({ min: 0, max: 20 });
  const verdicts = async (): Promise<ReadonlyMap<string, string>> =>
    new Map((await lines(database)).filter((line) => line.includes('2026-02')).map((line) => [line.split(' ')[0] as string, line]));
  await fc.assert(
    fc.asyncProperty(days, days, async (late, more) => {
      await empty(database);
      await start();
      const on = addDays(day('2026-02-11'), late % 17);
      const plain = told(await night(database, [item], on));
      const stale = on > '2026-02-10';
      expect(plain).toEqual([stale ? 'old-age 2026-02 0/3/0' : 'old-age 2026-02 3/0/0']);
      const before = await verdicts();
      const needed = 1 + Math.max(0, late % 17);
      const granted = await code(decide({ choice: { kind: 'extend', days: needed + more } }, reviewer, on));
      expect(granted).toBe('no problem');
      expect(told(await night(database, [item], on))).toEqual(['old-age 2026-02 2/1/0']);
      expect([...(await verdicts()).keys()].sort()).toEqual([...before.keys()].sort());
    }),
    { seed: 11, numRuns: 6 },
  );
});
