// The kernel: each distinct predicate once per block into two sets of rows (surely, possibly), combined per item by Kleene. Conditions that are no plain
// question to a column stay open: nobody is ruled out by them here, `decide` answers. The sets are SIMD memory where the runtime has it, else plain bitmaps.
import { type Day, earliest, toEpochDay } from '../base/day.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import { dateFromDay, type Value } from '../feel/value.ts';
import type { DecisionPeriod, Truth } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import { moveBack } from '../rule/reach.ts';
import type { Ready, ReadyLeaf } from '../rule/ready.ts';
import { type Bitmap, emptyBitmap } from './bitmap.ts';
import { type Bits, type Pair, plainBits } from './bits.ts';
import { type Column, endCell, firstCell, rowState, rowStateAt } from './columns.ts';
import { isValue, predicateOn } from './predicate.ts';
import { simdBits } from './simd.ts';
import { state } from './vector.ts';

/** A block as the kernel sees it: columns by fact of the register, null where nobody in the block was told anything. */
export interface Block {
  readonly rows: number;
  /** Rows that hold a subject. */
  readonly present: Bitmap;
  column(fact: string): Column | null;
}

export interface KernelItem {
  /** What the match verdict asks; null: nothing. */
  readonly conditions: Ready | null;
  readonly period: DecisionPeriod;
  /** The register's fact that ends `on: end`; null where there is none. */
  readonly deathFact: string | null;
  /** A fact of the register by this name, and not one of the item or of an element. */
  fact(name: string): Fact | null;
  within(tree: string, code: string, ancestor: string, day: Day): Truth;
}

export interface Kernel {
  /** The caller's own bitmaps. */
  match(item: KernelItem): Pair<Bitmap>;
  /** Rows that surely and that possibly qualify, counted without handing them out. */
  count(item: KernelItem): Pair<number>;
  /** The numbers of the rows that surely qualify, `base` added to each. */
  rows(item: KernelItem, base: number): Int32Array;
  /** Distinct predicates answered so far. */
  readonly predicates: number;
  /** Gives its memory back; nothing may be asked afterwards. */
  close(): void;
}

/** `with`: which implementation of sets; default the fastest there is. */
export const openKernel = (block: Block, bits: 'simd' | 'plain' = 'simd'): Kernel => {
  const fast = bits === 'simd' ? simdBits(block.rows, block.present) : null;
  return fast === null ? kernelOn(block, plainBits(block.rows, block.present)) : kernelOn(block, fast);
};

