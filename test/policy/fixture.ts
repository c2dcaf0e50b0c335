// A small catalogue and an item that passes every check; tests change the part they speak of.
import type { Day } from '../../src/base/day.ts';
import type { Catalogue, Fact } from '../../src/catalogue/catalogue.ts';
import { type CompiledItem, compileItem } from '../../src/policy/compile.ts';
import { decide } from '../../src/policy/decide.ts';
import { exampleSource } from '../../src/policy/example.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import type { Example, Item } from '../../src/policy/item.ts';
import { readItem } from '../../src/policy/read.ts';
import type { Decision } from '../../src/rule/facts.ts';

const fact = (f: Partial<Fact> & Pick<Fact, 'key' | 'label' | 'type'>): Fact => ({
  register: 'citizen',
  datasets: [`${f.key}-data`],
  sensitivity: 'personal',
  purposes: ['*'],
  legalUse: 'decide',
  ...f,
});

const d = (text: string): Day => text as Day;

export const catalogue: Catalogue = {
  registers: [
    { id: 'citizen', label: '居民', key: 'citizen-id' },
    { id: 'enterprise', label: '企业', key: 'uscc' },
  ],
  facts: [
    fact({ key: 'birthDate', label: '出生日期', type: 'date' }),
    fact({ key: 'deathDate', label: '死亡日期', type: 'date' }),
    fact({ key: 'gender', label: '性别', type: 'category', values: ['男', '女'] }),
    fact({ key: 'hukouRegion', label: '户籍地', type: 'code', tree: 'division', timed: true }),
    fact({ key: 'status', label: '身份', type: 'category', values: ['低保', '特困', '普通'], timed: true }),
    fact({ key: 'groups', label: '人群类别', type: 'set', values: ['老人', '残疾', '孤儿'], timed: true }),
    fact({ key: 'disabled', label: '持残疾证', type: 'boolean', timed: true }),
    fact({ key: 'income', label: '月收入', type: 'number', unit: '元' }),
    fact({ key: 'expense', label: '自付费用', type: 'number', unit: '元', timed: true }),
    fact({ key: 'savings', label: '存款', type: 'number', unit: '万元' }),
    fact({ key: 'capFact', label: '个人限额', type: 'number', unit: '元' }),
    fact({ key: 'rateFact', label: '比例', type: 'number' }),
    fact({ key: 'months', label: '应发月数', type: 'number', unit: '月' }),
    fact({ key: 'note', label: '备注', type: 'text' }),
    fact({ key: 'spouse', label: '配偶', type: 'link', to: 'citizen', timed: true }),
    fact({ key: 'secret', label: '统计用指标', type: 'number', legalUse: 'precompute' }),
    fact({ key: 'taxPaid', label: '年纳税额', type: 'number', unit: '元' }),
    fact({ key: 'others', label: '别的事项的指标', type: 'number', purposes: ['someone-else'] }),
    fact({
      key: 'children',
      label: '子女',
      type: 'list',
      elementKey: 'childId',
      fields: [
        { key: 'childId', label: '子女编号', type: 'text' },
        { key: 'childBirth', label: '子女出生日期', type: 'date' },
        { key: 'order', label: '孩次', type: 'number' },
        { key: 'status', label: '子女身份', type: 'category', values: ['低保', '特困', '普通'] },
        { key: 'school', label: '在读阶段', type: 'category', values: ['小学', '初中', '高中'] },
      ],
    }),
    fact({ key: 'usage', label: '用电量', type: 'series', every: 'month', unit: 'kWh' }),
    fact({ key: 'regionCode', label: '注册地', type: 'code', tree: 'division', timed: true, register: 'enterprise' }),
    fact({ key: 'revenue', label: '营业收入', type: 'number', unit: '万元', register: 'enterprise' }),
  ],
  datasets: [],
  trees: [
    {
      id: 'division',
      label: '行政区划',
      nodes: [
        { code: '530000', name: '云南省', parent: null },
        { code: '530100', name: '昆明市', parent: '530000' },
        { code: '530128', name: '禄劝县', parent: '530100' },
        { code: '530129', name: '寻甸县', parent: '530100' },
        { code: '440000', name: '广东省', parent: null },
      ],
    },
  ],
  parameters: [
    {
      key: 'minWage',
      label: '最低工资',
      unit: '元',
      values: [
        { region: '530000', from: d('2020-01-01'), to: d('2026-01-01'), value: '1900' },
        { region: '530000', from: d('2026-01-01'), to: null, value: '2000' },
      ],
    },
  ],
  external: [],
  calendar: { knownFrom: d('2025-01-01'), knownTo: d('2026-12-31'), holidays: [], workdays: [] },
  hash: 'test-catalogue',
};

export const itemJson = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: 'test-gaoling',
  title: '高龄津贴',
  authority: '禄劝县民政局',
  region: '530128',
  basis: { document: '测试办法', number: null, clause: '第二条', url: null },
  audience: 'citizen',
  mode: 'auto',
  period: 'monthly',
  effective: { from: '2025-01-01', to: null },
  facts: { age: { text: '当月周岁', feel: 'period.end.year - birthDate.year', unit: '岁' } },
  conditions: {
    all: [
      { fact: 'hukouRegion', operator: 'within', value: '530128' },
      { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
    ],
  },
  award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 60 }, { below: 100, yuan: 120 }, { yuan: 500 }] } },
  flow: { first: ['guard', 'notice', 'pay'], continuing: ['guard', 'pay'] },
  limits: [{ once: 'period' }],
  budget: { kind: 'entitlement' },
  notes: [],
  examples: [],
  ...change,
});

/** The item, compiled; fails the test with its problems when it does not read. */
export const compiled = (change: Record<string, unknown> = {}): CompiledItem => {
  const result = readItem(itemJson(change), catalogue);
  if (!result.ok) throw new Error(result.problems.map((p) => `${p.code} ${p.at} ${p.message}`).join('\n'));
  return compileItem(result.item, catalogue);
};

export const problemsOf = (change: Record<string, unknown>): readonly string[] => {
  const result = readItem(itemJson(change), catalogue);
  return result.ok ? [] : result.problems.map((p) => `${p.code} ${p.at}`);
};

/** Decides the item on plain facts. */
export const decideFacts = (
  item: CompiledItem,
  facts: Record<string, unknown>,
  more: { readonly period?: string; readonly knownAt?: string; readonly paid?: Example['paid'] } = {},
): Decision => {
  const example = { period: more.period ?? '2026-01', ...(more.knownAt === undefined ? {} : { knownAt: d(more.knownAt) }) };
  const period = periodFor(item.item as Item, example);
  if (period === null) throw new Error(`bad period ${example.period}`);
  const source = exampleSource(
    catalogue,
    item.register,
    { facts, ...(more.paid === undefined ? {} : { paid: more.paid }) },
    period.knownAt,
  );
  return decide(item, source, period);
};

/** An award alone, on a person who is always eligible; the answer as text: `120.00`, `60.00–500.00`, `?`. */
export const awardText = (award: unknown, facts: Record<string, unknown>, change: Record<string, unknown> = {}): string => {
  const item = compiled({ conditions: { fact: 'gender', operator: 'equal', value: '女' }, award, ...change });
  const result = decideFacts(item, { gender: '女', ...facts }).lines[0]?.award;
  const yuan = (fen: bigint): string => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;
  if (result === undefined || result === null) return '-';
  if (result.state === 'known') return yuan(result.amountFen);
  return result.state === 'bounded' ? `${yuan(result.fromFen)}–${yuan(result.toFen)}` : '?';
};
