// One evaluation under way: the scope it reads, the local names, and a step budget that keeps every expression finite.

import type { Scope } from './scope.ts';
import { type FeelFunction, isContext, isList, type Value } from './value.ts';

/** Loop turns, filtered elements, list elements handed to built-ins and calls each cost one step; well under 0.1 s at the worst. */
export const stepLimit = 50_000;
const callDepthLimit = 200;

/** Raised inside and caught by `evaluate` alone. */
export class OutOfSteps extends Error {}

/** Texts longer than this are no policy's: nobody pays for writing them. */
const textLimit = 200_000;

/** Every text that is put together passes here. */
export const sized = (text: string): string => {
  if (text.length > textLimit) throw new OutOfSteps();
  return text;
};

/** A pattern is tried at every place of a text: what that may cost, in pairs of both. */
const matchLimit = 100_000;

export const matchable = (text: string, pattern: string): void => {
  if (text.length * Math.max(1, pattern.length) > matchLimit) throw new OutOfSteps();
};

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

const weights = new WeakMap<object, number>();

/** How many values one visits walking through; lists that share parts (`[p, p]` in a loop) weigh what a walk would cost. */
const weightOf = (v: Value): number => {
  if (!isList(v) && !isContext(v)) return 1;
  const known = weights.get(v);
  if (known !== undefined) return known;
  let weight = 1;
  for (const e of isList(v) ? v : v.entries.values()) {
    weight += weightOf(e);
    if (weight > stepLimit) throw new OutOfSteps();
  }
  weights.set(v, weight);
  return weight;
};

/** Every list and record made on the way passes here: what is too heavy to walk is not made. */
export const weighed = <V extends Value>(v: V): V => {
  weightOf(v);
  return v;
};
