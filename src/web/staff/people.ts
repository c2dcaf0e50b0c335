// 查一人: the search that asks why and leaves a trace, one person's or firm's whole view, and why one item says what it says of them.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { ProblemError } from '../../base/problem.ts';
import type { LookPurpose } from '../../consult/consult.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { states } from '../../disbursement/states.ts';
import type { MatchSummary } from '../../match/store.ts';
import type { Notice } from '../../notice/notice.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { csrfToken, problemsOf } from '../guard.ts';
import { noteLook, purposeForm, purposeOf, withPurpose } from '../look.ts';
import { type Found, foundOf, type PersonItem, type PersonView, personView, searchPeople } from '../people.ts';
import { type Deciding, decidingOf } from '../person-why.ts';
import { businessRoles } from '../role.ts';
import { badge, crumb, facts, type Html, problemBox, table } from '../view.ts';
import { missingText } from '../why.ts';
import { momentText, periodText, registerNames, shown } from '../words.ts';
import { staffPage } from './frame.ts';
import { noticeBadge } from './notices.ts';
import { kindBadge, personLink, placesIn, uuidOr404, verdictBadge, yuanOrDash } from './parts.ts';
import { whyTable } from './why.ts';

type Place = (code: string | null) => string;

const searchForm = (
  csrf: string,
  purpose: string,
): Html => html`<form method="post" action="/staff/people"><input type="hidden" name="csrf" value="${csrf}">
<label for="who">身份号码、统一社会信用代码、收款账号或姓名</label><input id="who" name="who" type="text" autocomplete="off" required minlength="2" maxlength="100">
<p class="hint">号码要完整。姓名要完整；单位可以只写一部分。</p>
<label for="purpose">查询事由</label><input id="purpose" name="purpose" type="text" required minlength="2" maxlength="200" value="${purpose}">
<p class="hint">例如：核对本人来电反映的高龄津贴。谁、何时、为什么查、看到了谁，都会留痕；输入的号码不留。</p>
<p><button>查询</button></p></form>`;

const resultTable = (rows: readonly Found[], more: boolean, place: Place): Html => html`<h2>查到</h2>
${table<Found>(
  [
    { title: '姓名或单位', cell: (one) => html`<a href="/staff/people/${one.subjectId}"><bdi>${one.name}</bdi></a>` },
    { title: '类别', cell: (one) => registerNames[one.register] ?? one.register },
    { title: '号码', cell: (one) => `尾号 ${one.key.slice(-4)}` },
    { title: '地区', long: true, cell: (one) => place(one.division) },
  ],
  rows,
  '没有查到，或者不在您的范围内。请核对号码；姓名可能有同音字。',
)}${more ? html`<p class="hint">同名的太多，只显示前 20 个。请改用号码查。</p>` : ''}`;

const searchPage = (csrf: string, purpose: string, extra: Html | string): Html =>
  html`<h1>查一人</h1><p class="lead">看一位居民或一家企业在每个事项里的判定、金额和告知。</p>${searchForm(csrf, purpose)}${extra}`;

const itemTable = (view: PersonView, purpose: LookPurpose): Html =>
  table<PersonItem>(
    [
      { title: '事项', cell: ({ published: p }) => html`<a href="/staff/items/${p.itemId}">${p.item.title}</a>` },
      { title: '期别', cell: ({ answer }) => periodText(answer.periodKey) },
      { title: '判定', cell: ({ answer }) => verdictBadge(answer.verdict) },
      { title: '金额', figure: true, cell: ({ answer }) => yuanOrDash(answer.amountFen) },
      {
        title: '为什么',
        long: true,
        cell: ({ published: p, answer, reason }) =>
          answer.matchId === null
            ? html`${reason ?? ''} <a href="${withPurpose(`/staff/people/${view.subject.subjectId}/items/${p.itemId}`, purpose)}">看全部条件</a>`
            : html`<a href="/staff/matches/${answer.matchId}">看判定依据</a>`,
      },
    ],
    view.items,
    '还没有匹配过。下一次匹配会判定这个人的每个事项。',
  );

const rank = { eligible: 0, undetermined: 1, ineligible: 2 } as const;
const sorted = (view: PersonView): PersonView => ({
  ...view,
  items: [...view.items].sort((a, b) => rank[a.answer.verdict] - rank[b.answer.verdict]),
});

