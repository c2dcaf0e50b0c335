// The quality report over the API: what is late and who waits, and every finding by measure, dataset, fact and division.

import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { type Measure, measureNames } from '../../quality/finding.ts';
import { divisionName } from '../../record/lookup.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { filtered, qualityFor } from '../quality.ts';
import { businessRoles } from '../role.ts';
import { answers, strictQuery, valid } from './answer.ts';

const measures = Object.keys(measureNames) as [Measure];
const place = z.object({ division: z.string().nullable(), asOf: z.string() });
const delivered = z.object({
  dataset: z.string(),
  title: z.string(),
  department: z.string(),
  asOf: z.string().nullable(),
  nextDue: z.string().nullable(),
  overdueDays: z.number(),
  subjects: z.number(),
  registered: z.number(),
  stale: z.array(place),
  silent: z.array(z.string()),
});
const late = delivered.extend({
  text: z.string(),
  waiting: z
    .object({
      subjects: z.number(),
      claims: z.number(),
      items: z.array(z.string()),
      knownFen: z.string(),
      fromFen: z.string(),
      toFen: z.string(),
      lastFen: z.string(),
      untold: z.number(),
      complete: z.boolean(),
    })
    .nullable(),
  held: z.array(z.object({ itemId: z.string(), periodKey: z.string() })),
});
const finding = z.object({
  measure: z.enum(measures),
  dataset: z.string().nullable(),
  fact: z.string().nullable(),
  division: z.string().nullable(),
  place: z.string().nullable().describe('区划名称'),
  kind: z.string(),
  count: z.number(),
  of: z.number(),
  message: z.string(),
  hint: z.string(),
  examples: z.array(z.string()).describe('对象编号，至多三个'),
});
const report = z.object({
  knownAt: z.string(),
  madeAt: z.string(),
  tookMs: z.number(),
  current: z.boolean().describe('假：做好以后又有交付、匹配，或者过了一天'),
  subjects: z.number(),
  datasets: z.array(delivered),
  late: z.array(late),
  findings: z.array(finding),
});

export const qualityApi = (web: WebContext) =>
  new Hono<Env>().get(
    '/quality',
    access(...businessRoles),
    describeRoute(
      answers(
        '数据质量：迟报和在等的人、缺失、过期、来源不一致、超出范围、一人多号、与上次相比的变化；由任务 quality.report 做好，这里给最近一次的',
        z.object({ report: report.nullable().describe('空：还没有为您的范围做过') }),
      ),
    ),
    valid(
      'query',
      strictQuery({
        dataset: z.string().max(100).optional(),
        measure: z.enum(measures).optional(),
        division: z
          .string()
          .regex(/^\d{2,12}$/, '须为区划代码')
          .optional(),
      }),
    ),
    async (c) => {
      const { scope } = staffOf(c);
      const ask = c.req.valid('query');
      const kept = await qualityFor(web, scope, c.get('now'));
      if (kept === null) return c.json({ report: null });
      const { report: found, madeAt, tookMs, current } = kept;
      const catalogue = await web.catalogue();
      const own = <T extends { readonly dataset: string }>(rows: readonly T[]): readonly T[] =>
        ask.dataset === undefined ? rows : rows.filter((one) => one.dataset === ask.dataset);
      const told = {
        ...{ knownAt: found.knownAt, madeAt: madeAt.toISOString(), tookMs, current },
        subjects: found.subjects,
        datasets: own(found.datasets).map((one) => ({ ...one, stale: [...one.stale], silent: [...one.silent] })),
        late: own(found.late).map(({ waiting, held, stale, silent, ...one }) => ({
          ...one,
          stale: [...stale],
          silent: [...silent],
          held: held.map(({ itemId, periodKey }) => ({ itemId, periodKey })),
          waiting:
            waiting === null
              ? null
              : {
                  ...{ subjects: waiting.subjects, claims: waiting.claims, items: [...waiting.items], untold: waiting.untold },
                  ...{ knownFen: String(waiting.knownFen), fromFen: String(waiting.fromFen), toFen: String(waiting.toFen) },
                  ...{ lastFen: String(waiting.lastFen), complete: waiting.complete },
                },
        })),
        findings: filtered(found.findings, ask).map((one) => ({
          ...one,
          place: one.division === null ? null : divisionName(catalogue, one.division),
          examples: [...one.examples],
        })),
      };
      return c.json({ report: told });
    },
  );