const kernelOn = <H>(block: Block, bits: Bits<H>): Kernel => {
  const answers = new Map<string, Pair<H>>();
  const shortened = new Map<string, H | null>();
  const open: Pair<H> = { surely: bits.none, possibly: bits.present };
  const everybody: Pair<H> = { surely: bits.present, possibly: bits.present };
  const nobody: Pair<H> = { surely: bits.none, possibly: bits.none };

  const leafPair = (leaf: ReadyLeaf, item: KernelItem): Pair<H> => {
    const question = questionsOf(item).ask(leaf);
    if (question === null) return open;
    const before = answers.get(question.key);
    if (before !== undefined) return before;
    let pair = answer(block, bits, question, leaf, item);
    // Whoever died within the span is read on a day of their own: `decide` does that.
    const own = question.shortens ? diedBefore(block, bits, item.deathFact, question.day, shortened) : null;
    if (own !== null) {
      const surely = bits.without(own);
      bits.and(surely, pair.surely);
      const possibly = bits.copy(pair.possibly);
      bits.or(possibly, own);
      bits.and(possibly, bits.present);
      pair = { surely, possibly };
    }
    answers.set(question.key, pair);
    return pair;
  };

  /** `own`: nobody else has these sets; else they are an answer that others share, copied before it is written into. */
  type Combined = Pair<H> & { readonly own: boolean };
  const shared = (pair: Pair<H>): Combined => ({ ...pair, own: false });
  const drop = (pair: Combined): void => {
    if (!pair.own) return;
    bits.free(pair.surely);
    bits.free(pair.possibly);
  };

  const combine = (ready: Ready, item: KernelItem): Combined => {
    if (ready.kind === 'leaf') return shared(leafPair(ready, item));
    if (ready.kind === 'not') {
      const child = combine(ready.child, item);
      const pair = { surely: bits.without(child.possibly), possibly: bits.without(child.surely), own: true };
      drop(child);
      return pair;
    }
    const [first, ...rest] = ready.children;
    if (first === undefined) return shared(open);
    const start = combine(first, item);
    if (rest.length === 0) return start;
    const pair: Combined = start.own ? start : { surely: bits.copy(start.surely), possibly: bits.copy(start.possibly), own: true };
    for (const child of rest) {
      const other = combine(child, item);
      const left = merge(ready.kind, pair, other);
      drop(other);
      if (left) continue;
      // Nobody is left to ask: what follows need not be answered in this block.
      drop(pair);
      return shared(nobody);
    }
    return pair;
  };
  /** False when nobody is left. */
  const merge = (kind: 'all' | 'any', into: Pair<H>, other: Pair<H>): boolean => {
    if (kind === 'all') {
      bits.and(into.surely, other.surely);
      return bits.and(into.possibly, other.possibly);
    }
    bits.or(into.surely, other.surely);
    bits.or(into.possibly, other.possibly);
    return true;
  };
  const ask = <T>(item: KernelItem, read: (pair: Pair<H>) => T): T => {
    const pair = item.conditions === null ? shared(everybody) : combine(item.conditions, item);
    const out = read(pair);
    drop(pair);
    return out;
  };
  const both =
    <T>(read: (set: H) => T) =>
    (pair: Pair<H>): Pair<T> => ({ surely: read(pair.surely), possibly: read(pair.possibly) });

  return {
    match: (item) => ask(item, both(bits.bitmap)),
    count: (item) => ask(item, both(bits.count)),
    rows: (item, base) => ask(item, (pair) => bits.rows(pair.surely, base)),
    get predicates() {
      return answers.size;
    },
    close: bits.close,
  };
};

interface Question {
  readonly fact: Fact;
  readonly required: Value;
  readonly day: Day;
  /** The answer depends on the day, and for those who died the day is an earlier one. */
  readonly shortens: boolean;
  /** Equal for questions with one answer. */
  readonly key: string;
}

/** An item's questions are the same in every block: worked out once. */
const asked = new WeakMap<KernelItem, ReturnType<typeof openQuestions>>();
const openQuestions = (item: KernelItem) => {
  const known = new Map<ReadyLeaf, Question | null>();
  return {
    ask: (leaf: ReadyLeaf): Question | null => {
      let question = known.get(leaf);
      if (question === undefined) {
        question = questionOf(leaf, item);
        known.set(leaf, question);
      }
      return question;
    },
  };
};
const questionsOf = (item: KernelItem) => {
  let questions = asked.get(item);
  if (questions === undefined) {
    questions = openQuestions(item);
    asked.set(item, questions);
  }
  return questions;
};

/** null: not a question to one column on one day. */
const questionOf = (leaf: ReadyLeaf, item: KernelItem): Question | null => {
  const fact = item.fact(leaf.fact);
  if (fact === null || fact.type === 'link') return null;
  if (leaf.checkAt === 'period' && (leaf.on === 'any' || leaf.on === 'every')) return null;
  const required = requiredOf(leaf, item.period);
  if (required === undefined) return null;
  const daily = fact.timed === true || leaf.tree !== null;
  if (daily && item.period.kind === 'per-event' && leaf.checkAt === 'period') return null;
  const known = earliest(item.period.end, item.period.knownAt);
  const start = item.period.start ?? ('0001-01-01' as Day);
  const day = leaf.checkAt !== 'period' ? item.period.knownAt : leaf.on === 'start' ? earliest(start, known) : known;
  const asked = daily ? day : ('0001-01-01' as Day);
  const shortens = daily && leaf.checkAt === 'period' && item.deathFact !== null;
  const key = `${fact.key}\n${leaf.operator.name}\n${JSON.stringify(plain(required))}\n${asked}\n${shortens ? item.deathFact : ''}`;
  return { fact, required, day: asked, shortens, key };
};

