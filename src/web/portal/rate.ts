// 评价: how a payment went, once; whoever was not content says why and reads the answer here.

import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { ratingDays } from '../../policy/life.ts';
import { rate, starName, starNames } from '../../rating/rating.ts';
import { listRatings } from '../../rating/store.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { badge, type Html, problemBox } from '../view.ts';
import { shown } from '../words.ts';
import { visitAct } from './act.ts';
import { type Problems, periodOf, portalPage, problemsIn, token } from './frame.ts';
import { itemOf, ownRecord, visitFor } from './visit.ts';

const choices = Object.entries(starNames).sort(([a], [b]) => Number(b) - Number(a));

const page = async (c: Context<Env>, web: WebContext, problems: Problems = [], given: Record<string, unknown> = {}): Promise<Html> => {
  const visit = await visitFor(c, web, 'object');
  const { record } = await ownRecord(web, visit, c.req.param('id') ?? '');
  const [done] = (await listRatings(web.db, { scope: everything, disbursementId: record.id, limit: 1 })).rows;
  const days = ratingDays(await itemOf(web, record));
  const chosen = String(given.stars ?? '');
  const body = html`<h1>评价</h1><p class="lead">${record.basis.title}，${periodOf(record.periodKey)}，${formatYuan(record.amountFen)}</p>
${problems.length > 0 ? problemBox(problems) : ''}
${
  done !== undefined
    ? html`<p class="fine">${badge('good', '已评价')} ${starName(done.stars)}${done.reason === null ? '' : `：${shown(done.reason)}`}</p>
${done.answer === null ? (done.dueOn === null ? '' : html`<p>工作人员会在${dayText(done.dueOn)}前答复您。</p>`) : html`<p class="note">答复：${shown(done.answer)}</p>`}`
    : record.state !== 'paid'
      ? html`<p class="empty">到账以后才能评价。到账会告知您。</p>`
      : html`<form method="post">${token(c)}<fieldset><legend>这一笔办得怎么样</legend>${choices.map(
          ([value, text]) =>
            html`<label class="choice"><input type="radio" name="stars" value="${value}" required ${raw(chosen === value ? 'checked' : '')}><span>${text}</span></label>`,
        )}</fieldset>
<label for="reason">想说的话</label><p class="hint" id="reason-hint">不满意的请写一两句，${days} 个工作日内答复您。别的可以不写。</p><textarea id="reason" name="reason" maxlength="500" aria-describedby="reason-hint">${typeof given.reason === 'string' ? shown(given.reason) : ''}</textarea><p><button>提交评价</button></p></form>`
}`;
  const back = { path: `/my/benefits/${record.id}`, label: record.basis.title };
  return portalPage(c, { title: '评价', for: visit.subject, back, body });
};

export const ratePages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/benefits/:id/rate', access('visitor'), async (c) => c.html(await page(c, web)))
    .post('/my/benefits/:id/rate', access('visitor'), async (c) => {
      const visit = await visitFor(c, web, 'object');
      const { record } = await ownRecord(web, visit, c.req.param('id'));
      const form = await c.req.parseBody();
      const { actor, now, today, calendar } = await visitAct(c, web, record.id);
      const item = await itemOf(web, record);
      const said = { stars: Number(form.stars ?? 0), reason: String(form.reason ?? '') };
      try {
        await transaction(web.db, (tx) => rate(tx, { record, item, ...said, actor, now, today, calendar }));
      } catch (error) {
        return c.html(await page(c, web, problemsIn(error), form), 400);
      }
      return c.redirect(`/my/benefits/${record.id}/rate`, 303);
    });
