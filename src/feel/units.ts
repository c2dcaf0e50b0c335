// Units of numbers: what adds up, what multiplies to what. A number without a unit (a literal, a ratio) goes with every unit.

import type { FeelType, Unit } from './type.ts';

export const unitOf = (t: FeelType): Unit | undefined => (t.kind === 'number' || t.kind === 'series' ? t.unit : undefined);

export const number = (unit: Unit | undefined): FeelType => (unit === undefined ? { kind: 'number' } : { kind: 'number', unit });

/** Two units that may not be added or compared. */
export const clash = (a: Unit | undefined, b: Unit | undefined): boolean => a !== undefined && b !== undefined && a !== b;

const money: ReadonlySet<Unit> = new Set(['分', '元', '万元', '亿元']);

/** A literal factor may bring a unit of its own (1500 元 per head, 0.3 元 per kWh), so only money keeps its unit through a product. */
const kept = (u: Unit | undefined): Unit | undefined => (u !== undefined && money.has(u) ? u : undefined);

/** 元 × ratio is 元; of two units no third is made. */
export const productUnit = (a: Unit | undefined, b: Unit | undefined): Unit | undefined =>
  a === undefined ? kept(b) : b === undefined ? kept(a) : undefined;

/** 元 ÷ 元 is a ratio, 元 ÷ 2 is 元, and anything else has no unit. */
export const quotientUnit = (a: Unit | undefined, b: Unit | undefined): Unit | undefined => (b === undefined ? kept(a) : undefined);

/** How many of `to` one `from` is; undefined when no fixed number says so (天 to 月). */
const factors: readonly (readonly [from: Unit, to: Unit, factor: string])[] = [
  ['万元', '元', '10000'],
  ['亿元', '元', '100000000'],
  ['亿元', '万元', '10000'],
  ['元', '分', '100'],
  ['年', '月', '12'],
  ['季', '月', '3'],
  ['年', '季', '4'],
  ['周', '天', '7'],
  ['万人', '人', '10000'],
  ['万千瓦时', '千瓦时', '10000'],
  ['MWh', 'kWh', '1000'],
  ['吨', '千克', '1000'],
  ['公顷', '亩', '15'],
];

/** [numerator, denominator] of the conversion. */
export const conversion = (from: Unit, to: Unit): readonly [bigint, bigint] | undefined => {
  if (from === to) return [1n, 1n];
  const down = factors.find(([f, t]) => f === from && t === to);
  if (down !== undefined) return [BigInt(down[2]), 1n];
  const up = factors.find(([f, t]) => f === to && t === from);
  return up === undefined ? undefined : [1n, BigInt(up[2])];
};
