// 好差评 over the API: averages per item, the ratings, and the answer to whoever was not content.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { transaction } from '../../db/handle.ts';
import { answerRating } from '../../rating/rating.ts';
import { listRatings, sumRatings } from '../../rating/store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, listQuery, strictQuery, valid } from './answer.ts';

const row = z.object({
  id: z.string(),
  disbursementId: z.string(),
  itemId: z.string(),
  stars: z.number().describe('1 最差，5 最好'),
  reason: z.string().nullable(),
  ratedAt: z.string(),
  dueOn: z.string().nullable(),
  answer: z.string().nullable(),
  answeredAt: z.string().nullable(),
});
const sum = z.object({
  itemId: z.string(),
  count: z.number(),
  stars: z.number().describe('总分；除以 count 是平均'),
  low: z.number(),
  open: z.number().describe('差评里还没有答复的'),
});

export const ratingApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/ratings',
      access(...businessRoles),
      describeRoute(answers('好差评', listOf(row))),
      valid('query', listQuery.extend({ open: z.enum(['1']).optional().describe('只看没有答复的差评') })),
      async (c) => {
        const { cursor, limit = 50, open } = c.req.valid('query');
        const page = await listRatings(web.db, { scope: staffOf(c).scope, after: cursor ?? null, limit, open: open === '1' });
        const rows = page.rows.map(({ id, disbursementId, itemId, stars, reason, ratedAt, dueOn, answer, answeredAt }) => ({
          ...{ id, disbursementId, itemId, stars, reason, dueOn, answer },
          ratedAt: ratedAt.toISOString(),
          answeredAt: answeredAt?.toISOString() ?? null,
        }));
        return c.json({ rows, next: page.next });
      },
    )
    .get(
      '/rating-sums',
      access(...businessRoles),
      describeRoute(answers('各事项的好差评', listOf(sum))),
      valid('query', strictQuery({})),
      async (c) => c.json({ rows: await sumRatings(web.db, staffOf(c).scope), next: null }),
    )
    .post(
      '/ratings/:id/answer',
      access('reviewer'),
      describeRoute(answers('答复评价', z.object({ done: z.boolean() }), { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      valid('json', z.strictObject({ answer: z.string().max(500) })),
      async (c) => {
        const { userId, scope } = staffOf(c);
        const ask = { id: c.req.valid('param').id, scope, answer: c.req.valid('json').answer };
        await transaction(web.db, (tx) => answerRating(tx, ask, { id: userId, role: 'reviewer' }, c.get('now')));
        return c.json({ done: true });
      },
    );
