// What people read: who, what, how much, by when, what to do. Plain Chinese, no code words. Pure; one function per template, one table.
import { formatYuan } from '../base/amount.ts';
import { maskAccount } from '../base/codes.ts';
import type { FlowStep, MatchKind } from '../policy/item.ts';
import { fillNotice } from '../policy/notice-text.ts';
import { oneLine, type TemplateName } from './notice.ts';

export interface Told {
  readonly name: string | null;
  readonly title: string;
  readonly authority: string;
  readonly document: string;
  readonly clause: string | null;
  readonly audience: 'citizen' | 'enterprise';
  readonly kind: MatchKind;
  readonly periodKey: string;
  /** null: push whose amount is not known. */
  readonly amountFen: bigint | null;
  /** How many lines (graduates, children) the amount is made of. */
  readonly lines: number;
  readonly account: string | null;
  readonly dueOn: string | null;
  readonly gaps: readonly string[];
  /** Steps after this notice. */
  readonly ahead: readonly FlowStep[];
  /** Labels of what could not be checked. */
  readonly missing: readonly string[];
  /** The fee the amount is taken off, where nothing is paid. */
  readonly reduces?: string;
  /** The clause by which money is taken back. */
  readonly ground?: string;
  /** How many, or whether: what the text's template says. */
  readonly count?: number;
  /** Words of whoever decided: why refused, what to put right. */
  readonly reason?: string;
  /** Silence until the day given is taken for giving up. */
  readonly waives?: boolean;
  /** The authority's own sentence, its places still named. */
  readonly sentence?: string;
}

export interface Text {
  readonly subject: string;
  readonly body: string;
}

/** `2026-11-20` → 2026年11月20日. */
export const dayText = (day: string): string => `${day.slice(0, 4)}年${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`;

const quarters = ['一', '二', '三', '四'];

/** `2026-10` → 2026年10月; once and events have no period worth naming. */
export const periodText = (key: string): string => {
  if (/^\d{4}-\d{2}$/.test(key)) return `${key.slice(0, 4)}年${Number(key.slice(5))}月`;
  if (/^\d{4}Q[1-4]$/.test(key)) return `${key.slice(0, 4)}年第${quarters[Number(key[5]) - 1]}季度`;
  return /^\d{4}$/.test(key) ? `${key}年` : '';
};

const you = (t: Told): string => (t.audience === 'enterprise' ? '贵单位' : '您');
const amount = (t: Told): string => (t.amountFen === null ? '' : formatYuan(t.amountFen));
const parts = (t: Told): string => (t.lines > 1 ? `（共 ${t.lines} 笔合计）` : '');
const tail = (t: Told): string => (t.account === null ? '收款账户' : `尾号 ${maskAccount(t.account).slice(-4)} 的账户`);
const basis = (t: Told): string => `依据：《${t.document.replaceAll(/[《》]/g, '')}》${t.clause ?? ''}。`;
const period = (t: Told): string => periodText(t.periodKey);
const opening = (t: Told): string => `${t.name === null ? '' : `${oneLine(t.name)}：\n`}`;

const changed = (t: Told): string => (t.kind === 'changed' ? '，金额有调整' : t.kind === 'resumed' ? '，已恢复' : '');

const whenPaid = (t: Told): string => {
  const to = `发到${tail(t)}`;
  if (t.ahead.includes('publicity')) return `公示期满没有异议就${to}。`;
  return t.ahead.includes('review') ? `审核通过就${to}。` : `${to}。`;
};

const contact = (t: Told): string => `信息有误或不明白，请联系${t.authority}。`;

const own = (t: Told): string =>
  t.sentence === undefined
    ? ''
    : oneLine(
        fillNotice(t.sentence, {
          姓名: t.name ?? you(t),
          事项: t.title,
          期别: period(t),
          金额: amount(t),
          主管部门: t.authority,
          账户尾号: t.account === null ? '' : maskAccount(t.account).slice(-4),
        }),
      );

const body = (t: Told, ...sentences: readonly string[]): string =>
  `${opening(t)}${[...sentences, own(t)].filter((s) => s !== '').join('')}\n${basis(t)}${contact(t)}\n${t.authority}`;

