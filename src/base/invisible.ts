// Characters nobody sees that do something all the same: control characters, breaks of lines, marks that turn the reading direction, what has no width.
// Whatever comes from outside loses their effect where it is put before somebody: on pages and in tables as a box, in one line of a mail as nothing.

const controls = '\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029';
const marks = '\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\ufffb';
const any = new RegExp(`[${controls}${marks}]`, 'g');
const control = new RegExp(`[${controls}]`);
const controlRuns = new RegExp(`[${controls}]`, 'g');
const markRuns = new RegExp(`[${marks}]`, 'g');

const one = new RegExp(any.source);
export const hasInvisible = (text: string): boolean => one.test(text);
export const hasControl = (text: string): boolean => control.test(text);

/** Each of them as a box: one sees that something stood there. */
export const boxed = (text: string): string => text.toWellFormed().replace(any, '□');

/** One line: what could begin a line of its own becomes a blank, the rest goes. */
export const oneLine = (text: string): string =>
  text.toWellFormed().replace(controlRuns, ' ').replace(markRuns, '').replaceAll(/ {2,}/g, ' ').trim();

/** Characters of a file's name that are kept. */
const longestName = 120;

/**
 * The name of a file somebody sent, as it may be kept and shown: no folder before it, nothing invisible, none of the characters that systems forbid in
 * names, and short; the ending stays.
 */
export const fileNameOf = (given: string): string => {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const name = boxed(last)
    .replaceAll(/[<>:"|?*]/g, '_')
    .trim();
  if (/^\.*$/.test(name)) return '未命名';
  const letters = [...name];
  if (letters.length <= longestName) return name;
  const [ending = ''] = /\.[0-9A-Za-z]{1,8}$/.exec(name) ?? [];
  return `${letters.slice(0, longestName - 1 - ending.length).join('')}…${ending}`;
};
