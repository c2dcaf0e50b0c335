// One subject seen whole over the API, a request of its own: posted, because nothing of it belongs into an address.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { needPurpose, readPurpose } from '../../consult/consult.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { unmask } from '../unmask.ts';
import { answers, notFound, valid } from './answer.ts';

const whole = z.object({
  subjectId: z.string(),
  register: z.string(),
  number: z.string().optional().describe('岗位和事由不允许看的项不在里面'),
  name: z.string().nullable().optional(),
  facts: z.array(
    z.object({
      fact: z.string(),
      label: z.string(),
      value: z.string(),
      department: z.string(),
      title: z.string(),
      asOf: z.string().nullable(),
    }),
  ),
});

export const unmaskApi = (web: WebContext) =>
  new Hono<Env>().post(
    '/subjects/:id/unmask',
    access(...businessRoles),
    describeRoute(answers('未遮盖的号码、姓名、联系方式和账号：按岗位和事由给出，单独留痕', whole, { one: true })),
    valid('param', z.object({ id: z.uuid() })),
    valid('json', z.strictObject({ reason: z.string().max(20).describe('查阅事由代码'), order: z.string().max(60).describe('工单号') })),
    async (c) => {
      const { reason, order } = c.req.valid('json');
      const purpose = readPurpose(reason, order) ?? needPurpose();
      const ask = { who: staffOf(c), subjectId: c.req.valid('param').id, purpose, at: c.get('now') };
      const found = await unmask(web.db, await web.catalogue(), ask);
      if (found === null) return notFound('居民或企业');
      c.header('cache-control', 'no-store');
      return c.json({ ...found, facts: [...found.facts] });
    },
  );