const confirmText = (t: Told, lead: string): Text => ({
  subject: oneLine(`请在${dayText(t.dueOn ?? '')}前确认：${t.title} ${amount(t)}`),
  body: body(
    t,
    `${lead}${you(t)}${period(t)}可领取${t.title} ${amount(t)}${parts(t)}${changed(t)}。`,
    `请在${dayText(t.dueOn ?? '')}前向${t.authority}确认领取，确认后${whenPaid(t)}`,
    '到期没有确认，视同放弃，之后三十天内仍可恢复。',
  ),
});

const pushText = (t: Told): Text => ({
  subject: oneLine(`${you(t)}可以申报：${t.title}`),
  body: body(
    t,
    `按现有数据，${you(t)}符合${t.title}的条件。`,
    t.amountFen === null ? '' : `预计可得 ${amount(t)}，以申报审核的结果为准。`,
    `需要申报后才能办理，请向${t.authority}申报。`,
  ),
});

const reducedText = (t: Told, fee: string): Text => ({
  subject: oneLine(`${t.title}：${fee}减免 ${amount(t)}`),
  body: body(
    t,
    `按现有数据，${you(t)}符合${t.title}的条件。`,
    t.amountFen === null ? `${period(t)}${fee}可以减免，金额待定。` : `${period(t)}${fee}减免 ${amount(t)}，缴费时扣减，不另发钱。`,
    `不用${you(t)}办任何手续。`,
  ),
});

const until = (t: Told): string => (t.dueOn === null ? '' : `在${dayText(t.dueOn)}前`);
const silence = (t: Told): string => (t.waives === true && t.dueOn !== null ? '到期没有办，视同放弃，之后三十天内仍可恢复。' : '');

const askText = (t: Told, lead: string): Text => ({
  subject: oneLine(`${lead}${t.title} ${amount(t)}还差一项信息`),
  body: body(
    t,
    `${lead}${you(t)}的${period(t)}${t.title} ${amount(t)}${parts(t)}已核定，但${t.gaps.map((gap) => gap.replace(/^审核退回：/, '')).join('、')}，暂时发不出去。`,
    `请${until(t)}向${t.authority}补充，补齐后继续办理，不用重新申请。`,
    silence(t),
  ),
});

const applyText = (t: Told, lead: string): Text => ({
  subject: oneLine(`${lead}请提交申请：${t.title} ${amount(t)}`),
  body: body(
    t,
    `${lead}按现有数据，${you(t)}${period(t)}可领取${t.title} ${amount(t)}${parts(t)}，表单已经填好。`,
    `请${until(t)}核对表单，附上材料提交${t.authority}。`,
    silence(t),
  ),
});

