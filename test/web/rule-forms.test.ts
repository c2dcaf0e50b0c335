// What the rule editor works out in the browser: the rule's JSON by place, conditions on lists between form and formula, tiers pasted from a spreadsheet,
// labels in formulas. What it writes must mean to the server what the form said.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFeel } from '../../src/feel/feel.ts';
import { listOf, recordOf, typeEnv } from '../../src/feel/type.ts';
import { drop, get, insert, kindOf, lifted, put, removed, shifted, wrapped } from '../../src/web/console/policy/document.ts';
import { keyed, wordsFor } from '../../src/web/console/policy/formula-names.ts';
import { type Clause, type ListAsk, listAsk, listFeel } from '../../src/web/console/policy/list-text.ts';
import { cellsOf, pastedCells, rowOf, seamOf, withPaste } from '../../src/web/console/policy/tier-rows.ts';

const rule = {
  conditions: { all: [{ fact: 'a', operator: 'equal', value: 1 }, { any: [{ fact: 'b', operator: 'equal', value: 2 }] }], text: '原话' },
  other: { kept: true },
};

describe('a rule by place', () => {
  it('puts, takes out and brings back without touching anything else', () => {
    const place = fc.constantFrom('/conditions/all/0/value', '/conditions/all/1/any/0', '/other/kept', '/a~1b/c', '/conditions/text');
    fc.assert(
      fc.property(place, fc.jsonValue(), (at, value) => {
        const before = JSON.stringify(rule);
        const made = put(rule, at, value);
        expect(get(made, at)).toEqual(value);
        expect(put(made, at, get(rule, at))).toEqual(get(rule, at) === undefined ? made && put(made, at, undefined) : rule);
        expect(JSON.stringify(rule)).toBe(before);
      }),
    );
    expect(drop(rule, '/conditions/all/0').conditions.all).toHaveLength(1);
    expect(insert(rule, '/conditions/all', 1, 'x').conditions.all.map((one) => typeof one)).toEqual(['object', 'string', 'object']);
  });

  it('moves conditions about, and leaves what it has no shape for as it is', () => {
    const there = shifted(rule, '/conditions/all/0', 1);
    expect([there.at, get(there.whole, '/conditions/all/1/fact')]).toEqual(['/conditions/all/1', 'a']);
    expect(shifted(rule, '/conditions/all/0', -1).whole).toBe(rule);
    expect(get(lifted(rule, '/conditions/all/1/any/0'), '/conditions/all/2/fact')).toBe('b');
    expect(lifted(rule, '/conditions/all/0')).toBe(rule);
    const denied = put(rule, '/conditions/all/0', wrapped(rule.conditions.all[0], 'not'));
    expect(get(removed(denied, '/conditions/all/0/not'), '/conditions/all')).toHaveLength(1);
    expect([
      kindOf({ all: [], fact: 'a' }),
      kindOf({ all: 1 }),
      kindOf(3),
      kindOf({ not: {} }),
      kindOf({ fact: 'a', operator: 'b' }),
    ]).toEqual(['raw', 'raw', 'raw', 'not', 'leaf']);
  });
});

