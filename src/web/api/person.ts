// One person or firm, one question: why an item says what it says for a period, then and now; the answer to read out and the record that it was given; and
// asking, for the person, that somebody looks again.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { type Day, parseDay } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { workingCalendar } from '../../catalogue/delivery-term.ts';
import { needPurpose, readPurpose } from '../../consult/consult.ts';
import { reply, replyDue } from '../../consult/reply.ts';
import { repliesTo } from '../../consult/reply-store.ts';
import { transaction } from '../../db/handle.ts';
import { askHuman } from '../../disbursement/human.ts';
import { subjectById } from '../../record/view-store.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import { replyText } from '../call-reply.ts';
import type { WebContext } from '../context.ts';
import { actOf } from '../life.ts';
import { noteLook, purposeOf } from '../look.ts';
import { foundOf, personView } from '../people.ts';
import { type Decided, personPeriod } from '../person-period.ts';
import { businessRoles } from '../role.ts';
import { periodKeyText } from '../words.ts';
import { answers, listOf, notFound, strictQuery, valid } from './answer.ts';
import { condition, missing } from './matches.ts';

const day = z
  .string()
  .refine((text) => parseDay(text) !== null, '须为日期，写作 2026-04-15')
  .transform((text) => text as Day);
const id = z.object({ id: z.uuid() });
const why = {
  reason: z.string().max(20).optional().describe('查阅事由代码，必填'),
  order: z.string().max(60).optional().describe('工单号，必填'),
};
const periodKey = z.string().max(60);

const decided = z.object({
  version: z.number(),
  from: z.enum(['evidence', 'snapshot', 'now']).describe('当时的依据、当时的快照、现在的数据'),
  knownAt: z.string().nullable(),
  matchId: z.string().nullable(),
  agrees: z.boolean(),
  missing: z.array(missing),
  periods: z.array(
    z.object({
      periodKey: z.string(),
      verdict: z.enum(['eligible', 'ineligible', 'undetermined']),
      amountFen: z.string().nullable(),
      conditions: z.array(condition),
      missing: z.array(missing),
      steps: z.array(z.string()),
    }),
  ),
});
const personItem = z.object({
  itemId: z.string(),
  title: z.string(),
  authority: z.string(),
  periodKind: z.string(),
  version: z.number().describe('现行版本'),
  basis: z.object({ document: z.string(), number: z.string().nullable(), clause: z.string().nullable(), url: z.string().nullable() }),
  periods: z.array(z.string()).describe('判定过的期别，新的在前'),
  was: decided.nullable(),
  now: decided.nullable(),
});
const drafted = z.object({ text: z.string(), dueOn: z.string().nullable(), receivedOn: z.string() });
const given = z.object({
  order: z.string(),
  ordinal: z.number(),
  itemId: z.string().nullable(),
  text: z.string(),
  receivedOn: z.string(),
  dueOn: z.string().nullable(),
  at: z.string(),
});

const toDecided = (one: Decided | null) =>
  one === null
    ? null
    : {
        ...one,
        missing: [...one.missing],
        periods: one.periods.map((period) => ({
          ...period,
          periodKey: periodKeyText(period.periodKey),
          amountFen: period.amountFen === null ? null : String(period.amountFen),
          conditions: period.conditions.map((node) => ({
            ...node,
            inputs: [...node.inputs],
            sources: [...node.sources],
            missing: [...node.missing],
          })),
          missing: [...period.missing],
          steps: [...period.steps],
        })),
      };

/** Why, for any period. */
export const personApi = (web: WebContext) =>
  new Hono<Env>().get(
    '/subjects/:id/items/:item',
    access(...businessRoles),
    describeRoute(answers('一个人的一个事项：任何一期当时为什么，现在的数据怎么说', personItem, { one: true })),
    valid('param', z.object({ id: z.uuid(), item: z.string().max(100) })),
    valid('query', strictQuery({ ...why, period: periodKey.optional() })),
    async (c) => {
      const purpose = purposeOf(c) ?? needPurpose();
      const { id: subjectId, item: itemId } = c.req.valid('param');
      const ask = { subjectId, itemId, period: c.req.valid('query').period ?? null, scope: staffOf(c).scope };
      const found = await personPeriod(web, ask);
      if (found === null) return notFound('居民、企业或事项');
      await noteLook(web, c, purpose, { subjectId, view: 'why', itemId, facts: found.facts });
      const { item, version } = found.published;
      const { document, number = null, clause = null, url = null } = item.basis;
      return c.json({
        ...{ itemId, title: item.title, authority: item.authority, periodKind: item.period, version },
        basis: { document, number, clause, url },
        periods: found.decided.map((key) => periodKeyText(key)),
        was: toDecided(found.was),
        now: toDecided(found.now),
      });
    },
  );

