// 新老划断 in a run on a real PostgreSQL: which version decides whom, told in the evidence and found again by replay; and a version that cannot be read.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { replay } from '../../src/match/replay.ts';
import { matchById } from '../../src/match/store.ts';
import type { Item } from '../../src/policy/item.ts';
import { testDatabase } from '../database.ts';
import { empty, type Facts, itemOf, lines, publish, sealAndRun, tell, versionOf } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const old = itemOf('aid', { award: { fixed: { yuan: 100 } }, effective: { from: day('2025-01-01'), to: day('2025-12-31') } });
const { hash } = versionOf(old);
const next = (over: Partial<Item>): Item =>
  itemOf('aid', {
    conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 70 }] },
    award: { fixed: { yuan: 60 } },
    effective: { from: day('2026-01-01'), to: null },
    before: { version: 1, hash, item: old },
    ...over,
  });

const person = (age: number, born: string | null | undefined): Facts =>
  born === undefined ? { age: String(age) } : { age: String(age), born };

describe('a version that declares its transition', () => {
  // The birthday stands for the day of the application: any date fact may.
  const people = {
    ann: person(81, '2025-06-01'),
    bob: person(81, '2026-01-01'),
    cat: person(75, '2025-12-31'),
    dan: person(75, '2026-01-10'),
    eve: person(81, undefined),
    fay: person(60, undefined),
    gus: person(75, null),
  };
  const applied = { selectedBy: 'application', applicationDay: { fact: 'born' } } as const;
  const found = async (over: Partial<Item>): Promise<readonly string[]> => {
    await tell(database, people);
    const item = next({ ...applied, ...over });
    await publish(database, [item]);
    const report = await sealAndRun(database, [item]);
    expect(report.items.map((i) => [i.itemId, i.stopped])).toEqual([['aid', null]]);
    expect((await replay(database.db, 'all')).differences).toEqual([]);
    const [counts] = report.items;
    return [...(await lines(database)).map((l) => l.replace(' aid 2026-01 #1 first eligible', '')), `待核 ${counts?.undetermined}`];
  };
  it('leaves who applied before to the version before', async () => {
    expect(await found({ transition: 'old' })).toEqual(['ann 100.00', 'bob 60.00', 'dan 60.00', 'gus 60.00', '待核 1']);
    const [row] = await database.sql<{ id: string }[]>`select m.id from match m join record r using (subject_id) where r.key = 'ann'`;
    expect((await matchById(database.db, row?.id ?? '', everything))?.evidence.governed).toEqual({
      by: 'before',
      day: '2025-06-01',
      rule: 'old',
    });
  });
  it('gives them whichever is more', async () => {
    expect(await found({ transition: 'better' })).toEqual(['ann 100.00', 'bob 60.00', 'cat 60.00', 'dan 60.00', 'gus 60.00', '待核 1']);
  });
  it('or decides everybody anew', async () => {
    expect(await found({ transition: 'new' })).toEqual([
      'ann 60.00',
      'bob 60.00',
      'cat 60.00',
      'dan 60.00',
      'eve 60.00',
      'gus 60.00',
      '待核 0',
    ]);
  });
});

describe('the day that selects', () => {
  const amount = async (over: Partial<Item>): Promise<readonly string[]> => {
    await tell(database, { ann: { age: '81' } });
    const open = { ...old, effective: { from: day('2025-01-01'), to: null } };
    const fresh = itemOf('aid', { award: { fixed: { yuan: 60 } }, effective: { from: day('2026-01-15'), to: null }, ...over });
    await sealAndRun(database, [open, fresh], { versions: [1, 2] });
    return await lines(database);
  };
  it('is any of the period unless said otherwise', async () => {
    expect(await amount({})).toEqual(['ann aid 2026-01 #1 first eligible 60.00']);
  });
  it('may be the first of the period', async () => {
    expect(await amount({ selectedBy: 'period-start' })).toEqual(['ann aid 2026-01 #1 first eligible 100.00']);
  });
  it('the last', async () => {
    expect(await amount({ selectedBy: 'period-end' })).toEqual(['ann aid 2026-01 #1 first eligible 60.00']);
  });
  it('the better of both for a period that both share', async () => {
    const open = { ...old, effective: { from: day('2025-01-01'), to: null } };
    const before = { version: 1, hash, item: open };
    expect(await amount({ selectedBy: 'period-start', transition: 'better', before })).toEqual([
      'ann aid 2026-01 #1 first eligible 100.00',
    ]);
  });
  it('an event: those from before are decided by the version before', async () => {
    const event = { period: 'per-event', event: { list: 'children', day: 'born', key: 'id' } } as const;
    const children = [
      { id: 'a', born: '2025-11-11', months: null, kind: null },
      { id: 'b', born: '2026-01-02', months: null, kind: null },
    ];
    await tell(database, { ann: { age: '81', children } });
    const then = { ...old, ...event };
    const now = next({ ...event, before: { version: 1, hash, item: then } });
    await sealAndRun(database, [then, now], { versions: [1, 2] });
    expect(await lines(database)).toEqual(['ann aid a #1 first eligible 100.00', 'ann aid b #1 first eligible 60.00']);
  });
});

describe('a version that cannot be read any more', () => {
  it('stops its item with the place, and nobody else', async () => {
    await tell(database, { ann: { age: '81' } });
    const broken = itemOf('broken', { conditions: { all: [{ fact: 'gone', operator: 'equal', value: 1 }] } });
    const report = await sealAndRun(database, [broken, itemOf('fine')]);
    expect(report.items.map((i) => [i.itemId, i.stopped === null, i.eligible])).toEqual([
      ['broken', false, 0],
      ['fine', true, 1],
    ]);
    expect(report.items[0]?.stopped).toContain('/conditions/all/0/fact');
    expect((await database.sql`select object_id from audit_entry where action = 'run.stop-item'`).length).toBe(1);
    expect(await lines(database)).toEqual(['ann fine 2026-01 #1 first eligible 100.00']);
  });
});
