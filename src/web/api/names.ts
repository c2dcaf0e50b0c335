// 名单核对 over the API: names of delivered lists that nobody was found for, or more than one; a steward settles each once, with a reason.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { settleName } from '../../record/names.ts';
import { countOpenNames, nameGaps, openNames, type WorkRow } from '../../record/names-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { gapTexts } from '../lists.ts';
import { businessRoles } from '../role.ts';
import { personName, tailText } from '../words.ts';
import { answers, listOf, strictQuery, valid } from './answer.ts';

const mostRows = 200;

const row = z.object({
  deliveryId: z.string(),
  line: z.number(),
  dataset: z.string(),
  list: z.string().describe('名单的标题'),
  number: z.string().nullable().describe('文号'),
  asOf: z.string(),
  division: z.string().nullable(),
  name: z.string().describe('居民姓名只留姓'),
  bearers: z.array(
    z.object({ subjectId: z.string(), name: z.string(), tail: z.string(), division: z.string().nullable() }).describe('可能指的对象'),
  ),
});
const gap = z.object({ open: z.number().describe('您的范围内没有对上的'), gaps: z.array(z.string()).describe('哪份名单还有多少没有对上') });
/** A delivery and a line of it. */
const cursor = z.string().regex(/^[\da-f-]{36}\.\d{1,8}$/);
const afterOf = (text: string | undefined) => {
  const [deliveryId = '', line = ''] = text?.split('.') ?? [];
  return text === undefined ? undefined : { deliveryId, line: Number(line) };
};
const lists = (catalogue: Catalogue) => new Map(catalogue.datasets.filter((d) => d.keyedBy === 'name').map((d) => [d.id, d.title]));

const toRow = (titles: ReadonlyMap<string, string>) => (one: WorkRow) => ({
  ...{ deliveryId: one.deliveryId, line: one.line, dataset: one.dataset, asOf: one.asOf },
  list: one.list?.title ?? titles.get(one.dataset) ?? one.dataset,
  number: one.list?.number ?? null,
  division: one.division === '' ? null : one.division,
  name: personName(one.register, one.name),
  bearers: one.bearers.map(({ subjectId, name, key, division }) => ({
    ...{ subjectId, division },
    ...{ name: personName(one.register, name), tail: tailText(key) },
  })),
});

export const nameApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/names',
      access(...businessRoles),
      describeRoute(answers('名单上没有对上的名称，最早的交付在前，一次至多 200 个', listOf(row))),
      valid('query', strictQuery({ dataset: z.string().max(100).optional(), cursor: cursor.optional() })),
      async (c) => {
        const { dataset, cursor: from } = c.req.valid('query');
        const ask = { scope: staffOf(c).scope, dataset, after: afterOf(from), limit: mostRows + 1 };
        const [catalogue, rows] = await Promise.all([web.catalogue(), openNames(web.db, ask)]);
        const last = rows.length > mostRows ? rows[mostRows - 1] : undefined;
        return c.json({
          rows: rows.slice(0, mostRows).map(toRow(lists(catalogue))),
          next: last === undefined ? null : `${last.deliveryId}.${last.line}`,
        });
      },
    )
    .get('/name-gaps', access(...businessRoles), describeRoute(answers('名单上还有多少名称没有对上', gap)), async (c) => {
      const catalogue = await web.catalogue();
      const [open, gaps] = await Promise.all([countOpenNames(web.db, staffOf(c).scope), nameGaps(web.db, [...lists(catalogue).keys()])]);
      return c.json({ open, gaps: [...gapTexts(gaps, catalogue)] });
    })
    .post(
      '/names/:delivery/:line',
      access('steward'),
      describeRoute(answers('认定一个名称指的是谁，以后的名单照此对上', z.object({ settled: z.literal(true) }), { one: true })),
      valid('param', z.object({ delivery: z.uuid(), line: z.coerce.number().int().min(1).max(10_000_000) })),
      valid('json', z.strictObject({ subject: z.uuid().nullable().describe('空：登记库里没有'), reason: z.string().min(2).max(500) })),
      async (c) => {
        const { userId, scope } = staffOf(c);
        const { delivery: deliveryId, line } = c.req.valid('param');
        const { subject: subjectId, reason } = c.req.valid('json');
        const decision = { deliveryId, line, subjectId, reason, by: userId, role: 'steward', scope };
        await settleName(web.db, await web.catalogue(), decision, c.get('now'));
        return c.json({ settled: true as const });
      },
    );
