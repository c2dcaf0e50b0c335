// A hundred thousand inputs per parser, made from right ones by cutting, doubling, swapping and splicing: each ends in something compiled or in
// problems. What compiles is evaluated: every expression, and of the rules a sample, held against the second opinion.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/base/day.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { builtins } from '../../src/feel/builtins.ts';
import { compileFeel, evaluate } from '../../src/feel/feel.ts';
import { fromJson } from '../../src/feel/json.ts';
import { scopeOf } from '../../src/feel/scope.ts';
import { booleanType, dateType, type FeelType, listOf, numberIn, numberType, recordOf, stringType, typeEnv } from '../../src/feel/type.ts';
import { unknown, type Value } from '../../src/feel/value.ts';
import { decide } from '../../src/policy/decide.ts';
import { exampleSource, runExamples } from '../../src/policy/example.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import { ruleFilesBelow } from '../../src/policy/files.ts';
import { lintItem } from '../../src/policy/lint.ts';
import { readItem } from '../../src/policy/read.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import type { DecisionPeriod } from '../../src/rule/facts.ts';
import { itemJson, catalogue as small } from '../policy/fixture.ts';
import { paid, person, rule } from '../policy/random.ts';
import { change, cutText, type Json, type Path, placesOf, scraps } from './mutate.ts';

const here = (path: string): string => new URL(path, import.meta.url).pathname;
const files = (await ruleFilesBelow(here('../../rules'))).map((path) => readFileSync(path, 'utf8'));

const inputs = 100_000;
const seed = 20_260_415;
const timeout = 3_600_000;

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
/** The tests behind `in`, and written values: records, lists, ranges, literals of every type. */
const tests = [
  '1',
  '< 3',
  '[1..3]',
  '(1..3)',
  ']1..3[',
  '> 1, <= 0',
  'not(2)',
  '"530128"',
  '@"2026-01-31"',
  '? > 2 and ? < 5',
  'null',
  '-1..1',
];
const literals = [
  '{a: 1, "b c": [1, 2], d: {e: @"2026-01-31"}}',
  '{a: 1, b: a + 1, c: function(n: number) n * a}',
  '[1, "x", null, [true], {}]',
  '[{a: 1}, {a: 2}][a > 1]',
  '@"P1Y2M"',
  '@"2026-01-31T10:00:00+08:00"',
  '@"PT1H30M"',
  '"\\u4e2d\\"\\\\"',
  '-12.50e3',
];

const mutation = fc.tuple(fc.nat(), fc.nat(), fc.nat());
const changedText = (seeds: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...seeds), fc.constantFrom(...seeds), fc.array(fc.tuple(mutation, fc.constantFrom(...scraps)), { maxLength: 3 }))
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

const env = typeEnv(types);

/** One text in one dialect, with each fact told, none or missing; did it compile? */
const runs = (text: string, dialect: 'house' | 'tck', pick: number): boolean => {
  const compiled = compileFeel(text, env, { dialect });
  if (!compiled.ok) {
    expect(compiled.problems.length, text).toBeGreaterThan(0);
    return false;
  }
  const values = Object.entries(types).map(([name, type], i): [string, Value] => {
    const how = Math.floor(pick / 3 ** i) % 3;
    return [name, how === 0 ? unknown(name) : how === 1 ? null : (fromJson(told[name], type) ?? null)];
  });
  expect(evaluate(compiled.expression, scopeOf(new Map(values))), text).not.toBeUndefined();
  return true;
};

const fuzzTexts = (some: fc.Arbitrary<string>, dialect: 'house' | 'tck'): void => {
  let fine = 0;
  const pick = fc.integer({ min: 0, max: 3 ** 7 - 1 });
  fc.assert(
    fc.property(some, pick, (text, p) => {
      if (runs(text, dialect, p)) fine++;
    }),
    { seed, numRuns: inputs },
  );
  expect(fine).toBeGreaterThan(inputs / 50);
  expect(fine).toBeLessThan(inputs);
};

describe('FEEL: any text compiles and gives a value, or is refused', () => {
  it('expressions', { timeout }, () => fuzzTexts(changedText(texts), 'house'));
  it('expressions of the standard, where what is wrong gives null', { timeout }, () => fuzzTexts(changedText(texts), 'tck'));
  it('tests behind in', { timeout }, () =>
    fuzzTexts(
      changedText(tests).map((t) => `x in (${t})`),
      'house',
    ),
  );
  it('records, lists and literals', { timeout }, () => fuzzTexts(changedText(literals), 'house'));
});

describe('JSON as values', () => {
  it('is read by its type or does not fit', { timeout }, () => {
    const type = fc.constantFrom<FeelType>(
      ...Object.values(types),
      { kind: 'any' },
      { kind: 'series' },
      { kind: 'ymDuration' },
      { kind: 'time' },
    );
    let fits = 0;
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(...Object.values(told))), type, (json, t) => {
        if (fromJson(json, t) !== undefined) fits++;
      }),
      { seed, numRuns: inputs },
    );
    expect(fits).toBeGreaterThan(inputs / 50);
  });
});

