// Deliveries over HTTP, in chunks: open under an idempotency key, send from the offset it has got to, end with the hash, read the report. By a steward within
// his divisions, or by a department's program with a delivery token of that dataset.

import type { Context } from 'hono';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { type Day, parseDay } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { coversDivision } from '../../base/scope.ts';
import { decideChanges } from '../../match/event.ts';
import { liveItems } from '../../policy/store.ts';
import { deliveryById } from '../../record/store.ts';
import { finishUpload, openUpload, type Sender, takeChunk, type UploadRequest, uploadLimits, uploadState } from '../../record/upload.ts';
import type { Upload } from '../../record/upload-store.ts';
import { civilDay, todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { answers, valid } from './answer.ts';
import { reportSchema, toReport } from './deliveries.ts';

const state = z.object({
  id: z.string(),
  state: z.enum(['open', 'complete', 'done', 'abandoned']),
  bytes: z.number(),
  received: z.number().describe('下一段从这里开始'),
  chunkBytes: z.number().describe('每段最多'),
  deliveryId: z.string().nullable(),
});
const toState = ({ id, state, bytes, received, deliveryId }: Upload) => ({
  id,
  state,
  bytes,
  received,
  chunkBytes: uploadLimits.chunkBytes,
  deliveryId,
});

const asOfDay = z
  .string()
  .refine((text) => parseDay(text) !== null, '须为存在的日期，写作 2026-01-31')
  .transform((text) => text as Day);
const wanted = z.strictObject({
  dataset: z.string().max(100),
  kind: z.enum(['full', 'changes', 'list']),
  division: z.string().max(12).nullable().default(null),
  asOf: asOfDay,
  fileName: z.string().min(1).max(200),
  bytes: z.number().int().positive(),
  corrects: z.uuid().optional(),
});
const id = z.object({ id: z.uuid() });

const senderOf = (c: Context<Env>): Sender => {
  const token = c.get('token');
  return { owner: token === null ? staffOf(c).userId : `token:${token.id}`, now: c.get('now') };
};

/** Whose data somebody may bring: a steward within his divisions, a token its dataset and division. */
const mayDeliver = (c: Context<Env>, dataset: string, division: string | null): boolean => {
  const token = c.get('token');
  if (token === null) return coversDivision(staffOf(c).scope, division);
  return (
    token.dataset === dataset &&
    coversDivision({ authorities: null, items: null, divisions: token.division === null ? null : [token.division] }, division)
  );
};

const requestFor = async (web: WebContext, c: Context<Env>, given: z.infer<typeof wanted>): Promise<UploadRequest> => {
  const { bytes: _, corrects, ...request } = given;
  const dataset = (await web.catalogue()).datasets.find((one) => one.id === request.dataset);
  if (dataset === undefined) return fail('import.dataset', '/dataset', '数据目录里没有这个数据集。', '请核对数据集编号。');
  const corrected = corrects === undefined ? null : await deliveryById(web.db, corrects);
  const division = corrected === null ? request.division : corrected.scope.division;
  if (!mayDeliver(c, dataset.id, division))
    fail('scope.delivery', '/dataset', '您不能交付这个数据集或这个区划的数据。', '请由有权的数据管理员交付，或申请对应的令牌。');
  if (corrects !== undefined && corrected?.dataset !== dataset.id)
    fail('import.corrects', '/corrects', '要更正的那次交付不存在，或不是这个数据集的。', '编号在那次导入的报告里。');
  if (corrects === undefined && !dataset.kinds.includes(request.kind))
    fail('import.kind', '/kind', `数据集“${dataset.title}”不接受这种方式。`, `可用的方式：${dataset.kinds.join('、')}。`);
  if (request.asOf > civilDay(c.get('now'))) fail('input.value', '/asOf', '数据日期在今天之后。', '写部门导出数据的那一天。');
  return { ...request, role: c.get('token') === null ? 'steward' : 'token', ...(corrects === undefined ? {} : { corrects }) };
};

/** What came in is in, whatever becomes of this: the schedule comes back to it every minute. */
const decideAtOnce = async ({ db, catalogue, log }: WebContext, now: Date): Promise<void> => {
  try {
    const options = { catalogue: await catalogue(), items: await liveItems(db), today: await todayFor(db, now) };
    await decideChanges(db, { ...options, at: now, actor: 'step:event' });
  } catch (error) {
    log.error({ name: error instanceof Error ? error.name : '' }, 'event');
  }
};

export const uploadApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/uploads',
      access('steward', 'token'),
      describeRoute(answers('开始一个上传（请求头 Idempotency-Key 必填）', state)),
      valid('json', wanted),
      async (c) => {
        const key = c.req.header('idempotency-key')?.trim() ?? '';
        if (!/^[\x21-\x7e]{8,200}$/.test(key))
          fail(
            'input.idempotency-key',
            'Idempotency-Key',
            '没有幂等键，或写法不对。',
            '请求头 Idempotency-Key 写 8 到 200 个可见字符，一份文件一个。',
          );
        const given = c.req.valid('json');
        const request = await requestFor(web, c, given);
        return c.json(toState(await openUpload(web.db, senderOf(c), key, request, given.bytes)));
      },
    )
    .get(
      '/uploads/:id',
      access('steward', 'token'),
      describeRoute(answers('上传到哪里了', state, { one: true })),
      valid('param', id),
      async (c) => c.json(toState(await uploadState(web.db, senderOf(c), c.req.valid('param').id))),
    )
    .put(
      '/uploads/:id/:offset',
      access('steward', 'token'),
      describeRoute(answers('传一段（application/octet-stream）', state, { one: true })),
      valid('param', id.extend({ offset: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) })),
      async (c) => {
        if (c.req.header('content-type') !== 'application/octet-stream')
          fail('input.content-type', 'Content-Type', '一段内容要按原样的字节发送。', 'Content-Type 写 application/octet-stream。');
        const { id, offset } = c.req.valid('param');
        const bytes = new Uint8Array(await c.req.arrayBuffer());
        return c.json(toState(await takeChunk(web.db, senderOf(c), id, offset, bytes)));
      },
    )
    .post(
      '/uploads/:id/finish',
      access('steward', 'token'),
      describeRoute(answers('传完了：核对哈希，导入，给出报告', reportSchema, { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ sha256: z.string().regex(/^[0-9a-fA-F]{64}$/, '须为 64 位十六进制') })),
      async (c) => {
        const { sha256 } = c.req.valid('json');
        const options = { now: c.get('now') };
        const report = await finishUpload(web.db, await web.catalogue(), senderOf(c), c.req.valid('param').id, sha256, options);
        await decideAtOnce(web, options.now);
        return c.json(toReport(report));
      },
    );
