// A text somebody edited, read before anybody else reads it: unknown places, what must be said and is not, words nobody should be sent, links, and a message
// that is too long. Pure; every finding at once, each with its place.

import { hasControl } from '../base/invisible.ts';
import { nearest } from '../base/nearest.ts';
import { type Problem, problem } from '../base/problem.ts';
import { fields, isField, placesIn, type Told } from './field.ts';
import { badWords, type Frame, render } from './template.ts';
import { type TemplateName, templates, type Wording } from './template-table.ts';

/** Three messages of 67 characters, as a telephone puts them together. */
export const longestShort = 201;

/** What a text may not lose of the shipped one: without it the reader does not know what, how much, by when or why. */
const vital = [
  '事项',
  '金额',
  '截止日',
  '理由',
  '追回依据',
  '结论',
  '缺项',
  '未核实',
  '逾期后果',
  '依据条款',
  '认证办法',
  '可选各项',
] as const;

const link = /https?:|www\.|[\w-]+\.(?:cn|com|net|org|gov)\b|二维码|点击|链接/i;

/** A person of long name, large amount and long words: what fits them fits nearly everybody. */
export const sampleTold: Told = {
  name: '买买提·阿卜杜热西提',
  title: '一次性吸纳就业困难人员补贴',
  authority: '禄劝彝族苗族自治县人力资源和社会保障局',
  document: '关于做好就业补助工作的通知',
  clause: '第三条第二款',
  audience: 'citizen',
  kind: 'changed',
  periodKey: '2026-11',
  amountFen: 12_345_678n,
  lines: 12,
  account: '6222020000001234',
  dueOn: '2026-11-30',
  gaps: ['缺收款账户'],
  ahead: ['publicity', 'pay'],
  missing: ['户籍所在地', '参保情况'],
  ground: '第五条',
  count: 3,
  reason: '户口已于本月迁出，不在发放范围',
  onDay: '2026-11-20',
  waives: true,
  waivedDays: 30,
};

export const sampleFrame: Frame = {
  office: { name: sampleTold.authority, phone: '0871-68910000', address: '禄劝县屏山街道五星路1号', hours: '工作日 9:00—17:00' },
  code: 'XXXX-XXXX-XXXX',
  issuedOn: '2026-11-10',
};

const texts = ['subject', 'body', 'short', 'bereaved', 'bereavedShort'] as const;
const names = { subject: '标题', body: '正文', short: '短信', bereaved: '本人去世后的正文', bereavedShort: '本人去世后的短信' } as const;

/** Places and passages opened and closed, no passage in a passage and nothing in a place. */
const isBalanced = (text: string): boolean => {
  let passage = false;
  let place = false;
  for (const c of text) {
    if (c === '[' ? passage || place : c === ']' ? !passage || place : c === '{' ? place : c === '}' && !place) return false;
    if (c === '[' || c === ']') passage = c === '[';
    if (c === '{' || c === '}') place = c === '{';
  }
  return !passage && !place;
};

const shapeProblems = (text: string, at: string, what: string): readonly Problem[] => {
  const out: Problem[] = [];
  if (text.trim() === '') out.push(problem('input.notice-shape', at, `${what}是空的。`, '写一句话，说清什么事、多少钱、要不要办。'));
  if (hasControl(text)) out.push(problem('input.notice-shape', at, `${what}里有换行或控制字符。`, '写成一行，称呼和落款会自动加上。'));
  if (!isBalanced(text))
    out.push(
      problem(
        'input.notice-shape',
        at,
        `${what}的括号不成对或套错了。`,
        '字段写成 {金额}，可省略的一段写成 [，{变动}]，里面不能再有方括号。',
      ),
    );
  return out;
};

const fieldProblems = (text: string, at: string): readonly Problem[] =>
  placesIn(text)
    .filter((name) => !isField(name))
    .map((name) => {
      const near = nearest(name, Object.keys(fields));
      const hint = near.length > 0 ? `是不是 ${near.map((one) => `{${one}}`).join('、')}？` : `可用：${Object.keys(fields).join('、')}。`;
      return problem('input.notice-field', at, `没有“${name.slice(0, 20)}”这个字段。`, hint);
    });

const wordProblems = (text: string, at: string): readonly Problem[] => {
  const plain = text.replaceAll(/\{[^{}]*\}/g, '');
  const out = badWords
    .filter((word) => plain.includes(word))
    .map((word) => problem('input.notice-words', at, `告知里不写“${word}”。`, '用平常话，像当面说一样。'));
  const [letters] = /[A-Za-z_]{2,}/.exec(plain) ?? [];
  if (link.test(plain))
    out.push(
      problem('input.notice-link', at, '告知里不放网址、二维码和“点击”。', '收的人应当自己找到我们；单位、电话和查验码会自动加上。'),
    );
  else if (letters !== undefined)
    out.push(problem('input.notice-words', at, `有外文或代码“${letters.slice(0, 20)}”。`, '换成中文；老人和会计都要看得懂。'));
  if (/\d{7,}|\d{3,4}-\d{7,8}/.test(plain))
    out.push(problem('input.notice-words', at, '文本里有电话或账号。', '电话来自单位的登记，会自动加上。'));
  return out;
};

const vitalProblems = (template: TemplateName, wording: Wording): readonly Problem[] => {
  const wanted = new Set(placesIn(templates[template].body));
  const said = new Set(placesIn(wording.body));
  const out = vital
    .filter((name) => wanted.has(name) && !said.has(name))
    .map((name) =>
      problem('input.notice-vital', '/body', `正文没有写{${name}}。`, '少了它，收的人不知道是什么事、多少钱、到什么时候或为什么。'),
    );
  if (templates[template].body.includes('视同放弃') && !wording.body.includes('视同放弃'))
    out.push(problem('input.notice-vital', '/body', '正文没有说到期不办的后果。', '写明“到期没有确认，视同放弃”。'));
  return out;
};

/** All findings; empty: it may be published. `office`: whether the authority has said how it is reached. */
export const lintWording = (template: TemplateName, wording: Wording, office: boolean): readonly Problem[] => {
  const own = texts.flatMap((key) => {
    const text = wording[key];
    const at = `/${key}`;
    return text === undefined ? [] : [...shapeProblems(text, at, names[key]), ...fieldProblems(text, at), ...wordProblems(text, at)];
  });
  const out = [...own, ...vitalProblems(template, wording)];
  const { length } = render(template, sampleTold, sampleFrame, wording).short;
  if (length > longestShort)
    out.push(
      problem('input.notice-length', '/short', `短信最长 ${length} 字，超过三条（${longestShort} 字）。`, '只留什么事、多少钱、要办什么。'),
    );
  if (!office)
    out.push(
      problem(
        'input.notice-office',
        '',
        '这个单位还没有登记名称、电话、地址和办公时间。',
        '告知要写明怎样不用链接找到单位；先用 notices office 登记。',
      ),
    );
  return out;
};
