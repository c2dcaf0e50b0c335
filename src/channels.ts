// The channels of this installation, opened from its settings: for the job that sends every minute, and for the sender that hears of each notice as it is
// written. Whoever opens them closes them.
import type { Config } from './config.ts';
import { openGateway } from './notice/gateway.ts';
import { openMail } from './notice/mail.ts';
import { type Lane, type Lanes, trialFor } from './notice/send.ts';

export interface Channels {
  readonly lanes: Lanes;
  close(): void;
}

export const openChannels = (config: Config, clock: () => Date): Channels => {
  const { gateway, quiet, mailPerMinute, smsPerMinute, trial } = config.notice;
  const pace = (perMinute: number | null) => (perMinute === null ? {} : { perMinute });
  const lanes: { mail?: Lane; sms?: Lane } = {};
  if (config.smtpUrl !== null)
    lanes.mail = {
      channel: openMail({ url: config.smtpUrl, from: config.mailFrom }),
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
