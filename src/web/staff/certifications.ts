// 资格认证 for staff: the visit list by village to print or take along as a file, a form to tick one answer in, and the filled-in file back.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { fail, ProblemError, problem } from '../../base/problem.ts';
import { type CertificationState, certificationStates, visitResults, visitWays } from '../../certification/certification.ts';
import type { Listed } from '../../certification/store.ts';
import { importVisits } from '../../certification/visit-list.ts';
import { bytesContent } from '../../sheet/content.ts';
import { access, type Env, staffOf } from '../access.ts';
import { certificationKinds, doVisit, turnsFor, visitBody, visitRoles, visitStates } from '../certify.ts';
import type { WebContext } from '../context.ts';
import { csrfToken } from '../guard.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { actOf } from '../life.ts';
import { businessRoles } from '../role.ts';
import { badge, type Choice, type Html, select, table } from '../view.ts';
import { countText, personName, tailText } from '../words.ts';
import { staffPage } from './frame.ts';
import { chosen, given, placesIn, yuanCell } from './parts.ts';

const shownRows = 500;
const kinds: Readonly<Record<CertificationState, 'good' | 'bad' | 'open' | 'plain'>> = {
  open: 'plain',
  visiting: 'open',
  suspended: 'bad',
  deceased: 'bad',
  certified: 'good',
  void: 'plain',
};

const turnTable = (rows: readonly Listed[], codes: boolean): Html =>
  table<Listed>(
    [
      { title: '核查码', cell: (one) => html`<code>${codes ? one.code : '—'}</code>` },
      {
        title: '姓名',
        cell: (one) => html`<a href="/staff/people/${one.subjectId}"><bdi>${personName(one.register, one.name)}</bdi></a>`,
      },
      { title: '证件', cell: (one) => tailText(one.key) },
      { title: '事项', long: true, cell: (one) => one.title },
      { title: '期限', cell: (one) => dayText(one.dueOn) },
      { title: '现在', cell: (one) => badge(kinds[one.state], certificationStates[one.state].text) },
      {
        title: '暂停',
        figure: true,
        cell: (one) =>
          one.pausedCount === 0 ? '—' : html`${yuanCell(one.pausedFen)}<span class="own">${countText(one.pausedCount)} 期</span>`,
      },
      {
        title: '上次核查',
        long: true,
        cell: (one) =>
          one.lastResult === null || one.lastVisitOn === null
            ? '—'
            : `${dayText(one.lastVisitOn)} ${visitResults[one.lastResult as keyof typeof visitResults]}`,
      },
    ],
    rows,
    '没有这样的资格认证。事项规则要求定期认证的，快到期时每夜自动列入。',
  );

/** A table per village; whole names stand in the list that is taken along, which leaves a trace. */
const villages = (rows: readonly Listed[], place: (code: string | null) => string, codes: boolean): Html =>
  rows.length === 0
    ? turnTable([], codes)
    : html`${[...Map.groupBy(rows, (one) => one.division)].map(([division, own]) => html`<h2>${place(division)}（${countText(own.length)}）</h2>${turnTable(own, codes)}`)}`;

const options = (names: Readonly<Record<string, string>>) => Object.entries(names).map(([value, label]) => ({ value, label }));

/** To be filled in, not to filter by: no 全部, and whether somebody is alive is never chosen beforehand. */
const pick = (name: string, label: string, choices: readonly Choice[]): Html =>
  html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}" required><option value="">请选择</option>${choices.map((one) => html`<option value="${one.value}">${one.label}</option>`)}</select></div>`;

