// Several matters of which only one is paid: what there is, how much, by when, and the person's own choice, changed until the money is sealed.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { chooseItem, type Offer, offersFor } from '../../settlement/choice.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { isUuid } from '../cursor.ts';
import type { Html } from '../view.ts';
import { amountOf, periodOf, portalPage, token } from './frame.ts';
import { visitFor } from './visit.ts';

const offerForm = (c: Context<Env>, offer: Offer): Html => {
  const highest = offer.options.find((one) => one.highest)?.title ?? '';
  const decided = offer.options.find((one) => one.itemId === offer.chosen);
  const open = offer.options.every(({ lines }) => lines.every((line) => line.open));
  const lead =
    decided === undefined
      ? html`<p>这几项是同类政策，只能享受一项。${offer.until === null ? '' : html`请在<strong>${dayText(offer.until)}</strong>前选好；`}不选的，按金额最高的“${highest}”发放。</p>`
      : html`<p>您选了“${decided.title}”。${open ? '钱封存拨付之前还可以改。' : '钱已进入拨付，不能再改。'}</p>`;
  if (!open) return html`<section>${lead}</section>`;
  return html`<section>${lead}<form method="post" action="/my/choices">${token(c)}<fieldset><legend>选择一项</legend>${offer.options.map(
    (one) =>
      html`<label class="choice"><input type="radio" name="line" value="${one.lines[0]?.lineId ?? ''}" required ${one.itemId === offer.chosen ? 'checked' : ''}><span>${one.title} ${formatYuan(one.fen)}<span class="source">${periodOf(one.periodKey)}${one.highest ? '（金额最高）' : ''}</span></span></label>`,
  )}</fieldset><p><button>选这一项</button></p></form></section>`;
};

/** What the choice comes to, before it counts; null where the line is none of the reader's. */
const summary = (c: Context<Env>, offers: readonly Offer[], lineId: string): Html | null => {
  const offer = offers.find(({ options }) => options.some(({ lines }) => lines[0]?.lineId === lineId));
  const one = offer?.options.find(({ lines }) => lines[0]?.lineId === lineId);
  if (offer === undefined || one === undefined) return null;
  const others = offer.options.filter((other) => other !== one).map((other) => `“${other.title}”`);
  return html`<h1>选“${one.title}”</h1>${amountOf(one.fen)}
<p>选了这一项，${others.join('、')}就不发了。钱封存拨付之前还可以改。</p>
<div class="acts"><form method="post" action="/my/choices">${token(c)}<input type="hidden" name="line" value="${lineId}"><input type="hidden" name="sure" value="yes"><button>确定选这一项</button></form><a class="button quiet" href="/my/choices">先不选</a></div>`;
};

export const choicePages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/choices', access('visitor'), async (c) => {
      const { acting, subject } = await visitFor(c, web, 'view');
      const offers = (await offersFor(web.db, acting.subjectId)).filter((one) => one.until !== null || one.chosen !== null);
      const body = html`<h1>选择一项</h1>${offers.length === 0 ? html`<p class="empty">现在没有要选的。</p>` : offers.map((one) => offerForm(c, one))}`;
      return c.html(portalPage(c, { title: '选择一项', body, for: subject, back: { path: '/my', label: '我的待遇' } }));
    })
    .post('/my/choices', access('visitor'), async (c) => {
      const { acting, subject } = await visitFor(c, web, 'decide');
      const form = await c.req.parseBody();
      const lineId = String(form.line ?? '');
      const said = form.sure === 'yes' ? null : summary(c, await offersFor(web.db, acting.subjectId), lineId);
      if (said !== null)
        return c.html(portalPage(c, { title: '选择一项', body: said, for: subject, back: { path: '/my/choices', label: '选择一项' } }));
      const id = isUuid(lineId) ? lineId : '00000000-0000-0000-0000-000000000000';
      const by = { at: c.get('now'), actor: visitorIn(c).personId ?? `visit:${visitorIn(c).visitId}`, role: acting.as };
      await transaction(web.db, (tx) =>
        chooseItem(tx, { lineId: id, scope: everything, subjectId: acting.subjectId, reason: '在网上自己选的', ...by }),
      );
      return c.redirect('/my/choices', 303);
    });
