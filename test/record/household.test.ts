// A household as a subject of its own, with members over time: moves, late and corrected memberships.
import { expect, test } from 'vitest';
import { citizenIdCheck } from '../../src/base/codes.ts';
import { day } from '../../src/base/day.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { membersOn } from '../../src/record/household-store.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { recordByKey } from '../../src/record/store.ts';
import { testDatabase } from '../database.ts';

const database = testDatabase();
const person = (n: number): string => {
  const digits = `53012819900101${String(n).padStart(3, '0')}`;
  return digits + citizenIdCheck(digits);
};

test('a household has the members of the day, late and corrected memberships included', async () => {
  const read = await readCatalogue(new URL('../../rules/catalogue', import.meta.url).pathname);
  if (!read.ok) throw new Error(JSON.stringify(read.problems[0]));
  const { catalogue } = read;
  const deliver = async (dataset: string, kind: 'full' | 'changes', rows: readonly string[], on: string) => {
    const columns = catalogue.datasets.find((d) => d.id === dataset)?.columns ?? [];
    const content = bytesContent(new TextEncoder().encode(`${[columns.map((c) => c.header).join(','), ...rows].join('\n')}\n`));
    const request = { dataset, kind, division: null, asOf: day(on), fileName: 'f.csv', content, receivedBy: 'test', role: 'system' };
    const report = await importDelivery(database.db, catalogue, request, { now: new Date('2026-04-15T02:00:00Z') });
    if (report.state !== 'landed') throw new Error(JSON.stringify([report.state, report.problems[0]]));
  };
  const [head, wife, son] = [person(1), person(2), person(3)];
  await deliver(
    'police-residents',
    'full',
    [head, wife, son].map((key, i) => `${key},人${'甲乙丙'[i]},530128,,,`),
    '2026-04-01',
  );
  await deliver('police-households', 'full', [`H1,人甲,530128,${head}`, 'H2,人丙,530128,'], '2026-04-01');
  const rows = [
    `${head},H1,户主,2015-01-01,`,
    `${wife},H1,配偶,2018-05-01,`,
    `${son},H1,子女,2019-06-01,2026-02-01`,
    `${son},H2,户主,2026-02-01,`,
  ];
  await deliver('police-household-members', 'full', rows, '2026-04-01');
  const keys = new Map<string, string>();
  for (const key of [head, wife, son]) keys.set((await recordByKey(database.db, 'citizen', key))?.subjectId ?? '', key);
  const members = async (household: string, on: string) =>
    (await membersOn(database.db, catalogue, household, day(on), day('2026-04-15'))).map((m) => `${keys.get(m.subjectId)} ${m.role}`);
  const [isHead, isWife, isSon] = [`${head} 户主`, `${wife} 配偶`, `${son} 子女`];
  expect(await members('H1', '2026-01-31')).toEqual([isHead, isWife, isSon]);
  expect(await members('H1', '2026-02-01')).toEqual([isHead, isWife]);
  expect(await members('H2', '2026-03-01')).toEqual([`${son} 户主`]);
  expect(await members('H1', '2017-01-01')).toEqual([isHead]);
  // The wife moved out in March; told in April.
  await deliver('police-household-members', 'changes', [`${wife},H1,配偶,2018-05-01,2026-03-10`], '2026-04-10');
  expect(await members('H1', '2026-03-09')).toEqual([isHead, isWife]);
  expect(await members('H1', '2026-03-10')).toEqual([isHead]);
  expect((await recordByKey(database.db, 'household', 'H1'))?.name).toBe('人甲');
});
