// Regular expressions for matches, replace and split: XPath's syntax and flags on re2js, which runs in linear time on any input.
// re2 has no back-references; a pattern that needs one gives null.

import { RE2JS } from 're2js';

const maxPattern = 500;
/** All counted repetitions of a pattern together: re2 writes each of them out. */
const maxRepeats = 400;

const repeats = (pattern: string): number =>
  [...pattern.matchAll(/\{(\d{1,6})(?:,(\d{0,6}))?\}/g)].reduce((sum, m) => sum + Math.max(Number(m[1]), Number(m[2] ?? 0)), 0);
const cache = new Map<string, RE2JS | null>();

/** Flag x: white space outside classes does not count (XPath takes it out everywhere but in a class). */
const dropSpace = (pattern: string): string => {
  let inClass = 0;
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === '\\') {
      out += c + (pattern[++i] ?? '');
      continue;
    }
    if (c === '[') inClass++;
    if (c === ']') inClass--;
    if (inClass > 0 || !/\s/.test(c)) out += c;
  }
  return out;
};

/** `\p{IsBasicLatin}` and friends name blocks; re2 knows scripts and categories only. */
const blocks: Readonly<Record<string, string>> = {
  IsBasicLatin: '\\x{0}-\\x{7F}',
  'IsLatin-1Supplement': '\\x{80}-\\x{FF}',
  IsGreek: '\\x{370}-\\x{3FF}',
  IsCyrillic: '\\x{400}-\\x{4FF}',
  IsCJKUnifiedIdeographs: '\\x{4E00}-\\x{9FFF}',
};

const withBlocks = (pattern: string): string =>
  pattern.replace(/\\([pP])\{(Is[\w-]+)\}/g, (whole, p: string, name: string) => {
    const range = blocks[name];
    return range === undefined ? whole : `[${p === 'P' ? '^' : ''}${range}]`;
  });

/** `[A-Z-[OI]]`: class subtraction, as an alternative re2 can read; only single characters may be taken out. */
const withoutSubtraction = (pattern: string): string | null => {
  const m = /\[([^\][]+)-\[([^\][\\^-]+)\]\]/.exec(pattern);
  if (m === null) return pattern;
  const [whole, kept, removed] = [m[0], m[1] as string, m[2] as string];
  const range = /^([A-Za-z0-9])-([A-Za-z0-9])$/.exec(kept);
  if (range === null) return null;
  const [from, to] = [(range[1] as string).charCodeAt(0), (range[2] as string).charCodeAt(0)];
  let left = '';
  for (let c = from; c <= to; c++) if (!removed.includes(String.fromCharCode(c))) left += String.fromCharCode(c);
  return left === '' ? null : withoutSubtraction(pattern.replace(whole, `[${left}]`));
};

const flagsOf = (flags: string): number =>
  (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
  (flags.includes('s') ? RE2JS.DOTALL : 0) |
  (flags.includes('m') ? RE2JS.MULTILINE : 0);

const compilePattern = (pattern: string, flags: string): RE2JS | null => {
  // XPath knows no octal escapes; re2 would quietly read one.
  if (pattern.length > maxPattern || repeats(pattern) > maxRepeats || !/^[smixq]*$/.test(flags) || /\\0/.test(pattern)) return null;
  if (flags.includes('q')) return RE2JS.compile(RE2JS.quote(pattern), flagsOf(flags));
  const spaced = flags.includes('x') ? dropSpace(pattern).replace(/\\([pP])\{[^}]*\}/g, (p) => p.replace(/\s/g, '')) : pattern;
  const plain = withoutSubtraction(withBlocks(spaced));
  if (plain === null) return null;
  try {
    return RE2JS.compile(plain, flagsOf(flags));
  } catch {
    return null;
  }
};

/** null for a pattern or flags that cannot be read. */
export const patternOf = (pattern: string, flags: string): RE2JS | null => {
  const key = `${flags}/${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = compilePattern(pattern, flags);
  // Patterns come from expressions, which are few; an attacker's many must not fill memory.
  if (cache.size < 2_000) cache.set(key, made);
  return made;
};

/** XPath's replacement: `$1` a group, `\$` a dollar; null when it is malformed. */
export const replacementOf = (text: string): ((groups: readonly (string | null)[]) => string) | null => {
  const parts: (string | number)[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    const next = text[i + 1] ?? '';
    if (c === '\\') {
      if (next !== '\\' && next !== '$') return null;
      parts.push(next);
      i++;
    } else if (c === '$') {
      if (!/\d/.test(next)) return null;
      parts.push(Number(next));
      i++;
    } else parts.push(c);
  }
  return (groups) => parts.map((p) => (typeof p === 'number' ? (groups[p] ?? '') : p)).join('');
};
