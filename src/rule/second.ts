// The second opinion on conditions (DESIGN 11a): json-rules-engine over the raw tree in negation-normal form, every operator replaced,
// two passes: unknown leaves false = surely, unknown leaves true = possibly. Its JSONPath, its own operators and decorators are never used.
import { Engine, Fact } from 'json-rules-engine';
import type { Condition, Leaf } from './condition.ts';
import type { Truth } from './facts.ts';
import { plain } from './literal.ts';
import { type Inside, secondTest } from './second-operators.ts';
import { before, type Locals, nobody, type Reader } from './second-reader.ts';
import type { Plan } from './session.ts';

/** A leaf of the normal form, and how its two sides are read. */
interface Asked {
  readonly id: string;
  readonly leaf: Leaf;
  readonly negated: boolean;
  readonly kind: string;
  readonly tree: string | null;
}

type Normal = { readonly all: readonly Normal[] } | { readonly any: readonly Normal[] } | Asked;

/** Negation pushed to the leaves; payment conditions left out, and what held nothing else with them. */
const normal = (c: Condition, negated: boolean, find: Plan['find'], asked: Asked[]): Normal | null => {
  if ('not' in c) return normal(c.not, !negated, find, asked);
  if ('all' in c || 'any' in c) {
    const isAll = 'all' in c;
    const children = (isAll ? c.all : c.any).map((x) => normal(x, negated, find, asked)).filter((x): x is Normal => x !== null);
    if (children.length === 0) return null;
    return isAll !== negated ? { all: children } : { any: children };
  }
  if (c.checkAt === 'payment') return null;
  const type = find(c.fact)?.type;
  const element = type?.kind === 'list' ? type.element : type;
  const a: Asked = {
    id: `leaf${asked.length}`,
    leaf: c,
    negated,
    kind: element?.kind ?? 'any',
    tree: element?.kind === 'code' ? element.tree : null,
  };
  asked.push(a);
  return a;
};

/** What one leaf compares: values read over time, what is wanted, what the tree says of each value. */
interface Sides {
  readonly actual: readonly { readonly value: unknown; readonly inside: Inside }[];
  readonly over: 'any' | 'every';
  readonly wanted: unknown;
}

const sidesOf = (a: Asked, reader: Reader, locals: Locals): Sides => {
  const { leaf } = a;
  const late = leaf.checkAt === 'match';
  const day = late ? reader.period.knownAt : leaf.on === 'start' ? reader.startDay : reader.endDay;
  const wanted = wantedOf(leaf, reader, day, locals);
  const over = !late && (leaf.on === 'any' || leaf.on === 'every') ? leaf.on : null;
  const values = over === null ? [reader.value(leaf.fact, day, locals)] : reader.all(leaf.fact);
  const ancestors = (Array.isArray(wanted) ? wanted : [wanted]).filter((w): w is string => typeof w === 'string');
  const { tree } = a;
  const actual = values.map((v) => ({
    value: plain(v),
    inside: tree === null || typeof v !== 'string' ? {} : Object.fromEntries(ancestors.map((w) => [w, reader.within(tree, v, w, day)])),
  }));
  return { actual, over: over ?? 'any', wanted };
};

const wantedOf = (leaf: Leaf, reader: Reader, day: Reader['endDay'], locals: Locals): unknown => {
  const raw = leaf.value as Readonly<Record<string, unknown>> | null;
  if (leaf.operator === 'withinLast' || leaf.operator === 'olderThan') {
    const written = typeof raw === 'object' && raw !== null ? raw : { duration: leaf.value };
    const base = written.of === 'period.start' ? (reader.period.start ?? reader.period.end) : reader.period.end;
    const from = before(base, String(written.duration));
    return leaf.operator === 'withinLast' ? { from, upTo: base } : from;
  }
  if (typeof raw === 'object' && raw !== null && typeof raw.fact === 'string') return plain(reader.value(raw.fact, day, locals));
  if (leaf.operator === 'between' && typeof raw === 'object' && raw !== null)
    return Object.fromEntries(
      Object.entries(raw).map(([bound, v]) => {
        const fact = typeof v === 'object' && v !== null ? (v as { readonly fact?: unknown }).fact : undefined;
        return [bound, typeof fact === 'string' ? plain(reader.value(fact, day, locals)) : v];
      }),
    );
  return leaf.value;
};