const visitForms = (csrf: string): Html => html`<h2>登记核查</h2>
<form method="post" action="/staff/certifications/visits"><input type="hidden" name="csrf" value="${csrf}">
<div><label for="code">核查码</label><input id="code" name="code" type="text" required maxlength="20" autocomplete="off"></div>
${pick('result', '结果', options(visitResults))}${pick('way', '方式', options(visitWays))}
<div><label for="visitedOn">核查日期</label><input id="visitedOn" name="visitedOn" type="date" required></div>
<div><label for="visitor">核查人</label><input id="visitor" name="visitor" type="text" required maxlength="40"></div>
<div><label for="note">核查情况</label><input id="note" name="note" type="text" maxlength="600"></div>
<div><label for="diedOn">去世日期（结果是已去世才填）</label><input id="diedOn" name="diedOn" type="date"></div>
<button>登记</button></form>
<h2>读入填好的名单</h2>
<form method="post" action="/staff/certifications/import" enctype="multipart/form-data"><input type="hidden" name="csrf" value="${csrf}">
<div><label for="file">下载的名单填好“核查结果”等列后选在这里；有一行不对就都不写</label><input id="file" name="file" type="file" required accept=".xlsx,.csv"></div><button>读入</button></form>`;

const back = (c: Context<Env>): Response => c.redirect('/staff/certifications', 303);

export const certificationPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/certifications', access(...businessRoles), async (c) => {
      const { scope, roles, sessionToken } = staffOf(c);
      const [item, village] = [given(c.req.query('item')), given(c.req.query('village'))];
      const state = chosen(c.req.query('state'), certificationKinds);
      const reviewer = roles.includes('reviewer');
      const states = state === undefined ? visitStates : [state];
      const wanted = { item, ...(village !== undefined && /^\d{2,12}$/.test(village) ? { village } : {}) };
      const [rows, items, place] = await Promise.all([
        turnsFor(web.db, { scope, states, ...wanted, limit: shownRows }),
        itemsFor(web, scope),
        placesIn(web),
      ]);
      const query = new URLSearchParams(
        Object.entries(wanted).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as [string, string]])),
      );
      const body = html`<h1>资格认证</h1>
<p class="lead">到期没有认证的先看部门数据，再告知本人，再上门。逾期的暂停发放，见到本人就恢复、补发；停发要由人决定。${reviewer ? html`<a href="/api/certification-list?${query.toString()}">下载入户核查名单</a>` : ''}</p>
<form class="inline" method="get" action="/staff/certifications">${select(
        'item',
        '事项',
        [...titlesIn(items)].map(([value, label]) => ({ value, label })),
        item,
      )}${select(
        'state',
        '现在',
        certificationKinds.map((value) => ({ value, label: certificationStates[value].text })),
        state,
      )}<div><label for="village">村（区划代码）</label><input id="village" name="village" type="text" inputmode="numeric" value="${village ?? ''}" maxlength="12"></div><button>看</button></form>
${villages(rows, place, reviewer)}${rows.length < shownRows ? '' : html`<p class="hint">只列 ${shownRows} 条；选一个村看其余的，或下载名单。</p>`}
${reviewer ? visitForms(csrfToken(web.secret, sessionToken)) : ''}`;
      return c.html(staffPage(c, web, '资格认证', body));
    })
    .post('/staff/certifications/visits', access(...visitRoles), async (c) => {
      const { csrf: _, ...form } = await c.req.parseBody();
      const filled = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ''));
      const read = visitBody.safeParse(filled);
      if (!read.success)
        throw new ProblemError(
          read.error.issues.map((one) => problem('input.value', `/${one.path.join('/')}`, `填写不对：${one.message}`, '请改正后再登记。')),
        );
      await doVisit({ db: web.db, catalogue: await web.catalogue(), at: c.get('now') }, staffOf(c), read.data);
      return back(c);
    })
    .post('/staff/certifications/import', access(...visitRoles), async (c) => {
      const { file } = await c.req.parseBody();
      if (!(file instanceof File) || file.size === 0) return fail('input.file', '/file', '没有选文件。', '选填好的名单（.xlsx 或 .csv）。');
      const act = await actOf({ db: web.db, catalogue: await web.catalogue(), at: c.get('now') }, staffOf(c), visitRoles);
      await importVisits(web.db, bytesContent(new Uint8Array(await file.arrayBuffer())), act);
      return back(c);
    });
