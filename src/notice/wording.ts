// A text of an authority's own, read from what somebody wrote.
import { z } from 'zod';
import { fail } from '../base/problem.ts';
import type { Wording } from './template-table.ts';

const words = z.string().min(1).max(1000);
export const wordingShape = z.strictObject({
  subject: words,
  body: words,
  short: words,
  bereaved: words.optional(),
  bereavedShort: words.optional(),
});

/** Throws `input.notice-shape`. */
export const readWording = (text: string): Wording => {
  const read = wordingShape.safeParse(parsed(text));
  return read.success
    ? (read.data as Wording)
    : fail(
        'input.notice-shape',
        '',
        '文本的格式不对。',
        '写成 JSON：subject 标题、body 正文、short 短信，可以有 bereaved、bereavedShort（本人去世后的正文、短信）。',
      );
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
