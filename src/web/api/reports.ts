// Reports over the API: rows, a file to download, and the page for the head of the bureau.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { type ReportOptions, reportNames, reportSheet } from '../../report/report.ts';
import { effect, effectBy } from '../../report/store.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import { checkUpPage } from '../check-up.ts';
import { chiefPage } from '../chief.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { businessRoles, type Role } from '../role.ts';
import { answers, answersFile, listOf, strictQuery, valid } from './answer.ts';
import { sheetsAnswer, sheetTypes } from './sheet.ts';

/** Whoever handles people's records sees whom a late one is about. */
const seeNames: readonly Role[] = ['reviewer', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer'];

const askOf = async (web: WebContext, staff: Staff, now: Date, itemId?: string): Promise<ReportOptions> => ({
  scope: staff.scope,
  today: await todayFor(web.db, now),
  itemId,
  names: staff.roles.some((role) => seeNames.includes(role)),
  titles: titlesIn(await itemsFor(web, staff.scope)),
});

const shown = z.object({ name: z.string(), header: z.array(z.string()), rows: z.array(z.array(z.string().nullable())) });
const effectRow = z.object({
  part: z.string(),
  name: z.string(),
  entitled: z.number().describe('应享人次'),
  paid: z.number(),
  paidFen: z.string(),
  halfDays: z.number().nullable().describe('半数到账用时，天'),
  mostDays: z.number().nullable(),
});
/** Firms, the largest first. */
const firms: readonly string[] = ['大型', '中型', '小型', '微型', ''];
/** What one is due, by size. */
const sizes: Readonly<Record<string, string>> = {
  '1': '不满 1,000 元',
  '2': '1,000 元至 1 万元',
  '3': '1 万元至 10 万元',
  '4': '10 万元至 100 万元',
  '5': '100 万元以上',
};
const filter = { report: z.enum(reportNames), item: z.string().max(100).optional() };

export const reportApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/reports',
      access(...businessRoles),
      describeRoute(answers('一张报表', shown)),
      valid('query', strictQuery(filter)),
      async (c) => {
        const { report, item } = c.req.valid('query');
        const sheet = await reportSheet(web.db, report, await askOf(web, staffOf(c), c.get('now'), item));
        const text = (cell: (typeof sheet.rows)[number][number]): string | null =>
          cell === null || typeof cell === 'string' ? cell : 'number' in cell ? cell.number : cell.day;
        return c.json({ name: sheet.name, header: [...sheet.header], rows: sheet.rows.map((row) => row.map(text)) });
      },
    )
    .get(
      '/reports/file',
      access(...businessRoles),
      describeRoute(answersFile('一张报表（表格）', sheetTypes)),
      valid('query', strictQuery({ ...filter, format: z.enum(['xlsx', 'csv']).default('xlsx') })),
      async (c) => {
        const { report, item, format } = c.req.valid('query');
        return await sheetsAnswer(c, [await reportSheet(web.db, report, await askOf(web, staffOf(c), c.get('now'), item))], format, report);
      },
    )
    .get(
      '/reports/chief',
      access(...businessRoles),
      describeRoute(answersFile('局长一页纸（可打印的一页）', ['text/html'])),
      valid('query', strictQuery({})),
      async (c) => c.html(await chiefPage(web.db, await askOf(web, staffOf(c), c.get('now')), c.get('now'))),
    )
    .get(
      '/reports/check-up',
      access(...businessRoles),
      describeRoute(answersFile('每月体检（可打印的一页）', ['text/html'])),
      valid('query', strictQuery({})),
      async (c) => c.html(await checkUpPage(web, await askOf(web, staffOf(c), c.get('now')), c.get('now'))),
    )
    .get(
      '/effects',
      access(...businessRoles),
      describeRoute(answers('成效：应享、到账、多快到账，按事项、区划、金额，或只看企业按规模', listOf(effectRow))),
      valid(
        'query',
        strictQuery({ by: z.enum(['item', 'division', 'size', 'firm']).default('item'), item: z.string().max(100).optional() }),
      ),
      async (c) => {
        const { by, item } = c.req.valid('query');
        const ask = await askOf(web, staffOf(c), c.get('now'), item);
        const nodes = by === 'division' ? ((await web.catalogue()).trees.find(({ id }) => id === 'division')?.nodes ?? []) : [];
        const places = new Map(nodes.map(({ code, name }) => [code, name]));
        const nameOf: Readonly<Record<typeof by, (part: string) => string>> = {
          item: (part) => ask.titles.get(part) ?? part,
          division: (part) => places.get(part) ?? (part === '' ? '区划不明' : part),
          size: (part) => sizes[part] ?? part,
          firm: (part) => (part === '' ? '规模不明' : `${part}企业`),
        };
        const rows =
          by === 'item'
            ? (await effect(web.db, ask)).map(({ itemId, ...rest }) => ({ ...rest, part: itemId }))
            : [...(await effectBy(web.db, ask, by))];
        if (by === 'firm') rows.sort((one, other) => firms.indexOf(one.part) - firms.indexOf(other.part));
        return c.json({
          rows: rows.map((one) => ({ ...one, paidFen: String(one.paidFen), name: nameOf[by](one.part) })),
          next: null,
        });
      },
    );
