// Before any handler: which clock, who is signed in, does this form come from our own page. And after: problems as answers.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { html } from 'hono/html';
import { HTTPException } from 'hono/http-exception';
import { fail, type Problem, ProblemError, problem, statusOf } from '../base/problem.ts';
import type { Db } from '../db/handle.ts';
import { type DeliveryToken, deliveryToken } from '../record/upload-store.ts';
import { visitorOf } from '../visitor/visitor.ts';
import type { Env, Staff } from './access.ts';
import { type Auth, absoluteMs, tokenHash } from './auth.ts';
import { portalPage, signInTo } from './portal/frame.ts';
import { staffAccount } from './store.ts';
import { page, problemBox } from './view.ts';

/** The portal's own: staff and visitors never share a session. */
export const visitCookie = 'zx_visit';

export interface GuardContext {
  readonly auth: Auth;
  readonly db: Db;
  readonly secret: string;
  readonly now: () => Date;
}

/** Puts the clock and the signed-in member of staff (or null) into the context; ends sessions older than eight hours. */
export const identify = (guard: GuardContext) =>
  createMiddleware<Env>(async (c, next) => {
    const now = guard.now();
    c.set('now', now);
    c.set('token', await tokenOfRequest(guard, c, now));
    c.set('staff', c.req.header('cookie')?.includes('zhixiang.') ? await staffOfRequest(guard, c, now) : null);
    const visit = getCookie(c, visitCookie);
    const visitor = visit === undefined ? null : await visitorOf(guard.db, visit, now);
    c.set('visitor', visitor);
    c.set('formToken', visitor === null ? null : csrfToken(guard.secret, visitor.token));
    await next();
  });

/** A bearer token that does not count is refused here: silence would send the program looking elsewhere. */
const tokenOfRequest = async (guard: GuardContext, c: Context<Env>, now: Date): Promise<DeliveryToken | null> => {
  const [, token] = /^Bearer (\S{20,200})$/.exec(c.req.header('authorization') ?? '') ?? [];
  if (token === undefined) return null;
  return (
    (await deliveryToken(guard.db, tokenHash(token), now)) ??
    fail('auth.token', '', '这个交付令牌不存在、已过期或已吊销。', '请向数据管理员申请新的令牌。')
  );
};

const staffOfRequest = async (guard: GuardContext, c: Context<Env>, now: Date): Promise<Staff | null> => {
  const found = await guard.auth.api.getSession({ headers: c.req.raw.headers, asResponse: true });
  for (const cookie of found.headers.getSetCookie()) c.header('set-cookie', cookie, { append: true });
  const session = (await found.json()) as { session: { id: string; token: string; createdAt: string; userId: string } } | null;
  if (!session?.session) return null;
  if (now.getTime() - new Date(session.session.createdAt).getTime() > absoluteMs) {
    await (await guard.auth.$context).internalAdapter.deleteSession(session.session.token);
    return null;
  }
  const account = await staffAccount(guard.db, session.session.userId);
  return account && { ...account, sessionToken: session.session.token, sessionId: session.session.id };
};

/** A form token bound to the session; without a session, to nothing but our secret (sign-in is protected by Origin alone). */
export const csrfToken = (secret: string, sessionToken: string | undefined): string =>
  createHmac('sha256', secret)
    .update(`csrf:${sessionToken ?? 'none'}`)
    .digest('base64url');

/** Another machine posts here and signs what it says; no cookie and no token counts for anything there. */
export const receiptsPath = '/hooks/receipts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

const sameSite = (c: Context<Env>): boolean => {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = c.req.header('origin');
  return origin === undefined ? false : hostOf(origin) === c.req.header('host');
};
const hostOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).host : null);

