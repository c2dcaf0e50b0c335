// 提交申请: the form is pre-filled, the person adds the named documents. Two steps: what is handed in is shown to be read again, then counts.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { maskAccount } from '../../base/codes.ts';
import { dayText } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { transaction } from '../../db/handle.ts';
import { submit } from '../../disbursement/apply.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type Html, problemBox } from '../view.ts';
import { shown } from '../words.ts';
import { visitAct } from './act.ts';
import { type Asked, askedOf, rehearse, shell } from './asked.ts';
import { type Problems, periodOf, problemsIn, token } from './frame.ts';
import { fileInput, handOn, type Scans, scansOf } from './scan.ts';

const filled = ({ record }: Asked): Html =>
  html`<div><dt>事项</dt><dd>${record.basis.title}</dd></div><div><dt>期间</dt><dd>${periodOf(record.periodKey)}</dd></div><div><dt>金额</dt><dd>${formatYuan(record.amountFen)}</dd></div><div><dt>收款人</dt><dd>${record.payeeName === null ? '还没有' : shown(record.payeeName)}</dd></div><div><dt>账户</dt><dd>${record.account === null ? '还没有，审核后补充' : `尾号 ${maskAccount(record.account).slice(-4)}`}</dd></div><div><dt>依据</dt><dd>${record.basis.document}</dd></div>`;

const attachmentsOf = ({ item }: Asked) => (item.apply?.attachments ?? []).map((one) => ({ ...one, input: `a-${one.id}` }));

const answered = ({ item }: Asked): string => (item.apply === undefined ? '' : `提交以后 ${item.apply.reviewWorkingDays} 个工作日内答复。`);

const applyForm = (c: Context<Env>, web: WebContext, asked: Asked, problems: Problems, scans: Scans): Html => {
  const { record } = asked;
  return html`<h1>提交申请</h1>
<p class="lead">${record.basis.title}</p>
${problems.length > 0 ? problemBox(problems) : ''}
<p>表已经按部门的数据替您填好，请核对。${record.dueOn === null ? '' : `请在${dayText(record.dueOn)}前提交。`}${answered(asked)}</p>
<dl>${filled(asked)}</dl>
<p><a href="/my/benefits/${record.id}/why">看看为什么符合</a></p>
<form method="post" enctype="multipart/form-data">${token(c)}${handOn(c, web, scans)}
${attachmentsOf(asked).map((one) =>
  fileInput(one.input, `${one.title}${one.required === false ? '（可以没有）' : ''}`, {
    scan: scans.get(one.input),
    required: one.required !== false,
  }),
)}
<p><button>下一步，核对</button></p></form>`;
};

const summary = (c: Context<Env>, web: WebContext, asked: Asked, scans: Scans): Html => html`<h1>核对申请</h1>
<p class="lead">${asked.record.basis.title}</p>
<dl>${filled(asked)}${attachmentsOf(asked).map((one) => html`<div><dt>${one.title}</dt><dd>${shown(scans.get(one.input)?.name ?? '没有')}</dd></div>`)}</dl>
<p>${answered(asked)}答复会告知您。</p>
<div class="acts"><form method="post" enctype="multipart/form-data">${token(c)}${handOn(c, web, scans)}<input type="hidden" name="sure" value="yes"><button>没错，提交申请</button></form><a class="button quiet" href="/my/benefits/${asked.record.id}${attachmentsOf(asked).length === 0 ? '' : '/apply'}">${attachmentsOf(asked).length === 0 ? '先不提交' : '重新选择材料'}</a></div>`;

export const applyPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/benefits/:id/apply', access('visitor'), async (c) => {
      const asked = await askedOf(c, web);
      return c.html(shell(c, asked, '提交申请', applyForm(c, web, asked, [], new Map())));
    })
    .post('/my/benefits/:id/apply', access('visitor'), async (c) => {
      const asked = await askedOf(c, web);
      const form = await c.req.parseBody();
      let scans: Scans = new Map();
      try {
        if (asked.record.state !== 'applying') fail('state.edge', '', '这一项现在不用提交申请。', '请回到上一页看它办到哪一步。');
        scans = await scansOf(
          c,
          web,
          form,
          attachmentsOf(asked).map((one) => one.input),
        );
        const attachments = Object.fromEntries(
          attachmentsOf(asked).flatMap(({ id, input }) => {
            const scan = scans.get(input);
            return scan === undefined ? [] : [[id, scan.sha256] as const];
          }),
        );
        const act = { ...(await visitAct(c, web, asked.record.id)), attachments, by: 'beneficiary', reason: '本人在线提交。' } as const;
        if (form.sure !== 'yes') {
          await rehearse(web, (tx) => submit(tx, act));
          return c.html(shell(c, asked, '核对申请', summary(c, web, asked, scans)));
        }
        await transaction(web.db, (tx) => submit(tx, act));
      } catch (error) {
        return c.html(shell(c, asked, '提交申请', applyForm(c, web, asked, problemsIn(error), scans)), 400);
      }
      return c.redirect(`/my/benefits/${asked.record.id}`, 303);
    });
