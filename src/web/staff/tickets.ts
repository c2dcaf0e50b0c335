// 校核单: what departments are asked to check in their own data, by department; their answers entered, and settled by those who asked.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { transaction } from '../../db/handle.ts';
import { type Subject, subjectsOf } from '../../record/view-store.ts';
import { listTickets, ticketsByDepartment, toldOf } from '../../ticket/store.ts';
import { answerTicket, settleTicket, type Ticket, ticketOutcomeNames, ticketStateNames, ticketStates } from '../../ticket/ticket.ts';
import type { PersonTold } from '../../vault/told.ts';
import { access, type Env, staffOf } from '../access.ts';
import { factLabel } from '../attest.ts';
import type { WebContext } from '../context.ts';
import { csrfToken } from '../guard.ts';
import { businessRoles } from '../role.ts';
import { badge, type Html, select, table } from '../view.ts';
import { countText, dayAt, shown } from '../words.ts';
import { dataLinks, rowForm } from './data-parts.ts';
import { staffPage } from './frame.ts';
import { chosen, given, placesIn, subjectLink, uuidOr404 } from './parts.ts';

const shownRows = 100;
const stateKinds = { open: 'open', answered: 'plain', settled: 'good' } as const;

type Department = Awaited<ReturnType<typeof ticketsByDepartment>>[number];

const departmentTable = (rows: readonly Department[]): Html =>
  table<Department>(
    [
      {
        title: '部门',
        cell: (one) => html`<a href="/staff/tickets?department=${encodeURIComponent(one.department)}">${one.department}</a>`,
      },
      { title: '待答复', figure: true, cell: (one) => countText(one.open) },
      { title: '已答复', figure: true, cell: (one) => countText(one.answered) },
      { title: '已办结', figure: true, cell: (one) => countText(one.settled) },
      { title: '最早的待答复', cell: (one) => (one.oldestOpen === null ? '—' : dayText(dayAt(one.oldestOpen))) },
    ],
    rows,
    '没有校核单。有人录入核定时，会自动请来源部门校核。',
  );

interface Acting {
  readonly csrf: string;
  readonly answers: boolean;
  readonly settles: boolean;
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly told: ReadonlyMap<string, PersonTold>;
}

const actsOf = (one: Ticket, { csrf, answers, settles }: Acting): Html | string => {
  if (one.state === 'settled') return one.outcome === null ? '' : ticketOutcomeNames[one.outcome];
  const answer = answers
    ? rowForm(
        `/staff/tickets/${one.id}/answer`,
        csrf,
        html`<div><label for="a-${one.id}">部门的答复</label><input id="a-${one.id}" name="answer" type="text" required minlength="2" maxlength="600"></div><button>记下答复</button>`,
      )
    : '';
  const settle = settles
    ? rowForm(
        `/staff/tickets/${one.id}/settle`,
        csrf,
        html`<button class="button quiet" name="outcome" value="corrected">来源已更正</button><button class="button quiet" name="outcome" value="kept">来源核实无误</button>`,
      )
    : '';
  return answers || settles ? html`<details><summary>办理</summary>${answer}${settle}</details>` : '';
};

const openedCell = (one: Ticket): Html | string => {
  const on = dayText(dayAt(one.openedAt));
  return one.attestationId === null
    ? html`${on}<span class="own">本人反映</span>`
    : html`<a href="/staff/attestations/${one.attestationId}">${on}</a>`;
};

/** What the person said, for those who put the question to the department. */
const toldBlock = (one: Ticket, told: PersonTold | undefined): Html | string =>
  told === undefined
    ? ''
    : html`<details><summary>本人怎么说</summary><dl><div><dt>登记的是</dt><dd>${shown(told.seen)}</dd></div><div><dt>应该是</dt><dd>${shown(told.wanted)}</dd></div>${
        told.note === '' ? '' : html`<div><dt>说明</dt><dd>${shown(told.note)}</dd></div>`
      }<div><dt>电话</dt><dd>${shown(told.phone)}</dd></div></dl>${
        one.document === null ? '' : html`<a href="/api/tickets/${one.id}/document">下载材料（会留痕）</a>`
      }</details>`;

