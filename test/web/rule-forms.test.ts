// What the rule editor works out in the browser: the rule's JSON by place, conditions on lists between form and formula, tiers pasted from a spreadsheet,
// labels in formulas. What it writes must mean to the server what the form said.
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileFeel } from '../../src/feel/feel.ts';
import { listOf, recordOf, typeEnv } from '../../src/feel/type.ts';
import { envelope, envelopeKeys, limitShapes } from '../../src/policy/envelope.ts';
import { bracketSeam, withBrackets } from '../../src/web/console/policy/bracket-rows.ts';
import { drop, get, insert, type Json, kindOf, lifted, put, removed, shifted, wrapped } from '../../src/web/console/policy/document.ts';
import { keyed, wordsFor } from '../../src/web/console/policy/formula-names.ts';
import { freshItem, type Template, templates } from '../../src/web/console/policy/fresh.ts';
import { unshownParts } from '../../src/web/console/policy/item-shapes.ts';
import {
  type Ask,
  type Fn,
  type Held,
  type ListAsk,
  listAsk,
  listFeel,
  type Test,
  totals,
  whereAsk,
  whereFeel,
} from '../../src/web/console/policy/list-text.ts';
import { nearestOf, standingOf } from '../../src/web/console/policy/remark-places.ts';
import {
  type Question,
  questions,
  type SeriesAsk,
  seriesAsk,
  seriesFeel,
  type When,
  walks,
} from '../../src/web/console/policy/series-text.ts';
import { sourcePlace } from '../../src/web/console/policy/source-places.ts';
import { cellsOf, pastedCells, rowOf, seamOf, withPaste } from '../../src/web/console/policy/tier-rows.ts';
import { amountsIn, pointsOf, rangeOf } from '../../src/web/console/policy/trial-figures.ts';

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
  const fields = { name: 'text', months: 'number', since: 'date', local: 'boolean', kinds: 'set', region: 'code' } as const;
  type Field = keyof typeof fields;
  const held = (kind: Held['kind']): fc.Arbitrary<Held> =>
    kind === 'text'
      ? fc.string({ maxLength: 12 }).map((text) => ({ kind, text }))
      : kind === 'number'
        ? fc.integer({ min: -99, max: 9999 }).map((n) => ({ kind, text: String(n) }))
        : kind === 'date'
          ? fc.constantFrom('2026-01-31', '1999-12-01').map((text) => ({ kind, text }))
          : kind === 'period'
            ? fc.constantFrom('period.start', 'period.end').map((text) => ({ kind, text }))
            : fc.boolean().map((b) => ({ kind, text: String(b) }));
  const plain = { text: 'text', number: 'number', date: 'date', boolean: 'boolean', set: 'text', code: 'text' } as const;
  const asks = (field: Field): readonly Ask[] =>
    ({
      text: ['=', '!=', 'in', 'none', 'some'],
      number: ['=', '!=', '<', '<=', '>', '>=', 'none'],
      date: ['=', '<', '<=', '>', '>=', 'some'],
      boolean: ['='],
      set: ['has', 'none'],
      code: ['within', '=', 'in'],
    })[fields[field]] as readonly Ask[];
  const clause: fc.Arbitrary<Test> = fc.constantFrom(...(Object.keys(fields) as Field[])).chain((field) =>
    fc.constantFrom(...asks(field)).chain((ask) => {
      const one = ask === 'none' || ask === 'some' ? 0 : 1;
      const value = fields[field] === 'date' ? fc.oneof(held('date'), held('period')) : held(plain[fields[field]]);
      const values = fc.array(value, { minLength: one, maxLength: ask === 'in' ? 3 : one });
      return values.map((v): Test => ({ kind: 'clause', field, ask, values: v }));
    }),
  );
  // Groups as they are read back: of two at least, and never of their own kind inside.
  const group = (join: 'all' | 'any' | 'not', depth: number): fc.Arbitrary<Test> => {
    const inside = (['all', 'any', 'not'] as const).filter((one) => one !== join && !(join === 'not' && one === 'all'));
    const of = depth === 0 ? clause : fc.oneof({ weight: 3, arbitrary: clause }, ...inside.map((one) => group(one, depth - 1)));
    const tests = fc.array(of, { minLength: join === 'not' ? 1 : 2, maxLength: 3 });
    return tests.map((made): Test => ({ kind: 'group', join, tests: made }));
  };
  const where = fc.oneof(
    fc.constant({ kind: 'group', join: 'all', tests: [] } as Test),
    clause.map((one): Test => ({ kind: 'group', join: 'all', tests: [one] })),
    ...(['all', 'any', 'not'] as const).map((join) => group(join, 2)),
  ) as fc.Arbitrary<ListAsk['where']>;
  const ask: fc.Arbitrary<ListAsk> = fc
    .record({ fn: fc.constantFrom(...(Object.keys(totals) as Fn[])), where })
    .map(({ fn, where: made }) => ({ fn, list: 'hires', where: made, field: fn === 'count' ? '' : 'months' }));
  const env = typeEnv({
    'period.start': { kind: 'date' },
    'period.end': { kind: 'date' },
    hires: listOf(
      recordOf({
        ...{ name: { kind: 'string' }, months: { kind: 'number' }, since: { kind: 'date' }, local: { kind: 'boolean' } },
        ...{ kinds: listOf({ kind: 'string' }), region: { kind: 'code', tree: 'division' } },
      }),
    ),
  });

  it('is the same form again when read back, and a formula the server takes', () => {
    fc.assert(
      fc.property(ask, (one) => {
        const feel = listFeel(one);
        expect([feel, listAsk(feel)]).toEqual([feel, one]);
        // Text that hides control characters is the server's to refuse.
        if (/^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(feel) && !feel.includes('\\'))
          expect([feel, compileFeel(feel, env).ok]).toEqual([feel, true]);
      }),
    );
  });

  it('keeps what it has no words for as a formula inside the tree, or leaves the whole alone', () => {
    const kept = 'count(hires[months > 3 and (graduated.year = 2026 or not(local))])';
    expect(listAsk(kept)).toMatchObject({
      where: {
        tests: [
          { kind: 'clause', field: 'months' },
          { join: 'any', tests: [{ kind: 'formula', text: 'graduated.year = 2026' }, { join: 'not' }] },
        ],
      },
    });
    expect(listFeel(listAsk(kept) as ListAsk)).toBe(kept.replace('not(local)', 'not(local = true)'));
    expect(listFeel(listAsk('sum(concatenate(hires[local].months, [0]))') as ListAsk)).toBe('total(hires[local = true].months)');
    expect(whereFeel(whereAsk('each.local and each.months >= 3') as ListAsk['where'], 'each.')).toBe(
      'each.local = true and each.months >= 3',
    );
    for (const feel of ['max(1, 2)', 'sum(hires)', 'count(hires[months > 3 and ])', 'a + b', 'count(x, y)'])
      expect([feel, listAsk(feel)]).toEqual([feel, null]);
  });

  it('asks of series by periods before the one decided', () => {
    const when: fc.Arbitrary<When> = fc.oneof(
      fc.record({ unit: fc.constantFrom('month', 'quarter', 'year', 'own'), back: fc.nat(40), key: fc.constant('') }),
      fc.record({ unit: fc.constant('fixed'), back: fc.constant(0), key: fc.constantFrom('2024', '2024Q1', '2024-05') }),
    ) as fc.Arbitrary<When>;
    const series = typeEnv({
      'period.end': { kind: 'date' },
      'period.key': { kind: 'string' },
      revenue: { kind: 'series' },
      spouse: recordOf({ wages: { kind: 'series' } }),
    });
    const any = fc.record({
      name: fc.constantFrom('revenue', 'spouse.wages'),
      ask: fc.constantFrom(...(Object.keys(questions) as Question[])),
      from: when,
      to: when,
      times: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(any, ({ name, ask: asked, from, to, times }) => {
        const walked = asked === 'max' || asked === 'min';
        const ends =
          walked && !walks({ from, to })
            ? { from: { unit: 'month', back: 11, key: '' }, to: { unit: 'month', back: 0, key: '' } }
            : { from, to };
        const one = { series: name, ask: asked, times, ...ends } as SeriesAsk;
        const feel = seriesFeel(one);
        const back = seriesAsk(feel);
        expect(back === null ? null : seriesFeel(back)).toBe(feel);
        expect([feel, compileFeel(feel, series).ok]).toEqual([feel, true]);
      }),
    );
    expect(seriesAsk('value at(sales, string(period.end.year - 1))')).toMatchObject({ ask: 'value', to: { unit: 'year', back: 1 } });
    expect(seriesAsk('growth(sales, x, y)')).toBe(null);
  });
});

