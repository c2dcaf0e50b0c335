// Disbursement records over the API: lists by cursor within the caller's scope, one with its life so far. Accounts leave here masked.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { audit } from '../../audit/audit.ts';
import { maskAccount, maskFileName } from '../../base/codes.ts';
import { type Db, transaction } from '../../db/handle.ts';
import { documentsOf } from '../../disbursement/ask-store.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { allStates, type State } from '../../disbursement/states.ts';
import { type DisbursementEvent, disbursementById, listDisbursements } from '../../disbursement/store.ts';
import { type LineEventKind, lineEventNames } from '../../payment/states.ts';
import { disbursementNamed, type PaperLine, paperLines } from '../../reconcile/paper-store.ts';
import { openKept } from '../../vault/kept.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { noteDisbursement, noteList } from '../look.ts';
import { businessRoles } from '../role.ts';
import { staffAccounts } from '../store.ts';
import { periodKeyText, shown } from '../words.ts';
import { answers, answersFile, listOf, listQuery, notFound, strictQuery, valid } from './answer.ts';

const row = z.object({
  id: z.string(),
  itemId: z.string(),
  version: z.number(),
  periodKey: z.string(),
  subjectId: z.string(),
  matchId: z.string(),
  matchKind: z.string(),
  division: z.string().nullable(),
  payeeName: z.string().nullable(),
  account: z.string().nullable().describe('后四位'),
  bank: z.string().nullable(),
  amountFen: z.string(),
  statementText: z.string(),
  state: z.enum(allStates as [State, ...State[]]),
  stops: z.boolean().describe('停发处理，没有钱'),
  gaps: z.array(z.string()),
  dueOn: z.string().nullable(),
  holdReason: z.string().nullable(),
  createdAt: z.string(),
});
const payment = z
  .object({
    reference: z.string().describe('流水号'),
    batchId: z.string(),
    batchNumber: z.string(),
    payOn: z.string(),
    amountFen: z.string(),
    replaces: z.boolean().describe('替下退汇的一笔'),
    signatures: z.array(z.object({ role: z.enum(['maker', 'checker', 'issuer']), name: z.string().nullable(), at: z.string() })),
    words: z.array(
      z.object({
        kind: z.enum(Object.keys(lineEventNames) as [LineEventKind]),
        text: z.string().nullable(),
        at: z.string(),
        file: z.string().nullable(),
      }),
    ),
  })
  .describe('银行的一笔');
const one = row.extend({
  basis: z.object({
    title: z.string(),
    document: z.string(),
    number: z.string().nullable(),
    clause: z.string().nullable(),
    url: z.string().nullable(),
  }),
  flow: z.array(z.string()),
  step: z.number(),
  documents: z.array(
    z.object({ kind: z.string(), name: z.string().nullable(), sha256: z.string(), mediaType: z.string(), at: z.string() }),
  ),
  events: z.array(
    z.object({
      from: z.enum(allStates as [State, ...State[]]).nullable(),
      to: z.enum(allStates as [State, ...State[]]),
      actor: z.string(),
      name: z.string().nullable().describe('空：系统'),
      reason: z.string().nullable(),
      at: z.string(),
    }),
  ),
  payments: z.array(payment).describe('进过的批次，银行每次怎么说；先的在前'),
});

type Names = ReadonlyMap<string, string>;
const machine = (actor: string): boolean => actor === 'run' || actor === 'start' || actor.startsWith('step:') || actor.startsWith('bank');
const nameOf = (names: Names, actor: string, subjectId: string): string | null =>
  names.get(actor) ?? (machine(actor) ? null : actor === subjectId ? '本人' : '本人或代办人');
const toPayment = (line: PaperLine, names: Names): z.infer<typeof payment> => ({
  reference: line.reference,
  batchId: line.batchId,
  batchNumber: line.batchNumber,
  payOn: line.payOn,
  amountFen: String(line.amountFen),
  replaces: line.replaces !== null,
  signatures: line.signatures.map(({ person, role, at }) => ({
    role: role as 'maker',
    name: names.get(person) ?? null,
    at: new Date(at).toISOString(),
  })),
  words: line.words.map(({ kind, text, at, file }) => ({
    kind: kind as LineEventKind,
    text: text === null ? null : shown(text),
    at: new Date(at).toISOString(),
    file: file === null ? null : maskFileName(file),
  })),
});

