// What only the person can give: the account, a choice, a document; the pre-filled application with its attachments. Nothing counts before all of it fits.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { maskAccount } from '../../base/codes.ts';
import { fail } from '../../base/problem.ts';
import { transaction } from '../../db/handle.ts';
import { submit } from '../../disbursement/apply.ts';
import { answer, gapOfField } from '../../disbursement/ask.ts';
import { aboutAccount, type Disbursement, returned } from '../../disbursement/disbursement.ts';
import type { Item } from '../../policy/item.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type Html, problemBox } from '../view.ts';
import { dayText, shown } from '../words.ts';
import { visitAct } from './act.ts';
import { type Problems, periodOf, portalPage, problemsIn, token } from './frame.ts';
import { fileHint, fileTypes, scanOf } from './scan.ts';
import { itemOf, ownRecord, type Visit, visitFor } from './visit.ts';

type Form = Readonly<Record<string, unknown>>;

interface Asked {
  readonly visit: Visit;
  readonly record: Disbursement;
  readonly item: Pick<Item, 'ask' | 'apply'>;
}

const askedOf = async (c: Context<Env>, web: WebContext): Promise<Asked> => {
  const visit = await visitFor(c, web, 'answer');
  const { record } = await ownRecord(web, visit, c.req.param('id') ?? '');
  return { visit, record, item: await itemOf(web, record) };
};

const shell = (c: Context<Env>, { visit, record }: Asked, title: string, body: Html): Html =>
  portalPage(c, { title, for: visit.subject, back: { path: `/my/benefits/${record.id}`, label: record.basis.title }, body });

const wantsAccount = (record: Disbursement): boolean => record.gaps.some(aboutAccount);
const wantsBank = (record: Disbursement): boolean => record.gaps.some((gap) => gap.includes('开户银行'));

const answerForm = (c: Context<Env>, asked: Asked, problems: Problems, given: Form): Html => {
  const { record, item } = asked;
  const open = (item.ask?.fields ?? []).filter((field) => record.gaps.includes(gapOfField(field)));
  const may = visitorIn(c).acting?.powers.includes('account') ?? false;
  const back = record.gaps.filter((gap) => gap.startsWith(returned)).map((gap) => shown(gap.slice(returned.length)));
  const others = record.gaps.filter(
    (gap) => !gap.startsWith(returned) && !open.some((field) => gapOfField(field) === gap) && !/收款账户|户名|开户银行/.test(gap),
  );
  const account = wantsAccount(record) && may;
  const nothing = !account && !wantsBank(record) && open.length === 0;
  const value = (name: string): string => shown(String(given[name] ?? ''));
  return html`<h1>补充信息</h1><p class="lead">${record.basis.title}，${periodOf(record.periodKey)}，${formatYuan(record.amountFen)}</p>
${problems.length > 0 ? problemBox(problems) : ''}
${record.dueOn === null ? '' : html`<p>请在${dayText(record.dueOn)}前补齐。补齐以后接着办，不用再来。</p>`}
${back.map((one) => html`<p class="warn">部门退回时说：${one.replace(/[。；]+$/, '')}。按要求办好，有不清楚的请联系主管部门。</p>`)}
${others.length === 0 ? '' : html`<p class="warn">还有要部门补的：${others.map((one) => shown(one)).join('、')}。不用您办。</p>`}
${nothing && !wantsAccount(record) ? html`<p>这里没有要您填的。${back.length === 0 ? '' : '材料请交给主管部门，工作人员看过以后接着办，会告知您。'}</p>` : ''}
<form method="post" enctype="multipart/form-data">${token(c)}
${
  wantsAccount(record)
    ? may
      ? html`<label for="account">收款账号</label><p class="hint" id="account-hint">${shown(record.payeeName ?? '收款人')}名下的银行卡或对公账户，只填数字。</p><input id="account" name="account" type="text" inputmode="numeric" autocomplete="off" maxlength="40" aria-describedby="account-hint" value="${value('account')}">`
      : html`<p class="warn">收款账户请用统一身份认证登录后补充，或带银行卡到村（居）委会办理。</p>`
    : ''
}
${wantsBank(record) || (wantsAccount(record) && may) ? html`<label for="bank">开户银行</label><input id="bank" name="bank" type="text" maxlength="60" value="${value('bank')}">` : ''}
${open.map((field) =>
  field.kind === 'choice'
    ? html`<fieldset><legend>${field.label}</legend>${(field.options ?? []).map((option) => html`<label class="choice"><input type="radio" name="field-${field.id}" value="${option}" ${value(`field-${field.id}`) === option ? 'checked' : ''}><span>${option}</span></label>`)}</fieldset>`
    : html`<label for="field-${field.id}">${field.label}</label><p class="hint">${fileHint}</p><input id="field-${field.id}" name="field-${field.id}" type="file" accept="${fileTypes}">`,
)}
${nothing ? '' : html`<p><button>提交</button></p>`}</form>`;
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

const answerRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/benefits/:id/answer', access('visitor'), async (c) => {
      const asked = await askedOf(c, web);
      return c.html(shell(c, asked, '补充信息', answerForm(c, asked, [], {})));
    })
    .post('/my/benefits/:id/answer', access('visitor'), async (c) => {
      const asked = await askedOf(c, web);
      const form = await c.req.parseBody();
      try {
        const fields: Record<string, string> = {};
        for (const field of asked.item.ask?.fields ?? []) {
          const told = form[`field-${field.id}`];
          const one = field.kind === 'document' ? await scanOf(c, web, told) : textOf(told);
          if (one !== undefined) fields[field.id] = one;
        }
        const account = textOf(form.account);
        if (account !== undefined) await visitFor(c, web, 'account');
        const act = await visitAct(c, web, asked.record.id);
        const told = { fields, account, bank: textOf(form.bank), reason: '本人在线补充。' };
        await transaction(web.db, (tx) => answer(tx, { ...act, ...told, by: 'beneficiary' }));
      } catch (error) {
        return c.html(shell(c, asked, '补充信息', answerForm(c, asked, problemsIn(error), form)), 400);
      }
      return c.redirect(`/my/benefits/${asked.record.id}`, 303);
    });

