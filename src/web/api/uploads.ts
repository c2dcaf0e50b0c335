// Deliveries over HTTP, in chunks: open under an idempotency key, send from the offset it has got to, end with the hash, read the report. By a steward within
// his divisions, or by a department's program with a delivery token of that dataset.

import type { Context } from 'hono';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { type Day, parseDay } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { coversDivision } from '../../base/scope.ts';
import { decideChanges } from '../../match/event.ts';
import { liveItems } from '../../policy/store.ts';
import { formatWords, scaleWords } from '../../record/delivered.ts';
import { type Proposal, saveMapping } from '../../record/mapping.ts';
import { deliveryById } from '../../record/store.ts';
import {
  finishUpload,
  openUpload,
  proposeForUpload,
  type Sender,
  takeChunk,
  type UploadRequest,
  uploadState,
} from '../../record/upload.ts';
import { uploadLimits } from '../../record/upload-limits.ts';
import type { Upload } from '../../record/upload-store.ts';
import { civilDay, todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { answers, answersFile, valid } from './answer.ts';
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

const proposed = z.object({
  format: z.string().describe('读成什么：编码、分隔、工作表'),
  headerLine: z.number(),
  columns: z.array(
    z.object({
      to: z.string().describe('数据集的列'),
      label: z.string().nullable().describe('文件里的列；空：没有找到'),
      how: z.enum(['exact', 'same', 'saved', 'synonym', 'unit']).nullable(),
      scale: z.string().describe('单位换算，没有就是空的'),
    }),
  ),
  unused: z.array(z.string()),
  open: z.array(z.string()).describe('还没有定的，一句一处；空了才能导入'),
  version: z.number().nullable(),
  saves: z.boolean().describe('核对无误后要存为新的一版'),
});
const given = z.strictObject({
  given: z
    .array(z.strictObject({ label: z.string().min(1).max(200), to: z.string().min(1).max(200) }))
    .max(300)
    .default([]),
  save: z.boolean().default(false),
});

/** How far an import of this process has got: the named places it passes, in people's words. */
const placeTexts: Readonly<Record<string, string>> = {
  'upload.complete': '内容核对一致，正在读入',
  'import.opened': '已读入表头，正在逐行核对',
  'import.staged': '逐行核对完，正在与库里比对',
  'import.beforeLand': '比对完，正在写入',
  'import.written': '写完，正在记账留痕',
  'import.beforeCommit': '正在提交',
  'import.afterLand': '已入库',
  'upload.landed': '已入库',
};
const under = new Map<string, string>();
const progressEveryMs = 400;
/** A browser asks again by itself; a connection that nobody reads any more must not live for ever. */
const progressForMs = 10 * 60_000;

const toProposed = ({ format, headerLine, columns, unused, open, version, labels }: Proposal): z.infer<typeof proposed> => ({
  ...{ format: formatWords(format), headerLine, unused: [...unused], open: [...open], version, saves: labels !== null },
  columns: columns.map(({ to, label, how, scale }) => ({ to, label, how, scale: scaleWords(scale) })),
});

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
        const { id: own } = c.req.valid('param');
        const options = {
          now: c.get('now'),
          at: (place: string) => {
            under.set(own, placeTexts[place] ?? under.get(own) ?? '');
          },
        };
        try {
          const report = await finishUpload(web.db, await web.catalogue(), senderOf(c), own, sha256, options);
          await decideAtOnce(web, options.now);
          return c.json(toReport(report));
        } finally {
          under.delete(own);
        }
      },
    );

/** Beside the upload itself: how far it has got, and what its columns are. */
export const uploadSideApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/uploads/:id/progress',
      access('steward', 'token'),
      describeRoute(answersFile('上传和导入到哪里了，有变化就推一条，办完为止', ['text/event-stream'], { one: true })),
      valid('param', id),
      async (c) => {
        const sender = senderOf(c);
        const { id: own } = c.req.valid('param');
        // Whose it is, is said before the stream begins.
        await uploadState(web.db, sender, own);
        return streamSSE(c, async (stream) => {
          let told = '';
          for (let waited = 0; waited < progressForMs && !stream.aborted; waited += progressEveryMs) {
            const upload = await uploadState(web.db, sender, own);
            const data = JSON.stringify({ ...toState(upload), doing: under.get(own) ?? null });
            if (data !== told) await stream.writeSSE({ event: 'progress', data });
            told = data;
            if (upload.state === 'done' || upload.state === 'abandoned') return;
            await stream.sleep(progressEveryMs);
          }
        });
      },
    )
    .post(
      '/uploads/:id/mapping',
      access('steward'),
      describeRoute(answers('传完而没有导入的文件：各列怎样对应；save 存为数据集的新一版', proposed, { one: true })),
      valid('param', id),
      valid('json', given),
      async (c) => {
        const catalogue = await web.catalogue();
        const { given: columns, save } = c.req.valid('json');
        const sender = senderOf(c);
        const { upload, proposal, dataset } = await proposeForUpload(web.db, catalogue, sender, c.req.valid('param').id, columns);
        if (save) {
          if (!coversDivision(staffOf(c).scope, null))
            fail('scope.mapping', '', '列的对应关系管着整个数据集，您的范围不够。', '请由范围不受限的数据管理员保存。');
          await saveMapping(web.db, dataset, proposal, { actor: sender.owner, role: 'steward', at: c.get('now') });
          return c.json(toProposed((await proposeForUpload(web.db, catalogue, sender, upload.id, columns)).proposal));
        }
        return c.json(toProposed(proposal));
      },
    );
