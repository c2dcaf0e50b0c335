// The two clocks of an example: from the key it writes (`2026-01`, `2026Q1`, `2026`, or a day) to a decision period.
import { addMonths, type Day, endOfMonth, endOfYear, parseDay } from '../base/day.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import type { Example, Item } from './item.ts';

/**
 * null when the key does not fit the item's period. Without knownAt the period is looked at from its last day.
 * per-event: the event's day; its key is found by `example.ts` among the events of that day.
 */
export const periodFor = (
  item: Pick<Item, 'period' | 'effective'>,
  example: Pick<Example, 'period' | 'knownAt'>,
): DecisionPeriod | null => {
  const key = example.period;
  if (typeof key !== 'string') return null;
  const known = (end: Day): Day => example.knownAt ?? end;
  switch (item.period) {
    case 'monthly': {
      const start = /^\d{4}-\d{2}$/.test(key) ? parseDay(`${key}-01`) : null;
      if (start === null) return null;
      return { kind: 'monthly', key, start, end: endOfMonth(start), knownAt: known(endOfMonth(start)) };
    }
    case 'quarterly': {
      const m = /^(\d{4})Q([1-4])$/.exec(key);
      const start = m === null ? null : parseDay(`${m[1]}-${String(Number(m[2]) * 3 - 2).padStart(2, '0')}-01`);
      if (start === null) return null;
      const end = endOfMonth(addMonths(start, 2));
      return { kind: 'quarterly', key, start, end, knownAt: known(end) };
    }
    case 'yearly': {
      const start = /^\d{4}$/.test(key) ? parseDay(`${key}-01-01`) : null;
      if (start === null) return null;
      return { kind: 'yearly', key, start, end: endOfYear(start), knownAt: known(endOfYear(start)) };
    }
    case 'per-event': {
      const day = parseDay(key);
      return day === null ? null : { kind: 'per-event', key, start: day, end: day, knownAt: known(day) };
    }
    case 'once': {
      const day = parseDay(key);
      if (day === null) return null;
      const start = item.effective?.from ?? null;
      return { kind: 'once', key: 'once', start, end: day, knownAt: example.knownAt ?? day };
    }
    default:
      return null;
  }
};
