// Money and ratios as people read them: 「12,000.00 元」, 「60%」. Text only; computing is elsewhere.
import { mul, parseDecimal, type Rational, toDecimalString } from '../base/rational.ts';

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** `plain`: decimal text without grouping; `text`: 「12,000.00 元」, at least two decimals, at most six. */
export const money = (yuan: Rational): { readonly plain: string; readonly text: string } => {
  const plain = toDecimalString(yuan, 10);
  const [whole = '0', fraction = ''] = toDecimalString(yuan, 6).split('.');
  const negative = whole.startsWith('-');
  return { plain, text: `${negative ? '-' : ''}${grouped(negative ? whole.slice(1) : whole)}.${fraction.padEnd(2, '0')} 元` };
};

/** 「12,000 元」「93.21 元」: as rules are read aloud, where nobody adds columns. */
export const plainMoney = (yuan: Rational): string => money(yuan).text.replace(/\.00 元$/, ' 元');

/** 分 → `1234.50`, as examples and interfaces write it. */
export const fenDecimal = (fen: bigint): string => {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0');
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** A number with grouping, at most six decimals: 「1,200.5」. */
export const share = (n: Rational): string => {
  const [whole = '0', fraction] = toDecimalString(n, 6).split('.');
  const negative = whole.startsWith('-');
  return `${negative ? '-' : ''}${grouped(negative ? whole.slice(1) : whole)}${fraction === undefined ? '' : `.${fraction}`}`;
};

const hundred = parseDecimal('100') as Rational;

/** A ratio below or at 1 as a percentage where that is short (60%, 2.5%), else as a number or fraction. */
export const percent = (n: Rational): string => {
  const p = mul(n, hundred);
  const text = toDecimalString(p, 4);
  const back = parseDecimal(text);
  const exact = back !== null && back.num === p.num && back.den === p.den;
  return exact ? `${text}%` : `${n.num}/${n.den}`;
};
