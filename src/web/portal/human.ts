// 请人决定: whoever the machine says no to, not yet, or so much, may have a person look (personal information law, article 24). Answered within the item's term.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { fail } from '../../base/problem.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { askHuman } from '../../disbursement/human.ts';
import { type HumanAbout, openHuman } from '../../disbursement/objection-store.ts';
import { listDisbursements } from '../../disbursement/store.ts';
import { objectionDays } from '../../policy/life.ts';
import type { VersionView } from '../../policy/view-store.ts';
import { access, type Env } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { itemsFor } from '../items.ts';
import { decidingOf } from '../person-why.ts';
import { type Html, problemBox } from '../view.ts';
import { verdictNames } from '../words.ts';
import { visitAct } from './act.ts';
import { formPhone, formText, type Problems, periodOf, portalPage, problemsIn, token } from './frame.ts';
import { type Visit, visitFor } from './visit.ts';

interface Matter {
  readonly visit: Visit;
  readonly published: VersionView;
  readonly periodKey: string;
  readonly about: HumanAbout;
  /** As it stands, in words. */
  readonly now: string;
  readonly record: Disbursement | null;
}

/** What there is to look at again; `missing.object` where nothing was decided of this subject. */
const matterOf = async (c: Context<Env>, web: WebContext): Promise<Matter> => {
  const visit = await visitFor(c, web, 'object');
  const { subjectId } = visit.acting;
  const published = (await itemsFor(web, everything)).find((one) => one.itemId === c.req.param('id'));
  if (published === undefined) return notFound('政策事项');
  const asked = c.req.query('period');
  const filter = { subjectId, itemId: published.itemId, stops: false };
  const records = (await listDisbursements(web.db, { scope: everything, filter, limit: 50 })).rows;
  const record = (asked === undefined ? records[0] : records.find((one) => one.periodKey === asked)) ?? null;
  if (record !== null) return { visit, published, periodKey: record.periodKey, about: 'amount', now: '已经核定，请人看金额和依据', record };
  const deciding = await decidingOf(web, subjectId, published.itemId, everything);
  const open = deciding?.periods.filter(({ verdict }) => verdict !== 'eligible') ?? [];
  const one = asked === undefined ? open[0] : open.find(({ periodKey }) => periodKey === asked);
  if (one === undefined || one.verdict === 'eligible')
    return fail('missing.object', '', '这一期没有可以请人重新看的结论。', '请从“我为什么有，或者没有”进入。');
  return { visit, published, periodKey: one.periodKey, about: one.verdict, now: verdictNames[one.verdict], record: null };
};

const form = async (c: Context<Env>, web: WebContext, problems: Problems = [], given: Record<string, unknown> = {}): Promise<Html> => {
  const { visit, published, periodKey, now, record } = await matterOf(c, web);
  const { item } = published;
  const open = await openHuman(web.db, visit.acting.subjectId, item.id, periodKey);
  const body = html`<h1>请工作人员重新看</h1><p class="lead">${item.title}，${periodOf(periodKey)}</p>
${problems.length > 0 ? problemBox(problems) : ''}
<dl><div><dt>现在的结论</dt><dd>${now}</dd></div><div><dt>谁来看</dt><dd>${item.authority}的工作人员</dd></div><div><dt>多久答复</dt><dd>${objectionDays(item)} 个工作日内，写明理由</dd></div></dl>
${
  open !== null
    ? html`<p class="note">已经收到，正在看。<a href="/my/requests">看办到哪一步</a></p>`
    : html`<p>现在的结论是按部门数据自动比对出来的。您有权请人来决定，不影响您别的待遇。</p>
<form method="post">${token(c)}${formText('text', '哪里不对', '写清楚您的情况，和哪一条不一样。', given.text)}${formPhone(given.phone)}<p><button>提交</button></p></form>`
}`;
  const back =
    record === null
      ? { path: `/my/items/${item.id}`, label: '我为什么有，或者没有' }
      : { path: `/my/benefits/${record.id}`, label: item.title };
  return portalPage(c, { title: '请工作人员重新看', for: visit.subject, back, body });
};

export const humanPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/items/:id/human', access('visitor'), async (c) => c.html(await form(c, web)))
    .post('/my/items/:id/human', access('visitor'), async (c) => {
      const { visit, published, periodKey, about, record } = await matterOf(c, web);
      const given = await c.req.parseBody();
      const { actor, now, today, calendar } = await visitAct(c, web, record?.id ?? '');
      const { subject } = visit;
      const said = { text: String(given.text ?? ''), phone: String(given.phone ?? ''), disbursementId: record?.id ?? null };
      try {
        const ask = { subject, item: published.item, version: published.version, periodKey, about, ...said, actor, now, today, calendar };
        await transaction(web.db, (tx) => askHuman(tx, ask));
      } catch (error) {
        return c.html(await form(c, web, problemsIn(error), given), 400);
      }
      return c.redirect('/my/requests', 303);
    });
