// One subject's facts over the API: what is, or was on any past day, known of it, and how one fact's value changed. With a purpose, and written down.
import type { Context } from 'hono';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { type Day, parseDay } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import type { Scope } from '../../base/scope.ts';
import { needPurpose } from '../../consult/consult.ts';
import { type Subject, subjectById } from '../../record/view-store.ts';
import { factHistory } from '../../snapshot/history.ts';
import { factsKnown, type KnownAt } from '../../snapshot/known.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { factNamed, shownFact } from '../facts.ts';
import { noteLook, purposeOf } from '../look.ts';
import { businessRoles } from '../role.ts';
import { answers, notFound, strictQuery, valid } from './answer.ts';

const reason = z.enum(['undelivered', 'stale', 'empty', 'conflict']).or(z.string());
const value = {
  value: z.unknown().describe('遮去号码；hidden 不为空时不显示'),
  hidden: z.enum(['banded', 'sensitive']).nullable(),
  dataset: z.string().nullable(),
  asOf: z.string().nullable(),
  delivery: z.string().nullable(),
  arrived: z.string().nullable(),
};
const fact = z.object({
  fact: z.string(),
  label: z.string(),
  state: z.enum(['value', 'none', 'unknown']),
  ...value,
  from: z.string().nullable(),
  to: z.string().nullable(),
  reason: reason.nullable(),
  doubts: z
    .array(z.object({ kind: z.enum(['delivery', 'attested', 'aged']), dataset: z.string(), asOf: z.string(), at: z.string().nullable() }))
    .describe('作答的快照之后、所问那天之前来的，可能改变了这个值；空：答案就是当时所知'),
});
const known = z.object({
  subjectId: z.string(),
  register: z.string(),
  on: z.string(),
  knownAt: z.string().describe('作答的快照是哪一天的'),
  snapshot: z.string().nullable(),
  between: z
    .object({
      asked: z.string(),
      sealedAt: z.string(),
      sure: z.boolean(),
      next: z.object({ id: z.string(), knownAt: z.string() }).nullable(),
    })
    .nullable(),
  facts: z.array(fact),
});
const state = z.object({
  snapshot: z.string(),
  knownFrom: z.string(),
  knownTo: z.string(),
  replacedOn: z.string().nullable(),
  missing: z.object({ reason, dataset: z.string().nullable(), asOf: z.string().nullable() }).nullable(),
  values: z.array(z.object({ ...value, from: z.string().nullable(), to: z.string().nullable() })),
});
const history = z.object({
  subjectId: z.string(),
  fact: z.string(),
  label: z.string(),
  complete: z.boolean(),
  states: z.array(state).describe('新的在前'),
});

const day = z
  .string()
  .refine((text) => parseDay(text) !== null, '须为日期，写作 2026-04-15')
  .transform((text) => text as Day);
const why = { reason: z.string().optional().describe('查阅事由代码，必填'), order: z.string().optional().describe('工单号，必填') };
const id = z.object({ id: z.uuid() });

const subjectFor = async (web: WebContext, c: Context<Env>, subjectId: string, scope: Scope): Promise<Subject> => {
  if (purposeOf(c) === null) needPurpose();
  return (await subjectById(web.db, subjectId, scope)) ?? notFound('居民或企业');
};

const look = async (web: WebContext, c: Context<Env>, subjectId: string, facts: readonly string[]): Promise<void> =>
  noteLook(web, c, purposeOf(c) ?? needPurpose(), { subjectId, view: 'facts', facts });

export const factApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/subjects/:id/facts',
      access(...businessRoles),
      describeRoute(answers('一个人的指标，按任何一天所知', known, { one: true })),
      valid('param', id),
      valid('query', strictQuery({ ...why, on: day.optional(), knownAt: day.optional(), fact: z.string().max(400).optional() })),
      async (c) => {
        const { scope, roles } = staffOf(c);
        const asked = c.req.valid('query');
        const subject = await subjectFor(web, c, c.req.valid('param').id, scope);
        const { register, key, ordinal, subjectId } = subject;
        const catalogue = await web.catalogue();
        const names = asked.fact?.split(',').filter((name) => name !== '');
        const chosen = names?.map(
          (name) =>
            factNamed(catalogue, register, name)?.key ?? fail('input.value', '/fact', '没有这个指标。', '写指标的编号或中文名，逗号分开。'),
        );
        const knownAt: KnownAt =
          asked.knownAt === undefined ? { kind: 'now', day: await todayFor(web.db, c.get('now')) } : { kind: 'day', day: asked.knownAt };
        const found = await factsKnown(web.db, catalogue, { register, key, ordinal, on: asked.on ?? null, knownAt });
        if (found === null)
          return fail('missing.snapshot', '/knownAt', '那时还没有封存过快照，或者快照里还没有这个对象。', '换一个晚些的日子。');
        const facts = found.facts.filter((one) => chosen?.includes(one.fact) ?? one.reason !== 'undelivered');
        await look(web, c, subjectId, facts.map((one) => one.fact).sort());
        return c.json({
          subjectId,
          register,
          on: asked.on ?? found.between?.asked ?? found.knownAt,
          knownAt: found.knownAt,
          snapshot: found.snapshotId,
          between: found.between === null ? null : { ...found.between, sealedAt: found.between.sealedAt.toISOString() },
          facts: facts.map(({ doubts, arrived, from = null, to = null, ...one }) => ({
            ...one,
            ...shownFact(factNamed(catalogue, register, one.fact), one.value, roles),
            from,
            to,
            arrived: arrived?.toISOString() ?? null,
            doubts: doubts.map(({ at, ...doubt }) => ({ ...doubt, at: at?.toISOString() ?? null })),
          })),
        });
      },
    )
    .get(
      '/subjects/:id/facts/:fact',
      access(...businessRoles),
      describeRoute(answers('一个指标历来的说法：值、起止、来源、交付、何时所知', history, { one: true })),
      valid('param', id.extend({ fact: z.string().max(80) })),
      valid('query', strictQuery(why)),
      async (c) => {
        const { scope, roles } = staffOf(c);
        const subject = await subjectFor(web, c, c.req.valid('param').id, scope);
        const { register, ordinal, division, subjectId } = subject;
        const catalogue = await web.catalogue();
        const one = factNamed(catalogue, register, c.req.valid('param').fact) ?? notFound('指标');
        const found = await factHistory(web.db, catalogue, { register, ordinal, division, fact: one });
        await look(web, c, subjectId, [one.key]);
        return c.json({
          ...{ subjectId, fact: one.key, label: one.label, complete: found.complete },
          states: found.states.map(({ snapshotId, values, missing, knownFrom, knownTo, replacedOn }) => ({
            ...{ snapshot: snapshotId, knownFrom, knownTo, replacedOn, missing },
            values: values.map(({ arrived, ...told }) => ({
              ...{ ...told, ...shownFact(one, told.value, roles), arrived: arrived?.toISOString() ?? null },
            })),
          })),
        });
      },
    );
