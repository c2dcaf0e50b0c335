// What every rule of the lint looks at, and how it says what it found.
import { type Problem, problem } from '../base/problem.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import { factsOf } from '../catalogue/env.ts';
import { leavesOf, type Ready, type ReadyLeaf } from '../rule/ready.ts';
import type { CompiledItem } from './compile.ts';

/** `error`: the item may not be published like this. `warning`: an officer should look again. */
export type Severity = 'error' | 'warning';

/** Every finding beyond what reading a file refuses, with how grave it is. */
export const lintCodes = {
  contradiction: 'error',
  'dead-branch': 'warning',
  tautology: 'warning',
  duplicate: 'warning',
  subsumed: 'warning',
  wide: 'warning',
  purpose: 'error',
  precompute: 'error',
  unsupplied: 'warning',
  'unused-fact': 'warning',
  'no-parameter': 'error',
  'parameter-gap': 'warning',
  tax: 'warning',
  region: 'warning',
  death: 'warning',
  publicity: 'error',
  waive: 'warning',
  life: 'error',
  livelihood: 'error',
  unbounded: 'warning',
  'low-cap': 'error',
  'tier-unreachable': 'warning',
  'tier-uncovered': 'warning',
  'mode-unreachable': 'warning',
  'mode-same': 'warning',
  'few-examples': 'warning',
  untried: 'warning',
  'split-period': 'warning',
  'same-matter': 'warning',
} as const satisfies Readonly<Record<string, Severity>>;

export type LintCode = keyof typeof lintCodes;

export interface Finding extends Problem {
  readonly severity: Severity;
}

export const finding = (code: LintCode, at: string, message: string, hint: string): Finding => ({
  ...problem(`rule.lint-${code}`, at, message, hint),
  severity: lintCodes[code],
});

/** Not all conditions were tried together: what is not told is not sure to be right. */
export const wide = (at: string): Finding =>
  finding('wide', at, '条件太多，互相矛盾、重复的没有全部查到', '把同类条件合并：取值列在一个“是其中之一”里，或用公式算成一个指标');

export interface Looked {
  readonly compiled: CompiledItem;
  readonly catalogue: Catalogue;
  /** The condition trees: of the match, and of the payment. */
  readonly trees: readonly Ready[];
  readonly leaves: readonly ReadyLeaf[];
  /** Catalogue facts the item reads, with where a condition names them; '' where none does. */
  readonly facts: readonly { readonly fact: Fact; readonly at: string }[];
}

export const look = (compiled: CompiledItem, catalogue: Catalogue): Looked => {
  const trees = [compiled.match, ...(compiled.payment === null ? [] : [compiled.payment])];
  const leaves = trees.flatMap(leavesOf);
  const ways = compiled.modes.flatMap((row) => (row.when === null ? [] : leavesOf(row.when)));
  const facts = compiled.reads.flatMap((r) => {
    const fact = factsOf(catalogue, r.register).get(r.fact);
    const leaf = [...leaves, ...ways].find((l) => l.fact === r.path);
    return fact === undefined ? [] : [{ fact, at: leaf?.at ?? '' }];
  });
  return { compiled, catalogue, trees, leaves, facts };
};
