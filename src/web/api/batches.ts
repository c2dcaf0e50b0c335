// Batches over the API: what can be sealed, batches with their lines and who was left out, the file that was released. A batch holds people of every division, so who sees only some divisions finds none. Accounts and names leave here masked.
import type { Context } from 'hono';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { entriesOf } from '../../audit/store.ts';
import { maskAccount, maskFileName } from '../../base/codes.ts';
import type { Db } from '../../db/handle.ts';
import { readBands } from '../../payment/bands.ts';
import { releasedFileOf, signatures } from '../../payment/batch-store.ts';
import { fundingStandings } from '../../payment/funding-store.ts';
import { answerFilesOf, batchInScope, exclusionsOf, linesByEnd, linesView, listBatches, openings } from '../../payment/list-store.ts';
import { isOurs, releasedFile } from '../../payment/manifest.ts';
import {
  type Batch,
  type BatchState,
  bandFor,
  batchStates,
  checkerRoles,
  type LineEventKind,
  lackingOf,
  lineEventNames,
  signatureNames,
} from '../../payment/payment.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import { attachment } from '../attachment.ts';
import type { WebContext } from '../context.ts';
import { pieceByPiece } from '../piece-by-piece.ts';
import { shownPayees } from '../shown-names.ts';
import { staffAccounts } from '../store.ts';
import { periodKeyText } from '../words.ts';
import { answers, answersFile, listOf, listQuery, notFound, strictQuery, valid } from './answer.ts';
import { financeActor, financeReaders, id } from './funding.ts';

const batchStateNames = Object.keys(batchStates) as [BatchState];
const kinds = Object.keys(lineEventNames) as [LineEventKind];

export const batchRow = z.object({
  id: z.string(),
  number: z.string(),
  itemId: z.string(),
  periodKey: z.string().nullable().describe('空：各期'),
  sourceId: z.string(),
  payOn: z.string(),
  format: z.string(),
  lines: z.number(),
  totalFen: z.string(),
  hash: z.string().describe('复核、签发时原样带回'),
  state: z.enum(batchStateNames),
  sealedAt: z.string(),
  releasedAt: z.string().nullable(),
  fileSha256: z.string().nullable(),
  reason: z.string().nullable(),
});
const one = batchRow.extend({
  signatures: z.array(
    z.object({
      person: z.string(),
      name: z.string().nullable(),
      role: z.enum(Object.keys(signatureNames) as [keyof typeof signatureNames]),
      at: z.string(),
    }),
  ),
  lacking: z.object({ checkers: z.number(), offices: z.array(z.enum(checkerRoles)) }).describe('还要几人复核，其中要有的岗位'),
  source: z
    .object({ document: z.string(), payerName: z.string(), payerAccount: z.string().describe('后四位'), payerBank: z.string() })
    .nullable(),
  timeline: z.array(
    z
      .object({ at: z.string(), name: z.string().nullable(), text: z.string(), reason: z.string().nullable() })
      .describe('谁、何时、做了什么'),
  ),
  ends: z.array(z.object({ end: z.enum([...kinds, 'sealed']), lines: z.number(), fen: z.string() })),
});
export const toBatch = (batch: Batch) => ({
  id: batch.id,
  number: batch.number,
  itemId: batch.itemId,
  periodKey: batch.periodKey === null ? null : periodKeyText(batch.periodKey),
  sourceId: batch.sourceId,
  payOn: batch.payOn as string,
  format: batch.format,
  lines: batch.lines,
  totalFen: String(batch.totalFen),
  hash: batch.hash,
  state: batch.state,
  sealedAt: batch.sealedAt.toISOString(),
  releasedAt: batch.releasedAt?.toISOString() ?? null,
  fileSha256: batch.fileSha256,
  reason: batch.reason,
});
const line = z.object({
  position: z.number(),
  disbursementId: z.string(),
  subjectId: z.string(),
  periodKey: z.string(),
  payeeName: z.string().nullable().describe('按岗位遮蔽'),
  account: z.string().describe('后四位'),
  bank: z.string(),
  amountFen: z.string(),
  endToEndId: z.string(),
  replaces: z.string().nullable(),
  flags: z.array(z.string()),
  said: z.array(z.object({ kind: z.enum(kinds), text: z.string().nullable() })),
});
export const excluded = z.object({ disbursementId: z.string(), subjectId: z.string(), reasons: z.array(z.string()) });
const leftOut = excluded.extend({
  payeeName: z.string().nullable().describe('按岗位遮蔽'),
  periodKey: z.string(),
  amountFen: z.string().describe('兑付记录现在的金额，分'),
});
const opening = z.object({
  itemId: z.string(),
  periodKey: z.string(),
  year: z.number(),
  records: z.number(),
  amountFen: z.string(),
  sourceId: z.string().nullable(),
  document: z.string().nullable(),
  format: z.string().nullable(),
  openFen: z.string().nullable(),
  payOn: z.string().nullable(),
});
export const found = async (web: WebContext, c: Context<Env>, batchId: string): Promise<Batch> =>
  (await batchInScope(web.db, batchId, staffOf(c).scope)) ?? notFound('批次');

