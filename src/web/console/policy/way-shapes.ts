// The way to the money: steps, publicity, what is asked, who reviews, who is paid, what is promised and what follows when too much was paid. Pure.
import { byKey, words } from './award-shapes.ts';
import { isJson } from './document.ts';
import { choice, clause, constant, days, record, text, workingDays } from './field-shapes.ts';
import type { Field, Shape } from './shape.ts';

export const steps = {
  guard: '核验名单与状态',
  apply: '提交申请',
  ask: '补充信息',
  review: '部门审核',
  notice: '告知',
  confirm: '本人确认',
  publicity: '公示',
  pay: '拨付',
} as const;

const stepList: Shape = { kind: 'several', options: steps };
const flowStep = (key: string, label: string, required = false): Field => ({
  key,
  label,
  shape: stepList,
  ...(required ? {} : { fresh: ['review', 'notice'] }),
});
const flow = record(
  flowStep('first', '首次符合', true),
  flowStep('continuing', '继续符合', true),
  flowStep('changed', '金额变了'),
  flowStep('suspended', '暂停（缺数据）'),
  flowStep('resumed', '恢复'),
  flowStep('ended', '不再符合'),
);
const publicity: Shape = {
  kind: 'ways',
  ways: [
    byKey('workingDays', '按工作日', { workingDays: 5 }, record({ key: 'workingDays', label: '', shape: workingDays(60) })),
    byKey('days', '按自然日', { days: 7 }, record({ key: 'days', label: '', shape: { kind: 'whole', min: 1, max: 90, unit: '天' } })),
    byKey('none', '不公示', { none: '' }, record(text('none', '为什么', '如：名单会暴露残疾状况'))),
  ],
};
const askField = record(
  text('id', '编号', '小写字母'),
  text('label', '问什么'),
  { key: 'kind', label: '怎么答', shape: choice(['choice', '选一个'], ['document', '交材料']) },
  { key: 'options', label: '可选的', shape: { kind: 'texts' }, fresh: ['', ''] },
  { key: 'fact', label: '已有数据的不问', shape: { kind: 'fact', of: 'any' }, fresh: '' },
);
const ask = record(
  {
    key: 'fields',
    label: '问哪些',
    shape: { kind: 'list', of: askField, one: '项', fresh: { id: 'field', label: '', kind: 'document' } },
    fresh: [],
  },
  { key: 'days', label: '期限（自然日）', shape: days(), fresh: 15 },
  { key: 'workingDays', label: '期限（工作日）', shape: workingDays(), fresh: 10 },
  { key: 'late', label: '逾期', shape: choice(['wait', '一直等'], ['waive', '视同放弃']), fresh: 'wait' },
  {
    key: 'named',
    label: '视同放弃前公示催告',
    shape: record({ key: 'workingDays', label: '', shape: workingDays() }),
    fresh: { workingDays: 5 },
  },
  clause,
);
const level = record(
  text('name', '这一级叫'),
  {
    key: 'division',
    label: '由哪一级审',
    shape: choice(['town', '乡镇（街道）'], ['county', '县区'], ['city', '市'], ['province', '省']),
    fresh: 'county',
  },
  {
    key: 'need',
    label: '要几个人',
    shape: {
      kind: 'ways',
      ways: [
        { text: '任何一人', is: (v) => v === 'any', fresh: 'any', shape: constant('any') },
        { text: '每一个人', is: (v) => v === 'all', fresh: 'all', shape: constant('all') },
        { text: '几个人', is: Number.isInteger, fresh: 2, shape: { kind: 'whole', min: 1, max: 20, unit: '人' } },
      ],
    },
    fresh: 'any',
  },
  { key: 'workingDays', label: '几天审完', shape: workingDays(), fresh: 5 },
);
const review = record({
  key: 'levels',
  label: '各级',
  shape: { kind: 'list', of: level, one: '级', fresh: { name: '审核' } },
  hint: '一级也没有：不审',
});
const attachment = record(text('id', '编号', '小写字母'), text('title', '材料名称'), {
  key: 'required',
  label: '必交',
  shape: choice([true, '必交'], [false, '可不交']),
  fresh: true,
});
const apply = record(
  { key: 'attachments', label: '要交的材料', shape: { kind: 'list', of: attachment, one: '份材料', fresh: { id: 'paper', title: '' } } },
  { key: 'days', label: '几天内提交', shape: days(), fresh: 30 },
  { key: 'reviewWorkingDays', label: '几天审完', shape: workingDays() },
);
const offset = record(
  { key: 'share', label: '每笔最多抵', shape: { kind: 'figure', unit: '比例' }, fresh: 0.2 },
  { key: 'yuan', label: '每期最多抵', shape: { kind: 'figure', unit: '元' }, fresh: 100 },
  { key: 'keepYuan', label: '每笔至少留下', shape: { kind: 'figure', unit: '元' }, fresh: 100 },
  text('clause', '依据条款'),
);
const overpaid = record(
  { key: 'tellWorkingDays', label: '多久告知', shape: workingDays() },
  { key: 'dueMonths', label: '多久退清', shape: { kind: 'whole', min: 1, max: 60, unit: '个月' } },
  text('clause', '依据条款'),
  { key: 'offset', label: '从以后的钱里抵', shape: offset, fresh: { share: 0.2, keepYuan: 100, clause: '' } },
);
const trace = record(
  { key: 'fact', label: '指标', shape: { kind: 'fact', of: 'any' } },
  { key: 'field', label: '清单里的哪一项', shape: words, fresh: '' },
  { key: 'dataset', label: '只认哪个数据集', shape: words, fresh: '' },
);
const certify = record(
  { key: 'everyMonths', label: '每隔', shape: { kind: 'whole', min: 1, max: 60, unit: '个月' } },
  { key: 'windowDays', label: '认证期', shape: days() },
  { key: 'remindAfterDays', label: '第几天提醒', shape: { kind: 'wholes' }, fresh: [15] },
  { key: 'visitAfterDays', label: '第几天上门', shape: days() },
  { key: 'silent', label: '这些数据算已认证', shape: { kind: 'list', of: trace, one: '项', fresh: { fact: '' } }, fresh: [] },
  text('how', '怎么认证', '告知里这样说'),
  { key: 'self', label: '本人可以在网上认证', shape: { kind: 'true' }, fresh: true },
  { key: 'late', label: '到期没有认证', shape: choice(['suspend', '暂停发放'], ['wait', '照发，列入名单']) },
  text('clause', '依据条款'),
);
const payeeTo: Shape = {
  kind: 'ways',
  ways: [
    { text: '本人（本单位）', is: (value) => value === null, fresh: null, shape: constant(null) },
    { text: '关联的人或单位', is: isJson, fresh: { fact: '' }, shape: { kind: 'fact', of: 'link', ref: true } },
  ],
};
const payees: Shape = {
  kind: 'list',
  of: record({ key: 'share', label: '份额', shape: { kind: 'figure', unit: '比例' } }, { key: 'to', label: '付给', shape: payeeTo }),
  one: '个收款人',
  fresh: { share: '0.5', to: null },
};

