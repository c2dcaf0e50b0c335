// What only the person can give: the account, a choice, a document. Two steps: what was given is shown to be read again, then counts, all of it or nothing.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { transaction } from '../../db/handle.ts';
import { answer, gapOfField } from '../../disbursement/ask.ts';
import { aboutAccount, type Disbursement, returned } from '../../disbursement/disbursement.ts';
import type { AskField } from '../../policy/life.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type Html, problemBox } from '../view.ts';
import { shown } from '../words.ts';
import { visitAct } from './act.ts';
import { type Asked, askedOf, rehearse, shell } from './asked.ts';
import { type Problems, periodOf, problemsIn, token } from './frame.ts';
import { fileInput, handOn, type Scans, scansOf } from './scan.ts';
import { visitFor } from './visit.ts';

type Form = Readonly<Record<string, unknown>>;

const wantsAccount = (record: Disbursement): boolean => record.gaps.some(aboutAccount);
const wantsBank = (record: Disbursement): boolean => record.gaps.some((gap) => gap.includes('开户银行'));
const inputOf = (field: AskField): string => `field-${field.id}`;
const openFields = ({ record, item }: Asked): readonly AskField[] =>
  (item.ask?.fields ?? []).filter((field) => record.gaps.includes(gapOfField(field)));

const answerForm = (c: Context<Env>, web: WebContext, asked: Asked, problems: Problems, given: Form, scans: Scans): Html => {
  const { record } = asked;
  const open = openFields(asked);
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
<form method="post" enctype="multipart/form-data">${token(c)}${handOn(c, web, scans)}
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
    ? html`<fieldset><legend>${field.label}</legend>${(field.options ?? []).map((option) => html`<label class="choice"><input type="radio" name="${inputOf(field)}" value="${option}" ${value(inputOf(field)) === option ? 'checked' : ''}><span>${option}</span></label>`)}</fieldset>`
    : fileInput(inputOf(field), field.label, { scan: scans.get(inputOf(field)), required: false }),
)}
${nothing ? '' : html`<p><button>下一步，核对</button></p>`}</form>`;
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

interface Told {
  readonly account: string | undefined;
  readonly bank: string | undefined;
  /** By the field's id: what was chosen, or the hash of the scan. */
  readonly fields: Readonly<Record<string, string>>;
}

const toldIn = (asked: Asked, form: Form, scans: Scans): Told => {
  const fields = (asked.item.ask?.fields ?? []).flatMap((field) => {
    const one = field.kind === 'document' ? scans.get(inputOf(field))?.sha256 : textOf(form[inputOf(field)]);
    return one === undefined ? [] : [[field.id, one] as const];
  });
  return { account: textOf(form.account)?.replaceAll(/[\s-]/g, ''), bank: textOf(form.bank), fields: Object.fromEntries(fields) };
};

/** What counts once it is confirmed; an account stands in full, for whoever typed it to read again. */
const summary = (c: Context<Env>, web: WebContext, asked: Asked, told: Told, scans: Scans): Html => {
  const { record } = asked;
  const fields = (asked.item.ask?.fields ?? []).filter((field) => told.fields[field.id] !== undefined);
  const still = openFields(asked).filter((field) => told.fields[field.id] === undefined);
  const line = (name: string, value: string) => html`<div><dt>${name}</dt><dd class="nums">${value}</dd></div>`;
  const unseen = (name: string, value: string) => html`<input type="hidden" name="${name}" value="${value}">`;
  return html`<h1>核对补充的信息</h1>
<p class="lead">${record.basis.title}，${periodOf(record.periodKey)}，${formatYuan(record.amountFen)}</p>
<dl>${told.account === undefined ? '' : [line('收款人', shown(record.payeeName ?? '')), line('收款账号', told.account.replace(/(.{4})(?=.)/g, '$1 '))]}${told.bank === undefined ? '' : line('开户银行', shown(told.bank))}${fields.map((field) => line(field.label, shown(field.kind === 'document' ? (scans.get(inputOf(field))?.name ?? '') : (told.fields[field.id] ?? ''))))}</dl>
${still.length === 0 ? '' : html`<p class="warn">还没有填的：${still.map((field) => field.label).join('、')}。可以先交这些，其余的再来补。</p>`}
<p>提交以后接着办。封存拨付之前有变化，请联系主管部门更改。</p>
<div class="acts"><form method="post" enctype="multipart/form-data">${token(c)}${handOn(c, web, scans)}${told.account === undefined ? '' : unseen('account', told.account)}${told.bank === undefined ? '' : unseen('bank', shown(told.bank))}${fields.filter((field) => field.kind === 'choice').map((field) => unseen(inputOf(field), told.fields[field.id] ?? ''))}${unseen('sure', 'yes')}<button>没错，提交</button></form><a class="button quiet" href="/my/benefits/${record.id}/answer">重新填写</a></div>`;
};

export const answerPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/benefits/:id/answer', access('visitor'), async (c) => {
      const asked = await askedOf(c, web);
      return c.html(shell(c, asked, '补充信息', answerForm(c, web, asked, [], {}, new Map())));
    })
    .post('/my/benefits/:id/answer', access('visitor'), async (c) => {
      const asked = await askedOf(c, web);
      const form = await c.req.parseBody();
      let scans: Scans = new Map();
      try {
        const inputs = (asked.item.ask?.fields ?? []).filter((field) => field.kind === 'document').map(inputOf);
        scans = await scansOf(c, web, form, inputs);
        const told = toldIn(asked, form, scans);
        if (told.account !== undefined) await visitFor(c, web, 'account');
        const act = { ...(await visitAct(c, web, asked.record.id)), ...told, reason: '本人在线补充。', by: 'beneficiary' } as const;
        if (form.sure !== 'yes') {
          await rehearse(web, (tx) => answer(tx, act));
          return c.html(shell(c, asked, '核对补充的信息', summary(c, web, asked, told, scans)));
        }
        await transaction(web.db, (tx) => answer(tx, act));
      } catch (error) {
        return c.html(shell(c, asked, '补充信息', answerForm(c, web, asked, problemsIn(error), form, scans)), 400);
      }
      return c.redirect(`/my/benefits/${asked.record.id}`, 303);
    });
