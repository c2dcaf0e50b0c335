// The channels of this installation, opened from its settings: for the job that sends every minute, and for the sender that hears of each notice as it is
// written. Whoever opens them closes them.
import type { Config } from './config.ts';
import { openGateway } from './notice/gateway.ts';
import { openMail } from './notice/mail.ts';
import { type Entry, type Lane, type Lanes, trialFor } from './notice/send.ts';
import { mintLinks } from './visitor/link.ts';

export interface Channels {
  readonly lanes: Lanes;
  close(): void;
}

const local = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
const isLocal = (address: string | null): boolean => address !== null && local.test(new URL(address).hostname);

/**
 * Under which address links in mails lead to the portal; null: mails carry none, and say how to reach the office and the portal by oneself. Only over https,
 * for whoever sees the address holds half of the key; an address of this machine only where the mail server is one too, for a trial at one desk: anybody
 * else would be led to a door that is not there.
 */
export const entryBase = ({ baseUrl, smtpUrl }: Pick<Config, 'baseUrl' | 'smtpUrl'>): string | null => {
  if (baseUrl === null) return null;
  if (isLocal(baseUrl)) return isLocal(smtpUrl) ? baseUrl : null;
  return baseUrl.startsWith('https:') ? baseUrl : null;
};

const entriesUnder = (base: string): NonNullable<Lane['entries']> => {
  const entryOf = ({ path, register }: { readonly path: string; readonly register: string }): Entry => ({
    url: `${base}${path}`,
    asks: register === 'enterprise' ? '统一社会信用代码' : '身份证号码',
  });
  return async (tx, notices, now) => new Map([...(await mintLinks(tx, notices, now))].map(([id, link]) => [id, entryOf(link)]));
};

export const openChannels = (config: Config, clock: () => Date): Channels => {
  const { gateway, quiet, mailPerMinute, smsPerMinute, trial } = config.notice;
  const pace = (perMinute: number | null) => (perMinute === null ? {} : { perMinute });
  const lanes: { mail?: Lane; sms?: Lane } = {};
  const base = entryBase(config);
  if (config.smtpUrl !== null)
    lanes.mail = {
      channel: openMail({ url: config.smtpUrl, from: config.mailFrom }),
      ...(base === null ? {} : { entries: entriesUnder(base) }),
      ...pace(mailPerMinute),
      ...(trial === null ? {} : { trial: trialFor('mail', trial) }),
    };
  if (gateway !== null)
    lanes.sms = {
      channel: openGateway({ ...gateway, clock }),
      ...pace(smsPerMinute),
      ...(quiet === null ? {} : { quiet }),
      ...(trial === null ? {} : { trial: trialFor('sms', trial) }),
    };
  return {
    lanes,
    close: () => {
      for (const lane of [lanes.mail, lanes.sms]) lane?.channel.close();
    },
  };
};
