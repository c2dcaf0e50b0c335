// 名单核对: names of delivered lists that nobody was found for, or more than one, and who each may be. A steward settles each once.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { settleName } from '../../record/names.ts';
import { nameGaps, openNames, type WorkRow } from '../../record/names-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { csrfToken } from '../guard.ts';
import { gapTexts } from '../lists.ts';
import { businessRoles } from '../role.ts';
import { type Html, table } from '../view.ts';
import { personName, tailText } from '../words.ts';
import { dataLinks, rowForm } from './data-parts.ts';
import { staffPage } from './frame.ts';
import { uuidOr404 } from './parts.ts';

const shownRows = 200;

const candidates = ({ register, bearers }: WorkRow): Html | string =>
  bearers.length === 0
    ? '无人同名'
    : html`${bearers.map((b, i) => html`${i === 0 ? '' : '；'}<a href="/staff/people/${b.subjectId}">${personName(register, b.name)}</a>`)}`;

/** Each candidate is a choice of its own, and so is nobody: settled once, with a reason. */
const settleForm = ({ deliveryId, line, register, bearers }: WorkRow, csrf: string): Html => {
  const id = `s-${deliveryId.slice(0, 8)}-${line}`;
  return rowForm(
    '/staff/names/settle',
    csrf,
    html`<input type="hidden" name="delivery" value="${deliveryId}"><input type="hidden" name="line" value="${line}">
<div><label for="${id}">是谁</label><select id="${id}" name="subject" required><option value="">请选</option>${bearers.map(
      (b) => html`<option value="${b.subjectId}">${personName(register, b.name)}（${tailText(b.key)}）</option>`,
    )}<option value="none">登记库里没有</option></select></div>
<div><label for="${id}-r">理由</label><input id="${id}-r" name="reason" type="text" required minlength="2" maxlength="500"></div><button>认定</button>`,
  );
};

export const namePages = (web: WebContext) =>
  new Hono<Env>()
    .post('/staff/names/settle', access('steward'), async (c) => {
      const { userId, scope } = staffOf(c);
      const form = await c.req.parseBody();
      const subject = String(form.subject ?? '');
      if (subject === '') fail('input.value', '/subject', '没有选是谁。', '选一个对象，或“登记库里没有”。');
      const decision = {
        deliveryId: uuidOr404(String(form.delivery ?? ''), '交付'),
        line: Number(form.line),
        subjectId: subject === 'none' ? null : uuidOr404(subject, '对象'),
        reason: String(form.reason ?? ''),
      };
      await settleName(web.db, await web.catalogue(), { ...decision, by: userId, role: 'steward', scope }, c.get('now'));
      return c.redirect('/staff/names', 303);
    })
    .get('/staff/names', access(...businessRoles), async (c) => {
      const catalogue = await web.catalogue();
      const byName = catalogue.datasets.filter((d) => d.keyedBy === 'name');
      const titles = new Map(byName.map((d) => [d.id, d.title]));
      const gaps = await nameGaps(web.db, [...titles.keys()]);
      const rows = await openNames(web.db, { scope: staffOf(c).scope, limit: shownRows });
      const { roles, sessionToken } = staffOf(c);
      const csrf = roles.includes('steward') ? csrfToken(web.secret, sessionToken) : null;
      const body = html`<h1>名单核对</h1>${dataLinks('/staff/names')}
<p class="lead">按名称报送的名单里还没有对上的名称，最多列 ${shownRows} 个。由数据管理员认定一次，以后的名单照此对上；认定之前，可能指的对象作待核。</p>
${gapTexts(gaps, catalogue).map((text) => html`<p class="note">${text}。</p>`)}
${table<WorkRow>(
  [
    { title: '名单', long: true, cell: (row) => row.list?.title ?? titles.get(row.dataset) ?? row.dataset },
    { title: '数据日期', cell: (row) => dayText(row.asOf) },
    { title: '行', figure: true, cell: (row) => row.line },
    { title: '名单上的名称', long: true, cell: (row) => personName(row.register, row.name) },
    { title: '可能是', long: true, cell: candidates },
    ...(csrf === null ? [] : [{ title: '认定', long: true, cell: (row: WorkRow) => settleForm(row, csrf) }]),
  ],
  rows,
  '您的范围内，名单上的名称都已对上。',
)}`;
      return c.html(staffPage(c, web, '名单核对', body));
    });
