// What waits for whoever asks, over all queues; and the titles of items and the names of colleagues, for lists and filters.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { inboxOf, workKinds } from '../inbox.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { businessRoles } from '../role.ts';
import { staffAccounts } from '../store.ts';
import { answers, listOf } from './answer.ts';

const work = z.object({
  kind: z.enum(workKinds),
  text: z.string(),
  next: z.string().describe('要办什么'),
  waiting: z.number(),
  fen: z.string().nullable(),
  dueOn: z.string().nullable().describe('最早的期限'),
  late: z.number().describe('其中已过期限的'),
});
const person = z.object({ username: z.string(), name: z.string() });
const title = z.object({ id: z.string(), title: z.string(), authority: z.string() });

export const inboxApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/inbox', access('staff'), describeRoute(answers('待我处理', listOf(work))), async (c) => {
      const now = c.get('now');
      const rows = await inboxOf(web.db, staffOf(c), await todayFor(web.db, now), now);
      return c.json({
        rows: rows.map((one) => ({ ...one, fen: one.fen === null ? null : String(one.fen), dueOn: one.dueOn as string | null })),
        next: null,
      });
    })
    .get('/item-titles', access(...businessRoles), describeRoute(answers('事项名称', listOf(title))), async (c) => {
      const items = await itemsFor(web, staffOf(c).scope);
      const titles = titlesIn(items);
      const rows = items.map(({ itemId, item }) => ({ id: itemId, title: titles.get(itemId) ?? item.title, authority: item.authority }));
      return c.json({ rows, next: null });
    })
    .get('/staff-names', access('staff'), describeRoute(answers('同事的姓名，离岗的也在', listOf(person))), async (c) => {
      const rows = (await staffAccounts(web.db)).map(({ username, name }) => ({ username, name }));
      return c.json({ rows, next: null });
    });
