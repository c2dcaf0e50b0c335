// Yuan in and out: exact or refused; capitals as on a voucher.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatYuan, parseYuan, yuanInCapitals, yuanText } from '../../src/base/amount.ts';

describe('reading yuan', () => {
  test('is exact or refused', () => {
    expect(parseYuan('1234.5')).toBe(123450n);
    expect(parseYuan('1,234.50')).toBe(123450n);
    expect(parseYuan('-0.01')).toBe(-1n);
    expect(parseYuan('0.1000')).toBe(10n);
    expect(parseYuan('90071992547409.93')).toBe(9007199254740993n);
    for (const bad of ['', '1.234', '12,34.5', '1,2345', '1e3', '１２', '1 234', '¥5', '.5', '5.', '+5', '--5', 'NaN'])
      expect(parseYuan(bad)).toBeNull();
  });

  test('is the inverse of writing', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (fen) => parseYuan(yuanText(fen)) === fen));
  });
});

describe('writing yuan', () => {
  test('groups thousands, names 万元 from a million on', () => {
    expect(formatYuan(123450n)).toBe('1,234.50 元');
    expect(formatYuan(0n)).toBe('0.00 元');
    expect(formatYuan(-5n)).toBe('-0.05 元');
    expect(formatYuan(99_999_999n)).toBe('999,999.99 元');
    expect(formatYuan(200_000_000n)).toBe('2,000,000.00 元（200 万元）');
    expect(formatYuan(123_456_789n)).toBe('1,234,567.89 元（123.456789 万元）');
    expect(formatYuan(-1_234_500_000_000n)).toBe('-12,345,000,000.00 元（-1,234,500 万元）');
  });

  test.each([
    [0n, '人民币零元整'],
    [1n, '人民币壹分'],
    [50n, '人民币伍角整'],
    [123450n, '人民币壹仟贰佰叁拾肆元伍角整'],
    [100001n, '人民币壹仟元零壹分'],
    [100010n, '人民币壹仟元壹角整'],
    [1_000_000n, '人民币壹万元整'],
    [10_000_500n, '人民币壹拾万零伍元整'],
    [1_000_000_000_000n, '人民币壹佰亿元整'],
    [1_000_100_000_000n, '人民币壹佰亿零壹佰万元整'],
    [1_060_012n, '人民币壹万零陆佰元壹角贰分'],
    [160_950n, '人民币壹仟陆佰零玖元伍角整'],
    [-100n, '人民币负壹元整'],
  ])('%s 分 in capitals', (fen, text) => {
    expect(yuanInCapitals(fen)).toBe(text);
  });

  test('capitals beyond every budget are refused', () => {
    expect(() => yuanInCapitals(10n ** 23n)).toThrow(RangeError);
  });
});
