// The notice desk over the API: letters and call sheets to print, ticking off by code.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { transaction } from '../../db/handle.ts';
import { tickLetter } from '../../notice/hear-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { lettersFor, sheetFor } from '../notice-desk.ts';
import { answers, answersFile, strictQuery, valid } from './answer.ts';
import { sheetsAnswer } from './sheet.ts';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const noticeDeskApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/notice-ticks',
      access('reviewer'),
      describeRoute(answers('送达销号', z.object({ id: z.string() }))),
      valid(
        'json',
        z.strictObject({ code: z.string().max(60), outcome: z.enum(['handed', 'failed']), why: z.string().max(200).optional() }),
      ),
      async (c) => {
        const { userId, scope } = staffOf(c);
        const { code, outcome, why } = c.req.valid('json');
        const tick = {
          by: { code },
          outcome,
          actor: userId,
          role: 'reviewer',
          scope,
          at: c.get('now'),
          ...(why === undefined ? {} : { why }),
        };
        return c.json({ id: await transaction(web.db, (tx) => tickLetter(tx, tick)) });
      },
    )
    .get(
      '/notice-letters',
      access('reviewer'),
      describeRoute(answersFile('待当面送达的告知（打印）', ['text/html'])),
      valid('query', strictQuery({ division: z.string().max(20).optional() })),
      async (c) => c.html(await lettersFor(web, staffOf(c), c.req.valid('query').division ?? null, c.get('now'))),
    )
    .get(
      '/notice-calls',
      access('reviewer'),
      describeRoute(answersFile('电话告知单（表格）', [xlsx])),
      valid('query', strictQuery({ division: z.string().max(20).optional() })),
      async (c) => {
        const sheet = await sheetFor(web, staffOf(c), c.req.valid('query').division ?? null, c.get('now'));
        return await sheetsAnswer(c, [sheet], 'xlsx', 'calls');
      },
    );
