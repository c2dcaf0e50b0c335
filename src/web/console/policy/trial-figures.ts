// The figures of a rule that one may try out: thresholds of its conditions, amounts of its award, each with a name, and the range worth trying. Pure.
import { below, get, isJson, type Json, kindOf } from './document.ts';

export interface Figure {
  readonly at: string;
  readonly label: string;
  readonly value: number;
  readonly unit: string;
}

interface Leaf {
  readonly at: string;
  readonly node: Json;
}

export const leavesIn = (whole: unknown, at: string): readonly Leaf[] => {
  const node = get(whole, at);
  if (!isJson(node)) return [];
  const kind = kindOf(node);
  if (kind === 'leaf') return [{ at, node }];
  if (kind === 'not') return leavesIn(whole, below(at, 'not'));
  if (kind === 'raw') return [];
  return (node[kind] as readonly unknown[]).flatMap((_, i) => leavesIn(whole, below(at, kind, i)));
};

const money: Readonly<Record<string, readonly [string, string]>> = {
  yuan: ['金额', '元'],
  rate: ['比例', ''],
  share: ['比例', ''],
  multiplier: ['倍数', ''],
  cap: ['封顶', '元'],
  floor: ['保底', '元'],
  minimum: ['起发', '元'],
  deductible: ['起付线', '元'],
  baseCap: ['基数上限', '元'],
  step: ['每满', ''],
  maxCount: ['最多几个', ''],
};
const places: Readonly<Record<string, string>> = { rows: '档', parts: '期', sum: '部分', highest: '项', lowest: '项' };

/** A figure, or its decimal text. */
const figureOf = (value: unknown): number | null => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) && String(Number(value)) === value ? Number(value) : null;
};

/** Amounts, rates and bounds on them, named by the tier or part they stand in. */
export const amountsIn = (node: unknown, at: string, before = ''): readonly Figure[] => {
  if (!isJson(node) && !Array.isArray(node)) return [];
  return Object.entries(node).flatMap(([key, value]): readonly Figure[] => {
    const here = below(at, key);
    const holder = at.split('/').at(-1) ?? '';
    const place = Array.isArray(node) && places[holder] !== undefined ? `${before}第 ${Number(key) + 1} ${places[holder]}` : before;
    const [label, unit] = money[key] ?? [];
    const figure = label === undefined ? null : figureOf(value);
    if (label !== undefined && figure !== null) return [{ at: here, label: `${before}${label}`, value: figure, unit: unit ?? '' }];
    return key === 'when' ? [] : amountsIn(value, here, place);
  });
};

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Half as much to half as much again, in steps a person would take. */
export const rangeOf = (value: number): Range => {
  if (value === 0) return { min: 0, max: 10, step: 1 };
  const size = Math.abs(value);
  // A few of something: from none to some more.
  if (Number.isInteger(value) && size < 10) return { min: 0, max: size + 5, step: 1 };
  const decade = 10 ** Math.floor(Math.log10(size / 10));
  const step = Number.isInteger(value) ? Math.max(1, decade) : decade;
  const round = (n: number) => Number((Math.round(n / step) * step).toFixed(8));
  return { min: Math.max(0, round(size * 0.5)), max: Math.max(round(size * 1.5), round(step)), step: Number(step.toFixed(8)) };
};

/** Each point is a whole look at everybody. */
const mostPoints = 25;

/** Values to ask for over the range, few enough, with the one that stands among them. */
export const pointsOf = ({ min, max, step }: Range, value: number): readonly string[] => {
  const steps = Math.round((max - min) / step);
  const apart = Math.max(1, Math.ceil(steps / (mostPoints - 1)));
  const values = Array.from({ length: Math.floor(steps / apart) + 1 }, (_, i) => Number((min + i * apart * step).toFixed(8)));
  return [...new Set([...values, value])].sort((a, b) => a - b).map(String);
};
