// Matches over the API: lists by cursor, one with its whole explanation; and who is undetermined for want of what.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { MatchSummary } from '../../match/store.ts';
import { divisionName } from '../../record/lookup.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { type Explanation, explanationOf } from '../explanation.ts';
import { itemsFor } from '../items.ts';
import { noteMatch } from '../look.ts';
import { gapsOf, matchPage, waitingPeople } from '../matches.ts';
import { businessRoles } from '../role.ts';
import { periodKeyText, personName } from '../words.ts';
import { answers, listOf, listQuery, notFound, strictQuery, valid } from './answer.ts';

const verdicts = ['eligible', 'ineligible', 'undetermined'] as const;
const kinds = ['first', 'changed', 'continuing', 'suspended', 'resumed', 'ended'] as const;

const row = z.object({
  id: z.string(),
  itemId: z.string(),
  title: z.string(),
  version: z.number(),
  subjectId: z.string(),
  name: z.string().describe('居民姓名只留姓'),
  division: z.string().nullable(),
  place: z.string().nullable().describe('区划的名称'),
  periodKey: z.string(),
  sequence: z.number(),
  kind: z.enum(kinds),
  verdict: z.enum(verdicts),
  amountFen: z.string().nullable(),
  runId: z.string(),
  current: z.boolean(),
  createdAt: z.string(),
});
export const missing = z.object({
  fact: z.string(),
  label: z.string(),
  dataset: z.string().nullable(),
  title: z.string().nullable(),
  department: z.string().nullable(),
  reason: z.string(),
});
const source = z.object({ dataset: z.string(), title: z.string(), department: z.string(), asOf: z.string() });
export const condition = z.object({
  at: z.string().describe('规则里的位置'),
  depth: z.number(),
  kind: z.enum(['all', 'any', 'not', 'leaf']),
  truth: z.boolean().nullable().describe('真为满足，假为不满足，空为缺数据'),
  text: z.string().nullable(),
  clause: z.string().nullable(),
  fact: z.string().nullable(),
  required: z.string().nullable(),
  actual: z.string().nullable(),
  inputs: z.array(z.object({ label: z.string(), value: z.string() })),
  sources: z.array(source),
  missing: z.array(missing),
});
const line = z.object({
  key: z.string().nullable(),
  verdict: z.enum(verdicts),
  amountFen: z.string().nullable(),
  betweenFen: z.array(z.string()).nullable(),
  steps: z.array(z.object({ text: z.string(), yuan: z.string() })),
  missing: z.array(missing),
  claims: z.array(z.string()),
});
const one = row.extend({
  previousId: z.string().nullable(),
  basis: z
    .object({ document: z.string(), number: z.string().nullable(), clause: z.string().nullable(), url: z.string().nullable() })
    .nullable()
    .describe('当时那一版规则所依的文件和条款；空：规则不在这个库里'),
  conditions: z.array(condition),
  mode: z
    .object({ mode: z.enum(['auto', 'confirm', 'apply']), text: z.string(), missing: z.array(missing) })
    .nullable()
    .describe('兑现方式依条件而定时，这一条是哪一种；缺的数据使它从严'),
  lines: z.array(line),
  missing: z.array(missing),
  evidence: z.object({
    periodStart: z.string().nullable(),
    periodEnd: z.string(),
    knownAt: z.string(),
    snapshot: z.string(),
    itemHash: z.string(),
    catalogueHash: z.string(),
    evaluator: z.string(),
    ledgerCut: z.string(),
    digest: z.string(),
    read: z.array(
      z.object({
        label: z.string(),
        value: z.string(),
        day: z.string().nullable(),
        source: source.nullable(),
        missing: z.string().nullable(),
      }),
    ),
  }),
});

const toRow = (match: MatchSummary, title: string, catalogue: Catalogue) => ({
  id: match.id,
  itemId: match.itemId,
  title,
  version: match.version,
  subjectId: match.subjectId,
  name: personName(match.register, match.name),
  division: match.division,
  place: match.division === null ? null : divisionName(catalogue, match.division),
  periodKey: periodKeyText(match.periodKey),
  sequence: match.sequence,
  kind: match.kind,
  verdict: match.verdict,
  amountFen: match.amountFen === null ? null : String(match.amountFen),
  runId: match.runId,
  current: match.current,
  createdAt: match.createdAt.toISOString(),
});

