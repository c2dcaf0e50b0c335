// Mail as a channel: nodemailer over SMTP. 5xx about a recipient or a message is final, everything else is tried again.
import { createTransport } from 'nodemailer';
import { maskText } from '../base/codes.ts';
import { hasControl } from '../base/invisible.ts';
import { type Answer, type Channel, isMailable, type Message } from './notice.ts';

export interface MailOptions {
  /** smtp://user:password@host:587 or smtps://…:465 */
  readonly url: string;
  /** 某某局 <notice@example.gov.cn> */
  readonly from: string;
  readonly connections?: number;
  /** How long to wait for a connection, a greeting, or any next byte; default 10 s, 10 s, 30 s. */
  readonly connectMs?: number;
  readonly greetingMs?: number;
  readonly silenceMs?: number;
}

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** Commands whose 5xx speaks of this recipient or this message; at login or greeting it speaks of the server, which may be put right. */
const aboutMessage = /^(RCPT TO|DATA|API)\b/;

/** The server's words without addresses and long numbers: they often repeat the recipient. */
const plainReason = (error: SmtpError): string => maskText((error.response ?? error.code ?? '').replaceAll(/\S+@\S+/g, '…'), 120);

export const answerOf = (error: unknown): Answer => {
  const e = error as SmtpError;
  const why = plainReason(e) || '没有应答';
  const final = e.responseCode !== undefined && e.responseCode >= 500 && aboutMessage.test(e.command ?? '');
  return final ? { kind: 'refused', why } : { kind: 'retry', why };
};

/** Opens a pooled connection lazily; `close` lets go of it. */
export const openMail = (options: MailOptions): Channel => {
  const transport = createTransport({
    url: options.url,
    pool: true,
    maxConnections: options.connections ?? 4,
    connectionTimeout: options.connectMs ?? 10_000,
    greetingTimeout: options.greetingMs ?? 10_000,
    socketTimeout: options.silenceMs ?? 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (message: Message): Promise<Answer> => {
      if (!isMailable(message.to)) return { kind: 'refused', why: '邮箱地址不合规' };
      if (hasControl(message.subject)) return { kind: 'refused', why: '标题含有控制字符' };
      try {
        await transport.sendMail({
          from: options.from,
          to: { name: '', address: message.to },
          subject: message.subject,
          text: message.text,
          messageId: `<${message.messageId}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { kind: 'sent' };
      } catch (error) {
        return answerOf(error);
      }
    },
    close: () => transport.close(),
  };
};
