// How notices leave this installation, as settings: the gateway for messages, its quiet hours, the pace of each channel, the trial, and where returned mail lies.
// `src/config.ts` reads them with all the others. Pure.
import { z } from 'zod';
import { isPhone } from '../base/codes.ts';
import { isMailable } from './notice.ts';
import { type QuietHours, readQuietHours } from './quiet.ts';

export interface NoticeSettings {
  /** null: no messages. */
  readonly gateway: { readonly url: string; readonly secret: string } | null;
  /** null: messages go at any hour. */
  readonly quiet: QuietHours | null;
  readonly mailPerMinute: number | null;
  readonly smsPerMinute: number | null;
  /** Mailboxes and numbers of staff that get everything instead; null: no trial. */
  readonly trial: readonly string[] | null;
  /** A folder returned mail is put into (`.eml` files, or a Maildir); null: none. */
  readonly bounces: string | null;
}

/** Signed messages hold amounts and names: in clear only to this machine. */
const isGateway = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  return username === '' && (protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)));
};

const listOf = (text: string): readonly string[] =>
  text
    .split(/[,，;；\s]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

const pace = z.string().regex(/^[1-9]\d{0,5}$/, '不是每分钟的条数。');

export const noticeSettings = {
  SMS_GATEWAY_URL: z.string().refine(isGateway, '不是短信网关的地址。').optional(),
  SMS_GATEWAY_SECRET: z.string().min(32, '太短，容易被猜出。').optional(),
  SMS_QUIET: z
    .string()
    .refine((text) => text === 'none' || readQuietHours(text) !== null, '不是一段时间。')
    .default('20:00-08:00'),
  SMS_PER_MINUTE: pace.optional(),
  MAIL_PER_MINUTE: pace.optional(),
  NOTICE_TRIAL: z
    .string()
    .refine((text) => listOf(text).length > 0 && listOf(text).every((one) => isMailable(one) || isPhone(one)), '不是邮箱或手机号。')
    .optional(),
  ZHIXIANG_BOUNCES: z.string().optional(),
};

export const noticeHints: Readonly<Record<keyof typeof noticeSettings, string>> = {
  SMS_GATEWAY_URL: '写成 https://sms.example.gov.cn/send；本机测试可以用 http://127.0.0.1。要同时设置 SMS_GATEWAY_SECRET。',
  SMS_GATEWAY_SECRET: '与网关约定的签名密钥，至少 32 个字符，可用 openssl rand -base64 32 生成。',
  SMS_QUIET: '写成 20:00-08:00，这段时间不发短信；不要安静时段写 none。',
  SMS_PER_MINUTE: '写每分钟最多几条，例如 600。',
  MAIL_PER_MINUTE: '写每分钟最多几封，例如 300。',
  NOTICE_TRIAL: '写工作人员的邮箱或手机号，用逗号隔开；设置后所有告知只发给他们，去掉这个设置才发给本人。',
  ZHIXIANG_BOUNCES: '写一个文件夹，邮件服务器把退信投到里面（.eml 文件或 Maildir）。',
};

type Read = z.infer<z.ZodObject<typeof noticeSettings>>;

/** `bounces` comes back as written. */
export const noticeSettingsOf = (data: Read): NoticeSettings => ({
  gateway:
    data.SMS_GATEWAY_URL === undefined || data.SMS_GATEWAY_SECRET === undefined
      ? null
      : { url: data.SMS_GATEWAY_URL, secret: data.SMS_GATEWAY_SECRET },
  quiet: data.SMS_QUIET === 'none' ? null : readQuietHours(data.SMS_QUIET),
  smsPerMinute: data.SMS_PER_MINUTE === undefined ? null : Number(data.SMS_PER_MINUTE),
  mailPerMinute: data.MAIL_PER_MINUTE === undefined ? null : Number(data.MAIL_PER_MINUTE),
  trial: data.NOTICE_TRIAL === undefined ? null : listOf(data.NOTICE_TRIAL),
  bounces: data.ZHIXIANG_BOUNCES ?? null,
});
