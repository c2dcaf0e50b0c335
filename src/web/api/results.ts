// What banks answer, over the API: result files, words that fit nothing, payments that came back and are put right.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { fail } from '../../base/problem.ts';
import type { Scope } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { listReturned, listSuspense } from '../../payment/list-store.ts';
import { type LineEventKind, lineEventNames } from '../../payment/payment.ts';
import { returnReasons } from '../../payment/reason.ts';
import { correctReturned } from '../../payment/reissue.ts';
import { applyResults, previewResults } from '../../payment/result.ts';
import { readResultFile, resultTitle } from '../../payment/result-file.ts';
import { settleSuspense } from '../../payment/suspense-store.ts';
import { bytesContent } from '../../sheet/content.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { shownPayees } from '../shown-names.ts';
import { periodKeyText, shown } from '../words.ts';
import { answers, listOf, listQuery, strictQuery, valid } from './answer.ts';
import { financeActor, financeReaders, id } from './funding.ts';

const kinds = Object.keys(lineEventNames) as [LineEventKind];
const report = z.object({
  fileId: z.string(),
  format: z.string(),
  formatTitle: z.string(),
  already: z.boolean().describe('这份文件以前导入过'),
  words: z.number(),
  applied: z.partialRecord(z.enum(kinds), z.number()),
  suspense: z.number().describe('挂账'),
  odd: z
    .array(z.object({ position: z.number(), reference: z.string(), amountFen: z.string().nullable(), why: z.string() }))
    .describe('挂账的前 50 条'),
  moved: z.array(z.object({ from: z.enum(kinds), to: z.enum(kinds), lines: z.number(), fen: z.string() })),
  dryRun: z.boolean(),
});
const suspended = z.object({
  id: z.string(),
  file: z.string(),
  position: z.number(),
  reference: z.string(),
  kind: z.string(),
  amountFen: z.string().nullable(),
  why: z.string(),
  at: z.string(),
  settledAt: z.string().nullable(),
  settledBy: z.string().nullable(),
  reason: z.string().nullable(),
});
const returned = z.object({
  disbursementId: z.string(),
  subjectId: z.string(),
  itemId: z.string(),
  periodKey: z.string(),
  payeeName: z.string().nullable().describe('按岗位遮蔽'),
  amountFen: z.string(),
  codes: z.array(z.string()),
  text: z.string().nullable(),
  fix: z.array(z.string()),
  sameAccount: z.boolean().describe('原因消除后可以照原账户重发'),
  at: z.string(),
});

const seesAll = ({ authorities, divisions, items }: Scope): boolean => authorities === null && divisions === null && items === null;
/** A file speaks of whoever the bank likes: only who sees everybody may bring one, and sees what fitted nobody. */
const requireAll = (scope: Scope): void => {
  if (!seesAll(scope)) fail('scope.whole', '', '回盘涉及各部门、各区划的付款，您的范围不够。', '请由范围不受限的财政经办办理。');
};

export const resultApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/results',
      access('finance-maker'),
      describeRoute(answers('导入一份回盘（application/octet-stream，20 MB 以内）；dryRun=1 只看结果', report)),
      valid('query', strictQuery({ name: z.string().min(1).max(200), dryRun: z.literal('1').optional() })),
      async (c) => {
        const staff = staffOf(c);
        requireAll(staff.scope);
        const { name, dryRun } = c.req.valid('query');
        const content = bytesContent(new Uint8Array(await c.req.arrayBuffer()));
        const { format, words } = await readResultFile(content);
        const dry = dryRun === '1';
        const done = await (dry ? previewResults : applyResults)(
          web.db,
          { name, format, words, content },
          financeActor(staff, ['finance-maker']),
          c.get('now'),
        );
        const moved = done.moved.map((one) => ({ ...one, fen: String(one.fen) }));
        const odd = done.odd.map(({ position, reference, amountFen, why }) => ({
          ...{ position, reference: shown(reference), why },
          amountFen: amountFen === null ? null : String(amountFen),
        }));
        return c.json({ ...done, moved, odd, applied: { ...done.applied }, format, formatTitle: resultTitle(format), dryRun: dry });
      },
    )
    .get(
      '/suspense',
      access(...financeReaders),
      describeRoute(answers('挂账：对不上的回音', listOf(suspended))),
      valid('query', listQuery.extend({ settled: z.literal('1').optional() })),
      async (c) => {
        const { settled, cursor, limit = 50 } = c.req.valid('query');
        if (!seesAll(staffOf(c).scope)) return c.json({ rows: [], next: null });
        const page = await listSuspense(web.db, { settled: settled === '1', after: cursor ?? null, limit });
        const rows = page.rows.map((one) => ({
          ...one,
          amountFen: one.amountFen === null ? null : String(one.amountFen),
          at: one.at.toISOString(),
          settledAt: one.settledAt?.toISOString() ?? null,
        }));
        return c.json({ rows, next: page.next });
      },
    )
    .post(
      '/suspense/:id/settle',
      access('finance-checker'),
      describeRoute(answers('办结一条挂账', z.object({ settled: z.boolean() }), { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ reason: z.string().max(600) })),
      async (c) => {
        const staff = staffOf(c);
        requireAll(staff.scope);
        const ask = { id: c.req.valid('param').id, reason: c.req.valid('json').reason, actor: staff.userId, role: 'finance-checker' };
        await transaction(web.db, (tx) => settleSuspense(tx, { ...ask, at: c.get('now') }));
        return c.json({ settled: true });
      },
    );

export const reissueApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/returned-payments',
      access(...financeReaders),
      describeRoute(answers('退汇', listOf(returned))),
      valid('query', listQuery.extend({ item: z.string().max(100).optional() })),
      async (c) => {
        const { item, cursor, limit = 50 } = c.req.valid('query');
        const filter = item === undefined ? {} : { itemId: item };
        const page = await listReturned(web.db, { scope: staffOf(c).scope, ...filter, after: cursor ?? null, limit });
        const nameOf = await shownPayees(web.db, staffOf(c), page.rows);
        const rows = page.rows.map((one) => {
          const why = returnReasons.filter((reason) => one.codes.includes(reason.code));
          return {
            ...one,
            periodKey: periodKeyText(one.periodKey),
            payeeName: nameOf(one),
            amountFen: String(one.amountFen),
            codes: [...one.codes],
            fix: why.map((reason) => reason.fix),
            sameAccount: why.every((reason) => reason.sameAccount),
            at: one.at.toISOString(),
          };
        });
        return c.json({ rows, next: page.next });
      },
    )
    .post(
      '/disbursements/:id/correct',
      access('finance-maker'),
      describeRoute(answers('更正退汇，下一批重发', z.object({ ready: z.boolean() }), { one: true })),
      valid('param', id),
      valid(
        'json',
        z.strictObject({
          account: z.string().max(40).optional(),
          payeeName: z.string().max(140).optional(),
          bank: z.string().max(100).optional(),
          bankCode: z.string().max(12).optional(),
          reason: z.string().max(600),
        }),
      ),
      async (c) => {
        const staff = staffOf(c);
        const given = Object.fromEntries(Object.entries(c.req.valid('json')).filter(([, value]) => value !== undefined));
        await transaction(web.db, (tx) =>
          correctReturned(tx, {
            ...(given as { reason: string }),
            disbursementId: c.req.valid('param').id,
            actor: financeActor(staff, ['finance-maker']),
            by: 'finance',
            scope: staff.scope,
            now: c.get('now'),
          }),
        );
        return c.json({ ready: true });
      },
    );
