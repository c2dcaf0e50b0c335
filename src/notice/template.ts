// A notice as it is read, in two forms: whole (mail, letter, portal) and short (one message). Around the text of the template stand who is meant, the basis, and
// the part that needs no link: the office by its official name, how to reach it by oneself, and the check code. Pure.

import { dayText } from '../base/day.ts';
import { oneLine } from '../base/invisible.ts';
import { fillNotice } from '../policy/notice-text.ts';
import { callOf, fields, fill, nameIn, type Office, type Told } from './field.ts';
import { type TemplateName, templates, type Wording } from './template-table.ts';

/** What stands around the text: who says it, from which day, under which code it can be checked. */
export interface Frame {
  /** null: the authority has told nobody yet how it is reached. */
  readonly office: Office | null;
  readonly code: string;
  /** `YYYY-MM-DD`. */
  readonly issuedOn: string;
}

export interface Text {
  readonly subject: string;
  readonly body: string;
  readonly short: string;
}

const opening = (t: Told): string => {
  const name = t.name === null ? '' : nameIn(t.name);
  if (t.instead === undefined) return name === '' ? '' : `${name}：\n`;
  const to = nameIn(t.instead.name);
  return t.instead.kind === 'relative' ? `${to}（${name || '本人'}的亲属）：\n` : `${to}（请转告${name || '本人'}的亲属）：\n`;
};

const own = (t: Told): string => {
  if (t.sentence === undefined || t.instead !== undefined) return '';
  const { 期别, 金额, 账户尾号 } = fields;
  return oneLine(
    fillNotice(t.sentence, {
      姓名: t.name === null ? callOf(t) : nameIn(t.name),
      事项: t.title,
      期别: 期别(t),
      金额: 金额(t),
      主管部门: t.authority,
      账户尾号: 账户尾号(t),
    }),
  );
};

/** A summary over several items stands on several documents, which their own notices have named. */
const basis = (t: Told): string =>
  t.sums !== undefined && t.sums.length > 1 ? '' : `依据：《${t.document.replaceAll(/[《》]/g, '')}》${t.clause ?? ''}。`;

/** How to ask back by oneself: what the reader looks up, never a link. */
const reach = (t: Told, office: Office | null): string => {
  if (office === null) return `信息有误或不明白，请联系${t.authority}。`;
  return `信息有误或不明白，请联系${office.name}，电话 ${office.phone}，地址：${office.address}（${office.hours}）。`;
};

const genuine = (code: string): string =>
  `查验码 ${code}：到办事窗口、打电话或在直享首页“查验告知”都能查这份告知是真是假。我们不会要求转账，也不会要密码和验证码。`;

/** The same as a mail that leads to the portal: the link stands on a line of its own before office and day, and nobody needs it. */
export const withEntry = (body: string, entry: { readonly url: string; readonly asks: string }): string => {
  const lines = body.split('\n');
  const how = `网上查看和办理，打开下面的链接，填${entry.asks}的后四位。三天内有效，只能用一次。不想点链接，可以自己打开直享首页登录，或者打上面的电话，一样能办。`;
  return [...lines.slice(0, -2), how, entry.url, ...lines.slice(-2)].join('\n');
};

/** The code in a notice's text: the last that looks like one, for a name may look like anything. */
export const codeIn = (body: string): string =>
  [...body.matchAll(/查验码 ([2-9A-HJKMNP-Z]{4}(?:-[2-9A-HJKMNP-Z]{4}){2})/g)].at(-1)?.[1] ?? '';

/** Words that somebody wrote at length, for a message: their beginning. */
const brief = (t: Told): Told => {
  const cut = (text: string): string => (text.length > 30 ? `${text.slice(0, 30)}…` : text);
  return { ...t, ...(t.reason === undefined ? {} : { reason: cut(t.reason) }), gaps: t.gaps.slice(0, 2).map(cut) };
};

/** Texts of this template for one person, in its words for the living or for whoever is told in their place. */
export const render = (template: TemplateName, t: Told, frame: Frame, wording: Wording = templates[template]): Text => {
  const text = t.instead !== undefined && wording.bereaved !== undefined ? wording.bereaved : wording.body;
  const short = t.instead !== undefined && wording.bereavedShort !== undefined ? wording.bereavedShort : wording.short;
  const office = frame.office?.name ?? t.authority;
  const to = nameIn(t.instead?.name ?? t.name ?? '');
  return {
    subject: oneLine(fill(wording.subject, t)),
    body: [
      `${opening(t)}${fill(text, t)}${own(t)}`,
      `${basis(t)}${reach(t, frame.office)}`,
      genuine(frame.code),
      `${office}\n${dayText(frame.issuedOn)}`,
    ].join('\n'),
    short: oneLine(
      `【${office}】${to === '' ? '' : `${to}：`}${fill(short, brief(t))}${frame.office === null ? '' : `电话 ${frame.office.phone}，`}查验码 ${frame.code}`,
    ),
  };
};

/** What no notice may hold; the templates' test and the lint of edited texts use the same list. */
export const badWords = ['尊敬的', '用户', '系统', '!', '！', 'undefined', 'null'] as const;