// ── rule files ───────────────────────────────────────────────────────────────────────────────────────────────────────
/** Facts of the item that the rule names, and those they name: the rest would only be read again at every input. */
const lean = (raw: Record<string, unknown>): Json => {
  const { facts, ...rest } = raw as { readonly facts: Readonly<Record<string, unknown>> };
  const used = new Set<string>();
  const visit = (text: string): void => {
    for (const [name, fact] of Object.entries(facts))
      if (!used.has(name) && text.includes(name)) {
        used.add(name);
        visit(JSON.stringify(fact));
      }
  };
  visit(JSON.stringify(rest));
  return itemJson({ ...rest, facts: Object.fromEntries(Object.entries(facts).filter(([n]) => used.has(n))) }) as Json;
};
const seeds = fc
  .sample(rule, { seed, numRuns: 400 })
  .map(lean)
  .filter((r) => JSON.stringify(r).length < 2500);
const people = fc.sample(fc.tuple(person, paid), { seed, numRuns: 40 });

/** Decided for one person, twice: whatever was read must be decided alike by both. */
const decidesAlike = async (raw: Json, nth: number): Promise<boolean> => {
  const result = readItem(raw, small);
  if (!result.ok) return false;
  const { compiled } = result;
  const [facts, rows] = people[nth % people.length] as (typeof people)[number];
  const period = periodFor(compiled.item, { period: '2026-01' }) ?? periodFor(compiled.item, { period: '2026-01-31' });
  if (period === null) return false;
  const source = exampleSource(small, compiled.register, { facts, paid: rows }, '2026-01-31' as Day);
  const first = decide(compiled, source, period as DecisionPeriod);
  const again = await secondOpinion(compiled, source, period as DecisionPeriod);
  const amounts = first.lines.map((l) => (l.award?.state === 'known' ? l.award.amountFen : null));
  expect([again.verdict, again.lines.map((l) => l.amountFen), again.mode], JSON.stringify(raw)).toEqual([
    first.verdict,
    amounts,
    first.mode?.mode,
  ]);
  lintItem(compiled, small);
  return true;
};

const every = 20;

const fuzzRules = async (parts: readonly string[]): Promise<void> => {
  const places = seeds.map((s) => placesOf(s).filter(([first]) => parts.length === 0 || parts.includes(String(first))));
  let [n, fine, decided] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(), fc.nat(), async (r, p, o, how) => {
      const [i, j] = [r % seeds.length, o % seeds.length];
      const [own, others] = [places[i] as readonly Path[], places[j] as readonly Path[]];
      const [path, otherPath] = [own[p % own.length] ?? ['id'], others[(p >> 3) % others.length] ?? ['id']];
      const raw = change(seeds[i] as Json, path, seeds[j] as Json, otherPath, how, o);
      const result = readItem(raw, small);
      n++;
      if (!result.ok) {
        expect(result.problems.length, JSON.stringify(raw)).toBeGreaterThan(0);
        for (const problem of result.problems) expect(problem.message).toMatch(/[\u4e00-\u9fff]/);
        return;
      }
      fine++;
      if (fine % every === 0 && (await decidesAlike(raw, n))) decided++;
    }),
    { seed, numRuns: inputs },
  );
  expect(fine).toBeGreaterThan(inputs / 50);
  expect(fine).toBeLessThan(inputs);
  expect(decided).toBeGreaterThan(fine / every / 2);
};

describe('small rules: read or refused, whatever is changed', () => {
  it('anywhere', { timeout }, () => fuzzRules([]));
  it('in the conditions and the facts', { timeout }, () => fuzzRules(['conditions', 'facts', 'each']));
  it('in the award, the instalments and the limits', { timeout }, () => fuzzRules(['award', 'instalments', 'limits']));
});

describe('shipped rules', () => {
  it('are read or refused, whatever is changed, and their examples run', { timeout }, async () => {
    const read = await readCatalogue(here('../../rules/catalogue'));
    if (!read.ok) throw new Error('catalogue');
    const { catalogue } = read;
    const rules = files.map((file) => {
      const item = JSON.parse(file) as Record<string, Json>;
      return { ...item, examples: (item.examples as Json[]).slice(0, 2) } as Json;
    });
    const places = rules.map((r) => placesOf(r).slice(1));
    let fine = 0;
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), (r, p, o, how) => {
        const [i, j] = [r % rules.length, o % rules.length];
        const [own, others] = [places[i] as readonly Path[], places[j] as readonly Path[]];
        const raw = change(rules[i] as Json, own[p % own.length] as Path, rules[j] as Json, others[p % others.length] as Path, how, o);
        const result = readItem(raw, catalogue);
        if (!result.ok) {
          expect(result.problems.length).toBeGreaterThan(0);
          return;
        }
        fine++;
        if (fine % every === 0) expect(runExamples(result.compiled, catalogue).length).toBe(result.item.examples.length);
      }),
      { seed, numRuns: 3000 },
    );
    expect(fine).toBeGreaterThan(60);
  });
});
