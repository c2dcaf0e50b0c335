// Matches: the list with its filters in the address, and one match with the why, the money and what became of it.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { states } from '../../disbursement/states.ts';
import { listDisbursements } from '../../disbursement/store.ts';
import { periodsDecided } from '../../match/overview-store.ts';
import type { MatchSummary } from '../../match/store.ts';
import { type Notice, noticeStates } from '../../notice/notice.ts';
import { listNotices } from '../../notice/store.ts';
import type { MatchKind } from '../../policy/item.ts';
import type { Verdict } from '../../rule/facts.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { type Explanation, explanationOf } from '../explanation.ts';
import { noteMatch } from '../look.ts';
import { type MatchAsk, type MatchPage, matchPage } from '../matches.ts';
import { businessRoles } from '../role.ts';
import { crumb, facts, type Html, nextPage, select, table } from '../view.ts';
import { missingText } from '../why.ts';
import { kindNames, momentText, periodText, shown, verdictNames } from '../words.ts';
import { staffPage } from './frame.ts';
import { chosen, given, kindBadge, personLink, placesIn, uuidOr404, verdictBadge, yuanOrDash } from './parts.ts';
import { awardBlock, evidenceBlock, whyTable } from './why.ts';

type Place = (code: string | null) => string;
const verdicts = Object.keys(verdictNames) as Verdict[];
const kinds = Object.keys(kindNames) as MatchKind[];
const choices = <T extends string>(names: Readonly<Record<T, string>>) =>
  (Object.keys(names) as T[]).map((value) => ({ value, label: names[value] }));

interface ListAsk extends MatchAsk {
  readonly periods: readonly string[];
}

const filters = (ask: ListAsk, titles: ReadonlyMap<string, string>): Html => html`<form class="inline" method="get">
${select(
  'item',
  '事项',
  [...titles].map(([value, label]) => ({ value, label })),
  ask.item,
)}
${
  ask.periods.length === 0
    ? ''
    : select(
        'period',
        '期别',
        ask.periods.map((value) => ({ value, label: periodText(value) })),
        ask.period,
      )
}
${select('verdict', '判定', choices(verdictNames), ask.verdict)}
${select('kind', '类别', choices(kindNames), ask.kind)}
${ask.run === undefined ? '' : html`<input type="hidden" name="run" value="${ask.run}">`}
<div><label for="all">范围</label><select id="all" name="all"><option value="">现行结果</option><option value="1" ${ask.all ? 'selected' : ''}>连同已被取代的</option></select></div>
<button>筛选</button></form>`;

const matchTable = (page: MatchPage, place: Place): Html =>
  table<MatchSummary>(
    [
      { title: '姓名或单位', cell: personLink },
      { title: '事项', cell: (m) => html`<a href="/staff/matches/${m.id}">${page.titles.get(m.itemId) ?? m.itemId}</a>` },
      { title: '期别', cell: (m) => periodText(m.periodKey) },
      { title: '判定', cell: (m) => verdictBadge(m.verdict) },
      { title: '类别', cell: (m) => kindBadge(m.kind) },
      { title: '金额', figure: true, cell: (m) => yuanOrDash(m.amountFen) },
      { title: '地区', cell: (m) => place(m.division) },
      { title: '写入', cell: (m) => html`${momentText(m.createdAt)}${m.current ? '' : html` <span class="muted">已被取代</span>`}` },
    ],
    page.rows,
    '没有这样的匹配结果。从未符合过的人不写结果，要看原因请用“查一人”。',
  );

const listBody = (ask: ListAsk, page: MatchPage, place: Place): Html => html`<h1>匹配结果</h1>
<p class="lead">一人一事一期一条；有变动就添一条新的，旧的留着。</p>
${filters(ask, page.titles)}${matchTable(page, place)}
${nextPage('/staff/matches', { item: ask.item, period: ask.period, verdict: ask.verdict, kind: ask.kind, run: ask.run, all: ask.all ? '1' : undefined }, page.next)}`;

const askOf = async (web: WebContext, query: Record<string, string>): Promise<ListAsk> => {
  const item = given(query.item);
  const run = given(query.run);
  const decided = item === undefined ? [] : await periodsDecided(web.db, item);
  return {
    item,
    period: given(query.period),
    verdict: chosen(query.verdict, verdicts),
    kind: chosen(query.kind, kinds),
    run: run === undefined ? undefined : uuidOr404(run, '匹配批次'),
    all: query.all === '1',
    cursor: given(query.cursor),
    periods: decided.map((one) => one.periodKey).filter((key) => key !== 'events'),
  };
};

