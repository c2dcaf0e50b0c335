// Runs over the API: the list, one with what it found per item. Whoever sees some divisions only gets what was written about people there.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { RunSummary } from '../../match/store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { numberCursor } from '../cursor.ts';
import { businessRoles } from '../role.ts';
import { type RunItemView, runPage, runView } from '../runs.ts';
import { answers, listOf, listQuery, notFound, valid } from './answer.ts';

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
  skipped: z.string().nullable().describe('等数据或本期未触发，没有判定的原因'),
});
const one = row.extend({ items: z.array(item) });

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
    );
