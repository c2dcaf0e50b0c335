// The statement of one month over the API: payments by item, source and kind, each held against what is booked; to download; and closing the month.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { fail } from '../../base/problem.ts';
import { closeMonth } from '../../reconcile/close.ts';
import { monthClose } from '../../reconcile/close-store.ts';
import { monthKinds } from '../../reconcile/month.ts';
import { monthRows } from '../../reconcile/month-store.ts';
import { monthSheet } from '../../reconcile/statement.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { requireStepUp } from '../step-up.ts';
import { staffAccounts } from '../store.ts';
import { answers, answersFile, strictQuery, valid } from './answer.ts';
import { financeReaders } from './funding.ts';
import { sheetsAnswer, sheetTypes } from './sheet.ts';

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, '月份写作 2026-11');
const filter = { month, item: z.string().max(100).optional() };
const row = z.object({
  itemId: z.string(),
  sourceId: z.string(),
  document: z.string().describe('指标文号'),
  kind: z.enum(monthKinds).describe('封批、签发前退出、到账、退汇；月末在途'),
  count: z.number(),
  fen: z.string().describe('分，照批次和回盘'),
  bookedFen: z.string().describe('分，照记账'),
});
const statement = z.object({
  month: z.string(),
  rows: z.array(row),
  closed: z.object({ name: z.string(), at: z.string(), reason: z.string().nullable(), hash: z.string() }).nullable().describe('已关账'),
});
const done = z.object({ month: z.string(), hash: z.string(), batches: z.number(), carried: z.number() });

export const monthApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/month-statement',
      access(...financeReaders),
      describeRoute(answers('月报：按事项、资金来源、状态，逐行与账面核对', statement)),
      valid('query', strictQuery(filter)),
      async (c) => {
        const { month: wanted, item } = c.req.valid('query');
        const rows = await monthRows(web.db, { scope: staffOf(c).scope, month: wanted, itemId: item });
        const close = await monthClose(web.db, wanted);
        const names = close === null ? [] : await staffAccounts(web.db);
        return c.json({
          month: wanted,
          rows: rows.map(({ itemId, sourceId, document, kind, count, fen, bookedFen }) => ({
            ...{ itemId, sourceId, document, kind, count, fen: String(fen), bookedFen: String(bookedFen) },
          })),
          closed:
            close === null
              ? null
              : {
                  name: names.find((own) => own.userId === close.closedBy)?.name ?? '已离岗',
                  ...{ at: close.closedAt.toISOString(), reason: close.reason, hash: close.hash },
                },
        });
      },
    )
    .get(
      '/month-statement/file',
      access(...financeReaders),
      describeRoute(answersFile('月报（表格）', sheetTypes)),
      valid('query', strictQuery({ ...filter, format: z.enum(['xlsx', 'csv']).default('xlsx') })),
      async (c) => {
        const { month: wanted, item, format } = c.req.valid('query');
        const { scope } = staffOf(c);
        const rows = await monthRows(web.db, { scope, month: wanted, itemId: item });
        return await sheetsAnswer(c, [monthSheet(wanted, rows, titlesIn(await itemsFor(web, scope)))], format, `month-${wanted}`);
      },
    )
    .post(
      '/month-closes',
      access('finance-checker', 'finance-issuer'),
      describeRoute(answers('关账：没有差异、每笔都有结果才能关；要动态口令', done)),
      valid('json', z.strictObject({ month, carry: z.string().max(600).optional().describe('没有结果的为什么结转') })),
      async (c) => {
        const staff = staffOf(c);
        await requireStepUp(web.db, staff, c.get('now'));
        const { scope } = staff;
        if (scope.authorities !== null || scope.divisions !== null || scope.items !== null)
          fail('scope.whole', '', '关账涉及各部门、各区划的付款，您的范围不够。', '请由范围不受限的财政复核或签发办理。');
        const role = staff.roles.includes('finance-checker') ? 'finance-checker' : 'finance-issuer';
        const closed = await closeMonth(web.db, { ...c.req.valid('json'), by: { id: staff.userId, role }, now: c.get('now') });
        return c.json({ month: closed.month, hash: closed.hash, batches: closed.batches, carried: closed.carried.length });
      },
    );
