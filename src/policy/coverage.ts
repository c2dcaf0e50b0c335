// What an item's examples have tried: each condition true, false and unknown, each row and part of the award.
import type { Catalogue } from '../catalogue/catalogue.ts';
import { isContext, type Value } from '../feel/value.ts';
import type { Trace } from '../rule/facts.ts';
import { leavesOf } from '../rule/ready.ts';
import { elementsOf, type Local, openSession } from '../rule/session.ts';
import { awardHits } from './award.ts';
import type { ReadyAward } from './award-ready.ts';
import type { CompiledItem } from './compile.ts';
import { decidePayment } from './decide.ts';
import { exampleSource, periodOfExample, runExample } from './example.ts';
import { periodFor } from './example-period.ts';
import { closedExample } from './example-population.ts';
import { chooseMode } from './mode.ts';

export interface Coverage {
  readonly tried: number;
  readonly total: number;
  /** `/conditions/all/0 unknown`, `/award/tiers/rows/2`. */
  readonly open: readonly string[];
}

/** Unknown is not asked of what is always known: the period's own days and the subject's own key. */
const outcomesOf = (compiled: CompiledItem): readonly string[] =>
  [compiled.match, ...(compiled.payment === null ? [] : [compiled.payment]), ...modeConditions(compiled)].flatMap(leavesOf).flatMap((l) => {
    const known = ['period', 'subject'].includes(compiled.plan.find(l.fact)?.kind ?? '');
    return ['true', 'false', ...(known ? [] : ['unknown'])].map((o) => `${l.at} ${o}`);
  });

const modeConditions = (compiled: CompiledItem) => compiled.modes.flatMap((row) => (row.when === null ? [] : [row.when]));

const placesOf = (award: ReadyAward): readonly string[] => {
  switch (award.form) {
    case 'tiers':
      return award.rows.flatMap((r) => [r.at, ...(r.gives.kind === 'award' ? placesOf(r.gives.award) : [])]);
    case 'sum':
    case 'highest':
    case 'lowest':
      return award.parts.flatMap((p) => [p.at, ...placesOf(p)]);
    default:
      return [];
  }
};

const truths = (trace: Trace, into: Set<string>): void => {
  if (trace.kind === 'leaf') into.add(`${trace.at} ${trace.truth === null ? 'unknown' : trace.truth}`);
  for (const c of trace.children ?? []) truths(c, into);
};

export const branchCoverage = (compiled: CompiledItem, catalogue: Catalogue): Coverage => {
  const wanted = [...outcomesOf(compiled), ...compiled.modes.map((row) => row.at), ...placesOf(compiled.award)];
  const met = new Set<string>();
  for (const example of compiled.item.examples) {
    const { decision } = runExample(compiled, catalogue, example);
    const first = periodFor(compiled.item, example);
    if (decision === null || first === null) continue;
    truths(decision.trace, met);
    const plain = exampleSource(catalogue, compiled.register, example, first.knownAt);
    const period = periodOfExample(compiled, example, plain) ?? first;
    const source = closedExample(compiled, catalogue, example, plain, period);
    const payment = decidePayment(compiled, source, period).trace;
    if (payment !== null) truths(payment, met);
    if (decision.verdict !== 'eligible') continue;
    const session = openSession(compiled.plan, source, period);
    const chosen = chooseMode(compiled.modes, session);
    if (chosen !== undefined) met.add(chosen.at);
    for (const trace of chosen?.traces ?? []) truths(trace, met);
    const keys = new Set(decision.lines.filter((l) => l.verdict === 'eligible').map((l) => l.key));
    for (const local of localsOf(compiled, session.read, session.endDay, keys))
      for (const at of awardHits(compiled.award, session, local)) met.add(at);
  }
  const open = wanted.filter((w) => !met.has(w));
  return { tried: wanted.length - open.length, total: wanted.length, open };
};

/** The elements whose lines are eligible; the subject alone without `each`. */
const localsOf = (
  compiled: CompiledItem,
  read: ReturnType<typeof openSession>['read'],
  day: ReturnType<typeof openSession>['endDay'],
  keys: ReadonlySet<string | null>,
): readonly (Local | null)[] => {
  const { each } = compiled;
  if (each === null) return [null];
  const { value, source } = read(each.list, day, null);
  return (elementsOf(value) ?? []).flatMap(({ value: e }) => {
    const key = isContext(e) ? e.entries.get(each.key) : null;
    if (!isContext(e) || typeof key !== 'string' || !keys.has(key)) return [];
    return [{ values: new Map<string, Value>([...e.entries, ['each', e], [each.as, e]]), source }];
  });
};
