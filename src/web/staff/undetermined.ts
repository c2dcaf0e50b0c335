// 待核: what is missing, from which dataset, how many wait for it; and for one item the people themselves.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor } from '../items.ts';
import { type Gap, gapsOf, type WaitingPerson, waitingPeople } from '../matches.ts';
import { businessRoles } from '../role.ts';
import { type Html, nextPage, select, table } from '../view.ts';
import { countText, periodText } from '../words.ts';
import { staffPage } from './frame.ts';
import { given, missingText, personLink } from './parts.ts';

const gapTable = (gaps: readonly Gap[]): Html =>
  table<Gap>(
    [
      { title: '缺什么', cell: (gap) => gap.missing.label },
      {
        title: '该由谁报',
        cell: (gap) =>
          gap.missing.title === null
            ? '—'
            : html`<a href="/staff/data/${gap.missing.dataset}">${gap.missing.title}</a><span class="own">${gap.missing.department}</span>`,
      },
      { title: '为什么缺', cell: (gap) => gap.missing.reason },
      { title: '事项', cell: (gap) => html`<a href="/staff/undetermined?item=${gap.itemId}">${gap.title}</a>` },
      { title: '期别', cell: (gap) => periodText(gap.periodKey) },
      {
        title: '在等的人',
        figure: true,
        cell: (gap) =>
          html`<a href="/staff/undetermined?item=${gap.itemId}&fact=${encodeURIComponent(gap.missing.fact)}&dataset=${gap.missing.dataset ?? ''}">${countText(gap.subjects)}</a>`,
      },
    ],
    gaps,
    '没有人在等。最近一期里每个人都能判定。',
  );

const peopleTable = (rows: readonly WaitingPerson[]): Html =>
  table<WaitingPerson>(
    [
      { title: '姓名或单位', cell: ({ person }) => personLink(person) },
      { title: '地区', cell: ({ person }) => person.division },
      { title: '缺什么', cell: ({ missing }) => missing.map(missingText).join('；') },
    ],
    rows,
    '没有人在等这项数据。',
  );

export const undeterminedPages = (web: WebContext) =>
  new Hono<Env>().get('/staff/undetermined', access(...businessRoles), async (c) => {
    const { scope } = staffOf(c);
    const [item, fact, dataset, cursor] = ['item', 'fact', 'dataset', 'cursor'].map((name) => given(c.req.query(name)));
    const items = await itemsFor(web, scope);
    const published = items.find((one) => one.itemId === item);
    const [gaps, people] = await Promise.all([
      gapsOf(web, scope, item),
      published === undefined
        ? null
        : waitingPeople(web, scope, published, { cursor, fact, dataset: fact === undefined ? undefined : dataset, limit: 50 }),
    ]);
    const label = gaps.find((gap) => gap.missing.fact === fact)?.missing.label;
    const body = html`<h1>待核</h1>
<p class="lead">缺数据就判不了，判不了就不发钱，也不说不符合。数据补报以后，下一次匹配自动判定。一个人可能缺几项，也可能在几个事项里等。</p>
<form class="inline" method="get">${select(
      'item',
      '事项',
      items.map((one) => ({ value: one.itemId, label: one.item.title })),
      item,
    )}<button>筛选</button></form>
${gapTable(gaps)}
${
  people === null
    ? ''
    : html`<h2>在等的人${label === undefined ? '' : `：缺${label}`}</h2>${peopleTable(people.rows)}${nextPage('/staff/undetermined', { item, fact, dataset }, people.next)}`
}`;
    return c.html(staffPage(c, web, '待核', body));
  });
