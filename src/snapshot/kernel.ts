// The kernel: each distinct predicate once per block into two sets of rows (surely, possibly), combined per item by Kleene. Conditions that are no plain
// question to a column stay open: nobody is ruled out by them here, `decide` answers. The sets are SIMD memory where the runtime has it, else plain bitmaps.
import { type Day, toEpochDay } from '../base/day.ts';
import type { ReadyLeaf } from '../rule/ready.ts';
import { type Bitmap, emptyBitmap, orInto } from './bitmap.ts';
import { type Bits, type Pair, type Part, plainBits } from './bits.ts';
import { type Column, endCell, firstCell, rowState, rowStateAt } from './columns.ts';
import { isValue, predicateOn } from './predicate.ts';
import { type Asking, type AskingGroup, askingOf, type KernelItem, type Question } from './question.ts';
import { simdBits } from './simd.ts';
import { state } from './vector.ts';

/** A block as the kernel sees it: columns by fact of the register, null where nobody in the block was told anything. */
export interface Block {
  readonly rows: number;
  /** Rows that hold a subject. */
  readonly present: Bitmap;
  column(fact: string): Column | null;
}

export type { KernelItem } from './question.ts';

/** What somebody else has found out of leaves the kernel cannot answer: rows surely and possibly true. */
export type Opened = ReadonlyMap<ReadyLeaf, Pair<Bitmap>>;

/** Answers that outlive the kernel, by question; of one block of one snapshot. */
export interface KeptAnswers {
  get(key: string): Pair<Bitmap> | undefined;
  set(key: string, pair: Pair<Bitmap>): void;
}

export interface Kernel {
  /** The caller's own bitmaps. */
  match(item: KernelItem, opened?: Opened): Pair<Bitmap>;
  /** Rows that surely and that possibly qualify, counted without handing them out. */
  count(item: KernelItem): Pair<number>;
  /** Rows the kernel left open for its own want, not the data's: of them `match` may say possible where a decision says yes or no. */
  doubtful(item: KernelItem, opened?: Opened): Bitmap;
  /** The numbers of the rows that surely qualify, `base` added to each; good until the next question, the caller copies what it keeps. */
  rows(item: KernelItem, base: number): Int32Array;
  /** Distinct predicates answered so far. */
  readonly predicates: number;
  /** Gives its memory back; nothing may be asked afterwards. */
  close(): void;
}

/** `with`: which implementation of sets; default the fastest there is. */
export const openKernel = (block: Block, bits: 'simd' | 'plain' = 'simd', kept: KeptAnswers | null = null): Kernel => {
  const fast = bits === 'simd' ? simdBits(block.rows, block.present) : null;
  return fast === null ? kernelOn(block, plainBits(block.rows, block.present), kept) : kernelOn(block, fast, kept);
};

const none: Opened = new Map();

/** `own`: nobody else has these sets; else they are an answer that others share. */
interface Combined<H> {
  readonly part: Part<H>;
  readonly own: boolean;
}

/** The answers of one block, each question once. */
const openAnswers = <H>(block: Block, bits: Bits<H>, kept: KeptAnswers | null) => {
  const answers = new Map<number, Combined<H>>();
  const shortened = new Map<string, H | null>();
  /** Rows whose day of death is known and not after `day`: their `end` lies before it. */
  const diedBefore = (deathFact: string | null, day: Day): H | null => {
    if (deathFact === null) return null;
    const key = `died ${deathFact} ${day}`;
    const before = shortened.get(key);
    if (before !== undefined) return before;
    const column = block.column(deathFact);
    const known = kept?.get(key)?.surely ?? (column === null ? null : datedUpTo(block, column, toEpochDay(day)));
    if (known !== null) kept?.set(key, { surely: known, possibly: known });
    const rows = known === null ? null : bits.from(known);
    shortened.set(key, rows);
    return rows;
  };

  const shared = (question: Question, part: Part<H>): Combined<H> => {
    const one = { part, own: false };
    answers.set(question.number, one);
    return one;
  };
  const leafPart = (question: Question, item: KernelItem): Combined<H> => {
    const before = answers.get(question.number);
    if (before !== undefined) return before;
    const known = kept?.get(question.key);
    if (known !== undefined) return shared(question, { surely: bits.from(known.surely), open: bits.from(known.possibly), nobody: false });
    let part = answer(block, bits, question);
    // Whoever died within the span is read on a day of their own: `decide` does that.
    const own = question.shortens ? diedBefore(item.deathFact, question.day) : null;
    if (own !== null) part = bits.unless(part, own);
    kept?.set(question.key, bits.bitmaps(part));
    return shared(question, part);
  };
  return { answers, leafPart, diedBefore };
};