describe('every part of a rule has a form', () => {
  const project = resolve(import.meta.dirname, '../..');
  const rules = globSync(`${project}/rules/[0-9]*/*.json`).map(
    (path) => JSON.parse(readFileSync(path, 'utf8')) as Json & { readonly id: string },
  );

  it('in each rule that ships, which are all of the corpus', () => {
    const corpus = JSON.parse(readFileSync(`${project}/test/data/corpus.json`, 'utf8')) as readonly { readonly id: string }[];
    expect(rules.map(({ id }) => id)).toEqual(expect.arrayContaining(corpus.map(({ id }) => id)));
    expect(rules.flatMap((rule) => unshownParts(rule).map((at) => `${rule.id} ${at}`))).toEqual([]);
  });

  it('in whatever the rule format allows', () => {
    type Schema = {
      [key: string]: unknown;
      properties?: Record<string, Schema>;
      items?: Schema;
      anyOf?: Schema[];
      oneOf?: Schema[];
      enum?: unknown[];
    };
    // Everything a schema allows, written out; of alternatives the n-th.
    const full = (schema: Schema, n: number): unknown => {
      const ways = schema.anyOf ?? schema.oneOf;
      if (ways !== undefined) return full(ways[n % ways.length] as Schema, n);
      if (schema.const !== undefined) return schema.const;
      if (schema.enum !== undefined) return schema.enum[n % schema.enum.length];
      if (schema.properties !== undefined)
        return Object.fromEntries(
          Object.entries(schema.properties)
            .map(([key, one]) => [key, full(one, n)])
            .filter(([, value]) => value !== undefined),
        );
      switch (schema.type) {
        case 'array':
          return [full(schema.items as Schema, n)];
        case 'string':
          return '/x';
        case 'number':
        case 'integer':
          return 1;
        case 'boolean':
          return true;
        case 'null':
          return null;
        default:
          return undefined;
      }
    };
    const shape = z.toJSONSchema(envelope, { unrepresentable: 'any' }) as Schema;
    const condition = {
      any: [{ not: { fact: 'a', operator: 'equal', value: 1, on: 'any', checkAt: 'match', clause: '一', text: '原话', covers: ['/x'] } }],
      text: '原话',
    };
    const limits = (n: number) =>
      Object.values(limitShapes).map((one) => {
        const made = full(z.toJSONSchema(one, { unrepresentable: 'any' }) as Schema, n) as { [key: string]: Record<string, unknown> };
        if (made.cap !== undefined) made.cap.yuan = n === 0 ? '10.5' : { fact: 'a' };
        if (made.claim !== undefined) Object.assign(made.claim, { object: 'each.id', orderBy: 'each.day' });
        return made;
      });
    const modified = {
      multiplier: '1.5',
      prorate: { part: 'months', of: 12 },
      minimum: 1,
      floor: { fact: 'a' },
      cap: 9,
      deduct: 'paid("x")',
      rounding: { to: 'jiao', mode: 'half-even' },
      text: '原话',
      covers: ['/x'],
    };
    const rows = [
      { from: 1, upTo: 2, rate: 0.1, cap: 9, text: '一', covers: ['/x'] },
      { above: 2, below: 3, yuan: '5' },
      { when: condition, award: { fixed: { yuan: 1 }, ...modified } },
      { is: ['甲'], yuan: 1 },
    ];
    const awards = [
      { fixed: { yuan: 1 }, reduces: '水费', ...modified },
      { perUnit: { yuan: { fact: 'a' }, count: 'b', maxCount: 3, step: 2 } },
      { rate: { base: 'a', rate: '2/3', deductible: 1, baseCap: { fact: 'b' } } },
      { tiers: { by: 'a', base: 'b', select: 'highest', rows } },
      { brackets: { base: 'a', rows: [{ upTo: 1, rate: 0.1 }, { rate: 0.2 }] } },
      ...['sum', 'highest', 'lowest'].map((form) => ({ [form]: [{ when: condition, formula: '1', ...modified }] })),
    ];
    const facts = {
      a: { text: '一', feel: '1', unit: '元', covers: ['/x'] },
      b: { text: '二', rank: { by: 'a', order: 'asc', among: condition, group: 'c', ties: 'last' }, covers: ['/x'] },
      c: { text: '三', pool: { yuan: '1', quantity: 'a', among: condition, give: 'price', decimals: 2 }, covers: ['/x'] },
    };
    for (const [n, award] of awards.entries()) {
      const whole = {
        ...(full(shape, n) as Json),
        // Of the two or three ways to say one thing, one at a time.
        publicity: [{ days: 5 }, { workingDays: 5 }, { none: '隐私' }][n % 3],
        limits: limits(n),
        ...{ region: null, conditions: condition, award, facts, event: { list: 'a', day: 'b', key: 'c' }, applicationDay: { fact: 'a' } },
        mode: [[{ when: condition, mode: 'auto', text: '一', covers: ['/x'] }, { mode: 'apply' }], 'push'][n % 2],
        each: { list: 'a', as: 'b', where: 'true', key: 'c', covers: ['/x'] },
        instalments: {
          yearsSince: '1',
          parts: [
            { year: 0, share: '1/2', when: condition },
            { year: 1, yuan: 5, text: '一' },
          ],
          covers: ['/x'],
        },
        ...{
          payee: { fact: 'a' },
          payees: [
            { share: '1/3', to: null },
            { share: '2/3', to: { fact: 'a' } },
          ],
        },
      };
      expect(Object.keys(whole).sort()).toEqual([...envelopeKeys].sort());
      expect([n, unshownParts(whole)]).toEqual([n, []]);
    }
  });

  it('in each beginning', () => {
    const head = { id: 'a', title: '甲', authority: '乙', document: '丙', region: null, period: 'monthly' };
    for (const audience of ['citizen', 'enterprise'] as const)
      for (const template of Object.keys(templates) as Template[])
        expect([template, unshownParts(freshItem({ ...head, audience }, template, '2026-01-01'))]).toEqual([template, []]);
  });

  it('names what it has no form for', () => {
    const [rule] = rules;
    const odd = {
      ...rule,
      later: 1,
      award: { fixed: { yuan: 1, tax: 2 } },
      limits: [{ never: 1 }],
      conditions: { all: [{ fact: 'a', operator: 'equal', value: 1, weight: 2 }, 3] },
    };
    expect(unshownParts(odd as Json).toSorted()).toEqual([
      '/award/fixed/tax',
      '/conditions/all/0/weight',
      '/conditions/all/1',
      '/later',
      '/limits/0',
    ]);
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

describe('brackets as a table', () => {
  it('take ends and rates from a spreadsheet, with or without beginnings, its head left out', () => {
    const sheet = pastedCells('从\t到\t比例\n0\t10,000\t10%\n10000\t50000\t5%\n50000\t以上\t2%\n') ?? [];
    const made = [{ upTo: 10_000, rate: 0.1 }, { upTo: 50_000, rate: 0.05 }, { rate: 0.02 }];
    expect(withBrackets([{ upTo: 1, rate: 1 }, { rate: 1 }], { row: 0, column: 0 }, sheet)).toEqual({ rows: made, seams: [] });
    const bare = pastedCells('10000\t0.1\n50000\t0.05\n\t0.02') ?? [];
    expect(withBrackets([], { row: 0, column: 0 }, bare)).toEqual({ rows: made, seams: [] });
    // A column of rates alone; what a form does not show stays.
    expect(withBrackets([{ upTo: 7, rate: 1, note: 'x' }, { rate: 1 }], { row: 0, column: 1 }, [['3%'], ['4%', 'beyond']]).rows).toEqual([
      { upTo: 7, rate: 0.03, note: 'x' },
      { rate: 0.04 },
    ]);
  });

  it('tell where the beginnings of the spreadsheet leave a gap or an overlap, which no bracket can hold', () => {
    const sheet = [
      ['500', '10000', '10%'],
      ['20000', '50000', '5%'],
      ['40000', '', '2%'],
    ];
    expect(withBrackets([], { row: 0, column: 0 }, sheet).seams).toEqual([
      '第 1 段从 500 起，与前面之间空着 0 到 500',
      '第 2 段从 20000 起，与前面之间空着 10000 到 20000',
      '第 3 段从 40000 起，与前面重叠 40000 到 50000',
    ]);
  });

  it('mark ends that do not rise, what comes after no end, and what lies beyond the last', () => {
    const seams = (...rows: readonly object[]) => rows.map((_, i) => bracketSeam(rows, i));
    expect(seams({ upTo: 10, rate: 1 }, { upTo: '20', rate: 1 }, { rate: 1 })).toEqual([null, null, null]);
    expect(seams({ upTo: 20 }, { upTo: 10 }, {})[1]).toContain('重叠');
    expect(seams({}, { upTo: 10 })[1]).toContain('用不到');
    expect(seams({ upTo: 10 }, { upTo: 20 })[1]).toContain('高于 20 的部分空着');
    expect(seams({ upTo: 0 }, {})[0]).toContain('高于 0');
  });
});

describe('a remark on a place', () => {
  const leaf = (value: number) => ({ fact: 'age', operator: 'lessThan', value });
  const item = { conditions: { all: [leaf(60), leaf(70)] }, award: { fixed: { yuan: 60 } }, limits: [] };
  const at = '/conditions/all/1';

  it('stands where it was made while that reads the same, whatever the order of its keys', () => {
    const was = { value: 70, operator: 'lessThan', fact: 'age' };
    expect(standingOf({ place: at, was }, item)).toEqual({ at, changed: false });
    expect(standingOf({ place: at }, item)).toEqual({ at, changed: false });
  });
  it('goes where the same words went', () => {
    const before = insert(item, '/conditions/all', 0, leaf(50));
    expect(standingOf({ place: at, was: leaf(70) }, before)).toEqual({ at: '/conditions/all/2', changed: false });
    const grouped = put(item, at, { not: leaf(70) });
    expect(standingOf({ place: at, was: leaf(70) }, grouped)).toEqual({ at: `${at}/not`, changed: false });
  });
  it('tells where its place reads otherwise, and where there is none any more', () => {
    expect(standingOf({ place: at, was: leaf(70) }, put(item, `${at}/value`, 80))).toEqual({ at, changed: true });
    expect(standingOf({ place: at, was: leaf(70) }, drop(item, at))).toEqual({ at: null, changed: true });
    // The same figure somewhere else is another figure.
    expect(standingOf({ place: '/award/fixed/yuan', was: 60 }, drop(item, '/award/fixed'))).toEqual({ at: null, changed: true });
  });
  it('is shown at the nearest sentence around it', () => {
    const shown = new Set(['/conditions', at, '/award']);
    expect(nearestOf(`${at}/value`, shown)).toBe(at);
    expect(nearestOf('/conditions/all/0', shown)).toBe('/conditions');
    expect(nearestOf('/award', shown)).toBe('/award');
    expect(nearestOf('/awards/0', shown)).toBe(null);
  });
});

describe('a figure one may try', () => {
  it('is named by where it stands, and its range holds it', () => {
    const award = {
      tiers: {
        by: 'a',
        rows: [
          { below: 3, award: { tiers: { rows: [{ yuan: '60' }, { yuan: 0.5, cap: 9 }] } } },
          { rate: 0.1, when: { yuan: 1 } },
        ],
      },
    };
    expect(amountsIn(award, '/award').map(({ at, label, value }) => [at, label, value])).toEqual([
      ['/award/tiers/rows/0/award/tiers/rows/0/yuan', '第 1 档第 1 档金额', 60],
      ['/award/tiers/rows/0/award/tiers/rows/1/yuan', '第 1 档第 2 档金额', 0.5],
      ['/award/tiers/rows/0/award/tiers/rows/1/cap', '第 1 档第 2 档封顶', 9],
      ['/award/tiers/rows/1/rate', '第 2 档比例', 0.1],
    ]);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.nat(10_000_000),
          fc.integer({ min: 1, max: 9999 }).map((n) => n / 100),
        ),
        (value) => {
          const range = rangeOf(value);
          const points = pointsOf(range, value).map(Number);
          expect(points).toContain(value);
          expect(points.length).toBeGreaterThan(1);
          expect(points.length).toBeLessThanOrEqual(27);
          expect(range.step).toBeGreaterThan(0);
          expect(points).toEqual(points.toSorted((a, b) => a - b));
        },
      ),
    );
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

it('says in Chinese which place of its document a part was taken from, of all that ship; what it cannot name it leaves as it is', () => {
  expect(
    ['/conditions/2/any/0/all/1', '/exclusions/0', '/amount', '/conditions/1/any/3/not', '/notes/0', '/amount/years'].map(sourcePlace),
  ).toEqual([...['条件第 3 条第 1 项第 2 目', '排除情形第 1 条', '金额', '条件第 2 条第 4 项的反面', '/notes/0', '/amount/years']]);
  const coversIn = (value: unknown): readonly string[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, one]) => (key === 'covers' ? ([one].flat() as string[]) : coversIn(one)));
  const files = globSync(resolve(import.meta.dirname, '../../rules/**/*.json'));
  const all = new Set(files.flatMap((file) => coversIn(JSON.parse(readFileSync(file, 'utf8')))));
  expect(all.size).toBeGreaterThan(20);
  expect([...all].filter((one) => sourcePlace(one).includes('/'))).toEqual([]);
});
