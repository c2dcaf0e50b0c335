// The places a notice's text may name, each with what fills it, and how a text is filled: a passage in `[…]` with an empty place falls away whole. Pure.

import { formatYuan } from '../base/amount.ts';
import { maskAccount } from '../base/codes.ts';
import { dayText } from '../base/day.ts';
import { oneLine } from '../base/invisible.ts';
import type { OwedDetail } from '../outbox/store.ts';
import type { FlowStep, MatchKind } from '../policy/item.ts';

/** How the authority is reached without any link: as it stands on its door and in its phone book. */
export interface Office {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
  readonly hours: string;
}

/** Whom the notice goes to where that is not the person: a relative who was named, or the village. */
export interface Instead {
  readonly kind: 'relative' | 'village';
  readonly name: string;
}

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
  /** The day the text speaks of: arrived, published, stopped. */
  readonly onDay?: string;
  /** Another amount the text names: what was kept back. */
  readonly otherFen?: bigint;
  /** Silence until the day given is taken for giving up. */
  readonly waives?: boolean;
  /** For how many days a waiver can be taken back. */
  readonly waivedDays: number;
  /** 资格认证: what to do; whether silence keeps the money back. */
  readonly how?: string;
  readonly suspends?: boolean;
  /** A year's summary: what was paid of each item. */
  readonly sums?: NonNullable<OwedDetail['sums']>;
  /** What there is to choose from. */
  readonly options?: NonNullable<OwedDetail['options']>;
  /** The authority's own sentence, its places still named. */
  readonly sentence?: string;
  /** The person has died: whom it goes to. */
  readonly instead?: Instead;
}

const quarters = ['一', '二', '三', '四'];

/** `2026-10` → 2026年10月; once and events have no period worth naming. */
export const periodText = (key: string): string => {
  if (/^\d{4}-\d{2}$/.test(key)) return `${key.slice(0, 4)}年${Number(key.slice(5))}月`;
  if (/^\d{4}Q[1-4]$/.test(key)) return `${key.slice(0, 4)}年第${quarters[Number(key[5]) - 1]}季度`;
  return /^\d{4}$/.test(key) ? `${key}年` : '';
};

/** A name as it stands in a text: one line, and no longer than names are. */
export const nameIn = (text: string): string => {
  const letters = [...oneLine(text)];
  return letters.length > 60 ? `${letters.slice(0, 60).join('')}…` : letters.join('');
};
const named = (t: Told): string => (t.name === null ? '' : nameIn(t.name));
/** 您, 贵单位; of the dead by name, never 您. */
export const callOf = (t: Told): string =>
  t.instead !== undefined ? `${named(t) || '本人'}（已故）` : t.audience === 'enterprise' ? '贵单位' : '您';
const accountText = (t: Told): string => (t.account === null ? '收款账户' : `尾号 ${maskAccount(t.account).slice(-4)} 的账户`);
const dayOr = (day: string | null | undefined): string => (day == null ? '' : dayText(day));

const whenPaid = (t: Told): string => {
  const to = `发到${accountText(t)}`;
  if (t.ahead.includes('publicity')) return `公示期满没有异议就${to}`;
  return t.ahead.includes('review') ? `审核通过就${to}` : to;
};

const optionText = (o: NonNullable<Told['options']>[number]): string =>
  `“${o.title}”${periodText(o.periodKey)} ${formatYuan(BigInt(o.amountFen))}`;
const titles = (options: Told['options'] = []): string => [...new Set(options.map((o) => `“${o.title}”`))].join('、');

/** Every place a text may name; what is not known fills in as nothing. */
export const fields = {
  称呼: callOf,
  姓名: named,
  事项: (t) => t.title,
  期别: (t) => periodText(t.periodKey),
  金额: (t) => (t.amountFen === null ? '' : formatYuan(t.amountFen)),
  金额待定: (t) => (t.amountFen === null ? `${periodText(t.periodKey)}${t.reduces ?? ''}可以减免，金额待定。` : ''),
  笔数: (t) => (t.lines > 1 ? `共 ${t.lines} 笔合计` : ''),
  变动: (t) => (t.kind === 'changed' ? '金额有调整' : t.kind === 'resumed' ? '已恢复' : ''),
  发放: whenPaid,
  账户: accountText,
  账户尾号: (t) => (t.account === null ? '' : maskAccount(t.account).slice(-4)),
  截止日: (t) => dayOr(t.dueOn),
  缺项: (t) => t.gaps.map((gap) => gap.replace(/^审核退回：/, '')).join('、'),
  逾期后果: (t) =>
    t.waives === true && t.dueOn !== null && t.instead === undefined
      ? `到期没有办，视同放弃；之后 ${t.waivedDays} 天内反悔，还能恢复。`
      : '',
  未核实: (t) => (t.missing.length === 0 ? '有一项数据' : t.missing.slice(0, 3).join('、')),
  理由: (t) => oneLine(t.reason ?? '').replace(/。$/, ''),
  追回依据: (t) => oneLine(t.ground ?? ''),
  期数: (t) => String(t.count ?? 1),
  人工结论: (t) => (t.count === 1 ? '您的意见成立，部门更正后重新核定' : '原来的结论不变'),
  校核结论: (t) => (t.count === 1 ? '来源已经更正，会自动重新比对' : '来源的数据没有错，不作改动'),
  结论: (t) => (t.count === 1 ? '异议成立' : '异议不成立'),
  减免费用: (t) => t.reduces ?? '',
  公示从: (t) => dayOr(t.onDay),
  到账日: (t) => dayOr(t.onDay),
  恢复天数: (t) => String(t.waivedDays),
  依据条款: (t) => oneLine(t.ground ?? ''),
  停发从: (t) => dayOr(t.onDay),
  抵扣金额: (t) => (t.otherFen === undefined ? '' : formatYuan(t.otherFen)),
  实发金额: (t) => (t.otherFen === undefined || t.amountFen === null ? '' : formatYuan(t.amountFen - t.otherFen)),
  认证办法: (t) => oneLine(t.how ?? ''),
  逾期未认证: (t) =>
    t.suspends === true ? '到期没有办，暂停发放，不是取消；办好以后恢复，暂停的各期补发。' : '到期没有办的，会有人上门看望核实。',
  可选事项: (t) => titles(t.options),
  可选各项: (t) => (t.options ?? []).map(optionText).join('；'),
  最高一项: (t) => titles((t.options ?? []).filter((o) => o.highest)),
  各项合计: (t) => (t.sums ?? []).map((one) => `${one.title} ${formatYuan(BigInt(one.amountFen))}（${one.lines} 笔）`).join('，'),
  主管部门: (t) => t.authority,
} as const satisfies Record<string, (t: Told) => string>;

export type Field = keyof typeof fields;

export const isField = (name: string): name is Field => Object.hasOwn(fields, name);

const places = /\{([^{}]*)\}/g;

/** The places a text names, as they stand. */
export const placesIn = (text: string): readonly string[] => [...text.matchAll(places)].map((m) => m[1] ?? '');

/** The text as one person reads it. */
export const fill = (text: string, told: Told): string => {
  const of = (name: string): string => (isField(name) ? fields[name](told) : '');
  const put = (part: string): string => part.replaceAll(places, (_, name: string) => of(name));
  // In one pass: what a value holds is never read as a place or a passage.
  return text.replaceAll(/\[([^[\]]*)\]|\{([^{}]*)\}/g, (_, passage: string | undefined, name: string) =>
    passage === undefined ? of(name) : placesIn(passage).some((one) => of(one) === '') ? '' : put(passage),
  );
};
