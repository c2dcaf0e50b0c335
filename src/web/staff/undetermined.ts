// 待核: what is missing, from which dataset, how many wait for it; and for one item the people themselves.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { type Gap, gapsOf, type WaitingPerson, waitingPeople } from '../matches.ts';
import { type ItemRow, itemRows } from '../overview.ts';
import { businessRoles } from '../role.ts';
import { type Html, nextPage, select, table } from '../view.ts';
import { missingText } from '../why.ts';
import { countText } from '../words.ts';
import { staffPage } from './frame.ts';
import { given, personLink, placesIn } from './parts.ts';

/** One fact of one dataset, with every item that waits for it. */
interface Want {
  readonly gap: Gap;
  readonly items: readonly Gap[];
  readonly subjects: number;
}

const wantsOf = (gaps: readonly Gap[]): readonly Want[] =>
  [...Map.groupBy(gaps, ({ missing: m }) => `${m.fact}\n${m.dataset}\n${m.reason}`).values()]
    .map((items) => ({ gap: items[0] as Gap, items, subjects: items.reduce((sum, one) => sum + one.subjects, 0) }))
    .sort((a, b) => b.subjects - a.subjects);

const shownItems = 3;
const peoplePath = ({ itemId, missing }: Gap): string =>
  `/staff/undetermined?${new URLSearchParams({ item: itemId, fact: missing.fact, dataset: missing.dataset ?? '' }).toString()}`;

const itemLinks = (items: readonly Gap[]): Html =>
  html`${items
    .slice(0, shownItems)
    .map(
      (one, i) => html`${i === 0 ? '' : '、'}<a href="${peoplePath(one)}">${one.title}</a>`,
    )}${items.length > shownItems ? ` 等 ${items.length} 个` : ''}`;

const gapTable = (gaps: readonly Gap[]): Html =>
  table<Want>(
    [
      { title: '缺什么', cell: ({ gap }) => gap.missing.label },
      {
        title: '该由谁报',
        cell: ({ gap: { missing } }) =>
          missing.title === null ? '—' : html`<a href="/staff/data/${missing.dataset}">${missing.title}</a>`,
      },
      { title: '部门', cell: ({ gap }) => gap.missing.department },
      { title: '为什么缺', cell: ({ gap }) => gap.missing.reason },
      { title: '在等的事项', long: true, cell: ({ items }) => itemLinks(items) },
      {
        title: '在等的人次',
        figure: true,
        cell: ({ items, subjects }) =>
          items.length === 1 ? html`<a href="${peoplePath(items[0] as Gap)}">${countText(subjects)}</a>` : countText(subjects),
      },
    ],
    wantsOf(gaps),
    '没有人在等。最近一期里每个人都能判定。',
  );

/** For readers of some divisions each fact is counted person by person: that is done for one item at a time. */
const itemTable = (rows: readonly ItemRow[], titles: ReadonlyMap<string, string>): Html =>
  table<ItemRow>(
    [
      { title: '事项', cell: ({ published: p }) => html`<a href="/staff/undetermined?item=${p.itemId}">${titles.get(p.itemId)}</a>` },
      { title: '在等的人', figure: true, cell: ({ standing }) => countText(standing?.undetermined ?? 0) },
    ],
    rows
      .filter(({ standing }) => (standing?.undetermined ?? 0) > 0)
      .sort((a, b) => (b.standing?.undetermined ?? 0) - (a.standing?.undetermined ?? 0)),
    '没有人在等。最近一期里您的地区每个人都能判定。',
  );

const peopleTable = (rows: readonly WaitingPerson[], place: (code: string | null) => string): Html =>
  table<WaitingPerson>(
    [
      { title: '姓名或单位', cell: ({ person }) => personLink(person) },
      { title: '地区', cell: ({ person }) => place(person.division) },
      { title: '缺什么', long: true, cell: ({ missing }) => missing.map(missingText).join('；') },
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
    const place = await placesIn(web);
    const byItem = scope.divisions !== null && item === undefined;
    const [gaps, people] = await Promise.all([
      byItem ? [] : gapsOf(web, scope, item),
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
      [...titlesIn(items)].map(([value, label]) => ({ value, label })),
      item,
    )}<button>筛选</button></form>
${byItem ? itemTable(await itemRows(web, scope, items), titlesIn(items)) : gapTable(gaps)}
${
  people === null
    ? ''
    : html`<h2>在等的人${label === undefined ? '' : `：缺${label}`}</h2>${peopleTable(people.rows, place)}${nextPage('/staff/undetermined', { item, fact, dataset }, people.next)}`
}`;
    return c.html(staffPage(c, web, '待核', body));
  });
