// Datasets over the API: last delivery, freshness, whom they speak of, and what was wrong with a delivery, by cursor.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { mappingVersions } from '../../record/mapping-store.ts';
import { retentionTerms } from '../../record/retention.ts';
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

const mapping = z.object({
  version: z.number(),
  madeAt: z.string(),
  madeBy: z.string(),
  labels: z.array(z.object({ label: z.string().describe('部门文件里的列名'), to: z.string().describe('数据集的列名'), scale: z.number() })),
});
const kept = z.object({
  dataset: z.string(),
  title: z.string(),
  days: z.number(),
  own: z.boolean().describe('真：数据集自己的规定；假：通行的三年'),
  files: z.number(),
  oldest: z.string().nullable(),
  nextAt: z.string().nullable().describe('最早的一份原件从什么时候起可以清除'),
  removed: z.number(),
  refused: z.number(),
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
      '/datasets/:id/mappings',
      access(...businessRoles),
      describeRoute(answers('列名对应关系的各个版本，新的在前', listOf(mapping), { one: true })),
      valid('param', z.object({ id: z.string().max(100) })),
      async (c) => {
        const { id } = c.req.valid('param');
        if ((await web.catalogue()).datasets.every((one) => one.id !== id)) return notFound('数据集');
        const rows = (await mappingVersions(web.db, id)).map(({ version, madeAt, madeBy, labels }) => ({
          ...{ version, madeAt: madeAt.toISOString(), madeBy },
          labels: Object.entries(labels).map(([label, { to, scale }]) => ({ label, to, scale })),
        }));
        return c.json({ rows, next: null });
      },
    )
    .get(
      '/retention',
      access(...businessRoles),
      describeRoute(answers('各数据集的原件和被退的行保存到什么时候', listOf(kept))),
      valid('query', strictQuery({})),
      async (c) => {
        if (staffOf(c).scope.divisions !== null) return c.json({ rows: [], next: null });
        const catalogue = await web.catalogue();
        const titles = new Map(catalogue.datasets.map((d) => [d.id, d.title]));
        const rows = (await retentionTerms(web.db, catalogue)).map(({ oldest, nextAt, ...one }) => ({
          ...{ ...one, title: titles.get(one.dataset) ?? one.dataset },
          ...{ oldest: oldest?.toISOString() ?? null, nextAt: nextAt?.toISOString() ?? null },
        }));
        return c.json({ rows, next: null });
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
