// The first page anybody sees, and the first page of a visit: 您可享几项，合计多少.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { everything } from '../../base/scope.ts';
import { certificationStates } from '../../certification/certification.ts';
import { turnsOf } from '../../certification/store.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { listDisbursements } from '../../disbursement/store.ts';
import { offersFor } from '../../settlement/choice.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import type { Html } from '../view.ts';
import { amountOf, periodOf, portalPage } from './frame.ts';
import { stateBadge, stateKind } from './state.ts';
import { visitFor } from './visit.ts';

const welcome = (web: WebContext): Html => html`<h1>该您的补贴，不用申请就到账</h1>
<p class="lead">政策写成规则，部门数据定期比对。符合条件的，会收到告知：为什么符合、给多少、什么时候到账。</p>
<p><a class="button" href="/my">看看我可以享受什么</a></p>
<form method="get" action="/items" role="search"><label for="q">查一项政策</label><p class="hint" id="q-hint">两个字就可以，例如：高龄、就业、技改。</p><div class="find"><input id="q" name="q" type="search" maxlength="40" aria-describedby="q-hint"><button class="quiet">查找</button></div></form>
<h2>还可以</h2>
<ul class="list go"><li><a href="/check">查验告知是真是假</a></li><li><a href="/publicity">看公示名单</a></li><li><a href="/help">怎么办理、找谁问</a></li></ul>
${web.demo ? html`<p class="note">这里是演示数据，人名、单位、账号都是虚构的。</p>` : ''}`;

const recordRow = (one: Disbursement, next: boolean): Html =>
  html`<li class="${stateKind(one.state)}"><a class="row" href="/my/benefits/${one.id}"><span class="figure">${formatYuan(one.amountFen)}</span><strong>${one.basis.title}</strong><span class="source">${periodOf(one.periodKey)}</span>${stateBadge(one.state)} ${
    stateKind(one.state) === 'yours' && one.dueOn !== null ? html`请在${dayText(one.dueOn)}前办理` : ''
  }${next ? html`<br><span class="button">去办理</span>` : ''}</a></li>`;

/** `next`: the first of them is the one thing to do now. */
const section = (title: string, rows: readonly Disbursement[], next = false): Html | string =>
  rows.length === 0 ? '' : html`<h2>${title}</h2><ul class="list">${rows.map((one, i) => recordRow(one, next && i === 0))}</ul>`;

/** What has a day first, the nearest before the others. */
const byDue = (a: Disbursement, b: Disbursement): number => (a.dueOn ?? '9').localeCompare(b.dueOn ?? '9');

const mine = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  if (visitorIn(c).acting === null) {
    const body = html`<h1>名册里还没有您</h1><p>部门报送的数据里没有您的登记，所以系统算不出您可以享受什么。</p><p>请带身份证到户籍地村（居）委会或街道办事处核对登记；登记以后不用再来，会自动比对。</p><p><a class="button" href="/items">先查查有哪些政策</a></p>`;
    return portalPage(c, { title: '我的待遇', body });
  }
  const { acting, subject } = await visitFor(c, web, 'view');
  const all = await listDisbursements(web.db, { scope: everything, filter: { subjectId: acting.subjectId, stops: false }, limit: 200 });
  const offers = (await offersFor(web.db, acting.subjectId)).filter((one) => one.until !== null && one.chosen === null);
  const turns = acting.register === 'citizen' ? await turnsOf(web.db, acting.subjectId) : [];
  const live = all.rows.filter((one) => one.state !== 'closed' && one.state !== 'waived');
  const waiting = live.filter((one) => stateKind(one.state) === 'yours').sort(byDue);
  const under = live.filter((one) => one.state !== 'paid' && !waiting.includes(one));
  const items = new Set(live.map((one) => one.itemId)).size;
  const who = acting.register === 'enterprise' ? '贵单位' : acting.as === 'own' || acting.as === 'link' ? '您' : '';
  const body = html`<div class="hero"><h1>${who}可享 ${items} 项</h1>
${items === 0 ? html`<p>现在没有可以享受的事项。条件满足以后会自动告知，不用申请。</p>` : html`<p class="lead">合计</p>${amountOf(live.reduce((sum, one) => sum + one.amountFen, 0n))}`}</div>
${turns.map((one) => html`<p class="warn">“${one.title}”要办资格认证。<a href="/my/certify">${certificationStates[one.state].keepsBack ? '已暂停发放，请尽快办理' : `请在${dayText(one.dueOn)}前办理`}</a></p>`)}
${offers.map((one) => html`<p class="warn">${one.options.map(({ title }) => `“${title}”`).join('和')}只能享受一项。<a href="/my/choices">请在${one.until === null ? '' : dayText(one.until)}前选择</a></p>`)}
${section('需要您办的', waiting, offers.length === 0)}
${section('正在办的', under)}
${section(
  '已经到账的',
  live.filter((one) => one.state === 'paid'),
)}
${section(
  '已放弃或关闭的',
  all.rows.filter((one) => !live.includes(one)),
)}
<h2>还可以</h2>
<ul class="list go"><li><a href="/my/notices">看收到的告知</a></li><li><a href="/my/payments">看发放记录</a></li><li><a href="/my/requests">看我提的事</a></li><li><a href="/my/near">看我还可能享受什么</a></li><li><a href="/items">查别的政策，看我为什么有、为什么没有</a></li>${
    acting.powers.includes('mandate')
      ? html`<li><a href="/my/mandates">${acting.register === 'enterprise' ? '指定经办人' : '委托别人替我办'}</a></li><li><a href="/my/wishes">改告知方式</a></li>`
      : ''
  }</ul>`;
  return portalPage(c, { title: '我的待遇', for: subject, body });
};

export const homePages = (web: WebContext) =>
  new Hono<Env>()
    .get('/', access('public'), (c) => c.html(portalPage(c, { title: '首页', body: welcome(web) })))
    .get('/my', access('visitor'), async (c) => c.html(await mine(c, web)));
