// 数据需求 over the API: what is lacking by department, as rows, as a workbook to send along, as a letter to print. No people in it.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { addWorkingDays } from '../../base/day.ts';
import { calendarOf } from '../../catalogue/catalogue.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type DataRequest, dataRequests, requestSheet } from '../data-requests.ts';
import { requestLetter } from '../request-letter.ts';
import { businessRoles } from '../role.ts';
import { answers, answersFile, listOf, notFound, strictQuery, valid } from './answer.ts';
import { sheetsAnswer, sheetTypes } from './sheet.ts';

const want = z.object({
  fact: z.string(),
  label: z.string(),
  dataset: z.string().nullable(),
  title: z.string().nullable(),
  reason: z.string(),
  items: z.array(z.object({ itemId: z.string(), title: z.string(), periodKey: z.string(), subjects: z.number() })),
  subjects: z.number().describe('人次：一个人可能在几个事项里等'),
});
const request = z.object({ department: z.string().nullable(), wants: z.array(want), subjects: z.number() });
/** How many working days a department is given for its answer. */
const answerDays = 10;
const department = z.string().min(1).max(100);

const toRow = ({ wants, ...own }: DataRequest) => ({
  ...own,
  wants: wants.map(({ items, ...one }) => ({ ...one, items: items.map((item) => ({ ...item })) })),
});

export const dataRequestApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/data-requests',
      access(...businessRoles),
      describeRoute(answers('待核按部门：缺什么、多少人次在等', listOf(request))),
      valid('query', strictQuery({})),
      async (c) => c.json({ rows: (await dataRequests(web, staffOf(c).scope)).map(toRow), next: null }),
    )
    .get(
      '/data-requests/file',
      access(...businessRoles),
      describeRoute(answersFile('数据需求表，全部或一个部门的', sheetTypes)),
      valid('query', strictQuery({ department: department.optional(), format: z.enum(['xlsx', 'csv']).default('xlsx') })),
      async (c) => {
        const { department: asked, format } = c.req.valid('query');
        const all = await dataRequests(web, staffOf(c).scope);
        const chosen = asked === undefined ? all : all.filter((one) => one.department === asked);
        return await sheetsAnswer(c, [requestSheet(chosen)], format, 'data-request');
      },
    )
    .get(
      '/data-requests/letter',
      access(...businessRoles),
      describeRoute(answersFile('给一个部门的数据需求函（可打印的一页）', ['text/html'], { one: true })),
      valid('query', strictQuery({ department })),
      async (c) => {
        const asked = c.req.valid('query').department;
        const found = (await dataRequests(web, staffOf(c).scope)).find((one) => one.department === asked);
        if (found === undefined) return notFound('数据需求');
        const [today, catalogue] = await Promise.all([todayFor(web.db, c.get('now')), web.catalogue()]);
        return c.html(requestLetter(found, { today, answerBy: addWorkingDays(today, answerDays, calendarOf(catalogue)) }));
      },
    );
