// 人工核定: what reviewers entered from documents they saw; the second person's yes or no; who attests how much. Values are shown to those who judge them.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { anomalies, type OfficerAnomaly } from '../../attest/anomaly.ts';
import { officerCounts } from '../../attest/anomaly-store.ts';
import { type Attestation, type AttestState, attestStateNames, attestStates } from '../../attest/attest.ts';
import { confirmAttestation, decideDispute, refuseAttestation, withdrawAttestation } from '../../attest/decide.ts';
import { attestationById, listAttestations } from '../../attest/store.ts';
import { addDays, dayText } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { type Subject, subjectsOf } from '../../record/view-store.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import { act, attestationRow } from '../attest.ts';
import type { WebContext } from '../context.ts';
import { csrfToken } from '../guard.ts';
import { businessRoles } from '../role.ts';
import { staffAccounts } from '../store.ts';
import { badge, crumb, facts, type Html, select, table } from '../view.ts';
import { countText, momentText, registerNames } from '../words.ts';
import { dataLinks, rowForm } from './data-parts.ts';
import { staffPage } from './frame.ts';
import { chosen, placesIn, subjectLink, uuidOr404 } from './parts.ts';

type Place = (code: string | null) => string;
type Name = (userId: string) => string;

const shownRows = 100;
const stateKinds: Readonly<Record<AttestState, 'good' | 'bad' | 'open' | 'plain'>> = {
  entered: 'open',
  standing: 'good',
  refused: 'bad',
  withdrawn: 'plain',
  agreed: 'plain',
  overruled: 'bad',
  expired: 'plain',
};
const stateBadge = (one: Attestation): Html =>
  html`${badge(stateKinds[one.state], attestStateNames[one.state])}${one.dispute === null ? '' : html` ${badge('open', '来源又有说法，待裁定')}`}`;

/** Who they are stands in the accounts; somebody who has gone keeps his name. */
const namesOf = async (web: WebContext): Promise<Name> => {
  const names = new Map((await staffAccounts(web.db)).map((one) => [one.userId, one.name]));
  return (userId) => names.get(userId) ?? '已不在册';
};

const valueText = (row: ReturnType<typeof attestationRow>): string => {
  if (!row.value.shown) return '只给部门审核和审计看';
  const { v } = row.value;
  return v === null || v === undefined ? '无' : typeof v === 'string' ? v : JSON.stringify(v);
};

const listTable = (rows: readonly Attestation[], catalogue: Catalogue, staff: Staff, place: Place): Html =>
  table<Attestation>(
    [
      {
        title: '指标',
        cell: (one) => html`<a href="/staff/attestations/${one.id}">${attestationRow(one, catalogue, staff.roles).label}</a>`,
      },
      { title: '地区', long: true, cell: (one) => place(one.division) },
      { title: '凭什么', long: true, cell: (one) => one.documentTitle },
      { title: '录入', cell: (one) => momentText(one.enteredAt) },
      { title: '有效到', cell: (one) => dayText(one.expiresOn) },
      { title: '状态', cell: stateBadge },
    ],
    rows,
    '没有这样的核定。来源的数据错了或没有时，由部门审核凭材料录入，再由另一人复核。',
  );

const officerTable = (rows: readonly OfficerAnomaly[], name: Name): Html =>
  table<OfficerAnomaly>(
    [
      { title: '人员', cell: (one) => name(one.officer) },
      { title: '录入', figure: true, cell: (one) => countText(one.entered) },
      { title: '复核', figure: true, cell: (one) => countText(one.confirmed) },
      { title: '被退回', figure: true, cell: (one) => countText(one.refused) },
      { title: '来源否定', figure: true, cell: (one) => countText(one.overruled) },
      { title: '来源一致', figure: true, cell: (one) => countText(one.agreed) },
      { title: '库外对象', figure: true, cell: (one) => countText(one.subjects) },
      { title: '复核多由', cell: (one) => (one.partner === null ? '—' : `${name(one.partner)} ${countText(one.partnerCount)}`) },
      { title: '异常', long: true, cell: (one) => (one.flags.length === 0 ? '无' : badge('open', one.flags.join('；'))) },
    ],
    rows,
    '这段时间没有人录入或复核。',
  );

const reasonField = (label: string, id: string): Html =>
  html`<div><label for="${id}">${label}</label><input id="${id}" name="reason" type="text" required minlength="2" maxlength="500"></div>`;

/** What this reader may do with it: the second person, whoever entered it, and a judge of a dispute. */
const acts = (one: Attestation, staff: Staff, csrf: string): Html | string => {
  if (!staff.roles.includes('reviewer')) return '';
  const path = `/staff/attestations/${one.id}`;
  const own = one.enteredBy === staff.userId;
  const second =
    one.state !== 'entered'
      ? ''
      : own
        ? html`<p class="note">是您录入的，要另一位部门审核来复核。</p>`
        : html`<h2>复核</h2><p>看过扫描件，和录入的一致再通过；通过以后它就作数。</p>${rowForm(`${path}/confirm`, csrf, html`<button>复核通过</button>`)}${rowForm(`${path}/refuse`, csrf, html`${reasonField('退回的理由', 'refuse')}<button class="button quiet">退回</button>`)}`;
  const dispute =
    one.state !== 'standing' || one.dispute === null || own
      ? ''
      : html`<h2>裁定</h2><p>来源在 ${one.disputeSince === null ? '' : dayText(one.disputeSince)}${one.dispute === 'repeated' ? '重复了原来的说法' : '有了新的说法'}。</p>${rowForm(
          `${path}/decide`,
          csrf,
          html`${reasonField('裁定的理由', 'decide')}<button name="decision" value="keep">仍以核定为准</button><button class="button quiet" name="decision" value="source">以来源为准</button>`,
        )}`;
  const withdraw =
    one.state === 'entered' || one.state === 'standing'
      ? html`<h2>撤回</h2>${rowForm(`${path}/withdraw`, csrf, html`${reasonField('撤回的理由', 'withdraw')}<button class="button quiet">撤回</button>`)}`
      : '';
  return html`${second}${dispute}${withdraw}`;
};

