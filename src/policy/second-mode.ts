// The second opinion on the mode, written apart from `mode.ts`: every row asked twice (what nobody can tell counted as no, then as yes), and of the modes
// that either way may come to, the one that asks most of the person.
import { secondTruth } from '../rule/second.ts';
import { nobody, type Reader } from '../rule/second-reader.ts';
import type { Plan } from '../rule/session.ts';
import type { Item } from './item.ts';

const weight: Readonly<Record<string, number>> = { auto: 1, confirm: 2, apply: 3 };

/** null: the item has one mode. */
export const secondMode = (item: Item, plan: Plan, reader: Reader): string | null => {
  if (typeof item.mode === 'string') return null;
  // Bare names mean the subject's own facts here, never an element's.
  const own = { ...plan, inside: plan.find };
  let possible: readonly string[] = [];
  for (const { when, mode } of item.mode) {
    const truth = when === undefined ? true : secondTruth(when, own, reader, nobody);
    if (truth !== false) possible = [...possible, mode];
    if (truth === true) break;
  }
  return [...possible].sort((a, b) => (weight[b] ?? 0) - (weight[a] ?? 0))[0] ?? null;
};
