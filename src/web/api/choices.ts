// Choices between matters that exclude each other, over the API: who may still choose, and what they said where a clerk heard it.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { transaction } from '../../db/handle.ts';
import { chooseItem, listChoosing } from '../../settlement/choice-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, strictQuery, valid } from './answer.ts';

const row = z.object({
  lineId: z.string(),
  subjectId: z.string(),
  itemId: z.string(),
  periodKey: z.string(),
  fen: z.string(),
  until: z.string(),
  text: z.string(),
});
const body = z.strictObject({ lineId: z.uuid(), reason: z.string().min(1).max(500) });

export const choicesApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/exclusive-choices',
      access(...businessRoles),
      describeRoute(answers('等本人在互斥事项中选择的', listOf(row))),
      valid('query', strictQuery({ subject: z.uuid().optional() })),
      async (c) => {
        const { subject } = c.req.valid('query');
        const scope = staffOf(c).scope;
        const rows = await listChoosing(web.db, { scope, limit: 1_000, ...(subject === undefined ? {} : { subjectId: subject }) });
        return c.json({ rows: rows.map((one) => ({ ...one, fen: String(one.fen) })), next: null });
      },
    )
    .post(
      '/exclusive-choices',
      access('reviewer'),
      describeRoute(answers('登记本人的选择', z.object({ chosen: z.string() }))),
      valid('json', body),
      async (c) => {
        const staff = staffOf(c);
        const { lineId, reason } = c.req.valid('json');
        const by = { scope: staff.scope, at: c.get('now'), actor: staff.username, role: 'reviewer' };
        await transaction(web.db, (tx) => chooseItem(tx, { lineId, reason, ...by }));
        return c.json({ chosen: lineId });
      },
    );
