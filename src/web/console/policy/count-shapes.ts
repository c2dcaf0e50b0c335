// Whom an item counts and how often: facts of its own over everybody, one by one, in parts over years, limits, the money there is. Pure.
import { byKey, covers, said, words } from './award-shapes.ts';
import { isJson } from './document.ts';
import { choice, constant, days, record, text } from './field-shapes.ts';
import type { Field, Shape, Way } from './shape.ts';

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
export const factShape: Shape = {
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

const each = record(
  { key: 'list', label: '哪个清单', shape: { kind: 'fact', of: 'list' } },
  text('as', '一项叫作', '如 child，公式里写 each'),
  { key: 'where', label: '只算其中', shape: { kind: 'where', list: 'list' } },
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
