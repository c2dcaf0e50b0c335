// One operator against one required value, over the values of a column: a table per dictionary code, ranges over whole numbers and days, else the
// operator itself. Answers are numbers so that loops stay plain: 0 false, 1 unknown, 3 true (bit 1 surely, bit 0 possibly).
import { floorToBigint, fromBigint, mul, neg, type Rational } from '../base/rational.ts';
import { context, isList, isNumber, unknown, type Value } from '../feel/value.ts';
import type { Truth } from '../rule/facts.ts';
import type { Operator, OperatorContext } from '../rule/operators.ts';
import { daysWithin } from './computed.ts';
import { rawValue, valueAt } from './feel.ts';
import type { Shape, Values } from './values.ts';
import { state, type Vector } from './vector.ts';

export type Answer = 0 | 1 | 3;
export const answerOf = (truth: Truth): Answer => (truth === null ? 1 : truth ? 3 : 0);

export interface Asked {
  readonly operator: Operator;
  readonly required: Value;
  readonly context: OperatorContext;
  /** Of a column of days: the answers from one day to another, where they are known to change only there. */
  readonly steps?: () => AnsweredSteps | null;
}

/** `answers[i]` holds from `from[i]` up to the day before `from[i + 1]`, the last one up to `end`. */
export interface AnsweredSteps {
  readonly from: readonly number[];
  readonly answers: readonly Answer[];
  readonly end: number;
}

/** What the operator says of a known none, of an unknown, and of each cell's value (whose state must be `value`). */
export interface Predicate {
  readonly ofNull: Answer;
  readonly ofUnknown: Answer;
  ofCell(cell: number): Answer;
  /** For columns of whole numbers and days: the values of which it is surely true; of all others it is false. Missing: ask cell by cell. */
  readonly ranges?: Ranges;
  /** For flags and columns with a dictionary: of what one of its codes stands for. */
  readonly ofCode?: (code: number) => Answer;
  /** For other columns of whole numbers and days: of a value, as the vector writes it; worked out once each. */
  readonly ofRaw?: (raw: number) => Answer;
}

/** Blocks are asked the same question one after the other: what does not depend on the block is worked out once. */
interface Known {
  readonly ofNull: Answer;
  readonly ofUnknown: Answer;
  readonly ranges: Map<string, Ranges | null>;
  /** By what stands in a dictionary of this kind; of flags, by their code. */
  readonly entries: Map<Vector['kind'], Map<string | number, Answer>>;
  /** By the raw entry, where whole blocks are told alike: days, and whole numbers of one scale. */
  readonly raws: Map<string, Map<number | bigint, Answer>>;
  /** `undefined`: not asked yet. */
  steps: AnsweredSteps | null | undefined;
}
const known = new WeakMap<Asked, Known>();
const mostEntries = 10_000;

export const predicateOn = (values: Values, shape: Shape, asked: Asked, fact: string): Predicate => {
  const say = (value: Value): Answer => answerOf(asked.operator.evaluate(value, asked.required, asked.context));
  let memo = known.get(asked);
  if (memo === undefined) {
    memo = { ofNull: say(null), ofUnknown: say(unknown(fact)), ranges: new Map(), entries: new Map(), raws: new Map(), steps: undefined };
    known.set(asked, memo);
  }
  const { ofNull, ofUnknown } = memo;
  if (values.shape !== 'scalar') return { ofNull, ofUnknown, ofCell: nestedTest(values, shape, asked, say, fact) };
  const { vector } = values;
  const ranges = asked.steps === undefined ? plainRanges(asked, vector, memo) : stepRanges(asked.steps, vector, memo);
  if (ranges !== null) return { ofNull, ofUnknown, ranges, ofCell: rangeTest(vector.data as Int32Array, ranges) };
  const ofRaw = (raw: number | bigint): Answer => say(rawValue(vector, raw, shape.type, fact));
  if (vector.kind === 'bool' || vector.dictionary !== undefined) {
    const ofCode = codeTest(vector, ofRaw, memo);
    return { ofNull, ofUnknown, ofCode, ofCell: cellTest(vector, rawTest(vector, ofCode as (raw: number | bigint) => Answer)) };
  }
  const once = rawTest(vector, ofRaw, memo.raws);
  const small = vector.kind === 'int' || vector.kind === 'day';
  return { ofNull, ofUnknown, ofCell: cellTest(vector, once), ...(small ? { ofRaw: once } : {}) };
};

