// Policy items over the API: the list with how each stands, one with its rule in Chinese and its versions.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { modeFor, modesOf } from '../../policy/mode.ts';
import { sayItem } from '../../policy/say.ts';
import { linesOf } from '../../rule/explain.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, listGapsFor, ruleNow, versionsFor } from '../items.ts';
import type { ListGap } from '../lists.ts';
import { type ItemRow, itemRows } from '../overview.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, notFound, strictQuery, valid } from './answer.ts';

const standing = z
  .object({
    periodKey: z.string(),
    periodEnd: z.string(),
    runId: z.string(),
    eligible: z.number(),
    undetermined: z.number(),
    amountFen: z.string(),
    stopped: z.string().nullable(),
  })
  .describe('最近一期，只数您范围内的人');
const list = z.object({
  dataset: z.string(),
  title: z.string().nullable(),
  number: z.string().nullable(),
  asOf: z.string(),
  listed: z.number(),
  open: z.number(),
  text: z.string(),
});
const row = z.object({
  id: z.string(),
  title: z.string(),
  authority: z.string(),
  region: z.string().nullable(),
  audience: z.string(),
  mode: z.string().describe('兑现方式；依条件而定的，是要求最多的一种'),
  modes: z.array(z.enum(['auto', 'confirm', 'apply', 'push'])).describe('兑现方式；多于一个的，依条件而定，见规则'),
  period: z.string(),
  version: z.number(),
  blocked: z.string().nullable(),
  retired: z.boolean(),
  standing: standing.nullable(),
  lists: z.array(list).describe('还有名称没有对上的名单，每份一条'),
});
const one = row.extend({
  basis: z.object({
    document: z.string(),
    number: z.string().nullable(),
    clause: z.string().nullable(),
    url: z.string().nullable(),
  }),
  effective: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
  rule: z.array(z.string()).describe('规则的中文表述，一行一条，缩进表示层级'),
  notes: z.array(z.string()),
  versions: z.array(
    z.object({
      version: z.number(),
      hash: z.string(),
      maker: z.string(),
      checker: z.string(),
      publishedAt: z.string(),
      retiredAt: z.string().nullable(),
    }),
  ),
});

const toRow = ({ published, standing: at }: ItemRow, gaps: ReadonlyMap<string, readonly ListGap[]>) => {
  const { item, version, blocked, retiredAt } = published;
  const { id, title, authority, region, audience, period } = item;
  return {
    id,
    title,
    authority,
    region,
    audience,
    mode: modeFor(item, null),
    modes: [...modesOf(item)],
    period,
    version,
    blocked,
    retired: retiredAt !== null,
    standing:
      at === null
        ? null
        : {
            periodKey: at.periodKey,
            periodEnd: at.periodEnd,
            runId: at.runId,
            eligible: at.eligible,
            undetermined: at.undetermined,
            amountFen: String(at.amountFen),
            stopped: at.stopped,
          },
    lists: (gaps.get(id) ?? []).map(({ dataset, title: name, number, asOf, listed, open, text }) => ({
      dataset,
      title: name,
      number,
      asOf,
      listed,
      open,
      text,
    })),
  };
};

export const itemApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/items',
      access(...businessRoles),
      describeRoute(answers('政策事项', listOf(row))),
      valid('query', strictQuery({})),
      async (c) => {
        const { scope } = staffOf(c);
        const items = await itemsFor(web, scope);
        const [rows, gaps] = await Promise.all([itemRows(web, scope, items), listGapsFor(web, items)]);
        // A few dozen items make one page; the shape is a list's all the same, so that clients page everywhere alike.
        return c.json({ rows: rows.map((one) => toRow(one, gaps)), next: null });
      },
    )
    .get(
      '/items/:id',
      access(...businessRoles),
      describeRoute(answers('一个政策事项', one, { one: true })),
      valid('param', z.object({ id: z.string().max(100) })),
      async (c) => {
        const { scope } = staffOf(c);
        const versions = await versionsFor(web, scope, c.req.valid('param').id);
        const [newest] = versions;
        if (newest === undefined) return notFound('政策事项');
        const [stands, rule, gaps] = await Promise.all([itemRows(web, scope, [newest]), ruleNow(web, newest), listGapsFor(web, [newest])]);
        return c.json({
          ...toRow(stands[0] as ItemRow, gaps),
          basis: newest.item.basis,
          effective: newest.item.effective,
          rule: [...linesOf(sayItem(rule.compiled, rule.catalogue))],
          notes: newest.item.notes.map((note) => note.text),
          versions: versions.map(({ version, hash, maker, checker, publishedAt, retiredAt }) => ({
            version,
            hash,
            maker,
            checker,
            publishedAt: publishedAt.toISOString(),
            retiredAt: retiredAt?.toISOString() ?? null,
          })),
        });
      },
    );
