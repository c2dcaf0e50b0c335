// 我还可能享受: policies nearly met, and what would change it. Decided anew from the reader's own sealed record; nothing is written, and nothing is promised.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { everything } from '../../base/scope.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type NearItem, nearItems } from '../person-near.ts';
import type { Html } from '../view.ts';
import { portalPage } from './frame.ts';
import { visitFor } from './visit.ts';

const shownItems = 10;
const shownWays = 3;

const row = (one: NearItem): Html =>
  html`<li><div class="row">${
    one.amountFen === null ? '' : html`<span class="figure">约 ${formatYuan(one.amountFen)}</span>`
  }<strong>${one.title}</strong><span class="source">${one.authority}</span>${
    one.ways.length === 1
      ? html`<p>${one.ways[0]}</p>`
      : html`<p>满足下面一条就可以：</p><ul>${one.ways.slice(0, shownWays).map((way) => html`<li>${way}</li>`)}</ul>`
  }<a class="tap" href="/my/items/${one.itemId}">看每一条</a></div></li>`;

const page = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { acting, subject } = await visitFor(c, web, 'view');
  const found = await nearItems(web, acting.subjectId, everything);
  const body = html`<h1>我还可能享受</h1>
<p class="lead">按部门现有的数据比对。${found.length === 0 ? '' : '下面几项只差一点，'}情况变了会自动重新比对，不用申请。</p>
${
  found.length === 0
    ? html`<p class="empty">现在没有只差一点的事项。全部政策在“查政策”里。</p><p><a class="button quiet" href="/items">查政策</a></p>`
    : html`<ul class="list">${found.slice(0, shownItems).map(row)}</ul><p class="hint">金额是按现在的标准估算，以到时候核定的为准。</p>`
}`;
  return portalPage(c, { title: '我还可能享受', for: subject, back: { path: '/my', label: '我的待遇' }, body });
};

export const nearPages = (web: WebContext) => new Hono<Env>().get('/my/near', access('visitor'), async (c) => c.html(await page(c, web)));
