// The notice desk: who is to be told on paper or by telephone, village by village, and ticking off what was handed over.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { transaction } from '../../db/handle.ts';
import { tickLetter } from '../../notice/hear-store.ts';
import { waitingLetters } from '../../notice/letters-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { csrfToken, problemsOf } from '../guard.ts';
import { mostLetters } from '../notice-desk.ts';
import { crumb, type Html, problemBox, table } from '../view.ts';
import { countText } from '../words.ts';
import { staffPage } from './frame.ts';
import { placesIn } from './parts.ts';

interface Village {
  readonly code: string;
  readonly count: number;
}

const tickForm = (csrf: string): Html => html`<h2>送达销号</h2>
<form method="post" action="/staff/notice-desk/tick"><input type="hidden" name="csrf" value="${csrf}">
<label for="code">查验码（回执上的 12 位）</label><input id="code" name="code" type="text" maxlength="40" autocomplete="off" required>
<label for="outcome">结果</label><select id="outcome" name="outcome"><option value="handed">已送到</option><option value="failed">没有送到</option></select>
<label for="why">送到谁，或为什么没有送到</label><input id="why" name="why" type="text" maxlength="200">
<p><button>销号</button></p></form>`;

const deskBody = (villages: readonly Village[], place: (code: string | null) => string, csrf: string, said: Html | string): Html =>
  html`${crumb('/staff/notices', '告知')}<h1>当面和电话告知</h1>
<p class="lead">没有邮箱、手机，或者发不到的，打印出来当面送，或照电话单打电话。送到以后按查验码销号；从销号那天起算，才算告知。</p>${said}
${table<Village>(
  [
    { title: '村（社区）', cell: (one) => (one.code === '' ? '没有登记村（社区）' : place(one.code)) },
    { title: '待送达', figure: true, cell: (one) => countText(one.count) },
    { title: '信', cell: (one) => html`<a href="/api/notice-letters?division=${one.code}">打印信</a>` },
    { title: '电话单', cell: (one) => html`<a href="/api/notice-calls?division=${one.code}">下载表格</a>` },
  ],
  villages,
  '没有待当面送达的告知。',
)}${tickForm(csrf)}`;

export const noticeDeskPages = (web: WebContext) => {
  const desk = async (staff: ReturnType<typeof staffOf>, said: Html | string = ''): Promise<Html> => {
    const letters = await waitingLetters(web.db, { scope: staff.scope, division: null, limit: mostLetters });
    const villages = [...Map.groupBy(letters, (one) => one.village)].map(([code, own]) => ({ code, count: own.length }));
    return deskBody(villages, await placesIn(web), csrfToken(web.secret, staff.sessionToken), said);
  };
  return new Hono<Env>()
    .get('/staff/notice-desk', access('reviewer'), async (c) => c.html(staffPage(c, web, '当面告知', await desk(staffOf(c)))))
    .post('/staff/notice-desk/tick', access('reviewer'), async (c) => {
      const staff = staffOf(c);
      const form = await c.req.parseBody();
      const text = (name: string): string => String(form[name] ?? '').trim();
      const outcome = text('outcome') === 'failed' ? 'failed' : 'handed';
      const ask = {
        by: { code: text('code') },
        outcome,
        actor: staff.userId,
        role: 'reviewer',
        scope: staff.scope,
        at: c.get('now'),
      } as const;
      try {
        await transaction(web.db, (tx) => tickLetter(tx, { ...ask, ...(text('why') === '' ? {} : { why: text('why').slice(0, 200) }) }));
      } catch (error) {
        return c.html(staffPage(c, web, '当面告知', await desk(staff, problemBox(problemsOf(error)))), 400);
      }
      const said = html`<div class="good" role="status">已销号：${outcome === 'handed' ? '送到' : '没有送到'}。</div>`;
      return c.html(staffPage(c, web, '当面告知', await desk(staff, said)));
    });
};
