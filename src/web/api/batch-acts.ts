// What finance does to a batch over the API: seal, check, send back, make the file, release. Whoever checks, makes or releases has just shown the second factor.
import type { Context } from 'hono';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { maskName } from '../../base/codes.ts';
import { readBands } from '../../payment/bands.ts';
import { fundingStandings } from '../../payment/funding-store.ts';
import { checkerRoles } from '../../payment/payment.ts';
import { prepareRelease, releaseBatch } from '../../payment/release.ts';
import { sealBatch } from '../../payment/seal.ts';
import { approveBatch, returnBatch } from '../../payment/sign.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import type { Role } from '../role.ts';
import { requireStepUp } from '../step-up.ts';
import { shown } from '../words.ts';
import { answers, notFound, valid } from './answer.ts';
import { batchRow, excluded, found, toBatch } from './batches.ts';
import { civil, financeActor, id } from './funding.ts';

const named = z.strictObject({ hash: z.string().max(64) });

/** Signing: a batch of the scope, a fresh second factor, the person in the role of the act. */
const signer = async (
  web: WebContext,
  c: Context<Env>,
  batchId: string,
  roles: readonly Role[],
): Promise<ReturnType<typeof financeActor>> => {
  const staff: Staff = staffOf(c);
  await found(web, c, batchId);
  await requireStepUp(web.db, staff, c.get('now'));
  return financeActor(staff, roles);
};

const day = async (web: WebContext, c: Context<Env>) => ({
  catalogue: await web.catalogue(),
  today: await todayFor(web.db, c.get('now')),
  now: c.get('now'),
});

const prepared = z.object({
  sha256: z.string().describe('签发时原样带回'),
  hash: z.string(),
  fileName: z.string(),
  lines: z.number(),
  totalFen: z.string(),
  withheld: z.array(
    z.object({
      lineId: z.string(),
      disbursementId: z.string(),
      position: z.number(),
      payeeName: z.string().describe('遮去'),
      amountFen: z.string(),
      reasons: z.array(z.string()),
    }),
  ),
});

export const sealingApi = (web: WebContext) =>
  new Hono<Env>().post(
    '/batches',
    access('finance-maker'),
    describeRoute(answers('封批', z.object({ batch: batchRow.nullable(), excluded: z.array(excluded) }))),
    valid(
      'json',
      z.strictObject({
        sourceId: z.uuid(),
        payOn: civil,
        periodKey: z.string().max(100).optional(),
        limit: z.number().int().min(1).max(100_000).optional(),
      }),
    ),
    async (c) => {
      const staff = staffOf(c);
      const { sourceId, payOn, periodKey, limit } = c.req.valid('json');
      // A batch takes people of every division; sources are seen by item.
      const own = staff.scope.divisions === null ? await fundingStandings(web.db, { scope: staff.scope }) : [];
      if (!own.some((source) => source.id === sourceId)) notFound('资金来源');
      const report = await sealBatch(web.db, {
        ...(await day(web, c)),
        sourceId,
        payOn,
        maker: financeActor(staff, ['finance-maker']),
        ...(periodKey === undefined ? {} : { periodKey }),
        ...(limit === undefined ? {} : { limit }),
      });
      const batch = report.batch === null ? null : toBatch({ ...report.batch, releasedAt: null, fileSha256: null, reason: null });
      return c.json({ batch, excluded: report.excluded.map((r) => ({ ...r, reasons: [...r.reasons] })) });
    },
  );

export const signingApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/batches/:id/approve',
      access(...checkerRoles),
      describeRoute(answers('复核（要动态口令）', z.object({ missing: z.number().describe('还要几人') }), { one: true })),
      valid('param', id),
      valid('json', named),
      async (c) => {
        const batchId = c.req.valid('param').id;
        const person = await signer(web, c, batchId, checkerRoles);
        const ask = { batchId, hash: c.req.valid('json').hash, person, now: c.get('now'), bands: await readBands(web.db) };
        return c.json({ missing: await approveBatch(web.db, ask) });
      },
    )
    .post(
      '/batches/:id/return',
      access(...checkerRoles, 'finance-issuer'),
      describeRoute(answers('整批退回（要动态口令）', z.object({ returned: z.boolean() }), { one: true })),
      valid('param', id),
      valid('json', named.extend({ reason: z.string().max(600) })),
      async (c) => {
        const batchId = c.req.valid('param').id;
        const person = await signer(web, c, batchId, [...checkerRoles, 'finance-issuer']);
        await returnBatch(web.db, { batchId, ...c.req.valid('json'), person, now: c.get('now') });
        return c.json({ returned: true });
      },
    )
    .post(
      '/batches/:id/issue',
      access('finance-issuer'),
      describeRoute(answers('生成报盘文件，还没有签发（要动态口令）', prepared, { one: true })),
      valid('param', id),
      async (c) => {
        const batchId = c.req.valid('param').id;
        await signer(web, c, batchId, ['finance-issuer']);
        const { batchId: _own, ...made } = await prepareRelease(web.db, { ...(await day(web, c)), batchId });
        const withheld = made.withheld.map(({ payeeName, amountFen, reasons, ...own }) => ({
          ...own,
          payeeName: maskName(shown(payeeName)),
          amountFen: String(amountFen),
          reasons: [...reasons],
        }));
        return c.json({ ...made, totalFen: String(made.totalFen), withheld });
      },
    )
    .post(
      '/batches/:id/release',
      access('finance-issuer'),
      describeRoute(answers('签发（要动态口令）', z.object({ released: z.boolean() }), { one: true })),
      valid('param', id),
      valid('json', named.extend({ sha256: z.string().max(64) })),
      async (c) => {
        const batchId = c.req.valid('param').id;
        const person = await signer(web, c, batchId, ['finance-issuer']);
        const ask = { batchId, ...c.req.valid('json'), person, bands: await readBands(web.db) };
        await releaseBatch(web.db, { ...ask, ...(await day(web, c)) });
        return c.json({ released: true });
      },
    );
