// 告知意愿 of one person for staff: which way first, invitations or none, and whom to tell after their death.
import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { maskEmail, maskId } from '../../base/codes.ts';
import { transaction } from '../../db/handle.ts';
import { stoppable } from '../../notice/notice.ts';
import { chooseMessages, nameRelative, type Wishes, wishesOf } from '../../notice/wishes.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { csrfToken, problemsOf } from '../guard.ts';
import { noteLook, purposeOf } from '../look.ts';
import { crumb, facts, type Html, problemBox } from '../view.ts';
import { shown } from '../words.ts';
import { staffPage } from './frame.ts';
import { uuidOr404 } from './parts.ts';

const preferNames = { mail: '电子邮件', sms: '短信', letter: '纸质，当面送达' } as const;
type Prefer = keyof typeof preferNames;

const reasonField = (id: string): Html =>
  html`<label for="${id}">理由（会留痕）</label><input id="${id}" name="reason" type="text" maxlength="200" required>`;

const body = (
  path: string,
  { choice, relative }: Wishes,
  csrf: string,
  said: Html | string,
): Html => html`${crumb('/staff/people', '查一人')}
<h1>告知意愿</h1><p class="lead">按本人的话登记。依法要告知的，不论怎样选都会告知。</p>${said}
<h2>怎样告知</h2>
${facts([
  ['先用', choice.prefer === null ? '没有说，按登记的联系方式' : preferNames[choice.prefer]],
  [`可发可不发的消息（${stoppable.join('、')}）`, choice.stopPush ? '不要' : '可以发'],
])}
<form method="post" action="${path}"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="what" value="choice">
<label for="prefer">先用</label><select id="prefer" name="prefer"><option value="">没有说</option>${Object.entries(preferNames).map(
  ([value, label]) => html`<option value="${value}" ${raw(choice.prefer === value ? 'selected' : '')}>${label}</option>`,
)}</select>
<label for="push">可发可不发的消息</label><select id="push" name="push"><option value="yes">可以发</option><option value="no" ${raw(choice.stopPush ? 'selected' : '')}>不要</option></select>
${reasonField('choice-reason')}<p><button>登记</button></p></form>
<h2>去世后联系谁</h2>
${
  relative === null
    ? html`<p class="empty">没有登记。去世后告诉户籍地村（居）委会。</p>`
    : facts([
        ['姓名', shown(relative.name)],
        ['关系', shown(relative.relation)],
        ['电话', relative.phone === null ? '没有' : maskId(relative.phone)],
        ['邮箱', relative.email === null ? '没有' : maskEmail(relative.email)],
      ])
}
<form method="post" action="${path}"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="what" value="relative">
<label for="name">姓名（不写姓名就是取消）</label><input id="name" name="name" type="text" maxlength="40" autocomplete="off">
<label for="relation">关系</label><input id="relation" name="relation" type="text" maxlength="20">
<label for="phone">电话</label><input id="phone" name="phone" type="tel" maxlength="20" autocomplete="off">
<label for="email">邮箱</label><input id="email" name="email" type="text" maxlength="100" autocomplete="off">
${reasonField('relative-reason')}<p><button class="quiet">登记</button></p></form>`;

const show = async (c: Context<Env>, web: WebContext, said: Html | string, status: 200 | 400 = 200) => {
  const id = uuidOr404(c.req.param('id') ?? '', '居民或企业');
  const staff = staffOf(c);
  const wishes = await transaction(web.db, (tx) => wishesOf(tx, id, staff.scope));
  if (wishes === null) return notFound('居民或企业');
  const purpose = purposeOf(c) ?? ({ reason: 'handle', order: `subject-${id}` } as const);
  await noteLook(web, c, purpose, { subjectId: id, view: 'person', facts: [] });
  return c.html(staffPage(c, web, '告知意愿', body(c.req.path, wishes, csrfToken(web.secret, staff.sessionToken), said)), status);
};

export const wishPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/people/:id/wishes', access('reviewer', 'auditor'), (c) => show(c, web, ''))
    .post('/staff/people/:id/wishes', access('reviewer'), async (c) => {
      const staff = staffOf(c);
      const form = await c.req.parseBody();
      const text = (name: string): string => String(form[name] ?? '').trim();
      const orNull = (name: string): string | null => text(name) || null;
      const actor = { id: staff.userId, role: 'reviewer' };
      const subjectId = uuidOr404(c.req.param('id'), '居民或企业');
      const wish = { subjectId, reason: text('reason'), scope: staff.scope, actor, at: c.get('now') };
      const prefer = text('prefer') in preferNames ? (text('prefer') as Prefer) : null;
      const relative = { name: text('name'), relation: text('relation'), phone: orNull('phone'), email: orNull('email') };
      try {
        await transaction(web.db, (tx) =>
          text('what') === 'relative'
            ? nameRelative(tx, wish, text('name') === '' ? null : relative)
            : chooseMessages(tx, wish, { stopPush: text('push') === 'no', prefer }),
        );
      } catch (error) {
        return await show(c, web, problemBox(problemsOf(error)), 400);
      }
      return await show(c, web, html`<div class="good" role="status">已登记。</div>`);
    });
