// One subject over the API: found by number or name with a purpose, and the view of everything within the caller's scope.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { maskAccount } from '../../base/codes.ts';
import { needPurpose, readPurpose } from '../../consult/consult.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { states } from '../../disbursement/states.ts';
import { divisionName } from '../../record/lookup.ts';
import { access, type Env, staffOf } from '../access.ts';
import { moneyText } from '../call-reply.ts';
import type { WebContext } from '../context.ts';
import { noteLook, purposeOf } from '../look.ts';
import { foundOf, type PersonView, personView, searchPeople } from '../people.ts';
import { businessRoles } from '../role.ts';
import { periodKeyText } from '../words.ts';
import { answers, notFound, valid } from './answer.ts';
import { missing } from './matches.ts';

/** Why: in words of one's own, or a reason's code with the work order. */
const searchBody = z.strictObject({
  who: z.string().min(2).max(100),
  purpose: z.string().max(200).optional().describe('查询事由，会留痕；或写 reason 和 order'),
  reason: z.string().max(20).optional().describe('查阅事由代码'),
  order: z.string().max(60).optional().describe('工单号'),
});
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
      reason: z.string().nullable().describe('不是符合时：哪条不满足，或缺什么'),
      authority: z.string(),
      missing: z.array(missing).describe('缺什么，该谁提供'),
    }),
  ),
  matches: z.array(
    z.object({ id: z.string(), itemId: z.string(), periodKey: z.string(), kind: z.string(), verdict: z.string(), current: z.boolean() }),
  ),
  disbursements: z.array(
    z.object({
      id: z.string(),
      itemId: z.string(),
      periodKey: z.string(),
      amountFen: z.string(),
      state: z.string(),
      text: z.string().describe('状态'),
      stands: z.string().describe('钱在哪里，下一步该谁'),
      group: z.enum(['open', 'waits', 'bank', 'over']),
      account: z.string().nullable().describe('后四位'),
      gaps: z.array(z.string()),
      dueOn: z.string().nullable(),
      stops: z.boolean().describe('停发处理，没有金额'),
      batchNumber: z.string().nullable(),
      matchId: z.string(),
    }),
  ),
  objections: z.array(
    z.object({
      id: z.string(),
      itemId: z.string(),
      periodKey: z.string().nullable(),
      state: z.string(),
      filedAt: z.string(),
      dueOn: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  place: z.string().nullable().describe('地区'),
  notices: z.array(z.object({ id: z.string(), itemId: z.string(), subject: z.string(), state: z.string(), createdAt: z.string() })),
});

const moneyRow = (d: Disbursement, { payments }: PersonView) => ({
  ...{
    id: d.id,
    itemId: d.itemId,
    periodKey: periodKeyText(d.periodKey),
    amountFen: String(d.amountFen),
    state: d.state,
    matchId: d.matchId,
  },
  ...{ text: states[d.state].text, stands: moneyText(d, payments), group: states[d.state].group },
  ...{ gaps: [...d.gaps], dueOn: d.dueOn, stops: d.lineId === null },
  account: d.account === null ? null : maskAccount(d.account).slice(-4),
  batchNumber: payments.find((one) => one.disbursementId === d.id && !one.replaced)?.batchNumber ?? null,
});

const placeOf = async (web: WebContext, { subject: { division } }: PersonView): Promise<string | null> =>
  division === null ? null : divisionName(await web.catalogue(), division);

export const subjectApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/subjects/search',
      access(...businessRoles),
      describeRoute(answers('按号码、收款账号或姓名查一人', z.object({ rows: z.array(found), more: z.boolean() }))),
      valid('json', searchBody),
      async (c) => {
        const { who, purpose = '', reason, order } = c.req.valid('json');
        const ask = { who, purpose: readPurpose(reason, order) ?? purpose };
        const { rows, more } = await searchPeople(web, staffOf(c), ask, c.get('now'));
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
          items: person.items.map(({ published, answer, reason, missing }) => ({
            itemId: published.itemId,
            title: published.item.title,
            periodKey: periodKeyText(answer.periodKey),
            verdict: answer.verdict,
            amountFen: answer.amountFen === null ? null : String(answer.amountFen),
            matchId: answer.matchId,
            reason,
            authority: published.item.authority,
            missing: [...missing],
          })),
          matches: person.matches.map(({ id, itemId, periodKey, kind, verdict, current }) => ({
            id,
            itemId,
            periodKey: periodKeyText(periodKey),
            kind,
            verdict,
            current,
          })),
          disbursements: person.disbursements.map((d) => moneyRow(d, person)),
          objections: person.objections.map(({ id, itemId, periodKey, state, filedAt, dueOn, reason: said }) => ({
            ...{
              id,
              itemId,
              periodKey: periodKey === null ? null : periodKeyText(periodKey),
              state,
              dueOn: dueOn as string | null,
              reason: said,
            },
            filedAt: filedAt.toISOString(),
          })),
          place: await placeOf(web, person),
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