const plainRanges = (asked: Asked, vector: Vector, { ranges }: Known): Ranges | null => {
  if (vector.kind !== 'int' && vector.kind !== 'day') return null;
  const key = `${vector.kind}${vector.scale ?? 0}`;
  let found = ranges.get(key);
  if (found === undefined) {
    found = rangesOf(asked, vector);
    ranges.set(key, found);
  }
  return found;
};

/** Where every answer is yes or no, and every day of the column lies among the steps. */
const stepRanges = (read: NonNullable<Asked['steps']>, vector: Vector, memo: Known): Ranges | null => {
  if (vector.kind !== 'day') return null;
  if (memo.steps === undefined) memo.steps = read();
  const { steps } = memo;
  if (steps === null || steps.answers.includes(1) || !daysWithin(steps, vector.data as Int32Array)) return null;
  let ranges = memo.ranges.get('steps');
  if (ranges === undefined) {
    ranges = { spans: spansOf(steps), negated: false };
    memo.ranges.set('steps', ranges);
  }
  return ranges;
};

const spansOf = ({ from, answers, end }: AnsweredSteps): readonly (readonly [number, number])[] => {
  const spans: [number, number][] = [];
  for (const [i, answer] of answers.entries()) {
    if (answer !== 3) continue;
    const [low, high] = [from[i] as number, (from[i + 1] ?? end + 1) - 1];
    const before = spans.at(-1);
    if (before !== undefined && before[1] === low - 1) before[1] = high;
    else spans.push([low, high]);
  }
  return spans;
};

const codeTest = ({ kind, dictionary }: Vector, ofRaw: (raw: number) => Answer, { entries }: Known): ((code: number) => Answer) => {
  let answers = entries.get(kind);
  if (answers === undefined) {
    answers = new Map();
    entries.set(kind, answers);
  }
  const known = answers;
  return (code) => {
    const entry = dictionary === undefined ? code : (dictionary[code] as string);
    let answer = known.get(entry);
    if (answer === undefined) {
      answer = ofRaw(code);
      if (known.size < mostEntries) known.set(entry, answer);
    }
    return answer;
  };
};

/** Days between two dates are as good as days: what was asked of one block need not be asked of the next. */
const mostRaws = 200_000;

const rawTest = (
  { kind, scale = 0, dictionary }: Vector,
  ofRaw: (raw: number | bigint) => Answer,
  raws?: Known['raws'],
): ((raw: number | bigint) => Answer) => {
  const name = `${kind}${scale}`;
  const before = dictionary === undefined ? raws?.get(name) : undefined;
  const answers = before === undefined || before.size > mostRaws ? new Map<number | bigint, Answer>() : before;
  if (dictionary === undefined) raws?.set(name, answers);
  return (raw) => {
    let answer = answers.get(raw);
    if (answer === undefined) {
      answer = ofRaw(raw);
      answers.set(raw, answer);
    }
    return answer;
  };
};

const cellTest =
  ({ data }: Vector, ofRaw: (raw: number | bigint) => Answer): ((cell: number) => Answer) =>
  (cell) =>
    ofRaw(data[cell] as number | bigint);

const nestedTest = (
  values: Exclude<Values, { shape: 'scalar' }>,
  shape: Shape,
  asked: Asked,
  say: (value: Value) => Answer,
  fact: string,
): ((cell: number) => Answer) => {
  const plainly = (cell: number): Answer => say(valueAt(values, cell, shape, fact));
  if (values.odd !== undefined) return plainly;
  if (asked.operator.name === 'absent') return presenceTest(values, say);
  return values.shape === 'set' && values.elements.kind === 'text' && values.elements.states === undefined
    ? setTest(values.offsets, values.elements, asked, say, plainly)
    : plainly;
};

/** Whether there is anything: told by the offsets alone. A series is something even without periods. */
const presenceTest = (values: Exclude<Values, { shape: 'scalar' }>, say: (value: Value) => Answer): ((cell: number) => Answer) => {
  const { offsets } = values;
  const [empty, some] = [say(values.shape === 'series' ? context({}) : []), say(['x'])];
  return (cell) => (offsets[cell] === offsets[cell + 1] ? empty : some);
};

export interface Ranges {
  /** Inclusive, as numbers in the vector's own scale. */
  readonly spans: readonly (readonly [number, number])[];
  readonly negated: boolean;
}

