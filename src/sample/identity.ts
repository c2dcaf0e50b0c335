// Keys and accounts that are valid in form only. The check digits are computed here on their own, so that the import's checker
// (`base/codes.ts`) is held against a second hand and not against itself.
import type { Day } from '../base/day.ts';
import type { Gender } from './names.ts';

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643: 17 digits and the MOD 11-2 check character. */
const withIdCheck = (seventeen: string): string => {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (idWeights[i] as number) * (seventeen.charCodeAt(i) - 48);
  return seventeen + '10X98765432'.charAt(sum % 11);
};

const usccAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const usccWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const orgWeights = [3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11714: eight characters (A = 10 …) and their check. */
const withOrgCheck = (eight: string): string => {
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += (orgWeights[i] as number) * Number.parseInt(eight.charAt(i), 36);
  const check = 11 - (sum % 11);
  return eight + (check === 11 ? '0' : check === 10 ? 'X' : String(check));
};

/** GB 32100: registration department and class, division, organisation code, check character. */
const withUsccCheck = (seventeen: string): string => {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (usccWeights[i] as number) * usccAlphabet.indexOf(seventeen.charAt(i));
  return seventeen + usccAlphabet.charAt((31 - (sum % 31)) % 31);
};

const withLuhn = (digits: string): string => {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits + String((10 - (sum % 10)) % 10);
};

/** ISO 7064 MOD 11,10: the last digit of a bank's line number 联行号. */
const withLineCheck = (eleven: string): string => {
  let p = 10;
  for (const c of eleven) {
    const s = (p + Number(c)) % 10;
    p = ((s === 0 ? 10 : s) * 2) % 11;
  }
  return eleven + String((11 - p) % 10);
};

export interface IdentityDesk {
  /** A new citizen id; the address digits are of first registration, not of today's home. */
  readonly citizenId: (area: string, birth: Day, gender: Gender) => string;
  readonly uscc: (division: string) => string;
  readonly card: () => string;
  readonly publicAccount: () => string;
  readonly phone: () => string;
  /** A serial for certificates, loans, parcels …, unique within its prefix. */
  readonly serial: (prefix: string) => string;
}

/** Where each room's numbers lie; they never meet. */
const rooms = {
  random: { first: 0, sequences: 700, letters: 'ABCDEFGHJKLMNPQRT', digit: '1' },
  planted: { first: 700, sequences: 250, letters: 'XY', digit: '9' },
  bad: { first: 950, sequences: 50, letters: 'U', digit: '8' },
} as const;

export const bankCodes = ['31365102701', '40239100001', '31339100002', '40310000003'].map(withLineCheck);

/** `room` keeps the desks apart (planted subjects, random ones, bad rows), so that the size of one never changes the keys of the other. */
export const identityDesk = (room: 'planted' | 'random' | 'bad'): IdentityDesk => {
  const born = new Map<string, number>();
  const serials = new Map<string, number>();
  const next = (prefix: string): number => {
    const n = (serials.get(prefix) ?? 0) + 1;
    serials.set(prefix, n);
    return n;
  };
  const { first, sequences, letters, digit } = rooms[room];
  const number = (prefix: string, width: number): string => digit + String(next(prefix)).padStart(width - 1, '0');
  return {
    citizenId: (area, birth, gender) => {
      const place = area.slice(0, 6) + birth.replaceAll('-', '');
      const n = born.get(place + gender) ?? 0;
      born.set(place + gender, n + 1);
      const sequence = first + n * 2 + (gender === '男' ? 1 : 0);
      if (n * 2 + 1 >= sequences) throw new RangeError(`too many people born in ${area} on one day`);
      return withIdCheck(place + String(sequence).padStart(3, '0'));
    },
    uscc: (division) => {
      const n = next('uscc');
      const letter = letters.charAt(Math.floor(n / 100_000));
      if (letter === '') throw new RangeError(`too many firms: ${n}`);
      return withUsccCheck(`91${division.slice(0, 6)}${withOrgCheck(`MA${letter}${String(n % 100_000).padStart(5, '0')}`)}`);
    },
    card: () => withLuhn(`6299${number('card', 14)}`),
    publicAccount: () => `3500${number('public', 15)}`,
    phone: () => `1990${number('phone', 7)}`,
    serial: (prefix) => `${prefix}${number(prefix, 8)}`,
  };
};