const actionTexts: Readonly<Record<string, string>> = {
  'batch.seal': '封批',
  'batch.approve': '复核通过',
  'batch.return': '整批退回',
  'batch.release': '签发',
  'batch.file': '取走报盘文件',
  'batch.close': '每一笔都有了结果，对平',
};

/** What people did to a batch and what banks answered, in order. */
const timelineOf = async (db: Db, batchId: string, names: ReadonlyMap<string, string>) =>
  [
    ...(await entriesOf(db, 'batch', batchId)).map(({ at, actor, action, reason }) => ({
      at,
      actor,
      text: actionTexts[action] ?? action,
      reason,
    })),
    ...(await answerFilesOf(db, batchId)).map(({ at, by, name, lines }) => ({
      ...{ at, actor: by, reason: null },
      text: `导入回盘 ${maskFileName(name)}，涉及 ${lines} 笔`,
    })),
  ]
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, actor, text, reason }) => ({ at: at.toISOString(), name: names.get(actor) ?? null, text, reason }));

export const batchApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/batch-openings', access(...financeReaders), describeRoute(answers('可以封批的', listOf(opening))), async (c) => {
      const rows = await openings(web.db, { scope: staffOf(c).scope, today: await todayFor(web.db, c.get('now')) });
      const shown = rows.map((r) => ({
        ...r,
        periodKey: periodKeyText(r.periodKey),
        amountFen: String(r.amountFen),
        openFen: r.openFen === null ? null : String(r.openFen),
        payOn: r.payOn as string | null,
      }));
      return c.json({ rows: shown, next: null });
    })
    .get(
      '/batches',
      access(...financeReaders),
      describeRoute(answers('拨付批次', listOf(batchRow))),
      valid('query', listQuery.extend({ item: z.string().max(100).optional(), state: z.enum(batchStateNames).optional() })),
      async (c) => {
        const { item, state, cursor, limit = 50 } = c.req.valid('query');
        const filter = { ...(item === undefined ? {} : { itemId: item }), ...(state === undefined ? {} : { state }) };
        const page = await listBatches(web.db, { scope: staffOf(c).scope, ...filter, after: cursor ?? null, limit });
        return c.json({ rows: page.rows.map(toBatch), next: page.next });
      },
    )
    .get(
      '/batches/:id',
      access(...financeReaders),
      describeRoute(answers('一个批次', one, { one: true })),
      valid('param', id),
      async (c) => {
        const batch = await found(web, c, c.req.valid('param').id);
        const signed = await signatures(web.db, batch.id);
        const ends = await linesByEnd(web.db, batch.id);
        const names = new Map((await staffAccounts(web.db)).map((one) => [one.userId, one.name]));
        const lacking = lackingOf(bandFor(await readBands(web.db), batch.totalFen), signed);
        const { scope } = staffOf(c);
        const paidBy = (await fundingStandings(web.db, { scope, itemId: batch.itemId, ended: true })).find(
          (own) => own.id === batch.sourceId,
        );
        return c.json({
          ...toBatch(batch),
          signatures: signed.map(({ person, role, at }) => ({ person, name: names.get(person) ?? null, role, at: at.toISOString() })),
          lacking: {
            checkers: batch.state === 'sealed' ? lacking.checkers : 0,
            offices: batch.state === 'sealed' ? [...lacking.offices] : [],
          },
          source:
            paidBy === undefined
              ? null
              : {
                  ...{ document: paidBy.document, payerName: paidBy.payerName, payerBank: paidBy.payerBank },
                  payerAccount: maskAccount(paidBy.payerAccount),
                },
          timeline: await timelineOf(web.db, batch.id, names),
          ends: ends.map(({ end, lines, fen }) => ({ end, lines, fen: String(fen) })),
        });
      },
    );

