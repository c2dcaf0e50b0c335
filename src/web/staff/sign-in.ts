// Sign-in, TOTP, sign-out and the one-time first-administrator page. Native forms; every answer is a page or a redirect.
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { renderSVG } from 'uqr';
import { access, type Env, staffOf } from '../access.ts';
import { redeemAdministrator, signIn } from '../account.ts';
import { addressOf } from '../address.ts';
import type { WebContext } from '../context.ts';
import { csrfToken, problemsOf } from '../guard.ts';
import { beginBinding, confirmBinding, showSecond } from '../two-factor.ts';
import { type Html, page, problemBox } from '../view.ts';

/** Only paths of our own may follow a sign-in. */
const localPath = (next: string | undefined): string => (next && /^\/(?![/\\])[^\s]*$/.test(next) ? next : '/staff');

const signInBody = (
  next: string,
  problems: readonly { message: string; hint: string }[] = [],
  demo: Html | string = '',
): Html => html`<h1>工作人员登录</h1>
${problems.length ? problemBox(problems) : ''}
<form method="post" action="/staff/sign-in">
<input type="hidden" name="next" value="${next}">
<label for="username">用户名</label><input id="username" name="username" type="text" autocomplete="username" autocapitalize="none" required>
<label for="password">密码</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<p><button>登录</button></p>
</form>
<p class="hint">30 分钟不操作会自动退出。连错 5 次锁定 15 分钟。</p>${demo}`;

const codeBody = (next: string, problems: readonly { message: string; hint: string }[] = []): Html => html`<h1>输入动态口令</h1>
${problems.length ? problemBox(problems) : ''}
<form method="post" action="/staff/sign-in/code">
<input type="hidden" name="next" value="${next}">
<label for="code">手机验证器上的六位数字，手机不在身边的填一个备用码</label><input id="code" name="code" type="text" autocomplete="one-time-code" maxlength="20" required>
<p><button>继续</button></p>
</form>`;

const signInRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/sign-in', access('public'), (c) =>
      c.get('staff')
        ? c.redirect('/staff')
        : c.html(page({ title: '登录', narrow: true, body: signInBody(localPath(c.req.query('next')), [], web.demo ? demoHint : '') })),
    )
    .post('/staff/sign-in', access('public'), async (c) => {
      const form = await c.req.parseBody();
      const next = localPath(String(form.next ?? ''));
      const result = await signIn(web.auth, web.db, {
        username: String(form.username ?? ''),
        password: String(form.password ?? ''),
        address: addressOf(c),
        headers: c.req.raw.headers,
        now: c.get('now'),
      });
      if (!result.ok) return c.html(page({ title: '登录', narrow: true, body: signInBody(next, [result.problem]) }), 401);
      for (const cookie of result.cookies) c.header('set-cookie', cookie, { append: true });
      return result.twoFactor ? c.html(page({ title: '动态口令', narrow: true, body: codeBody(next) })) : c.redirect(next, 303);
    })
    .post('/staff/sign-in/code', access('public'), async (c) => {
      const form = await c.req.parseBody();
      const next = localPath(String(form.next ?? ''));
      try {
        const code = String(form.code ?? '');
        for (const cookie of await showSecond(web, { code, headers: c.req.raw.headers, now: c.get('now') }))
          c.header('set-cookie', cookie, { append: true });
        return c.redirect(next, 303);
      } catch (error) {
        return c.html(page({ title: '动态口令', narrow: true, body: codeBody(next, problemsOf(error)) }), 401);
      }
    })
    .post('/staff/sign-out', access('staff'), async (c) => {
      const response = await web.auth.api.signOut({ headers: c.req.raw.headers, asResponse: true });
      for (const cookie of response.headers.getSetCookie()) c.header('set-cookie', cookie, { append: true });
      return c.redirect('/staff/sign-in', 303);
    });

const demoHint = html`<p class="note">这是演示数据。演示账号和密码在启动时打印过，也可以运行 <code>npm run -s zhixiang -- accounts</code> 重新设定。</p>`;

const twoFactorRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/two-factor', access('staff'), (c) => {
      const staff = staffOf(c);
      const csrf = csrfToken(web.secret, staff.sessionToken);
      const body = html`<h1>动态口令</h1>${
        staff.twoFactor
          ? html`<p>已经绑定。换手机请联系系统管理员重置。</p><p><a class="button" href="/staff">进入工作台</a></p>`
          : html`<p>登录除了密码，还要手机验证器上的六位数字。请输入密码，下一页扫码绑定。</p>
<form method="post" action="/staff/two-factor"><input type="hidden" name="csrf" value="${csrf}">
<label for="password">登录密码</label><input id="password" name="password" type="password" autocomplete="current-password" required><p><button>下一步</button></p></form>`
      }`;
      return c.html(page({ title: '动态口令', staff, csrf, path: c.req.path, narrow: true, body }));
    })
    .post('/staff/two-factor', access('staff'), async (c) => {
      const staff = staffOf(c);
      const csrf = csrfToken(web.secret, staff.sessionToken);
      const frame = { staff, csrf, narrow: true } as const;
      const password = String((await c.req.parseBody()).password ?? '');
      try {
        const { uri, secret, codes } = await beginBinding(web, staff, { password, headers: c.req.raw.headers, now: c.get('now') });
        const body = html`<h1>扫码绑定</h1><p>用手机验证器扫描，或手工输入密钥 <code>${secret}</code>。</p><div style="max-width:220px">${raw(renderSVG(uri))}</div>
<form method="post" action="/staff/two-factor/confirm"><input type="hidden" name="csrf" value="${csrf}"><label for="code">验证器上的六位数字</label><input id="code" name="code" type="text" inputmode="numeric" required><p><button>完成绑定</button></p></form>
<h2>备用码</h2><p class="hint">手机不在身边时，每个可用一次。请抄下来收好，只显示这一次。</p><pre>${codes.join('\n')}</pre>`;
        return c.html(page({ title: '扫码绑定', ...frame, body }));
      } catch (error) {
        const body = html`${problemBox(problemsOf(error))}<p><a href="/staff/two-factor">返回</a></p>`;
        return c.html(page({ title: '动态口令', ...frame, body }), 401);
      }
    })
    .post('/staff/two-factor/confirm', access('staff'), async (c) => {
      const staff = staffOf(c);
      const code = String((await c.req.parseBody()).code ?? '');
      try {
        const cookies = await confirmBinding(web, staff, { code, headers: c.req.raw.headers, now: c.get('now') });
        for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
        return c.redirect('/staff', 303);
      } catch (error) {
        const body = html`${problemBox(problemsOf(error))}<p><a class="button" href="/staff/two-factor">重新绑定</a></p>`;
        return c.html(page({ title: '动态口令', staff, narrow: true, body }), 401);
      }
    });

const setupBody = (token: string, problems: readonly { message: string; hint: string }[] = []): Html => html`<h1>设立系统管理员</h1>
${problems.length ? problemBox(problems) : ''}
<p>这个链接只能用一次。系统管理员管理账号和岗位，不能办理业务。</p>
<form method="post" action="/staff/setup">
<input type="hidden" name="token" value="${token}">
<label for="name">姓名</label><input id="name" name="name" type="text" required>
<label for="username">用户名</label><input id="username" name="username" type="text" autocomplete="username" autocapitalize="none" required>
<label for="password">密码（至少 12 位）</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required>
<p><button>设立</button></p></form>`;

const setupRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/setup', access('public'), (c) =>
      c.html(page({ title: '设立系统管理员', narrow: true, body: setupBody(c.req.query('token') ?? '') })),
    )
    .post('/staff/setup', access('public'), async (c) => {
      const form = await c.req.parseBody();
      const text = (name: string) => String(form[name] ?? '').trim();
      try {
        await redeemAdministrator(web.auth, web.db, {
          token: text('token'),
          username: text('username').toLowerCase(),
          name: text('name'),
          password: String(form.password ?? ''),
          at: c.get('now'),
        });
      } catch (error) {
        return c.html(page({ title: '设立系统管理员', narrow: true, body: setupBody(text('token'), problemsOf(error)) }), 400);
      }
      return c.redirect('/staff/sign-in', 303);
    });

export const signInPages = (web: WebContext) =>
  new Hono<Env>().route('/', signInRoutes(web)).route('/', twoFactorRoutes(web)).route('/', setupRoutes(web));
