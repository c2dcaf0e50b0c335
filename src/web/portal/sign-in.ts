// Ways in and out: the unified identity, a one-time link with the last four, the demo's people; for whom one acts, and the size of the letters.
import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { fail, ProblemError } from '../../base/problem.ts';
import { transaction } from '../../db/handle.ts';
import { openLink, redeemLink } from '../../visitor/link.ts';
import { allPowers, comeIn, leave } from '../../visitor/visitor.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { visitCookie } from '../guard.ts';
import { askAgain } from '../link-again.ts';
import { askerOf } from '../pace.ts';
import { requireFree, wrongTry } from '../tries.ts';
import { problemBox } from '../view.ts';
import { personName } from '../words.ts';
import { demoPeople } from './demo.ts';
import { portalNext, portalPage, sizeCookie, token } from './frame.ts';

const oidcCookie = 'zx_oidc';

const cookieOf = (web: WebContext) => ({ httpOnly: true, sameSite: 'Lax', path: '/', secure: web.baseUrl.startsWith('https:') }) as const;

/** A new visit under a new token; the one before, if any, is over. */
const enter = async (c: Context<Env>, web: WebContext, token: string): Promise<void> => {
  const before = c.get('visitor');
  if (before !== null) await leave(web.db, before, c.get('now'));
  setCookie(c, visitCookie, token, cookieOf(web));
};

const signInPage = async (c: Context<Env>, web: WebContext) => {
  const next = encodeURIComponent(portalNext(c.req.query('next')));
  const people = web.demo ? await demoPeople(web) : [];
  return html`<h1>登录</h1>
${
  web.identity === null
    ? html`<p>这里还没有接通统一身份认证。收到告知的，请打开告知里的链接；没有收到的，请联系户籍地村（居）委会或街道办事处。</p>`
    : html`<p><a class="button" href="/sign-in/oidc?next=${next}">用统一身份认证登录</a></p><p class="hint">个人和单位都用这一个入口，不另设密码。</p>`
}
${
  people.length === 0
    ? ''
    : html`<h2>演示</h2><p class="hint">这里是虚构的样例城市。选一位，看看他（它）会看到什么。</p>
<form method="post" action="/sign-in/demo"><input type="hidden" name="next" value="${decodeURIComponent(next)}">
<fieldset><legend>以谁的身份查看</legend>${people.map(
        (one, i) =>
          html`<label class="choice"><input type="radio" name="who" value="${one.subjectId}" ${i === 0 ? 'checked' : ''}><span>${personName(one.register, one.name)}<span class="source">${one.about}</span></span></label>`,
      )}</fieldset><p><button>进入</button></p></form>`
}
<p class="hint">二十分钟不操作会自动退出。</p>`;
};

const identityRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/sign-in', access('public'), async (c) => c.html(portalPage(c, { title: '登录', body: await signInPage(c, web) })))
    .get('/sign-in/oidc', access('public'), async (c) => {
      if (web.identity === null) return c.redirect('/sign-in');
      const { url, state } = await web.identity.begin(`${web.baseUrl}/sign-in/oidc/back`, portalNext(c.req.query('next')));
      setCookie(c, oidcCookie, state, { ...cookieOf(web), maxAge: 600 });
      return c.redirect(url, 303);
    })
    .get('/sign-in/oidc/back', access('public'), async (c) => {
      if (web.identity === null) return c.redirect('/sign-in');
      const state = getCookie(c, oidcCookie) ?? '';
      deleteCookie(c, oidcCookie, cookieOf(web));
      const { arrival, next } = await web.identity.finish(new URL(c.req.url), state);
      await enter(c, web, await transaction(web.db, (tx) => comeIn(tx, { ...arrival, now: c.get('now') })));
      return c.redirect(next, 303);
    })
    .post('/sign-in/demo', access('public'), async (c) => {
      if (!web.demo) return c.redirect('/sign-in', 303);
      const form = await c.req.parseBody();
      const one = (await demoPeople(web)).find(({ subjectId }) => subjectId === form.who);
      if (one === undefined) return c.redirect('/sign-in', 303);
      const { register, subjectId, name } = one;
      const firm = register === 'enterprise';
      const acting = { register, subjectId, as: firm ? 'legal' : 'own', powers: allPowers } as const;
      const arrival = { way: 'demo', personId: firm ? null : subjectId, personName: name, acting, now: c.get('now') } as const;
      await enter(c, web, await transaction(web.db, (tx) => comeIn(tx, arrival)));
      return c.redirect(portalNext(String(form.next ?? '')), 303);
    })
    .post('/sign-out', access('public'), async (c) => {
      const visitor = c.get('visitor');
      if (visitor !== null) await leave(web.db, visitor, c.get('now'));
      deleteCookie(c, visitCookie, cookieOf(web));
      return c.redirect('/', 303);
    });

