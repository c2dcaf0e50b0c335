// Queues in a table over the API: out as a file, back in as decisions, a preview first.
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { audit } from '../../audit/audit.ts';
import { type Day, parseDay } from '../../base/day.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { transaction } from '../../db/handle.ts';
import { divisionName } from '../../record/lookup.ts';
import { bytesContent } from '../../sheet/content.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, staffOf } from '../access.ts';
import { assign, assignmentActs } from '../assignment.ts';
import { assignmentsOf } from '../assignment-store.ts';
import type { WebContext } from '../context.ts';
import { decideRows, outcomeNames, type RowReport } from '../desk.ts';
import { type Choice, queueNames, queues } from '../desk-queues.ts';
import { queueCounts, queueRows } from '../desk-rows.ts';
import { extrasOf, queueSheets, readDecisions } from '../desk-sheet.ts';
import { itemsFor, titlesIn } from '../items.ts';
import type { Role } from '../role.ts';
import { staffAccounts } from '../store.ts';
import { answers, answersFile, listOf, strictQuery, valid } from './answer.ts';
import { sheetsAnswer, sheetTypes } from './sheet.ts';

/** Everybody who works on one of the queues. */
const clerks: readonly Role[] = ['reviewer', 'steward', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer'];

const day = z
  .string()
  .refine((text) => parseDay(text) !== null, '须为日期，写作 2026-04-15')
  .transform((text) => text as Day);
const waiting = z.object({ queue: z.enum(queueNames), title: z.string(), waiting: z.number() });
const outcomes = Object.keys(outcomeNames) as [keyof typeof outcomeNames, ...(keyof typeof outcomeNames)[]];
const report = z.object({
  dryRun: z.boolean(),
  rows: z.array(
    z.object({
      line: z.number(),
      id: z.string(),
      decision: z.string(),
      outcome: z.enum(outcomes),
      effect: z.string().nullable(),
      problems: z.array(z.object({ code: z.string(), at: z.string(), message: z.string(), hint: z.string() })),
    }),
  ),
});
const shown = (row: RowReport) => ({ ...row, problems: row.problems.map((one) => ({ ...one })) });

const queueRow = z.object({
  id: z.string(),
  mark: z.string().describe('办理时原样带回；期间有变动的不办'),
  item: z.string().nullable(),
  period: z.string().nullable(),
  division: z.string().nullable(),
  place: z.string().nullable().describe('区划的名称'),
  payee: z.string().nullable(),
  account: z.string().nullable().describe('后四位'),
  yuan: z.string().nullable(),
  dueOn: z.string().nullable(),
  why: z.string().nullable(),
  subjectId: z.string(),
  taken: z
    .object({ name: z.string(), mine: z.boolean(), dueOn: z.string().nullable().describe('打算哪天办完') })
    .nullable()
    .describe('谁在办'),
  version: z.number().describe('领取、放回、接手时原样带回'),
});
const queueAnswer = z.object({
  title: z.string(),
  choices: z.array(z.string()).describe('您可以写的意见'),
  columns: z.array(z.string()).describe('意见和理由之外还可以填的'),
  more: z.boolean(),
  rows: z.array(queueRow),
});

/** A row of the table by the names of its columns, in the order they stand there. */
const asRow = (
  { id, subjectId, mark, cells }: Awaited<ReturnType<typeof queueRows>>['rows'][number],
  held: { readonly taken: z.infer<typeof queueRow>['taken']; readonly version: number },
  catalogue: Catalogue,
): z.infer<typeof queueRow> => {
  const [item, period, division, payee, account, yuan, dueOn, why] = cells
    .slice(2)
    .map((cell) => (cell === null || typeof cell === 'string' ? cell : 'number' in cell ? cell.number : cell.day));
  const text = (value: string | null | undefined): string | null => value ?? null;
  return {
    ...{ id, mark, item: text(item), period: text(period), division: text(division), payee: text(payee), account: text(account) },
    place: typeof division === 'string' ? divisionName(catalogue, division) : null,
    ...{ yuan: text(yuan), dueOn: text(dueOn), why: text(why), subjectId },
    ...held,
  };
};

export const deskApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/desk', access(...clerks, 'auditor'), describeRoute(answers('可以用表格成批办理的', listOf(waiting))), async (c) =>
      c.json({ rows: [...(await queueCounts({ db: web.db, catalogue: await web.catalogue() }, staffOf(c)))], next: null }),
    )
    .get(
      '/desk/rows',
      access(...clerks, 'auditor'),
      describeRoute(answers('一个待办队列', queueAnswer)),
      valid('query', strictQuery({ queue: z.enum(queueNames).default('reviews') })),
      async (c) => {
        const { queue } = c.req.valid('query');
        const staff = staffOf(c);
        const titles = titlesIn(await itemsFor(web, staff.scope));
        const catalogue = await web.catalogue();
        const { rows, more } = await queueRows({ db: web.db, titles, catalogue }, staff, queue);
        const { title, choices, roles } = queues[queue];
        const mine = staff.roles.some((role) => (roles as readonly Role[]).includes(role));
        const words = Object.entries(choices as Readonly<Record<string, Choice>>)
          .filter(([, one]) => mine && (one.roles === undefined || staff.roles.some((role) => one.roles?.includes(role))))
          .map(([word]) => word);
        const held = await assignmentsOf(
          web.db,
          queue,
          rows.map((row) => row.id),
        );
        const names = new Map(held.size === 0 ? [] : (await staffAccounts(web.db)).map((one) => [one.userId, one.name]));
        const shownRow = (row: (typeof rows)[number]) => {
          const { takenBy = null, dueOn = null, version = 0 } = held.get(row.id) ?? {};
          const taken = takenBy === null ? null : { name: names.get(takenBy) ?? '已离岗', mine: takenBy === staff.userId, dueOn };
          return asRow(row, { taken, version }, catalogue);
        };
        return c.json({ title, choices: words, columns: [...extrasOf(queue)], more, rows: rows.map(shownRow) });
      },
    )
    .get(
      '/desk/file',
      access(...clerks, 'auditor'),
      describeRoute(answersFile('一个待办队列，填意见和理由后导回；每次导出留痕', sheetTypes)),
      valid('query', strictQuery({ queue: z.enum(queueNames).default('reviews'), format: z.enum(['xlsx', 'csv']).default('xlsx') })),
      async (c) => {
        const staff = staffOf(c);
        const { queue, format } = c.req.valid('query');
        const titles = titlesIn(await itemsFor(web, staff.scope));
        const { rows } = await queueRows({ db: web.db, titles, catalogue: await web.catalogue() }, staff, queue);
        const [table, how] = queueSheets(queue, rows);
        const entry = { actor: staff.userId, role: staff.roles.join(','), action: 'desk.export', objectKind: 'desk', objectId: queue };
        await transaction(web.db, (tx) => audit(tx, { ...entry, after: { rows: rows.length }, at: c.get('now') }));
        return await sheetsAnswer(c, format === 'xlsx' ? [table, how] : [table], format, queue);
      },
    );

