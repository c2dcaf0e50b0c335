// Names as they are compared: two spellings of one name are equal, two names never. Pure.
// What is written differently and means the same: width, case, blanks, kinds of brackets, dots, dashes and quotes. What is not the same: 有限公司 and
// 有限责任公司, a name and its short form, simplified and traditional characters: those are other names, and a person says whether they are one firm.

/** Blanks, controls, joiners, direction marks, variation selectors: nothing anybody sees. */
const blanks = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

const signs: readonly (readonly [RegExp, string])[] = [
  [/[[{〔【〖［｛〈《]/g, '('],
  [/[\]}〕】〗］｝〉》]/g, ')'],
  [/[·•・‧∙⋅･˙．●]/g, '·'],
  [/[‐‑‒–—―−﹘﹣－_]/g, '-'],
  [/["'“”‘’「」『』＂＇`´]/g, ''],
];

const once = (text: string): string => {
  let name = text.normalize('NFKC').replace(blanks, '').toUpperCase();
  for (const [from, to] of signs) name = name.replace(from, to);
  return name;
};

/** Idempotent; says nothing about what kind of name it is. */
export const normalName = (text: string): string => {
  let name = once(text);
  // Upper-casing may bring characters that have a plainer form of their own (ß, ŉ): seen in at most two rounds.
  for (let next = once(name); next !== name; next = once(name)) name = next;
  return name;
};

/** Letters and figures alone: what no normalisation may change or lose. */
export const coreOf = (text: string): string => normalName(text).replace(/[^\p{L}\p{N}\p{M}\p{Co}]/gu, '');

/**
 * Names that differ only in brackets, dots or the form of the firm. Never a match; whoever bears such a name might be the firm meant, so of him a list says
 * nothing until a person has looked. (One letter more or less is mostly another firm, and is not near.)
 */
export const nearName = (text: string): string => coreOf(text).replace(/(?:股份|有限|责任|集团|总)*公司$/u, '');