/** `undefined`: not the same for every row, or not for every event. */
const requiredOf = (leaf: ReadyLeaf, period: DecisionPeriod): Value | undefined => {
  const { operand } = leaf;
  if (operand.kind === 'literal') return operand.value;
  if (period.kind === 'per-event' || operand.kind === 'span') return undefined;
  if (operand.kind === 'fact') {
    if (operand.fact === 'period.end') return dateFromDay(period.end);
    return operand.fact === 'period.start' ? (period.start === null ? null : dateFromDay(period.start)) : undefined;
  }
  const base = operand.of === 'period.start' ? (period.start ?? period.end) : period.end;
  const from = dateFromDay(moveBack(base, operand.duration));
  return leaf.operator.name === 'withinLast'
    ? { kind: 'range', low: from, high: dateFromDay(base), lowClosed: true, highClosed: true }
    : from;
};

const answer = <H>(block: Block, bits: Bits<H>, asked: Question, leaf: ReadyLeaf, item: KernelItem): Pair<H> => {
  const column = block.column(asked.fact.key);
  if (column === null) return { surely: bits.none, possibly: bits.present };
  const context = {
    tree: leaf.tree,
    within: (tree: string, code: string, ancestor: string) => item.within(tree, code, ancestor, asked.day),
  };
  const predicate = predicateOn(column.values, asked.fact, { operator: leaf.operator, required: asked.required, context }, asked.fact.key);
  const day = asked.fact.timed === true && column.from !== undefined ? toEpochDay(asked.day) : null;
  return bits.fill(column, day, day === null ? onlyCell(column) : cellOn(column, day), predicate);
};

const onlyCell =
  (column: Column) =>
  (row: number): number => {
    const cell = firstCell(column, row);
    return cell < endCell(column, row) ? cell : -1;
  };

/** Timed cells never overlap, so the first that holds on the day is the one; -1: the day lies before everything known. */
const cellOn = (column: Column, day: number) => {
  const { from, to } = column;
  if (from === undefined || to === undefined) return onlyCell(column);
  return (row: number): number => {
    const end = endCell(column, row);
    for (let cell = firstCell(column, row); cell < end; cell++) {
      if ((from[cell] as number) <= day && day < (to[cell] as number)) return cell;
    }
    return -1;
  };
};

/** Rows whose day of death is known and not after `day`: their `end` lies before it. */
const diedBefore = <H>(block: Block, bits: Bits<H>, deathFact: string | null, day: Day, kept: Map<string, H | null>): H | null => {
  if (deathFact === null) return null;
  const key = `${deathFact} ${day}`;
  const before = kept.get(key);
  if (before !== undefined) return before;
  const column = block.column(deathFact);
  const rows = column === null ? null : bits.from(datedUpTo(block, column, toEpochDay(day)));
  kept.set(key, rows);
  return rows;
};

const datedUpTo = (block: Block, column: Column, limit: number): Bitmap => {
  const { values } = column;
  // A column that is no plain column of days rules nothing: everybody is read one by one.
  if (values.shape !== 'scalar' || values.vector.kind !== 'day') return block.present.slice();
  const bits = emptyBitmap(block.rows);
  for (let row = 0; row < block.rows; row++) {
    const cell = rowStateAt(column, row) === rowState.told ? onlyCell(column)(row) : -1;
    if (cell >= 0 && isValue(values, cell) === state.value && (values.vector.data[cell] as number) <= limit) {
      bits[row >>> 5] = (bits[row >>> 5] as number) | (1 << (row & 31));
    }
  }
  return bits;
};