const assignBody = z.strictObject({
  queue: z.enum(queueNames),
  act: z.enum(assignmentActs).describe('领取、放回、接手'),
  rows: z
    .array(z.strictObject({ id: z.uuid(), version: z.number().int().min(0) }))
    .min(1)
    .max(500),
  dueOn: day.nullable().default(null).describe('打算哪天办完'),
  reason: z.string().max(600).default('').describe('接手要写'),
});

export const assigningApi = (web: WebContext) =>
  new Hono<Env>().post(
    '/desk/assignments',
    access(...clerks),
    describeRoute(answers('领取、放回、接手选中的几件；有一件不行就都不改', z.object({ changed: z.number() }))),
    valid('json', assignBody),
    async (c) => {
      const staff = staffOf(c);
      const now = c.get('now');
      const context = { db: web.db, titles: titlesIn(await itemsFor(web, staff.scope)), catalogue: await web.catalogue() };
      const today = await todayFor(web.db, now);
      return c.json({ changed: await assign(context, staff, { ...c.req.valid('json'), today, now }) });
    },
  );

export const decidingApi = (web: WebContext) =>
  new Hono<Env>().post(
    '/desk/decisions',
    access(...clerks),
    describeRoute(answers('导回填好的表：逐行办理或试办，逐行给结果', report)),
    valid('query', strictQuery({ queue: z.enum(queueNames), dryRun: z.literal('1').optional() })),
    async (c) => {
      const { queue, dryRun } = c.req.valid('query');
      const bytes = new Uint8Array(await c.req.arrayBuffer());
      const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
      const file = createHash('sha256').update(bytes).digest('hex');
      const ask = { queue, file, rows: await readDecisions(bytesContent(bytes), queue), dryRun: dryRun === '1' };
      return c.json({ dryRun: ask.dryRun, rows: (await decideRows(context, staffOf(c), ask)).map(shown) });
    },
  );
