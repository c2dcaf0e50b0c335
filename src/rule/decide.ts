// Decides one checked condition tree: Kleene over all/any/not, every leaf read so that the trace is whole, and the facts that would settle it.
import type { Day } from '../base/day.ts';
import { dateFromDay, type FeelDate, type FeelRange, isList, isUncertain, isUnknown, missingOf, type Value } from '../feel/value.ts';
import type { Missing, Reading, Trace, Truth } from './facts.ts';
import type { Bound } from './operand.ts';
import { negate } from './operators.ts';
import { moveBack } from './reach.ts';
import type { Ready, ReadyLeaf } from './ready.ts';
import type { Local, Session } from './session.ts';

/** The trace of a whole tree; `trace.truth` is the answer. */
export const decideCondition = (ready: Ready, session: Session, local: Local | null = null): Trace => {
  const texts = {
    ...(ready.text === undefined ? {} : { text: ready.text }),
    ...(ready.clause === undefined ? {} : { clause: ready.clause }),
  };
  switch (ready.kind) {
    case 'leaf':
      return decideLeaf(ready, session, local);
    case 'not': {
      const child = decideCondition(ready.child, session, local);
      return { kind: 'not', at: ready.at, truth: negate(child.truth), children: [child], ...texts };
    }
    default: {
      const children = ready.children.map((c) => decideCondition(c, session, local));
      return { kind: ready.kind, at: ready.at, truth: combine(ready.kind, children), children, ...texts };
    }
  }
};

/** Kleene: one false settles `all`, one true settles `any`; otherwise an unknown leaves it open. */
const combine = (kind: 'all' | 'any', children: readonly Trace[]): Truth => {
  const settling = kind === 'any';
  if (children.some((c) => c.truth === settling)) return settling;
  return children.some((c) => c.truth === null) ? null : !settling;
};

/** Missing facts of undetermined branches only: what a settled branch lacks would change nothing. In order of the tree, without repeats. */
export const settling = (trace: Trace): readonly Missing[] => {
  const found = new Map<string, Missing>();
  const walk = (t: Trace): void => {
    if (t.truth !== null) return;
    for (const m of t.missing ?? []) found.set(m.fact, m);
    for (const c of t.children ?? []) walk(c);
  };
  walk(trace);
  return [...found.values()];
};

const dayOf = (leaf: ReadyLeaf, session: Session): Day => {
  if (leaf.checkAt !== 'period') return session.period.knownAt;
  return leaf.on === 'start' ? session.startDay : session.endDay;
};

const decideLeaf = (leaf: ReadyLeaf, session: Session, local: Local | null): Trace => {
  const day = dayOf(leaf, session);
  const required = requiredOf(leaf, session, day, local);
  const context = { tree: leaf.tree, within: (tree: string, code: string, ancestor: string) => session.within(tree, code, ancestor, day) };
  const test = (r: Reading): Truth => leaf.operator.evaluate(r.value, required, context);
  const over = leaf.checkAt === 'period' && (leaf.on === 'any' || leaf.on === 'every');
  const found = over ? session.readAll(leaf.fact) : [session.read(leaf.fact, day, local)];
  const { truth, shown } = leaf.on === 'every' ? every(found, test) : any(found, test);
  return traceOf(leaf, truth, shown, required, missingIn(leaf, truth, found, required, session));
};

/** Decides over several readings; shown is the one that decides, so that the explanation points at it. None at all: nobody could tell. */
const any = (found: readonly Reading[], test: (r: Reading) => Truth): { truth: Truth; shown: Reading | null } => {
  const truths = found.map(test);
  for (const wanted of [true, null]) {
    const at = truths.indexOf(wanted);
    if (at >= 0) return { truth: wanted, shown: found[at] ?? null };
  }
  return found.length === 0 ? { truth: null, shown: null } : { truth: false, shown: found[found.length - 1] ?? null };
};

const every = (found: readonly Reading[], test: (r: Reading) => Truth): { truth: Truth; shown: Reading | null } => {
  const { truth, shown } = any(found, (r) => negate(test(r)));
  return { truth: negate(truth), shown };
};

const requiredOf = (leaf: ReadyLeaf, session: Session, day: Day, local: Local | null): Value => {
  const { operand } = leaf;
  switch (operand.kind) {
    case 'literal':
      return operand.value;
    case 'fact':
      return session.read(operand.fact, day, local).value;
    case 'span': {
      const { low, high, lowClosed, highClosed } = operand;
      const end = (b: Bound | null): Value | undefined =>
        b === null ? undefined : 'fact' in b ? session.read(b.fact, day, local).value : b.value;
      return { kind: 'range', low: end(low), high: end(high), lowClosed, highClosed };
    }
    case 'duration': {
      const base = operand.of === 'period.start' ? (session.period.start ?? session.period.end) : session.period.end;
      const from = dateFromDay(moveBack(base, operand.duration));
      return leaf.operator.name === 'withinLast' ? spanOf(from, dateFromDay(base)) : from;
    }
  }
};

const spanOf = (low: FeelDate, high: FeelDate): FeelRange => ({ kind: 'range', low, high, lowClosed: true, highClosed: true });

const names = (v: Value): readonly string[] => {
  if (isUnknown(v) || isUncertain(v)) return v.missing;
  const span = v !== null && typeof v === 'object' && !isList(v) && v.kind === 'range';
  return isList(v) || span ? missingOf(v) : [];
};

const missingIn = (leaf: ReadyLeaf, truth: Truth, found: readonly Reading[], required: Value, session: Session): readonly Missing[] => {
  if (truth !== null) return [];
  const open = [...new Set([...found.flatMap((r) => names(r.value)), ...names(required)])];
  if (open.length > 0) return session.explain(open);
  // All is told, yet nobody can say: the code is not in the tree, or there was nothing to read.
  const dataset = found[0]?.source?.dataset ?? null;
  return [{ fact: leaf.fact, dataset, reason: found.length === 0 ? 'undelivered' : 'conflict' }];
};

const traceOf = (leaf: ReadyLeaf, truth: Truth, shown: Reading | null, required: Value, missing: readonly Missing[]): Trace => ({
  kind: 'leaf',
  at: leaf.at,
  truth,
  fact: leaf.fact,
  operator: leaf.operator.name,
  required,
  ...(leaf.operand.kind === 'fact' ? { requiredFact: leaf.operand.fact } : {}),
  ...(shown === null ? {} : { actual: shown.value, source: shown.source }),
  ...(missing.length === 0 ? {} : { missing }),
  ...(leaf.text === undefined ? {} : { text: leaf.text }),
  ...(leaf.clause === undefined ? {} : { clause: leaf.clause }),
});
