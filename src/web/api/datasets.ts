// Datasets over the API: last delivery, freshness, whom they speak of, and what was wrong with a delivery, by cursor.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { deliveryWithin, problemsAfter } from '../../record/view-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { placeCursor, readPlace } from '../cursor.ts';
import { type DatasetView, datasetViews } from '../datasets.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, listQuery, notFound, strictQuery, valid } from './answer.ts';

const row = z.object({
  id: z.string(),
  title: z.string(),
  department: z.string(),
  register: z.string(),
  freshnessDays: z.number(),
  freshness: z.enum(['fresh', 'stale', 'never']),
  asOf: z.string().nullable(),
  goodUntil: z.string().nullable(),
  deliveredAt: z.string().nullable(),
  subjects: z.number(),
  registered: z.number(),
  refused: z.number(),
});
const bad = z.object({
  line: z.number(),
  column: z.string(),
  code: z.string(),
  masked: z.string(),
  message: z.string(),
  hint: z.string(),
});

const toRow = ({ dataset, standing, freshness, goodUntil }: DatasetView) => ({
  id: dataset.id,
  title: dataset.title,
  department: dataset.department,
  register: dataset.register,
  freshnessDays: dataset.freshnessDays,
  freshness,
  asOf: standing?.asOf ?? null,
  goodUntil,
  deliveredAt: standing?.deliveredAt?.toISOString() ?? null,
  subjects: standing?.subjects ?? 0,
  registered: standing?.registered ?? 0,
  refused: standing?.refused ?? 0,
});

export const datasetApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/datasets',
      access(...businessRoles),
      describeRoute(answers('数据集', listOf(row))),
      valid('query', strictQuery({})),
      async (c) => {
        const { rows } = await datasetViews(web, staffOf(c).scope, c.get('now'));
        return c.json({ rows: rows.map(toRow), next: null });
      },
    )
    .get(
      '/deliveries/:id/problems',
      access(...businessRoles),
      describeRoute(answers('一次交付的问题', listOf(bad), { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      valid('query', listQuery),
      async (c) => {
        const delivery = await deliveryWithin(web.db, c.req.valid('param').id, staffOf(c).scope);
        if (delivery === null) return notFound('交付');
        const { cursor, limit = 50 } = c.req.valid('query');
        const rows = await problemsAfter(web.db, { deliveryId: delivery.id, after: readPlace(cursor), limit: limit + 1 });
        const shown = rows.slice(0, limit);
        const last = shown.at(-1);
        return c.json({ rows: shown, next: rows.length > limit && last ? placeCursor(last) : null });
      },
    );
