// The kernel: each distinct predicate once per block into two sets of rows (surely, possibly), combined per item by Kleene. Conditions that are no plain
// question to a column stay open: nobody is ruled out by them here, `decide` answers. The sets are SIMD memory where the runtime has it, else plain bitmaps.
import { type Day, earliest, toEpochDay } from '../base/day.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import type { Expression } from '../feel/feel.ts';
import { dateFromDay, type Value } from '../feel/value.ts';
import type { DecisionPeriod, Truth } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import { moveBack } from '../rule/reach.ts';
import type { Ready, ReadyLeaf } from '../rule/ready.ts';
import { type Bitmap, emptyBitmap, orInto } from './bitmap.ts';
import { type Bits, type Pair, type Part, plainBits } from './bits.ts';
import { type Column, endCell, firstCell, rowState, rowStateAt } from './columns.ts';
import { type Computed, computedFrom } from './computed.ts';
import { type Asked, answerOf, isValue, predicateOn } from './predicate.ts';
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
  /** Facts of the item by name. */
  readonly computed: ReadonlyMap<string, Expression>;
  within(tree: string, code: string, ancestor: string, day: Day): Truth;
}

export interface Kernel {
  /** The caller's own bitmaps. */
  match(item: KernelItem): Pair<Bitmap>;
  /** Rows that surely and that possibly qualify, counted without handing them out. */
  count(item: KernelItem): Pair<number>;
  /** Rows the kernel left open for its own want, not the data's: of them `match` may say possible where a decision says yes or no. */
  doubtful(item: KernelItem): Bitmap;
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
  const answers = new Map<string, Part<H>>();
  const shortened = new Map<string, H | null>();
  const everybodyOpen: Part<H> = { surely: bits.none, open: bits.present, nobody: false };
  const everybody: Part<H> = { surely: bits.present, open: bits.present, nobody: false };
  const nobody: Part<H> = { surely: bits.none, open: bits.none, nobody: true };

  const leafPart = (question: Question | null, item: KernelItem): Part<H> => {
    if (question === null) return everybodyOpen;
    const before = answers.get(question.key);
    if (before !== undefined) return before;
    let part = answer(block, bits, question);
    // Whoever died within the span is read on a day of their own: `decide` does that.
    const own = question.shortens ? diedBefore(block, bits, item.deathFact, question.day, shortened) : null;
    if (own !== null) part = bits.unless(part, own);
    answers.set(question.key, part);
    return part;
  };

  /** `own`: nobody else has these sets; else they are an answer that others share. */
  interface Combined {
    readonly part: Part<H>;
    readonly own: boolean;
  }
  const drop = ({ part, own }: Combined): void => {
    if (own) bits.free(part);
  };

  const combine = (asked: Asking, item: KernelItem): Combined => {
    if (asked.kind === 'leaf') return { part: leafPart(asked.question, item), own: false };
    if (asked.kind === 'not') {
      const child = combine(asked.child, item);
      const part = bits.not(child.part);
      drop(child);
      return { part, own: true };
    }
    if (asked.children.length === 0) return { part: everybodyOpen, own: false };
    const children: Combined[] = [];
    const parts: Part<H>[] = [];
    for (const child of asked.children) {
      const one = combine(child, item);
      children.push(one);
      parts.push(one.part);
      // Nobody is left to ask: what follows need not be answered in this block.
      if (asked.kind === 'all' && one.part.nobody) {
        for (const each of children) drop(each);
        return { part: nobody, own: false };
      }
    }
    const [only] = children;
    if (only !== undefined && children.length === 1) return only;
    const part = asked.kind === 'all' ? bits.all(parts) : bits.any(parts);
    for (const each of children) drop(each);
    return { part, own: true };
  };
  const ask = <T>(item: KernelItem, read: (part: Part<H>) => T): T => {
    const asking = askingOf(item);
    const found = asking === null ? { part: everybody, own: false } : combine(asking, item);
    const out = read(found.part);
    drop(found);
    return out;
  };

  const doubtful = (asked: Asking | null, item: KernelItem, into: Bitmap): void => {
    if (asked === null) return;
    if (asked.kind === 'leaf') {
      const { question } = asked;
      if (question === null) orInto(into, block.present);
      else if (question.shortens) {
        const own = diedBefore(block, bits, item.deathFact, question.day, shortened);
        if (own !== null) orInto(into, bits.bitmaps({ surely: own, open: bits.none, nobody: false }).surely);
      }
    } else for (const child of asked.kind === 'not' ? [asked.child] : asked.children) doubtful(child, item, into);
  };

