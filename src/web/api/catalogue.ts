// Reference data over the API: parameters by region and date, code trees level by level, the catalogues published so far and what each changed.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { type Day, parseDay } from '../../base/day.ts';
import type { TreeNode } from '../../catalogue/catalogue.ts';
import { catalogueNumbered, catalogueVersions } from '../../catalogue/store.ts';
import { todayFor } from '../../today.ts';
import { access, type Env } from '../access.ts';
import { catalogueDiff } from '../catalogue-diff.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, notFound, strictQuery, valid } from './answer.ts';

const value = z.object({
  region: z.string().nullable().describe('空：全国'),
  place: z.string(),
  from: z.string(),
  to: z.string().nullable().describe('到这一天的前一日'),
  value: z.string(),
  document: z.string().nullable(),
  now: z.boolean().describe('今天作数'),
});
const parameter = z.object({ key: z.string(), label: z.string(), unit: z.string(), values: z.array(value) });
const tree = z.object({ id: z.string(), label: z.string(), nodes: z.number(), ended: z.number().describe('已经失效的') });
const node = z.object({
  code: z.string(),
  name: z.string(),
  parent: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  below: z.number().describe('直接下级的个数'),
  path: z.string().describe('上级的名称'),
});
const version = z.object({ number: z.number(), publishedAt: z.string(), publishedBy: z.string() });
const change = z.object({
  part: z.enum(['parameter', 'tree', 'dataset', 'fact', 'calendar']),
  kind: z.enum(['added', 'removed', 'changed']),
  what: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
const mostChanges = 2_000;
const mostNodes = 300;

const validOn = (from: Day | null | undefined, to: Day | null | undefined, on: Day): boolean =>
  (from == null || from <= on) && (to == null || on < to);

/** Nodes below `parent`, or those whose code or name has the text in it, with the names above them. */
const nodesOf = (nodes: readonly TreeNode[], ask: { readonly parent?: string | undefined; readonly text?: string | undefined }) => {
  const byCode = new Map(nodes.map((one) => [one.code, one]));
  const below = Map.groupBy(nodes, (one) => one.parent);
  const above = (one: TreeNode): string => {
    const names: string[] = [];
    for (let at = one.parent; at !== null && names.length < 10; ) {
      const up = byCode.get(at);
      names.unshift(up?.name ?? at);
      at = up?.parent ?? null;
    }
    return names.join(' › ');
  };
  const text = ask.text?.trim() ?? '';
  const found =
    text === ''
      ? (below.get(ask.parent === undefined || ask.parent === '' ? null : ask.parent) ?? [])
      : nodes.filter((one) => one.code.startsWith(text) || one.name.includes(text));
  return found.slice(0, mostNodes).map((one) => ({
    ...{ code: one.code, name: one.name, parent: one.parent, from: one.from ?? null, to: one.to ?? null },
    ...{ below: below.get(one.code)?.length ?? 0, path: above(one) },
  }));
};

export const catalogueApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/parameters',
      access(...businessRoles),
      describeRoute(answers('按地区和日期的参数', listOf(parameter))),
      valid('query', strictQuery({ on: z.string().optional().describe('只要这一天作数的') })),
      async (c) => {
        const catalogue = await web.catalogue();
        const places = new Map(catalogue.trees.find(({ id }) => id === 'division')?.nodes.map((one) => [one.code, one.name]));
        const asked = c.req.valid('query').on;
        const on = asked === undefined ? null : parseDay(asked);
        const today = on ?? (await todayFor(web.db, c.get('now')));
        const rows = catalogue.parameters.map(({ key, label, unit, values }) => ({
          ...{ key, label, unit },
          values: values
            .map(({ region, from, to, value: own, document }) => ({
              ...{ region, from, to, value: own, document: document ?? null },
              place: region === null ? '全国' : (places.get(region) ?? region),
              now: validOn(from, to, today),
            }))
            .filter((one) => on === null || one.now)
            .toSorted((a, b) => (a.region ?? '').localeCompare(b.region ?? '') || b.from.localeCompare(a.from)),
        }));
        return c.json({ rows, next: null });
      },
    )
    .get('/trees', access(...businessRoles), describeRoute(answers('代码树：行政区划、行业等', listOf(tree))), async (c) => {
      const [{ trees }, today] = await Promise.all([web.catalogue(), todayFor(web.db, c.get('now'))]);
      const rows = trees.map(({ id, label, nodes }) => ({
        ...{ id, label, nodes: nodes.length },
        ended: nodes.filter(({ to }) => to != null && to <= today).length,
      }));
      return c.json({ rows, next: null });
    })
    .get(
      '/trees/:id/nodes',
      access(...businessRoles),
      describeRoute(answers('一棵树里的一级，或按代码、名称找到的，至多 300 个', listOf(node), { one: true })),
      valid('param', z.object({ id: z.string().max(60) })),
      valid('query', strictQuery({ parent: z.string().max(40).optional(), text: z.string().max(60).optional() })),
      async (c) => {
        const found = (await web.catalogue()).trees.find(({ id }) => id === c.req.valid('param').id);
        if (found === undefined) return notFound('代码树');
        return c.json({ rows: nodesOf(found.nodes, c.req.valid('query')), next: null });
      },
    )
    .get('/catalogue-versions', access(...businessRoles), describeRoute(answers('发布过的目录，新的在前', listOf(version))), async (c) => {
      const rows = (await catalogueVersions(web.db)).map(({ publishedAt, ...one }) => ({ ...one, publishedAt: publishedAt.toISOString() }));
      return c.json({ rows, next: null });
    })
    .get(
      '/catalogue-versions/:number/changes',
      access(...businessRoles),
      describeRoute(
        answers('这一版目录与上一版的差异', z.object({ rows: z.array(change), count: z.number(), before: z.number().nullable() }), {
          one: true,
        }),
      ),
      valid('param', z.object({ number: z.coerce.number().int().min(1).max(1_000_000) })),
      async (c) => {
        const { number } = c.req.valid('param');
        const [now, before] = await Promise.all([catalogueNumbered(web.db, number), catalogueNumbered(web.db, number - 1)]);
        if (now === null) return notFound('目录版本');
        const rows = before === null ? [] : catalogueDiff(before.catalogue, now.catalogue);
        return c.json({ rows: rows.slice(0, mostChanges), count: rows.length, before: before?.number ?? null });
      },
    );
