// Money: every form and modifier, rounding, instalments, and what stays bounded or unknown when something is not known.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awardText, compiled, decideFacts } from './fixture.ts';

const born = { birthDate: '1930-05-01' };

describe('forms', () => {
  it.each([
    [{ fixed: { yuan: 50000 } }, {}, '50000.00'],
    [{ perUnit: { yuan: 1500, count: 'months' } }, { months: 5 }, '7500.00'],
    [{ perUnit: { yuan: 1500, count: 'months', maxCount: 3 } }, { months: 5 }, '4500.00'],
    [{ perUnit: { yuan: 100, count: 'income', step: 1000 } }, { income: 3999 }, '300.00'],
    [{ perUnit: { yuan: { fact: 'capFact' }, count: 'months' } }, { months: 2, capFact: '10.5' }, '21.00'],
    [{ rate: { base: 'expense', rate: 0.6 } }, { expense: 12000 }, '7200.00'],
    [{ rate: { base: 'expense', rate: '2/3' } }, { expense: 100 }, '66.67'],
    [{ rate: { base: 'expense', rate: 0.5, deductible: 1000 } }, { expense: 900 }, '0.00'],
    [{ rate: { base: 'expense', rate: 0.5, deductible: 1000, baseCap: 5000 } }, { expense: 9000 }, '2000.00'],
    [{ rate: { base: 'savings', rate: '0.01' } }, { savings: '2.5' }, '250.00'],
    [{ rate: { base: 'expense', rate: 0.6 } }, { expense: null }, '0.00'],
    [
      { brackets: { base: 'expense', rows: [{ upTo: 1000, rate: 0.1 }, { upTo: 5000, rate: 0.2 }, { rate: 0.3 }] } },
      { expense: 6000 },
      '1200.00',
    ],
    [
      { sum: [{ fixed: { yuan: 10 } }, { fixed: { yuan: 20 }, when: { fact: 'disabled', operator: 'equal', value: true } }] },
      { disabled: false },
      '10.00',
    ],
    [{ highest: [{ fixed: { yuan: 10 } }, { rate: { base: 'expense', rate: 0.1 } }] }, { expense: 500 }, '50.00'],
    [{ lowest: [{ fixed: { yuan: 10 } }, { rate: { base: 'expense', rate: 0.1 } }] }, { expense: 500 }, '10.00'],
    [{ formula: 'income * 2 - 1' }, { income: '0.75' }, '0.50'],
    [{ formula: 'income - 100' }, { income: 10 }, '0.00'],
    [{ formula: 'parameter("minWage") * 0.5' }, {}, '1000.00'],
  ])('%j on %j is %s', (award, facts, expected) => {
    expect(awardText(award, facts)).toBe(expected);
  });
});

describe('tiers', () => {
  const age = { tiers: { by: 'age', rows: [{ below: 90, yuan: 60 }, { below: 100, yuan: 120 }, { yuan: 500 }] } };
  it.each([
    ['1937-01-01', '60.00'],
    ['1936-01-01', '120.00'],
    ['1926-01-01', '500.00'],
    [null, '0.00'],
  ])('born %s: %s', (birthDate, expected) => {
    expect(awardText(age, { birthDate })).toBe(expected);
  });
  it('is bounded by nothing and the highest row or a cap while the age is unknown: there may be none', () => {
    expect(awardText(age, {})).toBe('0.00–500.00');
    expect(awardText({ ...age, cap: 60 }, {})).toBe('0.00–60.00');
  });
  it('gives rates, nested awards, row caps, values of a category, and the highest row that fits', () => {
    const status = (facts: Record<string, unknown>) =>
      awardText(
        {
          tiers: {
            by: 'status',
            base: 'expense',
            rows: [{ is: '特困', rate: 1 }, { is: ['低保'], rate: '0.7', cap: 500 }, { award: { fixed: { yuan: 7 } } }],
          },
        },
        { ...born, ...facts },
      );
    expect(status({ status: '特困', expense: 1000 })).toBe('1000.00');
    expect(status({ status: '低保', expense: 1000 })).toBe('500.00');
    expect(status({ status: '普通', expense: 1000 })).toBe('7.00');
    expect(status({ status: null, expense: 1000 })).toBe('0.00');
    expect(status({ expense: 1000 })).toBe('0.00–1000.00');
    const highest = {
      tiers: {
        select: 'highest',
        rows: [
          { when: { fact: 'disabled', operator: 'equal', value: true }, yuan: 80 },
          { when: { fact: 'income', operator: 'lessThan', value: 100 }, yuan: 90 },
        ],
      },
    };
    expect(awardText(highest, { ...born, disabled: true, income: 50 })).toBe('90.00');
    expect(awardText(highest, { ...born, disabled: true, income: 500 })).toBe('80.00');
    expect(awardText(highest, { ...born, disabled: true })).toBe('80.00–90.00');
  });
});

