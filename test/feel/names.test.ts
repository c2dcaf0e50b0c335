// A fact, a field of a list or a loop variable may be named like a built-in, or like a word of one: the built-in can still be called.
import { describe, expect, it } from 'vitest';
import { builtins } from '../../src/feel/builtins.ts';
import { compileFeel, type Expression, evaluate } from '../../src/feel/feel.ts';
import { formatValue } from '../../src/feel/format.ts';
import { fromJson } from '../../src/feel/json.ts';
import { scopeOf } from '../../src/feel/scope.ts';
import { codeIn, type FeelType, listOf, numberType, recordOf, typeEnv } from '../../src/feel/type.ts';
import type { Value } from '../../src/feel/value.ts';

/** Words of the grammar itself, which nothing can be named. */
const keywords = /^(and|or|in|for|of|if|some|every|between|not|null|true|false|then|else|function|external|return|satisfies|instance)$/;

const compiled = (text: string, types: Readonly<Record<string, FeelType>>): Expression | string => {
  const c = compileFeel(text, typeEnv(types));
  return c.ok ? c.expression : c.problems.map((p) => p.message).join('；');
};

const run = (text: string, types: Readonly<Record<string, FeelType>>, values: Readonly<Record<string, Value>>): string => {
  const e = compiled(text, types);
  return typeof e === 'string' ? e : formatValue(evaluate(e, scopeOf(values)));
};

/** Every run of words of a name: `months between` is also `months` and `between`. */
const partsOf = (name: string): readonly string[] => {
  const words = name.split(' ');
  return words.flatMap((_, i) => words.slice(i).map((__, n) => words.slice(i, i + n + 1).join(' '))).filter((part) => !keywords.test(part));
};

const rows = [...builtins.values()].flat();

describe('a name like a built-in', () => {
  it.each([...new Set(rows.map((r) => r.signature.name))])('%s can still be called', (name) => {
    for (const { builtin } of rows.filter((r) => r.signature.name === name)) {
      const [text, , facts = {}] = builtin.examples[0] ?? ['null', 'null'];
      const types: Record<string, FeelType> = {};
      const values: Record<string, Value> = {};
      for (const [fact, source] of Object.entries(facts)) {
        const e = compiled(source, {});
        if (typeof e === 'string') throw new Error(e);
        types[fact] = fact === 'region' ? codeIn('division') : e.type;
        values[fact] = evaluate(e, scopeOf({}));
      }
      const plain = run(text, types, values);
      for (const part of partsOf(name)) {
        const list = listOf(recordOf({ [part]: numberType }));
        const xs = fromJson([{ [part]: 1 }], list) ?? null;
        const one = fromJson(1, numberType) ?? null;
        const withList = [
          { ...types, xs: list },
          { ...values, xs },
        ] as const;
        expect(run(text, { ...types, [part]: numberType }, { ...values, [part]: one }), `fact ${part}: ${text}`).toBe(plain);
        expect(run(`(for x in xs return ${text})[1]`, ...withList), `beside a list with ${part}: ${text}`).toBe(plain);
        // Inside a filter the field itself stands before everything else, as a name; as a call it is the built-in.
        expect(compiled(`xs[is(${text}, null)]`, withList[0]), `in a filter over ${part}: ${text}`).not.toBeTypeOf('string');
      }
    }
  });

  it('does not hide it as a loop variable or an entry of a record either', () => {
    const types = { ys: listOf(numberType) };
    const values = { ys: fromJson([4, 5], types.ys) ?? null };
    expect(run('{count: 3, b: count(ys)}', types, values)).toBe('{count: 3, b: 2}');
    expect(run('for sum in ys return sum + sum(ys)', types, values)).toBe('[13, 14]');
    expect(run('(function(count) count(ys))(function(x) 7)', types, values)).toBe('7');
  });

  it('leaves types of two names where they are asked for', () => {
    expect(run('@"2026-01-31" instance of date and time', {}, {})).toBe('false');
    expect(run('duration("P1Y") instance of years and months duration', {}, {})).toBe('true');
  });
});
