// Walks a disbursement through the order of steps its item declares: which state the next step is, which window opens, what is skipped. Pure.
import { addDays, addWorkingDays, type Day, type WorkingCalendar } from '../base/day.ts';
import { stepsFor } from '../policy/flow.ts';
import type { FlowStep, Item, MatchKind, Mode } from '../policy/item.ts';
import { type Ask, confirmDays, levelsOf, publicityWorkingDays } from '../policy/life.ts';
import { modeFor } from '../policy/mode.ts';
import type { State } from './states.ts';

/**
 * The steps for a kind of match (DESIGN 9): `changed` and `resumed` without one of their own use `first`'s, stops use review and notice. Where the item's
 * mode depends, `chosen` is the match's own, and the steps that mode has not are left out.
 */
export const flowOf = (item: Pick<Item, 'flow' | 'mode'>, kind: MatchKind, chosen: string | null): readonly FlowStep[] => {
  const steps = stepsOfKind(item, kind);
  return typeof item.mode === 'string' ? steps : withApplication(stepsFor(steps, modeFor(item, chosen)), modeFor(item, chosen), kind);
};

/** Whoever comes to apply hands an application in before anything else, also where the item's one order of steps was written for all of its modes. */
const withApplication = (steps: readonly FlowStep[], mode: Mode, kind: MatchKind): readonly FlowStep[] => {
  if (mode !== 'apply' || steps.includes('apply') || kind === 'continuing' || kind === 'suspended' || kind === 'ended') return steps;
  const at = steps[0] === 'guard' ? 1 : 0;
  return [...steps.slice(0, at), 'apply', ...steps.slice(at)];
};

const stepsOfKind = (item: Pick<Item, 'flow'>, kind: MatchKind): readonly FlowStep[] => {
  switch (kind) {
    case 'first':
      return item.flow.first;
    case 'continuing':
      return item.flow.continuing;
    case 'changed':
      return item.flow.changed ?? item.flow.first;
    case 'resumed':
      return item.flow.resumed ?? item.flow.first;
    case 'suspended':
      return item.flow.suspended ?? ['review', 'notice'];
    case 'ended':
      return item.flow.ended ?? ['review', 'notice'];
  }
};

const stateOf: Readonly<Record<FlowStep, State>> = {
  guard: 'prefilled',
  apply: 'applying',
  ask: 'asking',
  review: 'reviewing',
  notice: 'notified',
  confirm: 'confirming',
  publicity: 'publicity',
  pay: 'ready',
};

export interface Place {
  readonly state: State;
  readonly step: number;
  readonly windowFrom: Day | null;
  /** null inside a window: the official calendar does not reach that far yet, the window stays open. */
  readonly dueOn: Day | null;
}

export interface Surroundings {
  readonly today: Day;
  readonly calendar: WorkingCalendar;
  readonly item: Pick<Item, 'publicity' | 'confirm' | 'ask' | 'review' | 'apply' | 'objection' | 'waived'>;
}

type Walker = {
  readonly flow: readonly FlowStep[];
  readonly matchKind: MatchKind;
  readonly gaps: readonly string[];
  readonly windowFrom: string | null;
  readonly dueOn: string | null;
};

const noWindow = { windowFrom: null, dueOn: null } as const;

/** A window of so many days or working days from today; open without an end where neither is said, or the calendar does not reach so far yet. */
const windowOf = (term: { readonly days?: number; readonly workingDays?: number } | undefined, around: Surroundings) => {
  if (term?.days !== undefined) return { windowFrom: around.today, dueOn: addDays(around.today, term.days) };
  return {
    windowFrom: around.today,
    dueOn: term?.workingDays === undefined ? null : addWorkingDays(around.today, term.workingDays, around.calendar),
  };
};

export const askWindow = (ask: Ask | undefined, around: Surroundings) => windowOf(ask, around);

/** By when a level of the review is to be done: its own limit, or the one promised to whoever applied. */
export const reviewWindow = (record: Pick<Walker, 'flow' | 'matchKind'>, level: number, around: Surroundings) => {
  const own = levelsOf(around.item, record.matchKind)[level]?.workingDays;
  const promised = record.flow.includes('apply') ? around.item.apply?.reviewWorkingDays : undefined;
  const term = own ?? promised;
  return windowOf(term === undefined ? undefined : { workingDays: term }, around);
};

const publicityEnd = (publicity: Item['publicity'], around: Surroundings): Day | null => {
  if (publicity?.days !== undefined) return addDays(around.today, publicity.days);
  return addWorkingDays(around.today, publicityWorkingDays({ publicity }), around.calendar);
};

/**
 * Where a record stands when it enters `step` of its flow: steps with nothing to do are passed over (nothing missing: `ask`; nothing to
 * publish: `publicity`), an incomplete account stops it before payment, and past the end it is closed.
 * A confirm window opens with the notice before it, because the notice must say until when.
 */
export const enter = (record: Walker, step: number, around: Surroundings): Place => {
  const name = record.flow[step];
  if (name === undefined) return { state: 'closed', step, ...noWindow };
  const at = { state: stateOf[name], step };
  switch (name) {
    case 'guard':
      return { ...at, ...noWindow };
    case 'apply':
      return { ...at, ...windowOf(around.item.apply?.days === undefined ? undefined : { days: around.item.apply.days }, around) };
    case 'review':
      return levelsOf(around.item, record.matchKind).length === 0
        ? enter(record, step + 1, around)
        : { ...at, ...reviewWindow(record, 0, around) };
    case 'ask':
      return record.gaps.length === 0 ? enter(record, step + 1, around) : { ...at, ...askWindow(around.item.ask, around) };
    case 'notice':
      return record.flow[step + 1] === 'confirm'
        ? { ...at, windowFrom: around.today, dueOn: addDays(around.today, confirmDays(around.item)) }
        : { ...at, ...noWindow };
    case 'confirm': {
      const opened = record.flow[step - 1] === 'notice' && record.dueOn !== null;
      return opened
        ? { ...at, windowFrom: record.windowFrom as Day | null, dueOn: record.dueOn as Day }
        : { ...at, windowFrom: around.today, dueOn: addDays(around.today, confirmDays(around.item)) };
    }
    case 'publicity': {
      if (around.item.publicity?.none !== undefined) return enter(record, step + 1, around);
      return { ...at, windowFrom: around.today, dueOn: publicityEnd(around.item.publicity, around) };
    }
    case 'pay':
      return record.gaps.length === 0 ? { ...at, ...noWindow } : { ...at, state: 'asking', ...askWindow(around.item.ask, around) };
  }
};
