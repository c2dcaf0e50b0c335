// Values and words as an officer reads them: days, periods, figures with their thousands apart, lists, and Chinese without gaps between its characters.
import { civilOf } from '../base/day.ts';
import { toDecimalString } from '../base/rational.ts';
import { formatValue } from './format.ts';
import { type DayTimeDuration, isList, type Value, type YearMonthDuration } from './value.ts';

const duration = (v: YearMonthDuration | DayTimeDuration): string => {
  if (v.kind === 'dtDuration') {
    const days = v.nanos / 86_400_000_000_000n;
    return days * 86_400_000_000_000n === v.nanos ? `${days}天` : formatValue(v);
  }
  const [years, months] = [Math.trunc(v.months / 12), v.months % 12];
  return `${years === 0 ? '' : `${years}年`}${months === 0 && years !== 0 ? '' : `${months}个月`}`;
};

/** 12,000.5; up to four digits stand as they are: they may be a year. */
export const groupDigits = (decimal: string): string => {
  const [whole = '', fraction] = decimal.split('.');
  const digits = whole.replace('-', '').length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return fraction === undefined ? digits : `${digits}.${fraction}`;
};

/** `2026-04` → 2026年4月, `2026Q1` → 2026年一季度, `2026` → 2026年; null where the text names no period. */
export const periodWords = (key: string): string | null => {
  const m = /^(\d{4})(?:-(\d{2})|Q([1-4]))?$/.exec(key);
  if (m === null) return null;
  if (m[2] !== undefined) return `${m[1]}年${Number(m[2])}月`;
  return `${m[1]}年${m[3] === undefined ? '' : `${'一二三四'[Number(m[3]) - 1]}季度`}`;
};

export const sayConstant = (v: Value): string => {
  if (v === null) return '空';
  if (typeof v === 'boolean') return v ? '是' : '否';
  if (typeof v === 'string') return periodWords(v) ?? `“${v}”`;
  if (isList(v)) return v.map(sayConstant).join('、');
  switch (v.kind) {
    case 'number':
      return groupDigits(toDecimalString(v));
    case 'date': {
      const c = civilOf(v.epochDay);
      return `${c.year}年${c.month}月${c.day}日`;
    }
    case 'ymDuration':
    case 'dtDuration':
      return duration(v);
    default:
      return formatValue(v);
  }
};

const wide = '[\\u3000-\\u303f\\u3400-\\u9fff\\uff00-\\uffef“”‘’…—《》〔〕]';

/** Templates leave gaps around what they take; between Chinese characters there is none. */
export const closeGaps = (text: string): string =>
  text.replace(new RegExp(`(?<=${wide}) +(?=${wide})`, 'gu'), '').replace(/(\d)的项/g, '$1 的项');
