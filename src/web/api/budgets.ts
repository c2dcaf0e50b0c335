// Budgets over the API: how each year's money goes and until when it lasts, month by month; and the end of the year, tried before it counts.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { coversItem, type Scope } from '../../base/scope.ts';
import { closeYear, previewYear, type YearClosed } from '../../reconcile/year.ts';
import { type YearClose, yearCloses } from '../../reconcile/year-store.ts';
import { type Burn, burnOf } from '../../report/burn.ts';
import { monthSums } from '../../report/burn-store.ts';
import { promisedLately } from '../../report/store.ts';
import { type BudgetView, listBudgets } from '../../settlement/read-store.ts';
import { todayFor } from '../../today.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor } from '../items.ts';
import type { Role } from '../role.ts';
import { requireStepUp } from '../step-up.ts';
import { staffAccounts } from '../store.ts';
import { answers, listOf, notFound, strictQuery, valid } from './answer.ts';
import { financeReaders } from './funding.ts';

/** Who plans with it sees it; who closes it is finance. */
const readers: readonly Role[] = [...financeReaders, 'officer', 'reviewer'];
const fen = z.string().describe('分');
const ways = ['carry', 'release'] as const;

const close = z.object({ way: z.enum(ways), reason: z.string(), name: z.string(), at: z.string(), movedFen: fen });
const row = z.object({
  id: z.string(),
  itemId: z.string(),
  year: z.number(),
  kind: z.enum(['limited', 'entitlement']).describe('限额；据实保障'),
  appropriatedFen: fen,
  availableFen: fen,
  reservedFen: fen.describe('已核定，没有进批次'),
  committedFen: fen.describe('在批次里或在银行'),
  paidFen: fen,
  waiting: z.number(),
  waitingFen: fen,
  perMonthFen: fen.describe('近 90 天平均每月核定'),
  goneOn: z.string().nullable().describe('照这个速度用完的一天；空：够用到年底，或没有限额'),
  expectedFen: fen.nullable().describe('到年底共用'),
  lackFen: fen.nullable(),
  text: z.string(),
  over: z.boolean().describe('这一年已过完'),
  closed: close.nullable(),
});
const month = z.object({
  month: z.string(),
  givenFen: fen,
  promisedFen: fen.describe('当月净核定'),
  paidFen: fen.describe('当月净到账'),
  standing: z.object({ paidFen: fen, committedFen: fen, reservedFen: fen, usedFen: fen }).nullable().describe('月末，当月为今天'),
  expectedFen: fen.nullable().describe('月末预计累计用掉'),
});
const one = row.extend({ months: z.array(month) });
const closed = z.object({
  movedFen: fen.describe('结转或收回'),
  openFen: fen.describe('已答应未到账，留在原年度'),
  carried: z.number().describe('排队转入下一年的笔数'),
  refused: z.number().describe('不再等候的笔数'),
  already: z.boolean(),
});

interface Known {
  readonly today: Parameters<typeof burnOf>[0]['today'];
  readonly lately: ReadonlyMap<string, bigint>;
  readonly closes: readonly YearClose[];
  readonly names: ReadonlyMap<string, string>;
}

const knownFor = async (web: WebContext, now: Date): Promise<Known> => {
  const today = await todayFor(web.db, now);
  return {
    today,
    lately: await promisedLately(web.db, today),
    closes: await yearCloses(web.db),
    names: new Map((await staffAccounts(web.db)).map((own) => [own.userId, own.name])),
  };
};

const closeOf = ({ closes }: Known, budget: BudgetView): YearClose | null =>
  closes.find((own) => own.itemId === budget.itemId && own.year === budget.year) ?? null;

const burnFor = (known: Known, budget: BudgetView, sums: Parameters<typeof burnOf>[0]['sums']): Burn =>
  burnOf({ budget, sums, today: known.today, latelyFen: known.lately.get(budget.id) ?? 0n, closed: closeOf(known, budget) });

const text = (value: bigint | null): string | null => (value === null ? null : String(value));

const toRow = (known: Known, budget: BudgetView, burn: Burn): z.infer<typeof row> => {
  const done = closeOf(known, budget);
  const { id, itemId, year, kind, waiting } = budget;
  return {
    ...{ id, itemId, year, kind, waiting },
    appropriatedFen: String(budget.appropriatedFen),
    availableFen: String(budget.availableFen),
    reservedFen: String(budget.reservedFen),
    committedFen: String(budget.committedFen),
    paidFen: String(budget.paidFen),
    waitingFen: String(budget.waitingFen),
    perMonthFen: String(burn.perMonthFen),
    goneOn: burn.goneOn,
    expectedFen: text(burn.expectedFen),
    lackFen: text(burn.lackFen),
    text: burn.text,
    over: Number(known.today.slice(0, 4)) > year,
    closed:
      done === null
        ? null
        : {
            ...{ way: done.way, reason: done.reason, name: known.names.get(done.closedBy) ?? '已离岗' },
            ...{ at: done.closedAt.toISOString(), movedFen: String(done.movedFen) },
          },
  };
};

