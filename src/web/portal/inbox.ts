// 收到的告知: every notice about the subject of the visit, as it was written, whichever way it went out.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { fail } from '../../base/problem.ts';
import { everything } from '../../base/scope.ts';
import { templateNames } from '../../notice/notice.ts';
import { listNotices, noticeById } from '../../notice/store.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { isUuid } from '../cursor.ts';
import type { Html } from '../view.ts';
import { momentText, shown } from '../words.ts';
import { portalPage } from './frame.ts';
import { visitFor } from './visit.ts';

const list = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { acting, subject } = await visitFor(c, web, 'view');
  const { rows } = await listNotices(web.db, { scope: everything, filter: { subjectId: acting.subjectId }, limit: 100 });
  const body = html`<h1>收到的告知</h1>
${rows.length === 0 ? html`<p class="empty">还没有告知。有了可以享受的事项，会告知到这里，也会发到您登记的联系方式。</p>` : html`<ul class="list">${rows.map((one) => html`<li><a class="row" href="/my/notices/${one.id}"><strong>${shown(one.subject)}</strong><span class="source">${templateNames[one.template]}，${momentText(one.createdAt)}</span></a></li>`)}</ul>`}`;
  return portalPage(c, { title: '收到的告知', for: subject, back: { path: '/my', label: '我的待遇' }, body });
};

const one = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { acting, subject } = await visitFor(c, web, 'view');
  const id = c.req.param('id') ?? '';
  const notice = isUuid(id) ? await noticeById(web.db, id, everything) : null;
  if (notice === null || notice.subjectId !== acting.subjectId)
    return fail('missing.notice', '', '没有这份告知，或者不是您的。', '请从“收到的告知”进入。');
  const body = html`<h1>${shown(notice.subject)}</h1><p class="lead">${momentText(notice.createdAt)}</p><div class="letter">${notice.body.split('\n').map(shown).join('\n')}</div>`;
  return portalPage(c, { title: '告知', for: subject, back: { path: '/my/notices', label: '收到的告知' }, body });
};

export const inboxPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/notices', access('visitor'), async (c) => c.html(await list(c, web)))
    .get('/my/notices/:id', access('visitor'), async (c) => c.html(await one(c, web)));
