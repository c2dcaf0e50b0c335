// The machine steps behind the schedule, each with what it needs and nothing else. jobs.ts says when they run; `start` and `demo` call them in order.
import type { Day } from './base/day.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { Db } from './db/handle.ts';
import { type AdvanceReport, advance } from './disbursement/advance.ts';
import { type PrefillReport, prefill } from './disbursement/prefill.ts';
import { type TellReport, tell } from './notice/tell.ts';
import { contactReader, linkNames } from './record/contact-store.ts';
import { type SettleReport, settle } from './settlement/settle.ts';

export interface StepContext {
  readonly db: Db;
  readonly catalogue: Catalogue;
  /** The civil day the steps live in: Asia/Shanghai's, or the sample city's own, which stands still. */
  readonly today: Day;
  readonly now: () => Date;
  /** True when a mail server is configured. */
  readonly mail: boolean;
  readonly messageDomain: string;
}

const reading = (context: StepContext) => ({ read: contactReader(context.catalogue, context.today), link: linkNames(context.catalogue) });

const calendarOf = ({ calendar }: Catalogue) => ({
  holidays: new Set(calendar.holidays),
  workdays: new Set(calendar.workdays),
  knownFrom: calendar.knownFrom,
  knownTo: calendar.knownTo,
});

export const settleStep = (context: StepContext): Promise<SettleReport> => settle(context.db, { now: context.now() });

export const prefillStep = (context: StepContext): Promise<PrefillReport> =>
  prefill(context.db, { now: context.now(), ...reading(context) });

export const advanceStep = (context: StepContext): Promise<AdvanceReport> =>
  advance(context.db, { now: context.now(), today: context.today, calendar: calendarOf(context.catalogue), ...reading(context) });

export const tellStep = (context: StepContext): Promise<TellReport> =>
  tell(context.db, {
    now: context.now(),
    today: context.today,
    ...reading(context),
    label: (fact) => context.catalogue.facts.find((one) => one.key === fact)?.label ?? fact,
    mail: context.mail,
    messageDomain: context.messageDomain,
  });
