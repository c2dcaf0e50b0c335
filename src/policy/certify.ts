// 资格认证 as an item declares it: how often somebody who is paid period after period must be known to be there still, which traces in the departments'
// data count without asking, how long the window is, and what follows. Shapes, and what must go together; the linter holds it against the catalogue.
import { z } from 'zod';
import type { Day } from '../base/day.ts';
import { type Problem, problem } from '../base/problem.ts';
import { isObject } from '../rule/literal.ts';
import type { Json } from './checker.ts';

/**
 * A trace of life 无感认证 in a fact that carries a day: a date; the date `field` of a list's rows; a series, of which a period with a number counts from
 * its first day. `dataset`: only what this one says. A delivery that merely lists somebody is none: registers list the dead too.
 */
export interface Trace {
  readonly fact: string;
  readonly field?: string;
  readonly dataset?: string;
}

/** `late`: what follows when the window is over; `wait` leaves the payments as they are and the person on the list. Nobody is stopped by silence. */
export interface Certify {
  readonly everyMonths: number;
  readonly windowDays: number;
  /** Days into the window on which the person is reminded. */
  readonly remindAfterDays?: readonly number[];
  /** Days into the window after which somebody goes and looks. */
  readonly visitAfterDays: number;
  readonly silent?: readonly Trace[];
  /** What the person may do, as the notice says it. */
  readonly how: string;
  /** The person may confirm it at the portal, signed in as themselves. */
  readonly self?: true;
  readonly late: 'suspend' | 'wait';
  readonly clause: string;
}

const key = z.string().min(1).max(100);
const days = z.int().min(1).max(365);

export const certifyShape = z
  .strictObject({
    everyMonths: z.int().min(1).max(60),
    windowDays: days,
    remindAfterDays: z.array(days).max(5).optional(),
    visitAfterDays: days,
    silent: z
      .array(z.strictObject({ fact: key, field: key.optional(), dataset: key.optional() }))
      .max(20)
      .optional(),
    how: z.string().min(4).max(200),
    self: z.literal(true).optional(),
    late: z.enum(['suspend', 'wait']),
    clause: z.string().min(1).max(2000),
  })
  .optional();

export const certifyProblems = (raw: Json): readonly Problem[] => {
  if (!isObject(raw.certify)) return [];
  const { certify } = raw;
  const out: Problem[] = [];
  const wrong = (at: string, message: string, hint: string) => out.push(problem('rule.certify', `/certify${at}`, message, hint));
  if (raw.period === 'once' || raw.period === 'per-event') wrong('', '只发一次的事项没有资格认证', '删去 certify，或改 period');
  if (raw.mode === 'push') wrong('', '只推送不兑现的事项没有资格认证', '删去 certify');
  const window = typeof certify.windowDays === 'number' ? certify.windowDays : 365;
  if (typeof certify.visitAfterDays === 'number' && certify.visitAfterDays > window)
    wrong('/visitAfterDays', '入户核查排在期限之后', '排在期限之内，给上门留出时间');
  const remind = Array.isArray(certify.remindAfterDays) ? certify.remindAfterDays : [];
  remind.forEach((day, i) => {
    if (typeof day !== 'number') return;
    if (day > window) wrong(`/remindAfterDays/${i}`, '提醒排在期限之后', '排在期限之内');
    if (i > 0 && day <= Number(remind[i - 1])) wrong(`/remindAfterDays/${i}`, '提醒的日子没有一次比一次晚', '从早到晚写');
  });
  return out;
};

/** One value of a traced fact, whatever carried it, as far as it tells a day. */
export interface Traced {
  readonly v: unknown;
  readonly dataset: string;
}

const dayIn = (v: unknown): Day | null => (typeof v === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(v) ? (v as Day) : null);

/** `2026` → its 1 January, `2026Q2` → 1 April, `2026-05` → 1 May; null: no period. */
const firstDayOf = (period: string): Day | null => {
  const quarter = /^(\d{4})Q([1-4])$/.exec(period);
  if (quarter !== null) return `${quarter[1]}-${String(Number(quarter[2]) * 3 - 2).padStart(2, '0')}-01` as Day;
  if (/^\d{4}$/.test(period)) return `${period}-01-01` as Day;
  return /^\d{4}-\d{2}$/.test(period) ? (`${period}-01` as Day) : null;
};

const daysOf = (trace: Trace, v: unknown): readonly (Day | null)[] => {
  if (Array.isArray(v)) return trace.field === undefined ? [] : v.map((row) => dayIn(isObject(row) ? row[trace.field ?? ''] : null));
  if (isObject(v))
    return Object.entries(v).map(([period, number]) => (number === null || Number(number) === 0 ? null : firstDayOf(period)));
  return [dayIn(v)];
};

/** The newest day up to `until` on which one of the traces saw the person; null: none. `values` are a fact's as known today, none where unknown. */
export const newestTrace = (
  traces: readonly Trace[],
  values: (fact: string) => readonly Traced[],
  until: Day,
): { readonly on: Day; readonly fact: string; readonly dataset: string } | null => {
  let newest: { on: Day; fact: string; dataset: string } | null = null;
  for (const trace of traces)
    for (const { v, dataset } of values(trace.fact)) {
      if (trace.dataset !== undefined && trace.dataset !== dataset) continue;
      for (const on of daysOf(trace, v))
        if (on !== null && on <= until && (newest === null || on > newest.on)) newest = { on, fact: trace.fact, dataset };
    }
  return newest;
};
