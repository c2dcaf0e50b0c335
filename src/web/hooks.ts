// What another machine tells us: receipts of the gateway for messages. Signed with the secret we share, never older than minutes, and hearing twice changes
// nothing. No account, no cookie.
import { Hono } from 'hono';
import { z } from 'zod';
import { fail } from '../base/problem.ts';
import { transaction } from '../db/handle.ts';
import { hear } from '../notice/hear-store.ts';
import { isSigned, momentHeader, signatureHeader } from '../notice/signature.ts';
import { access, type Env } from './access.ts';
import type { WebContext } from './context.ts';
import { receiptsPath } from './guard.ts';

const body = z.strictObject({
  receipts: z
    .array(z.strictObject({ key: z.string().min(1).max(300), state: z.enum(['delivered', 'failed']), code: z.string().max(40).optional() }))
    .min(1)
    .max(1000),
});

const unreadable = (): never => fail('input.value', '', '回执的格式不对。', '写法见 docs/notices.md。');

/** A gateway's own code of failure as it may stand in our books: short, and no number of anybody. */
const reason = (code: string | undefined): string =>
  code !== undefined && /^[\w.:-]{1,20}$/.test(code) && !/\d{6}/.test(code) ? `短信没有送达（${code}）` : '短信没有送达';

export const hookRoutes = (web: WebContext) =>
  new Hono<Env>().post(receiptsPath, access('public'), async (c) => {
    const text = await c.req.text();
    const given = { moment: c.req.header(momentHeader), signature: c.req.header(signatureHeader), body: text };
    if (web.gatewaySecret === null || !isSigned(web.gatewaySecret, given, c.get('now')))
      return fail('auth.signature', '', '签名不对，或时间差了五分钟以上。', '请核对密钥和时钟。');
    const read = body.safeParse(parsed(text));
    if (!read.success) return unreadable();
    const counts = { done: 0, late: 0, unknown: 0 };
    for (const { key, state, code } of read.data.receipts) {
      const heard = { messageId: key, kind: state === 'failed' ? 'bounced' : 'delivered', why: reason(code), channel: 'sms' } as const;
      counts[await transaction(web.db, (tx) => hear(tx, heard, c.get('now')))] += 1;
    }
    return c.json(counts);
  });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return unreadable();
  }
};
