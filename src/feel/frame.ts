// One evaluation under way: the scope it reads, the local names, and a step budget that keeps every expression finite.

import type { Scope } from './scope.ts';
import type { FeelFunction, Value } from './value.ts';

/** Loop turns, filtered elements, list elements handed to built-ins and calls each cost one step; about 0.1 s at the worst. */
export const stepLimit = 1_000_000;
const callDepthLimit = 200;

/** Raised inside and caught by `evaluate` alone. */
export class OutOfSteps extends Error {}

export interface Budget {
  steps: number;
  depth: number;
}

export interface Frame {
  readonly scope: Scope;
  readonly locals: Value[];
  readonly budget: Budget;
}

export type Run = (f: Frame) => Value;

export const spend = (b: Budget, steps: number): void => {
  b.steps -= steps;
  if (b.steps < 0) throw new OutOfSteps();
};

/** Calls a function value; a missing argument is null, one too many makes the answer null. */
export const invoke = (b: Budget, fn: FeelFunction, args: readonly Value[]): Value => {
  spend(b, 1);
  if (++b.depth > callDepthLimit) throw new OutOfSteps();
  const result = fn.call(args);
  b.depth--;
  return result;
};
