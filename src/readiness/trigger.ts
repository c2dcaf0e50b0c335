// "Not triggered": with every fact about the subject unknown the item is still ineligible, so it is for everybody (Kleene: what is false while facts are
// unknown stays false whatever they turn out to be). One dated record with the value, its source and the sentence of the rule stands for all.
import type { Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { decide } from '../policy/decide.ts';
import { speakerOf } from '../policy/speaker.ts';
import { recordSource } from '../record/source.ts';
import { sayLeaf, sayValue } from '../rule/explain.ts';
import type { DecisionPeriod, Trace } from '../rule/facts.ts';
import { leavesOf } from '../rule/ready.ts';

export interface Untriggered {
  /** The rule's conditions that are false for everybody, in Chinese, each with what was found. */
  readonly reasons: readonly { readonly at: string; readonly rule: string; readonly found: string }[];
  /** Indexes and parameters that were read, with the day they speak of. */
  readonly values: readonly { readonly name: string; readonly value: unknown; readonly asOf: Day | null }[];
}

/** Leaves that make the tree false; below `not` those that make it true. */
const settlingLeaves = (trace: Trace, truth: boolean): readonly Trace[] => {
  if (trace.truth !== truth) return [];
  if (trace.kind === 'leaf') return [trace];
  return (trace.children ?? []).flatMap((child) => settlingLeaves(child, trace.kind === 'not' ? !truth : truth));
};

/** What an item paid before may read is known of a subject only, and an event has a period of its own, a subject perhaps an older version: such items are looked at one by one. */
const dependsOnSubject = (compiled: CompiledItem): boolean =>
  compiled.event !== null || compiled.before !== undefined || JSON.stringify(compiled.item).includes('paid');

/** null: it depends on the subject. */
export const untriggered = (compiled: CompiledItem, catalogue: Catalogue, period: DecisionPeriod): Untriggered | null => {
  if (dependsOnSubject(compiled)) return null;
  const nobody = { register: compiled.register, subjectId: '', key: '', ordinal: 0, name: null, division: null, facts: {} };
  const decision = decide(compiled, recordSource(nobody, { catalogue, purpose: compiled.item }), period);
  if (decision.verdict !== 'ineligible' || decision.trace.truth !== false) return null;
  const speaker = speakerOf(compiled, catalogue);
  const leaves = new Map(leavesOf(compiled.match).map((leaf) => [leaf.at, leaf]));
  const reasons = settlingLeaves(decision.trace, false).flatMap((trace) => {
    const leaf = leaves.get(trace.at);
    if (leaf === undefined) return [];
    const found = trace.actual === undefined ? '' : sayValue(trace.actual, leaf.type, speaker);
    return [{ at: trace.at, rule: sayLeaf(leaf, speaker), found }];
  });
  const values = decision.read
    .filter((entry) => /^(external|parameter):/.test(entry.fact) && entry.value !== undefined)
    .map((entry) => ({ name: entry.fact, value: entry.value, asOf: entry.source?.asOf ?? null }));
  return { reasons, values };
};
