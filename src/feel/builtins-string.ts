// FEEL's string built-ins. Positions count characters from 1, negative from the end.

import { fromInt, type Rational, round } from '../base/rational.ts';
import type { Builtin } from './builtin.ts';
import { formatValue } from './format.ts';
import { matchable, sized } from './frame.ts';
import { patternOf, replacementOf } from './pattern.ts';
import { characters, count, row } from './row.ts';
import type { Value } from './value.ts';

const substring = (text: string, start: Rational, length?: Rational | null): Value => {
  const all = characters(text);
  const from = count(round(start, 0, 'down'));
  const size = length === undefined || length === null ? all.length : count(round(length, 0, 'down'));
  if (from === null || from === 0 || size === null || size < 1) return from === 0 || from === null ? null : '';
  const begin = from > 0 ? from - 1 : all.length + from;
  return begin < 0 || begin >= all.length ? '' : all.slice(begin, begin + size).join('');
};

const before = (text: string, match: string): Value => {
  const i = text.indexOf(match);
  return i < 0 ? '' : text.slice(0, i);
};

const after = (text: string, match: string): Value => {
  const i = text.indexOf(match);
  return i < 0 ? '' : text.slice(i + match.length);
};

const matches = (input: string, pattern: string, flags?: string | null): Value => {
  const p = patternOf(pattern, flags ?? '');
  matchable(input, pattern);
  return p === null ? null : p.matcher(input).find();
};

const replace = (input: string, pattern: string, replacement: string, flags?: string | null): Value => {
  const p = patternOf(pattern, flags ?? '');
  const quoted = (flags ?? '').includes('q');
  const write = quoted ? () => replacement : replacementOf(replacement);
  // A pattern that matches nothing at all would be replaced between all characters: XPath calls it an error.
  if (p === null || write === null || p.matcher('').find()) return null;
  matchable(input, pattern);
  const m = p.matcher(input);
  let out = '';
  let end = 0;
  while (m.find()) {
    const groups = Array.from({ length: m.groupCount() + 1 }, (_, i) => m.group(i) ?? null);
    out += input.slice(end, m.start()) + write(groups);
    end = m.end();
    sized(out);
  }
  return out + input.slice(end);
};

const split = (text: string, delimiter: string): Value => {
  const p = patternOf(delimiter, '');
  if (p === null || p.matcher('').find()) return null;
  matchable(text, delimiter);
  const out: string[] = [];
  const m = p.matcher(text);
  let end = 0;
  while (m.find()) {
    out.push(text.slice(end, m.start()));
    end = m.end();
  }
  return [...out, text.slice(end)];
};

const join = (list: readonly (string | null)[], delimiter?: string | null): Value => {
  const text = list.filter((e) => e !== null).join(delimiter ?? '');
  return sized(text);
};

