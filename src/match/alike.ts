// Conditions on a formula over one list, set or series, asked once for all rows that have nothing in it, or nothing that counts: nobody with an empty list has a
// child born this year, nor has anybody whose children are all older. Whoever they are false for need not be decided; what decides a condition is asked itself,
// so that it cannot say otherwise.
import type { Fact } from '../catalogue/catalogue.ts';
import type { Expression } from '../feel/feel.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { factOf } from '../record/lookup.ts';
import { decideCondition } from '../rule/decide.ts';
import type { DecisionPeriod, Truth } from '../rule/facts.ts';
import { factsOf, leavesOf, type Ready } from '../rule/ready.ts';
import { openSession } from '../rule/session.ts';
import { andNotInto, type Bitmap, eachBit, emptyBitmap, setBit } from '../snapshot/bitmap.ts';
import { type Column, endCell, firstCell, rowState, rowStateAt } from '../snapshot/columns.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import type { Values } from '../snapshot/values.ts';
import { state, stateAt } from '../snapshot/vector.ts';
import { type ChunkJob, readsLedger } from './batch.ts';
import { type Filters, filtersOver } from './elements.ts';
import { columnSource } from './source.ts';

/** A condition everybody must meet, and the one list, set or series it comes down to. */
interface Question {
  readonly condition: Ready;
  readonly fact: Fact;
  /** What tells elements that count for nothing; null: all of them may. */
  readonly filters: Filters | null;
  /** By what the fact says. */
  readonly answers: Map<string, Truth>;
}

const nested: ReadonlySet<string> = new Set(['list', 'set', 'series']);

const questions = new WeakMap<CompiledItem, Map<string, readonly Question[]>>();

const questionsOf = (job: Pick<ChunkJob, 'frame'>, by: CompiledItem, period: DecisionPeriod): readonly Question[] => {
  const asked = questions.get(by) ?? new Map<string, readonly Question[]>();
  questions.set(by, asked);
  const key = JSON.stringify(period);
  let found = asked.get(key);
  if (found === undefined) {
    // Events have a period each, and what was paid is everybody's own.
    const none = by.match === null || period.kind === 'per-event' || readsLedger(by);
    // A compiled item may outlive many a night.
    if (asked.size >= 8) asked.clear();
    found = none ? [] : demandsOf(by.match).flatMap((condition) => questionOf(job, by, condition, period) ?? []);
    asked.set(key, found);
  }
  return found;
};

const demandsOf = (ready: Ready): readonly Ready[] => (ready.kind === 'all' ? ready.children.flatMap(demandsOf) : [ready]);

const questionOf = ({ frame }: Pick<ChunkJob, 'frame'>, by: CompiledItem, condition: Ready, period: DecisionPeriod): Question | null => {
  if (leavesOf(condition).some((leaf) => leaf.on === 'any' || leaf.on === 'every')) return null;
  const named = factsOf(condition);
  // What asks the record alone is the kernel's.
  if (!named.some((name) => by.plan.itemFacts.has(name))) return null;
  const roots = new Set(named.flatMap((name) => rootsOf(by, name)));
  roots.delete('period');
  const [only] = roots;
  const fact = roots.size === 1 && only !== undefined ? factOf(frame.catalogue, by.register, only) : undefined;
  if (fact === undefined || !nested.has(fact.type) || fact.timed === true || by.plan.find(fact.key)?.kind !== 'fact') return null;
  const formulas = formulasOf(by, named);
  return { condition, fact, filters: formulas === null ? null : filtersOver(formulas, fact, by, period), answers: new Map() };
};

/** All formulas the names lead to; null: a condition asks the record beside them. */
const formulasOf = (by: CompiledItem, names: Iterable<string>): readonly Expression[] | null => {
  const found = new Set<Expression>();
  const follow = (name: string): void => {
    const formula = by.plan.itemFacts.get(name);
    if (formula === undefined || found.has(formula)) return;
    found.add(formula);
    for (const read of formula.reads) follow(by.plan.itemFacts.has(read) ? read : (read.split('.')[0] ?? read));
  };
  for (const name of names) {
    if (!by.plan.itemFacts.has(name)) return null;
    follow(name);
  }
  return [...found];
};

/** Heads of the names a fact comes down to through the item's formulas. */
const rootsOf = (by: CompiledItem, name: string): readonly string[] => {
  const formula = by.plan.itemFacts.get(name);
  if (formula === undefined) return [name.split('.')[0] ?? name];
  return formula.reads.flatMap((read) => rootsOf(by, by.plan.itemFacts.has(read) ? read : (read.split('.')[0] ?? read)));
};

/** Takes out of `candidates` those a condition is surely false for. Rows with a day of death stay: they are read on a day of their own. */
export const ruleOutAlike = (
  job: Pick<ChunkJob, 'compiled' | 'frame' | 'period'>,
  by: CompiledItem,
  block: OpenBlock,
  candidates: Bitmap,
): void => {
  const asked = questionsOf(job, by, job.period);
  if (asked.length === 0) return;
  const dead = by.plan.deathFact === null ? null : block.column(by.plan.deathFact);
  const context = { catalogue: job.frame.catalogue, link: job.frame.link, paid: [], purpose: job.compiled.item };
  const out = emptyBitmap(block.rows);
  for (const question of asked) {
    const column = block.column(question.fact.key);
    const says = sayingOf(column, question.filters);
    eachBit(candidates, (row) => {
      const said = hasDay(dead, row) ? null : says(row);
      if (said === null) return;
      let answer = question.answers.get(said);
      if (answer === undefined) {
        answer = decideCondition(question.condition, openSession(by.plan, columnSource({ block, row }, context), job.period)).truth;
        question.answers.set(said, answer);
      }
      if (answer === false) setBit(out, row);
    });
    andNotInto(candidates, out);
  }
};

/** Whether anything but "none" and "unknown" is told. */
const hasDay = (column: Column | null, row: number): boolean => {
  if (column === null || rowStateAt(column, row) !== rowState.told) return false;
  for (let cell = firstCell(column, row); cell < endCell(column, row); cell++) {
    const { values } = column;
    const told = values.shape === 'scalar' ? stateAt(values.vector, cell) : values.states[cell];
    if (told === state.value) return true;
  }
  return false;
};

/** What stands for all that a row may say alike; null: it says something of its own. */
const sayingOf = (column: Column | null, filters: Filters | null): ((row: number) => string | null) => {
  if (column === null) return () => 'unknown';
  const { values } = column;
  // Of what is no list the kernel has asked the formula already.
  if (values.shape === 'scalar') return () => null;
  const ofCell = nestedSaying(values, filters);
  return (row) => {
    const cell = rowStateAt(column, row) === rowState.told ? firstCell(column, row) : -1;
    return cell < 0 || cell >= endCell(column, row) ? 'unknown' : ofCell(cell);
  };
};

const nestedSaying = (values: Exclude<Values, { shape: 'scalar' }>, filters: Filters | null): ((cell: number) => string | null) => {
  const { states, offsets, odd } = values;
  const dropped = filters !== null && values.shape === 'list' ? filters.over(values) : null;
  return (cell) => {
    if (states[cell] !== state.value) return states[cell] === state.null ? 'none' : 'unknown';
    if (odd !== undefined && stateAt(odd, cell) === state.value) return null;
    const [from, to] = [offsets[cell] as number, offsets[cell + 1] as number];
    return from === to || dropped?.(from, to) === true ? 'empty' : null;
  };
};
