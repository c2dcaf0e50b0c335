// What a form for one part of a rule looks like, as data: the same description draws the form and tells which parts of a document it would not show. Pure.
import { below, isJson, kindOf } from './document.ts';

export interface Way {
  readonly text: string;
  /** Whether the value is written this way; the first that says so is shown. */
  readonly is: (value: unknown) => boolean;
  /** What stands there when somebody chooses it. */
  readonly fresh: unknown;
  readonly shape: Shape;
}

export interface Field {
  readonly key: string;
  readonly label: string;
  readonly shape: Shape;
  /** Given: it may be left out, and this stands there when it is added. */
  readonly fresh?: unknown;
  readonly hint?: string;
  /** Shown where it stands and not offered: notes of whoever took the rule from its document. */
  readonly rare?: true;
}

export type Shape =
  | { readonly kind: 'text'; readonly hint?: string; readonly width?: number; readonly nullable?: true; readonly long?: true }
  | { readonly kind: 'whole'; readonly min: number; readonly max: number; readonly unit?: string }
  /** Exact decimals; `or: 'ref'` may be `{ fact }`, `or: 'name'` the bare name of one. */
  | { readonly kind: 'figure'; readonly unit: string; readonly or?: 'ref' | 'name' }
  | { readonly kind: 'choice'; readonly options: readonly (readonly [string | number | boolean | null, string])[] }
  | { readonly kind: 'several'; readonly options: Readonly<Record<string, string>> }
  /** `places`: of the document, by pointer. */
  | { readonly kind: 'texts'; readonly hint?: string; readonly places?: true }
  | { readonly kind: 'wholes'; readonly hint?: string }
  | { readonly kind: 'day' }
  | { readonly kind: 'region' }
  | { readonly kind: 'formula' }
  /** A formula over the elements of the list that stands at `list` beside it. */
  | { readonly kind: 'where'; readonly list: string }
  /** The name of a fact; `ref`: as `{ fact }`; `of`: which are offered. */
  | { readonly kind: 'fact'; readonly of: 'any' | 'number' | 'link' | 'list'; readonly ref?: true }
  /** A field of the list that stands at `list` beside it. */
  | { readonly kind: 'field'; readonly list: string; readonly dates?: true }
  | { readonly kind: 'conditions' }
  | { readonly kind: 'award' }
  | { readonly kind: 'tiers' }
  /** Only `true`: what is not so is left out. */
  | { readonly kind: 'true' }
  /** Said by the way that was chosen; nothing to fill in. */
  | { readonly kind: 'constant'; readonly value: string | null }
  | { readonly kind: 'record'; readonly fields: readonly Field[] }
  /** `sheet`: drawn as a spreadsheet. */
  | { readonly kind: 'list'; readonly of: Shape; readonly one: string; readonly fresh: unknown; readonly sheet?: 'brackets' }
  | { readonly kind: 'ways'; readonly ways: readonly Way[] };

const isFigure = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?(\/\d+)?$/.test(value));
const isName = (value: unknown): boolean => typeof value === 'string';
const isRef = (value: unknown): boolean => isJson(value) && isName(value.fact) && Object.keys(value).length === 1;
const every = (value: unknown, test: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every(test);

/** Whether the form of a single value shows it as it is. */
const single: {
  readonly [K in Exclude<Shape['kind'], 'record' | 'list' | 'ways' | 'award' | 'tiers' | 'conditions'>]: (
    shape: Extract<Shape, { kind: K }>,
    value: unknown,
  ) => boolean;
} = {
  text: ({ nullable }, value) => typeof value === 'string' || (nullable === true && value === null),
  whole: (_, value) => Number.isInteger(value),
  figure: ({ or }, value) => isFigure(value) || (or === 'ref' && isRef(value)) || (or === 'name' && isName(value)),
  choice: ({ options }, value) => options.some(([one]) => one === value),
  several: ({ options }, value) => every(value, (one) => typeof one === 'string' && Object.hasOwn(options, one)),
  texts: (_, value) => typeof value === 'string' || every(value, isName),
  wholes: (_, value) => every(value, Number.isInteger),
  day: (_, value) => typeof value === 'string' || value === null,
  region: (_, value) => typeof value === 'string' || value === null,
  formula: (_, value) => typeof value === 'string',
  where: (_, value) => typeof value === 'string',
  fact: ({ ref }, value) => (ref === true ? isRef(value) : isName(value)),
  field: (_, value) => isName(value),
  true: (_, value) => value === true,
  constant: (shape, value) => shape.value === value,
};

const leafKeys = ['fact', 'operator', 'value', 'text', 'clause', 'on', 'checkAt', 'covers', 'name'];
const groupKeys = ['all', 'any', 'not', 'text', 'covers'];

/** Keys of a condition that its card has no field for. */
const unshownCondition = (node: unknown, at: string): readonly string[] => {
  const kind = kindOf(node);
  if (kind === 'raw' || !isJson(node)) return [at];
  const strange = (keys: readonly string[]) =>
    Object.keys(node)
      .filter((key) => !keys.includes(key))
      .map((key) => below(at, key));
  if (kind === 'leaf') return strange(leafKeys);
  const inside = kind === 'not' ? [node.not] : (node[kind] as readonly unknown[]);
  return [
    ...strange(groupKeys),
    ...inside.flatMap((one, i) => unshownCondition(one, kind === 'not' ? below(at, kind) : below(at, kind, i))),
  ];
};

/** Pointers of whatever in `value` the form of `shape` does not show: kept as it is, and to be changed as JSON. `award` and `tiers` name their own shapes. */
export const unshown = (
  shape: Shape,
  value: unknown,
  at: string,
  named: (kind: 'award' | 'tiers', value: unknown) => Shape,
): readonly string[] => {
  switch (shape.kind) {
    case 'conditions':
      return unshownCondition(value, at);
    case 'award':
    case 'tiers':
      return unshown(named(shape.kind, value), value, at, named);
    case 'record':
      if (!isJson(value)) return [at];
      return Object.entries(value).flatMap(([key, inside]) => {
        const field = shape.fields.find((one) => one.key === key);
        return field === undefined ? [below(at, key)] : unshown(field.shape, inside, below(at, key), named);
      });
    case 'list':
      return Array.isArray(value) ? value.flatMap((one, i) => unshown(shape.of, one, below(at, i), named)) : [at];
    case 'ways': {
      const way = shape.ways.find((one) => one.is(value));
      return way === undefined ? [at] : unshown(way.shape, value, at, named);
    }
    default:
      return single[shape.kind](shape as never, value) ? [] : [at];
  }
};
