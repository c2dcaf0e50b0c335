// What lies too long, by step and by whose desk it lies on: what a rule's own day has passed for, and what waits at finance and the bank longer than it may.
import { type Day, daysBetween } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import type { Db } from '../db/handle.ts';
import { type LateKind, lateKinds, lateOn } from '../disbursement/late-store.ts';
import { lyingOn, type StepKind, stepTerms } from '../report/steps-store.ts';

export type LateStepKind = LateKind | StepKind;
export const lateStepKinds = [...Object.keys(lateKinds), ...Object.keys(stepTerms)] as [LateStepKind, ...LateStepKind[]];

export interface LateStep {
  readonly kind: LateStepKind;
  readonly text: string;
  readonly desk: string;
  readonly itemId: string;
  readonly count: number;
  /** null: no sum of money is late, a duty is. */
  readonly fen: bigint | null;
  /** The day it was due, or since when it lies. */
  readonly since: Day;
  readonly days: number;
}

const most = 10_000;

/** Longest first; those of one step and item are one. */
export const lateSteps = async (db: Db, scope: Scope, today: Day): Promise<readonly LateStep[]> => {
  const [due, lying] = await Promise.all([lateOn(db, { scope, today, limit: most }), lyingOn(db, { scope, today })]);
  const groups = [...Map.groupBy(due, (one) => `${one.kind} ${one.itemId}`).values()].flatMap((all): LateStep[] => {
    const [first] = all;
    if (first === undefined) return [];
    const { kind, itemId, dueOn } = first;
    return [{ kind, ...lateKinds[kind], itemId, count: all.length, fen: null, since: dueOn, days: daysBetween(dueOn, today) }];
  });
  const own = lying.map((one): LateStep => ({ ...one, text: stepTerms[one.kind].text, desk: stepTerms[one.kind].desk }));
  return [...groups, ...own].toSorted((a, b) => b.days - a.days || (a.kind < b.kind ? -1 : 1));
};
