// Check digits against numbers from the standards and real life, single-digit errors, and masking.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  citizenIdCheck,
  cnapsCheck,
  isAccount,
  isCitizenId,
  isCnaps,
  isEmail,
  isPhone,
  isScientific,
  isUscc,
  maskAccount,
  maskEmail,
  maskFileName,
  maskId,
  maskName,
  maskText,
  passesLuhn,
  plainCode,
  usccCheck,
} from '../../src/base/codes.ts';

const digits = (n: number) => fc.stringMatching(new RegExp(`^[0-9]{${n}}$`));

describe('check digits', () => {
  test('citizen ids: the standard example, a bad check, a day that does not exist, a small x', () => {
    expect(isCitizenId('11010519491231002X')).toBe(true);
    expect(isCitizenId('110105194912310021')).toBe(false);
    expect(isCitizenId(`11010519490229002${citizenIdCheck('11010519490229002')}`)).toBe(false);
    expect(isCitizenId('11010519491231002x')).toBe(false);
    expect(isCitizenId('110105491231002')).toBe(false);
  });

  test('USCC: the known example, forbidden letters, a bad check', () => {
    expect(isUscc('91350100M000100Y43')).toBe(true);
    expect(isUscc('91350100M000100Y44')).toBe(false);
    expect(isUscc('91350100I000100Y43')).toBe(false);
    expect(usccCheck('91350100M000100Y4')).toBe('3');
  });

  test('bank line numbers', () => {
    expect(isCnaps('313651027012')).toBe(true);
    expect(isCnaps('313651027013')).toBe(false);
    expect(isCnaps('31365102701')).toBe(false);
  });

  test('cards', () => {
    expect(passesLuhn('4539578763621486')).toBe(true);
    expect(passesLuhn('4539578763621487')).toBe(false);
    expect(passesLuhn('')).toBe(false);
  });

  test('every single changed digit of an id and of a line number is found', () => {
    fc.assert(
      fc.property(digits(11), fc.nat(10), fc.integer({ min: 1, max: 9 }), (eleven, at, by) => {
        const right = eleven + cnapsCheck(eleven);
        const wrong = right.slice(0, at) + String((Number(right[at]) + by) % 10) + right.slice(at + 1);
        return isCnaps(right) && !isCnaps(wrong);
      }),
    );
    fc.assert(
      fc.property(digits(17), fc.nat(16), fc.integer({ min: 1, max: 9 }), (first, at, by) => {
        const wrong = first.slice(0, at) + String((Number(first[at]) + by) % 10) + first.slice(at + 1);
        return citizenIdCheck(first) !== citizenIdCheck(wrong);
      }),
    );
  });
});

describe('shapes', () => {
  test('accounts, phones, mail, scientific notation', () => {
    expect(['6217000010001234567', '3300-1616-8350-5900-1234'].map(isAccount)).toEqual([true, true]);
    expect(['12345', '6.2170E+18', '6217 0000'].map(isAccount)).toEqual([false, false, false]);
    expect(['13800138000', '0871-68912345', '087168912345'].map(isPhone)).toEqual([true, true, true]);
    expect(['23800138000', '1380013800', '68912345'].map(isPhone)).toEqual([false, false, false]);
    expect([isEmail('a.b@example.cn'), isEmail('a@b'), isEmail('a b@c.cn'), isEmail('<a@b.cn>')]).toEqual([true, false, false, false]);
    expect(['1.10105E+17', '6.2170E18', '1e5', '11010519491231002X', '1E'].map(isScientific)).toEqual([true, true, true, false, false]);
  });

  test('full-width and spaced codes become plain', () => {
    expect(plainCode(' １１０１０５１９４９１２３１００２ｘ　')).toBe('11010519491231002X');
    expect(plainCode('6217 0000 1000')).toBe('621700001000');
  });
});

describe('masking', () => {
  test('keeps the last four and no more', () => {
    expect(maskId('11010519491231002X')).toBe('**************002X');
    expect(maskAccount('6217000010001234567')).toBe('***************4567');
    expect(maskId('123')).toBe('***');
    expect(maskName('张三')).toBe('张*');
    expect(maskName('欧阳小明')).toBe('欧***');
    expect(maskEmail('zhang@example.cn')).toBe('z***@example.cn');
  });

  test('free text never lets a long number through', () => {
    expect(maskText('身份证11010519491231002X，电话13800138000')).toBe('身份证**************002X，电话*******8000');
    expect(maskText('2026-01-31')).toBe('******1-31');
    fc.assert(fc.property(fc.string(), digits(18), fc.string(), (a, id, b) => !maskText(`${a}${id}${b}`, 500).includes(id)));
  });

  test('the name of a file keeps the batch and the day it is found by, and nothing of an account', () => {
    expect(maskFileName('PB2026041539A35BCABCD2.xml')).toBe('PB2026041539A35BCABCD2.xml');
    expect(maskFileName('回盘20260415-6217000010001234567.csv')).toBe('回盘20260415-***************4567.csv');
    fc.assert(fc.property(fc.string(), digits(18), fc.string(), (a, id, b) => !maskFileName(`${a}${id}${b}`).includes(id)));
  });
});