export const stringBuiltins: readonly Builtin[] = [
  row('string length(string: string): number', '字数', '{1} 的字数', '字符个数。', (s: string) => fromInt(characters(s).length), [
    ['string length("直享")', '2'],
    ['string length("")', '0'],
    ['string length("🐎")', '1'],
  ]),
  row(
    'substring(string: string, start position: number, length?: number?): string',
    '截取',
    '{1} 从第 {2} 个字起[的 {3} 个字]',
    '位置从 1 数起，负数从末尾数。',
    substring,
    [
      ['substring("foobar", 3)', 'obar'],
      ['substring("530128198001011234", 7, 4)', '1980'],
      ['substring("foobar", -2, 1)', 'a'],
    ],
  ),
  row('upper case(string: string): string', '转大写', '{1} 的大写', '字母转为大写。', (s: string) => s.toUpperCase(), [
    ['upper case("aBc4")', 'ABC4'],
    ['upper case("x")', 'X'],
    ['upper case("")', ''],
  ]),
  row('lower case(string: string): string', '转小写', '{1} 的小写', '字母转为小写。', (s: string) => s.toLowerCase(), [
    ['lower case("aBc4")', 'abc4'],
    ['lower case("X")', 'x'],
    ['lower case("")', ''],
  ]),
  row('substring before(string: string, match: string): string', '之前部分', '{1} 中 {2} 之前的部分', '找不到时为空文字。', before, [
    ['substring before("foobar", "bar")', 'foo'],
    ['substring before("foobar", "x")', ''],
    ['substring before("2026-01", "-")', '2026'],
  ]),
  row('substring after(string: string, match: string): string', '之后部分', '{1} 中 {2} 之后的部分', '找不到时为空文字。', after, [
    ['substring after("foobar", "ob")', 'ar'],
    ['substring after("foobar", "x")', ''],
    ['substring after("2026-01", "-")', '01'],
  ]),
  row(
    'contains(string: string, match: string): boolean',
    '包含文字',
    '{1} 包含 {2}',
    '文字中是否出现。',
    (s: string, m: string) => s.includes(m),
    [
      ['contains("高新技术企业", "高新")', 'true'],
      ['contains("foobar", "of")', 'false'],
      ['contains("abc", "")', 'true'],
    ],
  ),
  row(
    'starts with(string: string, match: string): boolean',
    '开头是',
    '{1} 以 {2} 开头',
    '文字是否以它开头。',
    (s: string, m: string) => s.startsWith(m),
    [
      ['starts with("530128", "53")', 'true'],
      ['starts with("foobar", "ba")', 'false'],
      ['starts with("a", "")', 'true'],
    ],
  ),
  row(
    'ends with(string: string, match: string): boolean',
    '结尾是',
    '{1} 以 {2} 结尾',
    '文字是否以它结尾。',
    (s: string, m: string) => s.endsWith(m),
    [
      ['ends with("foobar", "r")', 'true'],
      ['ends with("foobar", "o")', 'false'],
      ['ends with("", "")', 'true'],
    ],
  ),
  row(
    'matches(input: string, pattern: string, flags?: string?): boolean',
    '符合格式',
    '{1} 符合格式 {2}',
    '正则表达式（线性时间）；读不懂的格式为空。',
    matches,
    [
      ['matches("foobar", "^fo*b")', 'true'],
      ['matches("530128", "^\\d{6}$")', 'true'],
      ['matches("abc", "[A-Z]", "i")', 'true'],
    ],
  ),
  row(
    'replace(input: string, pattern: string, replacement: string, flags?: string?): string',
    '替换',
    '{1} 中 {2} 换成 {3}',
    '$1 指第一个分组。',
    replace,
    [
      ['replace("abracadabra", "bra", "*")', 'a*cada*'],
      ['replace("2026-01", "(\\d+)-(\\d+)", "$2/$1")', '01/2026'],
      ['replace("abc", "[A-Z]", "#", "i")', '###'],
    ],
  ),
  row('split(string: string, delimiter: string): list<string>', '拆分', '{1} 按 {2} 拆开', '按分隔符拆成清单。', split, [
    ['split("a;b;c", ";")', '["a", "b", "c"]'],
    ['split("John Doe", "\\s")', '["John", "Doe"]'],
    ['split("", ",")', '[""]'],
  ]),
  row(
    'string join(list: list<any>, delimiter?: string?): string',
    '连接',
    '{1} 连成一段[，以 {2} 相隔]',
    '空值跳过。',
    null,
    [
      ['string join(["a", "b", "c"], "、")', 'a、b、c'],
      ['string join(["a", null, "c"], "-")', 'a-c'],
      ['string join([])', ''],
    ],
    {
      runIn: (_, list: readonly Value[], delimiter?: string | null) =>
        list.every((e) => e === null || typeof e === 'string') ? join(list as readonly (string | null)[], delimiter) : null,
    },
  ),
  row(
    'string(from: any): string',
    '转文字',
    '{1}',
    '任何值写成文字；空值仍为空。',
    (v: Value) => (v === null ? null : formatValue(v)),
    [
      ['string(1.1)', '1.1'],
      ['string(@"2026-01-31")', '2026-01-31'],
      ['string([1, "a"])', '[1, "a"]'],
    ],
    { unknown: 'deep' },
  ),
];