/** What stands in a batch, and the file that left. */
export const batchInsideApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/batches/:id/lines',
      access(...financeReaders),
      describeRoute(answers('批次里的各笔', listOf(line), { one: true })),
      valid('param', id),
      valid(
        'query',
        strictQuery({ cursor: z.coerce.number().int().min(0).optional(), limit: z.coerce.number().int().min(1).max(200).optional() }),
      ),
      async (c) => {
        const batch = await found(web, c, c.req.valid('param').id);
        const { cursor = 0, limit = 50 } = c.req.valid('query');
        const rows = await linesView(web.db, { batchId: batch.id, after: cursor, limit });
        const nameOf = await shownPayees(web.db, staffOf(c), rows);
        const told = rows.map((r) => ({
          ...r,
          periodKey: periodKeyText(r.periodKey),
          payeeName: nameOf(r),
          account: maskAccount(r.account),
          amountFen: String(r.amountFen),
          flags: [...r.flags],
          said: [...r.said],
        }));
        return c.json({ rows: told, next: rows.length === limit ? String(rows.at(-1)?.position ?? '') : null });
      },
    )
    .get(
      '/batches/:id/exclusions',
      access(...financeReaders),
      describeRoute(answers('谁没有进批次、为什么', listOf(leftOut), { one: true })),
      valid('param', id),
      valid('query', strictQuery({ cursor: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(200).optional() })),
      async (c) => {
        const batch = await found(web, c, c.req.valid('param').id);
        const { cursor, limit = 50 } = c.req.valid('query');
        const rows = await exclusionsOf(web.db, { batchId: batch.id, after: cursor ?? null, limit });
        const nameOf = await shownPayees(web.db, staffOf(c), rows);
        return c.json({
          rows: rows.map((r) => ({
            ...r,
            reasons: [...r.reasons],
            payeeName: nameOf(r),
            periodKey: periodKeyText(r.periodKey),
            amountFen: String(r.amountFen),
          })),
          next: rows.length === limit ? (rows.at(-1)?.disbursementId ?? null) : null,
        });
      },
    )
    .get(
      '/batches/:id/manifest',
      access(...financeReaders),
      describeRoute(answers('报盘清单', z.object({ manifest: z.record(z.string(), z.unknown()), genuine: z.boolean() }), { one: true })),
      valid('param', id),
      async (c) => {
        const batch = await found(web, c, c.req.valid('param').id);
        const file = (await releasedFileOf(web.db, batch.id)) ?? notFound('报盘文件');
        return c.json({ manifest: { ...file.manifest }, genuine: isOurs(web.db, file.manifest) });
      },
    )
    .get(
      '/batches/:id/file',
      access('finance-maker', 'finance-issuer'),
      describeRoute(answersFile('报盘文件；每次取用留痕', ['application/octet-stream'], { one: true })),
      valid('param', id),
      async (c) => {
        const batch = await found(web, c, c.req.valid('param').id);
        const person = financeActor(staffOf(c), ['finance-maker', 'finance-issuer']);
        const file = await releasedFile(web.db, { batchId: batch.id, person, now: c.get('now') });
        c.header('content-type', 'application/octet-stream');
        c.header('content-disposition', attachment(file.name));
        c.header('x-content-sha256', file.sha256);
        return c.body(await pieceByPiece(c, file.open()));
      },
    );