const rangeTest = (data: Int32Array, { spans, negated }: Ranges): ((cell: number) => Answer) => {
  const [inside, outside]: readonly Answer[] = negated ? [0, 3] : [3, 0];
  const [only] = spans;
  if (spans.length === 1 && only !== undefined) {
    const [low, high] = only;
    return (cell) => ((data[cell] as number) >= low && (data[cell] as number) <= high ? (inside as Answer) : (outside as Answer));
  }
  return (cell) => {
    const raw = data[cell] as number;
    return (spans.some(([low, high]) => raw >= low && raw <= high) ? inside : outside) as Answer;
  };
};

/** What each comparison allows below and above the required value; `true` includes it. */
const comparisons: Readonly<Record<string, { readonly below?: boolean; readonly above?: boolean; readonly negated?: boolean }>> = {
  equal: { below: true, above: true },
  notEqual: { below: true, above: true, negated: true },
  lessThan: { below: false },
  before: { below: false },
  lessThanInclusive: { below: true },
  onOrBefore: { below: true },
  olderThan: { below: true },
  greaterThan: { above: false },
  after: { above: false },
  greaterThanInclusive: { above: true },
  onOrAfter: { above: true },
};

const rangesOf = (asked: Asked, vector: Vector): Ranges | null => {
  const { operator, required } = asked;
  const at = (value: Value): Rational | null => pointOf(value, vector);
  if (operator.name === 'in' || operator.name === 'notIn') {
    if (required === null || !isList(required)) return null;
    const points = required.map(at);
    return points.every((p) => p !== null)
      ? { spans: points.map((p) => [ceilOf(p), floorOf(p)] as const), negated: operator.name === 'notIn' }
      : null;
  }
  if (operator.name === 'between' || operator.name === 'withinLast') return spanOf(required, at);
  const comparison = comparisons[operator.name];
  const point = at(required);
  if (comparison === undefined || point === null) return null;
  const { below, above, negated = false } = comparison;
  // For `equal` both sides hold: from the point up and from the point down leaves the point, or nothing when it is no whole number of this scale.
  const low = above === undefined ? -Infinity : above ? ceilOf(point) : floorOf(point) + 1;
  const high = below === undefined ? Infinity : below ? floorOf(point) : ceilOf(point) - 1;
  return { spans: [[low, high]], negated };
};

const spanOf = (required: Value, at: (value: Value) => Rational | null): Ranges | null => {
  if (required === null || typeof required !== 'object' || isList(required) || required.kind !== 'range') return null;
  const [low, high] = [
    required.low === undefined ? undefined : at(required.low),
    required.high === undefined ? undefined : at(required.high),
  ];
  if (low === null || high === null) return null;
  const from = low === undefined ? -Infinity : required.lowClosed ? ceilOf(low) : floorOf(low) + 1;
  const to = high === undefined ? Infinity : required.highClosed ? floorOf(high) : ceilOf(high) - 1;
  return { spans: [[from, to]], negated: false };
};

/** The required value in the vector's scale; null when it is of another type, which the operator itself must judge. */
const pointOf = (value: Value, vector: Vector): Rational | null => {
  if (vector.kind === 'int') return isNumber(value) ? mul(value, fromBigint(10n ** BigInt(vector.scale ?? 0))) : null;
  return value !== null && typeof value === 'object' && !isList(value) && value.kind === 'date' ? fromBigint(BigInt(value.epochDay)) : null;
};

const floorOf = (point: Rational): number => Number(floorToBigint(point));
const ceilOf = (point: Rational): number => -Number(floorToBigint(neg(point)));

/** `some` answers for the set as soon as one element does; `every` is its negation. Elements are judged once per dictionary code. */
const setOperators: Readonly<Record<string, 'some' | 'every'>> = {
  contains: 'some',
  intersects: 'some',
  doesNotContain: 'every',
  disjoint: 'every',
};

const setTest = (
  offsets: Uint32Array,
  elements: Vector,
  asked: Asked,
  say: (value: Value) => Answer,
  plainly: (cell: number) => Answer,
): ((cell: number) => Answer) => {
  const how = setOperators[asked.operator.name];
  if (how === undefined) return plainly;
  const table = (elements.dictionary ?? []).map((text) => say([text]));
  const empty = say([]);
  return (cell) => {
    const [from, to] = [offsets[cell] as number, offsets[cell + 1] as number];
    if (from === to) return empty;
    let answer: number = how === 'some' ? 0 : 3;
    for (let i = from; i < to; i++) {
      const element = table[elements.data[i] as number] as Answer;
      answer = how === 'some' ? answer | element : answer & element;
    }
    return answer as Answer;
  };
};

export const isValue = (values: Values, cell: number): number =>
  values.shape === 'scalar' ? (values.vector.states?.[cell] ?? state.value) : (values.states[cell] as number);
