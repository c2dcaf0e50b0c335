// The life of a disbursement over the API: acts on one record, many reviews at once, scans, objections and their rulings, the public list.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { divisionPrefix } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { keepCaseDocument } from '../../disbursement/ask.ts';
import { lateKinds, lateOn } from '../../disbursement/late-store.ts';
import { decideObjection } from '../../disbursement/objection.ts';
import { listObjections } from '../../disbursement/objection-store.ts';
import { publicLines } from '../../disbursement/publicity-store.ts';
import { type AskedWriteOff, askedWriteOffs, listRecoveries, type Recovery } from '../../disbursement/recovery-store.ts';
import { reviewAll } from '../../disbursement/review.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import { actBody, actingRoles, doAct } from '../acts.ts';
import type { WebContext } from '../context.ts';
import { actOf, reviewersOf } from '../life.ts';
import { doRecovery, recoveryBody, recoveryRoles } from '../recovery-acts.ts';
import { businessRoles } from '../role.ts';
import { requireStepUp } from '../step-up.ts';
import { staffAccounts } from '../store.ts';
import { answers, listOf, listQuery, strictQuery, valid } from './answer.ts';

const id = z.object({ id: z.uuid() });
const states = ['open', 'upheld', 'rejected', 'moot'] as const;

const objection = z.object({
  id: z.string(),
  disbursementId: z.string().nullable(),
  itemId: z.string(),
  periodKey: z.string().nullable(),
  about: z.enum(['ineligible', 'undetermined', 'amount']).nullable().describe('请人决定的是什么'),
  kind: z.enum(['public', 'own', 'human']),
  text: z.string(),
  document: z.string().nullable(),
  state: z.enum(states),
  filedAt: z.string(),
  dueOn: z.string().nullable(),
  decidedAt: z.string().nullable(),
  reason: z.string().nullable(),
});
const publicLine = z.object({
  itemId: z.string(),
  title: z.string(),
  authority: z.string(),
  periodKey: z.string(),
  division: z.string().nullable(),
  name: z.string().describe('个人只给姓和末字'),
  amountFen: z.string().nullable(),
  until: z.string().nullable(),
});
const late = z.object({
  kind: z.string(),
  text: z.string(),
  desk: z.string(),
  id: z.string(),
  itemId: z.string(),
  authority: z.string(),
  division: z.string().nullable(),
  dueOn: z.string(),
});
const recoveryStates = ['proposed', 'open', 'closed', 'dropped'] as const;
const recovery = z.object({
  id: z.string(),
  subjectId: z.string(),
  itemId: z.string(),
  periodKey: z.string(),
  amountFen: z.string(),
  settledFen: z.string(),
  state: z.enum(recoveryStates),
  reason: z.string().nullable(),
  clause: z.string().nullable(),
  tellBy: z.string().nullable(),
  dueOn: z.string().nullable(),
  writeOff: z
    .object({
      amountFen: z.string(),
      reason: z.string(),
      askedBy: z.string().describe('姓名'),
      askedAt: z.string(),
      firstBy: z.string().nullable().describe('第一个同意的人，姓名'),
      mine: z.boolean().describe('我提出的或已同意的，要由别人审批'),
    })
    .nullable()
    .describe('在等审批的核销'),
});
const bulk = z.strictObject({
  decisions: z
    .array(z.strictObject({ id: z.uuid(), decision: z.enum(['pass', 'return', 'refuse']), reason: z.string().max(600).optional() }))
    .min(1)
    .max(1_000),
});

/** With what is asked to be written off of each, and by whom. */
const recoveryRows = async (web: WebContext, recoveries: readonly Recovery[], me: string): Promise<z.infer<typeof recovery>[]> => {
  const ids = recoveries.map((one) => one.id);
  const asked = new Map((await askedWriteOffs(web.db, ids)).map((one) => [one.recoveryId, one]));
  const names = new Map(asked.size === 0 ? [] : (await staffAccounts(web.db)).map((one) => [one.userId, one.name]));
  const toWriteOff = ({ amountFen, reason, askedAt, askedBy, firstBy }: AskedWriteOff) => ({
    ...{ amountFen: String(amountFen), reason, askedAt: askedAt.toISOString() },
    askedBy: names.get(askedBy) ?? '已离岗',
    firstBy: firstBy === null ? null : (names.get(firstBy) ?? '已离岗'),
    mine: askedBy === me || firstBy === me,
  });
  return recoveries.map(({ id, subjectId, itemId, periodKey, amountFen, settledFen, state, reason, clause, tellBy, dueOn }) => {
    const one = asked.get(id);
    return {
      ...{ id, subjectId, itemId, periodKey, state, reason, clause, tellBy, dueOn },
      amountFen: String(amountFen),
      settledFen: String(settledFen),
      writeOff: one === undefined ? null : toWriteOff(one),
    };
  });
};

