// 告知文本: how a kind of notice reads to a real recipient of an item before it goes out, and how each office is named and reached in every notice.
import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { officesOf } from '../../notice/around-store.ts';
import type { Office } from '../../notice/field.ts';
import { templateNames } from '../../notice/notice.ts';
import type { Preview } from '../../notice/preview.ts';
import type { TemplateName } from '../../notice/template-table.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { csrfToken, problemsOf } from '../guard.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { speaksFor, tellOffice, textFor } from '../notice-texts.ts';
import { crumb, type Html, problemBox, table } from '../view.ts';
import { shown } from '../words.ts';
import { staffPage } from './frame.ts';
import { chosen, given } from './parts.ts';

const kinds = Object.keys(templateNames) as TemplateName[];

const choice = (name: string, label: string, options: readonly (readonly [string, string])[], current: string | undefined): Html =>
  html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}" required>${options.map(
    ([value, text]) => html`<option value="${value}" ${value === current ? raw('selected') : ''}>${text}</option>`,
  )}</select></div>`;

const sample = (preview: Preview): Html => html`<h2>${shown(preview.subject)}</h2>
<div class="letter">${preview.body.split('\n').map(shown).join('\n')}</div>
<h2>短信（${preview.short.length} 字）</h2><p class="letter">${shown(preview.short)}</p>
<p class="hint">取自一条真实的兑付记录，姓名已遮去，查验码是假的。看过已留痕。</p>`;

const previewPage = async (c: Context<Env>, web: WebContext): Promise<{ readonly body: Html; readonly status: 200 | 404 }> => {
  const titles = titlesIn(await itemsFor(web, staffOf(c).scope));
  const [item, kind] = [given(c.req.query('item')), chosen(c.req.query('kind'), kinds)];
  const form = html`${crumb('/staff/notices', '告知')}<h1>告知文本</h1>
<p class="lead">发出以前先看一看，收的人读到的是什么。<a href="/staff/offices">单位的名称和电话</a></p>
<form class="inline" method="get">${choice('item', '事项', [...titles], item)}${choice(
    'kind',
    '种类',
    kinds.map((one) => [one, templateNames[one]]),
    kind,
  )}<button>预览</button></form>`;
  if (item === undefined || kind === undefined) return { body: form, status: 200 };
  try {
    return { body: html`${form}${sample(await textFor(web, c, kind, item))}`, status: 200 };
  } catch (error) {
    return { body: html`${form}${problemBox(problemsOf(error))}`, status: 404 };
  }
};

const officePage = async (c: Context<Env>, web: WebContext, said: Html | string = ''): Promise<Html> => {
  const staff = staffOf(c);
  const items = await itemsFor(web, staff.scope);
  const authorities = [...new Set(items.map(({ item }) => item.authority))].filter((one) => speaksFor(staff, one)).sort();
  const offices = await officesOf(web.db, authorities);
  const told = (authority: string, part: keyof Office): string => shown(offices.get(authority)?.[part] ?? '—');
  const field = (name: keyof Office, label: string): Html =>
    html`<label for="${name}">${label}</label><input id="${name}" name="${name}" type="text" maxlength="200" autocomplete="off" required>`;
  return html`${crumb('/staff/notice-texts', '告知文本')}<h1>单位的名称和电话</h1>
<p class="lead">每份告知都写明怎样不用链接找到单位：照门牌和公开的电话簿写。没有登记的，告知里只有主管部门的名字。</p>${said}
${table<string>(
  [
    { title: '主管部门', long: true, cell: (one) => one },
    { title: '告知里的名称', cell: (one) => told(one, 'name') },
    { title: '电话', cell: (one) => told(one, 'phone') },
    { title: '地址', long: true, cell: (one) => told(one, 'address') },
    { title: '办公时间', cell: (one) => told(one, 'hours') },
  ],
  authorities,
  '还没有您负责的事项。',
)}
<h2>登记或更正</h2>
<form method="post" action="/staff/offices"><input type="hidden" name="csrf" value="${csrfToken(web.secret, staff.sessionToken)}">
${choice(
  'authority',
  '主管部门',
  authorities.map((one) => [one, one]),
  undefined,
)}${field('name', '告知里的名称')}${field('phone', '公开的办公电话')}${field('address', '地址')}${field('hours', '办公时间')}
<p><button>登记</button></p></form>`;
};

export const noticeTextPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/notice-texts', access('officer'), async (c) => {
      const { body, status } = await previewPage(c, web);
      return c.html(staffPage(c, web, '告知文本', body), status);
    })
    .get('/staff/offices', access('officer'), async (c) => c.html(staffPage(c, web, '单位的名称和电话', await officePage(c, web))))
    .post('/staff/offices', access('officer'), async (c) => {
      const staff = staffOf(c);
      const form = await c.req.parseBody();
      const text = (name: string): string => String(form[name] ?? '').trim();
      const office = { name: text('name'), phone: text('phone'), address: text('address'), hours: text('hours') };
      try {
        const known = (await itemsFor(web, staff.scope)).some(({ item }) => item.authority === text('authority'));
        if (!known || !speaksFor(staff, text('authority')))
          return c.html(staffPage(c, web, '单位的名称和电话', await officePage(c, web)), 404);
        await tellOffice(web, staff, text('authority'), office, c.get('now'));
      } catch (error) {
        return c.html(staffPage(c, web, '单位的名称和电话', await officePage(c, web, problemBox(problemsOf(error)))), 400);
      }
      return c.redirect('/staff/offices', 303);
    });
