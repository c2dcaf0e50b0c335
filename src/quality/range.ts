// Values that cannot be: a birth after the delivery that tells it, fewer than no people, a code its tree does not know. Pure, one value at a time.
import { ageAt, type Day, isDay } from '../base/day.ts';
import { parseDecimal } from '../base/rational.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import type { CellValue } from '../record/record.ts';

export type Oddity =
  | 'future'
  | 'too-old'
  | 'negative'
  | 'over-whole'
  | 'not-listed'
  | 'not-in-tree'
  | 'not-a-number'
  | 'death-before-birth'
  | 'birth-differs';

/** Things that are counted, lasted or measured: fewer than none of them cannot be. 元 may be a loss, % a decline. */
const counted: ReadonlySet<string> = new Set([
  '人',
  '岁',
  '月',
  '个月',
  '天',
  '年',
  '次',
  '件',
  '项',
  '户',
  '亩',
  '平方米',
  'kWh',
  '千瓦时',
  '级',
  '晚',
  '个',
  '台',
  '辆',
  '胎',
  '孩',
]);
const earliestBirth = '1890-01-01';
const oldest = 125;

const ofNumber = (fact: Fact, text: string): Oddity | null => {
  const value = parseDecimal(text);
  if (value === null) return 'not-a-number';
  if (value.num < 0n && fact.unit !== undefined && counted.has(fact.unit)) return 'negative';
  return fact.unit === '比例' && (value.num < 0n || value.num > value.den) ? 'over-whole' : null;
};

const ofDate = (fact: Fact, text: string, asOf: Day): Oddity | null => {
  if (!isDay(text)) return null;
  if (fact.key === 'birthDate' || fact.key === 'deathDate') {
    if (text > asOf) return 'future';
    if (text < earliestBirth || (fact.key === 'birthDate' && ageAt(text, asOf) > oldest)) return 'too-old';
  }
  return text < '1800-01-01' ? 'too-old' : null;
};

/** null: nothing odd. `hasCode`: whether the fact's tree knows a code. Values of lists and series are not looked into. */
export const oddityOf = (fact: Fact, value: CellValue, asOf: Day, hasCode: (tree: string, code: string) => boolean): Oddity | null => {
  if (value === null) return null;
  if (typeof value === 'string') {
    if (fact.type === 'number') return ofNumber(fact, value);
    if (fact.type === 'date') return ofDate(fact, value, asOf);
    if (fact.type === 'code' && fact.tree !== undefined) return hasCode(fact.tree, value) ? null : 'not-in-tree';
    return fact.values !== undefined && !fact.values.includes(value) ? 'not-listed' : null;
  }
  if (Array.isArray(value) && fact.type === 'set' && fact.values !== undefined)
    return value.some((v) => !fact.values?.includes(v as string)) ? 'not-listed' : null;
  return null;
};

/** The day of birth an identity number of 18 or 15 digits tells; null for any other key. */
export const birthIn = (key: string): string | null => {
  const long = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/.exec(key);
  const short = /^\d{6}(\d{2})(\d{2})(\d{2})\d{3}$/.exec(key);
  const [, year, month, day] = long ?? short ?? [];
  if (year === undefined) return null;
  const text = `${long === null ? '19' : ''}${year}-${month}-${day}`;
  return isDay(text) ? text : null;
};

export const oddityNames: Readonly<Record<Oddity, string>> = {
  future: '日期晚于数据的截止日',
  'too-old': '日期早得不可能',
  negative: '是负数',
  'over-whole': '比例不在 0 到 1 之间',
  'not-listed': '取值不在目录列出的范围内',
  'not-in-tree': '代码不在现行的代码树里',
  'not-a-number': '不是数',
  'death-before-birth': '死亡日期早于出生日期',
  'birth-differs': '出生日期与身份号码不一致',
};
