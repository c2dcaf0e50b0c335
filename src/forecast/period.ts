// For which period a draft is forecast, which published version speaks for that period, and what comes next. Pure.
import { addMonths, type Day, nextPeriod, type Period, parsePeriodKey } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { ItemVersion } from '../match/match.ts';
import { duePeriod, inForce } from '../match/period.ts';
import type { Item } from '../policy/item.ts';
import type { DecisionPeriod } from '../rule/facts.ts';

const calendarPeriod = (item: Item, key: string, knownAt: Day): DecisionPeriod => {
  const period = parsePeriodKey(key);
  if (period === null || period.kind !== item.period)
    return fail('input.period', '--period', '期别写法不对，或与事项的兑现周期不同。', '按月写 2026-04，按季写 2026Q2，按年写 2026。');
  const { start, end } = period;
  return { kind: period.kind, key: period.key, start, end, knownAt };
};

/** What a run would decide; a draft not yet in force is decided as if it began on the snapshot's day, in the period that day lies in. */
export const periodFor = (item: Item, knownAt: Day, asked: string | null): { readonly period: DecisionPeriod; readonly asIf: boolean } => {
  if (asked !== null) {
    const period = calendarPeriod(item, asked, knownAt);
    return { period, asIf: !inForce(item, period) };
  }
  const due = duePeriod(item, knownAt);
  if (due !== null) return { period: due, asIf: !inForce(item, due) };
  const open = duePeriod({ ...item, effective: { from: null, to: null } }, knownAt);
  if (open === null) throw new Error('an item without limits of time is always due');
  return { period: open.kind === 'once' ? { ...open, start: knownAt } : open, asIf: true };
};

/** The newest published version in force for the draft's period, with its own period; null: none. */
export const versionFor = (
  published: readonly ItemVersion[],
  period: DecisionPeriod,
  knownAt: Day,
): { readonly version: ItemVersion; readonly period: DecisionPeriod } | null => {
  for (const version of [...published].sort((a, b) => b.version - a.version)) {
    const own =
      version.item.period === period.kind ? { ...period, start: startOf(version.item, period) } : duePeriod(version.item, knownAt);
    if (own !== null && inForce(version.item, own)) return { version, period: own };
  }
  return null;
};

/** `once` begins with the version's own validity. */
const startOf = (item: Item, period: DecisionPeriod): Day | null => (period.kind === 'once' ? item.effective.from : period.start);

/** null: events come when they come, and an item that ends has no next period. */
export const nextOf = (item: Item, period: DecisionPeriod): DecisionPeriod | null => {
  const { to } = item.effective;
  if (period.kind === 'per-event') return null;
  const next: DecisionPeriod | null =
    period.kind === 'once' ? { ...period, end: addMonths(period.end, 1) } : shifted(period as DecisionPeriod & Period);
  return next === null || (to !== null && (period.kind === 'once' ? next.end : (next.start ?? next.end)) > to) ? null : next;
};

const shifted = (period: DecisionPeriod & Period): DecisionPeriod | null => {
  const next = nextPeriod({ kind: period.kind, key: period.key, start: period.start, end: period.end });
  return next === null ? null : { kind: period.kind, key: next.key, start: next.start, end: next.end, knownAt: period.knownAt };
};
