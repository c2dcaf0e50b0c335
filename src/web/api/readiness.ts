// Readiness over the API: what can be decided and what is waited for, with its history; the decision about a late guard dataset; whom it carries.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { type Day, parseDay, parsePeriodKey } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { extendedMatches } from '../../match/extended-store.ts';
import { decideLate } from '../../readiness/decide.ts';
import { overdueOf, waitText } from '../../readiness/words.ts';
import { latestSnapshot } from '../../snapshot/store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor } from '../items.ts';
import { readinessFor } from '../readiness.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, notFound, strictQuery, valid } from './answer.ts';

const wait = z.object({
  kind: z.enum(['dataset', 'parameter', 'external']),
  name: z.string(),
  label: z.string(),
  division: z.string().nullable(),
  reason: z.enum(['never', 'stale', 'silent', 'unpublished']),
  holds: z.boolean().describe('真：整个事项等它；假：只有它涉及的人待核'),
  department: z.string().nullable(),
  dueOn: z.string().nullable(),
  asOf: z.string().nullable(),
  overdueDays: z.number(),
  guard: z.boolean(),
  decision: z.object({ id: z.string(), choice: z.enum(['wait', 'extend']), until: z.string(), actor: z.string() }).nullable(),
  text: z.string(),
});
const row = z.object({
  itemId: z.string(),
  title: z.string(),
  periodKey: z.string(),
  sequence: z.number(),
  state: z.enum(['ready', 'waiting', 'not-triggered']),
  waits: z.array(wait),
  reasons: z.array(z.object({ rule: z.string(), found: z.string() })),
  values: z.array(z.object({ name: z.string(), value: z.unknown(), asOf: z.string().nullable() })),
  knownAt: z.string(),
  at: z.string(),
});
const extended = z.object({
  subjectId: z.string(),
  matchId: z.string(),
  itemId: z.string(),
  periodKey: z.string(),
  verdict: z.string(),
  kind: z.string(),
  outcome: z.enum(['carried', 'confirmed', 'changed', 'suspended', 'ended']),
});
const made = z.object({ id: z.string(), choice: z.enum(['wait', 'extend']), until: z.string(), days: z.number().nullable() });

const day = z.string().transform((text, c): Day => {
  const parsed = parseDay(text);
  if (parsed === null) c.addIssue('要是一个日子');
  return (parsed ?? '') as Day;
});
const name = z.string().min(1).max(80);
const body = z.strictObject({
  item: name,
  period: name,
  dataset: name,
  choice: z.union([
    z.strictObject({ kind: z.literal('extend'), days: z.number().int().min(1).max(366) }),
    z.strictObject({ kind: z.literal('wait'), until: day }),
  ]),
  reason: z.string().min(1).max(500),
});

export const readinessApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/readiness',
      access(...businessRoles),
      describeRoute(answers('各事项能不能办', listOf(row))),
      valid('query', strictQuery({ item: name.optional(), period: name.optional(), history: z.literal('1').optional() })),
      async (c) => {
        const { item, period, history } = c.req.valid('query');
        const ask = { itemId: item, periodKey: period, history: history === '1' };
        const view = await readinessFor(web, staffOf(c).scope, c.get('now'), ask);
        const catalogue = await web.catalogue();
        const rows = view.rows.map(({ itemId, periodKey, sequence, state, waits, record, knownAt, at }) => ({
          itemId,
          title: view.titles.get(itemId) ?? itemId,
          periodKey,
          sequence,
          state,
          waits: waits.map((one) => ({ ...one, overdueDays: overdueOf(one, view.countedOn), text: waitText(one, catalogue) })),
          reasons: (record?.reasons ?? []).map(({ rule, found }) => ({ rule, found })),
          values: record?.values ?? [],
          knownAt,
          at: at.toISOString(),
        }));
        return c.json({ rows, next: null });
      },
    )
    .get(
      '/readiness/extended',
      access(...businessRoles),
      describeRoute(answers('靠延长有效期享受的人', listOf(extended))),
      valid('query', strictQuery({ item: name.optional(), period: name.optional() })),
      async (c) => {
        const { item, period } = c.req.valid('query');
        const rows = await extendedMatches(web.db, {
          scope: staffOf(c).scope,
          ...(item === undefined ? {} : { itemId: item }),
          ...(period === undefined ? {} : { periodKey: period }),
        });
        return c.json({ rows: rows.map(({ extensions: _own, division: _place, ...rest }) => rest), next: null });
      },
    )
    .post(
      '/readiness/decisions',
      access('reviewer'),
      describeRoute(answers('就迟到的核验数据作决定：等待，或对上期已享受的人延长有效期', made, { one: true })),
      valid('json', body),
      async (c) => {
        const staff = staffOf(c);
        const { item: itemId, period: key, dataset, choice, reason } = c.req.valid('json');
        const published = (await itemsFor(web, staff.scope)).find((one) => one.itemId === itemId);
        if (published === undefined) return notFound('事项');
        const period = parsePeriodKey(key);
        if (period === null || period.kind !== published.item.period)
          return fail('input.period', '/period', '不是这个事项的所属期。', '只有按月、按季、按年的事项可以决定。');
        const snapshot = await latestSnapshot(web.db);
        if (snapshot === null) return fail('state.no-snapshot', '', '还没有数据快照。', '封存以后再决定。');
        const {
          id,
          until,
          days,
          choice: kind,
        } = await decideLate(
          web.db,
          { item: published.item, periodKey: period.key, dataset, choice, reason },
          { actor: staff.userId, reviewer: staff.roles.includes('reviewer'), scope: staff.scope },
          { catalogue: await web.catalogue(), knownAt: snapshot.knownAt, at: c.get('now') },
        );
        return c.json({ id, choice: kind, until, days });
      },
    );
