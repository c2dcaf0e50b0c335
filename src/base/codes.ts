// Numbers that name people, firms, banks and accounts: their check digits, and how they may be shown. They are text, always: 18 digits do not
// fit a spreadsheet's number.
import { isDay } from './day.ts';

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643 (ISO 7064 MOD 11-2): check character of the first 17 digits. */
export const citizenIdCheck = (digits: string): string => {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (idWeights[i] as number) * (digits.charCodeAt(i) - 48);
  return '10X98765432'.charAt(sum % 11);
};

/** 公民身份号码: 18 characters, a birthday that exists, the check character right. The address digits are not looked at: they are of first registration. */
export const isCitizenId = (text: string): boolean =>
  /^[1-9]\d{16}[\dX]$/.test(text) &&
  isDay(`${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`) &&
  citizenIdCheck(text) === text.charAt(17);

const usccAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const usccWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** GB 32100-2015: check character of the first 17 characters. */
export const usccCheck = (text: string): string => {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (usccWeights[i] as number) * usccAlphabet.indexOf(text.charAt(i));
  return usccAlphabet.charAt((31 - (sum % 31)) % 31);
};

/** 统一社会信用代码. */
export const isUscc = (text: string): boolean => /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text) && usccCheck(text) === text.charAt(17);

/** ISO 7064 MOD 11,10: check digit of the first 11 digits of a 联行号. */
export const cnapsCheck = (digits: string): string => {
  let product = 10;
  for (let i = 0; i < 11; i++) {
    const sum = (product + digits.charCodeAt(i) - 48) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return String((11 - product) % 10);
};

/** 联行号. */
export const isCnaps = (text: string): boolean => /^\d{12}$/.test(text) && cnapsCheck(text) === text.charAt(11);

/** Bank cards carry it; passbooks and public accounts have no common check, so a failure is a warning and never a refusal. */
export const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return /^\d+$/.test(digits) && sum % 10 === 0;
};

/** 6 to 32 digits, hyphens of public accounts allowed. */
export const isAccount = (text: string): boolean => /^\d(?:-?\d){5,31}$/.test(text);

/** A mobile number, or a fixed line with its area code. */
export const isPhone = (text: string): boolean => /^(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(?:-\d{1,6})?)$/.test(text);

export const isEmail = (text: string): boolean =>
  text.length <= 254 && /^[^\s@<>"',;:\\()[\]]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(text);

/** What spreadsheets make of long numbers: `1.10105E+17`, `6.2170E18`. */
export const isScientific = (text: string): boolean => /^[+-]?\d+(?:\.\d+)?[eE][+-]?\d+$/.test(text);

/** Full-width digits, letters and signs as their plain twins, blanks around and inside gone, letters large: how a key is compared. */
export const plainCode = (text: string): string =>
  text
    .replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000]+/g, '')
    .toUpperCase();

/** All but the last `kept` characters as `*`; a text too short to hide anything is hidden whole. */
const maskTail = (text: string, kept: number): string =>
  text.length <= kept ? '*'.repeat(text.length) : '*'.repeat(text.length - kept) + text.slice(-kept);

/** Identity numbers, codes, accounts, phones: to the last four. */
export const maskId = (text: string): string => maskTail(text, 4);
export const maskAccount = maskId;

/** 张* · 欧阳** ; a firm's name is public and is not masked by this. */
export const maskName = (text: string): string => {
  const letters = [...text];
  return letters.length === 0 ? '' : letters[0] + '*'.repeat(Math.max(1, letters.length - 1));
};

export const maskEmail = (text: string): string => {
  const at = text.lastIndexOf('@');
  return at <= 0 ? maskTail(text, 0) : `${text.charAt(0)}***${text.slice(at)}`;
};

/** For text of any kind in messages: long runs of digits (with a last X) to their last four, addresses of mail hidden, cut at `limit` characters. */
export const maskText = (text: string, limit = 40): string => {
  const masked = text.replace(/\d[\d-]{5,}\d[\dXx]?/g, (run) => maskTail(run, 4)).replace(/[^\s@]+@[^\s@]+/g, (run) => maskEmail(run));
  const letters = [...masked];
  return letters.length > limit ? `${letters.slice(0, limit).join('')}…` : masked;
};

/** A file's name: as `maskText`, but numbers of our own batches and days stay, for a name is how a person finds the file. */
export const maskFileName = (name: string): string =>
  name
    .split(/(PB\d{8}[0-9A-F]{12}|(?<!\d)20\d{2}-?[01]\d-?[0-3]\d(?!\d))/)
    .map((part, i) => (i % 2 === 1 ? part : maskText(part, 80)))
    .join('');