const kernelOn = <H>(block: Block, bits: Bits<H>, kept: KeptAnswers | null): Kernel => {
  const { answers, leafPart, diedBefore } = openAnswers(block, bits, kept);
  const everybody: Part<H> = { surely: bits.present, open: bits.present, nobody: false };
  const open: Combined<H> = { part: { surely: bits.none, open: bits.present, nobody: false }, own: false };
  const nobody: Part<H> = { surely: bits.none, open: bits.none, nobody: true };

  const drop = ({ part, own }: Combined<H>): void => {
    if (own) bits.free(part);
  };

  const combine = (asked: Asking, item: KernelItem, opened: Opened): Combined<H> => {
    if (asked.kind === 'leaf') {
      if (asked.question !== null) return leafPart(asked.question, item);
      const found = opened.get(asked.leaf);
      if (found === undefined) return open;
      return { part: { surely: bits.from(found.surely), open: bits.from(found.possibly), nobody: false }, own: true };
    }
    if (asked.kind === 'not') {
      const child = combine(asked.child, item, opened);
      const part = bits.not(child.part);
      drop(child);
      return { part, own: true };
    }
    if (asked.children.length === 0) return open;
    const found = combineEach(asked, item, opened);
    if (found === null) return { part: nobody, own: false };
    const [only] = found.children;
    if (only !== undefined && found.children.length === 1) return only;
    const part = bits[asked.kind](found.parts);
    for (const each of found.children) drop(each);
    return { part, own: true };
  };
  /** null: all are asked for and one of them has nobody. */
  const combineEach = (asked: AskingGroup, item: KernelItem, opened: Opened) => {
    const children: Combined<H>[] = [];
    const parts: Part<H>[] = [];
    for (const child of asked.children) {
      const one = combine(child, item, opened);
      children.push(one);
      parts.push(one.part);
      // Nobody is left to ask: what follows need not be answered in this block.
      if (asked.kind === 'all' && one.part.nobody) {
        for (const each of children) drop(each);
        return null;
      }
    }
    return { children, parts };
  };
  const ask = <T>(item: KernelItem, read: (part: Part<H>) => T, opened: Opened = none): T => {
    const asking = askingOf(item);
    const found = asking === null ? { part: everybody, own: false } : combine(asking, item, opened);
    const out = read(found.part);
    drop(found);
    return out;
  };

  const doubtful = (asked: Asking | null, item: KernelItem, into: Bitmap, opened: Opened): void => {
    if (asked === null) return;
    if (asked.kind === 'leaf') {
      const { question } = asked;
      if (question === null) {
        if (!opened.has(asked.leaf)) orInto(into, block.present);
      } else if (question.shortens) {
        const own = diedBefore(item.deathFact, question.day);
        if (own !== null) orInto(into, bits.bitmaps({ surely: own, open: bits.none, nobody: false }).surely);
      }
    } else for (const child of asked.kind === 'not' ? [asked.child] : asked.children) doubtful(child, item, into, opened);
  };

  /** Of a rule that asks for several things at once the sets in between are wanted by nobody. */
  const rows = (item: KernelItem, base: number): Int32Array => {
    const asking = askingOf(item);
    if (asking?.kind !== 'all' || asking.children.length === 0) return ask(item, (part) => bits.rowsInAll([part], base));
    const found = combineEach(asking, item, none);
    const out = bits.rowsInAll(found?.parts ?? [nobody], base);
    for (const each of found?.children ?? []) drop(each);
    return out;
  };

  return {
    match: (item, opened) => ask(item, bits.bitmaps, opened),
    doubtful: (item, opened = none) => {
      const into = emptyBitmap(block.rows);
      doubtful(askingOf(item), item, into, opened);
      return into;
    },
    count: (item) => ask(item, bits.counts),
    rows,
    get predicates() {
      return answers.size;
    },
    close: bits.close,
  };
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
