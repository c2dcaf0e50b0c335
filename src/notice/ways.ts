// Over which ways, in which order, a notice goes to somebody. What must be told ends in a letter; what costs no paper ends on the portal. Pure.
import { isPhone } from '../base/codes.ts';
import { isMailable, type Way } from './notice.ts';
import type { Duty } from './template-table.ts';

export interface Reach {
  readonly email: string | null;
  readonly phone: string | null;
}

/** What a person said of messages. */
export interface Choice {
  readonly stopPush: boolean;
  /** The way tried first. */
  readonly prefer: 'mail' | 'sms' | 'letter' | null;
}

export interface Transports {
  /** False: mail waits in the outbox until there is a server. */
  readonly mail: boolean;
  /** A gateway for messages is configured. */
  readonly sms: boolean;
}

/** A number that takes messages: not a fixed line. */
const isMobile = (text: string | null): text is string => text !== null && isPhone(text) && /^1/.test(text);

/** `portal`: whether the reader has one; whom the family named has not. At least one way comes back. */
export const waysFor = (
  duty: Duty,
  reach: Reach,
  choice: Choice | null,
  transports: Transports,
  portal = true,
): readonly [Way, ...Way[]] => {
  const last: Way = { channel: duty === 'required' || !portal ? 'letter' : 'inbox', address: null };
  // Switched off: it stands on the portal for whoever looks, and disturbs nobody.
  if (duty !== 'required' && choice?.stopPush === true) return [last];
  if (duty === 'required' && choice?.prefer === 'letter') return [last];
  const mail: readonly Way[] = isMailable(reach.email) ? [{ channel: transports.mail ? 'mail' : 'outbox', address: reach.email }] : [];
  const sms: readonly Way[] = transports.sms && isMobile(reach.phone) ? [{ channel: 'sms', address: reach.phone }] : [];
  const [first, ...rest] = choice?.prefer === 'sms' ? [...sms, ...mail, last] : [...mail, ...sms, last];
  return [first ?? last, ...rest];
};
