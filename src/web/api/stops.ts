// Stop orders, and what was due to the dead, over the API: lists by cursor within the caller's scope, acts of reviewers. Names and accounts leave masked.
import { type Context, Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { maskAccount, maskName } from '../../base/codes.ts';
import { type Heir, heirStates, listHeirs } from '../../disbursement/heir-store.ts';
import { listStops, type StopOrder, stopStates } from '../../disbursement/stop-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { shownNames } from '../shown-names.ts';
import { doHeir, doStop, heirBody, stopBody, stopRoles } from '../stop-acts.ts';
import { answers, listOf, listQuery, valid } from './answer.ts';

const names = <T extends string>(table: Readonly<Record<T, string>>) => Object.keys(table) as [T, ...T[]];

const named = z.string().nullable().describe('姓名，按岗位遮蔽');

const stop = z.object({
  id: z.string(),
  subjectId: z.string(),
  subjectName: named,
  itemId: z.string(),
  kind: z.string(),
  lastOn: z.string().describe('最后一天：在这以后开始的期别不再发放'),
  reason: z.string(),
  document: z.string().nullable(),
  people: z.number(),
  state: z.enum(names(stopStates)),
  askedAt: z.string(),
  closeReason: z.string().nullable(),
});
const stopRow = ({ id, subjectId, itemId, kind, lastOn, reason, document, people, state, askedAt, closeReason }: StopOrder) => ({
  ...{ id, subjectId, itemId, kind, lastOn, reason, document, people, state, closeReason },
  askedAt: askedAt.toISOString(),
});

const heir = z.object({
  id: z.string(),
  subjectId: z.string(),
  subjectName: named,
  itemId: z.string(),
  relation: z.string(),
  name: z.string().describe('遮蔽'),
  account: z.string().describe('后四位'),
  document: z.string(),
  state: z.enum(names(heirStates)),
  namedAt: z.string(),
  closeReason: z.string().nullable(),
});
const heirRow = ({ id, subjectId, itemId, relation, person, document, state, namedAt, closeReason }: Heir) => ({
  ...{ id, subjectId, itemId, relation, document, state, closeReason },
  name: maskName(person.name),
  account: maskAccount(person.account),
  namedAt: namedAt.toISOString(),
});

const made = z.object({ id: z.string() });

export const stopApi = (web: WebContext) => {
  const withNames = async <One extends { readonly subjectId: string }, Row>(
    c: Context<Env>,
    rows: readonly One[],
    toRow: (one: One) => Row,
  ) => {
    const nameOf = await shownNames(
      web.db,
      staffOf(c),
      rows.map((one) => one.subjectId),
    );
    return rows.map((one) => ({ ...toRow(one), subjectName: nameOf(one.subjectId) }));
  };
  return new Hono<Env>()
    .get(
      '/stops',
      access(...businessRoles),
      describeRoute(answers('停发：待决定、待第二人、在停、已恢复', listOf(stop))),
      valid('query', listQuery.extend({ state: z.enum(names(stopStates)).optional() })),
      async (c) => {
        const { cursor, limit = 50, state } = c.req.valid('query');
        const ask = { scope: staffOf(c).scope, after: cursor ?? null, limit, ...(state === undefined ? {} : { state }) };
        const page = await listStops(web.db, ask);
        return c.json({ rows: await withNames(c, page.rows, stopRow), next: page.next });
      },
    )
    .post(
      '/stops',
      access(...stopRoles),
      describeRoute(answers('决定停发、第二人确认、退回、恢复', made, { one: true })),
      valid('json', stopBody),
      async (c) => {
        const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
        return c.json({ id: await doStop(context, staffOf(c), c.req.valid('json')) });
      },
    )
    .get(
      '/heirs',
      access(...businessRoles),
      describeRoute(answers('继承人和照料人；待登记的见兑付记录 state=deceased', listOf(heir))),
      valid('query', listQuery.extend({ state: z.enum(names(heirStates)).optional() })),
      async (c) => {
        const { cursor, limit = 50, state } = c.req.valid('query');
        const ask = { scope: staffOf(c).scope, after: cursor ?? null, limit, ...(state === undefined ? {} : { state }) };
        const page = await listHeirs(web.db, ask);
        return c.json({ rows: await withNames(c, page.rows, heirRow), next: page.next });
      },
    )
    .post(
      '/heirs',
      access(...stopRoles),
      describeRoute(answers('登记继承人、第二人确认、撤回，或死亡有误恢复', made, { one: true })),
      valid('json', heirBody),
      async (c) => {
        const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
        return c.json({ id: await doHeir(context, staffOf(c), c.req.valid('json')) });
      },
    );
};
