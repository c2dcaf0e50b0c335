// Account checks over the API: lists of accounts to be tried, let out by a second person, their answers. Numbers leave in the released file alone.
import type { Context } from 'hono';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { answers as answerNames, type CheckList, endOf, listStates, referenceOf } from '../../account/check.ts';
import { answerCheck, tellCheck } from '../../account/check-answer.ts';
import { checkTemplates } from '../../account/check-file.ts';
import { type CheckActor, cancelCheck, makeCheck, releaseCheck, takeCheckFile } from '../../account/check-make.ts';
import { answersOf, checkList, checkLists, checkRows } from '../../account/check-store.ts';
import { maskName } from '../../base/codes.ts';
import { bytesContent } from '../../sheet/content.ts';
import { openKept } from '../../vault/kept.ts';
import { access, type Env, staffOf } from '../access.ts';
import { attachment } from '../attachment.ts';
import type { WebContext } from '../context.ts';
import { answers, answersFile, listOf, notFound, strictQuery, valid } from './answer.ts';

const kinds = Object.keys(answerNames) as [keyof typeof answerNames];
const ends = z.partialRecord(z.enum(kinds), z.number());
const list = z.object({
  id: z.string(),
  method: z.enum(['bank-file', 'small-amount']),
  template: z.string(),
  state: z.enum(Object.keys(listStates) as [keyof typeof listStates]),
  rows: z.number(),
  totalFen: z.string(),
  fileSha256: z.string().describe('放行时原样带回'),
  madeBy: z.string(),
  madeAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  reason: z.string().nullable(),
});
const account = z.object({
  reference: z.string(),
  subjectId: z.string(),
  itemId: z.string(),
  name: z.string().describe('遮去'),
  tail: z.string().describe('账号后四位'),
  amountFen: z.string().nullable(),
  answer: z.enum(kinds).nullable(),
});
const report = z.object({
  checkId: z.string(),
  fileSha256: z.string().nullable(),
  answered: z.number(),
  news: z.number(),
  moved: z.number(),
  ends,
  open: z.number(),
});
const id = z.object({ id: z.uuid() });
const finance = ['finance-maker', 'finance-checker'] as const;
const lookers = [...finance, 'finance-issuer', 'auditor'] as const;
const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const actorOf = (c: Context<Env>): CheckActor => {
  const { userId, roles, scope } = staffOf(c);
  return { id: userId, role: roles.find((role) => role.startsWith('finance-')) ?? 'staff', scope };
};
const toList = ({ madeAt, decidedAt, totalFen, ...one }: CheckList) => ({
  ...one,
  totalFen: String(totalFen),
  madeAt: madeAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
});

/** What may be looked at, and the file that leaves. */
export const accountCheckApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/account-checks',
      access(...lookers),
      describeRoute(answers('账户验证名单', listOf(list.extend({ ends })))),
      valid('query', strictQuery({})),
      async (c) => {
        const rows = await checkLists(web.db, staffOf(c).scope, 200);
        return c.json({ rows: rows.map(({ ends: own, ...one }) => ({ ...toList(one), ends: own })), next: null });
      },
    )
    .get(
      '/account-checks/:id',
      access(...lookers),
      describeRoute(answers('一份账户验证名单', list.extend({ accounts: z.array(account) }), { one: true })),
      valid('param', id),
      async (c) => {
        const found = await checkList(web.db, c.req.valid('param').id, staffOf(c).scope);
        if (found === null) return notFound('名单');
        const said = Map.groupBy(await answersOf(web.db, found.id), (one) => one.position);
        const accounts = (await checkRows(web.db, found.id)).map(({ position, subjectId, itemId, name, tail, amountFen }) => ({
          ...{ reference: referenceOf(found.id, position), subjectId, itemId, name: maskName(name), tail },
          amountFen: amountFen === null ? null : String(amountFen),
          answer: endOf((said.get(position) ?? []).map((one) => one.answer)),
        }));
        return c.json({ ...toList(found), accounts });
      },
    )
    .get(
      '/account-checks/:id/file',
      access(...finance),
      describeRoute(answersFile('交给银行的文件（放行后），含完整账号', [sheetType, 'text/csv'], { one: true })),
      valid('param', id),
      async (c) => {
        const taken = await takeCheckFile(web.db, c.req.valid('param').id, actorOf(c), c.get('now'));
        const pieces: Uint8Array[] = [];
        for await (const piece of openKept(web.db, taken.fileSha256)) pieces.push(piece);
        const [type, name] = taken.template === 'xlsx' ? [sheetType, 'accounts.xlsx'] : ['text/csv', 'accounts.csv'];
        return c.body(new Uint8Array(Buffer.concat(pieces)), 200, {
          'content-type': type,
          'content-disposition': attachment(name),
        });
      },
    );

/** What makers and checkers do. */
export const accountCheckingApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/account-checks',
      access('finance-maker'),
      describeRoute(answers('把没有验证过的收款账户做成一份名单', list)),
      valid(
        'json',
        z.strictObject({
          method: z.enum(['bank-file', 'small-amount']),
          template: z.enum(Object.keys(checkTemplates) as [string]).default('xlsx'),
          items: z.array(z.string().max(80)).max(500).nullable().default(null),
          again: z.boolean().default(false).describe('验证未通过、改正后再验证的'),
          limit: z.number().int().min(1).max(20_000).optional(),
        }),
      ),
      async (c) => {
        const { items: itemIds, ...ask } = c.req.valid('json');
        return c.json(toList(await makeCheck(web.db, { ...ask, itemIds }, actorOf(c), c.get('now'))));
      },
    )
    .post(
      '/account-checks/:id/release',
      access('finance-checker'),
      describeRoute(answers('放行（不能是做名单的人）', list, { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ sha256: z.string() })),
      async (c) =>
        c.json(toList(await releaseCheck(web.db, c.req.valid('param').id, c.req.valid('json').sha256, actorOf(c), c.get('now')))),
    )
    .post(
      '/account-checks/:id/cancel',
      access(...finance),
      describeRoute(answers('作废还没有放行的名单', list, { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ reason: z.string().min(2).max(500) })),
      async (c) => c.json(toList(await cancelCheck(web.db, c.req.valid('param').id, c.req.valid('json').reason, actorOf(c), c.get('now')))),
    )
    .post(
      '/account-checks/:id/answers',
      access(...finance),
      describeRoute(answers('读回银行的结果文件（application/octet-stream）', report, { one: true })),
      valid('param', id),
      async (c) => {
        const content = bytesContent(new Uint8Array(await c.req.arrayBuffer()));
        return c.json(await answerCheck(web.db, c.req.valid('param').id, content, actorOf(c), c.get('now')));
      },
    )
    .post(
      '/account-check-answers',
      access(...finance),
      describeRoute(answers('登记一个账户的结果（不能是做名单的人）', report)),
      valid(
        'json',
        z.strictObject({
          reference: z.string().max(40),
          answer: z.enum(['ok', 'name-differs', 'closed', 'unknown']),
          gotFen: z
            .string()
            .regex(/^\d{1,9}$/, '须为以分计的整数')
            .nullable()
            .default(null),
          reason: z.string().min(2).max(500),
        }),
      ),
      async (c) => {
        const { gotFen, ...told } = c.req.valid('json');
        return c.json(await tellCheck(web.db, { ...told, gotFen: gotFen === null ? null : BigInt(gotFen) }, actorOf(c), c.get('now')));
      },
    );