const templates: Readonly<Record<TemplateName, (t: Told) => Text>> = {
  matched: (t) => ({
    subject: oneLine(`${t.title} ${amount(t)}已核定`),
    body: body(
      t,
      `${you(t)}的${period(t)}${t.title} ${amount(t)}${parts(t)}已核定${changed(t)}，${whenPaid(t)}`,
      `不用${you(t)}办任何手续。`,
    ),
  }),
  confirm: (t) => confirmText(t, ''),
  'reminder-1': (t) => confirmText(t, '提醒：'),
  'reminder-2': (t) => confirmText(t, '再次提醒：'),
  'reminder-3': (t) => confirmText(t, '今天是最后一天：'),
  push: (t) => (t.reduces === undefined ? pushText(t) : reducedText(t, t.reduces)),
  apply: (t) => applyText(t, ''),
  'apply-reminder-1': (t) => applyText(t, '提醒：'),
  'apply-reminder-2': (t) => applyText(t, '再次提醒：'),
  'apply-reminder-3': (t) => applyText(t, '今天是最后一天：'),
  asking: (t) => askText(t, ''),
  'ask-reminder-1': (t) => askText(t, '提醒：'),
  'ask-reminder-2': (t) => askText(t, '再次提醒：'),
  'ask-reminder-3': (t) => askText(t, '今天是最后一天：'),
  'sent-back': (t) => ({
    subject: oneLine(`${t.title} ${amount(t)}需要补正`),
    body: body(
      t,
      `${you(t)}的${period(t)}${t.title} ${amount(t)}审核时发现需要补正：${oneLine(t.reason ?? '')}。`,
      `请${until(t)}向${t.authority}补正，补正后继续办理，不用重新申请。`,
      silence(t),
    ),
  }),
  recovery: (t) => ({
    subject: oneLine(`${t.title}多发 ${amount(t)}，请退回`),
    body: body(
      t,
      `经人工核对，${you(t)}的${period(t)}${t.title}多发了 ${amount(t)}。原因：${oneLine(t.reason ?? '')}。追回依据：${oneLine(t.ground ?? '')}。`,
      `请${until(t)}退回${t.authority}；一次退回有困难的，可以商量分期。不同意的，请提出异议。`,
    ),
  }),
  'recovery-changed': (t) => ({
    subject: oneLine(`${t.title}多发的 ${amount(t)}改为分期退回`),
    body: body(
      t,
      `${you(t)}的${period(t)}${t.title}还要退回 ${amount(t)}，改为分 ${t.count ?? 1} 期，最后一期${until(t)}退回。原因：${oneLine(t.reason ?? '')}。`,
    ),
  }),
  'recovery-closed': (t) => ({
    subject: oneLine(`${t.title}追回已办结`),
    body: body(t, `${you(t)}的${period(t)}${t.title} ${amount(t)}的追回已经办结，不用再退。`),
  }),
  objected: (t) => ({
    subject: oneLine(`${t.title} ${amount(t)}公示期内有人提出异议`),
    body: body(
      t,
      `${you(t)}的${period(t)}${t.title} ${amount(t)}公示期内有人实名提出异议，${t.authority}${until(t)}复核，复核期间不拨付。`,
      '复核认为异议不成立的，照常发放。',
    ),
  }),
  'objection-upheld': (t) => ({
    subject: oneLine(`${t.title} ${amount(t)}异议成立，不予发放`),
    body: body(
      t,
      `公示期内有人对${you(t)}的${period(t)}${t.title} ${amount(t)}提出异议，经人工复核，异议成立，不予发放。理由：${oneLine(t.reason ?? '')}。`,
      `不同意的，请向${t.authority}提出异议，成立的补发。`,
    ),
  }),
  'objection-rejected': (t) => ({
    subject: oneLine(`${t.title} ${amount(t)}异议不成立，继续办理`),
    body: body(
      t,
      `公示期内有人对${you(t)}的${period(t)}${t.title} ${amount(t)}提出异议，经人工复核，异议不成立，继续办理。理由：${oneLine(t.reason ?? '')}。`,
    ),
  }),
  'objection-answer': (t) => ({
    subject: oneLine(`${t.title}：您提出的异议已复核`),
    body: body(
      t,
      `您就${period(t)}${t.title}提出的异议已经人工复核，${t.count === 1 ? '异议成立' : '异议不成立'}。理由：${oneLine(t.reason ?? '')}。`,
    ),
  }),
  refused: (t) => ({
    subject: oneLine(`${t.title} ${amount(t)}不予发放`),
    body: body(
      t,
      `${you(t)}的${period(t)}${t.title} ${amount(t)}经人工审核，不予发放。理由：${oneLine(t.reason ?? '')}。`,
      `不同意的，请${until(t)}向${t.authority}提出异议，异议成立的补发。`,
    ),
  }),
  suspended: (t) => ({
    subject: oneLine(`${t.title}暂停发放`),
    body: body(
      t,
      `${you(t)}的${t.title}${period(t) === '' ? '' : `从${period(t)}起`}暂停发放，`,
      t.missing.length === 0 ? '因为有一项数据暂时无法核实。' : `因为${t.missing.slice(0, 3).join('、')}暂时无法核实。`,
      '核实后恢复，暂停期间应发的会补发。',
    ),
  }),
  ended: (t) => ({
    subject: oneLine(`${t.title}停止发放`),
    body: body(
      t,
      `${you(t)}的${t.title}${period(t) === '' ? '' : `从${period(t)}起`}停止发放：按现有数据，已不符合发放条件。`,
      '如与实际不符，请提出，我们重新核对。',
    ),
  }),
};

export const render = (template: TemplateName, told: Told): Text => templates[template](told);

/** What no notice may hold; the templates' test and a lint of edited texts use the same list. */
export const badWords = ['尊敬的', '用户', '系统', '!', '！', 'undefined', 'null'] as const;
