// Which facts could make a decided tree true at all, whatever they were: what near misses need not try. Exact: what is left out could only have been refused.
import type { Trace, Truth } from '../rule/facts.ts';
import { operandFacts } from '../rule/operand.ts';
import type { Ready, ReadyLeaf } from '../rule/ready.ts';
import { leavesOf } from '../rule/ready.ts';
import type { CompiledItem } from './compile.ts';
import { factsBehind } from './moves.ts';

/** Could the whole be true with these facts otherwise and everything else as it was decided? */
export type Reach = (facts: readonly string[]) => boolean;

/** What a truth may become. */
interface May {
  readonly hold: boolean;
  readonly fail: boolean;
}
const anything: May = { hold: true, fail: true };
const as = (truth: Truth | undefined): May => (truth === undefined ? anything : { hold: truth === true, fail: truth === false });

const touches = (compiled: CompiledItem, leaf: ReadyLeaf): ReadonlySet<string> => {
  const names = [leaf.fact, ...operandFacts(leaf.operand)].flatMap((name) => [...factsBehind(compiled, name)]);
  return new Set(names.flatMap((name) => [name, name.split('.')[0] as string]));
};

/** Of one item, made once for all its decisions. An event is found in a list, and two versions govern together: of those nothing is ruled out. */
export const reachFor = (compiled: CompiledItem): ((trace: Trace) => Reach) => {
  if (compiled.event !== null || compiled.before !== undefined) return () => () => true;
  const touchedBy = new Map(leavesOf(compiled.match).map((leaf) => [leaf, touches(compiled, leaf)]));
  return (trace) => {
    const truths = new Map<string, Truth>();
    const walk = (one: Trace): void => {
      if (one.kind === 'leaf') truths.set(one.at, one.truth);
      for (const child of one.children ?? []) walk(child);
    };
    walk(trace);
    const may = (node: Ready, facts: readonly string[]): May => {
      if (node.kind === 'leaf') return facts.some((fact) => touchedBy.get(node)?.has(fact)) ? anything : as(truths.get(node.at));
      if (node.kind === 'not') {
        const { hold, fail } = may(node.child, facts);
        return { hold: fail, fail: hold };
      }
      const children = node.children.map((child) => may(child, facts));
      return node.kind === 'all'
        ? { hold: children.every((one) => one.hold), fail: children.some((one) => one.fail) }
        : { hold: children.some((one) => one.hold), fail: children.every((one) => one.fail) };
    };
    return (facts) => may(compiled.match, facts).hold;
  };
};
