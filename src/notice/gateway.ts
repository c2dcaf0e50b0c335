// Short messages over the authority's gateway: one signed POST each, under a key that is the same at every try, so that the gateway can tell a second try from
// a second message. What it answers: docs/notices.md.
import { hasControl } from '../base/invisible.ts';
import type { Answer, Channel, Message } from './notice.ts';
import { momentHeader, signatureHeader, signatureOf } from './signature.ts';

export interface GatewayOptions {
  readonly url: string;
  readonly secret: string;
  /** Stamps the signature. */
  readonly clock: () => Date;
  /** How long a try may take; default 15 s. */
  readonly timeoutMs?: number;
}

/** These speak of this message and will not change; everything else may be put right, by the gateway or by us. */
const final = new Set([400, 410, 413, 422]);

/** Longest wait a gateway may ask for. */
const longestWaitMs = 12 * 3_600_000;

const waitOf = (header: string | null): { readonly afterMs?: number } => {
  const seconds = header !== null && /^\d{1,7}$/.test(header) ? Number(header) : null;
  return seconds === null ? {} : { afterMs: Math.min(Math.max(seconds, 1) * 1000, longestWaitMs) };
};

export const openGateway = (options: GatewayOptions): Channel => {
  const closing = new AbortController();
  return {
    send: async (message: Message): Promise<Answer> => {
      if (hasControl(message.short)) return { kind: 'refused', why: '短信正文含有控制字符' };
      const body = JSON.stringify({ key: message.messageId, to: message.to, text: message.short });
      const moment = String(Math.floor(options.clock().getTime() / 1000));
      try {
        const response = await fetch(options.url, {
          method: 'POST',
          // A redirect would carry name and amount to wherever it points.
          redirect: 'manual',
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'idempotency-key': message.messageId,
            [momentHeader]: moment,
            [signatureHeader]: signatureOf(options.secret, moment, body),
          },
          body,
          signal: AbortSignal.any([closing.signal, AbortSignal.timeout(options.timeoutMs ?? 15_000)]),
        });
        // What it says is of no use, and may be endless.
        await response.body?.cancel();
        if (response.ok) return { kind: 'sent' };
        const why = `网关答复 ${response.status}`;
        return final.has(response.status)
          ? { kind: 'refused', why }
          : { kind: 'retry', why, ...waitOf(response.headers.get('retry-after')) };
      } catch (error) {
        return { kind: 'retry', why: (error as Error).name === 'TimeoutError' ? '网关没有应答' : '连不上网关' };
      }
    },
    close: () => closing.abort(),
  };
};
