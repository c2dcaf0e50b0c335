// A hundred thousand inputs per parser, made from real ones by cutting, doubling, swapping and splicing: each ends in something compiled or in problems,
// and what compiles gives a value, or an unknown, for whatever it is told.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { builtins } from '../../src/feel/builtins.ts';
import { compileFeel, evaluate } from '../../src/feel/feel.ts';
import { fromJson } from '../../src/feel/json.ts';
import { scopeOf } from '../../src/feel/scope.ts';
import { booleanType, dateType, type FeelType, listOf, numberIn, numberType, recordOf, stringType, typeEnv } from '../../src/feel/type.ts';
import { unknown, type Value } from '../../src/feel/value.ts';
import { runExamples } from '../../src/policy/example.ts';
import { ruleFilesBelow } from '../../src/policy/files.ts';
import { readItem } from '../../src/policy/read.ts';

const here = (path: string): string => new URL(path, import.meta.url).pathname;
const read = await readCatalogue(here('../../rules/catalogue'));
if (!read.ok) throw new Error('catalogue');
const { catalogue } = read;
const files = (await ruleFilesBelow(here('../../rules'))).map((path) => readFileSync(path, 'utf8'));

const inputs = 100_000;
const seed = 20_260_415;

// ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
const feelIn = (raw: unknown): readonly string[] => {
  if (Array.isArray(raw)) return raw.flatMap(feelIn);
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(raw).flatMap(([k, v]) =>
    ['feel', 'where', 'formula', 'deduct', 'object', 'yearsSince'].includes(k) && typeof v === 'string' ? [v] : feelIn(v),
  );
};
const texts = [
  ...[...builtins.values()].flat().flatMap((row) => row.builtin.examples.map(([text]) => text)),
  ...files.flatMap((file) => feelIn(JSON.parse(file))),
];
const scraps = [
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
  '\u202e',
  '\u200b',
  '1e9',
  '**',
  'item',
  '__proto__',
  '-',
  'null',
  'x',
  '，',
  'if ',
  ' then ',
  'for i in 1..9 return ',
];

const cutText = (text: string, [kind, a, b]: readonly [number, number, number], other: string, scrap: string): string => {
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

const mutation = fc.tuple(fc.nat(), fc.nat(), fc.nat());
const someText = fc
  .tuple(fc.constantFrom(...texts), fc.constantFrom(...texts), fc.array(fc.tuple(mutation, fc.constantFrom(...scraps)), { maxLength: 3 }))
  .map(([text, other, changes]) => changes.reduce((t, [m, scrap]) => cutText(t, m, other, scrap), text));

const types: Readonly<Record<string, FeelType>> = {
  x: numberType,
  s: recordOf({ '2023': numberType, '2024': numberType, '2025': numberType }),
  region: stringType,
  元: numberIn('元'),
  ok: booleanType,
  day: dateType,
  list: listOf(recordOf({ a: numberType, day: dateType })),
};
const told: Readonly<Record<string, unknown>> = {
  x: 3,
  s: { '2023': 1, '2024': 0, '2025': 2 },
  region: '530128',
  元: 1.5,
  ok: true,
  day: '2026-01-31',
  list: [
    { a: 1, day: '2025-12-31' },
    { a: null, day: '2026-02-01' },
  ],
};

describe('FEEL', () => {
  it('compiles or refuses any text, and evaluates what compiles with anything told, none or missing', { timeout: 3_600_000 }, () => {
    const env = typeEnv(types);
    let compiledOnes = 0;
    fc.assert(
      fc.property(someText, fc.integer({ min: 0, max: 3 ** 7 - 1 }), (text, pick) => {
        const compiled = compileFeel(text, env);
        if (!compiled.ok) {
          expect(compiled.problems.length, text).toBeGreaterThan(0);
          return;
        }
        compiledOnes++;
        const values = Object.entries(types).map(([name, type], i): [string, Value] => {
          const how = Math.floor(pick / 3 ** i) % 3;
          return [name, how === 0 ? unknown(name) : how === 1 ? null : (fromJson(told[name], type) ?? null)];
        });
        expect(evaluate(compiled.expression, scopeOf(new Map(values))), text).not.toBeUndefined();
      }),
      { seed, numRuns: inputs },
    );
    expect(compiledOnes).toBeGreaterThan(inputs / 50);
  });
});

// ── rule files ───────────────────────────────────────────────────────────────────────────────────────────────────────
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const placesOf = (raw: Json, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] => {
  if (typeof raw !== 'object' || raw === null) return [path];
  const inner = Array.isArray(raw) ? raw.map((v, i) => [i, v] as const) : Object.entries(raw);
  return [path, ...inner.flatMap(([k, v]) => placesOf(v, [...path, k]))];
};

const at = (raw: Json, path: readonly (string | number)[]): Json =>
  path.reduce<Json>((v, k) => (typeof v === 'object' && v !== null ? ((v as Record<string | number, Json>)[k] ?? null) : null), raw);

const rules = files.map((file) => {
  const item = JSON.parse(file) as Record<string, Json>;
  const examples = (item.examples as Json[]).slice(0, 2);
  return { ...item, examples } as Json;
});
const placesOfRule = rules.map((rule) => placesOf(rule).slice(1));
const awards = rules.map((rule) => placesOf(rule).filter(([first]) => first === 'award' || first === 'instalments' || first === 'limits'));
const conditions = rules.map((rule) => placesOf(rule).filter(([first]) => first === 'conditions' || first === 'each' || first === 'facts'));

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
];

const changed = (rule: Json, path: readonly (string | number)[], value: Json | undefined): Json => {
  const copy = structuredClone(rule);
  const holder = at(copy, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof holder !== 'object' || holder === null || last === undefined) return copy;
  if (value === undefined) {
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete holder[last];
  } else (holder as Record<string | number, Json>)[last] = value;
  return copy;
};

const fuzzRules = (places: readonly (readonly (readonly (string | number)[])[])[], runExamplesEvery: number): void => {
  let n = 0;
  let fine = 0;
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), (r, p, other, how) => {
      const index = r % rules.length;
      const rule = rules[index] as Json;
      const own = places[index] ?? [];
      const path = own[p % Math.max(1, own.length)] ?? ['id'];
      const [otherRule, otherPlaces] = [rules[other % rules.length] as Json, places[other % rules.length] ?? []];
      const value =
        how % 4 === 0
          ? undefined
          : how % 4 === 1
            ? (junk[other % junk.length] as Json)
            : how % 4 === 2
              ? at(otherRule, otherPlaces[p % Math.max(1, otherPlaces.length)] ?? ['id'])
              : [at(rule, path)];
      const result = readItem(changed(rule, path, value), catalogue);
      n++;
      if (!result.ok) {
        expect(result.problems.length).toBeGreaterThan(0);
        return;
      }
      fine++;
      if (n % runExamplesEvery === 0) expect(runExamples(result.compiled, catalogue).length).toBe(result.item.examples.length);
    }),
    { seed, numRuns: inputs },
  );
  expect(fine).toBeGreaterThan(100);
};

describe('rule files', () => {
  it('are read or refused, whatever is changed anywhere', { timeout: 7_200_000 }, () => fuzzRules(placesOfRule, 5));
  it('are read or refused, whatever is changed in the award and the limits', { timeout: 7_200_000 }, () => fuzzRules(awards, 5));
  it('are read or refused, whatever is changed in conditions and facts', { timeout: 7_200_000 }, () => fuzzRules(conditions, 5));
});
