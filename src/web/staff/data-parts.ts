// What the pages about data share: the row of links between them, and a form that changes something.
import { html } from 'hono/html';
import type { Html } from '../view.ts';

const places = [
  ['/staff/data', '数据集'],
  ['/staff/quality', '数据质量'],
  ['/staff/names', '名单核对'],
  ['/staff/attestations', '人工核定'],
  ['/staff/tickets', '校核单'],
  ['/staff/retention', '保存期'],
] as const;

/** Under the heading of each of them; the one at hand is no link. */
export const dataLinks = (here: (typeof places)[number][0]): Html =>
  html`<p class="small">${places.map(([path, label], i) => html`${i === 0 ? '' : ' · '}${path === here ? html`<strong>${label}</strong>` : html`<a href="${path}">${label}</a>`}`)}</p>`;

/** A form of its own per row: what is decided, one line of why, one button per answer. */
export const rowForm = (action: string, csrf: string, body: Html): Html =>
  html`<form class="inline" method="post" action="${action}"><input type="hidden" name="csrf" value="${csrf}">${body}</form>`;
