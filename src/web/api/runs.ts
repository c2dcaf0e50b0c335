// Runs over the API: the list, one with what it found per item. Whoever sees some divisions only gets what was written about people there.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { releaseBrake } from '../../match/brake.ts';
import { driftOf, type RunPoint } from '../../match/overview-store.ts';
import type { RunSummary } from '../../match/store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { numberCursor } from '../cursor.ts';
import { itemsFor } from '../items.ts';
import { businessRoles } from '../role.ts';
import { type RunItemView, releaserOf, runPage, runView } from '../runs.ts';
import { answers, listOf, listQuery, notFound, strictQuery, valid } from './answer.ts';

const row = z.object({
  id: z.string(),
  state: z.string(),
  knownAt: z.string().describe('数据到哪一天'),
  snapshotId: z.string(),
  ledgerCut: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
});
const item = z.object({
  itemId: z.string(),
  title: z.string(),
  version: z.number(),
  periodKey: z.string(),
  eligible: z.number().nullable().describe('只看部分地区的账号为空：这个数含各地'),
  undetermined: z.number().nullable(),
  ineligible: z.number().nullable(),
  amountFen: z.string().nullable(),
  written: z.record(z.string(), z.number()).describe('本批次写入的变动，按类别'),
  stopped: z.string().nullable(),
  held: z.boolean().describe('与上次相比变化过大而停下，可由人放行'),
  skipped: z.string().nullable().describe('等数据或本期未触发，没有判定的原因'),
});
const one = row.extend({ items: z.array(item) });

const point = z.object({
  runId: z.string(),
  at: z.string(),
  knownAt: z.string(),
  periodKey: z.string(),
  eligible: z.number(),
  undetermined: z.number(),
  ineligible: z.number(),
  amountFen: z.string(),
  state: z.string(),
});
const toPoint = ({ itemId: _item, startedAt, amountFen, ...rest }: RunPoint) => ({
  ...rest,
  at: startedAt.toISOString(),
  amountFen: String(amountFen),
});

const toRow = (run: RunSummary) => ({
  id: run.id,
  state: run.state,
  knownAt: run.knownAt,
  snapshotId: run.snapshotId,
  ledgerCut: String(run.ledgerCut),
  startedAt: run.startedAt.toISOString(),
  endedAt: run.endedAt?.toISOString() ?? null,
});
const toItem = (view: RunItemView) => ({ ...view, amountFen: view.amountFen === null ? null : String(view.amountFen) });

export const runApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/runs', access(...businessRoles), describeRoute(answers('匹配批次', listOf(row))), valid('query', listQuery), async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const page = await runPage(web, cursor, limit ?? 50);
      return c.json({ rows: page.rows.map(toRow), next: page.next === null ? null : numberCursor(page.next) });
    })
    .get(
      '/runs/:id',
      access(...businessRoles),
      describeRoute(answers('一个匹配批次', one, { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      async (c) => {
        const view = await runView(web, c.req.valid('param').id, staffOf(c).scope);
        if (view === null) return notFound('匹配批次');
        return c.json({ ...toRow(view.run), items: view.items.map(toItem) });
      },
    )
    .post(
      '/runs/:id/items/:itemId/release',
      access('officer', 'reviewer'),
      describeRoute(answers('放行因变化过大停下的事项', z.object({ released: z.literal(true) }), { one: true })),
      valid('param', z.object({ id: z.uuid(), itemId: z.string().max(80) })),
      valid('json', z.object({ reason: z.string().max(500) })),
      async (c) => {
        const { id, itemId } = c.req.valid('param');
        await releaseBrake(web.db, { runId: id, itemId, ...releaserOf(staffOf(c)), reason: c.req.valid('json').reason, at: c.get('now') });
        return c.json({ released: true as const });
      },
    )
    .get(
      '/drift',
      access(...businessRoles),
      describeRoute(answers('一个事项历次匹配的结果，新的在前', listOf(point))),
      valid('query', strictQuery({ item: z.string().min(1).max(100), limit: z.coerce.number().int().min(1).max(200).optional() })),
      async (c) => {
        const { scope } = staffOf(c);
        const { item: itemId, limit = 50 } = c.req.valid('query');
        const own = (await itemsFor(web, scope)).some((one) => one.itemId === itemId);
        // These numbers are of everybody: whoever sees some divisions only is shown none.
        const rows = own && scope.divisions === null ? await driftOf(web.db, itemId, limit) : [];
        return c.json({ rows: rows.map(toPoint), next: null });
      },
    );
