// One subject over the API: found by number or name with a purpose, and the view of everything within the caller's scope.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { maskText } from '../../base/codes.ts';
import { needPurpose } from '../../consult/consult.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { noteLook, purposeOf } from '../look.ts';
import { foundOf, personView, searchPeople } from '../people.ts';
import { businessRoles } from '../role.ts';
import { answers, notFound, valid } from './answer.ts';

const found = z.object({
  subjectId: z.string(),
  register: z.string(),
  name: z.string(),
  key: z.string().describe('只留后四位'),
  division: z.string().nullable(),
});
const view = z.object({
  subject: found,
  items: z.array(
    z.object({
      itemId: z.string(),
      title: z.string(),
      periodKey: z.string(),
      verdict: z.enum(['eligible', 'ineligible', 'undetermined']),
      amountFen: z.string().nullable(),
      matchId: z.string().nullable(),
      reason: z.string().nullable().describe('没有匹配结果可看时：哪条不满足，或缺什么'),
    }),
  ),
  matches: z.array(
    z.object({ id: z.string(), itemId: z.string(), periodKey: z.string(), kind: z.string(), verdict: z.string(), current: z.boolean() }),
  ),
  disbursements: z.array(z.object({ id: z.string(), itemId: z.string(), periodKey: z.string(), amountFen: z.string(), state: z.string() })),
  notices: z.array(z.object({ id: z.string(), itemId: z.string(), subject: z.string(), state: z.string(), createdAt: z.string() })),
});

export const subjectApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/subjects/search',
      access(...businessRoles),
      describeRoute(answers('按号码、收款账号或姓名查一人', z.object({ rows: z.array(found), more: z.boolean() }))),
      valid('json', z.strictObject({ who: z.string().min(2).max(100), purpose: z.string().min(2).max(200).describe('查询事由，会留痕') })),
      async (c) => {
        const { rows, more } = await searchPeople(web, staffOf(c), c.req.valid('json'), c.get('now'));
        return c.json({ rows: [...rows], more });
      },
    )
    .get(
      '/subjects/:id',
      access(...businessRoles),
      describeRoute(answers('一个人的全部事项', view, { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      valid(
        'query',
        z.strictObject({
          reason: z.string().optional().describe('查阅事由代码，必填'),
          order: z.string().optional().describe('工单号，必填'),
        }),
      ),
      async (c) => {
        const purpose = purposeOf(c) ?? needPurpose();
        const person = await personView(web, c.req.valid('param').id, staffOf(c).scope);
        if (person === null) return notFound('居民或企业');
        await noteLook(web, c, purpose, { subjectId: person.subject.subjectId, view: 'person', facts: person.facts });
        return c.json({
          subject: foundOf(person.subject),
          items: person.items.map(({ published, answer, reason }) => ({
            itemId: published.itemId,
            title: published.item.title,
            periodKey: maskText(answer.periodKey),
            verdict: answer.verdict,
            amountFen: answer.amountFen === null ? null : String(answer.amountFen),
            matchId: answer.matchId,
            reason,
          })),
          matches: person.matches.map(({ id, itemId, periodKey, kind, verdict, current }) => ({
            id,
            itemId,
            periodKey: maskText(periodKey),
            kind,
            verdict,
            current,
          })),
          disbursements: person.disbursements.map((d) => ({
            id: d.id,
            itemId: d.itemId,
            periodKey: maskText(d.periodKey),
            amountFen: String(d.amountFen),
            state: d.state,
          })),
          notices: person.notices.map(({ id, itemId, subject, state, createdAt }) => ({
            id,
            itemId,
            subject,
            state,
            createdAt: createdAt.toISOString(),
          })),
        });
      },
    );