/** The answer to whoever called, and what was answered before. */
export const replyApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/subjects/:id/reply',
      access(...businessRoles),
      describeRoute(answers('可以照读的答复和它的期限', drafted, { one: true })),
      valid('param', id),
      valid(
        'query',
        strictQuery({
          ...why,
          item: z.string().max(100).optional(),
          period: periodKey.optional(),
          received: day.optional().describe('收到工单的日子，默认今天'),
        }),
      ),
      async (c) => {
        const purpose = purposeOf(c) ?? needPurpose();
        const { item, period, received } = c.req.valid('query');
        const subjectId = c.req.valid('param').id;
        const { scope } = staffOf(c);
        const person = await personView(web, subjectId, scope);
        if (person === null) return notFound('居民或企业');
        const looked =
          item === undefined || period === undefined ? null : await personPeriod(web, { subjectId, itemId: item, period, scope });
        const { items, disbursements, payments } = person;
        const text = replyText({
          ...{
            name: person.subject.register === 'citizen' ? null : foundOf(person.subject).name,
            items,
            disbursements,
            payments,
            itemId: item ?? null,
          },
          period: (looked?.was ?? looked?.now)?.periods[0] ?? null,
        });
        await noteLook(web, c, purpose, { subjectId, view: 'person', facts: person.facts });
        const receivedOn = received ?? (await todayFor(web.db, c.get('now')));
        return c.json({ text, receivedOn, dueOn: replyDue(receivedOn, workingCalendar(await web.catalogue())) });
      },
    )
    .get(
      '/subjects/:id/replies',
      access(...businessRoles),
      describeRoute(answers('以前怎样答复的', listOf(given))),
      valid('param', id),
      valid('query', strictQuery(why)),
      async (c) => {
        const purpose = purposeOf(c) ?? needPurpose();
        const subjectId = c.req.valid('param').id;
        const { scope } = staffOf(c);
        if ((await subjectById(web.db, subjectId, scope)) === null) return notFound('居民或企业');
        const rows = (await repliesTo(web.db, subjectId)).filter(
          (one) => scope.items === null || (one.itemId !== null && scope.items.includes(one.itemId)),
        );
        await noteLook(web, c, purpose, { subjectId, view: 'person', facts: [] });
        return c.json({
          rows: rows.map(({ order, ordinal, itemId, text, receivedOn, dueOn, at }) => ({
            ...{ order, ordinal, itemId, text, receivedOn: receivedOn as string, dueOn: dueOn as string | null },
            at: at.toISOString(),
          })),
          next: null,
        });
      },
    );

const purposeIn = { reason: z.string().max(20).describe('查阅事由代码'), order: z.string().max(60).describe('工单号') };
const replyBody = z.strictObject({
  ...purposeIn,
  text: z.string().max(5_000),
  item: z.string().max(100).optional(),
  receivedOn: day,
  dueOn: day.nullable(),
  seen: z.number().int().min(0).max(1_000).describe('页面上这张工单已有几次答复'),
});
const humanBody = z.strictObject({
  period: periodKey,
  text: z.string().max(2_000),
  phone: z.string().max(30),
});

/** What staff do for whoever called. */
export const personActingApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/subjects/:id/replies',
      access('reviewer', 'officer', 'steward'),
      describeRoute(answers('登记已照此答复', z.object({ ordinal: z.number() }), { one: true })),
      valid('param', id),
      valid('json', replyBody),
      async (c) => {
        const body = c.req.valid('json');
        const purpose = readPurpose(body.reason, body.order) ?? needPurpose();
        const staff = staffOf(c);
        const subjectId = c.req.valid('param').id;
        if ((await subjectById(web.db, subjectId, staff.scope)) === null) return notFound('居民或企业');
        const today = await todayFor(web.db, c.get('now'));
        const actor = { id: staff.userId, role: staff.roles.join(',') };
        const { text, receivedOn, dueOn, seen } = body;
        const ask = { subjectId, itemId: body.item ?? null, purpose, text, receivedOn, dueOn, seen, actor, today, now: c.get('now') };
        return c.json({ ordinal: await transaction(web.db, (tx) => reply(tx, ask)) });
      },
    )
    .post(
      '/subjects/:id/items/:item/human',
      access('reviewer'),
      describeRoute(
        answers('代当事人请另一位工作人员重新看一期的结论；属实的，补正数据后自动补发', z.object({ made: z.string() }), { one: true }),
      ),
      valid('param', z.object({ id: z.uuid(), item: z.string().max(100) })),
      valid('json', humanBody),
      async (c) => {
        const { id: subjectId, item: itemId } = c.req.valid('param');
        const { period, text, phone } = c.req.valid('json');
        const staff = staffOf(c);
        const found = await personPeriod(web, { subjectId, itemId, period, scope: staff.scope });
        if (found === null) return notFound('居民、企业或事项');
        const told = found.was ?? found.now;
        const verdict = told?.periods.find((one) => one.periodKey === period)?.verdict;
        if (verdict === undefined) return fail('missing.object', '/period', '这一期没有可以重新看的结论。', '换一期，或先看“为什么”。');
        const own = await personView(web, subjectId, staff.scope);
        const record = own?.disbursements.find((d) => d.itemId === itemId && d.periodKey === period) ?? null;
        const act = await actOf({ db: web.db, catalogue: await web.catalogue(), at: c.get('now') }, staff, ['reviewer']);
        const about = verdict === 'eligible' ? ('amount' as const) : verdict;
        const { item, version } = found.published;
        const ask = {
          ...act,
          subject: found.subject,
          item,
          version,
          periodKey: period,
          about,
          disbursementId: record?.id ?? null,
          text,
          phone,
        };
        return c.json({ made: await transaction(web.db, (tx) => askHuman(tx, ask)) });
      },
    );
