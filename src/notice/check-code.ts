// The code under which anybody can check that a notice is ours: 12 letters and digits that cannot be mistaken for one another, the last of them a check
// character, so that a slip of the pen is told from a forgery. 31^11 of them (54 bits), drawn at random: nobody meets one by trying. Pure apart from chance.
import { randomInt } from 'node:crypto';

/** Without 0 1 I L O; 31 characters, a prime, so that the check finds every single slip and every swap of neighbours. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const length = 12;

const checkOf = (body: string): string => {
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum += (i + 2) * alphabet.indexOf(body.charAt(i));
  return alphabet.charAt((31 - (sum % 31)) % 31);
};

const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** `ABCD-EFGH-JKMN`. */
export const newCheckCode = (draw: (below: number) => number = randomInt): string => {
  const body = Array.from({ length: length - 1 }, () => alphabet.charAt(draw(alphabet.length))).join('');
  return grouped(body + checkOf(body));
};

/** What somebody typed as the code it stands for: blanks, hyphens, small and full-width letters do not matter; null where it can be none. */
export const readCheckCode = (typed: string): string | null => {
  const plain = typed
    .slice(0, 60)
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\-‐-―−]/g, '');
  if (plain.length !== length || [...plain].some((c) => !alphabet.includes(c))) return null;
  return checkOf(plain.slice(0, -1)) === plain.at(-1) ? grouped(plain) : null;
};