describe('modifiers, in their order', () => {
  const base = { rate: { base: 'expense', rate: 1 } };
  it.each([
    [{ multiplier: '1.5' }, 100, '150.00'],
    [{ multiplier: { fact: 'months' } }, 100, '300.00'],
    [{ prorate: { part: 'months', of: 12 } }, 100, '25.00'],
    [{ prorate: { part: 24, of: 12 } }, 100, '100.00'],
    [{ minimum: 100 }, '99.99', '0.00'],
    [{ minimum: 100 }, 100, '100.00'],
    [{ minimum: 100, floor: 200 }, 50, '0.00'],
    [{ floor: 200 }, 50, '200.00'],
    [{ cap: 500 }, 600, '500.00'],
    [{ cap: { fact: 'capFact' } }, 600, '550.00'],
    [{ multiplier: 2, cap: 500 }, 300, '500.00'],
    [{ cap: 500, deduct: 'income' }, 900, '300.00'],
    [{ deduct: 'income' }, 100, '0.00'],
    [{ rounding: { to: 'yuan', mode: 'half-up' } }, '10.5', '11.00'],
    [{ rounding: { to: 'yuan', mode: 'down' } }, '10.99', '10.00'],
    [{ rounding: { to: 'yuan', mode: 'up' } }, '10.01', '11.00'],
    [{ rounding: { to: 'yuan', mode: 'half-even' } }, '10.5', '10.00'],
    [{ rounding: { to: 'jiao', mode: 'half-up' } }, '10.25', '10.30'],
    [{}, '0.005', '0.01'],
  ])('%j on %s is %s', (modifiers, expense, expected) => {
    expect(awardText({ ...base, ...modifiers }, { expense, months: 3, capFact: 550, income: 200 })).toBe(expected);
  });
  it('reads what was paid, and never goes below 0', () => {
    const item = compiled({
      conditions: { fact: 'gender', operator: 'equal', value: '女' },
      award: { fixed: { yuan: 1000 }, deduct: 'paid("quarter-part", "2026")' },
    });
    const paid = (amount: string) =>
      decideFacts(item, { gender: '女' }, { paid: [{ item: 'quarter-part', period: '2026-01', amount }] }).amountFen;
    expect([paid('300.50'), paid('1000.01'), decideFacts(item, { gender: '女' }).amountFen]).toEqual([69950n, 0n, 100000n]);
  });
});

