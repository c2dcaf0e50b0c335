// A match proves what it read: every value stands in a segment whose hash leads to the snapshot's id. A value that was never sealed, a hash that was changed and a
// path that was broken do not.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { connect } from '../../src/db/handle.ts';
import { proveMatch } from '../../src/match/prove.ts';
import { type MatchDetail, matchById } from '../../src/match/store.ts';
import { testDatabase } from '../database.ts';
import { empty, itemOf, publish, sealAndRun, tell } from './ground.ts';

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
