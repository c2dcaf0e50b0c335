// A notice 告知 and its states as one table; what a channel answers; the pauses between tries. Pure. Texts are in `template.ts`.
import { isEmail } from '../base/codes.ts';
import { hasControl } from '../base/invisible.ts';
import { type Duty, type TemplateName, templates } from './template-table.ts';

export const noticeStates = {
  pending: { text: '待发', next: ['sending', 'sent', 'delivered', 'dead', 'bounced', 'pending'] },
  sending: { text: '发送中', next: ['sent', 'bounced', 'dead', 'pending'] },
  // A bounce that comes back later, or a message nobody opened, takes the notice on to its next way.
  sent: { text: '已送出', next: ['delivered', 'bounced', 'dead', 'pending'] },
  delivered: { text: '已送达', next: [] },
  // No way is left, but whoever opens it on the portal has been told all the same, and a person may have it tried again from its first way.
  bounced: { text: '被退回', next: ['delivered', 'pending', 'sent'] },
  dead: { text: '多次未送达', next: ['delivered', 'pending', 'sent'] },
} as const satisfies Record<string, { text: string; next: readonly string[] }>;

export type NoticeState = keyof typeof noticeStates;

/**
 * mail · sms: a message by the authority's gateway · inbox: shown to the person on the portal · letter: printed and handed over ·
 * outbox: mail that waits because no mail server is configured.
 */
export const channelNames = { mail: '电子邮件', sms: '短信', inbox: '站内信', letter: '纸质，当面送达', outbox: '待发件箱' } as const;
export type ChannelName = keyof typeof channelNames;

/** Channels something is sent over by machine. */
export type SendingChannel = 'mail' | 'sms';

/** What each template is called, for lists and reports. */
export const templateNames = Object.fromEntries(Object.entries(templates).map(([key, one]) => [key, one.name])) as Readonly<
  Record<TemplateName, string>
>;

/** What the choice to stop messages silences, by name: it stands on the portal alone. A link somebody asks for is no message of ours. */
export const stoppable: readonly string[] = Object.entries(templates).flatMap(([id, one]) =>
  one.duty === 'required' || id === 'link' ? [] : [`“${one.name}”`],
);

export interface Notice {
  readonly id: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly authority: string;
  readonly division: string | null;
  /** null: an answer about something that gave no match. */
  readonly matchId: string | null;
  readonly template: TemplateName;
  readonly channel: ChannelName;
  readonly address: string | null;
  readonly ways: readonly Way[];
  readonly way: number;
  readonly duty: Duty;
  /** Whether its mail may carry a link into the portal: only where whoever reads it is the person it is about. */
  readonly entry: boolean;
  /** `shipped`, or the id of the published text it was written by. */
  readonly wording: string;
  readonly subject: string;
  readonly body: string;
  /** As one short message. */
  readonly short: string;
  readonly amountFen: bigint | null;
  readonly state: NoticeState;
  /** All claims so far: the fencing token. */
  readonly attempts: number;
  /** Tries over the way it stands at. */
  readonly tried: number;
  readonly nextAt: Date;
  readonly firstTriedAt: Date | null;
  readonly messageId: string;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly deliveredAt: Date | null;
}

/** One way to reach somebody; the address is null where none is needed (letter, inbox). */
export interface Way {
  readonly channel: ChannelName;
  readonly address: string | null;
}

/** The way after the one a notice stands at; null: it was the last. */
export const nextWay = (notice: Pick<Notice, 'ways' | 'way'>): Way | null => notice.ways[notice.way + 1] ?? null;

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
  /** The same in one short message, for channels that carry no more. */
  readonly short: string;
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

/** An address mail may go to: one mailbox, no control characters, no list, no header of its own. */
export const isMailable = (address: string | null): address is string => address !== null && !hasControl(address) && isEmail(address);
