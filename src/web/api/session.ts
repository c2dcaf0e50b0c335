// Signing in and out over the API, and who I am. The same lock-out as the page.
import { type Context, Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { fail, ProblemError } from '../../base/problem.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import { signIn } from '../account.ts';
import { addressOf } from '../address.ts';
import { idleMs } from '../auth.ts';
import type { WebContext } from '../context.ts';
import { allRoles, type Role } from '../role.ts';
import { stepUp } from '../step-up.ts';
import { answers, valid } from './answer.ts';

const me = z.object({
  username: z.string(),
  name: z.string(),
  roles: z.array(z.enum(allRoles as readonly [Role, ...Role[]])),
  scope: z.object({
    authorities: z.array(z.string()).nullable(),
    divisions: z.array(z.string()).nullable(),
    items: z.array(z.string()).nullable(),
  }),
  today: z.string().describe('业务日期'),
  idleMinutes: z.number().describe('多少分钟不操作自动退出'),
  demo: z.boolean().describe('示例城市在这个库里'),
});

/** Cookies better-auth sets go out with our answer. */
const passCookies = (c: Context<Env>, from: Response): void => {
  for (const cookie of from.headers.getSetCookie()) c.header('set-cookie', cookie, { append: true });
};

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
      '/session/code',
      access('public'),
      describeRoute(answers('登录的第二步：动态口令', z.object({ signedIn: z.boolean() }))),
      valid('json', z.strictObject({ code: z.string().max(20) })),
      async (c) => {
        const code = c.req.valid('json').code.replaceAll(/\s/g, '');
        const response = await web.auth.api.verifyTOTP({ body: { code }, headers: c.req.raw.headers, asResponse: true });
        passCookies(c, response);
        if (!response.ok) fail('auth.code', '/code', '动态口令不对或已过期。', '请输入验证器上当前的六位数字；超过 10 分钟请重新登录。');
        return c.json({ signedIn: true });
      },
    )
    .post('/session/sign-out', access('staff'), describeRoute(answers('退出', z.object({ signedIn: z.boolean() }))), async (c) => {
      passCookies(c, await web.auth.api.signOut({ headers: c.req.raw.headers, asResponse: true }));
      return c.json({ signedIn: false });
    })
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
    .get('/session', access('staff'), describeRoute(answers('我是谁', me)), async (c) => {
      const { username, name, roles, scope } = staffOf(c);
      const today = (await todayFor(web.db, c.get('now'))) as string;
      return c.json({ username, name, roles: [...roles], scope, today, idleMinutes: idleMs / 60_000, demo: web.demo });
    });
