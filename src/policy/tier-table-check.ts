// A pasted table as a whole: rows that overlap, gaps between them, a value in two rows.
import { type Problem, problem } from '../base/problem.ts';
import { compare, floorToBigint, isInteger, type Rational, toDecimalString } from '../base/rational.ts';
import { clip } from '../rule/operand.ts';
import type { FactShape } from '../rule/vocabulary.ts';
import type { TierRow } from './item.ts';
import { countedUnits } from './tiers-check.ts';

export const place = (row: number, column: number | null): string => `第 ${row + 1} 行${column === null ? '' : `第 ${column + 1} 列`}`;
export const told = (at: string, message: string, hint: string): Problem => problem('rule.table', at, message, hint);

export interface Range {
  readonly low: { readonly value: Rational; readonly closed: boolean } | null;
  readonly high: { readonly value: Rational; readonly closed: boolean } | null;
}

export type Part =
  | { readonly kind: 'range'; readonly range: Range }
  | { readonly kind: 'is'; readonly values: readonly string[] }
  | { readonly kind: 'rest' };

export interface Line {
  readonly row: number;
  readonly parts: readonly { readonly shape: FactShape; readonly part: Part }[];
  readonly gives: Pick<TierRow, 'yuan' | 'rate'>;
}

const byLaw = '依民法典第1259条，以上、以下、以内包括本数，不满、超过、以外不包括；一档写“以上”，相邻的一档写“不满”。';

export const wholeness = (lines: readonly Line[], shape: FactShape): readonly Problem[] => {
  const rests = lines.filter((l) => l.parts[0]?.part.kind === 'rest');
  const out = rests.slice(1).map((l) => told(place(l.row, null), '“其余”写了两行。', '只留一行。'));
  const seen = new Map<string, number>();
  for (const line of lines) {
    const part = line.parts[0]?.part;
    if (part?.kind !== 'is') continue;
    for (const value of part.values) {
      const before = seen.get(value);
      if (before !== undefined)
        out.push(told(place(line.row, null), `“${clip(value)}”在${place(before, null)}已经写过。`, '一个取值只写在一行里。'));
      seen.set(value, line.row);
    }
  }
  return [...out, ...rangesWhole(lines, shape, rests.length > 0)];
};

const low = (r: Range, other: Range): number => {
  if (r.low === null) return other.low === null ? 0 : -1;
  if (other.low === null) return 1;
  return compare(r.low.value, other.low.value) || (r.low.closed === other.low.closed ? 0 : r.low.closed ? -1 : 1);
};

const rangesWhole = (lines: readonly Line[], shape: FactShape, hasRest: boolean): readonly Problem[] => {
  const unit = shape.type.kind === 'number' ? shape.type.unit : undefined;
  const counted = unit !== undefined && countedUnits.has(unit);
  const placed = lines.flatMap((l) => {
    const part = l.parts[0]?.part;
    return part?.kind === 'range' ? [{ row: l.row, range: part.range }] : [];
  });
  const sorted = [...placed].sort((a, b) => low(a.range, b.range));
  return sorted.slice(1).flatMap((next, i): readonly Problem[] => {
    const before = sorted[i] as (typeof sorted)[number];
    const [high, from] = [before.range.high, next.range.low];
    const at = place(Math.max(next.row, before.row), null);
    const other = place(Math.min(next.row, before.row), null);
    if (high === null || from === null) return [told(at, `与${other}重叠：一端没有界限。`, '写明每一行的上下界。')];
    const order = compare(high.value, from.value);
    if (order > 0 || (order === 0 && high.closed && from.closed))
      return [told(at, `与${other}重叠：都包括 ${toDecimalString(from.value)}。`, byLaw)];
    const touching = order === 0 && (high.closed || from.closed);
    const neighbours =
      counted &&
      high.closed &&
      from.closed &&
      isInteger(high.value) &&
      isInteger(from.value) &&
      floorToBigint(from.value) - floorToBigint(high.value) === 1n;
    if (touching || neighbours || hasRest) return [];
    return [
      told(
        at,
        `与${other}之间有空隙（${toDecimalString(high.value)} 与 ${toDecimalString(from.value)} 之间）。`,
        `${byLaw}空隙若是本意，加一行 0 元或“其余”。`,
      ),
    ];
  });
};

/** Several columns: two rows that say the same of all of them can never both be meant. */
export const distinct = (lines: readonly Line[]): readonly Problem[] =>
  lines.flatMap((line, i) => {
    const before = lines.slice(0, i).find((other) => line.parts.every((p, k) => meet(p.part, other.parts[k]?.part)));
    return before === undefined || line.parts.every((p) => p.part.kind === 'rest')
      ? []
      : [told(place(line.row, null), `与${place(before.row, null)}重叠：有人同时落在两行。`, byLaw)];
  });

const meet = (a: Part, b: Part | undefined): boolean => {
  if (b === undefined || a.kind === 'rest' || b.kind === 'rest') return true;
  if (a.kind === 'is' && b.kind === 'is') return a.values.some((v) => b.values.includes(v));
  if (a.kind !== 'range' || b.kind !== 'range') return false;
  const apart = (x: Range, y: Range): boolean => {
    if (x.high === null || y.low === null) return false;
    const order = compare(x.high.value, y.low.value);
    return order < 0 || (order === 0 && !(x.high.closed && y.low.closed));
  };
  return !apart(a.range, b.range) && !apart(b.range, a.range);
};
