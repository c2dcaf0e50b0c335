// A rule under somebody's hands, looked at whole: what is wrong and where, the same rule in plain Chinese, its examples decided with their trace, which
// branches they try, and what tells it from the version in force. Whatever stands in the JSON, this answers; it never throws for it. Pure.
import type { Problem } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type CompiledItem, eventNames } from '../policy/compile.ts';
import { type Difference, diffItems } from '../policy/diff.ts';
import { runExamples } from '../policy/example.ts';
import { compileFacts } from '../policy/facts.ts';
import { guard } from '../policy/guard.ts';
import type { Item } from '../policy/item.ts';
import { lintItem } from '../policy/lint.ts';
import { readItem } from '../policy/read.ts';
import { sayItem } from '../policy/say.ts';
import { speakerOf } from '../policy/speaker.ts';
import { namesOf, registerOf } from '../policy/vocabulary.ts';
import { type ExplainedNode, explainTrace, type Said, sayMissing } from '../rule/explain.ts';
import type { Decision } from '../rule/facts.ts';
import { isObject } from '../rule/literal.ts';
import { fieldsIn, type NameTold, tellName } from './rule-names.ts';

export interface LineTold {
  readonly at: string;
  readonly depth: number;
  readonly text: string;
  readonly answer: string;
  readonly actual: string | null;
  readonly missing: readonly string[];
}

export interface ExampleTold {
  readonly name: string;
  readonly ok: boolean;
  readonly differences: readonly string[];
  readonly verdict: Decision['verdict'] | null;
  readonly amountFen: string | null;
  readonly lines: readonly LineTold[];
  readonly steps: readonly string[];
  readonly missing: readonly string[];
}

export interface Looked {
  /** What stands in the way of reading it at all; then nothing below is told but `names`. */
  readonly problems: readonly Problem[];
  readonly findings: readonly (Problem & { readonly severity: 'error' | 'warning' })[];
  readonly said: Said | null;
  /** Catalogue facts it reads, own and over a link, sorted. */
  readonly reads: readonly string[];
  /** The item's own facts, as far as they could be read. */
  readonly names: readonly NameTold[];
  readonly examples: readonly ExampleTold[];
  readonly coverage: { readonly tried: number; readonly total: number; readonly open: readonly string[] } | null;
  /** Against `inForce`; null: there is none, or one of the two cannot be read. */
  readonly differences: readonly Difference[] | null;
}

export interface Around {
  readonly catalogue: Catalogue;
  /** Other items and versions it will stand beside. */
  readonly others: readonly Item[];
  readonly titles: ReadonlyMap<string, string>;
  readonly inForce: CompiledItem | null;
}

const flat = (node: ExplainedNode, depth = 0): readonly LineTold[] => [
  { at: node.at, depth, text: node.sentence ?? node.text, answer: node.answer, actual: node.actual, missing: node.missing },
  ...node.children.flatMap((child) => flat(child, depth + 1)),
];

const examplesOf = (compiled: CompiledItem, catalogue: Catalogue): readonly ExampleTold[] => {
  const speaker = speakerOf(compiled, catalogue);
  return runExamples(compiled, catalogue).map(({ name, ok, differences, decision }) => ({
    name,
    ok,
    differences,
    verdict: decision?.verdict ?? null,
    amountFen: decision?.amountFen == null ? null : String(decision.amountFen),
    // Another version's tree is not this one's.
    lines: decision === null || decision.governed?.by === 'before' ? [] : flat(explainTrace(decision.trace, compiled.match, speaker)),
    steps: (decision?.lines ?? []).flatMap(({ award }) => (award?.state === 'known' ? award.steps.map((step) => step.text) : [])),
    missing: (decision?.missing ?? []).map((one) => sayMissing(one, speaker)),
  }));
};

/** Types of the item's own facts, and the fields of its event, even while its conditions cannot be read: the builder offers them by type. */
const ownNames = (json: unknown, catalogue: Catalogue): readonly NameTold[] => {
  if (!isObject(json)) return [];
  const register = registerOf(json.audience);
  const list = isObject(json.event) && typeof json.event.list === 'string' ? json.event.list : null;
  const around = list === null ? [] : eventNames(list, catalogue, register);
  const { vocabulary } = namesOf(catalogue, register, around);
  const fields = vocabulary.names.flatMap((name) => {
    const shape = name.startsWith('event.') ? vocabulary.find(name) : undefined;
    return shape === undefined ? [] : [tellName(shape, 'element')];
  });
  const { names } = compileFacts(json.facts, catalogue, register, around, json.period !== 'once', () => undefined, json.conditions);
  const own = names.map((one) => tellName({ ...one, timed: false }, 'item', { fields: fieldsIn(one.type, catalogue, register) }));
  return [...own, ...fields];
};

export const lookAtRule = (json: unknown, around: Around): Looked => {
  const { catalogue, others, titles, inForce } = around;
  const read = readItem(json, catalogue);
  // What is too large or too deep is not looked at any further.
  const names = guard(json).length > 0 ? [] : ownNames(json, catalogue);
  if (!read.ok)
    return {
      problems: read.problems.slice(0, 200),
      findings: [],
      said: null,
      reads: [],
      names,
      examples: [],
      coverage: null,
      differences: null,
    };
  const { findings, coverage } = lintItem(read.compiled, catalogue, others);
  return {
    problems: [],
    findings,
    said: sayItem(read.compiled, catalogue, titles),
    reads: read.compiled.reads.map((one) => one.path),
    names,
    examples: examplesOf(read.compiled, catalogue),
    coverage,
    differences: inForce === null ? null : diffItems(inForce, read.compiled, catalogue),
  };
};
