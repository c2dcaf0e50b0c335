// Writing a rule over the API: what it may name, codes by their names, a rule looked at whole while it is written, and conditions taken over from
// json-rules-engine. Writes nothing.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { fail } from '../../base/problem.ts';
import { importConditions } from '../../policy/exchange.ts';
import { registerOf, treesOf } from '../../policy/vocabulary.ts';
import { operatorLabel, operators } from '../../rule/operators.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { datasetViews } from '../datasets.ts';
import { itemsFor, ruleNow, titlesIn, versionsFor } from '../items.ts';
import { lookAtRule } from '../rule-look.ts';
import { linksFor, namesFor } from '../rule-names.ts';
import { answers, problemSchema, strictQuery, valid } from './answer.ts';
import { difference } from './reviews.ts';

const writers = ['officer', 'reviewer', 'auditor'] as const;

const type = z.object({
  kind: z.enum(['number', 'boolean', 'text', 'date', 'code', 'set', 'list', 'series', 'other']),
  unit: z.string().nullable(),
  values: z.array(z.string()).readonly().nullable(),
  tree: z.string().nullable(),
});
const source = z.object({
  dataset: z.string(),
  title: z.string(),
  department: z.string(),
  asOf: z.string().nullable(),
  freshness: z.enum(['fresh', 'stale', 'never']),
});
const name = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum(['fact', 'link', 'item', 'period', 'subject', 'element']),
  type,
  timed: z.boolean(),
  operators: z.array(z.string()).readonly(),
  sources: z.array(source).readonly(),
  granted: z.boolean().describe('来源部门授权这个事项使用；用了没有授权的，不能发布'),
  fields: z.array(z.object({ name: z.string(), label: z.string(), type })).readonly(),
});
const names = z.object({
  names: z.array(name).readonly(),
  operators: z.array(z.object({ name: z.string(), label: z.string(), operand: z.string() })).readonly(),
  parameters: z.array(z.object({ key: z.string(), label: z.string(), unit: z.string(), external: z.boolean() })).readonly(),
  trees: z.array(z.object({ id: z.string(), label: z.string() })).readonly(),
  links: z
    .array(z.object({ name: z.string(), label: z.string() }))
    .readonly()
    .describe('关联的人或单位，可以收款'),
});
const code = z.object({ code: z.string(), name: z.string(), path: z.string().describe('上级的名称，从高到低') });

