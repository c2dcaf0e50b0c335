// 告知方式: which way first, invitations or none, and whom to tell after one's death, as the person says it alone; taken back the same way at any moment.
import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { maskEmail, maskId } from '../../base/codes.ts';
import { fail } from '../../base/problem.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { stoppable } from '../../notice/notice.ts';
import type { Choice } from '../../notice/ways.ts';
import { chooseMessages, nameRelative, wishesOf } from '../../notice/wishes.ts';
import { actorOf } from '../../visitor/visitor.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { facts, type Html, problemBox } from '../view.ts';
import { shown } from '../words.ts';
import { type Problems, portalPage, problemsIn, token } from './frame.ts';
import { type Visit, visitFor } from './visit.ts';

const ways = [
  ['', '没有要求，按登记的联系方式'],
  ['mail', '电子邮件'],
  ['sms', '短信'],
  ['letter', '纸质，当面送达'],
] as const;
type Given = Readonly<Record<string, unknown>>;

const radio = (name: string, value: string, text: string, chosen: boolean): Html =>
  html`<label class="choice"><input type="radio" name="${name}" value="${value}" ${raw(chosen ? 'checked' : '')}><span>${text}</span></label>`;

const choiceForm = (c: Context<Env>, choice: Choice): Html => html`<h2>怎样告知</h2>
<form method="post">${token(c)}<input type="hidden" name="what" value="choice">
<fieldset><legend>先用哪种方式</legend>${ways.map(([value, text]) => radio('prefer', value, text, (choice.prefer ?? '') === value))}</fieldset>
<fieldset><legend>可发可不发的消息</legend><p class="hint">${stoppable.join('、')}。不要的，只放在这里的“收到的告知”里，不另外发给您。</p>${radio('push', 'yes', '可以发', !choice.stopPush)}${radio('push', 'no', '不要发', choice.stopPush)}</fieldset>
<p>其余的告知，例如核定、请您确认或补充、退回、暂停、停发、追回和异议的答复，不论怎样选都会发给您。</p>
<p><button>保存</button></p></form>`;

const relativeForm = (
  c: Context<Env>,
  relative: { name: string; relation: string; phone: string | null; email: string | null } | null,
  given: Given,
): Html => {
  const text = (name: string): string => (typeof given[name] === 'string' ? shown(given[name]) : '');
  return html`<h2>去世后联系谁</h2>
<p>家里有人过世以后，未了的待遇由这位亲属来问、来领。没有登记的，告诉户籍地村（居）委会。</p>
${
  relative === null
    ? html`<p class="empty">没有登记亲属。</p>`
    : html`${facts([
        ['姓名', shown(relative.name)],
        ['关系', shown(relative.relation)],
        ['电话', relative.phone === null ? '没有' : maskId(relative.phone)],
        ['邮箱', relative.email === null ? '没有' : maskEmail(relative.email)],
      ])}<form method="post">${token(c)}<input type="hidden" name="what" value="nobody"><button class="quiet">取消这位联系人</button></form>`
}
<form method="post">${token(c)}<input type="hidden" name="what" value="relative">
<label for="name">亲属姓名</label><input id="name" name="name" type="text" maxlength="40" autocomplete="off" value="${text('name')}" required>
<label for="relation">是您的什么人</label><p class="hint" id="relation-hint">例如：儿子、女儿、配偶。</p><input id="relation" name="relation" type="text" maxlength="20" aria-describedby="relation-hint" value="${text('relation')}" required>
<label for="phone">手机或座机</label><p class="hint" id="phone-hint">电话和邮箱至少写一个。</p><input id="phone" name="phone" type="tel" maxlength="20" autocomplete="off" aria-describedby="phone-hint" value="${text('phone')}">
<label for="email">邮箱</label><input id="email" name="email" type="text" maxlength="100" autocomplete="off" value="${text('email')}">
<p><button class="quiet">${relative === null ? '登记' : '换成这位'}</button></p></form>`;
};

const page = async (c: Context<Env>, web: WebContext, visit: Visit, problems: Problems = [], given: Given = {}): Promise<Html> => {
  const wishes = await transaction(web.db, (tx) => wishesOf(tx, visit.acting.subjectId, everything));
  const body = html`<h1>告知方式</h1><p class="lead">随时可以改，改了马上算数。</p>
${problems.length > 0 ? problemBox(problems) : c.req.query('saved') === '1' ? html`<div class="good" role="status">已保存。</div>` : ''}
${choiceForm(c, wishes?.choice ?? { stopPush: false, prefer: null })}
${visit.acting.register === 'citizen' ? relativeForm(c, wishes?.relative ?? null, given) : ''}`;
  return portalPage(c, { title: '告知方式', for: visit.subject, back: { path: '/my', label: '我的待遇' }, body });
};

export const wishesPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/wishes', access('visitor'), async (c) => c.html(await page(c, web, await visitFor(c, web, 'mandate'))))
    .post('/my/wishes', access('visitor'), async (c) => {
      const visit = await visitFor(c, web, 'mandate');
      const form = await c.req.parseBody();
      const text = (name: string): string => (typeof form[name] === 'string' ? form[name].trim() : '');
      const { subjectId } = visit.acting;
      const wish = { subjectId, reason: '本人在网上登记。', scope: everything, actor: actorOf(visitorIn(c)), at: c.get('now') };
      const chosen = ways.some(([value]) => value === form.prefer) && ['yes', 'no'].includes(text('push'));
      const prefer = ways.map(([value]) => value).find((value) => value !== '' && value === text('prefer')) ?? null;
      const relative = { name: text('name'), relation: text('relation'), phone: text('phone') || null, email: text('email') || null };
      try {
        if (text('what') === 'choice' && !chosen) fail('input.choice', '/push', '没有选全。', '两处各选一项，再保存。');
        await transaction(web.db, (tx) =>
          text('what') === 'choice'
            ? chooseMessages(tx, wish, { stopPush: text('push') === 'no', prefer: prefer === '' ? null : prefer })
            : nameRelative(tx, wish, text('what') === 'nobody' ? null : relative),
        );
      } catch (error) {
        return c.html(await page(c, web, visit, problemsIn(error), form), 400);
      }
      return c.redirect('/my/wishes?saved=1', 303);
    });