const oneBody = (
  one: Attestation,
  staff: Staff,
  csrf: string,
  view: { catalogue: Catalogue; place: Place; name: Name; subjects: ReadonlyMap<string, Subject> },
): Html => {
  const { catalogue, place, name, subjects } = view;
  const row = attestationRow(one, catalogue, staff.roles);
  const judges = staff.roles.includes('reviewer') || staff.roles.includes('auditor');
  return html`${crumb('/staff/attestations', '人工核定')}<div class="title"><h1>${row.label}</h1>${stateBadge(one)}</div>
${facts([
  ['核定的值', valueText(row)],
  ['起止', row.from === null && row.to === null ? '不分期间' : `${row.from ?? '不限'} 至 ${row.to ?? '不限'}`],
  ['对象', html`${subjectLink(subjects, one.subjectId)}（${registerNames[one.register] ?? one.register}）`],
  ['地区', place(one.division)],
  ['凭什么', one.documentTitle],
  ['扫描件', judges ? html`<a href="/api/attestations/${one.id}/document">下载（会留痕）</a>` : '只给部门审核和审计看'],
  ['理由', one.reason],
  ['所见日期', dayText(one.asOf)],
  ['有效到', dayText(one.expiresOn)],
  ['录入', `${name(one.enteredBy)}，${momentText(one.enteredAt)}`],
  ['复核', one.confirmedBy === null || one.confirmedAt === null ? '还没有' : `${name(one.confirmedBy)}，${momentText(one.confirmedAt)}`],
  ['结束', one.closeReason ?? '—'],
])}
${acts(one, staff, csrf)}`;
};

const listPage = async (web: WebContext, staff: Staff, state: AttestState | undefined, now: Date): Promise<Html> => {
  const [catalogue, place, name, today] = await Promise.all([web.catalogue(), placesIn(web), namesOf(web), todayFor(web.db, now)]);
  const rows = await listAttestations(web.db, { scope: staff.scope, state, limit: shownRows });
  const judge = staff.roles.includes('reviewer') || staff.roles.includes('auditor');
  const counts = judge ? anomalies(await officerCounts(web.db, { from: addDays(today, -90), to: today, scope: staff.scope })) : [];
  return html`<h1>人工核定</h1>${dataLinks('/staff/attestations')}
<p class="lead">来源的数据错了或没有时，凭看到的材料录入一个值；另一人复核后才作数，到期失效，来源更正后自动结清。</p>
<form class="inline" method="get" action="/staff/attestations">${select(
    'state',
    '状态',
    attestStates.map((value) => ({ value, label: attestStateNames[value] })),
    state,
  )}<button>看</button></form>
${listTable(rows, catalogue, staff, place)}${rows.length < shownRows ? '' : html`<p class="hint">只列最近 ${shownRows} 条。</p>`}
${judge ? html`<h2>近 90 天各人的录入和复核</h2>${officerTable(counts, name)}` : ''}`;
};

export const attestationPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/attestations', access(...businessRoles), async (c) => {
      const state = chosen(c.req.query('state'), attestStates);
      return c.html(staffPage(c, web, '人工核定', await listPage(web, staffOf(c), state, c.get('now'))));
    })
    .get('/staff/attestations/:id', access(...businessRoles), async (c) => {
      const staff = staffOf(c);
      const one = await attestationById(web.db, uuidOr404(c.req.param('id'), '核定'), staff.scope);
      if (one === null) return notFound('核定');
      const [catalogue, place, name, subjects] = await Promise.all([
        web.catalogue(),
        placesIn(web),
        namesOf(web),
        subjectsOf(web.db, [one.subjectId]),
      ]);
      const body = oneBody(one, staff, csrfToken(web.secret, staff.sessionToken), { catalogue, place, name, subjects });
      return c.html(staffPage(c, web, '人工核定', body));
    })
    .post('/staff/attestations/:id/:act', access('reviewer'), async (c) => {
      const { userId, roles, scope } = staffOf(c);
      const id = uuidOr404(c.req.param('id'), '核定');
      const form = await c.req.parseBody();
      const reason = String(form.reason ?? '');
      const given = { db: web.db, catalogue: await web.catalogue(), actor: { id: userId, roles, scope }, at: c.get('now') };
      const done = {
        confirm: () => act(given, (context) => confirmAttestation(context, id)),
        refuse: () => act(given, (context) => refuseAttestation(context, id, reason)),
        withdraw: () => act(given, (context) => withdrawAttestation(context, id, reason)),
        decide: () =>
          act(given, (context) => decideDispute(context, { id, reason, decision: form.decision === 'keep' ? 'keep' : 'source' })),
      };
      const name = c.req.param('act');
      if (!Object.hasOwn(done, name)) fail('missing.page', '', '没有这种办法。', '从核定的页面办理。');
      await done[name as keyof typeof done]();
      return c.redirect(`/staff/attestations/${id}`, 303);
    });
