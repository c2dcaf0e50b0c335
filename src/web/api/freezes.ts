// Freezes over the API: asked for by one person, confirmed by a second, lifted by another.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { confirmFreeze, endFreeze, type FrozenAct, freezeState, frozenActs, proposeFreeze } from '../../freeze/freeze.ts';
import { listFreezes } from '../../freeze/store.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { namesOf } from '../operations.ts';
import { businessRoles, type Role } from '../role.ts';
import { answers, listOf, valid } from './answer.ts';

/** Whose acts are frozen, and nobody else. */
export const freezers: readonly Role[] = ['officer', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer'];

const acts = Object.keys(frozenActs) as [FrozenAct, ...FrozenAct[]];
const row = z.object({
  id: z.string(),
  acts: z.array(z.enum(acts)),
  fromAt: z.string(),
  toAt: z.string(),
  reason: z.string(),
  state: z.enum(['proposed', 'coming', 'frozen', 'over', 'lifted']),
  proposedBy: z.string().nullable(),
  confirmedBy: z.string().nullable(),
  endedBy: z.string().nullable(),
  endReason: z.string().nullable(),
  mine: z.boolean().describe('您提出的：由别人确认和解除'),
});
const moment = z.iso.datetime({ offset: true });
const body = z.strictObject({
  acts: z.array(z.enum(acts)).min(1).max(acts.length),
  fromAt: moment,
  toAt: moment,
  reason: z.string().max(300),
});
const one = z.object({ id: z.uuid() });
const by = (staff: Staff, at: Date) => ({ actor: staff.userId, role: staff.roles.find((role) => freezers.includes(role)) ?? 'staff', at });
/** All there ever were in some years of closing. */
const most = 200;

export const freezeApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/freezes', access(...businessRoles), describeRoute(answers('冻结期：什么时候不封批、不签发、不发布', listOf(row))), async (c) => {
      const staff = staffOf(c);
      const [rows, nameOf] = await Promise.all([listFreezes(web.db, most), namesOf(web.db)]);
      return c.json({
        rows: rows.map((freeze) => ({
          ...{ id: freeze.id, acts: [...freeze.acts], reason: freeze.reason, endReason: freeze.endReason },
          ...{ fromAt: freeze.fromAt.toISOString(), toAt: freeze.toAt.toISOString(), state: freezeState(freeze, c.get('now')) },
          ...{ proposedBy: nameOf(freeze.proposedBy), confirmedBy: nameOf(freeze.confirmedBy), endedBy: nameOf(freeze.endedBy) },
          mine: freeze.proposedBy === staff.userId,
        })),
        next: null,
      });
    })
    .post(
      '/freezes',
      access(...freezers),
      describeRoute(answers('提出冻结期；第二人确认后生效', z.object({ id: z.string() }))),
      valid('json', body),
      async (c) => {
        const { acts: wanted, fromAt, toAt, reason } = c.req.valid('json');
        const ask = { acts: wanted, fromAt: new Date(fromAt), toAt: new Date(toAt), reason };
        return c.json({ id: await proposeFreeze(web.db, ask, by(staffOf(c), c.get('now'))) });
      },
    )
    .post(
      '/freezes/:id/confirm',
      access(...freezers),
      describeRoute(answers('第二人确认', z.object({ confirmed: z.literal(true) }), { one: true })),
      valid('param', one),
      async (c) => {
        await confirmFreeze(web.db, c.req.valid('param').id, by(staffOf(c), c.get('now')));
        return c.json({ confirmed: true as const });
      },
    )
    .post(
      '/freezes/:id/end',
      access(...freezers),
      describeRoute(answers('撤回没有确认的，或提前解除', z.object({ ended: z.literal(true) }), { one: true })),
      valid('param', one),
      valid('json', z.strictObject({ reason: z.string().max(300) })),
      async (c) => {
        await endFreeze(web.db, c.req.valid('param').id, c.req.valid('json').reason, by(staffOf(c), c.get('now')));
        return c.json({ ended: true as const });
      },
    );
