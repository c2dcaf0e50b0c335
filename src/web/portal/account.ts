// A payment that came back: the person puts the account right, or says that the same one works now; the next batch pays it by a new order.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { isAccount, maskAccount } from '../../base/codes.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { returnReasons } from '../../payment/reason.ts';
import { correctReturned } from '../../payment/reissue.ts';
import { lastReturn } from '../../payment/result-store.ts';
import { actorOf } from '../../visitor/visitor.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type Html, problemBox } from '../view.ts';
import { shown } from '../words.ts';
import { type Problems, portalPage, problemsIn, token } from './frame.ts';
import { ownRecord, visitFor } from './visit.ts';

const form = (c: Context<Env>, record: Disbursement, why: readonly string[], problems: Problems): Html => html`<h1>更正账户</h1>
<p class="lead">${record.basis.title}，${formatYuan(record.amountFen)}</p>
${problems.length > 0 ? problemBox(problems) : ''}
<p class="warn">银行把这笔钱退了回来${why.length === 0 ? '' : `：${why.map((one) => one.replace(/。$/u, '')).join('；')}`}。原来的账户${record.account === null ? '缺' : `尾号 ${maskAccount(record.account).slice(-4)}`}。</p>
<form method="post">${token(c)}
<label for="account">收款账号</label><p class="hint" id="account-hint">${shown(record.payeeName ?? '收款人')}名下的账户，只填数字。原来的账户已经恢复正常的，照原账号填写。</p>
<input id="account" name="account" type="text" inputmode="numeric" autocomplete="off" maxlength="40" aria-describedby="account-hint" required>
<label for="bank">开户银行</label><input id="bank" name="bank" type="text" maxlength="60" value="${shown(record.bank ?? '')}">
<p><button>下一步，核对</button></p></form>`;

/** What counts once it is confirmed; the account stands in full, for whoever typed it to read again. */
const summary = (c: Context<Env>, record: Disbursement, account: string, bank: string): Html => html`<h1>核对账户</h1>
<p class="lead">${record.basis.title}，${formatYuan(record.amountFen)}</p>
<dl><div><dt>收款人</dt><dd>${shown(record.payeeName ?? '')}</dd></div><div><dt>收款账号</dt><dd class="nums">${account.replace(/(.{4})(?=.)/g, '$1 ')}</dd></div><div><dt>开户银行</dt><dd>${shown(bank)}</dd></div></dl>
<p>确认以后，下一批发到这个账户。封存拨付之前还可以联系主管部门更改。</p>
<div class="acts"><form method="post">${token(c)}<input type="hidden" name="account" value="${account}"><input type="hidden" name="bank" value="${shown(bank)}"><input type="hidden" name="sure" value="yes"><button>账户没错，提交</button></form><a class="button quiet" href="/my/benefits/${record.id}/account">重新填写</a></div>`;

const page = async (c: Context<Env>, web: WebContext, problems: Problems = []): Promise<Html> => {
  const visit = await visitFor(c, web, 'account');
  const { record } = await ownRecord(web, visit, c.req.param('id') ?? '');
  const returned = await transaction(web.db, (tx) => lastReturn(tx, record.id));
  const why = returnReasons.filter((one) => returned?.codes.includes(one.code)).map((one) => `${one.text}。${one.fix}`);
  const back = { path: `/my/benefits/${record.id}`, label: record.basis.title };
  return portalPage(c, { title: '更正账户', for: visit.subject, back, body: form(c, record, why, problems) });
};

export const accountPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/benefits/:id/account', access('visitor'), async (c) => c.html(await page(c, web)))
    .post('/my/benefits/:id/account', access('visitor'), async (c) => {
      const visit = await visitFor(c, web, 'account');
      const { record } = await ownRecord(web, visit, c.req.param('id'));
      const told = await c.req.parseBody();
      const account = typeof told.account === 'string' ? told.account.replaceAll(/[\s-]/g, '') : '';
      if (told.sure !== 'yes' && isAccount(account)) {
        const back = { path: `/my/benefits/${record.id}`, label: record.basis.title };
        const body = summary(c, record, account, typeof told.bank === 'string' ? told.bank.trim().slice(0, 60) : (record.bank ?? ''));
        return c.html(portalPage(c, { title: '核对账户', for: visit.subject, back, body }));
      }
      const bank = typeof told.bank === 'string' && told.bank.trim() !== '' ? { bank: told.bank.trim().slice(0, 60) } : {};
      try {
        await transaction(web.db, (tx) =>
          correctReturned(tx, {
            disbursementId: record.id,
            account,
            ...bank,
            reason: '本人在线更正账户。',
            actor: actorOf(visitorIn(c)),
            by: 'beneficiary',
            scope: everything,
            now: c.get('now'),
          }),
        );
      } catch (error) {
        return c.html(await page(c, web, problemsIn(error)), 400);
      }
      return c.redirect(`/my/benefits/${record.id}`, 303);
    });
