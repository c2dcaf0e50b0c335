// 名单核对: names of delivered lists that nobody was found for, or more than one, and who each may be. To look at; a steward settles them.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { nameGaps, openNames, type WorkRow } from '../../record/names-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { gapTexts } from '../lists.ts';
import { businessRoles } from '../role.ts';
import { type Html, table } from '../view.ts';
import { dayText, personName } from '../words.ts';
import { staffPage } from './frame.ts';

const shownRows = 200;

const candidates = ({ register, bearers }: WorkRow): Html | string =>
  bearers.length === 0
    ? '无人同名'
    : html`${bearers.map((b, i) => html`${i === 0 ? '' : '；'}<a href="/staff/people/${b.subjectId}">${personName(register, b.name)}</a>`)}`;

export const namePages = (web: WebContext) =>
  new Hono<Env>().get('/staff/names', access(...businessRoles), async (c) => {
    const catalogue = await web.catalogue();
    const byName = catalogue.datasets.filter((d) => d.keyedBy === 'name');
    const titles = new Map(byName.map((d) => [d.id, d.title]));
    const gaps = await nameGaps(web.db, [...titles.keys()]);
    const rows = await openNames(web.db, { scope: staffOf(c).scope, limit: shownRows });
    const body = html`<h1>名单核对</h1>
<p class="lead">按名称报送的名单里还没有对上的名称，最多列 ${shownRows} 个。由数据管理员在命令行用 names settle 认定一次，以后的名单照此对上。</p>
${gapTexts(gaps, catalogue).map((text) => html`<p class="note">${text}。</p>`)}
${table<WorkRow>(
  [
    { title: '名单', long: true, cell: (row) => row.list?.title ?? titles.get(row.dataset) ?? row.dataset },
    { title: '数据日期', cell: (row) => dayText(row.asOf) },
    { title: '行', figure: true, cell: (row) => row.line },
    { title: '名单上的名称', long: true, cell: (row) => personName(row.register, row.name) },
    { title: '可能是', long: true, cell: candidates },
  ],
  rows,
  '您的范围内，名单上的名称都已对上。',
)}`;
    return c.html(staffPage(c, web, '名单核对', body));
  });
