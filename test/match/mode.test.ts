// 兑现方式 by conditions through a run: each match carries its own, another mode is a change, replay finds it again, and opinions that differ stop the item.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { replay } from '../../src/match/replay.ts';
import type { Item } from '../../src/policy/item.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import { testDatabase } from '../database.ts';
import { empty, itemOf, lines, publish, sealAndRun, tell } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const item = itemOf('ways', {
  mode: [
    { when: { all: [{ fact: 'income', operator: 'lessThan', value: 1000 }] }, mode: 'auto' },
    { when: { fact: 'kind', operator: 'equal', value: '乙' }, mode: 'apply' },
    { mode: 'confirm' },
  ],
  flow: { first: ['guard', 'notice', 'confirm', 'pay'], continuing: ['guard', 'pay'] },
  confirm: { days: 7 },
} satisfies Partial<Item>);

const people = {
  ann: { age: '81', income: '500', kind: '甲' },
  bob: { age: '82', income: '1000', kind: '甲' },
  cid: { age: '83', kind: '甲' },
  dan: { age: '84', income: '500' },
  eve: { age: '85', income: '2000' },
  fay: { age: '40', income: '500' },
};

const modes = async (): Promise<readonly string[]> => {
  const rows = await database.sql<{ key: string; mode: string; missing: string[] }[]>`
    select r.key, m.evidence #>> '{mode,mode}' as mode, array(select x ->> 'fact' from jsonb_array_elements(m.evidence #> '{mode,missing}') x) as missing
    from match m join record r on r.subject_id = m.subject_id
    where not exists (select from match n where n.subject_id = m.subject_id and n.sequence > m.sequence) order by 1`;
  return rows.map((row) => [row.key, row.mode, ...row.missing].join(' '));
};

describe('a run', () => {
  it('writes each one’s mode with what was missing; it replays; another mode is a change', async () => {
    await tell(database, people);
    await publish(database, [item]);
    await sealAndRun(database, [item]);
    expect(await modes()).toEqual(['ann auto', 'bob confirm', 'cid confirm income', 'dan auto', 'eve apply kind']);
    expect(await replay(database.db, 'all')).toMatchObject({ checked: 5, differences: [] });
    await tell(database, { ann: { ...people.ann, income: '1000' }, cid: { ...people.cid, income: '1' } });
    const report = await sealAndRun(database, [item], { knownAt: day('2026-01-21') });
    expect(report.items[0]).toMatchObject({ eligible: 5, written: { changed: 2 }, stopped: null });
    expect(await modes()).toEqual(['ann confirm', 'bob confirm', 'cid auto', 'dan auto', 'eve apply kind']);
    expect(await replay(database.db, 'all')).toMatchObject({ checked: 7, differences: [] });
  });

  it('says again what it said, period after period', async () => {
    await tell(database, { ann: people.ann, bob: people.bob });
    await sealAndRun(database, [item]);
    await sealAndRun(database, [item], { knownAt: day('2026-02-20') });
    expect((await lines(database)).map((line) => line.split(' ').slice(0, 5).join(' '))).toEqual([
      'ann ways 2026-01 #1 first',
      'ann ways 2026-02 #1 continuing',
      'bob ways 2026-01 #1 first',
      'bob ways 2026-02 #1 continuing',
    ]);
  });

  it('stops an item whose two opinions come to different modes', async () => {
    await tell(database, { ann: people.ann });
    const report = await sealAndRun(database, [item], {
      opinion: async (...asked) => ({ ...(await secondOpinion(...asked)), mode: 'confirm' }),
    });
    expect(report.items[0]?.stopped).toContain('方式 auto');
    expect(await lines(database)).toEqual([]);
  });
});
