// Datasets over the API: last delivery, freshness, whom they speak of, and what was wrong with a delivery, by cursor.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { audit } from '../../audit/audit.ts';
import { transaction } from '../../db/handle.ts';
import { mappingVersions } from '../../record/mapping-store.ts';
import { refusedAsCsv } from '../../record/report.ts';
import { retentionTerms } from '../../record/retention.ts';
import { deliveriesOf, deliveryWithin, problemsAfter } from '../../record/view-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { placeCursor, readPlace } from '../cursor.ts';
import { type DatasetView, datasetCalendar, datasetViews, factShares } from '../datasets.ts';
import { businessRoles } from '../role.ts';
import { answers, answersFile, listOf, listQuery, notFound, strictQuery, valid } from './answer.ts';
import { deliveryRow, toDelivery } from './deliveries.ts';

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
  rowsBad: z.number().describe('历次交付里被退的行'),
  kinds: z.array(z.enum(['full', 'changes', 'list'])),
  byName: z.boolean().describe('按名称报送的名单'),
  calendar: z.string().nullable().describe('报送日历，写成一句话；空：没有约定'),
  contact: z.string().nullable(),
  nextDue: z.string().nullable(),
  overdueDays: z.number(),
});
const whole = row.extend({
  columns: z.array(z.object({ header: z.string(), to: z.string(), required: z.boolean() })),
  facts: z.array(z.object({ fact: z.string(), label: z.string(), told: z.number(), missing: z.number() })),
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

const toRow = ({ dataset, standing, freshness, goodUntil }: DatasetView, calendar: ReturnType<typeof datasetCalendar>) => ({
  ...calendar,
  kinds: [...dataset.kinds],
  byName: dataset.keyedBy === 'name',
  rowsBad: standing?.rowsBad ?? 0,
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
        const [{ rows, countedOn }, catalogue] = await Promise.all([datasetViews(web, staffOf(c).scope, c.get('now')), web.catalogue()]);
        return c.json({ rows: rows.map((one) => toRow(one, datasetCalendar(catalogue, one, countedOn))), next: null });
      },
    )
    .get(
      '/datasets/:id',
      access(...businessRoles),
      describeRoute(answers('一个数据集：日历、各列、说到的人里缺什么', whole, { one: true })),
      valid('param', z.object({ id: z.string().max(100) })),
      async (c) => {
        const { scope } = staffOf(c);
        const [{ rows, countedOn }, catalogue] = await Promise.all([datasetViews(web, scope, c.get('now')), web.catalogue()]);
        const view = rows.find(({ dataset }) => dataset.id === c.req.valid('param').id);
        if (view === undefined) return notFound('数据集');
        const columns = view.dataset.columns.map(({ header, to, required }) => ({ header, to, required: required === true }));
        const facts = await factShares(web, scope, view);
        return c.json({ ...toRow(view, datasetCalendar(catalogue, view, countedOn)), columns, facts: [...facts] });
      },
    )
    .get(
      '/datasets/:id/deliveries',
      access(...businessRoles),
      describeRoute(answers('一个数据集最近的 50 次交付', listOf(deliveryRow), { one: true })),
      valid('param', z.object({ id: z.string().max(100) })),
      async (c) => {
        const { id } = c.req.valid('param');
        if ((await web.catalogue()).datasets.every((one) => one.id !== id)) return notFound('数据集');
        const staff = staffOf(c);
        const rows = await deliveriesOf(web.db, { scope: staff.scope, dataset: id, limit: 50 });
        return c.json({ rows: rows.map((one) => toDelivery(one, staff)), next: null });
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
    );

/** The rows of one delivery that were wrong: masked to look at, whole to be corrected. */
export const deliveryRowsApi = (web: WebContext) =>
  new Hono<Env>()
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
    )
    .get(
      '/deliveries/:id/refused',
      access('steward'),
      describeRoute(answersFile('被退的行，改好后作为更正再导入；含完整的号码，每次下载留痕', ['text/csv'], { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      async (c) => {
        const { userId, scope } = staffOf(c);
        const delivery = await deliveryWithin(web.db, c.req.valid('param').id, scope);
        if (delivery === null) return notFound('交付');
        const entry = { actor: userId, role: 'steward', action: 'delivery.refused-rows', objectKind: 'delivery', objectId: delivery.id };
        await transaction(web.db, (tx) => audit(tx, { ...entry, after: { rows: delivery.rowsBad }, at: c.get('now') }));
        const pieces: string[] = [];
        for await (const piece of refusedAsCsv(web.db, delivery.id)) pieces.push(piece);
        return c.body(pieces.join(''), 200, {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="refused.csv"',
          'cache-control': 'no-store',
        });
      },
    );
