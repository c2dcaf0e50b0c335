// Numbers and days as a sheet's XML has them, as text: exact decimal arithmetic on digits, no floating point anywhere near money.
import { type DateSystem, dayOfSerial } from './serial.ts';

/** A spreadsheet keeps 15 digits; what a file writes beyond them is the shadow of binary fractions (`1.1` is written `1.1000000000000001`). */
const keptDigits = 15;

/**
 * Decimal text of a numeric cell, rounded to the 15 digits a spreadsheet keeps and shows. A whole part of more digits has lost its last ones in the
 * spreadsheet: it stays in scientific notation (`1.10105E+17`), which every reader of cells refuses. null when it is no number.
 */
export const decimalOf = (written: string): string | null => {
  if (/^-?\d{1,15}$/.test(written)) return written;
  const m = /^(-?)(\d{1,40})(?:\.(\d{1,400}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(written);
  if (m === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = m;
  const all = (whole + fraction).replace(/^0+/, '');
  if (all === '') return '0';
  // value = 0.digits × 10^point
  const leading = (whole + fraction).length - all.length;
  const rounded = roundDigits(all, keptDigits);
  const point = whole.length - leading + Number(exponent) + (rounded.carried ? 1 : 0);
  const digits = rounded.digits.replace(/0+$/, '');
  if (point > keptDigits || point < -30) return scientific(sign, digits, point - 1);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
};

const scientific = (sign: string, digits: string, exponent: number): string => {
  const rest = digits.slice(1);
  return `${sign}${digits.charAt(0)}${rest === '' ? '' : `.${rest}`}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
};

/** Half away from zero, as spreadsheets show it. `carried`: 999… became 1000…. */
const roundDigits = (digits: string, keep: number): { readonly digits: string; readonly carried: boolean } => {
  if (digits.length <= keep) return { digits, carried: false };
  const head = digits.slice(0, keep);
  if (digits.charCodeAt(keep) < 53) return { digits: head, carried: false };
  const up = (BigInt(head) + 1n).toString();
  return { digits: up, carried: up.length > keep };
};

/** What a number format shows of a serial number; `none`: a plain number. */
export type Shown = 'none' | 'day' | 'month';

/** Built-in formats that show days or months, Chinese ones included (ECMA-376 part 1, 18.8.30). */
const builtinDays = new Set([14, 15, 16, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 56, 57, 58]);
const builtinMonths = new Set([17, 27, 36, 50, 52, 57]);

/** By the number format's id and, for own formats, its code. A format of hours alone shows no day. */
export const shownBy = (id: number, code: string | undefined): Shown => {
  if (code === undefined) return builtinMonths.has(id) ? 'month' : builtinDays.has(id) ? 'day' : 'none';
  const bare = code
    .split(';', 1)
    .join('')
    .replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '')
    .toLowerCase();
  if (/^general$/.test(bare) || !/[yd]/.test(bare)) return 'none';
  return /d/.test(bare) ? 'day' : /m/.test(bare) ? 'month' : 'day';
};

/** `2026-01-31`, `2026-01` for a first of a month shown without its day, `2026-01-31 08:30:00` with a time; null where the number is no such day. */
export const dayText = (written: string, system: DateSystem, shown: Shown): string | null => {
  const decimal = decimalOf(written);
  if (decimal === null || !/^\d{1,7}(?:\.\d+)?$/.test(decimal)) return null;
  const [whole = '', fraction] = decimal.split('.');
  const day = dayOfSerial(Number(whole), system);
  if (day === null) return null;
  if (fraction !== undefined) return `${day} ${timeOf(fraction)}`;
  return shown === 'month' && day.endsWith('-01') ? day.slice(0, 7) : day;
};

/** A share of a day as a time of day, to the second. */
const timeOf = (fraction: string): string => {
  const seconds = Math.min(86_399, Math.round(Number(`0.${fraction}`) * 86_400));
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
};