const ticketTable = (rows: readonly Ticket[], catalogue: Catalogue, place: (code: string | null) => string, acting: Acting): Html =>
  table<Ticket>(
    [
      {
        title: '请核实',
        cell: (one) =>
          html`${one.question}<span class="own">${factLabel(catalogue, one.register, one.fact)}</span>${toldBlock(one, acting.told.get(one.id))}`,
      },
      { title: '部门', long: true, cell: (one) => one.department },
      { title: '对象', cell: (one) => subjectLink(acting.subjects, one.subjectId) },
      { title: '地区', long: true, cell: (one) => place(one.division) },
      { title: '提出', cell: openedCell },
      { title: '期限', cell: (one) => (one.dueOn === null ? '—' : dayText(one.dueOn)) },
      { title: '状态', cell: (one) => badge(stateKinds[one.state], ticketStateNames[one.state]) },
      { title: '答复', long: true, cell: (one) => one.answer ?? '—' },
      { title: '办理', long: true, cell: (one) => actsOf(one, acting) },
    ],
    rows,
    '没有这样的校核单。',
  );

/** Back to the list as it was filtered. */
const back = (c: Context<Env>): Response => c.redirect('/staff/tickets', 303);

export const ticketPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/tickets', access(...businessRoles), async (c) => {
      const { scope, roles, sessionToken } = staffOf(c);
      const ask = { department: given(c.req.query('department')), state: chosen(c.req.query('state'), ticketStates) };
      const [departments, rows, catalogue, place] = await Promise.all([
        ticketsByDepartment(web.db, scope),
        listTickets(web.db, { scope, ...ask, limit: shownRows }),
        web.catalogue(),
        placesIn(web),
      ]);
      const subjects = await subjectsOf(
        web.db,
        rows.map((one) => one.subjectId),
      );
      const reviewer = roles.includes('reviewer');
      const acting = {
        csrf: csrfToken(web.secret, sessionToken),
        answers: reviewer || roles.includes('steward'),
        settles: reviewer,
        subjects,
        told:
          reviewer || roles.includes('steward')
            ? await toldOf(
                web.db,
                rows.map((one) => one.id),
              )
            : new Map(),
      };
      const options = <T extends string>(values: readonly T[], label: (value: T) => string) =>
        values.map((value) => ({ value, label: label(value) }));
      const body = html`<h1>校核单</h1>${dataLinks('/staff/tickets')}
<p class="lead">请数源部门校核自己的数据：录入核定时自动提出，来源更正后自动办结；本人在网上反映的也列在这里，办结时告知本人。${acting.answers ? html`<a href="/api/tickets/export">下载表格</a>发给部门，收到答复后记在这里。` : ''}</p>
${departmentTable(departments)}
<h2>逐条</h2><form class="inline" method="get" action="/staff/tickets">${select(
        'department',
        '部门',
        options(
          departments.map((one) => one.department),
          (value) => value,
        ),
        ask.department,
      )}${select(
        'state',
        '状态',
        options(ticketStates, (value) => ticketStateNames[value]),
        ask.state,
      )}<button>看</button></form>
${ticketTable(rows, catalogue, place, acting)}${rows.length < shownRows ? '' : html`<p class="hint">只列 ${shownRows} 条；选一个部门看其余的，或下载表格。</p>`}`;
      return c.html(staffPage(c, web, '校核单', body));
    })
    .post('/staff/tickets/:id/answer', access('steward', 'reviewer'), async (c) => {
      const { userId, roles, scope } = staffOf(c);
      const answer = String((await c.req.parseBody()).answer ?? '');
      const ask = { id: uuidOr404(c.req.param('id'), '校核单'), scope, answer };
      await transaction(web.db, (tx) => answerTicket(tx, ask, { id: userId, role: roles.join(',') }, c.get('now')));
      return back(c);
    })
    .post('/staff/tickets/:id/settle', access('reviewer'), async (c) => {
      const { userId, roles, scope } = staffOf(c);
      const outcome = (await c.req.parseBody()).outcome === 'kept' ? ('kept' as const) : ('corrected' as const);
      const ask = { id: uuidOr404(c.req.param('id'), '校核单'), scope, outcome };
      await transaction(web.db, (tx) => settleTicket(tx, ask, { id: userId, role: roles.join(',') }, c.get('now')));
      return back(c);
    });