const toMonth = ({ month: key, givenFen, promisedFen, paidFen, standing, expectedFen }: Burn['months'][number]): z.infer<typeof month> => ({
  month: key,
  givenFen: String(givenFen),
  promisedFen: String(promisedFen),
  paidFen: String(paidFen),
  standing:
    standing === null
      ? null
      : {
          paidFen: String(standing.paidFen),
          committedFen: String(standing.committedFen),
          reservedFen: String(standing.reservedFen),
          usedFen: String(standing.usedFen),
        },
  expectedFen: text(expectedFen),
});

const toClosed = ({ movedFen, openFen, carried, refused, already }: YearClosed): z.infer<typeof closed> => ({
  ...{ movedFen: String(movedFen), openFen: String(openFen), carried, refused, already },
});

const param = z.object({ item: z.string().max(100), year: z.coerce.number().int().min(2000).max(2100) });
type Named = z.infer<typeof param>;

const budgetOf = async (web: WebContext, scope: Scope, { item, year }: Named): Promise<BudgetView> =>
  (await listBudgets(web.db, scope)).find((own) => own.itemId === item && own.year === year) ?? notFound('额度');

/** A year is closed for everybody: by who sees the whole item. */
const closable = async (web: WebContext, staff: Staff, named: Named): Promise<BudgetView> => {
  const budget = await budgetOf(web, staff.scope, named);
  const item = (await itemsFor(web, staff.scope)).find((own) => own.itemId === named.item)?.item;
  if (staff.scope.divisions !== null || item === undefined || !coversItem(staff.scope, item)) notFound('额度');
  return budget;
};

export const budgetApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/budgets',
      access(...readers),
      describeRoute(answers('额度进度：每个事项每年的额度、用了多少、照现在的速度到哪天', listOf(row))),
      valid('query', strictQuery({ item: z.string().max(100).optional(), year: z.coerce.number().int().optional() })),
      async (c) => {
        const { item, year } = c.req.valid('query');
        const known = await knownFor(web, c.get('now'));
        const rows = (await listBudgets(web.db, staffOf(c).scope))
          .filter((own) => (item === undefined || own.itemId === item) && (year === undefined || own.year === year))
          .map((own) => toRow(known, own, burnFor(known, own, [])));
        return c.json({ rows, next: null });
      },
    )
    .get(
      '/budgets/:item/:year',
      access(...readers),
      describeRoute(answers('一个年度的额度，逐月', one, { one: true })),
      valid('param', param),
      async (c) => {
        const budget = await budgetOf(web, staffOf(c).scope, c.req.valid('param'));
        const known = await knownFor(web, c.get('now'));
        const burn = burnFor(known, budget, await monthSums(web.db, budget.id));
        return c.json({ ...toRow(known, budget, burn), months: burn.months.map(toMonth) });
      },
    )
    .get(
      '/budgets/:item/:year/close',
      access(...financeReaders),
      describeRoute(answers('年终结转试算：照办一遍再撤回，什么也不留下', closed, { one: true })),
      valid('param', param),
      valid('query', strictQuery({ way: z.enum(ways) })),
      async (c) => {
        const { itemId, year } = await closable(web, staffOf(c), c.req.valid('param'));
        return c.json(toClosed(await previewYear(web.db, { itemId, year, way: c.req.valid('query').way, now: c.get('now') })));
      },
    )
    .post(
      '/budgets/:item/:year/close',
      access('finance-issuer'),
      describeRoute(answers('年终结转或收回（要动态口令）', closed, { one: true })),
      valid('param', param),
      valid('json', z.strictObject({ way: z.enum(ways), reason: z.string().max(600) })),
      async (c) => {
        const staff = staffOf(c);
        await requireStepUp(web.db, staff, c.get('now'));
        const { itemId, year } = await closable(web, staff, c.req.valid('param'));
        const by = { id: staff.userId, role: 'finance-issuer' };
        return c.json(toClosed(await closeYear(web.db, { itemId, year, ...c.req.valid('json'), by, now: c.get('now') })));
      },
    );
