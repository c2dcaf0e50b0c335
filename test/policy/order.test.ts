// Who goes first for a limited budget: by a day or a number, up or down. The key the match carries sorts as the values do, and what nobody knows goes last.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffItems } from '../../src/policy/diff.ts';
import type { BudgetOrder } from '../../src/policy/limit.ts';
import { itemText } from '../../src/policy/say.ts';
import { catalogue, compiled, decideFacts, problemsOf } from './fixture.ts';

const limited = (order: unknown, more: object = {}) => ({ budget: { kind: 'limited', yuan: 1000, order, ...more } });
const ranked = { give: 'ranked', cutoff: '11-30' };
const conditions = { fact: 'gender', operator: 'equal', value: '女' };
const who = { gender: '女', hukouRegion: '530128', birthDate: '1931-05-01', deathDate: null };
const award = { fixed: { yuan: 1 } };
const item = (order: BudgetOrder, more: object = {}) => compiled({ ...limited(order), conditions, award, ...more });
const keyOf = (order: BudgetOrder, facts: object): string | undefined => decideFacts(item(order), { ...who, ...facts }).orderKey;

describe('the order of a limited budget', () => {
  it('by a number sorts as the numbers do, and the other way round for desc', () => {
    const number = fc.oneof(
      fc.tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 12 })),
      fc.tuple(fc.bigInt({ min: -30n, max: 30n }), fc.integer({ min: 0, max: 2 })),
    );
    const text = ([n, places]: readonly [bigint, number]): string =>
      `${n < 0n ? '-' : ''}${String(n < 0n ? -n : n)
        .padStart(places + 1, '0')
        .replace(new RegExp(`(\\d{${places}})$`), places === 0 ? '' : '.$1')}`;
    const compare = ([a, x]: readonly [bigint, number], [b, y]: readonly [bigint, number]): number => {
      const [p, q] = [a * 10n ** BigInt(y), b * 10n ** BigInt(x)];
      return p < q ? -1 : p > q ? 1 : 0;
    };
    const [up, down] = [item({ by: 'income' }), item({ by: 'income', direction: 'desc' })];
    const key = (of: typeof up, n: readonly [bigint, number]) =>
      decideFacts(of, { ...who, income: n[1] === 0 ? String(n[0]) : text(n) }).orderKey as string;
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [x, y] = [key(up, a), key(up, b)];
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(compare(a, b));
        const [v, w] = [key(down, a), key(down, b)];
        expect(v < w ? 1 : v > w ? -1 : 0).toBe(compare(a, b));
        for (const k of [x, y, v, w]) expect(k < '9999-12-31').toBe(true);
      }),
      { seed: 20_260_131, numRuns: 300 },
    );
  });

  it('by a day is the day itself, and from late to early its mirror', () => {
    const early = { birthDate: '1931-05-01' };
    const late = { birthDate: '1931-05-02' };
    expect(keyOf('birthDate', early)).toBe('1931-05-01');
    expect(keyOf({ by: 'birthDate' }, early)).toBe('1931-05-01');
    const [a, b] = [early, late].map((facts) => keyOf({ by: 'birthDate', direction: 'desc' }, facts) as string);
    expect((a as string) > (b as string)).toBe(true);
    expect((a as string) < '9999-12-31').toBe(true);
  });

  it('may be a fact of the item, and the end of the period', () => {
    const facts = { score: { text: '得分', feel: 'income * 2' } };
    const d = decideFacts(item({ by: 'score', direction: 'desc' }, { facts }), { ...who, income: '10' });
    expect(d.orderKey).toBe(keyOf({ by: 'income', direction: 'desc' }, { income: '20' }));
    expect(keyOf('period.end', {})).toBe('2026-01-31');
  });

  it('is read for the evidence, and is nothing where nobody knows or nobody is eligible', () => {
    const order = { by: 'income', direction: 'desc' } as const;
    expect(decideFacts(item(order), { ...who, income: '7' }).read.some((r) => r.fact === 'income')).toBe(true);
    expect(item(order).reads.some((r) => r.path === 'income')).toBe(true);
    for (const facts of [{}, { income: null }, { income: '7', gender: '男' }]) expect(keyOf(order, facts)).toBeUndefined();
    expect(decideFacts(compiled({ conditions, award }), { ...who, income: '7' }).orderKey).toBeUndefined();
  });

  it.each<[BudgetOrder, string]>([
    ['birthDate', '按出生日期先后'],
    [{ by: 'birthDate', direction: 'desc' }, '按出生日期从晚到早'],
    [{ by: 'income', direction: 'desc' }, '按月收入从高到低'],
    [{ by: 'income' }, '按月收入从低到高'],
    ['period.end', '先到期的先发'],
  ])('%j is said', (order, text) => expect(itemText(item(order), catalogue)).toContain(`预算：1,000 元，用完为止，${text}`));

  it('of a rank is from the highest', () => {
    const item = compiled({ ...limited('income', ranked), conditions, award });
    expect(itemText(item, catalogue)).toContain('按月收入从高到低');
    const [more, less] = ['10', '9'].map((income) => decideFacts(item, { ...who, income }).orderKey as string);
    expect((more as string) < (less as string)).toBe(true);
  });

  it('made another is a difference', () => {
    const [before, after] = [item('income'), item({ by: 'income', direction: 'desc' })];
    expect(diffItems(before, after, catalogue).map((d) => `${d.part} ${d.kind}`)).toEqual(['预算 changed']);
  });

  it.each<[string, object, string]>([
    ['an unknown fact', limited('incme'), 'rule.unknown-fact /budget/order'],
    ['an unknown fact by name', limited({ by: 'incme' }), 'rule.unknown-fact /budget/order/by'],
    ['a fact without an order', limited('gender'), 'rule.type /budget/order'],
    ['a rank by a day', limited('birthDate', ranked), 'rule.order /budget/order'],
    ['a rank from the lowest', limited({ by: 'income', direction: 'asc' }, ranked), 'rule.order /budget/order/by'],
    ['a list', limited(['income']), 'rule.shape /budget/order'],
    ['nothing', limited(undefined), 'rule.shape /budget/order'],
    ['another direction', limited({ by: 'income', direction: 'up' }), 'rule.value /budget/order/direction'],
    ['another key', limited({ by: 'income', order: 'desc' }), 'rule.unknown-key /budget/order/order'],
    [
      'a claim in another order',
      {
        ...limited({ by: 'income' }),
        limits: [{ claim: { kind: 'person', object: 'note', group: 'g', per: 'ever', orderBy: 'birthDate' } }],
      },
      'rule.order /limits/0/claim/orderBy',
    ],
  ])('%s is refused', (_, change, problem) => expect(problemsOf({ ...change, conditions, award })).toEqual([problem]));
});