const truthOf = (a: Pick<Asked, 'leaf' | 'kind' | 'negated'>, s: Sides): Truth => {
  const truths = s.actual.map((x) => secondTest(a.leaf.operator, a.kind, x.value, s.wanted, x.inside));
  const settling = s.over === 'any';
  const t: Truth = truths.length === 0 ? null : truths.includes(settling) ? settling : truths.includes(null) ? null : !settling;
  return t === null ? null : t !== a.negated;
};

// ── the engine ───────────────────────────────────────────────────────────────────────────────────────────────────────

const defaults = [
  'equal',
  'notEqual',
  'in',
  'notIn',
  'contains',
  'doesNotContain',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
];
const decorators = ['someFact', 'someValue', 'everyFact', 'everyValue', 'swap', 'not'];

type Tree = { all: Tree[] } | { any: Tree[] } | { fact: string; operator: string; value: unknown };

const treeOf = (n: Normal): Tree => {
  if ('all' in n) return { all: n.all.map(treeOf) };
  if ('any' in n) return { any: n.any.map(treeOf) };
  return { fact: n.id, operator: n.id, value: n.leaf.operator };
};

/** What a leaf came to, wrapped: the library asks facts for their values, and null would be none. */
interface Answered {
  readonly truth: Truth;
}

/** `unknownIs`: what an undecidable leaf counts as in this pass. */
const engineOf = (n: Normal, asked: readonly Asked[], unknownIs: boolean): Engine => {
  const engine = new Engine([], { allowUndefinedFacts: false, pathResolver: (value: unknown) => value });
  for (const name of defaults) engine.removeOperator(name);
  for (const name of decorators) engine.removeOperatorDecorator(name);
  for (const a of asked) engine.addOperator(a.id, ({ truth }: Answered) => truth ?? unknownIs);
  engine.addRule({ conditions: { all: [treeOf(n)] } as never, event: { type: 'holds' } });
  for (const rule of (engine as unknown as { readonly rules: { conditions: object }[] }).rules) rule.conditions = uncopied(rule.conditions);
  return engine;
};

/**
 * The library copies the whole tree of a rule for every run, to write into the copy what each condition came to: half of what a run costs. Nobody reads
 * that, and an engine runs one subject at a time. What is a function is not copied.
 */
const uncopied = (conditions: object): object =>
  Object.setPrototypeOf(
    Object.assign(() => undefined, conditions),
    Object.getPrototypeOf(conditions),
  ) as object;

export interface SecondConditions {
  /** Kleene truth of the match conditions for one subject. */
  decide(reader: Reader): Promise<Truth>;
}

/** Engines are made once per item; an engine runs one subject at a time, because its `status` is shared between runs. */
export const secondConditions = (conditions: Condition, plan: Plan): SecondConditions => {
  const asked: Asked[] = [];
  const n = normal(conditions, false, plan.find, asked);
  if (n === null) return { decide: async () => true };
  const [sure, possible] = [engineOf(n, asked, false), engineOf(n, asked, true)];
  let tail: Promise<unknown> = Promise.resolve();
  const holds = async (engine: Engine, facts: Record<string, Fact>): Promise<boolean> => (await engine.run(facts)).events.length > 0;
  const decide = async (reader: Reader): Promise<Truth> => {
    const answered = asked.map((a): Answered => ({ truth: truthOf(a, sidesOf(a, reader, nobody)) }));
    // Not kept by the library: for that it hashes every fact of every run.
    const facts = Object.fromEntries(asked.map(({ id }, i) => [id, new Fact(id, answered[i], { cache: false })]));
    if (await holds(sure, facts)) return true;
    // Where no leaf is open the two passes ask the same.
    return answered.some(({ truth }) => truth === null) && (await holds(possible, facts)) ? null : false;
  };
  return {
    decide: (reader) => {
      const next = tail.then(() => decide(reader));
      tail = next.catch(() => undefined);
      return next;
    },
  };
};

/** A small condition inside an award, decided at once by the same leaves and two passes, without an engine. */
export const secondTruth = (conditions: Condition, plan: Plan, reader: Reader, locals: Locals): Truth => {
  const asked: Asked[] = [];
  const n = normal(conditions, false, plan.inside, asked);
  if (n === null) return true;
  const pass = (x: Normal, unknownIs: boolean): boolean => {
    if ('all' in x) return x.all.every((c) => pass(c, unknownIs));
    if ('any' in x) return x.any.some((c) => pass(c, unknownIs));
    return truthOf(x, sidesOf(x, reader, locals)) ?? unknownIs;
  };
  if (pass(n, false)) return true;
  return pass(n, true) ? null : false;
};