const applyForm = (c: Context<Env>, { record, item }: Asked, problems: Problems): Html => html`<h1>提交申请</h1>
<p class="lead">${record.basis.title}</p>
${problems.length > 0 ? problemBox(problems) : ''}
<p>表已经按部门的数据替您填好，请核对。${record.dueOn === null ? '' : `请在${dayText(record.dueOn)}前提交。`}${item.apply === undefined ? '' : `提交以后 ${item.apply.reviewWorkingDays} 个工作日内答复。`}</p>
<dl><div><dt>事项</dt><dd>${record.basis.title}</dd></div><div><dt>期间</dt><dd>${periodOf(record.periodKey)}</dd></div><div><dt>金额</dt><dd>${formatYuan(record.amountFen)}</dd></div><div><dt>收款人</dt><dd>${record.payeeName === null ? '还没有' : shown(record.payeeName)}</dd></div><div><dt>账户</dt><dd>${record.account === null ? '还没有，审核后补充' : `尾号 ${maskAccount(record.account).slice(-4)}`}</dd></div><div><dt>依据</dt><dd>${record.basis.document}</dd></div></dl>
<p><a href="/my/benefits/${record.id}/why">看看为什么符合</a></p>
<form method="post" enctype="multipart/form-data">${token(c)}
${(item.apply?.attachments ?? []).map(
  (one) =>
    html`<label for="a-${one.id}">${one.title}${one.required === false ? '（可以没有）' : ''}</label><p class="hint">${fileHint}</p><input id="a-${one.id}" name="a-${one.id}" type="file" accept="${fileTypes}" ${one.required === false ? '' : 'required'}>`,
)}
<p><button>提交申请</button></p></form>`;

const applyRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/benefits/:id/apply', access('visitor'), async (c) => {
      const asked = await askedOf(c, web);
      return c.html(shell(c, asked, '提交申请', applyForm(c, asked, [])));
    })
    .post('/my/benefits/:id/apply', access('visitor'), async (c) => {
      const asked = await askedOf(c, web);
      const form = await c.req.parseBody();
      try {
        if (asked.record.state !== 'applying') fail('state.edge', '', '这一项现在不用提交申请。', '请回到上一页看它办到哪一步。');
        const attachments: Record<string, string> = {};
        for (const one of asked.item.apply?.attachments ?? []) {
          const scan = await scanOf(c, web, form[`a-${one.id}`]);
          if (scan !== undefined) attachments[one.id] = scan;
        }
        const act = await visitAct(c, web, asked.record.id);
        await transaction(web.db, (tx) => submit(tx, { ...act, attachments, by: 'beneficiary', reason: '本人在线提交。' }));
      } catch (error) {
        return c.html(shell(c, asked, '提交申请', applyForm(c, asked, problemsIn(error))), 400);
      }
      return c.redirect(`/my/benefits/${asked.record.id}`, 303);
    });

export const answerPages = (web: WebContext) => new Hono<Env>().route('/', answerRoutes(web)).route('/', applyRoutes(web));
