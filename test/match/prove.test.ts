// A match proves what it read: every value stands in a segment whose hash leads to the snapshot's id. A value that was never sealed, a hash that was changed and a
// path that was broken do not. Snapshots past their term go, the decisions stay: what is in force, in use, audited or in dispute never goes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import type { Failpoint } from '../../src/db/failpoint.ts';
import { connect } from '../../src/db/handle.ts';
import { decideChanges } from '../../src/match/event.ts';
import { proveMatch } from '../../src/match/prove.ts';
import { replay } from '../../src/match/replay.ts';
import { holdSnapshots, liftHold, planRemoval, removeSnapshots, setRetention } from '../../src/match/retention.ts';
import { standing } from '../../src/match/retention-store.ts';
import { type MatchDetail, matchById } from '../../src/match/store.ts';
import { factHistory } from '../../src/snapshot/history.ts';
import { factsKnown } from '../../src/snapshot/known.ts';
import { openSnapshot } from '../../src/snapshot/open.ts';
import { type DeltaLimits, seal } from '../../src/snapshot/seal.ts';
import { unaudited } from '../audited.ts';
import { testDatabase } from '../database.ts';
import { throwAt } from '../failpoint.ts';
import { world } from '../snapshot/world.ts';
import { at, empty, itemOf, publish, sealAndRun, tell, versionOf } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const item = itemOf('aged', {
  facts: { twice: { text: '两倍', feel: 'age * 2' } },
  conditions: {
    all: [
      { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
      { fact: 'twice', operator: 'greaterThan', value: 100 },
    ],
  },
});

const onlyMatch = async (key: string): Promise<MatchDetail> => {
  const [row] = await database.sql<{ id: string }[]>`
    select m.id from match m join record r on r.subject_id = m.subject_id where r.key = ${key} order by m.sequence desc limit 1`;
  return (await matchById(database.db, row?.id ?? '', everything)) as MatchDetail;
};

describe('the proof of a match', () => {
  it('leads every value to the snapshot, over a delta too, and fails for what was never sealed', async () => {
    await publish(database, [item]);
    const crowd = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`p${i}`, { age: '85', deathDate: null }]));
    await tell(database, crowd);
    await sealAndRun(database, [item]);
    const first = await onlyMatch('p7');
    const proof = await proveMatch(database.db, first);
    expect(proof.proved).toBe(true);
    expect(proof.values.filter(({ proved }) => proved === true).map(({ fact }) => fact)).toEqual(
      expect.arrayContaining(['age', 'deathDate']),
    );
    expect(proof.segments.length).toBeGreaterThanOrEqual(3);
    expect(proof.segments.every(({ path }) => path.length > 0)).toBe(true);
    // One of them later: a delta lies over the base, and the earlier match still stands on the earlier seal.
    await tell(database, { p7: { age: '90', deathDate: null } });
    await sealAndRun(database, [item], { knownAt: day('2026-01-21'), delta: { share: 0.5, leastRows: 10 } });
    expect((await proveMatch(database.db, await onlyMatch('p7'))).proved).toBe(true);
    expect((await proveMatch(database.db, first)).proved).toBe(true);
    const read = first.evidence.read.map((entry) => (entry.fact === 'age' ? { ...entry, value: '86' } : entry));
    const forged = await proveMatch(database.db, { ...first, evidence: { ...first.evidence, read } });
    expect(forged.proved).toBe(false);
    expect(forged.values.filter(({ proved }) => proved === false).map(({ fact }) => fact)).toEqual(['age']);
    const source = { dataset: 'base', asOf: day('2020-01-01') };
    const backdated = first.evidence.read.map((entry) => (entry.fact === 'age' ? { ...entry, source } : entry));
    expect((await proveMatch(database.db, { ...first, evidence: { ...first.evidence, read: backdated } })).proved).toBe(false);
  });

  it('fails where the list of segments is no longer what was sealed, and says where nothing is kept', async () => {
    await publish(database, [item]);
    await tell(database, { one: { age: '85', deathDate: null }, two: { age: '20', deathDate: null } });
    await sealAndRun(database, [item]);
    const match = await onlyMatch('one');
    expect((await proveMatch(database.db, match)).proved).toBe(true);
    const owner = connect(database.ownerUrl, { max: 1, statementTimeoutMs: 120_000 });
    // The id is the root over all hashes and the day: whichever of them is changed, nothing leads to it any more.
    await owner`update snapshot set known_at = '2026-01-19' where id = ${match.evidence.snapshot}`;
    await owner.end();
    const broken = await proveMatch(database.db, match);
    expect(broken.proved).toBe(false);
    expect(broken.segments.some(({ proved }) => proved)).toBe(false);
    const lost = { ...match, evidence: { ...match.evidence, snapshot: 'f'.repeat(64) } };
    await expect(proveMatch(database.db, lost)).rejects.toMatchObject({ problems: [{ code: 'missing.snapshot' }] });
  });
});

