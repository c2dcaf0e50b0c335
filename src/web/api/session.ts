// Signing in and out over the API, and who I am. The same lock-out as the page.
import { type Context, Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { ProblemError } from '../../base/problem.ts';
import { divisionName } from '../../record/lookup.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import { signIn } from '../account.ts';
import { addressOf } from '../address.ts';
import { idleMs } from '../auth.ts';
import { actsSince } from '../change-store.ts';
import type { WebContext } from '../context.ts';
import { allRoles, type Role } from '../role.ts';
import { stepUp } from '../step-up.ts';
import { beginBinding, confirmBinding, showSecond } from '../two-factor.ts';
import { answers, listOf, valid } from './answer.ts';

const me = z.object({
  username: z.string(),
  name: z.string(),
  roles: z.array(z.enum(allRoles as readonly [Role, ...Role[]])),
  scope: z.object({
    authorities: z.array(z.string()).nullable(),
    divisions: z.array(z.string()).nullable(),
    items: z.array(z.string()).nullable(),
  }),
  places: z.array(z.string()).nullable().describe('范围里的区划，按名称；空：全部'),
  today: z.string().describe('业务日期'),
  idleMinutes: z.number().describe('多少分钟不操作自动退出'),
  demo: z.boolean().describe('示例城市在这个库里'),
});

const act = z.object({ at: z.string(), action: z.string() });

/** Cookies better-auth sets go out with our answer. */
const setCookies = (c: Context<Env>, cookies: readonly string[]): void => {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
};

export const sessionApi = (web: WebContext) => {
  const named = async (codes: readonly string[]): Promise<string[]> => {
    if (codes.length === 0) return [];
    const catalogue = await web.catalogue();
    return codes.map((code) => divisionName(catalogue, code));
  };
  return new Hono<Env>()
    .post(
      '/session',
      access('public'),
      describeRoute(answers('登录', z.object({ twoFactor: z.boolean() }))),
      valid('json', z.object({ username: z.string().max(64), password: z.string().max(256) })),
      async (c) => {
        const input = c.req.valid('json');
        const result = await signIn(web.auth, web.db, { ...input, address: addressOf(c), headers: c.req.raw.headers, now: c.get('now') });
        if (!result.ok) throw new ProblemError([result.problem]);
        setCookies(c, result.cookies);
        return c.json({ twoFactor: result.twoFactor });
      },
    )
    .post(
      '/session/code',
      access('public'),
      describeRoute(answers('登录的第二步：动态口令，或一个备用码', z.object({ signedIn: z.boolean() }))),
      valid('json', z.strictObject({ code: z.string().max(20) })),
      async (c) => {
        const { code } = c.req.valid('json');
        setCookies(c, await showSecond(web, { code, headers: c.req.raw.headers, now: c.get('now') }));
        return c.json({ signedIn: true });
      },
    )
    .post('/session/sign-out', access('staff'), describeRoute(answers('退出', z.object({ signedIn: z.boolean() }))), async (c) => {
      const response = await web.auth.api.signOut({ headers: c.req.raw.headers, asResponse: true });
      setCookies(c, response.headers.getSetCookie());
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
    .get(
      '/session/acts',
      access('staff'),
      describeRoute(answers('我刚才办成了什么：给没有收到回答的人看，没有内容', listOf(act))),
      valid('query', z.object({ seconds: z.coerce.number().int().min(1).max(3600) })),
      async (c) => {
        const since = new Date(c.get('now').getTime() - c.req.valid('query').seconds * 1000);
        const { userId, username } = staffOf(c);
        const rows = await actsSince(web.db, [userId, username], since);
        return c.json({ rows: rows.map(({ at, action }) => ({ at: at.toISOString(), action })), next: null });
      },
    )
    .get('/session', access('staff'), describeRoute(answers('我是谁', me)), async (c) => {
      const { username, name, roles, scope } = staffOf(c);
      const today = (await todayFor(web.db, c.get('now'))) as string;
      const places = scope.divisions === null ? null : await named(scope.divisions);
      return c.json({ username, name, roles: [...roles], scope, places, today, idleMinutes: idleMs / 60_000, demo: web.demo });
    });
};

/** Binding the second factor: whoever has none yet gets no further than here. */
export const bindingApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/session/two-factor',
      access('staff'),
      describeRoute(
        answers('开始绑定动态口令；密钥和备用码只给这一次', z.object({ uri: z.string(), secret: z.string(), codes: z.array(z.string()) })),
      ),
      valid('json', z.strictObject({ password: z.string().max(256) })),
      async (c) => {
        const { password } = c.req.valid('json');
        const begun = await beginBinding(web, staffOf(c), { password, headers: c.req.raw.headers, now: c.get('now') });
        return c.json({ ...begun, codes: [...begun.codes] });
      },
    )
    .post(
      '/session/two-factor/confirm',
      access('staff'),
      describeRoute(answers('完成绑定', z.object({ bound: z.boolean() }))),
      valid('json', z.strictObject({ code: z.string().max(20) })),
      async (c) => {
        const { code } = c.req.valid('json');
        setCookies(c, await confirmBinding(web, staffOf(c), { code, headers: c.req.raw.headers, now: c.get('now') }));
        return c.json({ bound: true });
      },
    );
