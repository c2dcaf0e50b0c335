// Signing in and out over the API, and who I am. The same lock-out as the page.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { ProblemError } from '../../base/problem.ts';
import { access, type Env, staffOf } from '../access.ts';
import { signIn } from '../account.ts';
import { addressOf } from '../address.ts';
import type { WebContext } from '../context.ts';
import { stepUp } from '../step-up.ts';
import { answers, valid } from './answer.ts';

const me = z.object({
  username: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  scope: z.object({
    authorities: z.array(z.string()).nullable(),
    divisions: z.array(z.string()).nullable(),
    items: z.array(z.string()).nullable(),
  }),
});

export const sessionApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/session',
      access('public'),
      describeRoute(answers('登录', z.object({ twoFactor: z.boolean() }))),
      valid('json', z.object({ username: z.string().max(64), password: z.string().max(256) })),
      async (c) => {
        const input = c.req.valid('json');
        const result = await signIn(web.auth, web.db, { ...input, address: addressOf(c), headers: c.req.raw.headers, now: c.get('now') });
        if (!result.ok) throw new ProblemError([result.problem]);
        for (const cookie of result.cookies) c.header('set-cookie', cookie, { append: true });
        return c.json({ twoFactor: result.twoFactor });
      },
    )
    .post(
      '/session/step-up',
      access('staff'),
      describeRoute(answers('当场验证动态口令，之后几分钟内可以复核、签发', z.object({ until: z.string() }))),
      valid('json', z.strictObject({ code: z.string().max(20) })),
      async (c) => {
        const until = await stepUp(web.auth, web.db, staffOf(c), c.req.valid('json').code, c.get('now'));
        return c.json({ until: until.toISOString() });
      },
    )
    .get('/session', access('staff'), describeRoute(answers('我是谁', me)), (c) => {
      const staff = staffOf(c);
      return c.json({ username: staff.username, name: staff.name, roles: [...staff.roles], scope: staff.scope });
    });
