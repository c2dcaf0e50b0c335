// Reconciliation over the API: the sums, the differences by line, and the statement to download.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { bys, reconcile } from '../../reconcile/reconcile.ts';
import { statementSheets } from '../../reconcile/statement.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { calledIn, itemsFor } from '../items.ts';
import { answers, answersFile, strictQuery, valid } from './answer.ts';
import { sheetsAnswer, sheetTypes } from './sheet.ts';

const money = z.string().describe('分');
const names = ['sealed', 'withheld', 'file', 'paid', 'returned', 'open'] as const;
const payment = z.object({
  place: z.string(),
  itemId: z.string().nullable().describe('按月时空'),
  ...Object.fromEntries(names.flatMap((name) => [[`${name}Count`, z.number()] as const, [`${name}Fen`, money] as const])),
  bookedOpenFen: money,
  bookedPaidFen: money,
});
const promise = z
  .object({ itemId: z.string(), periodKey: z.string(), matchedFen: money, cutFen: money, settledFen: money, paidFen: money })
  .loose();
const difference = z.object({
  kind: z.string(),
  message: z.string(),
  at: z.string(),
  itemId: z.string().nullable(),
  place: z.string(),
  expectedFen: money,
  actualFen: money.nullable().describe('空：银行没有写'),
  says: z.string(),
});
const whole = z.object({
  payments: z.array(payment),
  promises: z.array(promise),
  differences: z.array(difference),
  more: z.boolean().describe('还有没列出的差异'),
});
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const filter = { by: z.enum(bys).default('batch'), month: month.optional(), item: z.string().max(100).optional() };
const desk = ['finance-maker', 'finance-checker', 'finance-head', 'finance-issuer', 'auditor'] as const;

/** Amounts as text. */
const texts = <T>(value: object): T =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one))) as T;

export const reconcileApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/reconciliation', access(...desk), describeRoute(answers('对账', whole)), valid('query', strictQuery(filter)), async (c) => {
      const { by, month, item } = c.req.valid('query');
      return c.json(texts<z.infer<typeof whole>>(await reconcile(web.db, by, { scope: staffOf(c).scope, month, itemId: item })));
    })
    .get(
      '/reconciliation/statement',
      access(...desk),
      describeRoute(answersFile('对账单', sheetTypes)),
      valid('query', strictQuery({ ...filter, format: z.enum(['xlsx', 'csv']).default('xlsx') })),
      async (c) => {
        const { by, month, item, format } = c.req.valid('query');
        const found = await reconcile(web.db, by, { scope: staffOf(c).scope, month, itemId: item });
        return await sheetsAnswer(c, statementSheets(found, by, calledIn(await itemsFor(web, staffOf(c).scope))), format, 'reconciliation');
      },
    );
