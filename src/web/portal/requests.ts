// 我提的事: everything the reader asked of the office, with its number, by when it is answered, and the answer.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { everything } from '../../base/scope.ts';
import { listObjections, type Objection, objectionKinds, objectionStates } from '../../disbursement/objection-store.ts';
import { toldAbout } from '../../ticket/store.ts';
import type { Ticket } from '../../ticket/ticket.ts';
import { actorOf } from '../../visitor/visitor.ts';
import { access, type Env, visitorIn } from '../access.ts';
import { factLabel } from '../attest.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { badge, type Html } from '../view.ts';
import { dayAt, shown } from '../words.ts';
import { periodOf, portalPage } from './frame.ts';
import { visitFor } from './visit.ts';

/** What people read out on the phone. */
const numberOf = (id: string): string => id.slice(0, 8).toUpperCase();

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly title: string;
  readonly about: string;
  readonly open: boolean;
  readonly state: string;
  readonly dueOn: string | null;
  readonly answer: string | null;
}

const objectionRow = (one: Objection, titles: ReadonlyMap<string, string>): Row => ({
  id: one.id,
  at: one.filedAt,
  title: objectionKinds[one.kind],
  about: `${titles.get(one.itemId) ?? ''}${one.periodKey === null ? '' : `，${periodOf(one.periodKey)}`}`,
  open: one.state === 'open',
  state: one.state === 'open' ? '正在看' : one.kind === 'human' && one.state === 'rejected' ? '结论不变' : objectionStates[one.state],
  dueOn: one.dueOn,
  answer: one.reason,
});

const ticketRowOf = (one: Ticket, label: string, title: string): Row => ({
  id: one.id,
  at: one.openedAt,
  title: '数据不对',
  about: `${label}（${one.department}），${title}`,
  open: one.state !== 'settled',
  state:
    one.outcome === 'corrected'
      ? '来源已更正'
      : one.outcome === 'kept'
        ? '来源核实无误'
        : one.state === 'answered'
          ? '部门已答复'
          : '部门在核对',
  dueOn: one.state === 'open' ? one.dueOn : null,
  answer: one.answer,
});

const rowOf = (one: Row): Html =>
  html`<li><strong>${one.title}</strong>：${one.about}<br>${badge(one.open ? 'open' : 'good', one.state)}${
    one.open && one.dueOn !== null ? ` ${dayText(one.dueOn)}前答复` : ''
  }${one.answer === null ? '' : html`<p class="note">答复：${shown(one.answer)}</p>`}<span class="source">受理号 ${numberOf(one.id)}，${dayText(dayAt(one.at))}提出</span></li>`;

const page = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { acting, subject } = await visitFor(c, web, 'view');
  const { subjectId } = acting;
  const by = actorOf(visitorIn(c)).id;
  const ask = { scope: everything, limit: 50 };
  const [items, tickets, own, human, filed] = await Promise.all([
    itemsFor(web, everything),
    toldAbout(web.db, subjectId, 50),
    listObjections(web.db, { ...ask, kind: 'own', subjectId }),
    listObjections(web.db, { ...ask, kind: 'human', subjectId }),
    acting.as === 'own' || acting.as === 'legal' ? listObjections(web.db, { ...ask, kind: 'public', filedBy: by }) : { rows: [] },
  ]);
  const titles = titlesIn(items);
  const catalogue = tickets.length === 0 ? null : await web.catalogue();
  const labelOf = (one: Ticket) => (catalogue === null ? '' : factLabel(catalogue, one.register, one.fact));
  const told = tickets.map((one) => ticketRowOf(one, labelOf(one), titles.get(one.itemId ?? '') ?? ''));
  const rows = [...told, ...[...own.rows, ...human.rows, ...filed.rows].map((one) => objectionRow(one, titles))].sort(
    (a, b) => b.at.getTime() - a.at.getTime(),
  );
  const waiting = rows.filter((one) => one.open).length;
  const body = html`<h1>我提的事</h1>
${
  rows.length === 0
    ? html`<p class="empty">还没有提过。数据不对、结论不对，可以在每一项待遇的页面里提出。</p>`
    : html`<p class="lead">${waiting === 0 ? '都已经答复。' : `${waiting} 件在办，答复会告知您，也写在这里。`}</p><ul class="list">${rows.map(rowOf)}</ul>`
}`;
  return portalPage(c, { title: '我提的事', for: subject, back: { path: '/my', label: '我的待遇' }, body });
};

export const requestPages = (web: WebContext) =>
  new Hono<Env>().get('/my/requests', access('visitor'), async (c) => c.html(await page(c, web)));
