// A decision made again over the API: from its evidence alone, and whether what it read stood in the sealed data. Reads only.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { fail } from '../../base/problem.ts';
import type { Scope } from '../../base/scope.ts';
import { proveMatch } from '../../match/prove.ts';
import { replay } from '../../match/replay.ts';
import { matchById } from '../../match/store.ts';
import { keptReplay } from '../../report-jobs.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { answers, notFound, valid } from './answer.ts';

const replayed = z.object({
  same: z.boolean().describe('重判与当时一致'),
  decided: z.boolean().describe('假：这一条是按认可的名单接续的，没有判定可重'),
  stored: z.string().nullable(),
  replayed: z.string().nullable(),
  proof: z.object({
    snapshot: z.string(),
    knownAt: z.string(),
    proved: z.boolean(),
    segments: z.number(),
    values: z.array(
      z.object({ fact: z.string(), dataset: z.string().nullable(), asOf: z.string().nullable(), proved: z.boolean().nullable() }),
    ),
  }),
});

const whole = z.object({
  report: z
    .object({
      madeAt: z.string(),
      tookMs: z.number(),
      checked: z.number(),
      differing: z.number(),
      rows: z
        .array(z.object({ matchId: z.string(), itemId: z.string(), periodKey: z.string(), stored: z.string(), replayed: z.string() }))
        .readonly()
        .describe('不一致的，先列一千条'),
    })
    .nullable()
    .describe('空：还没有做过'),
});

/** Every match decided again, as the job `match.replay` last did it. It is of everybody. */
export const replaysApi = (web: WebContext) =>
  new Hono<Env>().get('/replays', access('auditor'), describeRoute(answers('全部匹配结果重判：最近一次的结果', whole)), async (c) => {
    requireWhole(staffOf(c).scope);
    const kept = await keptReplay(web.db);
    if (kept === null) return c.json({ report: null });
    const { checked, differing, differences } = kept.report;
    return c.json({ report: { madeAt: kept.madeAt.toISOString(), tookMs: kept.tookMs, checked, differing, rows: differences } });
  });

const requireWhole = ({ authorities, divisions, items }: Scope): void => {
  if (authorities !== null || divisions !== null || items !== null)
    fail('scope.whole', '', '重判涉及各部门、各区划，您的范围不够。', '请由范围不受限的审计人员查看。');
};

export const replayApi = (web: WebContext) =>
  new Hono<Env>().get(
    '/matches/:id/replay',
    access(...businessRoles),
    describeRoute(answers('凭留存的依据重判一条，并证明依据里的值在封存的数据里', replayed, { one: true })),
    valid('param', z.object({ id: z.uuid() })),
    async (c) => {
      const match = await matchById(web.db, c.req.valid('param').id, staffOf(c).scope);
      if (match === null) return notFound('匹配结果');
      const [{ checked, differences }, proof] = await Promise.all([replay(web.db, match.id), proveMatch(web.db, match)]);
      return c.json({
        same: differences.length === 0,
        decided: checked > 0,
        stored: differences[0]?.stored ?? null,
        replayed: differences[0]?.replayed ?? null,
        proof: {
          ...{ snapshot: proof.snapshot.id, knownAt: proof.snapshot.knownAt, proved: proof.proved, segments: proof.segments.length },
          values: proof.values.map(({ fact, dataset, asOf, proved }) => ({ fact, dataset, asOf, proved })),
        },
      });
    },
  );
