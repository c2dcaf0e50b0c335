// Every conformance case and every example again with one literal or fact nobody told us: each built-in must stay silent or stay right.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/base/rational.ts';
import { builtins } from '../../src/feel/builtins.ts';
import { type FeelCase, valueOfCase } from '../../src/feel/cases.ts';
import { compileFeel, evaluate } from '../../src/feel/feel.ts';
import { formatValue } from '../../src/feel/format.ts';
import { type Scope, scopeOf } from '../../src/feel/scope.ts';
import { parseDateTime } from '../../src/feel/temporal.ts';
import { anyType, type TypeEnv } from '../../src/feel/type.ts';
import { isUnknown, unknown, type Value } from '../../src/feel/value.ts';
import { couldBe } from './could-be.ts';

const file = new URL('../../../shared/feel-tck/cases.json', import.meta.url);

const call: Scope['call'] = (name) => (name === 'now' ? parseDateTime('2026-01-31T10:00:00') : undefined);

interface Hole {
  readonly text: string;
  readonly value: Value;
}

/** Each plain literal of the expression in turn replaced by the name `nobody`. */
const holes = (text: string): readonly Hole[] =>
  [...text.matchAll(/@?"(?:[^"\\]|\\.)*"|(?<![\w.])\d+(?:\.\d+)?(?![\w.]|\s*[:*])/g)].flatMap((m) => {
    const [written] = m;
    if (
      written.startsWith('@') ||
      written.includes('\\') ||
      text
        .slice(m.index + written.length)
        .trimStart()
        .startsWith(':')
    )
      return [];
    const value = written.startsWith('"') ? written.slice(1, -1) : parseDecimal(written);
    return [{ text: `${text.slice(0, m.index)} nobody ${text.slice(m.index + written.length)}`, value }];
  });

const run = (text: string, facts: ReadonlyMap<string, Value>): Value | undefined => {
  const env: TypeEnv = { lookup: (name) => (facts.has(name) ? anyType : undefined), names: [...facts.keys()] };
  const c = compileFeel(text, env, { dialect: 'tck' });
  return c.ok ? evaluate(c.expression, scopeOf(facts, call)) : undefined;
};

const takeAway = (text: string, facts: ReadonlyMap<string, Value>): { wrong: readonly string[]; silent: number; decided: number } => {
  const wrong: string[] = [];
  let silent = 0;
  let decided = 0;
  const compareRuns = (source: string, missing: ReadonlyMap<string, Value>, told: ReadonlyMap<string, Value>): void => {
    const open = run(source, missing);
    const full = run(source, told);
    if (open === undefined || full === undefined) return;
    if (!couldBe(open, full)) wrong.push(`${source}: open ${formatValue(open)}, full ${formatValue(full)}`);
    if (isUnknown(open)) silent++;
    else decided++;
    if (isUnknown(open) && open.missing.length === 0) wrong.push(`${source}: unknown without a missing fact`);
  };
  for (const hole of holes(text)) {
    compareRuns(hole.text, new Map([...facts, ['nobody', unknown('nobody')]]), new Map([...facts, ['nobody', hole.value]]));
  }
  for (const name of facts.keys()) compareRuns(text, new Map([...facts, [name, unknown(name)]]), facts);
  return { wrong, silent, decided };
};

const all = (found: readonly ReturnType<typeof takeAway>[]): void => {
  const sum = (of: (f: ReturnType<typeof takeAway>) => number): number => found.map(of).reduce((a, b) => a + b, 0);
  expect(found.flatMap((f) => f.wrong)).toEqual([]);
  expect(sum((f) => f.silent)).toBeGreaterThan(150);
  expect(sum((f) => f.decided)).toBeGreaterThan(20);
};

describe('a literal or fact nobody told us never makes a wrong answer', () => {
  it.skipIf(!existsSync(file) && process.env.CI === undefined)('in the conformance cases', () => {
    const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly FeelCase[];
    all(cases.map((c) => takeAway(c.expression, new Map(Object.entries(c.context).map(([k, v]) => [k, valueOfCase(v)])))));
  });

  it('in the examples of the built-ins', () => {
    const examples = [...builtins.values()].flatMap((rows) => rows.flatMap((r) => r.builtin.examples));
    all(
      examples.map(([text, , facts]) => {
        const values = Object.entries(facts ?? {}).map(([name, source]) => [name, run(source, new Map()) ?? null] as const);
        return takeAway(text, new Map(values));
      }),
    );
  });
});
