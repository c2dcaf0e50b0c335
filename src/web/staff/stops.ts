// What waits for a person when somebody is to be stopped or has died: proposals and orders, due money that waits for an heir, heirs to be confirmed.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { maskAccount, maskName } from '../../base/codes.ts';
import { dayText } from '../../base/day.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { type Heir, heirRelations, heirStates, listHeirs } from '../../disbursement/heir-store.ts';
import { listStops, type StopOrder, stopKinds, stopStates } from '../../disbursement/stop-store.ts';
import { listDisbursements } from '../../disbursement/store.ts';
import { type Subject, subjectsOf } from '../../record/view-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { csrfToken } from '../guard.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { businessRoles } from '../role.ts';
import { doHeir, doStop, stopRoles } from '../stop-acts.ts';
import { badge, type Html, table } from '../view.ts';
import { periodText, shown } from '../words.ts';
import { staffPage } from './frame.ts';
import { subjectLink, uuidOr404, yuanCell } from './parts.ts';

interface View {
  readonly stops: readonly StopOrder[];
  readonly deceased: readonly Disbursement[];
  readonly heirs: readonly Heir[];
  readonly titles: ReadonlyMap<string, string>;
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly user: string;
  readonly csrf: string;
  readonly mayAct: boolean;
}

const most = 100;

const form = (view: View, path: string, id: string, buttons: readonly (readonly [string, string])[], reason: boolean): Html =>
  html`<form class="inline" method="post" action="/staff/stops/${path}/${id}"><input type="hidden" name="csrf" value="${view.csrf}">
${reason ? html`<label for="reason-${id}">理由</label><input id="reason-${id}" type="text" name="reason" maxlength="500">` : ''}
${buttons.map(([value, label]) => html`<button name="act" value="${value}">${label}</button> `)}</form>`;

const stopActs = (view: View, one: StopOrder): Html | string => {
  if (!view.mayAct) return '';
  if (one.state === 'proposed') return form(view, 'orders', one.id, [['refuse', '不停发']], true);
  if (one.state !== 'asked') return '';
  const second: readonly (readonly [string, string])[] = one.askedBy === view.user ? [] : [['confirm', '确认停发']];
  return form(view, 'orders', one.id, [...second, ['refuse', '退回']], true);
};

const heirActs = (view: View, one: Heir): Html | string => {
  if (!view.mayAct || (one.state !== 'named' && one.state !== 'confirmed')) return '';
  const second: readonly (readonly [string, string])[] = one.state === 'named' && one.namedBy !== view.user ? [['confirm', '确认']] : [];
  return form(view, 'heirs', one.id, [...second, ['drop', one.state === 'named' ? '退回' : '撤回']], true);
};

const body = (view: View): Html => {
  const titleOf = (id: string): string => view.titles.get(id) ?? id;
  const person = (id: string): Html => subjectLink(view.subjects, id);
  return html`<h1>停发和继承人</h1>
<p class="lead">停发由人决定，机器只提示。最后一天所在的一期照常发放，以后的不再发放；恢复时补发。</p>
<h2>停发</h2>
${table<StopOrder>(
  [
    { title: '事项', cell: (one) => titleOf(one.itemId) },
    { title: '谁', cell: (one) => person(one.subjectId) },
    { title: '原因', long: true, cell: (one) => `${stopKinds[one.kind]}：${shown(one.reason)}` },
    { title: '最后一天', cell: (one) => dayText(one.lastOn) },
    {
      title: '状态',
      cell: (one) =>
        badge(
          one.state === 'standing' ? 'bad' : one.state === 'proposed' || one.state === 'asked' ? 'open' : 'plain',
          stopStates[one.state],
        ),
    },
    { title: '办理', long: true, cell: (one) => stopActs(view, one) },
  ],
  view.stops,
  '没有停发。部门数据说已去世、迁出，或有人提出停发，会列在这里等人决定。',
)}
<h2>去世当月应发、等继承人的</h2>
${table<Disbursement>(
  [
    { title: '事项', cell: (one) => html`<a href="/staff/disbursements/${one.id}">${one.basis.title}</a>` },
    { title: '期别', cell: (one) => periodText(one.periodKey) },
    { title: '谁', cell: (one) => person(one.subjectId) },
    { title: '金额', cell: (one) => yuanCell(one.amountFen), figure: true },
    { title: '最迟', cell: (one) => (one.dueOn === null ? '—' : dayText(one.dueOn)) },
  ],
  view.deceased,
  '没有在等的。去世当月还有应发的，会列在这里，登记继承人以后发给继承人。',
)}
<h2>继承人和照料人</h2>
${table<Heir>(
  [
    { title: '事项', cell: (one) => titleOf(one.itemId) },
    { title: '为谁', cell: (one) => person(one.subjectId) },
    { title: '关系', cell: (one) => heirRelations[one.relation] },
    { title: '姓名', cell: (one) => html`<bdi>${maskName(one.person.name)}</bdi>` },
    { title: '账户', cell: (one) => `尾号 ${maskAccount(one.person.account).slice(-4)}` },
    {
      title: '状态',
      cell: (one) => badge(one.state === 'confirmed' ? 'good' : one.state === 'named' ? 'open' : 'plain', heirStates[one.state]),
    },
    { title: '办理', long: true, cell: (one) => heirActs(view, one) },
  ],
  view.heirs,
  '没有登记的。',
)}`;
};

export const stopPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/stops', access(...businessRoles), async (c) => {
      const staff = staffOf(c);
      const { scope } = staff;
      const [stops, deceased, heirs, items] = await Promise.all([
        listStops(web.db, { scope, limit: most }),
        listDisbursements(web.db, { scope, filter: { state: 'deceased' }, limit: most }),
        listHeirs(web.db, { scope, limit: most }),
        itemsFor(web, scope),
      ]);
      const subjects = await subjectsOf(
        web.db,
        [...stops.rows, ...deceased.rows, ...heirs.rows].map((one) => one.subjectId),
      );
      const view = { stops: stops.rows, deceased: deceased.rows, heirs: heirs.rows, titles: titlesIn(items), subjects };
      const mayAct = staff.roles.some((role) => stopRoles.includes(role));
      return c.html(
        staffPage(c, web, '停发和继承人', body({ ...view, user: staff.userId, csrf: csrfToken(web.secret, staff.sessionToken), mayAct })),
      );
    })
    .post('/staff/stops/:queue/:id', access(...stopRoles), async (c) => {
      const id = uuidOr404(c.req.param('id'), '这一件');
      const given = await c.req.parseBody();
      const reason = String(given.reason ?? '');
      const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
      const [queue, act] = [c.req.param('queue'), String(given.act ?? '')];
      if (queue === 'orders' && act === 'confirm') await doStop(context, staffOf(c), { act: 'confirm', id });
      else if (queue === 'orders' && act === 'refuse') await doStop(context, staffOf(c), { act: 'refuse', id, reason });
      else if (queue === 'heirs' && act === 'confirm') await doHeir(context, staffOf(c), { act: 'confirm', id });
      else if (queue === 'heirs' && act === 'drop') await doHeir(context, staffOf(c), { act: 'drop', id, reason });
      else return notFound('这一件');
      return c.redirect('/staff/stops', 303);
    });
