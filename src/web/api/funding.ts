// Funding sources, the payment calendar and approval bands over the API. The payer's account leaves here masked.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { maskAccount } from '../../base/codes.ts';
import { type Day, parseDay } from '../../base/day.ts';
import { coversItem, type Scope } from '../../base/scope.ts';
import { type Db, transaction } from '../../db/handle.ts';
import { readBands, setBands } from '../../payment/bands.ts';
import { addCalendarEntry, type CalendarEntry, calendarEntries, endCalendarEntry } from '../../payment/calendar-store.ts';
import { formats } from '../../payment/format.ts';
import { addFundingSource, endFundingSource, type FundingStanding, fundingStandings } from '../../payment/funding-store.ts';
import { type Band, checkerRoles, fundingLevels, fundingNatures } from '../../payment/payment.ts';
import { liveItems } from '../../policy/store.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import type { Role } from '../role.ts';
import { requireStepUp } from '../step-up.ts';
import { answers, listOf, notFound, strictQuery, valid } from './answer.ts';

export const financeRoles = ['finance-maker', 'finance-checker', 'finance-head', 'finance-issuer'] as const;
export const financeReaders = [...financeRoles, 'auditor'] as const;

/** In the role of finance the act is done in. */
export const financeActor = (staff: Staff, wanted: readonly Role[] = financeRoles) => ({
  id: staff.userId,
  role: staff.roles.find((role) => wanted.includes(role)) ?? 'staff',
});

export const civil = z
  .string()
  .refine((text) => parseDay(text) !== null, '须为存在的日期，写作 2026-01-31')
  .transform((text) => text as Day);
export const fenText = z
  .string()
  .regex(/^\d{1,16}$/, '须为以分计的整数')
  .transform((text) => BigInt(text));
const reason = z.strictObject({ reason: z.string().max(600) });
export const id = z.object({ id: z.uuid() });

const natures = Object.keys(fundingNatures) as [keyof typeof fundingNatures];
const levels = Object.keys(fundingLevels) as [keyof typeof fundingLevels];

const told = z.object({
  itemId: z.string(),
  year: z.number().int(),
  document: z.string().max(100),
  projectCode: z.string().max(60),
  subjectCode: z.string().max(60),
  nature: z.enum(natures),
  level: z.enum(levels),
  payerName: z.string().max(100),
  payerAccount: z.string().max(40),
  payerBank: z.string().max(100),
  payerBankCode: z.string().max(12),
  format: z.enum([...formats.keys()] as [string]),
  shareBp: z.number().int().min(1).max(10_000).nullable().default(null).describe('万分之几；不写：按先后'),
  rank: z.number().int().min(0).max(1_000).default(0),
});
const source = told.extend({
  id: z.string(),
  shareBp: z.number().nullable(),
  rank: z.number(),
  amountFen: z.string(),
  openFen: z.string(),
  sealedFen: z.string(),
  spentFen: z.string(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});

const toSource = (one: FundingStanding) => ({
  ...one,
  payerAccount: maskAccount(one.payerAccount),
  amountFen: String(one.amountFen),
  openFen: String(one.openFen),
  sealedFen: String(one.sealedFen),
  spentFen: String(one.spentFen),
  createdAt: one.createdAt.toISOString(),
  endedAt: one.endedAt?.toISOString() ?? null,
});

/** `missing.object` for an item that is not published or not within the scope. */
const requireItem = async (db: Db, itemId: string, scope: Scope): Promise<void> => {
  const item = (await liveItems(db)).find((one) => one.item.id === itemId)?.item;
  if (item === undefined || !coversItem(scope, item)) notFound('事项');
};

export const fundingApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/funding-sources',
      access(...financeReaders),
      describeRoute(
        answers('资金来源，和可用的报盘格式', listOf(source).extend({ formats: z.array(z.object({ id: z.string(), title: z.string() })) })),
      ),
      valid(
        'query',
        strictQuery({ item: z.string().max(100).optional(), year: z.coerce.number().int().optional(), ended: z.literal('1').optional() }),
      ),
      async (c) => {
        const { item, year, ended } = c.req.valid('query');
        const filter = { ...(item === undefined ? {} : { itemId: item }), ...(year === undefined ? {} : { year }) };
        const rows = await fundingStandings(web.db, { scope: staffOf(c).scope, ...filter, ended: ended === '1' });
        const known = [...formats.values()].map((one) => ({ id: one.id, title: one.title }));
        return c.json({ rows: rows.map(toSource), next: null, formats: known });
      },
    )
    .post(
      '/funding-sources',
      access('finance-maker'),
      describeRoute(answers('登记资金来源', z.object({ id: z.string() }))),
      valid('json', z.strictObject({ ...told.shape, amountFen: fenText })),
      async (c) => {
        const staff = staffOf(c);
        const given = c.req.valid('json');
        await requireItem(web.db, given.itemId, staff.scope);
        const by = { actor: staff.userId, role: 'finance-maker', at: c.get('now') };
        return c.json({ id: await transaction(web.db, (tx) => addFundingSource(tx, given, by)) });
      },
    )
    .post(
      '/funding-sources/:id/end',
      access('finance-maker'),
      describeRoute(answers('停用', z.object({ ended: z.boolean() }), { one: true })),
      valid('param', id),
      valid('json', reason),
      async (c) => {
        const staff = staffOf(c);
        const wanted = c.req.valid('param').id;
        if (!(await fundingStandings(web.db, { scope: staff.scope, ended: true })).some((one) => one.id === wanted)) notFound('资金来源');
        const by = { actor: staff.userId, role: 'finance-maker', at: c.get('now'), reason: c.req.valid('json').reason };
        await transaction(web.db, (tx) => endFundingSource(tx, wanted, by));
        return c.json({ ended: true });
      },
    );

