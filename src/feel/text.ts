// The text before the grammar sees it: full-width punctuation made plain or refused, sizes bounded, string literals unescaped.
// Every change keeps the length, so that positions in messages are positions in what the officer wrote.

import { type Problem, problem } from '../base/problem.ts';

export const maxSourceLength = 20_000;
/** Brackets and keywords nest no deeper; the readers below recurse once per level. */
export const maxDepth = 200;

/** `line:column`, both from 1. */
export const placeOf = (text: string, offset: number): string => {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${line}:${offset - before.lastIndexOf('\n')}`;
};

/** What an input method produces where FEEL has one plain character: same meaning, same length. */
const plain: Readonly<Record<string, string>> = {
  '（': '(',
  '）': ')',
  '，': ',',
  '：': ':',
  '．': '.',
  '［': '[',
  '］': ']',
  '【': '[',
  '】': ']',
  '｛': '{',
  '｝': '}',
  '＞': '>',
  '＜': '<',
  '＝': '=',
  '＋': '+',
  '－': '-',
  '＊': '*',
  '／': '/',
  '×': '*',
  '÷': '/',
  '＠': '@',
  '？': '?',
  '\u3000': ' ',
};

/** What has no single plain counterpart: refused, with what to write instead. */
const refused: Readonly<Record<string, string>> = {
  '；': '用半角逗号 , 分隔',
  '、': '用半角逗号 , 分隔',
  '。': '去掉句号；小数点用半角 .',
  '！': '不等于写成 !=',
  '≥': '写成 >=',
  '≤': '写成 <=',
  '≠': '写成 !=',
  '％': '百分数写成小数，例如 0.05',
  '%': '百分数写成小数，例如 0.05',
  '‘': '文字用半角双引号 " 括起来',
  '’': '文字用半角双引号 " 括起来',
  '—': '减号用半角 -',
  '–': '减号用半角 -',
  '∧': '“并且”写成 and',
  '∨': '“或者”写成 or',
  '…': '区间写成 [1..3]',
};

const fullWidthDigit = (c: string): string | undefined => {
  const code = c.charCodeAt(0) - 0xff10;
  return code >= 0 && code <= 9 ? String(code) : undefined;
};

/** The index after a comment that starts at i, or i when none does. */
const afterComment = (text: string, i: number): number => {
  if (text.startsWith('//', i)) {
    const end = text.indexOf('\n', i);
    return end < 0 ? text.length : end;
  }
  if (!text.startsWith('/*', i)) return i;
  const end = text.indexOf('*/', i + 2);
  return end < 0 ? text.length : end + 2;
};

/** The index of the closing quote of the literal opened at i, or -1. */
const closingQuote = (text: string, i: number, close: string): number => {
  for (let j = i + 1; j < text.length; j++) {
    if (text[j] === '\\') j++;
    else if (text[j] === close) return j;
  }
  return -1;
};

/** One literal, with “ ” made plain; a plain quote inside “ ” would end it early and is escaped by nobody, so it is refused. */
const literalAt = (text: string, i: number, problems: Problem[]): { readonly text: string; readonly next: number } => {
  const curly = text[i] === '“';
  const end = closingQuote(text, i, curly ? '”' : '"');
  if (end < 0) {
    problems.push(problem('feel.quote', placeOf(text, i), '文字的引号没有配对', '在文字结尾补上引号'));
    return { text: '', next: text.length };
  }
  const inside = text.slice(i + 1, end);
  if (curly && inside.includes('"')) {
    problems.push(problem('feel.quote', placeOf(text, i), '全角引号里又有半角引号', '文字统一用半角双引号 " 括起来'));
  }
  return { text: `"${inside}"`, next: end + 1 };
};

/** The grammar's bookkeeping grows with the square of the tokens: 3,000 are read in well under 100 ms. */
export const maxTokens = 3_000;
/** Words in a row without a sign or keyword between them: no name is that long, and the grammar is slow on them. */
const maxNameWords = 40;

const keywords: ReadonlySet<string> = new Set(
  'and or in if then else for return some every satisfies between instance of function true false null'.split(' '),
);

const isWordCharacter = (c: string): boolean => !/[\s()[\]{}<>=!+\-*/,:."@?]/.test(c);

interface Tally {
  tokens: number;
  words: number;
}

/** Counts the token that starts at i, if one does. */
const tally = (text: string, i: number, t: Tally): void => {
  const c = text[i] as string;
  if (/\s/.test(c)) return;
  if (!isWordCharacter(c)) {
    t.tokens++;
    t.words = 0;
    return;
  }
  if (i > 0 && isWordCharacter(text[i - 1] as string)) return;
  let end = i + 1;
  while (end < text.length && isWordCharacter(text[end] as string)) end++;
  t.tokens++;
  t.words = keywords.has(text.slice(i, end)) ? 0 : t.words + 1;
};

/** Too much of something to be read in good time, or undefined. */
const overgrown = (t: Tally, depth: number, text: string, i: number): Problem | undefined => {
  if (depth <= maxDepth && t.tokens <= maxTokens && t.words <= maxNameWords) return undefined;
  const at = placeOf(text, i);
  if (depth > maxDepth) return problem('feel.deep', at, `括号嵌套超过 ${maxDepth} 层`, '拆成几个中间指标');
  if (t.tokens > maxTokens)
    return problem('feel.long', at, `表达式太长，超过 ${maxTokens} 个词和符号`, '拆成几个中间指标，长名单改用参数或分类');
  return problem('feel.syntax', at, `连续 ${maxNameWords} 个词之间没有运算符`, '检查是否漏了运算符或引号');
};

const opening = '([{';
const closing = ')]}';

/** The same text with plain punctuation; its problems when it cannot be made plain. */
export const plainText = (text: string): { readonly text: string; readonly problems: readonly Problem[] } => {
  if (text.length > maxSourceLength) {
    const p = problem('feel.long', '1:1', `表达式太长（${text.length} 字），上限 ${maxSourceLength} 字`, '拆成几个中间指标');
    return { text: '', problems: [p] };
  }
  const problems: Problem[] = [];
  const out: string[] = [];
  const count: Tally = { tokens: 0, words: 0 };
  let depth = 0;
  for (let i = 0; i < text.length; ) {
    const c = text[i] as string;
    const after = afterComment(text, i);
    if (after > i) {
      out.push(text.slice(i, after));
      i = after;
      continue;
    }
    if (c === '"' || c === '“' || c === '”') {
      const literal = literalAt(text, i, problems);
      out.push(literal.text);
      count.tokens++;
      count.words = 0;
      i = literal.next;
      continue;
    }
    const way = refused[c];
    if (way !== undefined) problems.push(problem('feel.punctuation', placeOf(text, i), `不能使用符号“${c}”`, way));
    const p = plain[c] ?? fullWidthDigit(c) ?? c;
    if (opening.includes(p)) depth++;
    if (closing.includes(p)) depth--;
    tally(text, i, count);
    const limit = overgrown(count, depth, text, i);
    if (limit !== undefined) return { text: '', problems: [limit] };
    out.push(p);
    i++;
  }
  return { text: out.join(''), problems };
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' };

/** The text of a literal without its quotes. An unknown escape stays as written: `"\d"` is a pattern of two characters. */
export const unescapeText = (inside: string): string =>
  inside.replace(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)/g, (whole, e: string) => {
    if (e.length > 1) {
      const code = Number.parseInt(e.slice(1), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    }
    return escapes[e] ?? whole;
  });
