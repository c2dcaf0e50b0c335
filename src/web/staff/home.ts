// 总览: what waits for a person with a way there, and every item with 符合, 待核 and the amount.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { roundYuan } from '../../base/amount.ts';
import { type Day, dayText } from '../../base/day.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { alarmText, standingAlarm } from '../../db/invariant-store.ts';
import { pays } from '../../policy/item.ts';
import { modeText } from '../../policy/mode.ts';
import type { Wait } from '../../readiness/readiness.ts';
import type { ReadinessRow } from '../../readiness/store.ts';
import { overdueOf, stateNames, waitText } from '../../readiness/words.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type ItemRow, type Overview, overviewOf, type Waiting } from '../overview.ts';
import { type ReadinessView, readinessFor } from '../readiness.ts';
import { allRoles } from '../role.ts';
import { staffAccounts } from '../store.ts';
import { badge, type Html, table } from '../view.ts';
import { watchersOf } from '../watchers.ts';
import { countText, momentText, periodText } from '../words.ts';
import { staffPage } from './frame.ts';
import { sumBeside, yuanCell } from './parts.ts';

interface Task {
  readonly count: number;
  readonly what: string;
  readonly why: string;
  readonly path: string;
}

const tasksOf = (waiting: Waiting): readonly Task[] => {
  const { disbursements: d, amountFen: fen, notices } = waiting;
  const of = (state: 'reviewing' | 'asking' | 'confirming' | 'held' | 'returned' | 'ready', what: string, why: string): Task => ({
    count: d[state],
    what,
    why: `${yuanCell(fen[state])}。${why}`,
    path: `/staff/disbursements?state=${state}`,
  });
  return [
    of('reviewing', '条在审核', '部门审核通过或退回后才往下走。'),
    of('asking', '条待补信息', '缺收款账户等，补齐前不拨付。'),
    of('confirming', '条待本人确认', '到期未答的按事项规定处理。'),
    of('held', '条暂缓', '有人按下暂缓，等人放行。'),
    of('returned', '条退汇', '核对账户后重新拨付。'),
    of('ready', '条待拨付', '可以组成拨付批次。'),
    { count: waiting.undetermined, what: '人次待核', why: '缺部门数据，补报后自动判定。', path: '/staff/undetermined' },
    { count: waiting.stale, what: '个数据集过期', why: '过期的数据不再作数，请催报。', path: '/staff/data' },
    { count: notices.toHand, what: '封告知待当面送达', why: '没有可用的电子邮箱。', path: '/staff/notices?state=pending&channel=letter' },
    { count: notices.failed, what: '封告知没有送达', why: '核对联系方式。', path: '/staff/notices?state=bounced' },
  ].filter((task) => task.count > 0);
};

const tasks = (waiting: Waiting): Html => {
  const rows = tasksOf(waiting);
  if (rows.length === 0) return html`<p class="empty">现在没有等人办的事。下一次匹配、结算以后，要办的会列在这里。</p>`;
  return html`<ul class="waits">${rows.map((task) => html`<li><a href="${task.path}"><strong>${countText(task.count)}</strong>${task.what}<span>${task.why}</span></a></li>`)}</ul>`;
};

const weight = ({ standing }: ItemRow): number => (standing === null ? 3 : standing.eligible > 0 ? 0 : standing.undetermined > 0 ? 1 : 2);

/** Largest amount first; items nobody stands in come last. */
const inOrder = (rows: readonly ItemRow[]): readonly ItemRow[] =>
  [...rows].sort((a, b) => {
    const [x, y] = [a.standing?.amountFen ?? 0n, b.standing?.amountFen ?? 0n];
    return weight(a) - weight(b) || (x === y ? a.published.itemId.localeCompare(b.published.itemId) : x < y ? 1 : -1);
  });

export const itemState = ({ published, standing }: ItemRow): Html =>
  published.retiredAt !== null
    ? badge('plain', '已停用')
    : published.blocked !== null
      ? badge('open', '暂不兑付')
      : standing?.stopped
        ? badge('bad', '本批已停')
        : standing === null
          ? badge('plain', '未匹配')
          : published.item.effective.to !== null && published.item.effective.to < standing.knownAt
            ? badge('plain', '已到期')
            : badge('good', '在办');

const itemTable = (rows: readonly ItemRow[]): Html =>
  table<ItemRow>(
    [
      { title: '事项', cell: ({ published: p }) => html`<a href="/staff/items/${p.itemId}">${p.item.title}</a>` },
      { title: '主管部门', long: true, cell: ({ published: p }) => p.item.authority },
      { title: '方式', cell: ({ published: p }) => modeText(p.item) },
      { title: '期别', cell: ({ standing: s }) => (s === null ? '—' : periodText(s.periodKey)) },
      {
        title: '符合',
        figure: true,
        cell: ({ published: p, standing: s }) =>
          s === null
            ? '—'
            : s.eligible === 0
              ? '0'
              : html`<a href="/staff/matches?item=${p.itemId}&verdict=eligible">${countText(s.eligible)}</a>`,
      },
      {
        title: '待核',
        figure: true,
        cell: ({ published: p, standing: s }) =>
          s === null
            ? '—'
            : s.undetermined === 0
              ? '0'
              : html`<a href="/staff/undetermined?item=${p.itemId}">${countText(s.undetermined)}</a>`,
      },
      {
        title: '金额',
        figure: true,
        cell: ({ published: p, standing: s }) =>
          s === null
            ? '—'
            : `${p.item.award.reduces === undefined ? (p.item.mode === 'push' ? '估算 ' : '') : '减免 '}${yuanCell(s.amountFen)}`,
      },
      { title: '状态', cell: itemState },
    ],
    inOrder(rows),
    '您的范围内还没有发布的政策事项。政策管理员发布以后，下一次匹配就会出现在这里。',
  );

