// A small, right catalogue as plain JSON for the tests of this folder; each test bends one thing in it.
// biome-ignore lint/suspicious/noExplicitAny: a test bends one place deep inside without naming every step on the way.
export type Content = Record<string, any>;

export const city = (): Content => ({
  registers: [
    { id: 'citizen', label: '居民', key: 'citizen-id' },
    { id: 'enterprise', label: '企业', key: 'uscc' },
  ],
  facts: [
    fact('hukouRegion', 'code', { tree: 'division', timed: true, datasets: ['hukou'] }),
    fact('birthDate', 'date', {}),
    fact('gender', 'category', { values: ['男', '女'] }),
    fact('employer', 'link', { to: 'enterprise' }),
    fact('children', 'list', {
      datasets: ['children'],
      elementKey: 'childId',
      fields: [
        { key: 'childId', label: '编号', type: 'text' },
        { key: 'order', label: '孩次', type: 'number', unit: '孩' },
      ],
    }),
    { ...fact('revenue', 'series', { every: 'year', unit: '元', datasets: ['tax'] }), register: 'enterprise' },
    { ...fact('parent', 'link', { to: 'enterprise', datasets: ['firms'] }), register: 'enterprise' },
  ],
  datasets: [
    dataset('people', 'record', [
      ['身份号码', '$key'],
      ['姓名', '$name'],
      ['出生日期', 'birthDate'],
      ['性别', 'gender'],
      ['单位', 'employer'],
    ]),
    dataset('hukou', 'timed', [
      ['身份号码', '$key'],
      ['户籍', 'hukouRegion'],
      ['起', '$from'],
      ['止', '$to'],
    ]),
    {
      ...dataset('children', 'list', [
        ['身份号码', '$key'],
        ['编号', 'childId'],
        ['孩次', 'order'],
      ]),
      fact: 'children',
    },
    {
      ...dataset('tax', 'series', [
        ['信用代码', '$key'],
        ['年度', '$period'],
        ['营收', 'revenue'],
      ]),
      register: 'enterprise',
    },
    {
      ...dataset('firms', 'record', [
        ['信用代码', '$key'],
        ['上级', 'parent'],
      ]),
      register: 'enterprise',
    },
  ],
  trees: [
    {
      id: 'division',
      label: '区划',
      nodes: [
        { code: '530000', name: '云南省', parent: null },
        { code: '530100', name: '昆明市', parent: '530000' },
        { code: '530128', name: '禄劝县', parent: '530100' },
        { code: '530199', name: '旧县', parent: '530100', to: '2020-01-01' },
        { code: '310000', name: '上海市', parent: null },
      ],
    },
  ],
  parameters: [
    {
      key: 'minWage',
      label: '最低工资',
      unit: '元',
      values: [
        { region: null, from: '2020-01-01', to: null, value: '1000' },
        { region: '530000', from: '2024-01-01', to: '2025-01-01', value: '1500' },
        { region: '530000', from: '2025-01-01', to: null, value: '1700' },
        { region: '530128', from: '2025-06-01', to: null, value: '1650.50' },
      ],
    },
  ],
  external: [
    {
      key: 'cpi',
      label: '物价',
      unit: '%',
      every: 'month',
      values: [
        { region: '530000', period: '2025-01', value: '3.4', asOf: '2025-02-10' },
        { region: '530000', period: '2025-01', value: '3.5', asOf: '2025-03-10' },
      ],
    },
  ],
  calendar: { knownFrom: '2026-01-01', knownTo: '2026-12-31', holidays: ['2026-01-01'], workdays: ['2026-01-04'] },
});

const fact = (key: string, type: string, more: object): Content => ({
  key,
  label: key,
  register: 'citizen',
  type,
  datasets: ['people'],
  sensitivity: 'personal',
  purposes: ['*'],
  legalUse: 'decide',
  ...more,
});

const dataset = (id: string, shape: string, columns: readonly (readonly [string, string])[]): Content => ({
  id,
  title: id,
  department: '某局',
  register: 'citizen',
  shape,
  kinds: ['full'],
  freshnessDays: 31,
  columns: columns.map(([header, to]) => ({ header, to })),
});
