// Regular expressions in linear time (RE2): an officer's pattern can never hang a run. Compiled once per pattern.
import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS | null>();
/** Rules hold few patterns; the bound only keeps hostile input from growing the table. */
const keptPatterns = 500;

const patternOf = (text: string): RE2JS | null => {
  const before = compiled.get(text);
  if (before !== undefined) return before;
  let made: RE2JS | null = null;
  try {
    made = RE2JS.compile(text);
  } catch {
    made = null;
  }
  if (compiled.size < keptPatterns) compiled.set(text, made);
  return made;
};

/** False for what RE2 cannot read (back-references, look-around, unbalanced brackets). */
export const isPattern = (text: string): boolean => text.length <= 500 && patternOf(text) !== null;

/** True when the pattern occurs somewhere in the text (anchor with ^ and $ for the whole); null for no pattern. */
export const foundIn = (pattern: string, text: string): boolean | null => {
  const re = patternOf(pattern);
  return re === null ? null : re.matcher(text).find();
};
