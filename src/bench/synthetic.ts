// The synthetic workload: residents with 30 facts, items of six to nine questions of which many share a question, 3 % unknown, half to two percent hits.
// Every block is made from its number alone, so that threads make their own and peers get the same.
import type { Fact } from '../catalogue/catalogue.ts';
import type { Condition } from '../rule/condition.ts';
import { blockRows, fullBitmap } from '../snapshot/bitmap.ts';
import type { Column } from '../snapshot/columns.ts';
import type { Block } from '../snapshot/kernel.ts';
import { state } from '../snapshot/vector.ts';

/** Uniform numbers in [0, 1) from a seed; the same everywhere. */
const randomFrom = (seed: number): (() => number) => {
  let at = seed | 0;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let t = Math.imul(at ^ (at >>> 15), 1 | at);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

interface Spec {
  readonly key: string;
  readonly type: 'number' | 'date' | 'boolean' | 'category';
  /** How many values from `base` on. */
  readonly size: number;
  readonly base: number;
}

const numbers: readonly (readonly [string, number, number])[] = [
  ['income', 30_000, 0],
  ['months', 360, 0],
  ['children', 6, 0],
  ['a', 1000, 0],
  ['b', 10_000, 0],
  ['c', 1000, 0],
  ['d', 10_000, 0],
  ['e', 1_000_000, 0],
  ['f', 1_000_000, 0],
  ['g', 200, 0],
];
const dates: readonly (readonly [string, number, number])[] = [
  ['birth', 34_000, -14_600],
  ['since', 9500, 10_957],
];
const categories: readonly (readonly [string, number])[] = [
  ['region', 23],
  ['status', 5],
  ['education', 8],
  ['work', 12],
];
const flags = [
  'disabled',
  'poor',
  'veteran',
  'single',
  'student',
  'flag1',
  'flag2',
  'flag3',
  'flag4',
  'flag5',
  'flag6',
  'flag7',
  'flag8',
  'alive',
];

export const specs: readonly Spec[] = [
  ...numbers.map(([key, size, base]): Spec => ({ key, type: 'number', size, base })),
  ...dates.map(([key, size, base]): Spec => ({ key, type: 'date', size, base })),
  ...categories.map(([key, size]): Spec => ({ key, type: 'category', size, base: 0 })),
  ...flags.map((key): Spec => ({ key, type: 'boolean', size: 2, base: 0 })),
];

export const facts: readonly Fact[] = specs.map(({ key, type, size }) => ({
  key,
  label: key,
  register: 'citizen',
  type,
  sensitivity: 'internal',
  purposes: ['*'],
  legalUse: 'decide',
  datasets: ['synthetic'],
  ...(type === 'category' ? { values: Array.from({ length: size }, (_, i) => `${key}${i}`) } : {}),
}));

const shareUnknown = 0.03;

/** Values of one fact in one block and which of them nobody told: data as the column holds it, 1 in `unknown`. */
export const rawValues = (spec: Spec, block: number, rows: number): { readonly data: Int32Array; readonly unknown: Uint8Array } => {
  let seed = block * 7919;
  for (const letter of spec.key) seed = (seed * 31 + letter.charCodeAt(0)) | 0;
  const random = randomFrom(seed);
  const data = new Int32Array(rows);
  const unknown = new Uint8Array(rows);
  // Nine in ten live; every other flag is one in four.
  const share = spec.key === 'alive' ? 0.9 : 0.25;
  for (let row = 0; row < rows; row++) {
    const at = random();
    if (random() < shareUnknown) unknown[row] = 1;
    else data[row] = spec.type === 'boolean' ? (at < share ? 1 : 0) : spec.base + Math.floor(at * spec.size);
  }
  return { data, unknown };
};

const columnOf = (spec: Spec, block: number, rows: number): Column => {
  const { data, unknown } = rawValues(spec, block, rows);
  const states = Uint8Array.from(unknown, (one) => (one === 1 ? state.absent : state.value));
  const vector =
    spec.type === 'number'
      ? { kind: 'int' as const, data, scale: 0 }
      : spec.type === 'date'
        ? { kind: 'day' as const, data }
        : spec.type === 'boolean'
          ? { kind: 'bool' as const, data: Uint8Array.from(data) }
          : {
              kind: 'text' as const,
              data: Uint8Array.from(data),
              dictionary: Array.from({ length: spec.size }, (_, i) => `${spec.key}${i}`),
            };
  return { rows, sources: [], reasons: [], values: { shape: 'scalar', vector: { length: rows, states, ...vector } } };
};

/** `rows` of the whole population; the last block may be short. */
export const blockAt = (block: number, rows: number): Block => {
  const own = Math.min(blockRows, rows - block * blockRows);
  const columns = new Map(specs.map((spec) => [spec.key, columnOf(spec, block, own)]));
  return { rows: own, present: fullBitmap(own), column: (fact) => columns.get(fact) ?? null };
};

export const blocksFor = (rows: number): number => Math.ceil(rows / blockRows);

/** One question as every engine is asked it; days as whole numbers since 1970. */
export interface Question {
  readonly fact: string;
  readonly operator: 'lessThan' | 'greaterThanInclusive' | 'equal' | 'in';
  readonly value: number | boolean | readonly string[];
}
export interface Any {
  readonly any: readonly Question[];
}
/** All of these must hold. */
export type Rule = readonly (Question | Any)[];

export const isAny = (part: Question | Any): part is Any => 'any' in part;

const question = (random: () => number): Question => {
  const int = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[int(list.length)] as T;
  const among = (fact: string, size: number, count: number): Question => ({
    fact,
    operator: 'in',
    value: [...new Set(Array.from({ length: count }, () => `${fact}${int(size)}`))].sort(),
  });
  switch (int(10)) {
    case 0:
      return among('region', 23, 1 + int(4));
    case 1:
      return { fact: 'birth', operator: 'lessThan', value: -12_000 + int(50) * 365 };
    case 2:
      return { fact: pick(flags.slice(0, 10)), operator: 'equal', value: true };
    case 3:
      return { fact: 'income', operator: 'lessThan', value: pick([2000, 5000, 8000, 10_000, 15_000]) };
    case 4:
      return { fact: 'months', operator: 'greaterThanInclusive', value: pick([12, 24, 36, 60, 120, 180]) };
    case 5:
      return { fact: 'children', operator: 'greaterThanInclusive', value: pick([1, 2, 3]) };
    case 6:
      return among('status', 5, 2);
    case 7:
      return among('education', 8, 3);
    case 8:
      return { fact: 'since', operator: 'lessThan', value: 16_436 + int(9) * 365 };
    default:
      return {
        fact: pick(['a', 'b', 'c', 'd', 'e', 'f']),
        operator: random() < 0.5 ? 'lessThan' : 'greaterThanInclusive',
        value: pick([50, 100, 500, 1000]),
      };
  }
};

export const rulesFor = (items: number): readonly Rule[] => {
  const random = randomFrom(42);
  return Array.from(
    { length: items },
    (): Rule => [
      { fact: 'alive', operator: 'equal', value: true },
      ...Array.from({ length: 5 + Math.floor(random() * 4) }, () =>
        random() < 0.2 ? { any: [question(random), question(random)] } : question(random),
      ),
    ],
  );
};

const dateOperators = { lessThan: 'before', greaterThanInclusive: 'onOrAfter', equal: 'equal', in: 'in' } as const;
const dayText = (epochDay: number): string => new Date(epochDay * 86_400_000).toISOString().slice(0, 10);

/** The rule in the product's own words. */
export const conditionOf = (rule: Rule): Condition => {
  const leaf = ({ fact, operator, value }: Question): Condition =>
    specs.find((spec) => spec.key === fact)?.type === 'date'
      ? { fact, operator: dateOperators[operator], value: dayText(value as number) }
      : { fact, operator, value: value as never };
  return { all: rule.map((part) => (isAny(part) ? { any: part.any.map(leaf) } : leaf(part))) };
};
