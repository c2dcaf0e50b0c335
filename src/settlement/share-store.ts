// Budgets with a cut-off, budgets that everybody shares, and what is carried into the next year. Hand-written SQL: a budget's queue is one set.
import { createHash } from 'node:crypto';
import { audit, auditAll } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx, transaction } from '../db/handle.ts';
import { budgetIdOf } from '../ledger/ledger.ts';
import { lockAvailable, openBudgets } from '../ledger/store.ts';
import type { Item } from '../policy/item.ts';
import type { Lane } from './lane.ts';
import { tryLane } from './lock-store.ts';
import { cutoffOf, isCollecting, shareOut } from './offer.ts';
import { fenOf } from './reason.ts';

interface BudgetRow {
  readonly id: string;
  readonly itemId: string;
  readonly year: number;
  readonly sharedAt: Date | null;
}

const limitedBudgets = async (tx: Tx): Promise<readonly BudgetRow[]> =>
  await rawSql(tx)<BudgetRow[]>`
    select id, item_id as "itemId", year, shared_at as "sharedAt" from budget where kind = 'limited' order by id`;

/** Budgets nobody may be served from by the queue: before their cut-off, or shared. */
export const closedBudgets = async (tx: Tx, items: ReadonlyMap<string, Item>, today: Day): Promise<readonly string[]> =>
  (await limitedBudgets(tx)).flatMap(({ id, itemId, year }) => {
    const item = items.get(itemId);
    return item !== undefined && isCollecting(item, year, today) ? [id] : [];
  });

export interface Sharing {
  readonly lanes: readonly Lane[];
  readonly items: ReadonlyMap<string, Item>;
  readonly today: Day;
  readonly now: Date;
}

/** Makes the shares of budgets whose cut-off has passed; returns the items concerned. A lane somebody else is settling waits for the next tick. */
export const shareBudgets = async (db: Db, { lanes, items, today, now }: Sharing): Promise<ReadonlySet<string>> => {
  const due = (await transaction(db, (tx) => limitedBudgets(tx))).filter(({ itemId, year, sharedAt }) => {
    const item = items.get(itemId);
    if (item === undefined || sharedAt !== null || item.budget.kind !== 'limited' || item.budget.give !== 'prorata') return false;
    return (cutoffOf(item, year) ?? today) < today;
  });
  const shared = new Set<string>();
  for (const { id, itemId } of due) {
    const lane = lanes.find((one) => one.items.includes(itemId));
    if (lane === undefined) continue;
    if (await transaction(db, async (tx) => (await tryLane(tx, lane.items)) && (await shareOne(tx, id, now)))) shared.add(itemId);
  }
  return shared;
};

/** Everybody who waits for it, those too whose data are late, gets a share; false when somebody else made them. */
const shareOne = async (tx: Tx, id: string, now: Date): Promise<boolean> => {
  const sql = rawSql(tx);
  const wants = await sql<{ subjectId: string; id: string; wantedFen: bigint; orderKey: string }[]>`
    select subject_id as "subjectId", id, wanted_fen as "wantedFen", order_key as "orderKey" from settlement_line
    where blocked_on = ${`budget:${id}`} and (state = 'waiting' or (state = 'parked' and granted_fen = 0)) order by subject_id, id for update`;
  const available = (await lockAvailable(tx, [id])).get(id) ?? 0n;
  const marked = await sql`update budget set shared_at = ${now} where id = ${id} and shared_at is null returning id`;
  if (marked.length === 0) return false;
  const shares = shareOut(available, wants);
  await sql`
    update settlement_line s set quota_fen = x.fen
    from unnest(${wants.map((want) => want.subjectId)}::uuid[], ${wants.map((want) => want.id)}::uuid[],
      ${wants.map((want) => String(shares.get(want.id) ?? 0n))}::text[]::bigint[]) as x(subject, id, fen)
    where s.subject_id = x.subject and s.id = x.id`;
  const table = wants.map((want) => `${want.id} ${want.wantedFen} ${shares.get(want.id) ?? 0n}`).join('\n');
  await audit(tx, {
    at: now,
    actor: 'step:settle',
    role: 'system',
    action: 'budget.share',
    objectKind: 'budget',
    objectId: id,
    after: {
      lines: wants.length,
      wantedFen: String(wants.reduce((sum, want) => sum + want.wantedFen, 0n)),
      sharedFen: String([...shares.values()].reduce((sum, fen) => sum + fen, 0n)),
      table: createHash('sha256').update(table).digest('hex'),
    },
  });
  return true;
};

/** Who still waits when the year is over stands first in this year's queue, where the item says so and is still in force. */
export const carryOver = async (db: Db, { lanes, items, today, now }: Sharing): Promise<void> => {
  const year = Number(today.slice(0, 4));
  const budgets = await transaction(db, (tx) => limitedBudgets(tx));
  for (const budget of budgets) {
    const item = items.get(budget.itemId);
    const lane = lanes.find((one) => one.items.includes(budget.itemId));
    if (budget.year >= year || lane === undefined || item?.budget.kind !== 'limited' || item.budget.carry !== true) continue;
    if (item.effective.to !== null && item.effective.to < `${year}-01-01`) continue;
    await transaction(db, async (tx) => {
      if (await tryLane(tx, lane.items)) await carryOne(tx, budget, item, year, now);
    });
  }
};

/** Whoever waits for a budget stands first in the queue of `year`'s. Call under the lane's lock. */
export const carryOne = async (
  tx: Tx,
  budget: Pick<BudgetRow, 'id' | 'itemId' | 'year'>,
  item: Item,
  year: number,
  now: Date,
): Promise<void> => {
  const sql = rawSql(tx);
  const on = `budget:${budget.id}`;
  const lines = await sql<{ subjectId: string; id: string }[]>`
    select subject_id as "subjectId", id from settlement_line
    where blocked_on = ${on} and (state = 'waiting' or (state = 'parked' and granted_fen = 0)) order by subject_id, id for update`;
  if (lines.length === 0 || item.budget.kind !== 'limited') return;
  await sql`
    update settlement_line s set budget_year = ${year}, blocked_on = ${`budget:${budgetIdOf(budget.itemId, year)}`},
      order_key = '0000:' || ${budget.year}::int || ':' || s.order_key
    from unnest(${lines.map((line) => line.subjectId)}::uuid[], ${lines.map((line) => line.id)}::uuid[]) as x(subject, id)
    where s.subject_id = x.subject and s.id = x.id`;
  await auditAll(
    tx,
    lines.map((line) => ({
      at: now,
      actor: 'step:settle',
      role: 'system',
      action: 'settlement.carry',
      objectKind: 'settlement_line',
      objectId: line.id,
      before: { budgetYear: budget.year },
      after: { budgetYear: year },
    })),
  );
  await openBudgets(tx, [{ itemId: budget.itemId, year, kind: 'limited', appropriatedFen: fenOf(item.budget.yuan) }], now);
};
