// Names as compared: what is one name in different spellings, what is not, and the laws that keep two firms apart.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coreOf, nearName, normalName } from '../../src/record/name.ts';

describe('one name', () => {
  test.each([
    ['样例（集团）机械有限公司', '样例(集团)机械有限公司'],
    ['样例 （ 集团 ）机械　有限公司', '样例(集团)机械有限公司'],
    ['样例ＡＢＣ科技有限公司', '样例abc科技有限公司'],
    ['样例【集团】机械有限公司', '样例〔集团〕机械有限公司'],
    ['“样例”机械有限公司', '样例机械有限公司'],
    ['样例•艾力机械厂', '样例·艾力机械厂'],
    ['样例\u200b机械\ufeff有限公司\u00a0', '样例机械有限公司'],
    ['样例—机械有限公司', '样例－机械有限公司'],
  ])('%s = %s', (a, b) => expect(normalName(a)).toBe(normalName(b)));
});

describe('two names', () => {
  test.each([
    ['样例机械有限公司', '样例机械有限责任公司'],
    ['样例机械有限公司', '样例机械股份有限公司'],
    ['样例机械有限公司', '样例机械'],
    ['样例（集团）机械有限公司', '样例机械有限公司'],
    ['样例一厂', '样例二厂'],
  ])('%s ≠ %s', (a, b) => expect(normalName(a)).not.toBe(normalName(b)));

  test('forms of the firm and brackets make names near, one letter does not', () => {
    expect(nearName('样例（集团）机械有限公司')).toBe(nearName('样例集团机械股份有限公司'));
    expect(nearName('样例机械有限责任公司')).toBe(nearName('样例机械有限公司'));
    expect(nearName('样例机楲有限公司')).not.toBe(nearName('样例机械有限公司'));
  });
});

describe('laws', () => {
  const piece = fc.oneof(
    fc.constantFrom(...'样例机械有限公司（）()【】〔〕ＡＢａｂ１２ 　·•・—－-“”\'"&＆ßŉﬁ①㈱ǆ'),
    fc.string({ unit: 'binary', maxLength: 2 }),
    fc.constantFrom('\u200b', '\u202e', '\ufe0f', '\u0301', '\ue123'),
  );
  const name = fc.array(piece, { maxLength: 14 }).map((parts) => parts.join('').toWellFormed());
  const wide = (text: string): string => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
  const options = { numRuns: process.env.ZHIXIANG_TEST_LONG === '1' ? 2000 : 500, seed: 7 };

  test('normalising twice is normalising once', () =>
    fc.assert(
      fc.property(name, (text) => normalName(normalName(text)) === normalName(text)),
      options,
    ));
  test('width, blanks and case say nothing', () =>
    fc.assert(
      fc.property(name, fc.nat({ max: 14 }), (text, at) => {
        const spaced = `${[...text].slice(0, at).join('')}　${[...text].slice(at).join('')}`;
        // A blank before a combining mark makes another character: marks are part of the letter before them.
        fc.pre(
          !/^\p{M}/u.test(
            [...text]
              .slice(at)
              .join('')
              .normalize('NFKC')
              .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}\s]/gu, ''),
          ),
        );
        expect(normalName(wide(text))).toBe(normalName(text));
        expect(normalName(spaced)).toBe(normalName(text));
      }),
      options,
    ));
  test('equal names have equal letters and figures: two different cores are never one name', () =>
    fc.assert(
      fc.property(name, name, (a, b) => {
        const letters = (text: string) =>
          text
            .normalize('NFKC')
            .toUpperCase()
            .normalize('NFKC')
            .replace(/[^\p{L}\p{N}]/gu, '');
        if (normalName(a) === normalName(b)) expect(letters(coreOf(a))).toBe(letters(coreOf(b)));
        fc.pre(/^[\p{Script=Han}A-Za-z0-9（）() ·-]*$/u.test(a + b));
        if (letters(a) !== letters(b)) expect(normalName(a)).not.toBe(normalName(b));
      }),
      options,
    ));
});
