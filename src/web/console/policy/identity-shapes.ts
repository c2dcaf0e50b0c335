// What an item is called, whose it is, what it rests on, from when and how often it holds, how it is paid. Pure.
import { covers, said } from './award-shapes.ts';
import { choice, days, record, text } from './field-shapes.ts';
import type { Field, Shape } from './shape.ts';

export const modes = {
  auto: '免申即享：直接兑现',
  confirm: '即申即享：一键确认后兑现',
  apply: '限时兑现：预填表单，提交后审核',
  push: '精准推送：只告知，不兑现',
} as const;
export const periods = { monthly: '按月', quarterly: '按季', yearly: '按年', once: '一次性', 'per-event': '每发生一次办一次' } as const;
const pairs = <T extends Readonly<Record<string, string>>>(table: T) => Object.entries(table) as readonly (readonly [string, string])[];
const basis = record(
  { key: 'document', label: '政策文件', shape: { kind: 'text', width: 420 } },
  { key: 'number', label: '文号', shape: { kind: 'text', hint: '没有的不写', nullable: true } },
  { key: 'clause', label: '条款', shape: { kind: 'text', hint: '没有的不写', nullable: true } },
  { key: 'url', label: '网址', shape: { kind: 'text', width: 300, hint: '没有的不写', nullable: true } },
);
const effective = record(
  { key: 'from', label: '自哪天起施行', shape: { kind: 'day' }, hint: '可写以后或过去的日子；过去的会重算已结束的所属期' },
  { key: 'to', label: '到哪天为止', shape: { kind: 'day' } },
);
const modeRow = record(
  { key: 'when', label: '满足', shape: { kind: 'conditions' }, fresh: { all: [] }, hint: '最后一行不写：其余的人' },
  { key: 'mode', label: '怎么兑现', shape: choice(...pairs(modes).filter(([mode]) => mode !== 'push')) },
  said,
  covers,
);
const mode: Shape = {
  kind: 'ways',
  ways: [
    { text: '都一样', is: (value) => !Array.isArray(value), fresh: 'auto', shape: choice(...pairs(modes)) },
    {
      text: '依条件而定',
      is: Array.isArray,
      fresh: [{ when: { all: [] }, mode: 'auto' }, { mode: 'confirm' }],
      shape: { kind: 'list', of: modeRow, one: '种情形', fresh: { when: { all: [] }, mode: 'confirm' } },
    },
  ],
};
const event = record(
  { key: 'list', label: '事情的清单', shape: { kind: 'fact', of: 'list' } },
  { key: 'day', label: '发生在哪天', shape: { kind: 'field', list: 'list', dates: true } },
  { key: 'key', label: '靠什么区分', shape: { kind: 'field', list: 'list' } },
);

export const identity: readonly Field[] = [
  text('title', '名称'),
  text('authority', '主管部门'),
  { key: 'region', label: '适用地区', shape: { kind: 'region' }, hint: '不选：全国' },
  { key: 'basis', label: '依据', shape: basis },
  { key: 'audience', label: '对象', shape: choice(['citizen', '居民'], ['enterprise', '企业']) },
  { key: 'effective', label: '施行日期', shape: effective },
  { key: 'period', label: '多久一次', shape: choice(...pairs(periods)) },
  {
    key: 'event',
    label: '每一件事',
    shape: event,
    fresh: { list: '', day: '', key: '' },
    hint: '“每发生一次办一次”的才写：一件事办一次',
  },
  { key: 'mode', label: '兑现方式', shape: mode },
  {
    key: 'selectedBy',
    label: '按哪天选版本',
    shape: choice(
      ['period-start', '所属期的第一天'],
      ['period-end', '所属期的最后一天'],
      ['event', '事情发生那天'],
      ['application', '申请那天'],
      ['payment', '匹配那天'],
    ),
    fresh: 'period-start',
  },
  { key: 'applicationDay', label: '申请日', shape: { kind: 'fact', of: 'any', ref: true }, fresh: { fact: '' } },
  {
    key: 'transition',
    label: '新老划断',
    shape: choice(['old', '以前的照旧办法'], ['new', '一律按新办法'], ['better', '哪个多按哪个']),
    fresh: 'old',
  },
  { key: 'recovery', label: '往前施行时可追回', shape: record(text('clause', '依据条款')), fresh: { clause: '' } },
  {
    key: 'closing',
    label: '期末后几天结算',
    shape: record({ key: 'days', label: '等', shape: days(3660) }),
    fresh: { days: 30 },
    hint: '有名次、分配总额的才写',
  },
  {
    key: 'lookback',
    label: '回看几期',
    shape: { kind: 'whole', min: 0, max: 120, unit: '期' },
    fresh: 0,
    hint: '以前的数据改了，重算几期',
  },
];

const note = record(
  { key: 'covers', label: '对应原文', shape: { kind: 'texts', hint: '如 /amount', places: true } },
  { key: 'text', label: '说明', shape: { kind: 'text', long: true } },
);
export const remarks: readonly Field[] = [
  {
    key: 'notes',
    label: '说明',
    shape: { kind: 'list', of: note, one: '条说明', fresh: { covers: '/conditions', text: '' } },
    hint: '来源没有写明、这里怎么选的',
  },
];
