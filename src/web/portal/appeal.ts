// 不认可，请人工复核: the person objects to what was refused, stopped or closed; somebody else than whoever decided looks again, within the item's term.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { fileObjection } from '../../disbursement/objection.ts';
import { listObjections } from '../../disbursement/objection-store.ts';
import { objectionDays } from '../../policy/life.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { badge, type Html, problemBox } from '../view.ts';
import { shown } from '../words.ts';
import { visitAct } from './act.ts';
import { formPhone, formText, type Problems, periodOf, portalPage, problemsIn, token } from './frame.ts';
import { itemOf, ownRealName, ownRecord, visitFor } from './visit.ts';

type Objections = Awaited<ReturnType<typeof listObjections>>['rows'];
const outcomes = { open: '正在复核', upheld: '成立', rejected: '不成立', moot: '已了结' } as const;

const body = (
  c: Context<Env>,
  record: Disbursement,
  mine: Objections,
  workingDays: number,
  problems: Problems,
  given: Record<string, unknown>,
): Html => html`<h1>请人工复核</h1>
<p class="lead">${record.basis.title}，${periodOf(record.periodKey)}，${formatYuan(record.amountFen)}</p>
${problems.length > 0 ? problemBox(problems) : ''}
${mine.map((one) => html`<p class="note">${badge(one.state === 'open' ? 'open' : 'plain', outcomes[one.state])} ${one.state === 'open' && one.dueOn !== null ? `${dayText(one.dueOn)}前答复。` : ''}${one.reason === null ? '' : shown(one.reason)}</p>`)}
${
  record.state !== 'closed'
    ? html`<p class="empty">这一项还在办理，没有被拒绝或停发，不用申请复核。数据有误的，请联系发文部门或村（居）委会核对。</p>`
    : mine.some((one) => one.state === 'open')
      ? ''
      : html`<p>由没有经手过的人重新看您的情况，${workingDays} 个工作日内答复，写明理由。不影响您别的待遇。</p>
<form method="post">${token(c)}${formText('text', '哪里不对', '写清楚哪一条和实际不符，有什么材料。', given.text)}${formPhone(given.phone)}<p><button>提交</button></p></form>`
}`;

const page = async (c: Context<Env>, web: WebContext, problems: Problems = [], given: Record<string, unknown> = {}): Promise<Html> => {
  const visit = await visitFor(c, web, 'object');
  const { record } = await ownRecord(web, visit, c.req.param('id') ?? '');
  const all = await listObjections(web.db, { scope: everything, disbursementId: record.id, limit: 20 });
  const back = { path: `/my/benefits/${record.id}`, label: record.basis.title };
  const mine = all.rows.filter((one) => one.kind === 'own');
  return portalPage(c, {
    title: '请人工复核',
    for: visit.subject,
    back,
    body: body(c, record, mine, objectionDays(await itemOf(web, record)), problems, given),
  });
};

export const appealPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/benefits/:id/appeal', access('visitor'), async (c) => c.html(await page(c, web)))
    .post('/my/benefits/:id/appeal', access('visitor'), async (c) => {
      const visit = await visitFor(c, web, 'object');
      const { record } = await ownRecord(web, visit, c.req.param('id'));
      const form = await c.req.parseBody();
      const act = await visitAct(c, web, record.id);
      const said = { ...ownRealName(visit), phone: String(form.phone ?? ''), text: String(form.text ?? '') };
      try {
        await transaction(web.db, (tx) => fileObjection(tx, { ...act, kind: 'own', ...said }));
      } catch (error) {
        return c.html(await page(c, web, problemsIn(error), form), 400);
      }
      return c.redirect(`/my/benefits/${record.id}/appeal`, 303);
    });