/** What there is to see. */
export const lifeApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/objections',
      access(...businessRoles),
      describeRoute(answers('异议，不含异议人', listOf(objection))),
      valid('query', listQuery.extend({ state: z.enum(states).optional() })),
      async (c) => {
        const { cursor, limit = 50, state } = c.req.valid('query');
        const page = await listObjections(web.db, {
          scope: staffOf(c).scope,
          after: cursor ?? null,
          limit,
          ...(state === undefined ? {} : { state }),
        });
        const rows = page.rows.map(
          ({ id, disbursementId, itemId, periodKey, about, kind, text, document, state, filedAt, dueOn, decidedAt, reason }) => ({
            ...{ id, disbursementId, itemId, periodKey, about, kind, text, document, state, dueOn, reason },
            filedAt: filedAt.toISOString(),
            decidedAt: decidedAt?.toISOString() ?? null,
          }),
        );
        return c.json({ rows, next: page.next });
      },
    )
    .get(
      '/late',
      access(...businessRoles),
      describeRoute(answers('超过期限的事，在谁手里', listOf(late))),
      valid('query', strictQuery({})),
      async (c) => {
        const today = await todayFor(web.db, c.get('now'));
        const found = await lateOn(web.db, { scope: staffOf(c).scope, today, limit: 1_000 });
        const rows = found.map((row) => ({ ...row, text: lateKinds[row.kind].text, desk: lateKinds[row.kind].desk }));
        return c.json({ rows, next: null });
      },
    )
    .get(
      '/recoveries',
      access(...businessRoles),
      describeRoute(answers('追回', listOf(recovery))),
      valid('query', listQuery.extend({ state: z.enum(recoveryStates).optional() })),
      async (c) => {
        const { cursor, limit = 50, state } = c.req.valid('query');
        const page = await listRecoveries(web.db, {
          scope: staffOf(c).scope,
          after: cursor ?? null,
          limit,
          ...(state === undefined ? {} : { state }),
        });
        const rows = await recoveryRows(web, page.rows, staffOf(c).userId);
        return c.json({ rows, next: page.next });
      },
    )
    .get(
      '/publicity',
      access(...businessRoles),
      describeRoute(answers('公示名单：遮蔽的姓名、金额、村社，期满自动撤下', listOf(publicLine))),
      valid('query', strictQuery({ item: z.string().max(100).optional(), division: z.string().max(20).optional() })),
      async (c) => {
        const { item, division } = c.req.valid('query');
        const today = await todayFor(web.db, c.get('now'));
        const { scope } = staffOf(c);
        const ask = { today, itemId: item, prefix: division === undefined ? undefined : divisionPrefix(division), scope, limit: 1_000 };
        const rows = (await publicLines(web.db, ask)).map((row) => ({
          ...row,
          amountFen: row.amountFen === null ? null : String(row.amountFen),
        }));
        return c.json({ rows, next: null });
      },
    );

/** What staff do. */
export const actingApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/case-documents',
      access('reviewer'),
      describeRoute(answers('保存随件的扫描件', z.object({ sha256: z.string() }))),
      async (c) => {
        const bytes = new Uint8Array(await c.req.arrayBuffer());
        const actor = { id: staffOf(c).userId, role: 'reviewer' };
        return c.json({ sha256: await keepCaseDocument(web.db, bytes, actor, c.get('now')) });
      },
    )
    .post(
      '/disbursements/:id/acts',
      access(...actingRoles),
      describeRoute(
        answers('办理一条兑付记录：审核、暂缓、恢复、补充、确认、放弃、申请、异议', z.object({ made: z.string().nullable() }), {
          one: true,
        }),
      ),
      valid('param', id),
      valid('json', actBody),
      async (c) => {
        const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
        return c.json({ made: await doAct(context, staffOf(c), c.req.valid('param').id, c.req.valid('json')) });
      },
    )
    .post(
      '/disbursement-reviews',
      access('reviewer'),
      describeRoute(answers('一次审核多条，每条写明意见和理由；有一条不能办就都不办', z.object({ decided: z.number() }))),
      valid('json', bulk),
      async (c) => {
        const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
        const act = { ...(await actOf(context, staffOf(c), ['reviewer'])), roster: await reviewersOf(web.db) };
        const decided = await transaction(web.db, (tx) => reviewAll(tx, act, c.req.valid('json').decisions));
        return c.json({ decided });
      },
    )
    .post(
      '/recoveries/:id/acts',
      access(...recoveryRoles),
      describeRoute(answers('办理追回：立案、不追回、分期、收款、核销', z.object({ done: z.boolean() }), { one: true })),
      valid('param', id),
      valid('json', recoveryBody),
      async (c) => {
        const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
        // Public money is given up for good.
        if (c.req.valid('json').act === 'approve') await requireStepUp(web.db, staffOf(c), c.get('now'));
        await doRecovery(context, staffOf(c), c.req.valid('param').id, c.req.valid('json'));
        return c.json({ done: true });
      },
    )
    .post(
      '/objections/:id/ruling',
      access('reviewer'),
      describeRoute(answers('复核异议', z.object({ done: z.boolean() }), { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ decision: z.enum(['upheld', 'rejected']), reason: z.string().max(1_000) })),
      async (c) => {
        const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
        const act = { ...(await actOf(context, staffOf(c), ['reviewer'])), id: c.req.valid('param').id, ...c.req.valid('json') };
        await transaction(web.db, (tx) => decideObjection(tx, act));
        return c.json({ done: true });
      },
    );
