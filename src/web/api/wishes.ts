// 告知意愿 over the API: what somebody wants of notices and whom to tell after their death, seen and written down by staff.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { maskEmail, maskId } from '../../base/codes.ts';
import { transaction } from '../../db/handle.ts';
import { chooseMessages, nameRelative, type Wishes, wishesOf } from '../../notice/wishes.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { noteLook } from '../look.ts';
import { shown } from '../words.ts';
import { answers, notFound, valid } from './answer.ts';

const prefer = z.enum(['mail', 'sms', 'letter']).nullable();
const wishes = z.object({
  stopPush: z.boolean().describe('不要推荐申报的消息'),
  prefer: prefer.describe('先用哪种方式'),
  relative: z.object({ name: z.string(), relation: z.string(), phone: z.string().nullable(), email: z.string().nullable() }).nullable(),
});
const reason = z.string().min(2).max(200).describe('理由，会留痕');
const id = z.object({ id: z.uuid() });

const toAnswer = ({ choice, relative }: Wishes): z.infer<typeof wishes> => ({
  ...choice,
  relative:
    relative === null
      ? null
      : {
          name: shown(relative.name),
          relation: shown(relative.relation),
          phone: relative.phone === null ? null : maskId(relative.phone),
          email: relative.email === null ? null : maskEmail(relative.email),
        },
});

export const wishApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/subjects/:id/wishes',
      access('reviewer', 'auditor'),
      describeRoute(answers('告知意愿', wishes, { one: true })),
      valid('param', id),
      async (c) => {
        const subjectId = c.req.valid('param').id;
        const found = await transaction(web.db, (tx) => wishesOf(tx, subjectId, staffOf(c).scope));
        if (found === null) return notFound('居民或企业');
        await noteLook(web, c, { reason: 'handle', order: `subject-${subjectId}` }, { subjectId, view: 'person', facts: [] });
        return c.json(toAnswer(found));
      },
    )
    .post(
      '/subjects/:id/wishes',
      access('reviewer'),
      describeRoute(answers('登记告知意愿', z.object({ ok: z.literal(true) }), { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ stopPush: z.boolean(), prefer, reason })),
      async (c) => {
        const { reason: why, ...choice } = c.req.valid('json');
        const staff = staffOf(c);
        const actor = { id: staff.userId, role: 'reviewer' };
        const wish = { subjectId: c.req.valid('param').id, reason: why, scope: staff.scope, actor, at: c.get('now') };
        await transaction(web.db, (tx) => chooseMessages(tx, wish, choice));
        return c.json({ ok: true as const });
      },
    )
    .post(
      '/subjects/:id/relative',
      access('reviewer'),
      describeRoute(answers('登记去世后联系的亲属', z.object({ ok: z.literal(true) }), { one: true })),
      valid('param', id),
      valid(
        'json',
        z.strictObject({
          relative: z
            .strictObject({
              name: z.string().max(40),
              relation: z.string().max(20),
              phone: z.string().nullable(),
              email: z.string().nullable(),
            })
            .nullable()
            .describe('空：取消'),
          reason,
        }),
      ),
      async (c) => {
        const { reason: why, relative } = c.req.valid('json');
        const staff = staffOf(c);
        const actor = { id: staff.userId, role: 'reviewer' };
        const wish = { subjectId: c.req.valid('param').id, reason: why, scope: staff.scope, actor, at: c.get('now') };
        await transaction(web.db, (tx) => nameRelative(tx, wish, relative));
        return c.json({ ok: true as const });
      },
    );
