// Dated values of one fact as a line in time: which holds on a day when several overlap, and what lies in the gaps. Pure.
// Spans are half open, `[from, to)`; null is open on that side.
import type { Day } from '../base/day.ts';

export interface Span<V> {
  readonly v: V;
  readonly from: Day | null;
  readonly to: Day | null;
}

/** Days are ISO text, so the empty text sorts before and `~` after every day there is. */
const start = (s: { readonly from: Day | null }): string => s.from ?? '';
const end = (s: { readonly to: Day | null }): string => s.to ?? '~';
const dayOr = (text: string): Day | null => (text === '' || text === '~' ? null : (text as Day));

export const holdsOn = (span: { readonly from?: Day | null; readonly to?: Day | null }, on: Day): boolean =>
  (span.from ?? '') <= on && on < (span.to ?? '~');

/** Where spans overlap the later in the list wins; what an earlier one still holds besides is cut out of it. Sorted by start; empty spans vanish. */
export const overlay = <S extends Span<unknown>>(spans: readonly S[]): readonly S[] => {
  let line: S[] = [];
  for (const span of spans) {
    if (start(span) >= end(span)) continue;
    const kept: S[] = [];
    for (const old of line) {
      if (end(old) <= start(span) || start(old) >= end(span)) kept.push(old);
      else {
        if (start(old) < start(span)) kept.push({ ...old, to: span.from });
        if (end(old) > end(span)) kept.push({ ...old, from: span.to });
      }
    }
    kept.push(span);
    line = kept;
  }
  return line.sort((a, b) => (start(a) < start(b) ? -1 : 1));
};

/** What nobody holds between the first start and the end of time, as spans without a value; nothing before the first start. */
export const gapsOf = (line: readonly Span<unknown>[]): readonly { readonly from: Day | null; readonly to: Day | null }[] => {
  const gaps: { from: Day | null; to: Day | null }[] = [];
  let reached: string | null = null;
  for (const span of line) {
    if (reached !== null && reached < start(span)) gaps.push({ from: dayOr(reached), to: span.from });
    if (reached === null || end(span) > reached) reached = end(span);
  }
  if (reached !== null && reached !== '~') gaps.push({ from: dayOr(reached), to: null });
  return gaps;
};

/** Where sets overlap their elements add up (`combine: union`): one span per stretch with the same holders, equal neighbours joined. */
export const uniteSets = <S extends Span<readonly unknown[]>>(spans: readonly S[]): readonly S[] => {
  const points = [...new Set(spans.flatMap((s) => [start(s), end(s)]))].sort();
  const line: S[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const [a, b] = [points[i] as string, points[i + 1] as string];
    const holders = spans.filter((s) => start(s) <= a && end(s) >= b);
    const first = holders[0];
    if (first === undefined) continue;
    const v = [...new Set(holders.flatMap((s) => s.v))].sort();
    const last = line.at(-1);
    if (last !== undefined && end(last) === a && sameTexts(last.v, v)) line[line.length - 1] = { ...last, to: dayOr(b) };
    else line.push({ ...first, v, from: dayOr(a), to: dayOr(b) });
  }
  return line;
};

const sameTexts = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((x, i) => x === b[i]);
