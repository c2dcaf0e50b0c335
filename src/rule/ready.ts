// A condition tree after the check: operators looked up, values typed, places kept. What `decide.ts` and `explain.ts` walk.
import type { FeelType } from '../feel/type.ts';
import { type Operand, operandFacts } from './operand.ts';
import type { Operator } from './operators.ts';

export interface ReadyLeaf {
  readonly kind: 'leaf';
  /** JSON pointer into the item. */
  readonly at: string;
  readonly fact: string;
  readonly label: string;
  readonly type: FeelType;
  readonly operator: Operator;
  readonly operand: Operand;
  readonly tree: string | null;
  readonly on: 'start' | 'end' | 'any' | 'every';
  readonly checkAt: 'period' | 'match' | 'payment';
  readonly text?: string;
  readonly clause?: string;
}

export interface ReadyGroup {
  readonly kind: 'all' | 'any';
  readonly at: string;
  readonly children: readonly Ready[];
  readonly text?: string;
  readonly clause?: string;
}

export interface ReadyNot {
  readonly kind: 'not';
  readonly at: string;
  readonly child: Ready;
  readonly text?: string;
  readonly clause?: string;
}

export type Ready = ReadyLeaf | ReadyGroup | ReadyNot;

export const leavesOf = (ready: Ready): readonly ReadyLeaf[] => {
  switch (ready.kind) {
    case 'leaf':
      return [ready];
    case 'not':
      return leavesOf(ready.child);
    default:
      return ready.children.flatMap(leavesOf);
  }
};

/** Facts a condition names, on both sides. */
export const factsOf = (ready: Ready): readonly string[] => leavesOf(ready).flatMap((l) => [l.fact, ...operandFacts(l.operand)]);

const hasPayment = (ready: Ready): boolean => leavesOf(ready).some((l) => l.checkAt === 'payment');
const onlyPayment = (ready: Ready): boolean => leavesOf(ready).every((l) => l.checkAt === 'payment');

export interface Parted {
  /** What the match verdict asks; null when everything is asked at payment. */
  readonly match: Ready | null;
  readonly payment: Ready | null;
  /** Pointers of `any` / `not` groups that mix both, which nobody could part. */
  readonly mixed: readonly string[];
}

/** Parts payment conditions from the rest: only `all` groups may hold both. */
export const part = (ready: Ready): Parted => {
  if (!hasPayment(ready)) return { match: ready, payment: null, mixed: [] };
  if (onlyPayment(ready)) return { match: null, payment: ready, mixed: [] };
  if (ready.kind !== 'all') return { match: ready, payment: null, mixed: [ready.at] };
  const parts = ready.children.map(part);
  const group = (children: readonly (Ready | null)[]): Ready | null => {
    const kept = children.filter((c): c is Ready => c !== null);
    return kept.length === 0 ? null : { ...ready, children: kept };
  };
  return { match: group(parts.map((p) => p.match)), payment: group(parts.map((p) => p.payment)), mixed: parts.flatMap((p) => p.mixed) };
};