/** Says nothing of anybody: whoever opens it may be a mail scanner, or have found a phone. */
const lastFourPage = (c: Context<Env>, problems: ProblemError['problems'] = []) => html`<h1>打开告知</h1>
${problems.length > 0 ? problemBox(problems) : ''}
<p>为了确认是您本人，请输入身份证号码的后四位。单位请输入统一社会信用代码的后四位。</p>
<form method="post" action="${c.req.path}">${token(c)}
<label for="lastFour">后四位</label><p class="hint" id="lastFour-hint">最后一位是字母的也算。</p>
<input id="lastFour" name="lastFour" type="text" autocomplete="off" maxlength="8" aria-describedby="lastFour-hint" required>
<p><button>打开</button></p>
</form>
<p class="hint">链接三天内有效，只能用一次，连错五次失效。这一页只问后四位，不会问密码、验证码和银行卡号。</p>`;

/** The same page for a link that was used, is old, has died or was never made. */
const deadPage = (c: Context<Env>, problems: ProblemError['problems']) => html`<h1>链接已失效</h1>
${problemBox(problems)}
<p>可以再要一个。新链接只发到原来那封邮件的邮箱，不用填邮箱，也改不了邮箱。</p>
<form method="post" action="${c.req.path}/again">${token(c)}<p><button>再发一个链接</button></p></form>
<p><a href="/sign-in">登录查看</a></p>`;

const askedPage = html`<h1>已经收到</h1>
<p>原来那封邮件的邮箱没有换过的，新链接几分钟内会发到那个邮箱，三天内有效。</p>
<p>十分钟内只发一次，一天最多三次。没有收到的，请登录查看，或者打告知上的电话，也可以凭查验码到办事窗口问。</p>
<p><a class="button" href="/sign-in">登录查看</a></p>`;

const isGone = (error: unknown): error is ProblemError => error instanceof ProblemError && error.problems[0]?.code === 'missing.link';

const againRoutes = (web: WebContext) =>
  new Hono<Env>().post('/l/:token/again', access('public'), async (c) => {
    const now = c.get('now');
    await requireFree(web.db, 'again', askerOf(c), now);
    await wrongTry(web.db, 'again', askerOf(c), now);
    const linkToken = c.req.param('token');
    if (!/^[\w-]{32}$/.test(linkToken)) return fail('missing.link', '', '这不是我们的链接。', '请照邮件里的链接完整打开，或登录查看。');
    await askAgain(web, linkToken, now);
    c.header('cache-control', 'no-store');
    return c.html(portalPage(c, { title: '再发一个链接', body: askedPage }));
  });

const linkRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/l/:token', access('public'), async (c) => {
      await requireFree(web.db, 'link', askerOf(c), c.get('now'));
      c.header('cache-control', 'no-store');
      c.header('referrer-policy', 'no-referrer');
      try {
        await openLink(web.db, c.req.param('token'), c.get('now'));
      } catch (error) {
        await wrongTry(web.db, 'link', askerOf(c), c.get('now'));
        if (!isGone(error)) throw error;
        return c.html(portalPage(c, { title: '链接已失效', body: deadPage(c, error.problems) }), 404);
      }
      return c.html(portalPage(c, { title: '打开告知', body: lastFourPage(c) }));
    })
    .post('/l/:token', access('public'), async (c) => {
      await requireFree(web.db, 'link', askerOf(c), c.get('now'));
      const form = await c.req.parseBody();
      try {
        const { visit, noticeId } = await redeemLink(web.db, c.req.param('token'), String(form.lastFour ?? ''), c.get('now'));
        await enter(c, web, visit);
        return c.redirect(`/my/notices/${noticeId}`, 303);
      } catch (error) {
        await wrongTry(web.db, 'link', askerOf(c), c.get('now'));
        if (isGone(error)) return c.html(portalPage(c, { title: '链接已失效', body: deadPage(c, error.problems) }), 404);
        if (!(error instanceof ProblemError) || error.problems[0]?.code !== 'auth.last-four') throw error;
        return c.html(portalPage(c, { title: '打开告知', body: lastFourPage(c, error.problems) }), 401);
      }
    });

const sizeRoutes = () =>
  new Hono<Env>().get('/size', access('public'), (c) => {
    const large = c.req.query('to') === 'large';
    setCookie(c, sizeCookie, large ? 'large' : 'usual', { path: '/', sameSite: 'Lax', httpOnly: true, maxAge: 31_536_000 });
    const next = c.req.query('next') ?? '/';
    return c.redirect(/^\/(?![/\\])[^\s]*$/.test(next) ? next : '/', 303);
  });

export const signInPages = (web: WebContext) =>
  new Hono<Env>().route('/', identityRoutes(web)).route('/', linkRoutes(web)).route('/', againRoutes(web)).route('/', sizeRoutes());