const entry = z.object({
  id: z.string(),
  kind: z.enum(['pay', 'freeze']),
  itemId: z.string().nullable(),
  periodKey: z.string().nullable(),
  fromDay: z.string(),
  toDay: z.string(),
  reason: z.string().nullable(),
});
const toEntry = ({ id: own, kind, itemId, periodKey, fromDay, toDay, reason: why }: CalendarEntry) => ({
  ...{ id: own, kind, itemId, periodKey, fromDay, toDay, reason: why },
});
const band = z.object({
  upToFen: z.string().nullable().describe('空：以上'),
  checkers: z.number(),
  roles: z.array(z.enum(checkerRoles)).describe('其中要有的岗位'),
});
const toBand = ({ upToFen, checkers, roles = [] }: Band) => ({
  upToFen: upToFen === null ? null : String(upToFen),
  checkers,
  roles: [...roles],
});

/** When money goes out, and how many check it by its amount: of the whole house, whatever one may see of its items. */
export const paymentRulesApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/payment-calendar', access(...financeReaders), describeRoute(answers('拨付日历', listOf(entry))), async (c) =>
      c.json({ rows: (await calendarEntries(web.db)).map(toEntry), next: null }),
    )
    .post(
      '/payment-calendar',
      access('finance-maker'),
      describeRoute(answers('登记拨付日或停办期', z.object({ id: z.string() }))),
      valid(
        'json',
        z.strictObject({
          kind: z.enum(['pay', 'freeze']),
          itemId: z.string().max(100).nullable().default(null),
          periodKey: z.string().max(100).nullable().default(null),
          fromDay: civil,
          toDay: civil,
          reason: z.string().max(600).nullable().default(null),
        }),
      ),
      async (c) => {
        const staff = staffOf(c);
        const given = c.req.valid('json');
        if (given.itemId !== null) await requireItem(web.db, given.itemId, staff.scope);
        const by = { actor: staff.userId, role: 'finance-maker', at: c.get('now') };
        return c.json({ id: await transaction(web.db, (tx) => addCalendarEntry(tx, given, by)) });
      },
    )
    .post(
      '/payment-calendar/:id/end',
      access('finance-maker'),
      describeRoute(answers('撤销', z.object({ ended: z.boolean() }), { one: true })),
      valid('param', id),
      valid('json', reason),
      async (c) => {
        const by = { actor: staffOf(c).userId, role: 'finance-maker', at: c.get('now'), reason: c.req.valid('json').reason };
        await transaction(web.db, (tx) => endCalendarEntry(tx, c.req.valid('param').id, by));
        return c.json({ ended: true });
      },
    )
    .get('/approval-bands', access(...financeReaders), describeRoute(answers('按金额要几人复核、要有什么岗位', listOf(band))), async (c) =>
      c.json({ rows: (await readBands(web.db)).map(toBand), next: null }),
    )
    .post(
      '/approval-bands',
      access(...checkerRoles),
      describeRoute(answers('改定复核档次（要动态口令）', listOf(band))),
      valid(
        'json',
        z.strictObject({
          bands: z
            .array(
              z.strictObject({
                upToFen: fenText.nullable(),
                checkers: z.number().int(),
                roles: z.array(z.enum(checkerRoles)).max(5).optional(),
              }),
            )
            .max(10),
        }),
      ),
      async (c) => {
        const staff = staffOf(c);
        await requireStepUp(web.db, staff, c.get('now'));
        const bands = c.req.valid('json').bands.map(({ upToFen, checkers, roles = [] }) => ({ upToFen, checkers, roles }));
        const { id: actor, role } = financeActor(staff, checkerRoles);
        await transaction(web.db, (tx) => setBands(tx, bands, { actor, role, at: c.get('now') }));
        return c.json({ rows: bands.map(toBand), next: null });
      },
    );
