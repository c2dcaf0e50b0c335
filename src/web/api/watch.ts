// What finance must see coming over the API: money due that has not arrived, budgets that will not last, many payments in one place; within the scope.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { warningsOf } from '../../payment/watch.ts';
import { arrears, concentrations, outlooks, paceDays } from '../../payment/watch-store.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { lateStepKinds, lateSteps } from '../late-steps.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, strictQuery, valid } from './answer.ts';

const due = z.object({ itemId: z.string(), year: z.number(), people: z.number(), fen: z.string(), since: z.string(), days: z.number() });
const warning = z.object({
  itemId: z.string(),
  year: z.number(),
  kind: z.enum(['limited', 'entitlement']),
  leftFen: z.string(),
  goneOn: z.string(),
  lackFen: z.string(),
  text: z.string(),
});
const crowded = z.object({
  kind: z.enum(['account', 'household', 'unit']),
  place: z.string().describe('账户只给盲索引的开头；户、单位给编号'),
  itemId: z.string(),
  periodKey: z.string(),
  records: z.number(),
  people: z.number(),
  fen: z.string(),
  subjects: z.array(z.string()),
});
const late = z.object({
  kind: z.enum(lateStepKinds),
  text: z.string(),
  desk: z.string().describe('在谁手里'),
  itemId: z.string(),
  count: z.number(),
  fen: z.string().nullable(),
  since: z.string().describe('该办完的日子，或从哪天起放着'),
  days: z.number(),
});
const from = z.coerce.number().int().min(2).max(100_000).optional();

export const watchApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/arrears', access(...businessRoles), describeRoute(answers('待拨：事项、年度、人数、金额、天数', listOf(due))), async (c) => {
      const rows = await arrears(web.db, staffOf(c).scope, await todayFor(web.db, c.get('now')));
      return c.json({ rows: rows.map((row) => ({ ...row, fen: String(row.fen) })), next: null });
    })
    .get('/late', access(...businessRoles), describeRoute(answers('拖着的：哪一步、在谁手里、从哪天起', listOf(late))), async (c) => {
      const rows = await lateSteps(web.db, staffOf(c).scope, await todayFor(web.db, c.get('now')));
      return c.json({ rows: rows.map((row) => ({ ...row, fen: row.fen === null ? null : String(row.fen) })), next: null });
    })
    .get('/budget-warnings', access(...businessRoles), describeRoute(answers('预算预警：三个月内用完的', listOf(warning))), async (c) => {
      const today = await todayFor(web.db, c.get('now'));
      const rows = warningsOf(await outlooks(web.db, staffOf(c).scope, today), today, paceDays);
      return c.json({
        rows: rows.map(({ paceFen: _pace, ...row }) => ({ ...row, leftFen: String(row.leftFen), lackFen: String(row.lackFen) })),
        next: null,
      });
    })
    .get(
      '/concentrations',
      access(...businessRoles),
      describeRoute(answers('集中的支付：同一账户、同一家庭户、同一单位新增', listOf(crowded))),
      valid('query', strictQuery({ account: from, household: from, unit: from })),
      async (c) => {
        const { account = 3, household = 5, unit = 50 } = c.req.valid('query');
        const rows = await concentrations(web.db, staffOf(c).scope, { account, household, unit });
        return c.json({ rows: rows.map((row) => ({ ...row, subjects: [...row.subjects], fen: String(row.fen) })), next: null });
      },
    );
