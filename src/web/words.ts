// Chinese words for values that pages and answers share: verdicts, kinds of match, modes, steps, days and moments.
import { maskName, maskText } from '../base/codes.ts';
import { type Day, dayText } from '../base/day.ts';
import { boxed } from '../base/invisible.ts';
import type { FlowStep, MatchKind, PeriodKind } from '../policy/item.ts';
import type { Verdict } from '../rule/facts.ts';

export const verdictNames: Readonly<Record<Verdict, string>> = { eligible: '符合', ineligible: '不符合', undetermined: '待核' };
export const kindNames: Readonly<Record<MatchKind, string>> = {
  first: '首次',
  changed: '变动',
  continuing: '续发',
  suspended: '暂停',
  resumed: '恢复',
  ended: '终止',
};
export const stepNames: Readonly<Record<FlowStep, string>> = {
  guard: '核验',
  apply: '提交申请',
  ask: '补充信息',
  review: '审核',
  notice: '告知',
  confirm: '本人确认',
  publicity: '公示',
  pay: '拨付',
};
export const reasonNames = {
  undelivered: '部门没有报送',
  empty: '报送了但这一项空着',
  stale: '数据过期',
  conflict: '几个来源不一致',
  'no-parameter': '参数没有这一天的值',
  'no-link': '关联的人或单位不在库里',
  closing: '要等所属期结束后全体一起排定',
  others: '其他参评者的数据还没有到齐',
} as const;

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false });
/** 2026年4月15日 09:30, in Asia/Shanghai. */
export const momentText = (at: Date): string => `${dayText(dayAt(at))} ${clock.format(at)}`;

/** 2026-04 → 2026年4月, 2026Q1 → 2026年一季度, 2026 → 2026年; an event's key may be anything: of one with a long number in it the last four are told. */
export const periodText = (key: string): string => {
  const month = /^(\d{4})-(\d{2})$/.exec(key);
  if (month) return `${month[1]}年${Number(month[2])}月`;
  const quarter = /^(\d{4})Q([1-4])$/.exec(key);
  if (quarter) return `${quarter[1]}年${'一二三四'[Number(quarter[2]) - 1]}季度`;
  if (/^\d{4}$/.test(key)) return `${key}年`;
  if (key === 'events') return '按事件';
  if (key === 'once') return '一次性';
  const masked = maskText(key);
  return masked.includes('**') ? `单号尾号 ${[...masked].slice(-4).join('')}` : masked;
};

/** A period's key as it may leave: the calendar's as it is; an event's may hold a number, so long ones in it are masked. */
export const periodKeyText = (key: string): string =>
  /^(?:\d{4}(?:-(?:0[1-9]|1[0-2])|Q[1-4])?|once|events)$/.test(key) ? key : maskText(key);

/** Names and texts come from outside: control characters, zero-width ones and direction marks show as a box instead of doing something. */
export const shown = boxed;

/** 张* for people; a firm's name is public. */
export const personName = (register: string, name: string | null): string =>
  name === null || name.trim() === '' ? '姓名缺' : register === 'citizen' ? maskName(shown(name)) : shown(name);

/** 尾号 1234. */
export const tailText = (key: string): string => `尾号 ${key.length > 4 ? key.slice(-4) : '****'}`;
export const registerNames: Readonly<Record<string, string>> = { citizen: '居民', enterprise: '企业', household: '家庭户' };
export const audienceNames = { citizen: '居民', enterprise: '企业' } as const;
export const periodKindNames: Readonly<Record<PeriodKind, string>> = {
  monthly: '按月',
  quarterly: '按季',
  yearly: '按年',
  'per-event': '按事件',
  once: '一次性',
};

/** Days in Asia/Shanghai. */
const civil = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' });
export const dayAt = (at: Date): Day => civil.format(at) as Day;

/** 12,345 */
export const countText = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
