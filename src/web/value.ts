// A delivered or computed value as a clerk reads it: by its type, with unit and names of codes. Whatever may name a person is masked here.

import { maskText } from '../base/codes.ts';
import { dayText } from '../base/day.ts';
import type { FeelType } from '../feel/type.ts';
import { isObject } from '../rule/literal.ts';
import { periodText } from './words.ts';

export interface Wording {
  /** The node's Chinese name; null when the tree does not know the code. */
  codeName(tree: string, code: string): string | null;
  /** Field labels of a list's element, where the catalogue has them. */
  fieldLabel?(field: string): string | null;
}

const shownElements = 8;

const grouped = (decimal: string): string => {
  const match = /^(-?\d+)(\.\d+)?$/.exec(decimal);
  if (!match) return decimal;
  const [, whole = '', fraction = ''] = match;
  return `${whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole}${fraction}`;
};

const withUnit = (text: string, unit: string | undefined): string =>
  unit === undefined ? text : unit === '%' ? `${text}%` : `${text} ${unit}`;

const dateText = (raw: unknown): string => (/^\d{4}-\d{2}-\d{2}$/.test(String(raw)) ? dayText(String(raw)) : maskText(String(raw)));

const codeText = (raw: unknown, tree: string, wording: Wording): string => wording.codeName(tree, String(raw)) ?? maskText(String(raw));

const seriesText = (raw: unknown, unit: string | undefined): string => {
  if (!isObject(raw)) return textOf(raw);
  const entries = Object.entries(raw).sort(([a], [b]) => (a < b ? 1 : -1));
  const shown = entries
    .slice(0, shownElements)
    .map(([key, value]) => `${periodText(key)} ${value === null ? '无' : withUnit(grouped(String(value)), unit)}`);
  return `${shown.join('；')}${entries.length > shownElements ? ` 等 ${entries.length} 期` : ''}`;
};

const recordText = (raw: unknown, fields: Readonly<Record<string, FeelType>>, wording: Wording): string => {
  if (!isObject(raw)) return textOf(raw);
  return Object.entries(raw)
    .map(([field, value]) => `${wording.fieldLabel?.(field) ?? field} ${valueText(value, fields[field] ?? { kind: 'any' }, wording)}`)
    .join('，');
};

const listText = (raw: unknown, element: FeelType, wording: Wording): string => {
  if (!Array.isArray(raw)) return valueText(raw, element, wording);
  if (raw.length === 0) return '无';
  const parts = raw.slice(0, shownElements).map((one) => valueText(one, element, wording));
  const long = element.kind === 'record';
  return `${long ? `共 ${raw.length} 项：` : ''}${parts.join(long ? '；' : '、')}${raw.length > shownElements ? ` 等 ${raw.length} 项` : ''}`;
};

/** A span as `plain` writes it: `{ from, upTo, above, below }`. */
const spanText = (raw: Readonly<Record<string, unknown>>, type: FeelType, wording: Wording): string => {
  const say = (value: unknown): string => valueText(value, type, wording);
  const low = raw.from !== undefined ? `不低于 ${say(raw.from)}` : raw.above !== undefined ? `高于 ${say(raw.above)}` : '';
  const high = raw.upTo !== undefined ? `不高于 ${say(raw.upTo)}` : raw.below !== undefined ? `低于 ${say(raw.below)}` : '';
  if (raw.from !== undefined && raw.upTo !== undefined) return `${say(raw.from)} 至 ${say(raw.upTo)}`;
  return [low, high].filter((part) => part !== '').join('，');
};
const isSpan = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  isObject(raw) && Object.keys(raw).length > 0 && Object.keys(raw).every((key) => ['from', 'above', 'upTo', 'below'].includes(key));

const isUnknownJson = (raw: unknown): boolean => isObject(raw) && Array.isArray(raw.unknown);

/** Text of no known type: never more than a line, long numbers to their last four. */
const textOf = (raw: unknown): string => {
  if (raw === null) return '无';
  if (typeof raw === 'boolean') return raw ? '是' : '否';
  if (typeof raw === 'string' || typeof raw === 'number')
    return /^\d{4}-\d{2}-\d{2}$/.test(String(raw)) ? dateText(raw) : maskText(String(raw), 60);
  if (Array.isArray(raw)) return raw.length === 0 ? '无' : raw.slice(0, shownElements).map(textOf).join('、');
  return maskText(JSON.stringify(raw), 60);
};

/** Plain JSON by its type → Chinese text. Known none is 无, a value nobody could tell is 缺. */
export const valueText = (raw: unknown, type: FeelType, wording: Wording): string => {
  if (raw === undefined || isUnknownJson(raw)) return '缺';
  if (raw === null) return '无';
  if (isSpan(raw)) return spanText(raw, type, wording);
  switch (type.kind) {
    case 'number':
      if (Array.isArray(raw)) return raw.map((one) => valueText(one, type, wording)).join('、');
      return typeof raw === 'string' || typeof raw === 'number' ? withUnit(grouped(String(raw)), type.unit) : textOf(raw);
    case 'date':
      return Array.isArray(raw) ? raw.map(dateText).join('、') : dateText(raw);
    case 'code':
      return Array.isArray(raw) ? raw.map((one) => codeText(one, type.tree, wording)).join('、') : codeText(raw, type.tree, wording);
    case 'series':
      return seriesText(raw, type.unit);
    case 'record':
      return recordText(raw, type.fields, wording);
    case 'list':
      return listText(raw, type.element, wording);
    default:
      return textOf(raw);
  }
};