export const way: readonly Field[] = [
  { key: 'flow', label: '流程', shape: flow },
  { key: 'publicity', label: '公示', shape: publicity, fresh: { workingDays: 5 } },
  {
    key: 'confirm',
    label: '本人确认的期限',
    shape: record({ key: 'days', label: '在', shape: { kind: 'whole', min: 1, max: 365, unit: '天内' } }, clause),
    fresh: { days: 7 },
  },
  { key: 'ask', label: '补充信息', shape: ask, fresh: { fields: [], workingDays: 10 } },
  { key: 'apply', label: '申请', shape: apply, fresh: { attachments: [], reviewWorkingDays: 5 } },
  { key: 'review', label: '部门审核', shape: review, fresh: { levels: [{ name: '审核' }] } },
  {
    key: 'objection',
    label: '异议复核',
    shape: record(
      { key: 'workingDays', label: '多久答复', shape: workingDays() },
      { key: 'withinDays', label: '几天内可以提', shape: days(), fresh: 60 },
    ),
    fresh: { workingDays: 10 },
  },
  {
    key: 'payee',
    label: '付给另一个人',
    shape: { kind: 'fact', of: 'link', ref: true },
    fresh: { fact: '' },
    hint: '如监护人、学校；本人不收',
  },
  {
    key: 'payees',
    label: '分给几方',
    shape: payees,
    fresh: [
      { share: '0.5', to: null },
      { share: '0.5', to: { fact: '' } },
    ],
    hint: '份额相加正好是 1；三等分写 1/3',
  },
  {
    key: 'accounts',
    label: '付到哪个账户',
    shape: { kind: 'several', options: { card: '社保卡', public: '单位公户', insurance: '医保账户', guardian: '监护人账户' } },
    fresh: ['card'],
  },
  { key: 'statement', label: '银行附言', shape: { kind: 'text', hint: '不超过 20 个字' }, fresh: '' },
  {
    key: 'notice',
    label: '告知里加一句',
    shape: record({
      key: 'text',
      label: '',
      shape: { kind: 'text', long: true, hint: '可写 {姓名} {事项} {期别} {金额} {主管部门} {账户尾号}' },
    }),
    fresh: { text: '' },
  },
  {
    key: 'certify',
    label: '资格认证',
    shape: certify,
    fresh: { everyMonths: 12, windowDays: 60, visitAfterDays: 30, how: '', late: 'wait', clause: '' },
  },
  { key: 'overpaid', label: '多发的追回', shape: overpaid, fresh: { tellWorkingDays: 5, dueMonths: 6, clause: '' } },
  {
    key: 'stop',
    label: '停发要几个人',
    shape: record({ key: 'people', label: '', shape: choice([1, '一个人'], [2, '两个人']) }, clause),
    fresh: { people: 2 },
  },
  { key: 'livelihood', label: '基本生活类', shape: { kind: 'true' }, fresh: true, hint: '靠它过日子的钱，不随意抵扣' },
  {
    key: 'waived',
    label: '放弃后可以反悔',
    shape: record({ key: 'days', label: '在', shape: { kind: 'whole', min: 1, max: 365, unit: '天内' } }),
    fresh: { days: 30 },
  },
  {
    key: 'rating',
    label: '差评的答复',
    shape: record({ key: 'answerWorkingDays', label: '在', shape: workingDays() }),
    fresh: { answerWorkingDays: 15 },
  },
];
