// Small changes to texts and to JSON: what a typing officer, a broken tool or an attacker makes of something that was right.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Path = readonly (string | number)[];

export const scraps = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  '@"',
  '..',
  '?',
  ' and ',
  ' not ',
  '<',
  '>=',
  '−',
  '，',
  '（',
  '\u202e',
  '\u200b',
  '1e9',
  '**',
  'item',
  '__proto__',
  '-',
  'null',
  'x',
  ': ',
  'if ',
  ' then ',
  'for i in 1..9 return ',
  ' instance of ',
  ' between ',
  ' in (',
];

/** One cut, doubling, splice, reversal or replacement; which, and where, is told by three whole numbers. */
export const cutText = (text: string, [kind, a, b]: readonly [number, number, number], other: string, scrap: string): string => {
  const [i, j] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [number, number];
  switch (kind % 6) {
    case 0:
      return text.slice(0, i) + text.slice(j);
    case 1:
      return text.slice(0, i) + scrap + text.slice(i);
    case 2:
      return text.slice(0, i) + text.slice(i, j) + text.slice(i, j) + text.slice(j);
    case 3:
      return text.slice(0, i) + other.slice(b % (other.length + 1));
    case 4:
      return text.slice(0, i) + [...text.slice(i, j)].reverse().join('') + text.slice(j);
    default:
      return text.replaceAll(text[i] ?? ' ', scrap);
  }
};

/** Every place in the JSON, the whole first. */
export const placesOf = (raw: Json, path: Path = []): readonly Path[] => {
  if (typeof raw !== 'object' || raw === null) return [path];
  const inner = Array.isArray(raw) ? raw.map((v, i) => [i, v] as const) : Object.entries(raw);
  return [path, ...inner.flatMap(([k, v]) => placesOf(v, [...path, k]))];
};

export const at = (raw: Json, path: Path): Json =>
  path.reduce<Json>((v, k) => (typeof v === 'object' && v !== null ? ((v as Record<string | number, Json>)[k] ?? null) : null), raw);

const junk: readonly Json[] = [
  null,
  true,
  -1,
  0,
  1e308,
  '',
  '-1',
  '1e999',
  '1/0',
  '__proto__',
  [],
  {},
  [[]],
  { all: [] },
  { fact: 'x' },
  { not: {} },
  '（',
  'a'.repeat(300),
  { yuan: -5 },
  { __proto__x: 1 },
  { toString: 1, valueOf: 'x', toJSON: null },
];

/** The same JSON with another value at the path, or without the place when `value` is undefined; the rest is shared, not copied. */
export const changed = (raw: Json, [head, ...rest]: Path, value: Json | undefined): Json => {
  if (head === undefined) return value ?? null;
  if (typeof raw !== 'object' || raw === null) return raw;
  const copy = (Array.isArray(raw) ? [...raw] : { ...raw }) as Record<string | number, Json> & Json[];
  if (rest.length > 0) copy[head] = changed(copy[head] ?? null, rest, value);
  else if (value !== undefined) copy[head] = value;
  else if (Array.isArray(raw)) copy.splice(Number(head), 1);
  else delete copy[head];
  return copy;
};

/** What one place becomes: gone, junk, a piece of another, or wrapped in a list; told by whole numbers. */
export const change = (raw: Json, path: Path, other: Json, otherPath: Path, how: number, which: number): Json => {
  const made = (): Json | undefined => {
    switch (how % 4) {
      case 0:
        return undefined;
      case 1:
        return junk[which % junk.length] as Json;
      case 2:
        return at(other, otherPath);
      default:
        return [at(raw, path)];
    }
  };
  return changed(raw, path, made());
};
