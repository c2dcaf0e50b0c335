// Which period a run decides for an item: the last one that has begun, within the item's validity; and which closed ones it looks at again.
import { addDays, addMonths, type Day, earliest, latest, type Period, parsePeriodKey, periodOf, previousPeriod } from '../base/day.ts';
import { closes, type Item } from '../policy/item.ts';
import type { DecisionPeriod } from '../rule/facts.ts';

/** The key under which all events of a per-event item are run together; each match carries its own event's key. */
export const eventsKey = 'events';

/** How far back events are decided where the item does not say: a year, so that late deliveries still find them. */
const eventMonths = 12;

/** A place among all is told when all have run the course: the last period that had ended the item's closing days ago. */
const closedPeriod = (item: Pick<Item, 'period' | 'effective' | 'closing'>, knownAt: Day): DecisionPeriod | null => {
  const { from, to } = item.effective;
  const by = addDays(knownAt, -(item.closing?.days ?? 0));
  if (item.period === 'per-event') return null;
  if (item.period === 'once') return to === null || by < to ? null : { kind: 'once', key: 'once', start: from, end: to, knownAt };
  const last = periodOf(item.period, to === null ? by : earliest(by, to));
  const at = last.end <= by ? last : previousPeriod(last);
  if (at === null || (from !== null && at.end < from)) return null;
  return { kind: item.period, key: at.key, start: at.start, end: at.end, knownAt };
};

/**
 * null: nothing is due on that day. For `per-event` start and end are the window in which an event's day must lie.
 * `once` ends with knownAt, or with the item where that ended before.
 */
export const duePeriod = (
  item: Pick<Item, 'period' | 'effective' | 'lookback' | 'closing' | 'facts'>,
  knownAt: Day,
): DecisionPeriod | null => {
  if (closes(item)) return closedPeriod(item, knownAt);
  const { from, to } = item.effective;
  const last = to === null ? knownAt : earliest(knownAt, to);
  if (from !== null && from > last) return null;
  switch (item.period) {
    case 'once':
      return { kind: 'once', key: 'once', start: from, end: last, knownAt };
    case 'per-event': {
      // Counted back from the last day events may lie on: an item that has ended is still owed for the events of its last year.
      const begin = addMonths(last, -(item.lookback ?? eventMonths));
      const start = from === null ? begin : latest(from, begin);
      return { kind: 'per-event', key: eventsKey, start, end: last, knownAt };
    }
    default:
      return { ...periodOf(item.period, last), kind: item.period, knownAt };
  }
};

/** Closed periods within the item's look-back, newest first: a changed past is decided again, never edited (DESIGN 3). */
export const closedPeriods = (item: Pick<Item, 'period' | 'effective' | 'lookback'>, due: DecisionPeriod): readonly DecisionPeriod[] => {
  const out: DecisionPeriod[] = [];
  if (due.kind === 'once' || due.kind === 'per-event' || due.start === null) return out;
  let at: Period | null = due;
  for (let i = 0; i < (item.lookback ?? 0); i++) {
    at = previousPeriod(at);
    if (at === null || (item.effective.from !== null && at.end < item.effective.from)) break;
    out.push({ kind: due.kind, key: at.key, start: at.start, end: at.end, knownAt: due.knownAt });
  }
  return out;
};

/** Most closed periods taken up again beyond the look-back: an item that has waited for years is not decided for all of them in one night. */
const mostOwed = 24;

/** Closed periods among `keys`, of the item's kind and before the one that is due, newest first. */
export const owedBefore = (keys: readonly string[], due: DecisionPeriod): readonly DecisionPeriod[] =>
  keys
    .flatMap((key) => {
      const period = parsePeriodKey(key);
      return period === null || period.kind !== due.kind || period.end >= due.end ? [] : [period];
    })
    .sort((a, b) => (a.end < b.end ? 1 : -1))
    .slice(0, mostOwed)
    .map(({ key, start, end }) => ({ kind: due.kind, key, start, end, knownAt: due.knownAt }));

/** A calendar period by its key, as seen on that day; null: no such key. */
export const periodByKey = (key: string, knownAt: Day): DecisionPeriod | null => {
  const period = parsePeriodKey(key);
  if (period === null || period.kind === 'once' || period.kind === 'per-event') return null;
  return { kind: period.kind, key: period.key, start: period.start, end: period.end, knownAt };
};

/** True when the version speaks for the period at all. */
export const inForce = (item: Pick<Item, 'effective' | 'selectedBy' | 'transition'>, period: DecisionPeriod): boolean => {
  // One day of the period speaks for all of it; for those it leaves to the version before, the transition may ask both.
  if (item.transition === undefined || item.transition === 'old') {
    if (item.selectedBy === 'period-start') return holds(item, period.start ?? period.end);
    if (item.selectedBy === 'period-end') return holds(item, period.end);
    if (item.selectedBy === 'payment') return holds(item, period.knownAt);
  }
  return overlaps(item, period);
};

const holds = ({ effective }: Pick<Item, 'effective'>, day: DecisionPeriod['end']): boolean =>
  (effective.from === null || effective.from <= day) && (effective.to === null || day <= effective.to);

const overlaps = (item: Pick<Item, 'effective'>, period: DecisionPeriod): boolean =>
  (item.effective.from === null || item.effective.from <= period.end) &&
  (item.effective.to === null || period.start === null || period.start <= item.effective.to);
