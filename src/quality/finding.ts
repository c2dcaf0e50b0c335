// What a quality report is made of. A finding names its place (dataset, fact, division) and what to do; people only by our own surrogate ids, and few.
import type { Day } from '../base/day.ts';

export type Measure = 'missing' | 'stale' | 'conflict' | 'range' | 'duplicate' | 'drift' | 'late';

export interface Finding {
  readonly measure: Measure;
  readonly dataset: string | null;
  readonly fact: string | null;
  /** null: everywhere. */
  readonly division: string | null;
  /** What exactly, machine readable: `negative`, `same-name-birth`, `rows` … */
  readonly kind: string;
  /** How many of how many. */
  readonly count: number;
  readonly of: number;
  readonly message: string;
  readonly hint: string;
  /** Surrogate ids of a few it concerns. */
  readonly examples: readonly string[];
}

export const measureNames: Readonly<Record<Measure, string>> = {
  late: '迟报',
  stale: '过期',
  missing: '缺失',
  conflict: '来源不一致',
  range: '超出范围',
  duplicate: '疑似一人多号',
  drift: '与上次相比变化大',
};

/** The most ids kept with a finding. */
export const mostExamples = 3;

export interface Told {
  readonly knownAt: Day;
  readonly findings: readonly Finding[];
}
