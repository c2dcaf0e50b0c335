// Case 14 of the domain: somebody moves out on the 15th of a month that is paid by the month; the next district must not pay the same month again.
// The claims are what the shipped rules name when they decide, not what this test writes down.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { decide } from '../../src/policy/decide.ts';
import { exampleSource } from '../../src/policy/example.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import { readRuleFile } from '../../src/policy/files.ts';
import { settle } from '../../src/settlement/settle.ts';
import { testDatabase } from '../database.ts';
import { at, broken, empty, idOf, linesOf, publish, runWith, settlePeople } from './ground.ts';

const here = (path: string): string => new URL(path, import.meta.url).pathname;
const catalogueRead = await readCatalogue(here('../../rules/catalogue'));
if (!catalogueRead.ok) throw new Error('catalogue');
const { catalogue } = catalogueRead;

const shipped = async (path: string) => {
  const { result } = await readRuleFile(here(`../../rules/${path}.json`), catalogue);
  if (!result.ok) throw new Error(path);
  return result.compiled;
};

const matters: readonly (readonly [string, string, Readonly<Record<string, unknown>>, string])[] = [
  ['530128/luquan-gaoling', '310000/sh-laonian', { birthDate: '1930-03-01', deathDate: null }, '高龄津贴'],
  ['530128/luquan-gaoling', '110000/bj-gaoling', { birthDate: '1930-03-01', deathDate: null, pensionType: '无' }, '高龄津贴'],
];

const database = testDatabase();
beforeEach(async () => {
  await empty(database);
  await settlePeople(database, { P1: {}, P2: {} });
});
afterEach(async () => expect(await broken(database)).toEqual([]));

describe('somebody who moves out on the 15th', () => {
  it.each(matters)('is paid for that month by one place: %s before %s', async (first, second, facts, matter) => {
    const [old, next] = await Promise.all([shipped(first), shipped(second)]);
    const claimsOf = (item: typeof old, region: string, who: string) => {
      const example = { facts: { ...facts, hukouRegion: region, 'subject.key': who } };
      const period = periodFor(item.item, { period: '2026-04', knownAt: day('2026-04-30') });
      if (period === null) throw new Error('period');
      const decision = decide(item, exampleSource(catalogue, 'citizen', example, day('2026-04-30')), period);
      return decision.lines[0]?.claims ?? [];
    };
    const took = (item: typeof old, region: string, who: string) => ({
      item: item.item.id,
      subject: who,
      period: '2026-04',
      lines: [{ yuan: 100, claims: claimsOf(item, region, who) }],
    });
    expect(claimsOf(old, '530128', 'P1')).toEqual([
      { kind: 'person', object: 'P1', group: 'gaoling-jintie', per: 'period', orderDay: null },
    ]);
    const region = second.slice(0, 6);
    const oldFirst = [[took(old, '530128', 'P1')], [took(next, region, 'P1'), took(next, region, 'P2')]];
    const ways: string[][] = [];
    // Whichever district's data arrive first, the same one pays; somebody else who lives there is not concerned.
    for (const way of [oldFirst, oldFirst.toReversed(), [oldFirst.flat()]]) {
      await empty(database);
      await settlePeople(database, { P1: {}, P2: {} });
      await publish(database, [old.item, next.item]);
      for (const matches of way) {
        await runWith(database, matches);
        await settle(database.db, { now: at });
      }
      ways.push((await linesOf(database, ['P1', 'P2'])).map((l) => `${l.who} ${l.item} ${l.state} ${l.granted} ${l.why}`).toSorted());
    }
    const [lines = []] = ways;
    expect(ways).toEqual([lines, lines, lines]);
    expect(lines.map((line) => line.replaceAll(old.item.id, 'one').replaceAll(next.item.id, 'one')).toSorted()).toEqual([
      'P1 one granted 100.00 ',
      'P1 one refused 0.00 claim',
      'P2 one granted 100.00 ',
    ]);
    expect(lines).toContain(`P2 ${next.item.id} granted 100.00 `);
    const [row] = await database.sql<{ reasons: { text: string }[] }[]>`select reasons from settlement_line where state = 'refused'`;
    const text = row?.reasons[0]?.text ?? '';
    expect(text).toBe(`同一人同一月的${matter}只由一地发放，已计入在先的一笔，本笔不再计。`);
    for (const secret of ['P1', idOf('P1'), '禄劝']) expect(text).not.toContain(secret);
  });
});
