// Everything an item may say around its conditions and award, as forms: identity and time, facts of its own, whom it counts one by one, limits and money,
// the steps on the way, who is paid, what is asked and promised. Pure.
import { awardShape, byKey, covers, said, words } from './award-shapes.ts';
import { isJson, type Json } from './document.ts';
import { type Field, type Shape, unshown, type Way } from './shape.ts';

const days = (max = 365): Shape => ({ kind: 'whole', min: 0, max, unit: '天' });
const workingDays = (max = 120): Shape => ({ kind: 'whole', min: 1, max, unit: '个工作日' });
const clause: Field = { key: 'clause', label: '依据条款', shape: { kind: 'text', hint: '文件第几条' }, fresh: '' };
const text = (key: string, label: string, hint?: string): Field => ({
  key,
  label,
  shape: { kind: 'text', ...(hint === undefined ? {} : { hint }) },
});
const record = (...fields: readonly Field[]): Shape => ({ kind: 'record', fields });
const choice = (...options: readonly (readonly [string | number | boolean | null, string])[]): Shape => ({ kind: 'choice', options });
const constant = (value: string | null): Shape => ({ kind: 'constant', value });

export const modes = {
  auto: '免申即享：直接兑现',
  confirm: '即申即享：一键确认后兑现',
  apply: '限时兑现：预填表单，提交后审核',
  push: '精准推送：只告知，不兑现',
} as const;
export const periods = { monthly: '按月', quarterly: '按季', yearly: '按年', once: '一次性', 'per-event': '每发生一次办一次' } as const;
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

const pairs = <T extends Readonly<Record<string, string>>>(table: T) => Object.entries(table) as readonly (readonly [string, string])[];

// ── identity and time ────────────────────────────────────────────────────────────────────────────────────────────────