describe('snapshots past their term', () => {
  afterEach(() => setRetention(database.db, 400, who));
  const who = { by: 'test', role: 'auditor', reason: '年度审计', at };
  const today = day('2027-06-01');
  const removeAll = (over: { failpoint?: Failpoint; today?: Day } = {}) =>
    removeSnapshots(database.db, { today, at, actor: 'test', ...over });
  const kept = async () => (await standing(database.db, today)).map((one) => `${one.knownAt} ${one.needs.join(',')}`);
  const stored = async () =>
    (
      await database.sql<{ n: number; lost: number }[]>`
      select (select count(*)::int from segment) as n,
        (select count(*)::int from segment g where not exists (select from snapshot_segment w where w.hash = g.hash)) as lost`
    )[0];
  /** Three nights, the second one a delta over the first one's base. */
  const nights = async (delta: DeltaLimits | null = { share: 0.5, leastRows: 10 }): Promise<MatchDetail> => {
    await publish(database, [item]);
    await tell(database, Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`p${i}`, { age: '85', deathDate: null }])));
    await sealAndRun(database, [item]);
    const first = await onlyMatch('p7');
    for (const [date, age] of [
      ['2026-01-21', '90'],
      ['2026-01-22', '91'],
    ] as const) {
      await tell(database, { p7: { age, deathDate: null }, [`new${age}`]: { age: '88', deathDate: null } });
      await sealAndRun(database, [item], { knownAt: day(date), delta });
    }
    return first;
  };

  it('go, with nothing that others name; decisions are decided again without them, and the proof says when they went and why', async () => {
    const first = await nights();
    const before = await replay(database.db, 'all');
    expect(before).toMatchObject({ differences: [] });
    const plan = await planRemoval(database.db, today);
    expect(plan.due.map((one) => one.knownAt)).toEqual(['2026-01-21', '2026-01-20']);
    expect(plan.frees.segments).toBeGreaterThan(0);
    const removed = await removeAll();
    expect(removed).toEqual({ removed: 2, ...plan.frees, busy: false });
    expect(await removeAll()).toMatchObject({ removed: 0 });
    expect(await kept()).toEqual(['2026-01-22 last-run,newest']);
    expect((await stored())?.lost).toBe(0);
    expect(await replay(database.db, 'all')).toEqual(before);
    await expect(proveMatch(database.db, first)).rejects.toMatchObject({
      problems: [{ code: 'missing.snapshot-removed', message: expect.stringMatching(/2026-01-20 .*400 天.*2027-06-01/) }],
    });
    // The last one leans on the base the first one sealed.
    expect((await proveMatch(database.db, await onlyMatch('new91'))).proved).toBe(true);
    expect(await openSnapshot(database.db, first.evidence.snapshot)).toBeNull();
    const [row] = await database.sql<{ key: string; ordinal: number }[]>`select key, ordinal from record where key = 'p7'`;
    const asked = { register: 'citizen', on: null, key: row?.key ?? '', ordinal: row?.ordinal ?? 0 };
    const knownOn = (date: string) => factsKnown(database.db, world, { ...asked, knownAt: { kind: 'day', day: day(date) } });
    await expect(knownOn('2026-01-20')).rejects.toMatchObject({ problems: [{ code: 'missing.snapshot' }] });
    expect((await knownOn('2026-01-22'))?.facts.find((one) => one.fact === 'age')?.value).toBe('91');
    const [age] = world.facts.filter((one) => one.key === 'age');
    if (age === undefined) throw new Error('no age');
    const told = await factHistory(database.db, world, { ...asked, division: '11', fact: age });
    expect([told.complete, told.states.length]).toEqual([false, 1]);
    // The next night goes on from what is left, and finds what a run from the ground up finds.
    await tell(database, { p9: { age: '20', deathDate: null } });
    const report = await sealAndRun(database, [item], { knownAt: day('2026-01-23'), delta: { share: 0.5, leastRows: 10 } });
    expect(report.items).toMatchObject([{ eligible: 31, written: { ended: 1 } }]);
    expect(await unaudited(database.sql, '0').then((found) => found.snapshot_removal ?? 0)).toBe(0);
    const trail = await database.sql`select detail from audit_entry where action = 'snapshot.remove'`;
    expect(trail).toHaveLength(2);
  });

  it('stay while a run is under way, an audit keeps them, a case is open, or something stands on them', async () => {
    const first = await nights();
    const id = await holdSnapshots(database.db, { first: day('2026-01-21'), last: day('2026-01-21') }, who);
    const [person] = await database.sql<{ id: string }[]>`select subject_id as id from record where key = 'p7'`;
    await database.sql`
      insert into objection (id, subject_id, item_id, version, period_key, about, authority, kind, objector, text, state, filed_by, filed_at)
      values (gen_random_uuid(), ${person?.id ?? ''}, 'aged', 1, '2026-01', 'amount', '测试县民政局', 'human', '\\x00', '不对', 'open', 'p7', ${first.createdAt})`;
    expect(await kept()).toEqual(['2026-01-22 case,last-run,newest', '2026-01-21 audit', '2026-01-20 case']);
    expect(await removeAll()).toMatchObject({ removed: 0 });
    await database.sql`update objection set state = 'moot', decided_at = now()`;
    await database.sql`update run set ended_at = null where snapshot_id = ${first.evidence.snapshot}`;
    expect(await removeAll()).toMatchObject({ removed: 0, busy: true });
    await database.sql`update run set ended_at = started_at`;
    expect(await removeAll()).toMatchObject({ removed: 1 });
    expect(await kept()).toEqual(['2026-01-22 last-run,newest', '2026-01-21 audit']);
    await liftHold(database.db, id, who);
    await expect(liftHold(database.db, id, who)).rejects.toMatchObject({ problems: [{ code: 'missing.hold' }] });
    // Rows added to the newest stand on it; a longer term of the house keeps both.
    await tell(database, { p3: { age: '30', deathDate: null } });
    const items = [versionOf(item)];
    expect(await decideChanges(database.db, { catalogue: world, items, today: day('2026-01-22'), at, actor: 'test' })).toMatchObject({
      state: 'decided',
    });
    await setRetention(database.db, 600, who);
    expect(await removeAll()).toMatchObject({ removed: 0 });
    await setRetention(database.db, 62, who);
    expect(await kept()).toEqual(['2026-01-22 newest', '2026-01-22 last-run,under', '2026-01-21 ']);
    expect(await removeAll()).toMatchObject({ removed: 1 });
    for (const days of [0, 1.5, 61, Number.NaN])
      await expect(setRetention(database.db, days, who)).rejects.toMatchObject({ problems: [{ code: 'input.days' }] });
  });

  it('go whole or not at all, wherever it is killed, and two at once remove each once', async () => {
    await nights();
    const before = await stored();
    for (const where of ['retention.before-remove', 'retention.after-remove', 'retention.before-commit']) {
      await expect(removeAll({ failpoint: throwAt(where) })).rejects.toThrow('killed');
      expect(await stored()).toEqual(before);
    }
    // Killed between one and the next: the rest is the next time's.
    await expect(removeAll({ failpoint: throwAt('retention.before-remove', 2) })).rejects.toThrow('killed');
    expect(await kept()).toEqual(['2026-01-22 last-run,newest', '2026-01-20 ']);
    const [{ id: newest } = { id: '' }] = await database.sql<{ id: string }[]>`select id from snapshot order by sequence desc limit 1`;
    await expect(database.sql`select remove_snapshot(${newest})`).rejects.toThrow('in use');
    const both = await Promise.all([removeAll(), removeAll()]);
    expect(both.reduce((sum, one) => sum + one.removed, 0)).toBe(1);
    expect((await stored())?.lost).toBe(0);
  });

  it('leave a seal of the same data standing: what it takes up is sealed again', async () => {
    await nights(null);
    // Everybody's age as on the first night, so the seal finds that night's segments written.
    await tell(database, { p7: { age: '85', deathDate: null } });
    await database.sql`delete from record_part where subject_id in (select subject_id from record where key like 'new%')`;
    await database.sql`delete from record where key like 'new%'`;
    let went = 0;
    const failpoint: Failpoint = async (name) => {
      if (name === 'seal.before-snapshot' && went++ === 0) await removeAll();
    };
    const { snapshotId } = await seal(database.db, {
      catalogue: world,
      knownAt: day('2026-01-23'),
      at,
      actor: 'test',
      delta: null,
      failpoint,
    });
    expect(went).toBeGreaterThan(1);
    const open = await openSnapshot(database.db, snapshotId);
    expect((await open?.load(database.db, 'citizen', 0, ['age']))?.rows).toBe(30);
    expect((await stored())?.lost).toBe(0);
  });

  it('are there again where the same data are sealed for the same day once more, and go once more', async () => {
    await publish(database, [item]);
    await tell(database, { one: { age: '85', deathDate: null } });
    const sealFor = (date: string) => seal(database.db, { catalogue: world, knownAt: day(date), at, actor: 'test', delta: null });
    const first = await sealFor('2026-01-20');
    await sealFor('2026-01-21');
    expect(await sealFor('2026-01-20')).toEqual({ ...first, already: true });
    expect(await removeAll()).toMatchObject({ removed: 1 });
    expect(await openSnapshot(database.db, first.snapshotId)).toBeNull();
    expect(await sealFor('2026-01-20')).toEqual({ ...first, already: false });
    expect(await kept()).toEqual(['2026-01-21 newest', '2026-01-20 ']);
    const report = await sealAndRun(database, [item]);
    expect(report).toMatchObject({ snapshotId: first.snapshotId, items: [{ eligible: 1 }] });
    // What is there is not touched by asking for it.
    const [back] = await database.sql<{ revived: boolean }[]>`select revive_snapshot(${first.snapshotId}) as revived`;
    expect(back?.revived).toBe(false);
    expect((await stored())?.lost).toBe(0);
    await sealAndRun(database, [item], { knownAt: day('2026-01-21') });
    expect(await removeAll()).toMatchObject({ removed: 1 });
    expect(await database.sql`select from audit_entry where action = 'snapshot.remove' and object_id = ${first.snapshotId}`).toHaveLength(
      2,
    );
  });
});
