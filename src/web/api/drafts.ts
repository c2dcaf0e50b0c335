// A rule on its way over the API, beyond submitting it: saved again, what was done to it; a published version whole, and where an item is used.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { entriesOf } from '../../audit/store.ts';
import { sayItem } from '../../policy/say.ts';
import { rewriteDraft } from '../../review/draft.ts';
import { isPlaced } from '../../review/remark.ts';
import { linesOf } from '../../rule/explain.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, ruleNow, titlesIn, versionsFor } from '../items.ts';
import { businessRoles } from '../role.ts';
import { usesOf } from '../rule-uses.ts';
import { answers, listOf, notFound, valid } from './answer.ts';
import { reviewShape, seenReview, toOne, withinScope } from './reviews.ts';

const id = z.object({ id: z.uuid() });
const entry = z.object({
  at: z.string(),
  by: z.string(),
  what: z.string(),
  reason: z.string().nullable(),
  pinned: z.boolean().describe('批注的是其中一处，或者答复这样的批注'),
});

const moves: Readonly<Record<string, string>> = {
  'review.draft': '起草',
  'review.redraft': '改草稿',
  'review.submit': '送审',
  'review.remark': '批注',
  'review.return': '退回',
  'review.withdraw': '撤回',
  'review.publish': '发布',
};

export const draftApi = (web: WebContext) =>
  new Hono<Env>()
    .put(
      '/drafts/:id',
      access('officer'),
      describeRoute(answers('再存草稿；别处存过的，答 conflict.draft（409）', reviewShape, { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ item: z.unknown(), was: z.string().max(100).describe('改之前内容的指纹') })),
      async (c) => {
        const staff = staffOf(c);
        const { item, was } = c.req.valid('json');
        const review = await seenReview(web, staff, c.req.valid('param').id);
        const json = withinScope(staff, item);
        return c.json(toOne(await rewriteDraft(web.db, { id: review.id, json, was, maker: staff.username, at: c.get('now') }), staff));
      },
    )
    .get(
      '/reviews/:id/history',
      access(...businessRoles),
      describeRoute(answers('一份送审的经过', listOf(entry), { one: true })),
      valid('param', id),
      async (c) => {
        const review = await seenReview(web, staffOf(c), c.req.valid('param').id);
        const rows = await entriesOf(web.db, 'item_review', review.id);
        return c.json({
          rows: rows.map((one) => ({
            ...{ at: one.at.toISOString(), by: one.actor, what: moves[one.action] ?? one.action, reason: one.reason },
            pinned: isPlaced(one),
          })),
          next: null,
        });
      },
    );

const version = z.object({
  item: z.string(),
  version: z.number(),
  title: z.string(),
  hash: z.string(),
  maker: z.string(),
  checker: z.string(),
  publishedAt: z.string(),
  retiredAt: z.string().nullable(),
  content: z.unknown().describe('事项，与规则文件同形'),
  rule: z.array(z.string()).describe('规则的中文表述'),
  uses: z.array(z.object({ item: z.string(), title: z.string(), how: z.string() })).readonly(),
});

export const versionWholeApi = (web: WebContext) =>
  new Hono<Env>().get(
    '/items/:id/versions/:version',
    access(...businessRoles),
    describeRoute(answers('一个版本的全文和它用在哪里', version, { one: true })),
    valid('param', z.object({ id: z.string().max(100), version: z.coerce.number().int().min(1) })),
    async (c) => {
      const { scope } = staffOf(c);
      const asked = c.req.valid('param');
      const [versions, items] = await Promise.all([versionsFor(web, scope, asked.id), itemsFor(web, scope)]);
      const found = versions.find((one) => one.version === asked.version);
      if (found === undefined) return notFound('版本');
      const { compiled, catalogue } = await ruleNow(web, found);
      const { before: _before, ...content } = found.item;
      return c.json({
        item: found.itemId,
        version: found.version,
        title: found.item.title,
        hash: found.hash,
        maker: found.maker,
        checker: found.checker,
        publishedAt: found.publishedAt.toISOString(),
        retiredAt: found.retiredAt?.toISOString() ?? null,
        content: content as unknown,
        rule: [...linesOf(sayItem(compiled, catalogue, titlesIn(items)))],
        uses: usesOf(found.item, items),
      });
    },
  );
