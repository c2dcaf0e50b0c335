// The difference of two versions, in Chinese, by structure.
import { describe, expect, it } from 'vitest';
import { diffItems } from '../../src/policy/diff.ts';
import { catalogue, compiled } from './fixture.ts';

const leaf = (fact: string, operator: string, value: unknown, more: object = {}) => ({ fact, operator, value, ...more });
const all = (...leaves: object[]) => ({ conditions: { all: leaves } });
const home = leaf('hukouRegion', 'within', '530128');
const old = leaf('age', 'greaterThanInclusive', 80);

const texts = (a: object, b: object): readonly string[] =>
  diffItems(compiled({ ...all(home, old), ...a }), compiled({ ...all(home, old), ...b }), catalogue).map((d) => d.text);

describe('the difference of two versions', () => {
  it('is nothing for the same, in another order, with other remarks', () => {
    expect(texts({}, {})).toEqual([]);
    expect(texts({}, all({ ...old, text: '高龄', clause: '第二条' }, home))).toEqual([]);
  });
  it('tells conditions added, removed and changed', () => {
    expect(texts({}, all(home, leaf('age', 'greaterThanInclusive', 70)))).toEqual([
      expect.stringMatching(/^条件：改变「.*80 ?岁.*」改为「.*70 ?岁.*」$/),
    ]);
    expect(texts({}, all(home, old, leaf('disabled', 'equal', true)))).toEqual([expect.stringMatching(/^条件：增加「.*残疾证.*」$/)]);
    expect(texts(all(home, old, leaf('disabled', 'equal', true)), {})).toEqual([expect.stringMatching(/^条件：取消「.*残疾证.*」$/)]);
  });
  it('finds the changed one inside a group, and says nothing of its neighbours', () => {
    const choice = (limit: number) => ({ any: [leaf('status', 'equal', '低保'), leaf('income', 'lessThan', limit)] });
    const told = diffItems(compiled(all(home, choice(500))), compiled(all(choice(800), home)), catalogue);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ kind: 'changed', part: '条件', at: '/conditions/all/0/any/1' });
    expect([told[0]?.before, told[0]?.after]).toEqual([expect.stringContaining('500'), expect.stringContaining('800')]);
  });
  it('tells conditions of the payment, and a lone condition become a group', () => {
    const payment = leaf('disabled', 'equal', true, { checkAt: 'payment' });
    expect(texts({}, all(home, old, payment))).toEqual([expect.stringMatching(/^条件：增加/)]);
    expect(texts({ conditions: home }, all(home, old))).toEqual([expect.stringMatching(/^条件：增加「.*80 ?岁.*」$/)]);
  });
  it('tells amounts, limits, steps, dates and names', () => {
    const tiers = (top: number) => ({ award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 60 }, { yuan: top }] } } });
    expect(texts(tiers(500), tiers(600))).toEqual([expect.stringMatching(/^标准：改变「.*500.*」改为「.*600.*」$/)]);
    expect(texts({}, { limits: [{ once: 'period' }, { times: { count: 2, per: 'year' } }] })).toEqual(['限制：增加「每年最多 2 次」']);
    expect(texts({}, { flow: { first: ['guard', 'review', 'notice', 'pay'], continuing: ['guard', 'pay'] } })).toEqual([
      expect.stringMatching(/^流程：改变「首次符合：.*」改为「首次符合：.*部门审核.*」$/),
    ]);
    expect(texts({}, { effective: { from: '2026-01-01', to: null } })).toEqual(['施行日期：改变「2025年1月1日起」改为「2026年1月1日起」']);
    expect(texts({}, { title: '敬老津贴' })[0]).toMatch(/^名称：改变/);
  });
  it('turned around, adds what it removed', () => {
    const [a, b] = [compiled(all(home)), compiled(all(home, old))];
    const mirror = (kind: string): string => (kind === 'added' ? 'removed' : kind === 'removed' ? 'added' : kind);
    expect(diffItems(a, b, catalogue).map((d) => mirror(d.kind))).toEqual(diffItems(b, a, catalogue).map((d) => d.kind));
  });
});
