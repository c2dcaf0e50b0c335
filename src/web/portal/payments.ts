// 发放记录: what arrived, what is on its way, what came back and what to do then, what is asked back; and the slip for the books, one per payment that arrived.

import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { formatYuan, yuanInCapitals } from '../../base/amount.ts';
import { maskAccount } from '../../base/codes.ts';
import { dayText } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { everything } from '../../base/scope.ts';
import { listRecoveries, type Recovery } from '../../disbursement/recovery-store.ts';
import { type OwnPayment, paidOrder, paymentsOf } from '../../payment/own-store.ts';
import { returnReasons } from '../../payment/reason.ts';
import { listRatings } from '../../rating/store.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { isUuid } from '../cursor.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { askerOf, openPace } from '../pace.ts';
import { badge, type Html } from '../view.ts';
import { checkedVoucher, voucherCode, voucherNumber } from '../voucher.ts';
import { dayAt, personName, shown } from '../words.ts';
import { amountOf, periodOf, portalPage, token } from './frame.ts';
import { visitFor } from './visit.ts';

const most = 200;
const back = { path: '/my', label: '我的待遇' } as const;
const tail = (one: OwnPayment): string => `尾号 ${maskAccount(one.account).slice(-4)}`;
const head = (one: OwnPayment): Html =>
  html`<span class="figure">${formatYuan(one.amountFen)}</span><strong>${one.title}</strong><span class="source">${periodOf(one.periodKey)}</span>`;

const onTheWay = (one: OwnPayment): Html =>
  html`<li><div class="row">${head(one)}${badge('plain', one.kind === 'unknown' ? '银行在核对' : '正在发放')}<span class="source">${dayText(one.payOn)}发到${tail(one)}${one.kind === 'unknown' ? '，银行还没有说明结果，不会重复发也不会漏发' : ''}</span></div></li>`;

const arrived = (one: OwnPayment, rated: ReadonlySet<string>, may: boolean): Html =>
  html`<li><div class="row">${head(one)}${badge('good', '已到账')}<span class="source">${one.at === null ? '' : `${dayText(dayAt(one.at))}，`}${tail(one)}</span><a class="tap" href="/my/payments/${one.id}">拨付通知单</a>${
    may && !rated.has(one.disbursementId) ? html`　<a class="tap" href="/my/benefits/${one.disbursementId}/rate">评价</a>` : ''
  }</div></li>`;

const cameBack = (one: OwnPayment): Html => {
  const reason = returnReasons.find(({ code }) => code === one.code);
  return html`<li><div class="row">${head(one)}${badge(one.replaced ? 'plain' : 'open', one.replaced ? '退回后已重发' : '银行退回')}<span class="source">${one.at === null ? '' : `${dayText(dayAt(one.at))}，`}${tail(one)}${reason === undefined ? '' : `：${reason.text}`}</span>${
    one.replaced
      ? ''
      : html`${reason === undefined ? '' : html`<p>${reason.fix}</p>`}<a class="button" href="/my/benefits/${one.disbursementId}/account">更正账户，重新发放</a>`
  }</div></li>`;
};

const askedBack = (one: Recovery, titles: ReadonlyMap<string, string>): Html => {
  const left = one.amountFen - one.settledFen;
  const over = one.state === 'closed';
  return html`<li><div class="row"><span class="figure">${formatYuan(one.amountFen)}</span><strong>${titles.get(one.itemId) ?? '待遇'}</strong><span class="source">${periodOf(one.periodKey)}</span>${badge(over ? 'good' : 'open', over ? '已结清' : '要退回')}<span class="source">${shown(one.reason ?? '')}${one.clause === null ? '' : `（${shown(one.clause)}）`}</span>${
    over
      ? ''
      : html`<span class="source">已退回或抵扣 ${formatYuan(one.settledFen)}，还有 ${formatYuan(left)}${one.dueOn === null ? '' : `，${dayText(one.dueOn)}前`}。有困难可以商量分期，请联系主管部门。</span>`
  }</div></li>`;
};

const section = (title: string, rows: readonly Html[]): Html | string =>
  rows.length === 0 ? '' : html`<h2>${title}</h2><ul class="list">${rows}</ul>`;

const listPage = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { acting, subject } = await visitFor(c, web, 'view');
  const { subjectId } = acting;
  const [all, recoveries, ratings, items] = await Promise.all([
    paymentsOf(web.db, subjectId, most),
    listRecoveries(web.db, { scope: everything, subjectId, limit: 50 }),
    listRatings(web.db, { scope: everything, subjectId, limit: most }),
    itemsFor(web, everything),
  ]);
  const rated = new Set(ratings.rows.map((one) => one.disbursementId));
  const paid = all.filter((one) => one.kind === 'paid');
  const returned = all.filter((one) => one.kind === 'returned');
  const way = all.filter((one) => one.kind !== 'paid' && one.kind !== 'returned');
  const owed = recoveries.rows.filter((one) => one.state === 'open' || one.state === 'closed');
  const may = acting.powers.includes('object');
  const titles = titlesIn(items);
  const body = html`<h1>发放记录</h1>
${
  paid.length === 0
    ? all.length + owed.length === 0
      ? html`<p class="empty">还没有发放过。核定以后按批拨付，到账会告知您，也记在这里。</p>`
      : ''
    : html`<p class="lead">已到账 ${paid.length} 笔，合计</p>${amountOf(paid.reduce((sum, one) => sum + one.amountFen, 0n))}`
}
${section('银行退回的', returned.filter((one) => !one.replaced).map(cameBack))}${section('正在发的', way.map(onTheWay))}${section(
  '要退回的',
  owed.map((one) => askedBack(one, titles)),
)}${section(
  '已到账的',
  paid.map((one) => arrived(one, rated, may)),
)}${section('退回后已重发的', returned.filter((one) => one.replaced).map(cameBack))}`;
  return portalPage(c, { title: '发放记录', for: subject, back, body });
};

