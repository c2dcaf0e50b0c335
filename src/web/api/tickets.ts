// 校核纠错 over the API: what departments are asked to check, per department, as rows or as a spreadsheet; answers and their settling.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { audit } from '../../audit/audit.ts';
import { transaction } from '../../db/handle.ts';
import { caseDocument } from '../../disbursement/ask-store.ts';
import { listTickets, ticketById, ticketsByDepartment } from '../../ticket/store.ts';
import { answerTicket, settleTicket, ticketStates } from '../../ticket/ticket.ts';
import { openKept } from '../../vault/kept.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import { ticketRow } from '../attest.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { ticketSheet } from '../tickets.ts';
import { answers, answersFile, listOf, listQuery, notFound, strictQuery, valid } from './answer.ts';
import { sheetsAnswer } from './sheet.ts';

const row = z.object({
  id: z.string(),
  department: z.string(),
  dataset: z.string(),
  register: z.string(),
  subjectId: z.string(),
  division: z.string().nullable(),
  fact: z.string(),
  attestationId: z.string().nullable(),
  itemId: z.string().nullable().describe('本人反映的：因哪个事项'),
  version: z.number().nullable(),
  document: z.string().nullable(),
  dueOn: z.string().nullable(),
  question: z.string(),
  state: z.enum(ticketStates),
  openedAt: z.string(),
  openedBy: z.string(),
  answer: z.string().nullable(),
  answeredAt: z.string().nullable(),
  answeredBy: z.string().nullable(),
  outcome: z.string().nullable(),
  settledAt: z.string().nullable(),
  settledBy: z.string().nullable(),
});
const department = z.object({
  department: z.string(),
  open: z.number(),
  answered: z.number(),
  settled: z.number(),
  oldestOpen: z.string().nullable(),
});
const filter = { department: z.string().max(100).optional(), state: z.enum(ticketStates).optional() };
const id = z.object({ id: z.uuid() });
/** Whoever keeps the data hears the departments; whoever attested asked. */
const desk = ['steward', 'reviewer'] as const;

const actorOf = (staff: Staff) => ({ id: staff.userId, role: staff.roles.join(',') });

const documentRoute = (web: WebContext) =>
  new Hono<Env>().get(
    '/tickets/:id/document',
    access('reviewer', 'steward', 'auditor'),
    describeRoute(answersFile('本人反映数据不对时附的材料；每次取用留痕', ['application/pdf', 'image/jpeg', 'image/png'], { one: true })),
    valid('param', id),
    async (c) => {
      const staff = staffOf(c);
      const ticket = await ticketById(web.db, c.req.valid('param').id, staff.scope);
      const scan = ticket?.document == null ? null : await caseDocument(web.db, ticket.document);
      if (ticket === null || scan === null) return notFound('材料');
      const actor = { actor: staff.userId, role: staff.roles.join(',') };
      const looked = { action: 'document.view', objectKind: 'ticket', objectId: ticket.id, after: { document: scan.sha256 } };
      await transaction(web.db, (tx) => audit(tx, { ...actor, ...looked, at: c.get('now') }));
      const pieces: Uint8Array[] = [];
      for await (const piece of openKept(web.db, scan.sha256)) pieces.push(piece);
      return c.body(new Uint8Array(Buffer.concat(pieces)), 200, { 'content-type': scan.mediaType, 'content-disposition': 'attachment' });
    },
  );

export const ticketApi = (web: WebContext) =>
  new Hono<Env>()
    .route('/', documentRoute(web))
    .get(
      '/tickets',
      access(...businessRoles),
      describeRoute(answers('校核单', listOf(row))),
      valid('query', listQuery.extend(filter)),
      async (c) => {
        const { cursor, limit = 50, ...wanted } = c.req.valid('query');
        const after = z.uuid().safeParse(cursor).data ?? null;
        const found = await listTickets(web.db, { scope: staffOf(c).scope, ...wanted, after, limit: limit + 1 });
        const shown = found.slice(0, limit);
        return c.json({ rows: shown.map(ticketRow), next: found.length > limit ? (shown.at(-1)?.id ?? null) : null });
      },
    )
    .get(
      '/ticket-departments',
      access(...businessRoles),
      describeRoute(answers('各部门的校核单', listOf(department))),
      valid('query', strictQuery({})),
      async (c) => {
        const rows = await ticketsByDepartment(web.db, staffOf(c).scope);
        return c.json({ rows: rows.map((one) => ({ ...one, oldestOpen: one.oldestOpen?.toISOString() ?? null })), next: null });
      },
    )
    .get(
      '/tickets/export',
      access(...desk, 'auditor'),
      describeRoute(answersFile('校核单（表格）', ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'])),
      valid('query', strictQuery(filter)),
      async (c) => {
        const sheet = ticketSheet(web.db, await web.catalogue(), { scope: staffOf(c).scope, ...c.req.valid('query') });
        return await sheetsAnswer(c, [sheet], 'xlsx', 'tickets');
      },
    )
    .post(
      '/tickets/:id/answer',
      access(...desk),
      describeRoute(answers('答复', row, { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ answer: z.string().max(600) })),
      async (c) => {
        const staff = staffOf(c);
        const ask = { id: c.req.valid('param').id, scope: staff.scope, answer: c.req.valid('json').answer };
        return c.json(ticketRow(await transaction(web.db, (tx) => answerTicket(tx, ask, actorOf(staff), c.get('now')))));
      },
    )
    .post(
      '/tickets/:id/settle',
      access('reviewer'),
      describeRoute(answers('办结', row, { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ outcome: z.enum(['corrected', 'kept', 'dropped']) })),
      async (c) => {
        const staff = staffOf(c);
        const ask = { id: c.req.valid('param').id, scope: staff.scope, outcome: c.req.valid('json').outcome };
        return c.json(ticketRow(await transaction(web.db, (tx) => settleTicket(tx, ask, actorOf(staff), c.get('now')))));
      },
    );
