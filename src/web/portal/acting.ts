// Whom one acts for, and whom one lets act: switching between subjects, wards by their number, mandates given and taken back.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { isCitizenId, plainCode } from '../../base/codes.ts';
import { addDays, type Day, dayText, isDay } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { contactReader, contactText } from '../../record/contact-store.ts';
import { findSubjects, subjectsOf } from '../../record/view-store.ts';
import { todayFor } from '../../today.ts';
import { endMandate, grantMandate } from '../../visitor/mandate.ts';
import { liveMandates } from '../../visitor/store.ts';
import { actFor, allPowers, asNames, powers, principalsOf } from '../../visitor/visitor.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { isUuid } from '../cursor.ts';
import { requireFree, wrongTry } from '../tries.ts';
import { type Html, problemBox } from '../view.ts';
import { personName, shown } from '../words.ts';
import { type Problems, portalPage, problemsIn, token } from './frame.ts';
import { visitFor } from './visit.ts';

const forPage = async (c: Context<Env>, web: WebContext, problems: Problems = []): Promise<Html> => {
  const visitor = visitorIn(c);
  const today = await todayFor(web.db, c.get('now'));
  const principals = visitor.personId === null ? [] : await principalsOf(web.db, visitor.personId, today);
  return html`<h1>替谁办理</h1>
${problems.length > 0 ? problemBox(problems) : ''}
${
  principals.length === 0
    ? html`<p class="empty">您是通过链接或单位身份进来的，只能办理这一位的事。换一位请退出后用统一身份认证登录。</p>`
    : html`<form method="post" action="/my/for">${token(c)}<fieldset><legend>选择一位</legend>${principals.map(
        (one) =>
          html`<label class="choice"><input type="radio" name="subject" value="${one.subjectId}" ${one.subjectId === visitor.acting?.subjectId ? 'checked' : ''}><span>${personName(one.register, one.name)}<span class="source">${asNames[one.as]}：${one.powers.map((power) => powers[power]).join('、')}</span></span></label>`,
      )}</fieldset><p><button>换成这一位</button></p></form>
<h2>我是监护人</h2><p>名册里登记您是监护人的，输入被监护人的身份证号码。</p>
<form method="post" action="/my/for/ward">${token(c)}<label for="number">被监护人的身份证号码</label><input id="number" name="number" type="text" autocomplete="off" maxlength="24" required><p><button class="quiet">核对并进入</button></p></form>`
}
<p><a href="/my/mandates">委托别人替我办</a></p>`;
};

const actingRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/for', access('visitor'), async (c) => c.html(portalPage(c, { title: '替谁办理', body: await forPage(c, web) })))
    .post('/my/for', access('visitor'), async (c) => {
      const visitor = visitorIn(c);
      const wanted = String((await c.req.parseBody()).subject ?? '');
      const today = await todayFor(web.db, c.get('now'));
      const principals = visitor.personId === null ? [] : await principalsOf(web.db, visitor.personId, today);
      const one = principals.find(({ subjectId }) => subjectId === wanted);
      if (one === undefined) return fail('scope.principal', '', '您没有受这一位的委托。', '请由本人在“委托别人替我办”里委托您。');
      await actFor(web.db, visitor, one, c.get('now'));
      return c.redirect('/my', 303);
    })
    .post('/my/for/ward', access('visitor'), async (c) => {
      const visitor = visitorIn(c);
      const now = c.get('now');
      await requireFree(web.db, 'ward', visitor.personId ?? visitor.visitId, now);
      const ward = await wardOf(web, visitor.personId, String((await c.req.parseBody()).number ?? ''), await todayFor(web.db, now));
      if (ward === null) {
        await wrongTry(web.db, 'ward', visitor.personId ?? visitor.visitId, now);
        const none = [
          {
            code: 'missing.ward',
            at: '/number',
            message: '名册里没有登记您是这个人的监护人。',
            hint: '请核对号码；登记有误请到户籍地村（居）委会核对。',
          },
        ];
        return c.html(portalPage(c, { title: '替谁办理', body: await forPage(c, web, none) }), 404);
      }
      // A guardian names no further agents: that is the ward's own, or nobody's.
      const acting = {
        register: 'citizen',
        subjectId: ward,
        as: 'guardian',
        powers: allPowers.filter((one) => one !== 'mandate'),
      } as const;
      await actFor(web.db, visitor, acting, now);
      return c.redirect('/my', 303);
    });

