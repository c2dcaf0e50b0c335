// 好差评 for staff: how content people are with each item, and those who are not, to be answered.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { transaction } from '../../db/handle.ts';
import { answerRating, mustAnswer, starName } from '../../rating/rating.ts';
import { listRatings, type Rating, type RatingSum, sumRatings } from '../../rating/store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { csrfToken } from '../guard.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { businessRoles } from '../role.ts';
import { badge, type Html, nextPage, table } from '../view.ts';
import { countText, momentText, shown } from '../words.ts';
import { rowForm } from './data-parts.ts';
import { staffPage } from './frame.ts';
import { uuidOr404 } from './parts.ts';

const sums = (rows: readonly RatingSum[], titles: ReadonlyMap<string, string>): Html =>
  table<RatingSum>(
    [
      { title: '事项', cell: (one) => titles.get(one.itemId) ?? one.itemId },
      { title: '评价', figure: true, cell: (one) => countText(one.count) },
      { title: '平均（满分 5）', figure: true, cell: (one) => (one.stars / one.count).toFixed(1) },
      { title: '差评', figure: true, cell: (one) => countText(one.low) },
      { title: '差评待答复', figure: true, cell: (one) => countText(one.open) },
    ],
    rows,
    '还没有人评价。到账以后，本人可以在网上评价。',
  );

const answered = (one: Rating, csrf: string | null): Html | string => {
  if (one.answer !== null) return shown(one.answer);
  if (!mustAnswer(one.stars)) return '—';
  if (csrf === null) return '等部门审核答复';
  return html`<details><summary>答复</summary>${rowForm(
    `/staff/ratings/${one.id}`,
    csrf,
    html`<div><label for="a-${one.id}">答复，会告知本人</label><input id="a-${one.id}" name="answer" type="text" required minlength="2" maxlength="500"></div><button>答复</button>`,
  )}</details>`;
};

export const ratingPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/ratings', access(...businessRoles), async (c) => {
      const { scope, roles, sessionToken } = staffOf(c);
      const all = c.req.query('all') === '1';
      const [page, totals, items] = await Promise.all([
        listRatings(web.db, { scope, open: !all, after: c.req.query('cursor') ?? null, limit: 50 }),
        sumRatings(web.db, scope),
        itemsFor(web, scope),
      ]);
      const titles = titlesIn(items);
      const csrf = roles.includes('reviewer') ? csrfToken(web.secret, sessionToken) : null;
      const body = html`<h1>好差评</h1><p class="lead">到账以后本人的评价，每笔一次。不满意的要在期限内答复。</p>
${sums(totals, titles)}
<h2>${all ? '全部评价' : '待答复的差评'}</h2><p><a href="/staff/ratings${all ? '' : '?all=1'}">${all ? '只看待答复的' : '看全部'}</a></p>
${table<Rating>(
  [
    {
      title: '事项',
      cell: (one) => html`<a href="/staff/disbursements/${one.disbursementId}">${titles.get(one.itemId) ?? one.itemId}</a>`,
    },
    { title: '评价', cell: (one) => badge(mustAnswer(one.stars) ? 'bad' : 'good', starName(one.stars)) },
    { title: '说了什么', long: true, cell: (one) => (one.reason === null ? '—' : shown(one.reason)) },
    { title: '时间', cell: (one) => momentText(one.ratedAt) },
    { title: '答复期限', cell: (one) => (one.dueOn === null ? '—' : dayText(one.dueOn)) },
    { title: '答复', long: true, cell: (one) => answered(one, csrf) },
  ],
  page.rows,
  all ? '还没有人评价。' : '没有待答复的差评。',
)}${nextPage('/staff/ratings', { all: all ? '1' : undefined }, page.next)}`;
      return c.html(staffPage(c, web, '好差评', body));
    })
    .post('/staff/ratings/:id', access('reviewer'), async (c) => {
      const { userId, scope } = staffOf(c);
      const answer = String((await c.req.parseBody()).answer ?? '');
      const ask = { id: uuidOr404(c.req.param('id'), '评价'), scope, answer };
      await transaction(web.db, (tx) => answerRating(tx, ask, { id: userId, role: 'reviewer' }, c.get('now')));
      return c.redirect('/staff/ratings', 303);
    });