const basis = record(
  text('document', '政策文件'),
  { key: 'number', label: '文号', shape: { kind: 'text', hint: '没有的不写', nullable: true } },
  { key: 'clause', label: '条款', shape: { kind: 'text', hint: '没有的不写', nullable: true } },
  { key: 'url', label: '网址', shape: { kind: 'text', hint: '没有的不写', nullable: true } },
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

// ── facts of its own ─────────────────────────────────────────────────────────────────────────────────────────────────

export const rankShape = record(
  { key: 'by', label: '按什么排', shape: { kind: 'fact', of: 'number' } },
  { key: 'order', label: '次序', shape: choice(['desc', '大的在前'], ['asc', '小的在前']), fresh: 'asc' },
  { key: 'group', label: '分组各排各的', shape: { kind: 'fact', of: 'any' }, fresh: '' },
  { key: 'ties', label: '并列时', shape: choice(['same', '并列同名次（1、1、3）'], ['last', '并列算后面的（2、2、3）']), fresh: 'last' },
  { key: 'among', label: '谁参加排名', shape: { kind: 'conditions' } },
);
export const poolShape = record(
  { key: 'yuan', label: '总额', shape: { kind: 'figure', unit: '元' } },
  { key: 'quantity', label: '按什么分', shape: { kind: 'fact', of: 'number' } },
  { key: 'give', label: '得出', shape: choice(['price', '每个单位多少元'], ['share', '各自多少元']) },
  { key: 'decimals', label: '单价保留几位小数', shape: { kind: 'whole', min: 0, max: 8, unit: '位' }, fresh: 2 },
  { key: 'among', label: '谁参加分配', shape: { kind: 'conditions' }, fresh: { all: [] }, hint: '不写：符合条件的人' },
);
const factShape: Shape = {
  kind: 'ways',
  ways: [
    byKey(
      'rank',
      '名次',
      { text: '名次', rank: { by: '', among: { all: [] } } },
      record(text('text', '名称'), { key: 'rank', label: '名次', shape: rankShape }, covers),
    ),
    byKey(
      'pool',
      '分配总额',
      { text: '分得', pool: { yuan: 0, quantity: '', give: 'share' } },
      record(text('text', '名称'), { key: 'pool', label: '分配总额', shape: poolShape }, covers),
    ),
    byKey(
      'feel',
      '公式',
      { text: '新指标', feel: '0' },
      record(
        text('text', '名称'),
        { key: 'feel', label: '公式', shape: { kind: 'formula' } },
        { key: 'unit', label: '单位', shape: words, fresh: '' },
        covers,
      ),
    ),
  ],
};

// ── one by one, in parts, limits and money ───────────────────────────────────────────────────────────────────────────

const each = record(
  { key: 'list', label: '哪个清单', shape: { kind: 'fact', of: 'list' } },
  text('as', '一项叫作', '如 child，公式里写 each'),
  { key: 'where', label: '只算其中', shape: { kind: 'formula' } },
  { key: 'key', label: '靠什么区分', shape: { kind: 'field', list: 'list' } },
  covers,
);
const instalment = record(
  { key: 'year', label: '第几年', shape: { kind: 'whole', min: 0, max: 50 } },
  { key: 'share', label: '给全部的', shape: { kind: 'figure', unit: '比例' }, fresh: '0.5' },
  { key: 'yuan', label: '给', shape: { kind: 'figure', unit: '元' }, fresh: 0 },
  { key: 'when', label: '到时还要满足', shape: { kind: 'conditions' }, fresh: { all: [] } },
  said,
  covers,
);
const instalments = record(
  { key: 'yearsSince', label: '现在是第几年', shape: { kind: 'formula' } },
  { key: 'parts', label: '各期', shape: { kind: 'list', of: instalment, one: '期', fresh: { year: 0, share: '0.5' } } },
  covers,
);

const perYear = choice(['period', '每期'], ['year', '每年'], ['ever', '一共']);
const about = [said, covers];
const limitWay = (key: string, way: string, fresh: unknown, shape: Shape): Way =>
  byKey(key, way, { [key]: fresh }, record({ key, label: '', shape }, ...about));
export const limitShape: Shape = {
  kind: 'ways',
  ways: [
    limitWay('once', '只发一次', 'period', choice(['period', '每期只发一次'], ['ever', '一共只发一次'])),
    limitWay(
      'times',
      '最多几次',
      { count: 3, per: 'year' },
      record(
        { key: 'count', label: '最多', shape: { kind: 'whole', min: 1, max: 1000, unit: '次' } },
        { key: 'per', label: '', shape: choice(['year', '每年'], ['ever', '一共']) },
      ),
    ),
    limitWay(
      'cap',
      '金额封顶',
      { yuan: 0, per: 'subject-year' },
      record(
        { key: 'yuan', label: '最多', shape: { kind: 'figure', unit: '元', or: 'ref' } },
        { key: 'per', label: '', shape: choice(['payment', '每次'], ['subject-year', '每人（户）每年'], ['subject', '每人（户）一共']) },
        { key: 'group', label: '与哪些事项合并算', shape: words, fresh: '', hint: '各事项写同一个组名' },
      ),
    ),
    limitWay(
      'claim',
      '同一对象只用一次',
      { kind: 'person', object: 'subject.key', group: '', per: 'period' },
      record(
        text('kind', '对象是', 'person、child、invoice、machine、patent、loan …'),
        { key: 'object', label: '它的编号', shape: { kind: 'formula' } },
        text('group', '组名', '各事项写同一个组名，就互相排斥'),
        { key: 'per', label: '多久一次', shape: perYear },
        { key: 'orderBy', label: '两家争时先到的日子', shape: { kind: 'formula' }, fresh: 'period.end' },
      ),
    ),
    limitWay(
      'exclusive',
      '与别的事项互斥',
      { group: '', per: 'period' },
      record(
        text('group', '组名', '互斥的事项写同一个组名，就高不重复'),
        { key: 'per', label: '在多久里', shape: perYear },
        { key: 'priority', label: '金额相同时的先后', shape: { kind: 'whole', min: -1000, max: 1000 }, fresh: 1, hint: '数小的先' },
        { key: 'choose', label: '本人可以挑', shape: record({ key: 'days', label: '在', shape: days() }), fresh: { days: 7 } },
      ),
    ),
    limitWay('unsupported', '还办不到的限制', { reason: '' }, record(text('reason', '为什么', '写明以后，这个事项不会发钱'))),
  ],
};

const order: Shape = {
  kind: 'ways',
  ways: [
    { text: '从早到晚、从小到大', is: (value) => typeof value === 'string', fresh: '', shape: { kind: 'fact', of: 'any' } },
    {
      text: '另定次序',
      is: isJson,
      fresh: { by: '', direction: 'desc' },
      shape: record(
        { key: 'by', label: '按', shape: { kind: 'fact', of: 'any' } },
        { key: 'direction', label: '次序', shape: choice(['asc', '从小到大、从早到晚'], ['desc', '从大到小、从晚到早']), fresh: 'asc' },
      ),
    },
  ],
};
const kindIs = (kind: string) => (value: unknown) => isJson(value) && value.kind === kind;
export const budget: Shape = {
  kind: 'ways',
  ways: [
    {
      text: '应发尽发，不因预算少发',
      is: kindIs('entitlement'),
      fresh: { kind: 'entitlement' },
      shape: record({ key: 'kind', label: '', shape: constant('entitlement') }),
    },
    {
      text: '有限额，用完为止',
      is: kindIs('limited'),
      fresh: { kind: 'limited', yuan: 0, order: 'period.end' },
      shape: record(
        { key: 'kind', label: '', shape: constant('limited') },
        { key: 'yuan', label: '一年的限额', shape: { kind: 'figure', unit: '元' } },
        { key: 'order', label: '谁先谁后', shape: order },
        {
          key: 'give',
          label: '不够时',
          shape: choice(['first', '先到先得'], ['prorata', '各人按同一比例'], ['ranked', '按名次']),
          fresh: 'prorata',
        },
        { key: 'cutoff', label: '截止日', shape: { kind: 'text', hint: '月-日，如 11-30' }, fresh: '11-30' },
        { key: 'carry', label: '轮不到的结转下年', shape: choice([true, '结转'], [false, '不结转']), fresh: true },
      ),
    },
  ],
};

export const counting: readonly Field[] = [
  {
    key: 'each',
    label: '一项一笔',
    shape: each,
    fresh: { list: '', as: 'one', where: 'true', key: '' },
    hint: '按子女、用工等清单里的每一项各算一笔',
  },
  {
    key: 'instalments',
    label: '分期发放',
    shape: instalments,
    fresh: {
      yearsSince: '0',
      parts: [
        { year: 0, share: '0.5' },
        { year: 1, share: '0.5' },
      ],
    },
    hint: '分几年发，每期到时再核',
  },
  { key: 'limits', label: '限制', shape: { kind: 'list', of: limitShape, one: '条限制', fresh: { once: 'period' } } },
  { key: 'budget', label: '预算', shape: budget },
];

// ── the way to the money ─────────────────────────────────────────────────────────────────────────────────────────────

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

const note = record({ key: 'covers', label: '对应原文', shape: { kind: 'texts', hint: '如 /amount' } }, text('text', '说明'));
export const remarks: readonly Field[] = [
  {
    key: 'notes',
    label: '给编制人的说明',
    shape: { kind: 'list', of: note, one: '条说明', fresh: { covers: '/conditions', text: '' } },
    hint: '来源没有写明、这里怎么选的',
  },
];

const itemShape: Shape = record(
  text('id', '编号'),
  ...identity,
  { key: 'conditions', label: '条件', shape: { kind: 'conditions' } },
  { key: 'award', label: '标准', shape: { kind: 'award' } },
  ...counting,
  ...way,
  ...remarks,
);

/** Pointers of everything the editor keeps but has no form for. Examples have a page of their own, which shows what it cannot edit. */
export const unshownParts = (item: Json): readonly string[] => {
  const { facts, examples: _, ...rest } = item;
  const own = isJson(facts) ? Object.entries(facts).flatMap(([name, one]) => unshown(factShape, one, `/facts/${name}`, awardShape)) : [];
  return [...own, ...unshown(itemShape, rest, '', awardShape)];
};
