// Notices: the list, and one as it goes out, with how often it was tried.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { maskEmail, maskId, maskText } from '../../base/codes.ts';
import { type ChannelName, channelNames, type Notice, type NoticeState, noticeStates, templateNames } from '../../notice/notice.ts';
import { listNotices, noticeById } from '../../notice/store.ts';
import { subjectsOf } from '../../record/view-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { noteNotice } from '../look.ts';
import { businessRoles } from '../role.ts';
import { badge, crumb, facts, type Html, nextPage, select, table } from '../view.ts';
import { momentText, shown } from '../words.ts';
import { staffPage } from './frame.ts';
import { chosen, given, personLink, uuidOr404, yuanOrDash } from './parts.ts';

const stateKinds = { pending: 'open', sending: 'open', sent: 'good', delivered: 'good', bounced: 'bad', dead: 'bad' } as const;
export const noticeBadge = (state: NoticeState): Html => badge(stateKinds[state], noticeStates[state].text);

const states = Object.keys(noticeStates) as NoticeState[];
const channels = Object.keys(channelNames) as ChannelName[];

interface ListView {
  readonly rows: readonly Notice[];
  readonly next: string | null;
  readonly titles: ReadonlyMap<string, string>;
  readonly who: (notice: Notice) => Html | string;
}

const listBody = (
  view: ListView,
  ask: { item?: string | undefined; state?: NoticeState | undefined; channel?: ChannelName | undefined },
): Html =>
  html`<h1>告知</h1><p class="lead">每次符合、变动、暂停、终止只告知一次，说清为什么、给多少、什么时候到账。没有邮箱和手机的，<a href="/staff/notice-desk">当面或电话告知</a>。文本先<a href="/staff/notice-texts">预览</a>。</p>
<form class="inline" method="get">
${select(
  'item',
  '事项',
  [...view.titles].map(([value, label]) => ({ value, label })),
  ask.item,
)}
${select(
  'state',
  '状态',
  states.map((value) => ({ value, label: noticeStates[value].text })),
  ask.state,
)}
${select(
  'channel',
  '方式',
  channels.map((value) => ({ value, label: channelNames[value] })),
  ask.channel,
)}
<button>筛选</button></form>
${table<Notice>(
  [
    { title: '标题', cell: (n) => html`<a href="/staff/notices/${n.id}">${shown(n.subject)}</a>` },
    { title: '给谁', cell: view.who },
    { title: '种类', cell: (n) => templateNames[n.template] },
    { title: '金额', figure: true, cell: (n) => yuanOrDash(n.amountFen) },
    { title: '方式', cell: (n) => channelNames[n.channel] },
    { title: '状态', cell: (n) => noticeBadge(n.state) },
    { title: '时间', cell: (n) => momentText(n.sentAt ?? n.createdAt) },
  ],
  view.rows,
  '没有告知。兑付记录走到“告知”一步时自动写出。',
)}
${nextPage('/staff/notices', { item: ask.item, state: ask.state, channel: ask.channel }, view.next)}`;

const oneBody = (n: Notice, who: Html | string, title: string): Html => html`${crumb('/staff/notices', '告知')}
<div class="title"><h1>${shown(n.subject)}</h1><span class="noprint">${noticeBadge(n.state)}</span></div>
<div class="noprint">${facts([
  ['给谁', who],
  ['事项', html`<a href="/staff/items/${n.itemId}">${title}</a>`],
  ['金额', n.amountFen === null ? '—' : formatYuan(n.amountFen)],
  ['种类', templateNames[n.template]],
  ['方式', channelNames[n.channel]],
  ['地址', n.address === null ? '没有' : n.channel === 'sms' ? maskId(n.address) : maskEmail(shown(n.address))],
  ['写出', momentText(n.createdAt)],
  ['送出', n.sentAt === null ? '还没有' : momentText(n.sentAt)],
  ['发送次数', n.attempts],
  ['为什么', n.matchId === null ? '对来件的答复' : html`<a href="/staff/matches/${n.matchId}">看判定依据</a>`],
])}
${n.lastError === null ? '' : html`<div class="warn"><strong>上次没有送达：</strong>${maskText(shown(n.lastError), 200)}</div>`}
</div><h2 class="noprint">正文</h2><div class="letter">${shownLines(n.body)}</div>`;

/** The letter's own line breaks stay; everything else that is not plain text shows as a box. */
const shownLines = (text: string): string => text.split('\n').map(shown).join('\n');

export const noticePages = (web: WebContext) =>
  new Hono<Env>()
    .get('/staff/notices', access(...businessRoles), async (c) => {
      const { scope } = staffOf(c);
      const query = c.req.query();
      const ask = { item: given(query.item), state: chosen(query.state, states), channel: chosen(query.channel, channels) };
      const page = await listNotices(web.db, {
        scope,
        after: query.cursor ?? null,
        limit: 50,
        filter: {
          ...(ask.item === undefined ? {} : { itemId: ask.item }),
          ...(ask.state === undefined ? {} : { state: ask.state }),
          ...(ask.channel === undefined ? {} : { channel: ask.channel }),
        },
      });
      const [items, subjects] = await Promise.all([
        itemsFor(web, scope),
        subjectsOf(
          web.db,
          page.rows.map((n) => n.subjectId),
        ),
      ]);
      const titles = titlesIn(items);
      const who = (n: Notice): Html | string => {
        const subject = subjects.get(n.subjectId);
        return subject === undefined ? '—' : personLink(subject);
      };
      return c.html(staffPage(c, web, '告知', listBody({ ...page, titles, who }, ask)));
    })
    .get('/staff/notices/:id', access(...businessRoles), async (c) => {
      const { scope } = staffOf(c);
      const found = await noticeById(web.db, uuidOr404(c.req.param('id'), '告知'), scope);
      if (found === null) return notFound('告知');
      await noteNotice(web, c, found);
      const [items, subjects] = await Promise.all([itemsFor(web, scope), subjectsOf(web.db, [found.subjectId])]);
      const subject = subjects.get(found.subjectId);
      const title = items.find((one) => one.itemId === found.itemId)?.item.title ?? found.itemId;
      return c.html(staffPage(c, web, '告知', oneBody(found, subject === undefined ? '—' : personLink(subject), title)));
    });
