// Every conformance case again with one literal nobody told us: each operator and built-in must stay silent or stay right.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/base/rational.ts';
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

describe.skipIf(!existsSync(file) && process.env.CI === undefined)('a literal nobody told us', () => {
  it('never makes a wrong answer', () => {
    const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly FeelCase[];
    const wrong: string[] = [];
    let silent = 0;
    let decided = 0;
    for (const c of cases) {
      const facts = new Map(Object.entries(c.context).map(([k, v]) => [k, valueOfCase(v)]));
      for (const hole of holes(c.expression)) {
        const open = run(hole.text, new Map([...facts, ['nobody', unknown('nobody')]]));
        const full = run(hole.text, new Map([...facts, ['nobody', hole.value]]));
        if (open === undefined || full === undefined) continue;
        if (!couldBe(open, full)) wrong.push(`${hole.text}: open ${formatValue(open)}, full ${formatValue(full)}`);
        if (isUnknown(open)) {
          expect(open.missing, hole.text).toEqual(['nobody']);
          silent++;
        } else decided++;
      }
    }
    expect(wrong).toEqual([]);
    expect(silent).toBeGreaterThan(500);
    expect(decided).toBeGreaterThan(200);
  });
});