/** For the books: prints on one A4 page, with the amount in figures and in capitals, and a code by which it is checked. */
const slip = (web: WebContext, one: OwnPayment): Html => {
  const rows: readonly (readonly [string, string])[] = [
    ['单号', voucherNumber(one)],
    ['事项', `${one.title}（${periodOf(one.periodKey)}）`],
    [
      '依据',
      `${one.document}${one.documentNumber === null ? '' : `（${one.documentNumber}）`}${one.clause === null ? '' : ` ${one.clause}`}`,
    ],
    ['主管部门', one.authority],
    ['金额', formatYuan(one.amountFen)],
    ['大写', yuanInCapitals(one.amountFen)],
    ['付款单位', one.payers.map((payer) => shown(payer.name)).join('、') || one.authority],
    ['资金文号', one.payers.map((payer) => shown(payer.document)).join('、')],
    ['收款人', personName(one.register, one.payeeName)],
    ['收款账户', `${tail(one)}，${shown(one.bank)}`],
    ['银行摘要', shown(one.statementText)],
    ['到账日期', one.at === null ? '' : dayText(dayAt(one.at))],
    ['核验码', voucherCode(web.db, one)],
  ];
  return html`<section class="voucher"><h1>拨付通知单</h1><dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd${name === '金额' ? raw(' class="big"') : ''}>${value}</dd></div>`)}</dl>
<p class="hint">供收款人记账。真伪可在 ${web.baseUrl.replace(/^https?:\/\//, '')}/check/voucher 输入单号和核验码查验。</p></section>
<p class="noprint">可以直接打印，一张 A4 纸。</p>`;
};

const slipPage = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { acting, subject } = await visitFor(c, web, 'view');
  const id = c.req.param('id') ?? '';
  const found = isUuid(id) ? await paidOrder(web.db, { id, subjectId: acting.subjectId }) : null;
  if (found === null) return fail('missing.record', '', '没有这一笔，或者还没有到账。', '请从“发放记录”进入。');
  return portalPage(c, { title: '拨付通知单', for: subject, back: { path: '/my/payments', label: '发放记录' }, body: slip(web, found) });
};

const checkForm = (c: Context<Env>, number: string, answer: Html | string): Html => html`<h1>查验拨付通知单</h1>
<p class="lead">收到拨付通知单，想知道是不是真的，在这里查。</p>${answer}
<form method="post" action="/check/voucher">${token(c)}<label for="number">单号</label><input id="number" name="number" type="text" value="${shown(number)}" autocomplete="off" maxlength="60" required>
<label for="code">核验码</label><p class="hint" id="code-hint">12 位字母和数字，没有数字 0、1 和字母 I、L、O。</p><input id="code" name="code" type="text" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="40" aria-describedby="code-hint" required><p><button>查验</button></p></form>`;

const verdict = (found: OwnPayment | null): Html =>
  found === null
    ? html`<div class="warn" role="status"><strong>没有查到：</strong>单号和核验码对不上。请照单子重新填写；还是不对的，这张单子不是我们开的。</div>`
    : html`<div class="fine" role="status"><strong>✓ 是真的。</strong>${found.title}，${periodOf(found.periodKey)}，${formatYuan(found.amountFen)}，${found.at === null ? '' : `${dayText(dayAt(found.at))}`}到账。</div><p>收款人是谁，这里不显示。</p>`;

const checkRoutes = (web: WebContext) => {
  const pace = openPace(20, 600);
  return new Hono<Env>()
    .get('/check/voucher', access('public'), (c) => c.html(portalPage(c, { title: '查验拨付通知单', body: checkForm(c, '', '') })))
    .post('/check/voucher', access('public'), async (c) => {
      pace.ask(askerOf(c), c.get('now'));
      const form = await c.req.parseBody();
      const number = String(form.number ?? '').slice(0, 60);
      const found = await checkedVoucher(web.db, number, String(form.code ?? ''));
      return c.html(portalPage(c, { title: '查验拨付通知单', body: checkForm(c, number, verdict(found)) }));
    });
};

export const paymentPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/payments', access('visitor'), async (c) => c.html(await listPage(c, web)))
    .get('/my/payments/:id', access('visitor'), async (c) => c.html(await slipPage(c, web)))
    .route('/', checkRoutes(web));