type Said = { readonly text: string; readonly children: readonly Said[]; readonly at?: string | undefined };
const said: z.ZodType<Said> = z.object({
  text: z.string(),
  at: z.string().optional().describe('读的是规则的哪一处，JSON 指针'),
  get children() {
    return z.array(said).readonly();
  },
});
const found = problemSchema.shape.problems.element;
const looked = z.object({
  problems: z.array(found).readonly().describe('读不成规则的原因；有了，下面除 names 外都没有'),
  findings: z.array(found.extend({ severity: z.enum(['error', 'warning']) })).readonly(),
  said: said.nullable().describe('规则的中文表述，与群众看到的相同'),
  reads: z.array(z.string()).readonly().describe('规则读到的指标'),
  names: z.array(name).readonly().describe('事项自己的指标'),
  examples: z
    .array(
      z.object({
        name: z.string(),
        ok: z.boolean(),
        differences: z.array(z.string()).readonly(),
        verdict: z.enum(['eligible', 'ineligible', 'undetermined']).nullable(),
        amountFen: z.string().nullable(),
        lines: z
          .array(
            z.object({
              at: z.string(),
              depth: z.number(),
              text: z.string(),
              answer: z.string(),
              actual: z.string().nullable(),
              missing: z.array(z.string()).readonly(),
            }),
          )
          .readonly(),
        steps: z.array(z.string()).readonly(),
        missing: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  coverage: z.object({ tried: z.number(), total: z.number(), open: z.array(z.string()).readonly() }).nullable(),
  differences: z.array(difference).readonly().nullable().describe('与现行版的差别；没有现行版的为空'),
});

const audience = z.enum(['citizen', 'enterprise']);
/** Nodes told at once. */
const mostCodes = 60;

export const ruleNamesApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/rules/names',
      access(...writers),
      describeRoute(answers('规则里能用的指标、运算符、参数', names)),
      valid('query', strictQuery({ audience, item: z.string().max(100).optional() })),
      async (c) => {
        const asked = c.req.valid('query');
        const [catalogue, { rows }] = await Promise.all([web.catalogue(), datasetViews(web, staffOf(c).scope, c.get('now'))]);
        const standings = new Map(
          rows.map(({ dataset, standing, freshness }) => [dataset.id, { dataset, freshness, asOf: standing?.asOf ?? null }]),
        );
        return c.json({
          names: namesFor(catalogue, registerOf(asked.audience), asked.item ?? '', standings),
          operators: [...operators.values()].map((one) => ({ name: one.name, label: operatorLabel(one), operand: one.operand })),
          parameters: [
            ...catalogue.parameters.map(({ key, label, unit }) => ({ key, label, unit, external: false })),
            ...catalogue.external.map(({ key, label, unit }) => ({ key, label, unit, external: true })),
          ],
          trees: catalogue.trees.map(({ id, label }) => ({ id, label })),
          links: linksFor(catalogue, registerOf(asked.audience)),
        });
      },
    )
    .get(
      '/rules/codes',
      access(...writers),
      describeRoute(answers('区划、行业等代码，按名称或代码找', z.object({ rows: z.array(code), more: z.boolean() }))),
      valid(
        'query',
        strictQuery({
          tree: z.string().max(60),
          find: z.string().max(40).optional().describe('名称的一部分，或代码的开头'),
          codes: z.string().max(2000).optional().describe('逗号分开的代码：只要它们的名称'),
        }),
      ),
      async (c) => {
        const asked = c.req.valid('query');
        const catalogue = await web.catalogue();
        const index = treesOf(catalogue).get(asked.tree);
        const nodes = catalogue.trees.find((one) => one.id === asked.tree)?.nodes;
        if (index === undefined || nodes === undefined) return fail('input.value', '/tree', '没有这棵分类树。', '分类树见指标目录。');
        const wanted = asked.codes?.split(',');
        const find = asked.find?.trim() ?? '';
        const hits = nodes.filter((node) =>
          wanted === undefined ? find === '' || node.name.includes(find) || node.code.startsWith(find) : wanted.includes(node.code),
        );
        // The shorter the way from the top, the likelier it is meant.
        const rows = hits
          .map((node) => ({ node, above: index.ancestors(node.code).slice(1) }))
          .sort((a, b) => a.above.length - b.above.length || (a.node.code < b.node.code ? -1 : 1))
          .slice(0, mostCodes)
          .map(({ node, above }) => ({
            code: node.code,
            name: node.name,
            path: above
              .toReversed()
              .map((one) => index.node(one)?.name ?? one)
              .join(' '),
          }));
        return c.json({ rows, more: hits.length > rows.length });
      },
    );

export const ruleLookApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/rules/look',
      access(...writers),
      describeRoute(answers('看一份正在写的规则：哪里不对、中文表述、例子的结果、与现行版的差别', looked)),
      valid('json', z.strictObject({ item: z.unknown() })),
      async (c) => {
        const { scope } = staffOf(c);
        const { item } = c.req.valid('json');
        const id = String((item as { readonly id?: unknown } | null)?.id ?? '').slice(0, 100);
        const [catalogue, items, versions] = await Promise.all([web.catalogue(), itemsFor(web, scope), versionsFor(web, scope, id)]);
        const live = versions.find((one) => one.retiredAt === null);
        const inForce = live === undefined ? null : (await ruleNow(web, live, catalogue)).compiled;
        const others = items.filter((one) => one.retiredAt === null && one.itemId !== id).map((one) => one.item);
        return c.json(lookAtRule(item, { catalogue, others, titles: titlesIn(items), inForce }));
      },
    )
    .post(
      '/rules/import',
      access('officer'),
      describeRoute(
        answers(
          '把 json-rules-engine 的条件变成这里的条件',
          z.object({ conditions: z.unknown(), notes: z.array(z.string()).readonly(), problems: z.array(found).readonly() }),
        ),
      ),
      valid('json', z.strictObject({ rule: z.unknown() })),
      (c) => {
        const told = importConditions(c.req.valid('json').rule);
        return c.json(
          told.ok
            ? { conditions: told.conditions as unknown, notes: told.notes, problems: [] }
            : { conditions: null, notes: [], problems: told.problems },
        );
      },
    );
