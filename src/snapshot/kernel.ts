// The kernel: each distinct predicate once per block into two bitmaps (surely, possibly), combined per item by Kleene. Conditions that are no plain
// question to a column stay open: nobody is ruled out by them here, `decide` answers. Plain typed-array loops; a faster twin may take their place.
import { type Day, earliest, toEpochDay } from '../base/day.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import { dateFromDay, type Value } from '../feel/value.ts';
import type { DecisionPeriod, Truth } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import { moveBack } from '../rule/reach.ts';
import type { Ready, ReadyLeaf } from '../rule/ready.ts';
import { andInto, andNotInto, type Bitmap, emptyBitmap, invert, orInto } from './bitmap.ts';
import { type Column, endCell, firstCell, rowState, rowStateAt } from './columns.ts';
import { isValue, type Predicate, predicateOn } from './predicate.ts';
import { state } from './vector.ts';

/** Rows of which the condition is surely true, and of which it may be; the difference is unknown. */
export interface Pair {
  readonly surely: Bitmap;
  readonly possibly: Bitmap;
}

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
  /** Bitmaps belong to the kernel or to nobody: do not write into them. */
  match(item: KernelItem): Pair;
  /** Distinct predicates answered so far. */
  readonly predicates: number;
}

export const openKernel = (block: Block): Kernel => {
  const answers = new Map<string, Pair>();
  const shortened = new Map<string, Bitmap | null>();
  const open: Pair = { surely: emptyBitmap(block.rows), possibly: block.present };

  const leafPair = (leaf: ReadyLeaf, item: KernelItem): Pair => {
    const asked = questionOf(leaf, item);
    if (asked === null) return open;
    const key = `${asked.fact.key}\n${leaf.operator.name}\n${JSON.stringify(plain(asked.required))}\n${asked.day}\n${asked.shortens ? item.deathFact : ''}`;
    const before = answers.get(key);
    if (before !== undefined) return before;
    const pair = answer(block, asked, leaf, item);
    // Whoever died within the span is read on a day of their own: `decide` does that.
    const own = asked.shortens ? diedBefore(block, item.deathFact, asked.day, shortened) : null;
    if (own !== null) {
      andNotInto(pair.surely, own);
      orInto(pair.possibly, own);
      andInto(pair.possibly, block.present);
    }
    answers.set(key, pair);
    return pair;
  };

  const combine = (ready: Ready, item: KernelItem): Pair => {
    if (ready.kind === 'leaf') return leafPair(ready, item);
    if (ready.kind === 'not') {
      const child = combine(ready.child, item);
      return { surely: without(block, child.possibly), possibly: without(block, child.surely) };
    }
    const [first, ...rest] = ready.children.map((child) => combine(child, item));
    const pair = first === undefined ? open : { surely: first.surely.slice(), possibly: first.possibly.slice() };
    const into = ready.kind === 'all' ? andInto : orInto;
    for (const other of rest) {
      into(pair.surely, other.surely);
      into(pair.possibly, other.possibly);
    }
    return pair;
  };

  return {
    match: (item) => (item.conditions === null ? { surely: block.present, possibly: block.present } : combine(item.conditions, item)),
    get predicates() {
      return answers.size;
    },
  };
};

const without = (block: Block, bits: Bitmap): Bitmap => {
  const out = invert(bits, block.rows);
  andInto(out, block.present);
  return out;
};

interface Question {
  readonly fact: Fact;
  readonly required: Value;
  readonly day: Day;
  /** The answer depends on the day, and for those who died the day is an earlier one. */
  readonly shortens: boolean;
}

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
  return {
    fact,
    required,
    day: daily ? day : ('0001-01-01' as Day),
    shortens: daily && leaf.checkAt === 'period' && item.deathFact !== null,
  };
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

const answer = (block: Block, asked: Question, leaf: ReadyLeaf, item: KernelItem): Pair => {
  const column = block.column(asked.fact.key);
  const pair: Pair = { surely: emptyBitmap(block.rows), possibly: emptyBitmap(block.rows) };
  if (column === null) return { surely: pair.surely, possibly: block.present.slice() };
  const context = {
    tree: leaf.tree,
    within: (tree: string, code: string, ancestor: string) => item.within(tree, code, ancestor, asked.day),
  };
  const predicate = predicateOn(column.values, asked.fact, { operator: leaf.operator, required: asked.required, context }, asked.fact.key);
  const cellOf = asked.fact.timed === true ? cellOn(column, toEpochDay(asked.day)) : onlyCell(column);
  fill(pair, block, column, predicate, cellOf);
  return pair;
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

const fill = (pair: Pair, block: Block, column: Column, predicate: Predicate, cellOf: (row: number) => number): void => {
  const { surely, possibly } = pair;
  const { ofNull, ofUnknown } = predicate;
  const { values } = column;
  for (let word = 0, row = 0; word < surely.length; word++) {
    let sure = 0;
    let maybe = 0;
    const end = Math.min(block.rows, row + 32);
    for (let bit = 0; row < end; row++, bit++) {
      const cell = rowStateAt(column, row) === rowState.told ? cellOf(row) : -1;
      const kind = cell < 0 ? state.absent : isValue(values, cell);
      const answer = kind === state.value ? predicate.ofCell(cell) : kind === state.null ? ofNull : ofUnknown;
      sure |= (answer >> 1) << bit;
      maybe |= (answer & 1) << bit;
    }
    surely[word] = sure & (block.present[word] as number);
    possibly[word] = maybe & (block.present[word] as number);
  }
};

/** Rows whose day of death is known and not after `day`: their `end` lies before it. */
const diedBefore = (block: Block, deathFact: string | null, day: Day, kept: Map<string, Bitmap | null>): Bitmap | null => {
  if (deathFact === null) return null;
  const key = `${deathFact} ${day}`;
  const before = kept.get(key);
  if (before !== undefined) return before;
  const column = block.column(deathFact);
  const rows = column === null ? null : datedUpTo(block, column, toEpochDay(day));
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
