// The sentence an authority adds to its notices: text with named places that are filled per person. A name nobody fills is refused when the rule is read.
import { type Problem, problem } from '../base/problem.ts';
import { suggest } from '../rule/vocabulary.ts';

export const noticeFields = ['姓名', '事项', '期别', '金额', '主管部门', '账户尾号'] as const;
export type NoticeField = (typeof noticeFields)[number];

const places = /\{([^{}]*)\}/g;
const isField = (name: string): name is NoticeField => (noticeFields as readonly string[]).includes(name);

export const noticeProblems = (text: string, at: string): readonly Problem[] => {
  const strangers = [...text.matchAll(places)].map((m) => m[1] ?? '').filter((name) => !isField(name));
  const out = strangers.map((name) =>
    problem(
      'rule.notice-field',
      at,
      `告知里没有“${name.slice(0, 40)}”这个字段`,
      suggest(name, noticeFields, `可用：${noticeFields.join('、')}`),
    ),
  );
  return /[{}]/.test(text.replaceAll(places, ''))
    ? [...out, problem('rule.notice-field', at, '花括号不成对', '字段写成 {金额}，一对花括号一个字段')]
    : out;
};

/** Every place filled; a value that is not known leaves nothing. */
export const fillNotice = (text: string, values: Readonly<Record<NoticeField, string>>): string =>
  text.replaceAll(places, (_, name: string) => (isField(name) ? values[name] : ''));
