// The audit trail over the API, for the auditor alone: leafed through by who, what and when; and the check of the whole chain.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { trailEntries } from '../../audit/store.ts';
import { trailLines } from '../../audit/trail.ts';
import { readAnchors, trailWords, verifyTrail } from '../../audit/verify.ts';
import { fail } from '../../base/problem.ts';
import type { Scope } from '../../base/scope.ts';
import { access, type Env, staffOf } from '../access.ts';
import { changesOf } from '../change-store.ts';
import type { WebContext } from '../context.ts';
import { numberCursor, readNumber } from '../cursor.ts';
import { namesOf } from '../operations.ts';
import { businessRoles } from '../role.ts';
import { type StaffAccount, staffAccounts } from '../store.ts';
import { answers, listOf, listQuery, notFound, valid } from './answer.ts';

const entry = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  name: z.string().nullable().describe('人的姓名；空：系统的步骤，或已经没有的账号'),
  role: z.string().nullable(),
  action: z.string(),
  objectKind: z.string(),
  objectId: z.string(),
  detail: z.string().describe('之前和之后，JSON'),
  reason: z.string().nullable(),
  position: z.string().nullable().describe('链上第几环；空：等待接链'),
});
const checked = z.object({
  ok: z.boolean(),
  links: z.string(),
  head: z.string(),
  unchained: z.number(),
  faultCount: z.number(),
  faults: z.array(z.object({ position: z.string(), message: z.string() })),
  words: z.array(z.string()),
});
const day = z.iso.date();
export const trailFilter = {
  actor: z.string().max(100).optional().describe('用户名、账号编号，或步骤的名字'),
  action: z
    .string()
    .regex(/^[a-z][a-z0-9.-]{0,60}$/, '写作 delivery 或 delivery.accept')
    .optional(),
  object: z.string().max(200).optional(),
  from: day.optional(),
  to: day.optional().describe('含这一天'),
};
const filter = listQuery.extend(trailFilter);

/** The trail is of everybody and everything. */
export const requireAll = ({ authorities, divisions, items }: Scope): void => {
  if (authorities !== null || divisions !== null || items !== null)
    fail('scope.whole', '', '审计留痕涉及各部门、各区划，您的范围不够。', '请由范围不受限的审计人员查看。');
};

/** Midnight in Asia/Shanghai. */
const startOf = (text: string): Date => new Date(`${text}T00:00:00+08:00`);
const dayMs = 86_400_000;

type Given = { readonly [N in keyof typeof trailFilter]?: string | undefined };

/** What is asked of the trail, as its store understands it. */
export const trailAsk = ({ actor, action, object, from, to }: Given, accounts: readonly StaffAccount[]) => ({
  ...{ action, objectId: object },
  actor: accounts.find(({ username }) => username === actor)?.userId ?? actor,
  from: from === undefined ? undefined : startOf(from),
  to: to === undefined ? undefined : new Date(startOf(to).getTime() + dayMs),
});

const change = z.object({ at: z.string(), name: z.string().nullable(), mine: z.boolean(), action: z.string() });

export const auditApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/changes/:id',
      access(...businessRoles),
      describeRoute(answers('刚才是谁改动了它：给晚了一步的人看，没有内容', listOf(change), { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      async (c) => {
        const staff = staffOf(c);
        const [rows, nameOf] = await Promise.all([changesOf(web.db, c.req.valid('param').id, staff.scope), namesOf(web.db)]);
        if (rows.length === 0) return notFound('记录');
        const shown = rows.map((one) => ({
          ...{
            at: one.at.toISOString(),
            name: nameOf(one.actor),
            mine: one.actor === staff.userId || one.actor === staff.username,
            action: one.action,
          },
        }));
        return c.json({ rows: shown, next: null });
      },
    )
    .get(
      '/audit-entries',
      access('auditor'),
      describeRoute(answers('审计留痕，新的在前', listOf(entry))),
      valid('query', filter),
      async (c) => {
        requireAll(staffOf(c).scope);
        const { cursor, limit = 50, ...given } = c.req.valid('query');
        const accounts = await staffAccounts(web.db);
        const before = readNumber(cursor);
        const rows = await trailEntries(web.db, {
          ...trailAsk(given, accounts),
          ...{ before: before === null ? null : BigInt(before), limit: limit + 1 },
        });
        const names = new Map(accounts.map(({ userId, name }) => [userId, name]));
        const shown = rows.slice(0, limit).map(({ id, at, detail, position, ...rest }) => ({
          ...rest,
          ...{ id: String(id), at: at.toISOString(), name: names.get(rest.actor) ?? null, detail: JSON.stringify(detail) },
          position: position === null ? null : String(position),
        }));
        const last = rows[limit - 1];
        return c.json({ rows: shown, next: rows.length > limit && last !== undefined ? numberCursor(last.id) : null });
      },
    )
    .get('/audit-check', access('auditor'), describeRoute(answers('核对整条链：每一环、每一条的内容', checked)), async (c) => {
      requireAll(staffOf(c).scope);
      const check = await verifyTrail(trailLines(web.db, c.get('now')), readAnchors([]));
      const { links, head, unchained, faultCount, faults } = check;
      return c.json({
        ...{ ok: faultCount === 0, links, head, unchained, faultCount },
        faults: faults.map(({ position, message }) => ({ position, message })),
        words: [...trailWords(check)],
      });
    });
