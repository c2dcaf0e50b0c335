// A notice 告知 and its states as one table; what a channel answers; the pauses between tries. Pure. Texts are in `template.ts`.
import { isEmail } from '../base/codes.ts';
import type { OwedTemplate } from '../outbox/store.ts';

export const noticeStates = {
  pending: { text: '待发', next: ['sending', 'sent', 'dead', 'bounced'] },
  sending: { text: '发送中', next: ['sent', 'bounced', 'dead', 'pending'] },
  sent: { text: '已送出', next: [] },
  bounced: { text: '被退回', next: [] },
  dead: { text: '多次未送达', next: [] },
} as const satisfies Record<string, { text: string; next: readonly string[] }>;

export type NoticeState = keyof typeof noticeStates;

/** mail · letter: printed and handed over · outbox: no mail server is configured, the pages show it. */
export type ChannelName = 'mail' | 'letter' | 'outbox';

export type TemplateName =
  | 'matched'
  | 'confirm'
  | 'push'
  | 'apply'
  | 'asking'
  | `${'' | 'ask-' | 'apply-'}reminder-${1 | 2 | 3}`
  | 'suspended'
  | 'ended'
  | OwedTemplate;

/** What each is called, for lists and reports. */
export const templateNames: Readonly<Record<TemplateName, string>> = {
  matched: '已核定',
  confirm: '请确认',
  push: '可申报',
  apply: '请提交申请',
  asking: '请补信息',
  'reminder-1': '第一次提醒确认',
  'reminder-2': '第二次提醒确认',
  'reminder-3': '最后提醒确认',
  'ask-reminder-1': '第一次催补',
  'ask-reminder-2': '第二次催补',
  'ask-reminder-3': '最后催补',
  'apply-reminder-1': '第一次提醒申请',
  'apply-reminder-2': '第二次提醒申请',
  'apply-reminder-3': '最后提醒申请',
  suspended: '暂停',
  ended: '停发',
  'sent-back': '审核退回',
  refused: '不予发放',
  objected: '有异议待复核',
  'objection-upheld': '异议成立',
  'objection-rejected': '异议不成立',
  'objection-answer': '异议答复',
  recovery: '追回',
  'recovery-changed': '追回分期',
  'recovery-closed': '追回办结',
};

export interface Notice {
  readonly id: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly authority: string;
  readonly division: string | null;
  readonly matchId: string;
  readonly template: TemplateName;
  readonly channel: ChannelName;
  readonly address: string | null;
  readonly subject: string;
  readonly body: string;
  readonly amountFen: bigint | null;
  readonly state: NoticeState;
  readonly attempts: number;
  readonly nextAt: Date;
  readonly firstTriedAt: Date | null;
  readonly messageId: string;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
}

/** What a channel says of one message. The expected is an answer, never an exception. */
export type Answer =
  | { readonly kind: 'sent' }
  | { readonly kind: 'retry'; readonly why: string; readonly afterMs?: number }
  | { readonly kind: 'refused'; readonly why: string };

export interface Message {
  /** Without angle brackets; the same at every try. */
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Channel {
  send(message: Message): Promise<Answer>;
  close(): void;
}

const minute = 60_000;
const hour = 60 * minute;
const pauses = [minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour] as const;
/** Longer than this after the first try nobody waits any more. */
export const patienceMs = 72 * hour;

/** How long to wait after the n-th failed try (1 …): growing, then every twelve hours. */
export const pauseAfter = (attempts: number): number => pauses[attempts - 1] ?? 12 * hour;

// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the purpose
const control = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

/** An address mail may go to: one mailbox, no control characters, no list, no header of its own. */
export const isMailable = (address: string | null): address is string => address !== null && !control.test(address) && isEmail(address);

/** A subject is one line. Names come from outside: whatever could begin a header of its own becomes a blank; direction marks go. */
export const oneLine = (text: string): string =>
  [...text]
    .map((c) => (control.test(c) ? ' ' : c))
    .filter((c) => !/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(c))
    .join('')
    .replaceAll(/ {2,}/g, ' ')
    .trim();

export const hasControl = (text: string): boolean => control.test(text);
