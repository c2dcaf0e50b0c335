// Honour lists by name on a real database: found, not found, several; what stays unknown meanwhile; settled once and remembered.
import { beforeEach, describe, expect, test } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { settleName } from '../../src/record/names.ts';
import { type ListNote, nameGaps, openNames } from '../../src/record/names-store.ts';
import { listProvenance } from '../../src/record/provenance-store.ts';
import { resolveRecord } from '../../src/record/resolve.ts';
import * as store from '../../src/record/store.ts';
import { testDatabase } from '../database.ts';
import { emptyTables } from '../empty.ts';
import { county, firm } from './county.ts';

const database = testDatabase();
const at = new Date('2026-02-20T01:00:00Z');
const honour = '高新技术企业';
const fact = { register: 'enterprise', sensitivity: 'public', purposes: ['*'], legalUse: 'decide' } as const;
const catalogue: Catalogue = {
  ...county,
  facts: [
    ...county.facts,
    { ...fact, key: 'honours', label: '荣誉', type: 'set', values: [honour], timed: true, combine: 'union', datasets: ['honours'] },
    {
      ...fact,
      key: 'formerNames',
      label: '曾用名',
      type: 'list',
      elementKey: 'name',
      fields: [{ key: 'name', label: '曾用名', type: 'text' }],
      datasets: ['former-names'],
    },
  ],
  datasets: [
    ...county.datasets.map((d) => (d.id === 'firms' ? { ...d, columns: [...d.columns, { header: '区划', to: '$division' }] } : d)),
    {
      id: 'honours',
      title: '荣誉名单',
      department: '科技局',
      register: 'enterprise',
      shape: 'timed',
      keyedBy: 'name',
      kinds: ['list'],
      freshnessDays: 400,
      columns: [
        { header: '企业名称', to: '$key', required: true },
        { header: '称号', to: 'honours' },
      ],
    },
    {
      id: 'former-names',
      title: '曾用名',
      department: '市场监管局',
      register: 'enterprise',
      shape: 'list',
      fact: 'formerNames',
      kinds: ['list'],
      freshnessDays: 400,
      columns: [
        { header: '信用代码', to: '$key', required: true },
        { header: '曾用名', to: 'name', required: true },
      ],
    },
  ],
};

const deliver = (
  dataset: string,
  text: string,
  kind: 'full' | 'list',
  asOf = '2026-02-01',
  list?: ListNote,
  division: string | null = null,
) =>
  importDelivery(
    database.db,
    catalogue,
    {
      dataset,
      kind,
      division,
      asOf: day(asOf),
      fileName: 'f.csv',
      content: bytesContent(new TextEncoder().encode(text)),
      receivedBy: 'steward',
      role: 'steward',
      ...(list === undefined ? {} : { list }),
    },
    { now: at },
  );

const note: ListNote = {
  title: '2025 年高新技术企业名单',
  number: '科发〔2025〕12 号',
  publishedOn: day('2025-12-20'),
  validFrom: day('2025-12-01'),
  validTo: day('2028-12-01'),
};
const names = [
  '禄劝（集团）机械有限公司',
  '禄劝ABC科技有限公司',
  '禄劝新名农业有限公司',
  '禄劝双生商贸有限公司',
  '禄劝双生商贸有限公司',
  '禄劝老字号股份有限公司',
  '禄劝无关有限公司',
  '盘龙双生商贸有限公司',
];
const firms = () =>
  deliver(
    'firms',
    `信用代码,名称,规模,区划\n${names.map((name, i) => `${firm(i)},${name},小型,${name.startsWith('盘龙') ? '530103' : '530128'}`).join('\n')}\n`,
    'full',
  );
const list = (...rows: string[]) => `企业名称,称号\n${rows.map((name) => `${name},${honour}`).join('\n')}\n`;
const ugly = list(
  '禄劝 (集团) 机械 有限公司',
  '禄劝ａｂｃ科技有限公司',
  '禄劝旧名农业有限公司',
  '禄劝双生商贸有限公司',
  '禄劝老字号有限责任公司',
  '外地某某有限公司',
);

const worth = async (n: number, on = '2026-02-20') => {
  const record = await store.recordByKey(database.db, 'enterprise', firm(n));
  if (record === null) throw new Error('no firm');
  return resolveRecord(record, await store.coverages(database.db), catalogue, on as Day).facts.honours;
};
/** Honoured, known not to be, or unknown. */
const standing = async (n: number) => {
  const found = await worth(n);
  const cell = found?.cells?.find((c) => (c.from ?? '') <= '2026-02-20' && '2026-02-20' < (c.to ?? '~'));
  return cell === undefined ? 'unknown' : cell.v === null ? 'none' : 'honoured';
};
const all = async () => Promise.all(names.map((_, n) => standing(n)));
const idOf = async (n: number) => (await store.recordByKey(database.db, 'enterprise', firm(n)))?.subjectId ?? '';
const settle = (deliveryId: string, line: number, subjectId: string | null, reason = '登记机关查得') =>
  settleName(database.db, catalogue, { deliveryId, line, subjectId, reason, by: 'steward', role: 'steward', scope: everything }, at);
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { problems?: readonly { code: string }[] }) => error.problems?.[0]?.code ?? String(error),
  );

