// A small county for record tests: a catalogue with every shape of dataset, half of it resting encrypted, people with valid numbers, records without a database.
import { citizenIdCheck, usccCheck } from '../../src/base/codes.ts';
import { type Day, day } from '../../src/base/day.ts';
import type { Catalogue, Dataset, Fact } from '../../src/catalogue/catalogue.ts';
import type { Cell, Provenance, SubjectRecord } from '../../src/record/record.ts';

export const person = (n: number): string => {
  const first = `530128195001${String((n % 28) + 1).padStart(2, '0')}${String(Math.floor(n / 28)).padStart(3, '0')}`;
  return first + citizenIdCheck(first);
};

export const firm = (n: number): string => {
  const first = `91530128MA6${String(n).padStart(6, '0')}`;
  return first + usccCheck(first);
};

const fact = (f: Pick<Fact, 'key' | 'type' | 'datasets'> & Partial<Fact>): Fact => ({
  label: f.key,
  register: 'citizen',
  sensitivity: 'personal',
  purposes: ['*'],
  legalUse: 'decide',
  ...f,
});

const keyColumn = { header: '身份证号', to: '$key', required: true } as const;
const spell = [
  { header: '生效日期', to: '$from' },
  { header: '失效日期', to: '$to', empty: 'null' },
] as const;

const dataset = (d: Pick<Dataset, 'id' | 'shape' | 'columns'> & Partial<Dataset>): Dataset => ({
  title: d.id,
  department: '测试局',
  register: 'citizen',
  kinds: ['full', 'changes', 'list'],
  freshnessDays: 31,
  ...d,
});