  return {
    match: (item) => ask(item, bits.bitmaps),
    doubtful: (item) => {
      const into = emptyBitmap(block.rows);
      doubtful(askingOf(item), item, into);
      return into;
    },
    count: (item) => ask(item, bits.counts),
    rows: (item, base) => ask(item, (part) => bits.rows(part, base)),
    get predicates() {
      return answers.size;
    },
    close: bits.close,
  };
};

interface Question {
  readonly fact: Fact;
  readonly asked: Asked;
  readonly day: Day;
  /** The answer depends on the day, and for those who died the day is an earlier one. */
  readonly shortens: boolean;
  /** Equal for questions with one answer. */
  readonly key: string;
}

/** An item's conditions with the question each leaf asks; null: no question to one column. */
type Asking =
  | { readonly kind: 'leaf'; readonly question: Question | null }
  | { readonly kind: 'not'; readonly child: Asking }
  | { readonly kind: 'all' | 'any'; readonly children: readonly Asking[] };

/** The same in every block: worked out once. */
const asked = new WeakMap<KernelItem, Asking | null>();
const askingOf = (item: KernelItem): Asking | null => {
  let asking = asked.get(item);
  if (asking === undefined) {
    asking = item.conditions === null ? null : asks(item.conditions, item);
    asked.set(item, asking);
  }
  return asking;
};

const asks = (ready: Ready, item: KernelItem): Asking => {
  if (ready.kind === 'leaf') return { kind: 'leaf', question: questionOf(ready, item) };
  if (ready.kind === 'not') return { kind: 'not', child: asks(ready.child, item) };
  return { kind: ready.kind, children: ready.children.map((child) => asks(child, item)) };
};

/** null: not a question to one column on one day. */
const questionOf = (leaf: ReadyLeaf, item: KernelItem): Question | null => {
  const own = item.fact(leaf.fact);
  const computed = own === null ? computedFrom(leaf.fact, item, item.period) : null;
  const fact = own ?? computed?.fact ?? null;
  if (fact === null || fact.type === 'link') return null;
  if (leaf.checkAt === 'period' && (leaf.on === 'any' || leaf.on === 'every')) return null;
  const required = requiredOf(leaf, item.period);
  if (required === undefined) return null;
  const daily = fact.timed === true || leaf.tree !== null;
  if (daily && item.period.kind === 'per-event' && leaf.checkAt === 'period') return null;
  const known = earliest(item.period.end, item.period.knownAt);
  const start = item.period.start ?? ('0001-01-01' as Day);
  const day = leaf.checkAt !== 'period' ? item.period.knownAt : leaf.on === 'start' ? earliest(start, known) : known;
  const on = daily ? day : ('0001-01-01' as Day);
  const shortens = daily && leaf.checkAt === 'period' && item.deathFact !== null;
  const key = `${computed?.key ?? fact.key}\n${leaf.operator.name}\n${JSON.stringify(plain(required))}\n${on}\n${shortens ? item.deathFact : ''}`;
  const within = (tree: string, code: string, ancestor: string): Truth => item.within(tree, code, ancestor, on);
  const context = { tree: leaf.tree, within };
  const asked: Asked = computed === null ? { operator: leaf.operator, required, context } : askedOf(computed, leaf, required, context);
  return { fact, asked, day: on, shortens, key };
};

/** The leaf's operator over what the fact's value comes to. */
const askedOf = (computed: Computed, { operator }: ReadyLeaf, required: Value, context: Asked['context']): Asked => ({
  operator: { ...operator, name: 'computed', evaluate: (actual, wanted, around) => operator.evaluate(computed.of(actual), wanted, around) },
  required,
  context,
  steps: () => {
    const steps = computed.steps();
    return steps === null
      ? null
      : { ...steps, answers: steps.values.map((worth) => answerOf(operator.evaluate(worth, required, context))) };
  },
});

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

const answer = <H>(block: Block, bits: Bits<H>, { fact, asked, day: on }: Question): Part<H> => {
  const column = block.column(fact.key);
  if (column === null) return { surely: bits.none, open: bits.present, nobody: false };
  const predicate = predicateOn(column.values, fact, asked, fact.key);
  const day = fact.timed === true && column.from !== undefined ? toEpochDay(on) : null;
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
