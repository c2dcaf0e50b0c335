// Accounts, for the administrator: list, new, reset, leaver. A password is shown once, on the page that made it.
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Scope } from '../../base/scope.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import { createAccount, endAccount, resetAccount } from '../account.ts';
import type { WebContext } from '../context.ts';
import { csrfToken, problemsOf } from '../guard.ts';
import { allRoles, isRole, roles } from '../role.ts';
import { staffAccounts } from '../store.ts';
import { badge, type Html, page, problemBox, table } from '../view.ts';

const scopeText = (scope: Scope): string =>
  [
    scope.authorities === null ? '全部部门' : `部门 ${scope.authorities.join('、') || '无'}`,
    scope.divisions === null ? '全部地区' : `地区 ${scope.divisions.join('、') || '无'}`,
    scope.items === null ? '全部事项' : `事项 ${scope.items.length} 个`,
  ].join(' · ');

const listOf = (text: string): readonly string[] | null => {
  const parts = text.split(/[\s,，、]+/).filter((part) => part !== '');
  return parts.length === 0 || parts.includes('*') ? null : parts;
};

const body = async (web: WebContext, csrf: string, extra: Html | string = ''): Promise<Html> => {
  const accounts = await staffAccounts(web.db);
  return html`<h1>账号</h1><p class="lead">系统管理员管账号和岗位，不办业务；财政经办、复核、签发必须是三个人。</p>${extra}
${table(
  [
    { title: '用户名', cell: (a) => a.username },
    { title: '姓名', cell: (a) => a.name },
    { title: '岗位', cell: (a) => a.roles.map((role) => roles[role]).join('、') },
    { title: '范围', cell: (a) => scopeText(a.scope) },
    {
      title: '动态口令',
      cell: (a) => (a.twoFactor ? badge('good', '已绑定') : a.demo ? badge('plain', '演示账号免绑') : badge('open', '未绑定')),
    },
    { title: '状态', cell: (a) => (a.leftAt ? badge('bad', '已离岗') : badge('good', '在岗')) },
    {
      title: '办理',
      cell: (a) =>
        a.leftAt
          ? '—'
          : html`<form class="inline" method="post" action="/staff/accounts/${a.username}"><input type="hidden" name="csrf" value="${csrf}"><input type="text" name="reason" aria-label="原因" placeholder="原因" required style="max-width:140px"><button name="do" value="reset" class="button quiet">重置</button><button name="do" value="leave" class="button quiet">离岗</button></form>`,
    },
  ],
  accounts,
  '还没有账号。',
)}
<h2>新账号</h2>
<form method="post" action="/staff/accounts"><input type="hidden" name="csrf" value="${csrf}">
<label for="username">用户名</label><input id="username" name="username" type="text" required autocapitalize="none">
<label for="name">姓名</label><input id="name" name="name" type="text" required>
<fieldset><legend>岗位</legend>${allRoles.map((role) => html`<label><input type="checkbox" name="roles" value="${role}"> ${roles[role]}</label>`)}</fieldset>
<label for="authorities">部门（空着就是全部）</label><input id="authorities" name="authorities" type="text">
<label for="divisions">行政区划代码（空着就是全部）</label><input id="divisions" name="divisions" type="text">
<label for="items">事项编号（空着就是全部）</label><input id="items" name="items" type="text">
<p><button>新建</button></p></form>`;
};

const render = async (web: WebContext, staff: Staff, extra: Html | string = ''): Promise<Html> => {
  const csrf = csrfToken(web.secret, staff.sessionToken);
  return page({ title: '账号', staff, csrf, path: '/staff/accounts', body: await body(web, csrf, extra) });
};

const once = (username: string, password: string): Html =>
  html`<div class="note" role="status"><p>“${username}”的密码：<strong>${password}</strong></p><p>只显示这一次，请当面交给本人。首次登录后要绑定动态口令。</p></div>`;

export const accountPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/accounts', access('admin'), async (c) => c.html(await render(web, staffOf(c))))
    .post('/staff/accounts', access('admin'), async (c) => {
      const staff = staffOf(c);
      const form = await c.req.parseBody({ all: true });
      const text = (name: string) => String(form[name] ?? '').trim();
      const chosen = [form.roles ?? []].flat().map(String).filter(isRole);
      try {
        const { password } = await createAccount(
          web.auth,
          web.db,
          {
            username: text('username').toLowerCase(),
            name: text('name'),
            roles: chosen,
            scope: { authorities: listOf(text('authorities')), divisions: listOf(text('divisions')), items: listOf(text('items')) },
          },
          staff.username,
          c.get('now'),
        );
        return c.html(await render(web, staff, once(text('username'), password)));
      } catch (error) {
        return c.html(await render(web, staff, problemBox(problemsOf(error))), 400);
      }
    })
    .post('/staff/accounts/:username', access('admin'), async (c) => {
      const staff = staffOf(c);
      const username = c.req.param('username');
      const form = await c.req.parseBody();
      const reason = String(form.reason ?? '').trim();
      try {
        if (form.do === 'reset') {
          const password = await resetAccount(web.auth, web.db, username, staff.username, reason, c.get('now'));
          return c.html(await render(web, staff, once(username, password)));
        }
        await endAccount(web.db, username, staff.username, reason, c.get('now'));
        return c.redirect('/staff/accounts', 303);
      } catch (error) {
        return c.html(await render(web, staff, problemBox(problemsOf(error))), 400);
      }
    });
