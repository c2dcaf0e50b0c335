// Disbursement records over the API: lists by cursor within the caller's scope, one with its life so far. Accounts leave here masked.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { audit } from '../../audit/audit.ts';
import { maskAccount } from '../../base/codes.ts';
import { transaction } from '../../db/handle.ts';
import { documentsOf } from '../../disbursement/ask-store.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { allStates, type State } from '../../disbursement/states.ts';
import { disbursementById, listDisbursements } from '../../disbursement/store.ts';
import { openKept } from '../../vault/kept.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { noteDisbursement, noteList } from '../look.ts';
import { businessRoles } from '../role.ts';
import { periodKeyText, shown } from '../words.ts';
import { answers, answersFile, listOf, listQuery, notFound, valid } from './answer.ts';

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
  state: z.string(),
  gaps: z.array(z.string()),
  dueOn: z.string().nullable(),
  holdReason: z.string().nullable(),
  createdAt: z.string(),
});
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
    z.object({ from: z.string().nullable(), to: z.string(), actor: z.string(), reason: z.string().nullable(), at: z.string() }),
  ),
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
  gaps: [...d.gaps],
  dueOn: d.dueOn,
  holdReason: d.holdReason,
  createdAt: d.createdAt.toISOString(),
});

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
        return c.json({
          ...toRow(record),
          basis: record.basis,
          flow: [...record.flow],
          step: record.step,
          documents: (await documentsOf(web.db, record.id)).map((one) => ({ ...one, at: one.at.toISOString() })),
          events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
        });
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
