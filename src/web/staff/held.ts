// Held deliveries on the pages: what waits, why, the difference by division, and the yes or no of a steward who did not bring it.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { decideDelivery } from '../../record/decide.ts';
import { heldWords } from '../../record/held-words.ts';
import type { Diff } from '../../record/hold.ts';
import type { DeliveryRow } from '../../record/store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type Html, table } from '../view.ts';
import { countText } from '../words.ts';
import { uuidOr404 } from './parts.ts';

/** What waits, above the list of datasets; nothing when nothing waits. */
export const heldNotice = (held: readonly DeliveryRow[], title: (dataset: string) => string): Html | string =>
  held.length === 0
    ? ''
    : html`<h2>等人核对的交付</h2>${table<DeliveryRow>(
        [
          { title: '数据集', cell: (d) => html`<a href="/staff/deliveries/${d.id}">${title(d.dataset)}</a>` },
          { title: '数据日期', cell: (d) => dayText(d.asOf) },
          { title: '范围', cell: (d) => d.scope.division ?? '全部' },
          { title: '为什么', long: true, cell: (d) => (d.held === null ? '' : (heldWords(d.held)[1] ?? '')) },
        ],
        held,
        '',
      )}`;

type Line = Diff | Diff['divisions'][number];

const diffTable = (diff: Diff, place: (code: string) => string): Html =>
  table<{ readonly name: string; readonly one: Line }>(
    [
      { title: '区划', cell: ({ name }) => name },
      { title: '原有', figure: true, cell: ({ one }) => countText(one.before) },
      { title: '不再列入', figure: true, cell: ({ one }) => countText(one.dropped) },
      { title: '内容改动', figure: true, cell: ({ one }) => countText(one.changed) },
      { title: '新列入', figure: true, cell: ({ one }) => countText(one.added) },
    ],
    [{ name: '合计', one: diff }, ...diff.divisions.map((one) => ({ name: one.division === '' ? '区划不明' : place(one.division), one }))],
    '',
  );

const examples = (name: string, ids: readonly string[]): Html | string =>
  ids.length === 0
    ? ''
    : html`<p>${name}，例如：${ids.slice(0, 5).map((id, i) => html`${i === 0 ? '' : '、'}<a href="/staff/people/${id}">第 ${i + 1} 份</a>`)}</p>`;

const decisionForm = (
  delivery: DeliveryRow,
  csrf: string,
): Html => html`<form method="post" action="/staff/deliveries/${delivery.id}/decision">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="seen" value="${delivery.held?.digests.join(',') ?? ''}">
<label for="reason">理由（核对了什么、问了谁）</label><input id="reason" type="text" name="reason" required minlength="2" maxlength="500">
<button name="answer" value="accept">放行</button> <button name="answer" value="reject" class="button quiet">否决</button></form>`;

/** The part of a delivery's page that speaks of holding. `mayDecide`: a steward who did not bring it. */
export const heldSection = (
  delivery: DeliveryRow,
  place: (code: string) => string,
  form: { readonly csrf: string; readonly mayDecide: boolean },
): Html | string => {
  if (delivery.state !== 'held' || delivery.held === null)
    return delivery.decision === null ? '' : html`<p>决定：${delivery.state === 'rejected' ? '否决' : '放行'}，${delivery.decision}。</p>`;
  const { held } = delivery;
  return html`<h2>等人核对</h2>${heldWords(held).map((line) => html`<p>${line}</p>`)}
${held.diff === null ? '' : html`${diffTable(held.diff, place)}${examples('不再列入的', held.diff.samples.dropped)}${examples('内容改动的', held.diff.samples.changed)}`}
${form.mayDecide ? decisionForm(delivery, form.csrf) : html`<p>由报送人以外的数据管理员决定。</p>`}`;
};

export const heldPages = (web: WebContext) =>
  new Hono<Env>().post('/staff/deliveries/:id/decision', access('steward'), async (c) => {
    const { userId, scope } = staffOf(c);
    const form = await c.req.parseBody();
    const deliveryId = uuidOr404(c.req.param('id'), '交付');
    const answer = form.answer === 'accept' ? 'accept' : 'reject';
    const seen = String(form.seen ?? '')
      .split(',')
      .filter((one) => one !== '');
    const decision = { deliveryId, answer, by: userId, role: 'steward', reason: String(form.reason ?? ''), scope, seen } as const;
    await decideDelivery(web.db, await web.catalogue(), decision, { now: c.get('now') });
    return c.redirect(`/staff/deliveries/${deliveryId}`, 303);
  });
