// 我为什么有，或者没有: one policy held against the reader's own data as of the last seal, decided anew and written nowhere.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { everything } from '../../base/scope.ts';
import { listDisbursements } from '../../disbursement/store.ts';
import { access, type Env } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { itemsFor } from '../items.ts';
import { type Deciding, decidingOf } from '../person-why.ts';
import { badge, type Html } from '../view.ts';
import { missingText } from '../why.ts';
import { audienceNames, verdictNames } from '../words.ts';
import { periodOf, portalPage } from './frame.ts';
import { visitFor } from './visit.ts';
import { conditionTree } from './why.ts';

const kinds = { eligible: 'good', ineligible: 'plain', undetermined: 'open' } as const;
const meanings = {
  eligible: '您符合这一项。',
  ineligible: '按现在的数据，您不符合这一项。哪一条不满足见下面；情况变了会自动重新比对，不用申请。',
  undetermined: '还不能判断：部门的数据没有到齐。缺什么、等哪个部门见下面；数据到了会自动重新比对。',
} as const;

const periodBlock = (one: Deciding['periods'][number], itemId: string, may: boolean): Html => html`<h2>${periodOf(one.periodKey)}</h2>
<div class="state ${kinds[one.verdict]}"><p>${badge(kinds[one.verdict], verdictNames[one.verdict])}</p><p>${meanings[one.verdict]}</p></div>
${one.missing.length === 0 ? '' : html`<ul>${one.missing.map((gap) => html`<li>缺${missingText(gap)}</li>`)}</ul>`}
${conditionTree(one.conditions)}
${one.verdict === 'eligible' || !may ? '' : html`<p><a class="button quiet" href="/my/items/${itemId}/human?period=${encodeURIComponent(one.periodKey)}">不认可，请工作人员重新看</a></p>`}`;

const whether = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const { acting, subject } = await visitFor(c, web, 'view');
  const published = (await itemsFor(web, everything)).find((one) => one.itemId === c.req.param('id'));
  if (published === undefined) return notFound('政策事项');
  const { item } = published;
  const back = { path: `/items/${item.id}`, label: item.title };
  const register = item.audience === 'enterprise' ? 'enterprise' : 'citizen';
  if (register !== acting.register) {
    const body = html`<h1>${item.title}</h1><p class="empty">这一项给${audienceNames[item.audience]}，和${acting.register === 'enterprise' ? '单位' : '个人'}无关。</p>`;
    return portalPage(c, { title: item.title, for: subject, back, body });
  }
  const filter = { subjectId: acting.subjectId, itemId: item.id, stops: false };
  const [found, records] = await Promise.all([
    decidingOf(web, acting.subjectId, item.id, everything),
    listDisbursements(web.db, { scope: everything, filter, limit: 12 }),
  ]);
  const body = html`<h1>${item.title}</h1>
${records.rows.length === 0 ? '' : html`<p class="fine">已经有您的待遇：${records.rows.map((one, i) => html`${i === 0 ? '' : '、'}<a href="/my/benefits/${one.id}">${periodOf(one.periodKey)}</a>`)}</p>`}
${
  found === null
    ? html`<p class="empty">数据还没有汇总过，现在没有结论。</p>`
    : found.periods.length === 0
      ? html`<p class="empty">现在没有该判断的期别${found.missing.length === 0 ? '，或者没有发生过这项政策要办的事' : `，还缺：${found.missing.map(missingText).join('；')}`}。</p>`
      : html`${found.periods.map((one) => periodBlock(one, item.id, acting.powers.includes('object')))}${found.values.length === 0 || !acting.powers.includes('object') ? '' : html`<p><a class="button quiet" href="/my/items/${item.id}/wrong">数据不对，请部门核对</a></p>`}`
}`;
  return portalPage(c, { title: item.title, for: subject, back, body });
};

export const whetherPages = (web: WebContext) =>
  new Hono<Env>().get('/my/items/:id', access('visitor'), async (c) => c.html(await whether(c, web)));
