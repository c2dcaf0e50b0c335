// Held deliveries over the API: what waits, what it would change, and the yes or no of a steward who did not bring it.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { decideDelivery } from '../../record/decide.ts';
import { heldWords } from '../../record/held-words.ts';
import type { ImportReport } from '../../record/import.ts';
import type { DeliveryRow } from '../../record/store.ts';
import { deliveryWithin, heldWithin } from '../../record/view-store.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, notFound, strictQuery, valid } from './answer.ts';

const change = { before: z.number(), dropped: z.number(), changed: z.number(), added: z.number() };
const heldSchema = z.object({
  reasons: z.array(z.looseObject({ kind: z.enum(['nameless', 'dropped', 'changed']), count: z.number() })),
  words: z.array(z.string()),
  diff: z
    .object({
      ...change,
      divisions: z.array(z.object({ division: z.string(), place: z.string().describe('区划的名称'), ...change })),
      samples: z.object({ dropped: z.array(z.string()), changed: z.array(z.string()), added: z.array(z.number()) }),
    })
    .nullable(),
  rowsLanded: z.boolean().describe('认得出的行已经入库，只有“没有列入的就是没有”在等'),
  digests: z.array(z.string()).describe('放行的正是这些差异；决定时原样带回'),
});
export const deliveryRow = z.object({
  id: z.string(),
  dataset: z.string(),
  kind: z.string(),
  division: z.string().nullable(),
  asOf: z.string(),
  state: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  receivedAt: z.string(),
  rows: z.object({ read: z.number(), good: z.number(), bad: z.number() }),
  decision: z.string().nullable(),
  mine: z.boolean().describe('自己报送的：要由别人决定'),
  held: heldSchema.nullable(),
});
export const reportSchema = z.object({
  deliveryId: z.string(),
  state: z.string(),
  already: z.boolean(),
  rows: z.object({ read: z.number(), good: z.number(), bad: z.number() }),
  changed: z.number(),
  introduced: z.number(),
  dropped: z.number(),
  kept: z.number(),
  sums: z.record(z.string(), z.string()),
  held: heldSchema.nullable(),
  problems: z.array(
    z.object({ code: z.string(), line: z.number(), column: z.string(), masked: z.string(), message: z.string(), hint: z.string() }),
  ),
  problemCount: z.number(),
});

type PlaceOf = (code: string) => string;
const asCode: PlaceOf = (code) => code;

const toHeld = (held: DeliveryRow['held'], place: PlaceOf) => {
  if (held === null) return null;
  const { reasons, diff, rowsLanded, digests } = held;
  const named = diff === null ? null : { ...diff, divisions: diff.divisions.map((one) => ({ ...one, place: place(one.division) })) };
  return { reasons: reasons.map((reason) => ({ ...reason })), words: [...heldWords(held)], rowsLanded, digests: [...digests], diff: named };
};

export const toDelivery = (d: DeliveryRow, { userId }: Pick<Staff, 'userId'>, place: PlaceOf = asCode) => ({
  id: d.id,
  dataset: d.dataset,
  kind: d.kind,
  division: d.scope.division,
  asOf: d.asOf,
  state: d.state,
  fileName: d.fileName,
  sha256: d.sha256,
  receivedAt: d.receivedAt.toISOString(),
  rows: { read: d.rowsRead, good: d.rowsGood, bad: d.rowsBad },
  decision: d.decision,
  mine: d.receivedBy === userId,
  held: d.state === 'held' ? toHeld(d.held, place) : null,
});

/** The report as every channel gives it. */
export const toReport = ({ held, problems, ...report }: ImportReport) => ({
  ...report,
  held: toHeld(held, asCode),
  problems: problems.map(({ code, line, column, masked, message, hint }) => ({ code, line, column, masked, message, hint })),
});

export const deliveryApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/deliveries/held',
      access(...businessRoles),
      describeRoute(answers('等人核对的交付', listOf(deliveryRow))),
      valid('query', strictQuery({})),
      async (c) => {
        const staff = staffOf(c);
        return c.json({ rows: (await heldWithin(web.db, staff.scope)).map((one) => toDelivery(one, staff)), next: null });
      },
    )
    .get(
      '/deliveries/:id',
      access(...businessRoles),
      describeRoute(answers('一次交付', deliveryRow, { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      async (c) => {
        const staff = staffOf(c);
        const delivery = await deliveryWithin(web.db, c.req.valid('param').id, staff.scope);
        if (delivery === null) return notFound('交付');
        const nodes = (await web.catalogue()).trees.find(({ id }) => id === 'division')?.nodes ?? [];
        const places = new Map(nodes.map(({ code, name }) => [code, name]));
        return c.json(toDelivery(delivery, staff, (code) => places.get(code) ?? code));
      },
    )
    .post(
      '/deliveries/:id/decision',
      access('steward'),
      describeRoute(answers('放行或否决一次交付', reportSchema, { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      valid(
        'json',
        z.strictObject({ answer: z.enum(['accept', 'reject']), reason: z.string().min(2).max(500), seen: z.array(z.string()).max(10) }),
      ),
      async (c) => {
        const { userId, scope } = staffOf(c);
        const given = c.req.valid('json');
        const decision = { ...given, deliveryId: c.req.valid('param').id, by: userId, role: 'steward', scope };
        return c.json(toReport(await decideDelivery(web.db, await web.catalogue(), decision, { now: c.get('now') })));
      },
    );
