// Which place of the document a part of the rule was taken from, as people say it: the rule keeps JSON pointers into the transcript of its document. Pure.

const heads: Readonly<Record<string, string>> = { conditions: '条件', exclusions: '排除情形', amount: '金额', modes: '办理方式' };
/** As laws count: 条, 项, 目. */
const levels = ['条', '项', '目', '细目'];
/** On the way from a condition to those in it. */
const inside: ReadonlySet<string> = new Set(['any', 'all', 'aggregate', 'where']);

/** `/conditions/2/any/1` → 条件第 3 条第 2 项; what has no name in Chinese stays as it is. */
export const sourcePlace = (at: string): string => {
  const [, head = '', ...way] = at.split('/');
  const start = Object.hasOwn(heads, head) ? heads[head] : undefined;
  if (start === undefined) return at;
  let text = start;
  let level = 0;
  for (const part of way) {
    if (/^\d+$/.test(part) && level < levels.length) text += `第 ${Number(part) + 1} ${levels[level++]}`;
    else if (part === 'not') text += '的反面';
    else if (!inside.has(part)) return at;
  }
  return text;
};
