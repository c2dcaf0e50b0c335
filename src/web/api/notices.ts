// Notices over the API: lists by cursor, one as it goes out. Addresses leave here masked.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { maskEmail, maskId, maskText } from '../../base/codes.ts';
import { type ChannelName, channelNames, type Notice, type NoticeState, noticeStates } from '../../notice/notice.ts';
import { listNotices, noticeById } from '../../notice/store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { noteList, noteNotice } from '../look.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, listQuery, notFound, valid } from './answer.ts';

const states = Object.keys(noticeStates) as [NoticeState, ...NoticeState[]];
const channels = Object.keys(channelNames) as [ChannelName, ...ChannelName[]];
const row = z.object({
  id: z.string(),
  itemId: z.string(),
  subjectId: z.string(),
  matchId: z.string().nullable(),
  template: z.string(),
  channel: z.enum(channels),
  state: z.enum(states),
  subject: z.string(),
  amountFen: z.string().nullable(),
  attempts: z.number(),
  createdAt: z.string(),
  sentAt: z.string().nullable(),
  deliveredAt: z.string().nullable(),
});
const one = row.extend({ address: z.string().nullable().describe('遮去大部分'), body: z.string(), lastError: z.string().nullable() });

const toRow = (n: Notice) => ({
  id: n.id,
  itemId: n.itemId,
  subjectId: n.subjectId,
  matchId: n.matchId,
  template: n.template,
  channel: n.channel,
  state: n.state,
  subject: n.subject,
  amountFen: n.amountFen === null ? null : String(n.amountFen),
  attempts: n.attempts,
  createdAt: n.createdAt.toISOString(),
  sentAt: n.sentAt?.toISOString() ?? null,
  deliveredAt: n.deliveredAt?.toISOString() ?? null,
});

export const noticeQuery = listQuery.extend({
  item: z.string().max(100).optional(),
  state: z.enum(states).optional(),
  channel: z.enum(channels).optional(),
  subject: z.uuid().optional(),
  match: z.uuid().optional(),
});

export const noticeApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/notices', access(...businessRoles), describeRoute(answers('告知', listOf(row))), valid('query', noticeQuery), async (c) => {
      const query = c.req.valid('query');
      const page = await listNotices(web.db, {
        scope: staffOf(c).scope,
        after: query.cursor ?? null,
        limit: query.limit ?? 50,
        filter: {
          ...(query.item === undefined ? {} : { itemId: query.item }),
          ...(query.state === undefined ? {} : { state: query.state }),
          ...(query.channel === undefined ? {} : { channel: query.channel }),
          ...(query.subject === undefined ? {} : { subjectId: query.subject }),
          ...(query.match === undefined ? {} : { matchId: query.match }),
        },
      });
      await noteList(web, c, 'notice', query, page.rows);
      return c.json({ rows: page.rows.map(toRow), next: page.next });
    })
    .get(
      '/notices/:id',
      access(...businessRoles),
      describeRoute(answers('一封告知', one, { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      async (c) => {
        const found = await noticeById(web.db, c.req.valid('param').id, staffOf(c).scope);
        if (found === null) return notFound('告知');
        await noteNotice(web, c, found);
        const { address, body, lastError } = found;
        return c.json({
          ...toRow(found),
          address: address === null ? null : found.channel === 'sms' ? maskId(address) : maskEmail(address),
          body,
          lastError: lastError === null ? null : maskText(lastError, 200),
        });
      },
    );