describe('what is not known', () => {
  it.each([
    [{ rate: { base: 'expense', rate: 0.6 } }, {}, '?'],
    [{ rate: { base: 'expense', rate: 0.6 }, cap: 500 }, {}, '0.00–500.00'],
    [{ rate: { base: 'expense', rate: 0.6 }, floor: 500, cap: 500 }, {}, '500.00'],
    [{ rate: { base: 'expense', rate: 0.6, baseCap: 1000 } }, {}, '0.00–600.00'],
    [{ fixed: { yuan: 600 }, cap: { fact: 'capFact' } }, {}, '0.00–600.00'],
    [{ fixed: { yuan: 600 }, cap: { fact: 'capFact' } }, { capFact: null }, '600.00'],
    [{ fixed: { yuan: 600 }, deduct: 'income' }, {}, '0.00–600.00'],
    [{ formula: 'income / 0' }, { income: 1 }, '?'],
    [
      { sum: [{ fixed: { yuan: 10 } }, { fixed: { yuan: 20 }, when: { fact: 'disabled', operator: 'equal', value: true } }] },
      {},
      '10.00–30.00',
    ],
    [{ lowest: [{ fixed: { yuan: 10 } }, { rate: { base: 'expense', rate: 0.1 } }] }, {}, '0.00–10.00'],
    [
      { highest: [{ fixed: { yuan: 10 } }, { fixed: { yuan: 20 }, when: { fact: 'disabled', operator: 'equal', value: true } }] },
      {},
      '10.00–20.00',
    ],
  ])('%j on %j is %s', (award, facts, expected) => {
    expect(awardText(award, facts)).toBe(expected);
  });
});

describe('instalments', () => {
  const item = (parts: unknown) => ({
    facts: { since: { text: '已过年数', feel: 'period.end.year - birthDate.year' } },
    instalments: { yearsSince: 'since', parts },
  });
  const thirds = item([
    { year: 0, share: '1/3' },
    { year: 1, share: '1/3' },
    { year: 2, share: '1/3', when: { fact: 'status', operator: 'notEqual', value: '特困' } },
  ]);
  const part = (birthDate: unknown, more: Record<string, unknown> = {}) =>
    awardText({ fixed: { yuan: 100 } }, { status: '普通', birthDate, ...more }, thirds);
  it('pays the part that is due; the parts of a whole add up to it', () => {
    expect([part('2026-01-01'), part('2025-01-01'), part('2024-01-01')]).toEqual(['33.33', '33.34', '33.33']);
    expect(part('2020-01-01')).toBe('0.00');
  });
  it('checks the later part again', () => {
    expect(part('2024-01-01', { status: '特困' })).toBe('0.00');
    expect(part('2024-01-01', { status: undefined })).toBe('0.00–33.33');
  });
});

describe('steps', () => {
  it('are plain Chinese and end at the amount', () => {
    const i = compiled({
      conditions: { fact: 'gender', operator: 'equal', value: '女' },
      award: { rate: { base: 'expense', rate: '0.6' }, cap: 5000, rounding: { to: 'yuan', mode: 'half-up' } },
    });
    const award = decideFacts(i, { gender: '女', expense: 12000 }).lines[0]?.award;
    expect(award?.state === 'known' ? award.steps.map((s) => s.text) : []).toEqual([
      '自付费用 12,000.00 元 × 60% = 7,200.00 元',
      '封顶 5,000.00 元',
    ]);
    const low = decideFacts(i, { gender: '女', expense: '1000.9' }).lines[0]?.award;
    expect(low?.state === 'known' ? low.steps.map((s) => [s.text, s.yuan]) : []).toEqual([
      ['自付费用 1,000.90 元 × 60% = 600.54 元', '600.54'],
      ['四舍五入到元，为 601.00 元', '601'],
    ]);
  });
});

describe('money against rationals', () => {
  it('a rate of any base is the exact product, rounded half up once', () => {
    const item = compiled({
      conditions: { fact: 'gender', operator: 'equal', value: '女' },
      award: { rate: { base: 'expense', rate: { fact: 'months' } } },
    });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.bigInt({ min: 0n, max: 10n ** 6n }), (base, rate) => {
        const text = (n: bigint, digits: bigint) => `${n / 10n ** digits}.${String(n % 10n ** digits).padStart(Number(digits), '0')}`;
        const got = decideFacts(item, { gender: '女', expense: text(base, 2n), months: text(rate, 4n) }).amountFen;
        const product = base * rate;
        return got === (product + 5000n) / 10000n;
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
