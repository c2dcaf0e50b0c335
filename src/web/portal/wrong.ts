// 数据不对: which of the data that were read is wrong, and what it should be; its department checks it. Of the reader's own subject and nobody else's.

import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import type { VersionView } from '../../policy/view-store.ts';
import { correctionWorkingDays, openPersonTicket } from '../../ticket/person.ts';
import { access, type Env } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { explanationOf } from '../explanation.ts';
import { itemsFor } from '../items.ts';
import { decidingOf, type OwnValue, ownValues } from '../person-why.ts';
import { type Html, problemBox } from '../view.ts';
import { shown } from '../words.ts';
import { visitAct } from './act.ts';
import { formPhone, type Problems, portalPage, problemsIn, token } from './frame.ts';
import { fileHint, fileTypes, scanOf } from './scan.ts';
import { ownRecord, type Visit, visitFor } from './visit.ts';

interface Matter {
  readonly visit: Visit;
  readonly published: VersionView;
  readonly values: readonly OwnValue[];
  readonly back: { readonly path: string; readonly label: string };
}

const keyOf = (one: OwnValue): string => `${one.fact}@${one.dataset}`;

/** What was read: for one record, or for the item as it is decided now. */
const matterOf = async (c: Context<Env>, web: WebContext): Promise<Matter> => {
  const visit = await visitFor(c, web, 'object');
  const published = (await itemsFor(web, everything)).find((one) => one.itemId === c.req.param('id'));
  if (published === undefined) return notFound('政策事项');
  const asked = c.req.query('record');
  if (asked === undefined) {
    const deciding = await decidingOf(web, visit.acting.subjectId, published.itemId, everything);
    const back = { path: `/my/items/${published.itemId}`, label: '我为什么有，或者没有' };
    return { visit, published, values: deciding?.values ?? [], back };
  }
  const { record } = await ownRecord(web, visit, asked);
  const found = await explanationOf(web, record.matchId, everything);
  const values = found?.rule == null ? [] : ownValues(found.rule, found.match.evidence.read);
  return { visit, published, values, back: { path: `/my/benefits/${record.id}/why`, label: '为什么符合' } };
};

const choice = (one: OwnValue, chosen: unknown): Html =>
  html`<label class="choice"><input type="radio" name="which" value="${keyOf(one)}" required ${raw(chosen === keyOf(one) ? 'checked' : '')}><span>${one.label}：${shown(one.value)}<span class="source">${one.department}《${one.title}》${one.asOf === null ? '' : dayText(one.asOf)}</span></span></label>`;

const form = async (c: Context<Env>, web: WebContext, problems: Problems = [], given: Record<string, unknown> = {}): Promise<Html> => {
  const { visit, published, values, back } = await matterOf(c, web);
  const said = (name: string): string => (typeof given[name] === 'string' ? shown(given[name] as string) : '');
  const body = html`<h1>数据不对</h1><p class="lead">${published.item.title}</p>
${problems.length > 0 ? problemBox(problems) : ''}
${
  values.length === 0
    ? html`<p class="empty">这一项没有用到可以核对的部门数据。有疑问的，请请工作人员重新看。</p>`
    : html`<p>指出哪一项不对，由报送数据的部门核对，${correctionWorkingDays} 个工作日内答复。更正以后自动重新比对，不用再申请。</p>
<form method="post" enctype="multipart/form-data">${token(c)}<fieldset><legend>哪一项不对</legend>${values.map((one) => choice(one, given.which))}</fieldset>
<label for="wanted">应该是什么</label><input id="wanted" name="wanted" type="text" maxlength="200" value="${said('wanted')}" required>
<label for="note">说明（可以不写）</label><textarea id="note" name="note" maxlength="500">${said('note')}</textarea>
<label for="file">证明材料（可以没有）</label><p class="hint" id="file-hint">${fileHint}</p><input id="file" name="file" type="file" accept="${fileTypes}" aria-describedby="file-hint">
${formPhone(given.phone)}<p><button>提交</button></p></form>`
}`;
  return portalPage(c, { title: '数据不对', for: visit.subject, back, body });
};

export const wrongPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/items/:id/wrong', access('visitor'), async (c) => c.html(await form(c, web)))
    .post('/my/items/:id/wrong', access('visitor'), async (c) => {
      const { visit, published, values } = await matterOf(c, web);
      const given = await c.req.parseBody();
      try {
        const one =
          values.find((value) => keyOf(value) === given.which) ??
          fail('input.which', '/which', '请选择哪一项不对。', '上面列的是用到的数据。');
        const { register, subjectId, division } = visit.subject;
        const { actor, now, today, calendar } = await visitAct(c, web, '');
        const document = (await scanOf(c, web, given.file)) ?? null;
        const said = { wanted: String(given.wanted ?? ''), note: String(given.note ?? ''), phone: String(given.phone ?? ''), document };
        const about = { fact: one.fact, dataset: one.dataset, department: one.department, seen: one.value };
        const item = { itemId: published.itemId, version: published.version };
        const subject = { register, subjectId, division };
        const ask = { subject, ...item, ...about, ...said, actor, now, today, calendar };
        await transaction(web.db, (tx) => openPersonTicket(tx, ask));
      } catch (error) {
        return c.html(await form(c, web, problemsIn(error), given), 400);
      }
      return c.redirect('/my/requests', 303);
    });
