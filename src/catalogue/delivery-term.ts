// When a department owes its next delivery, and how late it is: the delivery calendar of a dataset as data, and what follows from it on a day. Pure.
import {
  addDays,
  addMonths,
  addWorkingDays,
  type Day,
  daysBetween,
  daysInMonth,
  fieldsOf,
  type WorkingCalendar,
  weekdayOf,
} from '../base/day.ts';
import type { Catalogue } from './catalogue.ts';

/** Somebody at the department: the office's role, never a person's name; without `mail` it is told on the pages only. */
export interface Contact {
  readonly role: string;
  readonly mail?: string;
}

/**
 * A line of the delivery calendar. A cycle begins on the first day of the month, quarter, year, on a Monday, or every day; its delivery speaks of the
 * evening before the cycle began or of a later day, and is due on `by`: the n-th working day of the cycle, its n-th day, or a month and day of its year.
 */
export interface DeliveryTerm {
  readonly dataset: string;
  readonly every: 'day' | 'week' | 'month' | 'quarter' | 'year';
  readonly by: { readonly workingDay: number } | { readonly day: number } | { readonly month: number; readonly day: number };
  readonly contact: Contact;
  /** Who hears of it when reminding the contact did not help. */
  readonly chief?: Contact;
  /** It tells of death, status or a blacklist: when it is late, a person may decide to go on without it for those who were paid before. */
  readonly guard?: boolean;
}

export interface Cycle {
  readonly start: Day;
  /** null: beyond the official calendar; stays open until that arrives. */
  readonly dueOn: Day | null;
}

const monthsOf = { month: 1, quarter: 3, year: 12 } as const;

const startOf = (every: DeliveryTerm['every'], on: Day): Day => {
  if (every === 'day') return on;
  if (every === 'week') return addDays(on, 1 - weekdayOf(on));
  const { month } = fieldsOf(on);
  const length = monthsOf[every];
  return addMonths(`${on.slice(0, 7)}-01` as Day, -((month - 1) % length));
};

const neighbour = (every: DeliveryTerm['every'], start: Day, steps: number): Day => {
  if (every === 'day') return addDays(start, steps);
  return every === 'week' ? addDays(start, 7 * steps) : addMonths(start, steps * monthsOf[every]);
};

const dueIn = (term: DeliveryTerm, start: Day, calendar: WorkingCalendar): Day | null => {
  const { by } = term;
  if ('workingDay' in by) return addWorkingDays(addDays(start, -1), by.workingDay, calendar);
  if (!('month' in by)) return addDays(start, by.day - 1);
  const { year } = fieldsOf(start);
  const month = String(by.month).padStart(2, '0');
  return `${start.slice(0, 4)}-${month}-${String(Math.min(by.day, daysInMonth(year, by.month))).padStart(2, '0')}` as Day;
};

export interface Punctuality {
  /** The first cycle whose delivery has not come; null: everything owed so far is there. */
  readonly open: Cycle | null;
  /** Days since the day it was due; 0: not late (yet). */
  readonly overdueDays: number;
  /** The next due day not yet past: of the open cycle, else of the one after it; null: beyond the official calendar. */
  readonly nextDue: Day | null;
}

/** Nobody is dunned for what lies further back: a department that was silent for years owes its data, not a hundred deliveries. */
const furthestBack = 24;

/** `asOf`: the day the last delivery speaks of; null: none ever came. */
export const punctuality = (term: DeliveryTerm, asOf: Day | null, today: Day, calendar: WorkingCalendar): Punctuality => {
  const cycleAt = (start: Day): Cycle => ({ start, dueOn: dueIn(term, start, calendar) });
  const speaksFor = (start: Day): boolean => asOf !== null && asOf >= addDays(start, -1);
  const now = startOf(term.every, today);
  let open: Cycle | null = null;
  // Nothing was ever delivered: it is owed since the last due day that has passed, not since the beginning of time.
  const back = asOf === null ? 1 : furthestBack;
  for (let i = 0, start = now; i <= back && !speaksFor(start); i++, start = neighbour(term.every, now, -i)) open = cycleAt(start);
  const next = (start: Day): Day | null => {
    const { dueOn } = cycleAt(start);
    return dueOn === null || dueOn >= today ? dueOn : next(neighbour(term.every, start, 1));
  };
  const late = open?.dueOn == null ? 0 : Math.max(0, daysBetween(open.dueOn, today));
  const following = speaksFor(now) ? neighbour(term.every, now, 1) : now;
  return { open, overdueDays: late, nextDue: next(following) };
};

export const workingCalendar = ({ calendar }: Pick<Catalogue, 'calendar'>): WorkingCalendar => ({
  holidays: new Set(calendar.holidays),
  workdays: new Set(calendar.workdays),
  knownFrom: calendar.knownFrom,
  knownTo: calendar.knownTo,
});

export const termOf = (catalogue: Pick<Catalogue, 'deliveries'>, dataset: string): DeliveryTerm | null =>
  catalogue.deliveries?.find((term) => term.dataset === dataset) ?? null;