const outcome = ({ match, rule }: Explanation): string => {
  if (match.verdict === 'eligible') {
    if (match.amountFen === null) return '符合条件，金额还缺数据';
    const reduces = rule?.published.item.award.reduces;
    if (reduces !== undefined) return `符合条件，减免${reduces}`;
    return rule?.published.item.mode === 'push' ? '符合条件，估算金额' : '符合条件，应享金额（核定前）';
  }
  return match.verdict === 'undetermined' ? '缺数据，暂时不能判定；不会因此多发或少发' : '不符合条件';
};

const links = (disbursements: readonly Disbursement[], notices: readonly Notice[]): Html => html`<h2>后续</h2>
${
  disbursements.length === 0
    ? html`<p class="muted">没有兑付记录。结算核定以后会出现在这里；推送类事项不兑付。</p>`
    : html`<ul>${disbursements.map((d) => html`<li>兑付记录 <a href="/staff/disbursements/${d.id}">${d.lineId === null ? '停发处理' : formatYuan(d.amountFen)}</a>，${states[d.state].text}${d.gaps.length === 0 ? '' : `，还缺：${d.gaps.join('、')}`}</li>`)}</ul>`
}
${
  notices.length === 0
    ? html`<p class="muted">没有告知。首次符合、变动、暂停和终止时，走到“告知”一步才写出；续发的不再打扰。</p>`
    : html`<ul>${notices.map((n) => html`<li>告知 <a href="/staff/notices/${n.id}">${shown(n.subject)}</a>，${noticeStates[n.state].text}，${momentText(n.sentAt ?? n.createdAt)}</li>`)}</ul>`
}`;

const oneBody = (explanation: Explanation, place: Place, disbursements: readonly Disbursement[], notices: readonly Notice[]): Html => {
  const { match, title, conditions, mode, lines, missing, keyTail } = explanation;
  return html`${crumb('/staff/matches', '匹配结果')}
<div class="title"><h1>${title} · ${periodText(match.periodKey)}</h1>${verdictBadge(match.verdict)} ${kindBadge(match.kind)}</div>
${match.current ? '' : html`<div class="note">这一条已被后来的结果取代，留作记录。<a href="/staff/matches?item=${match.itemId}">看现行结果</a></div>`}
<p class="amount">${match.amountFen === null ? verdictNames[match.verdict] : formatYuan(match.amountFen)}</p><p class="muted">${outcome(explanation)}</p>
${facts([
  ['姓名或单位', html`${personLink(match)}（尾号 ${keyTail}）`],
  ['地区', place(match.division)],
  ['事项', html`<a href="/staff/items/${match.itemId}">${title}</a>，第 ${match.version} 版`],
  ['数据到', dayText(match.evidence.period.knownAt)],
  ['批次', html`<a href="/staff/runs/${match.runId}">${momentText(match.createdAt)}</a>`],
  ['前一条', match.previousId === null ? '没有' : html`<a href="/staff/matches/${match.previousId}">看变动前</a>`],
])}
${missing.length === 0 ? '' : html`<div class="warn"><strong>缺这些数据：</strong><ul>${missing.map((one) => html`<li>${missingText(one)}</li>`)}</ul></div>`}
<h2>为什么</h2>${conditions.length === 0 ? html`<p class="empty">当时的规则或目录版本不在这个库里，只能看下面的原始依据。</p>` : whyTable(conditions)}
${mode === null ? '' : html`<h2>兑现方式</h2><p>${mode.text}</p>${mode.missing.length === 0 ? '' : html`<ul>${mode.missing.map((one) => html`<li>${missingText(one)}</li>`)}</ul>`}`}
<h2>金额怎么算</h2>${awardBlock(lines)}
${links(disbursements, notices)}
<h2>依据</h2>${evidenceBlock(explanation)}`;
};

export const matchPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/matches', access(...businessRoles), async (c) => {
      const ask = await askOf(web, c.req.query());
      const page = await matchPage(web, staffOf(c).scope, ask);
      return c.html(staffPage(c, web, '匹配结果', listBody(ask, page, await placesIn(web))));
    })
    .get('/staff/matches/:id', access(...businessRoles), async (c) => {
      const { scope } = staffOf(c);
      const explanation = await explanationOf(web, uuidOr404(c.req.param('id'), '匹配结果'), scope);
      if (explanation !== null) await noteMatch(web, c, explanation);
      if (explanation === null) return notFound('匹配结果');
      const ask = { scope, filter: { matchId: explanation.match.id }, limit: 50 } as const;
      const [disbursements, notices] = await Promise.all([listDisbursements(web.db, ask), listNotices(web.db, ask)]);
      return c.html(staffPage(c, web, explanation.title, oneBody(explanation, await placesIn(web), disbursements.rows, notices.rows)));
    });