beforeEach(async () => {
  await emptyTables(database, 'name_choice named_row name_list delivery_problem delivery coverage record_part record');
  await firms();
  await deliver('former-names', `信用代码,曾用名\n${firm(2)},禄劝旧名农业有限公司\n`, 'list');
});

describe('a list keyed by name', () => {
  test('finds one bearer by spelling or former name; several and near names stay unknown, all others are known not to be on it', async () => {
    const report = await deliver('honours', ugly, 'list', '2026-02-10', note, '530128');
    expect(report).toMatchObject({ state: 'landed', rows: { read: 6, good: 6, bad: 0 }, names: { listed: 6, matched: 3, open: 3 } });
    expect(await all()).toEqual(['honoured', 'honoured', 'honoured', 'unknown', 'unknown', 'unknown', 'none', 'unknown']);
    // The list's own validity, because its rows have no dates.
    expect((await worth(0))?.cells?.find((c) => c.v !== null)).toMatchObject({ from: '2025-12-01', to: '2028-12-01', dataset: 'honours' });
    expect(await listProvenance(database.db, await idOf(2), ['honours'])).toEqual([
      { dataset: 'honours', asOf: '2026-02-10', name: '禄劝旧名农业有限公司', method: 'former', list: note },
    ]);
    expect(await nameGaps(database.db, ['honours'])).toMatchObject([{ title: note.title, number: note.number, listed: 6, open: 3 }]);
    const work = await openNames(database.db, { scope: everything, limit: 10 });
    expect(work.map((one) => [one.line, one.name, one.bearers.length])).toEqual([
      [5, '禄劝双生商贸有限公司', 2],
      [6, '禄劝老字号有限责任公司', 1],
      [7, '外地某某有限公司', 0],
    ]);
    expect(await openNames(database.db, { scope: { ...everything, divisions: ['530103'] }, limit: 10 })).toEqual([]);
  });

  test('is settled once: the firm has the honour, the others are known not to, and the next list asks no more', async () => {
    const { deliveryId } = await deliver('honours', ugly, 'list', '2026-02-10', note, '530128');
    expect(await code(settle(deliveryId, 5, await idOf(3), ' '))).toBe('input.reason');
    await settle(deliveryId, 5, await idOf(3));
    await settle(deliveryId, 6, null, '外地同名企业');
    expect(await code(settle(deliveryId, 5, await idOf(4)))).toBe('state.edge');
    expect(await code(settle(deliveryId, 99, null))).toBe('missing.name');
    expect(await all()).toEqual(['honoured', 'honoured', 'honoured', 'honoured', 'none', 'none', 'none', 'unknown']);
    expect((await worth(3))?.cells?.find((c) => c.v !== null)).toMatchObject({ v: [honour], from: '2025-12-01', to: '2028-12-01' });
    expect(await nameGaps(database.db, ['honours'])).toMatchObject([{ listed: 6, open: 1 }]);
    const next = await deliver('honours', ugly, 'list', '2026-02-18', note, '530128');
    expect(next.names).toEqual({ listed: 6, matched: 4, open: 1 });
    expect(await all()).toEqual(['honoured', 'honoured', 'honoured', 'honoured', 'none', 'none', 'none', 'unknown']);
    expect((await openNames(database.db, { scope: everything, limit: 10 })).map((one) => one.deliveryId)).toEqual([next.deliveryId]);
    const audited = await database.sql`select actor from audit_entry where action = 'name.settle'`;
    expect(audited).toHaveLength(2);
  });

  test('the same firm twice under two spellings is honoured once; a list of nobody is a list all the same', async () => {
    const twice = await deliver('honours', list('禄劝（集团）机械有限公司', '禄劝(集团)机械有限公司'), 'list', '2026-02-10', note);
    expect([twice.state, twice.rows.bad, twice.names?.matched]).toEqual(['landed', 0, 2]);
    expect((await worth(0))?.cells?.find((c) => c.v !== null)?.v).toEqual([honour]);
    const none = await deliver('honours', list('外地某某有限公司'), 'list', '2026-02-11', note);
    expect(none).toMatchObject({ state: 'landed', names: { listed: 1, matched: 0, open: 1 } });
    expect(await all()).toEqual(names.map(() => 'none'));
  });

  test('a name two firms bore, one now and one before, is nobody’s until somebody says whose', async () => {
    await deliver('former-names', `信用代码,曾用名\n${firm(6)},禄劝ABC科技有限公司\n`, 'list', '2026-02-05');
    const report = await deliver('honours', list('禄劝ABC科技有限公司'), 'list', '2026-02-10', note);
    expect(report.names).toEqual({ listed: 1, matched: 0, open: 1 });
    expect([await standing(1), await standing(6), await standing(0)]).toEqual(['unknown', 'unknown', 'none']);
  });
});