const headline = ({ run, items }: Overview): Html => {
  const paying = items.filter(({ published }) => pays(published.item) && published.blocked === null);
  const sum = paying.reduce((total, { standing }) => total + (standing?.amountFen ?? 0n), 0n);
  const eligible = items.reduce((total, { standing }) => total + (standing?.eligible ?? 0), 0);
  if (run === null) return html`<p class="lead">还没有匹配过。部门数据导入并封存以后，匹配会按时自动运行。</p>`;
  return html`<p class="lead">数据到 ${dayText(run.knownAt)}。最近一次匹配${run.endedAt === null ? '还在运行' : `于 ${momentText(run.endedAt)} 完成`}，<a href="/staff/runs/${run.id}">看这一批</a>。</p>
<div class="cards"><div class="card"><div class="number">${countText(eligible)}</div>人次符合</div><div class="card"><div class="number">${roundYuan(sum)}</div>最近一期应享金额${sumBeside(sum)}，核定前，不含推送估算、费用减免和暂不兑付的</div></div>`;
};

const waitLine = (wait: Wait, countedOn: Day, catalogue: Catalogue): Html => {
  const late = overdueOf(wait, countedOn);
  const open = wait.guard && wait.reason === 'stale' && wait.decision === null;
  return html`<li>${waitText(wait, catalogue)}${late > 0 ? html` ${badge('bad', `迟 ${late} 天`)}` : ''}${open ? html` ${badge('open', '待审核人决定：等待或延长')}` : ''}</li>`;
};

/** Items that are not decided now, and those that go without data somebody may decide about: one line each, however many people it concerns. */
const waitingItems = ({ rows, titles, countedOn }: ReadinessView, catalogue: Catalogue): Html | '' => {
  const newest = [...Map.groupBy(rows, (row) => row.itemId).values()].flatMap(([first, ...older]) => [
    ...(first === undefined ? [] : [first]),
    ...older.filter((row) => row.state === 'waiting'),
  ]);
  const shown = newest.filter((row) => row.state !== 'ready' || row.waits.some((wait) => wait.guard));
  if (shown.length === 0) return '';
  return html`<h2>等数据的事项</h2>${table<ReadinessRow>(
    [
      { title: '事项', cell: (row) => html`<a href="/staff/items/${row.itemId}">${titles.get(row.itemId) ?? row.itemId}</a>` },
      { title: '期别', cell: (row) => periodText(row.periodKey) },
      { title: '情况', cell: (row) => badge(row.state === 'ready' ? 'good' : 'open', stateNames[row.state]) },
      {
        title: '缺什么，向谁要',
        long: true,
        cell: (row) =>
          row.record === null
            ? html`<ul>${row.waits.filter((wait) => wait.holds || wait.guard).map((wait) => waitLine(wait, countedOn, catalogue))}</ul>`
            : row.record.reasons.map((reason) => `${reason.rule}；现为 ${reason.found || '不满足'}`).join('；'),
      },
    ],
    shown,
    '',
  )}`;
};

/** Lists by name that are not all found yet, one line per item and list. */
const listsWaiting = ({ lists, items }: Overview): Html | '' => {
  if (lists.size === 0) return '';
  const titles = new Map(items.map(({ published }) => [published.itemId, published.item.title]));
  const rows = [...lists].flatMap(([itemId, gaps]) => gaps.map((gap) => ({ itemId, gap })));
  return html`<h2>名单没有对全的事项</h2><p>没有对上的名称，可能指的对象先作待核，其他人照常判定。<a href="/staff/names">看没有对上的名称</a></p>${table(
    [
      { title: '事项', cell: ({ itemId }) => html`<a href="/staff/items/${itemId}">${titles.get(itemId) ?? itemId}</a>` },
      { title: '名单', long: true, cell: ({ gap }) => gap.text },
      { title: '数据日期', cell: ({ gap }) => dayText(gap.asOf) },
    ],
    rows,
    '',
  )}`;
};

/** What stops money is said first, to everybody, with who must act. */
const alarmFor = async (web: WebContext): Promise<Html | ''> => {
  const alarm = await standingAlarm(web.db);
  return alarm === null
    ? ''
    : html`<div class="problem" role="alert">${alarmText(alarm)}。签发、取报盘和关账停着，由${watchersOf(await staffAccounts(web.db))}查明。</div>`;
};

export const homePage = (web: WebContext) =>
  new Hono<Env>().get('/staff', access(...allRoles), async (c) => {
    const staff = staffOf(c);
    // The administrator has no business rights; the accounts are the place to be.
    if (staff.roles.every((role) => role === 'admin')) return c.redirect('/staff/accounts');
    const overview = await overviewOf(web, staff.scope, c.get('now'));
    const body = html`<h1>总览</h1>${await alarmFor(web)}${headline(overview)}
<h2>等人办的</h2>${tasks(overview.waiting)}
${waitingItems(await readinessFor(web, staff.scope, c.get('now')), await web.catalogue())}${listsWaiting(overview)}<h2>各事项最近一期</h2>${itemTable(overview.items)}`;
    return c.html(staffPage(c, web, '总览', body));
  });
