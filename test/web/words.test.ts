// What periods are called where people read them.
import { expect, it } from 'vitest';
import { periodKeyText, periodText } from '../../src/web/words.ts';

it.each([
  ['2026-04', '2026年4月'],
  ['2026Q1', '2026年一季度'],
  ['2026', '2026年'],
  ['once', '一次性'],
  ['PX90000401', '单号尾号 0401'],
  ['窗口登记', '窗口登记'],
])('calls the period %s “%s”, also where its number was masked on the way', (key, text) => {
  expect(periodText(key)).toBe(text);
  expect(periodText(periodKeyText(key))).toBe(text);
});
