// Column labels as departments write them, and what they have in common: width, spaces, brackets, the mark of a required column, the unit. Pure.

export interface Label {
  /** What two spellings of one label share; '' for an empty one. */
  readonly key: string;
  /** Power of ten to the base unit (万元 → 4) with the unit's family; null: no unit written. */
  readonly unit: Unit | null;
}

export interface Unit {
  readonly family: string;
  readonly power: number;
}

/** Units by family, each with its power of ten. A unit outside stands for itself. */
const units = new Map<string, Unit>(
  Object.entries({
    元: { 分: -2, 角: -1, 元: 0, 人民币元: 0, 人民币: 0, 百元: 2, 千元: 3, 万元: 4, 十万元: 5, 百万元: 6, 千万元: 7, 亿元: 8 },
    千瓦时: { 千瓦时: 0, 度: 0, kwh: 0, 万千瓦时: 4, 万度: 4, 亿千瓦时: 8 },
    亩: { 亩: 0, 万亩: 4 },
    人: { 人: 0, 名: 0, 万人: 4 },
    月: { 月: 0, 个月: 0 },
    次: { 次: 0 },
    年: { 年: 0 },
    晚: { 晚: 0 },
    个: { 个: 0 },
    级: { 级: 0 },
    比例: { 比例: 0, '%': -2, 百分比: -2, '‰': -3 },
  }).flatMap(([family, members]) => Object.entries(members).map(([name, power]) => [name, { family, power }] as const)),
);

/** undefined: no unit we know. */
export const unitOf = (text: string): Unit | undefined => units.get(text.normalize('NFKC').toLowerCase().replace(/\s/g, ''));

/** Words in brackets that say how to fill a column in and not what it holds. */
const remark = /^(?:必填|必填项|选填|可不填|文本|文本格式|数字|日期|日期格式|18位|yyyy-mm-dd|是\/否|单位[:：]?)$/;

const squeezed = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u200b\ufeff]/g, '')
    .replace(/[【〔[{]/g, '(')
    .replace(/[】〕\]}]/g, ')')
    .replace(/^[*★☆#]+|[*★:]+$/g, '');

/** `* 营业收入（万元）` → 营业收入, 万元; `姓 名` → 姓名; `身份证号（必填）` → 身份证号. Other words in brackets stay part of the label. */
export const labelOf = (text: string): Label => {
  let key = squeezed(text.slice(0, 200));
  let unit: Unit | null = null;
  for (;;) {
    const m = /^(.+?)(?:\(([^()]*)\)|[/,:](万元|千元|百元|元|亿元|万人|%))$/.exec(key);
    const [, before = '', inside = '', after] = m ?? [];
    const named = unitOf((after ?? inside).replace(/^单位:?/, ''));
    if (m === null || (named === undefined && !remark.test(inside)) || (named !== undefined && unit !== null)) break;
    unit = named ?? unit;
    key = before.replace(/[*★:]+$/g, '');
  }
  return { key, unit };
};

/** Labels that departments use for one thing. Each row names one thing only; a label stands in one row only. */
const synonymRows: readonly (readonly string[])[] = [
  [
    '公民身份号码',
    '身份证号',
    '身份证号码',
    '居民身份证号码',
    '居民身份证号',
    '公民身份证号码',
    '身份证件号码',
    '身份证',
    '身份号码',
    '公民身份证号',
  ],
  ['统一社会信用代码', '社会信用代码', '统一信用代码', '信用代码', '统一社会信用代码证号', '企业统一社会信用代码'],
  ['姓名', '人员姓名', '本人姓名'],
  ['企业名称', '单位名称', '公司名称'],
  ['手机号码', '手机号', '手机', '移动电话'],
  ['电子邮箱', '邮箱', 'email', 'e-mail', '电子邮件'],
  ['生效日期', '起始日期', '开始日期', '起始时间', '开始时间'],
  ['失效日期', '终止日期', '结束日期', '截止日期', '终止时间', '结束时间'],
  ['开户银行', '开户行', '开户行名称', '开户银行名称'],
  ['联行号', '行号', '开户行行号'],
  ['户名', '账户名称', '账户名', '开户名'],
  ['区划', '行政区划', '行政区划代码', '区划代码'],
  ['年度', '年份', '所属年度'],
  ['月份', '所属月份', '月度', '所属期'],
  ['死亡日期', '死亡时间'],
  ['出生日期', '出生年月日', '出生时间'],
];
const synonyms = new Map(synonymRows.flatMap((row, i) => row.map((label) => [labelOf(label).key, i] as const)));

/** Two keys of labels that the list above takes for one thing. */
export const areSynonyms = (a: string, b: string): boolean => {
  const row = synonyms.get(a);
  return row !== undefined && row === synonyms.get(b);
};