describe('a condition on a list', () => {
  const fields = { name: 'text', months: 'number', since: 'date', local: 'boolean' } as const;
  const value = (kind: Clause['value']['kind']): fc.Arbitrary<Clause['value']> =>
    kind === 'text'
      ? fc.string({ maxLength: 12 }).map((text) => ({ kind, text }))
      : kind === 'number'
        ? fc.integer({ min: -99, max: 9999 }).map((n) => ({ kind, text: String(n) }))
        : kind === 'date'
          ? fc.constantFrom('2026-01-31', '1999-12-01').map((text) => ({ kind, text }))
          : fc.boolean().map((b) => ({ kind, text: String(b) }));
  const clause = fc.constantFrom(...(Object.keys(fields) as (keyof typeof fields)[])).chain((field) =>
    fc.record({
      field: fc.constant(field as string),
      compare: ['number', 'date'].includes(fields[field]) ? fc.constantFrom('=', '!=', '<', '<=', '>', '>=') : fc.constantFrom('=', '!='),
      value: value(fields[field]),
    }),
  ) as fc.Arbitrary<Clause>;
  const ask: fc.Arbitrary<ListAsk> = fc
    .record({ fn: fc.constantFrom('count', 'sum'), join: fc.constantFrom('and', 'or'), where: fc.array(clause, { maxLength: 4 }) })
    .map(({ fn, join, where }) => ({
      ...{ fn: fn as ListAsk['fn'], list: 'hires', where, field: fn === 'sum' ? 'months' : '' },
      join: (where.length < 2 ? 'and' : join) as ListAsk['join'],
    }));

  it('is the same form again when read back, and a formula the server takes', () => {
    const env = typeEnv({
      hires: listOf(
        recordOf({ name: { kind: 'string' }, months: { kind: 'number' }, since: { kind: 'date' }, local: { kind: 'boolean' } }),
      ),
    });
    fc.assert(
      fc.property(ask, (one) => {
        const feel = listFeel(one);
        expect(listAsk(feel)).toEqual(one);
        // Text that hides control characters is the server's to refuse.
        if (one.where.every(({ value: { text } }) => /^[\p{L}\p{N} -]*$/u.test(text)))
          expect([feel, compileFeel(feel, env).ok]).toEqual([feel, true]);
      }),
    );
  });

  it('stays a formula where the form cannot show it', () => {
    for (const feel of [
      'count(hires[months > 3 and local or x = 1])',
      'count(hires[f(x) = 1])',
      'max(1, 2)',
      'sum(hires)',
      'count(hires[months > 3 and ])',
    ])
      expect([feel, listAsk(feel)]).toEqual([feel, null]);
  });
});

describe('tiers as a table', () => {
  it('keep bounds and figures as they were typed, and what a form does not show', () => {
    const row = { above: 80, upTo: '90.5', yuan: 100, covers: ['/amount'] };
    expect(rowOf(row, cellsOf(row, 'yuan'), 'yuan')).toEqual({ above: 80, upTo: 90.5, yuan: 100, covers: ['/amount'] });
    expect(rowOf({}, { low: '1,000', lowIn: true, high: '', highIn: false, gives: '5.5%' }, 'rate')).toEqual({ from: 1000, rate: 0.055 });
    expect(rowOf({}, { low: 'abc', lowIn: true, high: '', highIn: false, gives: '9007199254740993' }, 'yuan')).toEqual({
      from: 'abc',
      yuan: '9007199254740993',
    });
  });

  it('take a block of cells, make the rows that lack, and leave single values to the cell', () => {
    expect(pastedCells('80')).toBe(null);
    const table = pastedCells('80\t90\t100\r\n90\t\t500\r\n') ?? [];
    expect(withPaste([{ below: 90, yuan: 1 }], { row: 0, column: 0 }, table, 'yuan')).toEqual([
      { from: 80, below: 90, yuan: 100 },
      { from: 90, yuan: 500 },
    ]);
    expect(withPaste([], { row: 0, column: 2 }, [['7', 'beyond']], 'yuan')).toEqual([{ yuan: 7 }]);
  });

  it('tell gaps and overlaps, and tiers nobody reaches', () => {
    const tier = (low: string, high: string, lowIn = true, highIn = false) => ({ low, high, lowIn, highIn, gives: '1' });
    expect(seamOf(tier('80', '90'), tier('90', '100'))).toBe(null);
    expect(seamOf(tier('80', '89'), tier('90', ''))).toContain('89 到 90');
    expect(seamOf(tier('80', '95'), tier('90', ''))).toContain('重叠');
    expect(seamOf(tier('', '90', true, true), tier('90', '100'))).toContain('两档都有');
    expect(seamOf(tier('', '90'), tier('90', '100', false))).toContain('两档都没有');
    expect(seamOf(tier('', '90'), tier('', '100'))).toBe(null);
    expect(seamOf(tier('', '90'), tier('', '80'))).toContain('用不到');
    expect(seamOf(undefined, tier('9', '3'))).toContain('用不到');
    expect(seamOf(tier('90', ''), tier('95', '99'))).toContain('重叠');
  });
});

it('labels in a formula become names, whole words outside quotes only', () => {
  const labels = wordsFor([
    { name: 'age', label: '年龄' },
    { name: 'group', label: '年龄段' },
    { name: 'odd', label: '人数（期末）' },
  ]);
  expect(keyed('年龄 >= 80 and 年龄段 = "年龄"', labels)).toBe('age >= 80 and group = "年龄"');
  expect(keyed('max(0,年龄-1)', labels)).toBe('max(0,age-1)');
  expect(keyed('我的年龄 + "未完', labels)).toBe('我的年龄 + "未完');
  expect(labels.has('人数（期末）')).toBe(false);
});
