// Which conditions of a decided tree stand in the way: those of which one or several would have to answer otherwise for the whole to be met.
import type { Trace } from './facts.ts';

/** Pointers of leaves that keep the tree from being `wanted`, in order, without repeats; empty when it is. */
export const leavesBlocking = (trace: Trace, wanted = true): readonly string[] => [...new Set(walk(trace, wanted))];

const walk = (trace: Trace, wanted: boolean): readonly string[] => {
  if (trace.truth === wanted) return [];
  if (trace.kind === 'leaf') return [trace.at];
  const below = trace.kind === 'not' ? !wanted : wanted;
  return (trace.children ?? []).flatMap((child) => walk(child, below));
};