const oneBody = (view: PersonView, titles: ReadonlyMap<string, string>, place: Place, purpose: LookPurpose): Html => {
  const found = foundOf(view.subject);
  const title = (itemId: string): string => titles.get(itemId) ?? itemId;
  return html`${crumb('/staff/people', '查一人')}
<div class="title"><h1><bdi>${found.name}</bdi></h1>${badge('plain', registerNames[found.register] ?? '')}</div>
${facts([
  ['号码', `尾号 ${found.key.slice(-4)}`],
  ['地区', place(found.division)],
  ['符合', `${view.items.filter(({ answer }) => answer.verdict === 'eligible').length} 项`],
  ['待核', `${view.items.filter(({ answer }) => answer.verdict === 'undetermined').length} 项`],
])}
<h2>每个事项</h2>${itemTable(sorted(view), purpose)}
<h2>钱</h2>${table<Disbursement>(
    [
      { title: '事项', cell: (d) => html`<a href="/staff/disbursements/${d.id}">${title(d.itemId)}</a>` },
      { title: '期别', cell: (d) => periodText(d.periodKey) },
      { title: '金额', figure: true, cell: (d) => (d.lineId === null ? '停发处理' : formatYuan(d.amountFen)) },
      { title: '状态', cell: (d) => states[d.state].text },
      { title: '缺口', cell: (d) => d.gaps.join('、') || '无' },
    ],
    view.disbursements,
    '没有兑付记录。符合并核定以后会自动预填。',
  )}
<h2>告知</h2><p><a href="/staff/people/${view.subject.subjectId}/wishes">告知意愿、去世后的联系人</a></p>${table<Notice>(
    [
      { title: '标题', cell: (n) => html`<a href="/staff/notices/${n.id}">${shown(n.subject)}</a>` },
      { title: '状态', cell: (n) => noticeBadge(n.state) },
      { title: '时间', cell: (n) => momentText(n.sentAt ?? n.createdAt) },
    ],
    view.notices,
    '没有告知过。',
  )}
<h2>变动经过</h2>${table<MatchSummary>(
    [
      { title: '时间', cell: (m) => html`<a href="/staff/matches/${m.id}">${momentText(m.createdAt)}</a>` },
      { title: '事项', cell: (m) => title(m.itemId) },
      { title: '期别', cell: (m) => periodText(m.periodKey) },
      { title: '类别', cell: (m) => kindBadge(m.kind) },
      { title: '金额', figure: true, cell: (m) => yuanOrDash(m.amountFen) },
    ],
    view.matches,
    '没有写过匹配结果。从未符合过的人不写。',
  )}`;
};

const whyBody = (
  deciding: Deciding,
  purpose: LookPurpose,
): Html => html`${crumb(withPurpose(`/staff/people/${deciding.subject.subjectId}`, purpose), '这个人的全部事项')}
<div class="title"><h1>${deciding.title}：为什么</h1></div>
<p class="lead">${personLink(deciding.subject)}，按现行规则和最近封存的数据重新判一遍，只看不写。</p>
${deciding.periods.length === 0 ? html`<p class="empty">现在没有该判定的期别：事项不在施行期内，或者没有发生过要办的事。</p>` : ''}
${deciding.periods.map(
  (one) => html`<h2>${periodText(one.periodKey)} ${verdictBadge(one.verdict)}</h2>
${one.missing.length === 0 ? '' : html`<div class="warn"><strong>缺这些数据：</strong><ul>${one.missing.map((gap) => html`<li>${missingText(gap)}</li>`)}</ul></div>`}${whyTable(one.conditions)}`,
)}
${deciding.missing.length === 0 ? '' : html`<div class="warn"><strong>可能还有没报上来的：</strong><ul>${deciding.missing.map((gap) => html`<li>${missingText(gap)}</li>`)}</ul></div>`}`;

/** The purpose, or the page that asks for it. */
const askPurpose = async (c: Context<Env>, web: WebContext): Promise<LookPurpose | Response> => {
  const ask = async (problems: Parameters<typeof purposeForm>[2]): Promise<Response> =>
    await c.html(staffPage(c, web, '查看事由', purposeForm(c.req.path, web.demo, problems)), 428);
  try {
    return purposeOf(c) ?? (await ask([]));
  } catch (error) {
    if (error instanceof ProblemError) return await ask(error.problems);
    throw error;
  }
};

export const peoplePages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/people', access(...businessRoles), (c) =>
      c.html(staffPage(c, web, '查一人', searchPage(csrfToken(web.secret, staffOf(c).sessionToken), '', ''))),
    )
    .post('/staff/people', access(...businessRoles), async (c) => {
      const staff = staffOf(c);
      const csrf = csrfToken(web.secret, staff.sessionToken);
      const form = await c.req.parseBody();
      const [who, purpose] = [String(form.who ?? ''), String(form.purpose ?? '')];
      try {
        const { rows, more } = await searchPeople(web, staff, { who, purpose }, c.get('now'));
        return c.html(staffPage(c, web, '查一人', searchPage(csrf, purpose, resultTable(rows, more, await placesIn(web)))));
      } catch (error) {
        return c.html(staffPage(c, web, '查一人', searchPage(csrf, purpose, problemBox(problemsOf(error)))), 400);
      }
    })
    .get('/staff/people/:id', access(...businessRoles), async (c) => {
      const id = uuidOr404(c.req.param('id'), '居民或企业');
      const purpose = await askPurpose(c, web);
      if (purpose instanceof Response) return purpose;
      const view = await personView(web, id, staffOf(c).scope);
      if (view === null) return notFound('居民或企业');
      await noteLook(web, c, purpose, { subjectId: id, view: 'person', facts: view.facts });
      const titles = new Map(view.items.map(({ published: p }) => [p.itemId, p.item.title]));
      return c.html(staffPage(c, web, '一个人的全部事项', oneBody(view, titles, await placesIn(web), purpose)));
    })
    .get('/staff/people/:id/items/:item', access(...businessRoles), async (c) => {
      const id = uuidOr404(c.req.param('id'), '居民或企业');
      const purpose = await askPurpose(c, web);
      if (purpose instanceof Response) return purpose;
      const deciding = await decidingOf(web, id, c.req.param('item'), staffOf(c).scope);
      if (deciding === null) return notFound('居民或企业');
      await noteLook(web, c, purpose, { subjectId: id, view: 'why', itemId: c.req.param('item'), facts: deciding.facts });
      return c.html(staffPage(c, web, deciding.title, whyBody(deciding, purpose)));
    });
