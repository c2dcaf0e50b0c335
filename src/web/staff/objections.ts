// 异议和请人决定 for staff: what waits for a person, first due first, each with what was said, and the answer with its reasons.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { transaction } from '../../db/handle.ts';
import { humanAbouts } from '../../disbursement/human.ts';
import { decideObjection } from '../../disbursement/objection.ts';
import { listObjections, type Objection, objectionKinds, objectionStates } from '../../disbursement/objection-store.ts';
import { type Subject, subjectsOf } from '../../record/view-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { csrfToken } from '../guard.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { actOf } from '../life.ts';
import { businessRoles } from '../role.ts';
import { badge, type Html, nextPage, select, table } from '../view.ts';
import { momentText, periodText, shown } from '../words.ts';
import { rowForm } from './data-parts.ts';
import { staffPage } from './frame.ts';
import { chosen, subjectLink, uuidOr404 } from './parts.ts';

const states = Object.keys(objectionStates) as (keyof typeof objectionStates)[];

const what = (one: Objection, title: string): Html =>
  html`${title}${one.periodKey === null ? '' : `，${periodText(one.periodKey)}`}<span class="own">${objectionKinds[one.kind]}${one.about === null ? '' : `：${humanAbouts[one.about]}`}</span>`;

const why = (one: Objection): Html => {
  if (one.disbursementId !== null) return html`<a href="/staff/disbursements/${one.disbursementId}">看兑付记录</a>`;
  return html`<a href="/staff/people/${one.subjectId}/items/${one.itemId}?reason=handle&amp;order=${one.id}">看判定依据</a>`;
};

const answerForm = (one: Objection, csrf: string): Html =>
  html`<details><summary>答复</summary>${rowForm(
    `/staff/objections/${one.id}`,
    csrf,
    html`<div><label for="r-${one.id}">答复和理由</label><input id="r-${one.id}" name="reason" type="text" required minlength="2" maxlength="1000"></div><button name="decision" value="upheld">意见成立</button><button class="button quiet" name="decision" value="rejected">维持结论</button>`,
  )}</details>`;

const list = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { scope, roles, sessionToken, userId } = staffOf(c);
  const state = chosen(c.req.query('state'), states) ?? 'open';
  const [page, items] = await Promise.all([
    listObjections(web.db, { scope, state, after: c.req.query('cursor') ?? null, limit: 50 }),
    itemsFor(web, scope),
  ]);
  const subjects: ReadonlyMap<string, Subject> = await subjectsOf(
    web.db,
    page.rows.map((one) => one.subjectId),
  );
  const titles = titlesIn(items);
  const csrf = csrfToken(web.secret, sessionToken);
  const body = html`<h1>异议和请人决定</h1>
<p class="lead">公示期的异议、对不予发放的异议、请人重新看自动得出的结论。都要由人答复，写明理由，答复会告知本人。数据有误的，先在“人工核定”或“校核单”里更正，再答复。</p>
<form class="inline" method="get">${select(
    'state',
    '状态',
    states.map((value) => ({ value, label: objectionStates[value] })),
    state,
  )}<button>看</button></form>
${table<Objection>(
  [
    { title: '事项', cell: (one) => what(one, titles.get(one.itemId) ?? one.itemId) },
    { title: '对象', cell: (one) => subjectLink(subjects, one.subjectId) },
    { title: '说了什么', long: true, cell: (one) => html`${shown(one.text)}<span class="own">${momentText(one.filedAt)}提出</span>` },
    { title: '依据', cell: why },
    { title: '期限', cell: (one) => (one.dueOn === null ? '—' : dayText(one.dueOn)) },
    {
      title: '答复',
      long: true,
      cell: (one) =>
        one.state !== 'open'
          ? html`${badge('good', objectionStates[one.state])} ${one.reason === null ? '' : shown(one.reason)}`
          : roles.includes('reviewer') && one.filedBy !== userId
            ? answerForm(one, csrf)
            : '等部门审核答复',
    },
  ],
  page.rows,
  '没有这样的来件。居民和企业在网上提出的，会列在这里。',
)}${nextPage('/staff/objections', { state }, page.next)}`;
  return staffPage(c, web, '异议和请人决定', body);
};

export const objectionPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/objections', access(...businessRoles), async (c) => c.html(await list(c, web)))
    .post('/staff/objections/:id', access('reviewer'), async (c) => {
      const form = await c.req.parseBody();
      const decision = form.decision === 'upheld' ? ('upheld' as const) : ('rejected' as const);
      const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
      const act = { ...(await actOf(context, staffOf(c), ['reviewer'])), id: uuidOr404(c.req.param('id'), '来件') };
      await transaction(web.db, (tx) => decideObjection(tx, { ...act, decision, reason: String(form.reason ?? '') }));
      return c.redirect('/staff/objections', 303);
    });
