// 收到的告知: every notice about the subject of the visit, as it was written, whichever way it went out. Whoever opens one has been told.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { fail } from '../../base/problem.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { listDisbursements } from '../../disbursement/store.ts';
import { inboxOf, openInInbox } from '../../notice/hear-store.ts';
import { type Notice, templateNames } from '../../notice/notice.ts';
import { actorOf } from '../../visitor/visitor.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { isUuid } from '../cursor.ts';
import { badge, type Html } from '../view.ts';
import { momentText, shown } from '../words.ts';
import { periodOf, portalPage } from './frame.ts';
import { visitFor } from './visit.ts';

const row = (one: Notice): Html =>
  html`<li><a class="row" href="/my/notices/${one.id}"><strong>${shown(one.subject)}</strong> ${one.state === 'delivered' ? '' : badge('open', '未读')}<span class="source">${templateNames[one.template]}，${momentText(one.createdAt)}</span></a></li>`;

const list = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { acting, subject } = await visitFor(c, web, 'view');
  const { rows, next } = await inboxOf(web.db, { subjectId: acting.subjectId, after: c.req.query('cursor') ?? null, limit: 50 });
  const body = html`<h1>收到的告知</h1>
${rows.length === 0 ? html`<p class="empty">还没有告知。有了可以享受的事项，会告知到这里，也会发到您登记的联系方式。</p>` : html`<ul class="list">${rows.map(row)}</ul>`}
${next === null ? '' : html`<p><a href="/my/notices?cursor=${next}">更早的告知</a></p>`}`;
  return portalPage(c, { title: '收到的告知', for: subject, back: { path: '/my', label: '我的待遇' }, body });
};

/** What the reader may want to do next, which the letter itself cannot offer. */
const onward = async (web: WebContext, { subjectId, matchId, itemId, template }: Notice): Promise<Html> => {
  if (template === 'choose' || template === 'choose-reminder') return html`<p><a class="button" href="/my/choices">去选择</a></p>`;
  const about = matchId === null ? null : { subjectId, matchId, stops: false };
  const rows = about === null ? [] : (await listDisbursements(web.db, { scope: everything, filter: about, limit: 20 })).rows;
  const [first] = rows;
  if (first === undefined) return html`<p><a class="button" href="/items/${itemId}">看这项政策</a></p>`;
  if (rows.length === 1) return html`<p><a class="button" href="/my/benefits/${first.id}">看这一项办到哪一步</a></p>`;
  return html`<ul class="list">${rows.map((one) => html`<li><a class="row" href="/my/benefits/${one.id}">${one.basis.title} ${periodOf(one.periodKey)}</a></li>`)}</ul>`;
};

const one = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { acting, subject } = await visitFor(c, web, 'view');
  const id = c.req.param('id') ?? '';
  const opened = isUuid(id)
    ? await transaction(web.db, (tx) => openInInbox(tx, { id, subjectId: acting.subjectId }, actorOf(visitorIn(c)), c.get('now')))
    : null;
  const notice = opened ?? fail('missing.notice', '', '没有这份告知，或者不是您的。', '请从“收到的告知”进入。');
  const body = html`<h1>${shown(notice.subject)}</h1><p class="lead">${momentText(notice.createdAt)}</p><div class="letter">${notice.body.split('\n').map(shown).join('\n')}</div>
${await onward(web, notice)}`;
  return portalPage(c, { title: '告知', for: subject, back: { path: '/my/notices', label: '收到的告知' }, body });
};

export const inboxPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/notices', access('visitor'), async (c) => c.html(await list(c, web)))
    .get('/my/notices/:id', access('visitor'), async (c) => c.html(await one(c, web)));