/** The ward's id where the registers name this person as its guardian today; null for everybody else, existing or not. */
const wardOf = async (web: WebContext, personId: string | null, number: string, today: Day): Promise<string | null> => {
  const key = plainCode(number);
  if (personId === null || !isCitizenId(key)) return null;
  const [[ward], me] = await Promise.all([findSubjects(web.db, { scope: everything, key, limit: 1 }), subjectsOf(web.db, [personId])]);
  if (ward === undefined || ward.register !== 'citizen') return null;
  const read = contactReader(await web.catalogue(), today);
  const [record] = await transaction(web.db, (tx) => read(tx, 'citizen', { ids: [ward.subjectId] }));
  const guardian = record === undefined ? null : contactText(record, 'guardian');
  return guardian !== null && guardian === me.get(personId)?.key ? ward.subjectId : null;
};

const mandatesPage = async (c: Context<Env>, web: WebContext, problems: Problems = [], given: Record<string, unknown> = {}) => {
  const { acting, subject } = await visitFor(c, web, 'mandate');
  const today = await todayFor(web.db, c.get('now'));
  const mandates = await liveMandates(web.db, { subjectId: acting.subjectId, today });
  const agents = await subjectsOf(
    web.db,
    mandates.map((one) => one.agentId),
  );
  const firm = acting.register === 'enterprise';
  const text = (name: string): string => shown(String(given[name] ?? ''));
  const body = html`<h1>${firm ? '经办人' : '委托别人替我办'}</h1>
<p>受托人用自己的身份登录后，可以在您选定的范围内替${firm ? '单位' : '您'}办理。每一次办理都记在受托人名下，您随时可以收回。</p>
${problems.length > 0 ? problemBox(problems) : ''}
${
  mandates.length === 0
    ? html`<p class="empty">现在没有委托任何人。</p>`
    : html`<ul class="list">${mandates.map(
        (one) =>
          html`<li><strong>${personName('citizen', agents.get(one.agentId)?.name ?? null)}</strong>，到${dayText(one.to)}<span class="source">${one.powers.map((power) => powers[power]).join('、')}</span><form method="post" action="/my/mandates/${one.id}/end">${token(c)}<button class="quiet">收回委托</button></form></li>`,
      )}</ul>`
}
<h2>委托一个人</h2>
<form method="post" action="/my/mandates">${token(c)}
<label for="name">受托人姓名</label><input id="name" name="name" type="text" autocomplete="off" maxlength="60" value="${text('name')}" required>
<label for="number">受托人身份证号码</label><input id="number" name="number" type="text" autocomplete="off" maxlength="24" required>
<fieldset><legend>可以办理</legend>${allPowers
    .filter((power) => power !== 'view' && power !== 'mandate')
    .map(
      (power) =>
        html`<label class="choice"><input type="checkbox" name="powers" value="${power}" ${power === 'account' ? '' : 'checked'}><span>${powers[power]}</span></label>`,
    )}</fieldset>
<label for="to">委托到哪一天</label><p class="hint">最长一年。</p><input id="to" name="to" type="date" min="${today}" max="${addDays(today, 366)}" value="${isDay(text('to')) ? text('to') : addDays(today, 90)}" required>
<p><button>委托</button></p></form>`;
  return portalPage(c, { title: firm ? '经办人' : '委托', for: subject, body, back: { path: '/my', label: '我的待遇' } });
};

const mandateRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/mandates', access('visitor'), async (c) => c.html(await mandatesPage(c, web)))
    .post('/my/mandates', access('visitor'), async (c) => {
      const form = await c.req.parseBody({ all: true });
      const chosen = [form.powers ?? []].flat().map(String);
      const to = String(form.to ?? '');
      try {
        if (!isDay(to)) fail('input.to', '/to', '委托的截止日不对。', '请选一个日期。');
        const grant = { name: String(form.name ?? ''), number: String(form.number ?? ''), powers: chosen, to: to as Day };
        await grantMandate(web.db, visitorIn(c), grant, await todayFor(web.db, c.get('now')), c.get('now'));
      } catch (error) {
        return c.html(await mandatesPage(c, web, problemsIn(error), form), 400);
      }
      return c.redirect('/my/mandates', 303);
    })
    .post('/my/mandates/:id/end', access('visitor'), async (c) => {
      const id = c.req.param('id');
      if (!isUuid(id)) fail('missing.mandate', '', '没有这份委托，或者已经结束。', '请刷新页面查看。');
      await endMandate(web.db, visitorIn(c), id, c.get('now'));
      return c.redirect('/my/mandates', 303);
    });

export const actingPages = (web: WebContext) => new Hono<Env>().route('/', actingRoutes(web)).route('/', mandateRoutes(web));