const toRow = (d: Disbursement) => ({
  id: d.id,
  itemId: d.itemId,
  version: d.version,
  periodKey: periodKeyText(d.periodKey),
  subjectId: d.subjectId,
  matchId: d.matchId,
  matchKind: d.matchKind,
  division: d.division,
  payeeName: d.payeeName === null ? null : shown(d.payeeName),
  account: d.account === null ? null : maskAccount(d.account),
  bank: d.bank,
  amountFen: String(d.amountFen),
  statementText: d.statementText,
  state: d.state,
  stops: d.lineId === null,
  gaps: [...d.gaps],
  dueOn: d.dueOn,
  holdReason: d.holdReason,
  createdAt: d.createdAt.toISOString(),
});

/** A record with its life: who moved it, which batches it went out with, what the bank said each time. */
const wholeOf = async (db: Db, record: Disbursement, events: readonly DisbursementEvent[]): Promise<z.infer<typeof one>> => {
  const names = new Map((await staffAccounts(db)).map((own) => [own.userId, own.name]));
  return {
    ...toRow(record),
    basis: record.basis,
    flow: [...record.flow],
    step: record.step,
    documents: (await documentsOf(db, record.id)).map((one) => ({ ...one, at: one.at.toISOString() })),
    events: events.map(({ from, to, actor, reason, at }) => ({
      ...{ from, to, actor, name: nameOf(names, actor, record.subjectId), at: at.toISOString() },
      reason: reason === null ? null : shown(reason),
    })),
    payments: (await paperLines(db, record.id)).map((line) => toPayment(line, names)),
  };
};

export const disbursementQuery = listQuery.extend({
  item: z.string().max(100).optional(),
  state: z.enum(allStates as [State, ...State[]]).optional(),
  subject: z.uuid().optional(),
  match: z.uuid().optional(),
});

export const disbursementApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/disbursements',
      access(...businessRoles),
      describeRoute(answers('兑付记录', listOf(row))),
      valid('query', disbursementQuery),
      async (c) => {
        const query = c.req.valid('query');
        const page = await listDisbursements(web.db, {
          scope: staffOf(c).scope,
          after: query.cursor ?? null,
          limit: query.limit ?? 50,
          filter: {
            ...(query.item === undefined ? {} : { itemId: query.item }),
            ...(query.state === undefined ? {} : { state: query.state }),
            ...(query.subject === undefined ? {} : { subjectId: query.subject }),
            ...(query.match === undefined ? {} : { matchId: query.match }),
          },
        });
        await noteList(web, c, 'disbursement', query, page.rows);
        return c.json({ rows: page.rows.map(toRow), next: page.next });
      },
    )
    .get(
      '/disbursements/:id',
      access(...businessRoles),
      describeRoute(answers('一条兑付记录', one, { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      async (c) => {
        const found = await disbursementById(web.db, c.req.valid('param').id, staffOf(c).scope);
        if (found === null) return notFound('兑付记录');
        const { record, events } = found;
        await noteDisbursement(web, c, record);
        return c.json(await wholeOf(web.db, record, events));
      },
    )
    .get(
      '/disbursement-named',
      access(...businessRoles),
      describeRoute(answers('按银行流水号找兑付记录', z.object({ id: z.string() }), { one: true })),
      valid('query', strictQuery({ reference: z.string().trim().min(8).max(60) })),
      async (c) => {
        const named = await disbursementNamed(web.db, c.req.valid('query').reference);
        const seen = named === null ? null : await disbursementById(web.db, named, staffOf(c).scope);
        return seen === null ? notFound('这个流水号的支付') : c.json({ id: seen.record.id });
      },
    )
    .get(
      '/disbursements/:id/documents/:sha256',
      access('reviewer', 'auditor'),
      describeRoute(answersFile('随件的扫描件；每次取用留痕', ['application/pdf', 'image/jpeg', 'image/png'], { one: true })),
      valid('param', z.object({ id: z.uuid(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
      async (c) => {
        const staff = staffOf(c);
        const { id, sha256 } = c.req.valid('param');
        const record = (await disbursementById(web.db, id, staff.scope))?.record;
        const scan = record === undefined ? undefined : (await documentsOf(web.db, id)).find((one) => one.sha256 === sha256);
        if (scan === undefined) return notFound('材料');
        await transaction(web.db, (tx) =>
          audit(tx, {
            actor: staff.userId,
            role: staff.roles.join(','),
            action: 'document.view',
            objectKind: 'disbursement',
            objectId: id,
            after: { document: sha256 },
            at: c.get('now'),
          }),
        );
        const pieces: Uint8Array[] = [];
        for await (const piece of openKept(web.db, sha256)) pieces.push(piece);
        return c.body(new Uint8Array(Buffer.concat(pieces)), 200, { 'content-type': scan.mediaType, 'content-disposition': 'attachment' });
      },
    );
