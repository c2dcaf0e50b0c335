// The door of the expression language: text → checked expression → value. FEEL (DMN 1.5) with exact numbers, the unknown, units.

import type { Problem } from '../base/problem.ts';
import type { Node } from './ast.ts';
import { build } from './build.ts';
import { builtins } from './builtins.ts';
import { check } from './check.ts';
import { type Frame, OutOfSteps, type Run, stepLimit } from './frame.ts';
import { readExpression } from './read.ts';
import type { Scope } from './scope.ts';
import type { FeelType, TypeEnv } from './type.ts';
import { unknown, type Value } from './value.ts';

export interface CompileOptions {
  /** Check units (default true in the house dialect). */
  readonly units?: boolean;
  /** `house`: everything is checked before it runs. `tck`: as the standard says, whatever is wrong gives null. */
  readonly dialect?: 'house' | 'tck';
}

export interface Expression {
  readonly text: string;
  readonly root: Node;
  readonly type: FeelType;
  /** Free names read, with paths into records and lists: `birthDate`, `children.birthDate`. Sorted. */
  readonly reads: readonly string[];
  readonly dialect: 'house' | 'tck';
  readonly run: Run;
}

export type Compiled =
  | { readonly ok: true; readonly expression: Expression; readonly type: FeelType; readonly reads: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Never throws; every finding is reported at once, each with `line:column`. */
export const compileFeel = (text: string, env: TypeEnv, options: CompileOptions = {}): Compiled => {
  const dialect = options.dialect ?? 'house';
  const read = readExpression(text, env, builtins.keys());
  if (!read.ok) return read;
  const checked = check(read.root, { env, text, builtins, units: options.units ?? true });
  if (dialect === 'house' && checked.problems.length > 0) return { ok: false, problems: checked.problems };
  const run = build({ env, builtins, types: checked.types }, read.root, []);
  const { type, reads } = checked;
  return { ok: true, expression: { text, root: read.root, type, reads, dialect, run }, type, reads };
};

/** What `missing` names when an expression ran out of steps: undetermined, and so never money. */
export const outOfSteps = '计算步数超限';

/**
 * Never throws. Out of steps or stack, the house answers an unknown that names `outOfSteps` — null would be a known "none" —
 * and the tck dialect null.
 */
export const evaluate = (expression: Expression, scope: Scope): Value => {
  const frame: Frame = { scope, locals: [], budget: { steps: stepLimit, depth: 0 } };
  try {
    return expression.run(frame);
  } catch (e) {
    // RangeError: the JavaScript stack, a string or an array grew beyond its limit before the budget noticed.
    if (!(e instanceof OutOfSteps) && !(e instanceof RangeError)) throw e;
    return expression.dialect === 'tck' ? null : unknown(outOfSteps);
  }
};