/** Refuses a changing request that another site made the browser send: Sec-Fetch-Site or Origin must be ours, and a form carries the session's token. */
export const sameOrigin = (secret: string) =>
  createMiddleware<Env>(async (c, next) => {
    // A browser never sends a bearer token by itself, so whoever shows one was not made to by another site.
    if (c.req.path === receiptsPath) return next();
    if (!safeMethods.has(c.req.method) && (c.get('token') === null || c.get('staff') !== null)) {
      if (!sameSite(c)) fail('scope.cross-site', '', '这个请求不是从本网站的页面发出的，没有执行。', '请回到本网站的页面重新操作。');
      const staff = c.get('staff');
      const type = c.req.header('content-type') ?? '';
      // Neither of the two can be sent by a form.
      const session = c.req.path.startsWith('/staff') || c.req.path.startsWith('/api') ? staff?.sessionToken : c.get('visitor')?.token;
      if (session !== undefined && !type.startsWith('application/json') && type !== 'application/octet-stream') {
        const given = String((await c.req.parseBody()).csrf ?? '');
        const wanted = csrfToken(secret, session);
        const equal = given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
        if (!equal) fail('scope.stale-form', '', '页面放得太久了，没有提交。', '请刷新页面后再提交一次。');
      }
    }
    await next();
  });

const wantsHtml = (c: Context<Env>): boolean => !c.req.path.startsWith('/api/') && (c.req.header('accept') ?? '').includes('text/html');

/** Instead of words for colleagues. */
const forPeople = '请过几分钟再试；一直这样，请打告知上的电话，或到办事窗口办理，不会耽误您的事。';

/** The one answer to anything that went wrong: problem JSON for the API, a page for people; 401 leads people to sign in. */
export const answerProblems = (c: Context<Env>, problems: readonly Problem[]): Response | Promise<Response> => {
  const status = statusOf(problems[0]?.code ?? 'internal.unknown');
  if (!wantsHtml(c))
    return c.body(JSON.stringify({ problems }), status as 400, { 'content-type': 'application/problem+json; charset=utf-8' });
  if (problems[0]?.code === 'auth.two-factor') return c.redirect('/staff/two-factor');
  const ofStaff = c.req.path.startsWith('/staff');
  if (status === 401 && c.req.method === 'GET' && problems[0]?.code === 'auth.sign-in')
    return c.redirect(`${ofStaff ? '/staff' : ''}/sign-in?next=${encodeURIComponent(c.req.path)}`);
  if (!ofStaff) {
    const visitor = c.get('visitor');
    // A link proves less than a sign-in; what it may not do, whoever follows it may do after one.
    const signIn = problems[0]?.code === 'scope.power' && visitor?.way === 'link' && c.req.method === 'GET';
    const told = problems.map((one) => (one.code === 'internal.unexpected' ? { ...one, hint: forPeople } : one));
    const body = html`<h1>没有办成</h1>${problemBox(told)}${signIn ? html`<p><a class="button" href="${signInTo(c.req.path)}">去登录</a></p>` : ''}<p><a class="button quiet" href="${visitor ? '/my' : '/'}">回到首页</a></p>`;
    return c.html(portalPage(c, { title: '没有办成', body }), status as 400);
  }
  const staff = c.get('staff');
  const body = html`<h1>没有办成</h1>${problemBox(problems)}<p><a class="button quiet" href="${staff ? '/staff' : '/'}">回到首页</a></p>`;
  return c.html(page({ title: '没有办成', staff, narrow: true, body }), status as 400);
};

/** Turns what was thrown into problems; anything unforeseen is logged by the caller and answered without its text. */
export const problemsOf = (error: unknown): readonly Problem[] =>
  error instanceof ProblemError
    ? error.problems
    : error instanceof HTTPException && error.status < 500
      ? [problem('input.body', '', '提交的内容读不懂，没有执行。', '接口要 JSON，按 /openapi.json 里的说明填写。')]
      : [problem('internal.unexpected', '', '出了意料之外的错，这次操作没有生效。', '请稍后再试；一直这样请联系系统管理员。')];