export const county: Catalogue = {
  registers: [
    { id: 'citizen', label: '居民', key: 'citizen-id' },
    { id: 'enterprise', label: '企业', key: 'uscc' },
  ],
  facts: [
    fact({ key: 'gender', type: 'category', values: ['男', '女'], datasets: ['people'] }),
    fact({
      key: 'deathDate',
      sensitivity: 'sensitive',
      type: 'date',
      combine: 'earliest',
      datasets: ['people', 'health-deaths', 'cremations'],
    }),
    fact({ key: 'region', type: 'code', tree: 'division', timed: true, datasets: ['hukou'] }),
    fact({ key: 'hukouType', type: 'category', values: ['农村', '城镇'], timed: true, datasets: ['hukou'] }),
    fact({ key: 'spouse', type: 'link', to: 'citizen', timed: true, datasets: ['marriages'] }),
    fact({
      key: 'help',
      sensitivity: 'sensitive',
      type: 'set',
      values: ['低保', '特困', '孤儿'],
      timed: true,
      combine: 'union',
      datasets: ['assistance'],
    }),
    fact({ key: 'income', sensitivity: 'sensitive', type: 'series', every: 'year', unit: '元', datasets: ['wages'] }),
    fact({
      key: 'children',
      sensitivity: 'sensitive',
      type: 'list',
      elementKey: 'no',
      fields: [
        { key: 'no', label: '编号', type: 'text' },
        { key: 'birth', label: '出生日期', type: 'date' },
      ],
      datasets: ['births'],
    }),
    fact({ key: 'account', type: 'text', datasets: ['cards', 'other-cards'] }),
    fact({ key: 'balance', type: 'number', unit: '元', datasets: ['cards'] }),
    fact({ key: 'pension', type: 'boolean', datasets: ['pensions'] }),
    fact({ key: 'scale', type: 'text', register: 'enterprise', datasets: ['firms'] }),
  ],
  datasets: [
    dataset({
      id: 'people',
      shape: 'record',
      introduces: true,
      columns: [
        keyColumn,
        { header: '姓名', to: '$name' },
        { header: '区划', to: '$division' },
        { header: '性别', to: 'gender' },
        { header: '死亡日期', to: 'deathDate', empty: 'null' },
      ],
    }),
    dataset({ id: 'health-deaths', shape: 'record', columns: [keyColumn, { header: '死亡日期', to: 'deathDate' }] }),
    dataset({ id: 'cremations', shape: 'record', columns: [keyColumn, { header: '死亡日期', to: 'deathDate' }] }),
    dataset({
      id: 'hukou',
      shape: 'timed',
      kinds: ['full', 'changes'],
      columns: [keyColumn, { header: '户籍', to: 'region' }, { header: '户口性质', to: 'hukouType' }, ...spell],
    }),
    dataset({
      id: 'marriages',
      shape: 'timed',
      kinds: ['full', 'changes'],
      columns: [keyColumn, { header: '配偶', to: 'spouse' }, ...spell],
    }),
    dataset({ id: 'assistance', shape: 'timed', columns: [keyColumn, { header: '类别', to: 'help' }, ...spell] }),
    dataset({
      id: 'wages',
      shape: 'series',
      freshnessDays: 400,
      columns: [keyColumn, { header: '年度', to: '$period' }, { header: '工资', to: 'income' }],
    }),
    dataset({
      id: 'births',
      shape: 'list',
      fact: 'children',
      columns: [keyColumn, { header: '编号', to: 'no' }, { header: '出生日期', to: 'birth' }],
    }),
    dataset({
      id: 'cards',
      shape: 'record',
      columns: [keyColumn, { header: '账号', to: 'account', format: 'account' }, { header: '余额', to: 'balance' }],
    }),
    dataset({ id: 'other-cards', shape: 'record', columns: [keyColumn, { header: '账号', to: 'account', format: 'account' }] }),
    dataset({ id: 'pensions', shape: 'record', columns: [keyColumn, { header: '领取养老金', to: 'pension' }] }),
    dataset({
      id: 'firms',
      register: 'enterprise',
      shape: 'record',
      introduces: true,
      columns: [
        { header: '信用代码', to: '$key' },
        { header: '名称', to: '$name' },
        { header: '规模', to: 'scale' },
      ],
    }),
  ],
  trees: [
    {
      id: 'division',
      label: '区划',
      nodes: [
        { code: '530000', name: '云南省', parent: null },
        { code: '530100', name: '昆明市', parent: '530000' },
        { code: '530103', name: '盘龙区', parent: '530100' },
        { code: '530128', name: '禄劝县', parent: '530100' },
        { code: '530128102', name: '撒营盘镇', parent: '530128' },
        { code: '999001', name: '高新区', parent: '530103', kind: 'zone' },
      ],
    },
  ],
  parameters: [
    {
      key: 'minWage',
      label: '最低工资',
      unit: '元',
      values: [
        { region: '530000', from: day('2025-01-01'), to: null, value: '1800' },
        { region: '530100', from: day('2025-01-01'), to: day('2026-01-01'), value: '1990' },
      ],
    },
  ],
  external: [
    {
      key: 'cpi',
      label: '物价',
      unit: '%',
      every: 'month',
      values: [{ region: null, period: '2026-01', value: '3.5', asOf: day('2026-02-10') }],
    },
  ],
  calendar: { knownFrom: day('2026-01-01'), knownTo: day('2026-12-31'), holidays: [], workdays: [] },
  hash: 'county',
};

export const recordWith = (
  facts: Readonly<Record<string, readonly Cell[]>>,
  provenance: Readonly<Record<string, string | Provenance>>,
  more: Partial<SubjectRecord> = {},
): SubjectRecord => ({
  register: 'citizen',
  subjectId: '00000000-0000-0000-0000-000000000001',
  key: person(1),
  ordinal: 0,
  name: '张三',
  division: '530128102',
  facts,
  provenance: Object.fromEntries(
    Object.entries(provenance).map(([d, p]) => [d, typeof p === 'string' ? { asOf: p as Day, delivery: 'd' } : p]),
  ),
  ...more,
});