const toOne = ({ match, rule, title, conditions, mode, lines, missing: gaps, read }: Explanation, catalogue: Catalogue) => {
  const { period, snapshot, itemHash, catalogueHash, evaluator, ledgerCut, digest } = match.evidence;
  return {
    ...toRow(match, title, catalogue),
    previousId: match.previousId,
    basis: rule?.published.item.basis ?? null,
    conditions,
    mode,
    lines: lines.map((own) => ({
      ...own,
      amountFen: own.amountFen === null ? null : String(own.amountFen),
      betweenFen: own.betweenFen === null ? null : own.betweenFen.map(String),
    })),
    missing: gaps,
    evidence: {
      periodStart: period.start,
      periodEnd: period.end,
      knownAt: period.knownAt,
      snapshot,
      itemHash,
      catalogueHash,
      evaluator,
      ledgerCut,
      digest,
      read,
    },
  };
};

export const matchQuery = listQuery.extend({
  item: z.string().max(100).optional(),
  period: z.string().max(60).optional(),
  verdict: z.enum(verdicts).optional(),
  kind: z.enum(kinds).optional(),
  subject: z.uuid().optional(),
  run: z.uuid().optional(),
  all: z.enum(['true', 'false']).optional().describe('true：连同已被取代的'),
});

export const matchApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/matches', access(...businessRoles), describeRoute(answers('匹配结果', listOf(row))), valid('query', matchQuery), async (c) => {
      const query = c.req.valid('query');
      const page = await matchPage(web, staffOf(c).scope, { ...query, all: query.all === 'true' });
      const catalogue = await web.catalogue();
      const rows = page.rows.map((match) => toRow(match, page.titles.get(match.itemId) ?? match.itemId, catalogue));
      return c.json({ rows, next: page.next });
    })
    .get(
      '/matches/:id',
      access(...businessRoles),
      describeRoute(answers('一条匹配结果和它的依据', one, { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      async (c) => {
        const found = await explanationOf(web, c.req.valid('param').id, staffOf(c).scope);
        if (found !== null) await noteMatch(web, c, found);
        return found === null ? notFound('匹配结果') : c.json(toOne(found, await web.catalogue()));
      },
    );

const gap = z.object({ itemId: z.string(), title: z.string(), periodKey: z.string(), missing, subjects: z.number() });
const waiting = z.object({
  subjectId: z.string(),
  name: z.string(),
  division: z.string().nullable(),
  missing: z.array(missing),
});

export const undeterminedApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/undetermined',
      access(...businessRoles),
      describeRoute(answers('待核：缺什么数据、多少人在等', listOf(gap))),
      valid('query', strictQuery({ item: z.string().max(100).optional() })),
      async (c) => c.json({ rows: [...(await gapsOf(web, staffOf(c).scope, c.req.valid('query').item))], next: null }),
    )
    .get(
      '/undetermined/:item',
      access(...businessRoles),
      describeRoute(answers('一个事项里待核的人', listOf(waiting), { one: true })),
      valid('param', z.object({ item: z.string().max(100) })),
      valid('query', listQuery.extend({ fact: z.string().max(100).optional(), dataset: z.string().max(100).optional() })),
      async (c) => {
        const { scope } = staffOf(c);
        const published = (await itemsFor(web, scope)).find((item) => item.itemId === c.req.valid('param').item);
        if (published === undefined) return notFound('政策事项');
        const { limit, ...query } = c.req.valid('query');
        const page = await waitingPeople(web, scope, published, { ...query, limit: limit ?? 50 });
        return c.json({
          rows: page.rows.map(({ person, missing: own }) => ({
            subjectId: person.subjectId,
            name: personName(person.register, person.name),
            division: person.division,
            missing: [...own],
          })),
          next: page.next,
        });
      },
    );
