// The ledger's only SQL. Hand-written because every read and write here is set-based: a chunk of postings with its balances is one
// statement (measured per chunk, not per row), and history and checks are sums over many rows.
import { fail } from '../base/problem.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import {
  accountOf,
  budgetIdOf,
  type HistoryRow,
  type Imbalance,
  move,
  type PromiseRow,
  requireBalanced,
  type Transaction,
} from './ledger.ts';

/** One advisory key for the whole ledger: shared by whoever posts, taken alone by whoever asks for a cut. */
const cutLock = 72_001;

const postingRows = (transactions: readonly Transaction[]) =>
  transactions.flatMap((t) =>
    t.entries.map((entry) => ({
      transaction: t.key,
      account: entry.account,
      amount_fen: String(entry.amountFen),
      kind: t.kind,
      item_id: t.itemId,
      year: t.year,
      subject_id: t.subjectId ?? null,
      period_key: t.periodKey ?? null,
      line_id: t.lineId ?? null,
      object_key: t.objectKey ?? null,
    })),
  );

/**
 * Books transactions, each summing to zero (else `state.unbalanced`), together with the running balances. The same key with the same
 * entries again is counted as repeated; with other entries it is refused with `conflict.posted`. Returns how many were new.
 * A `limited` budget that would fall below zero is refused by the database (check `balance_floor`).
 * Call it once per database transaction, so that balances are locked in one order everywhere.
 */
export const post = async (tx: Tx, transactions: readonly Transaction[], at: Date): Promise<{ posted: number; repeated: number }> => {
  requireBalanced(transactions);
  if (transactions.length === 0) return { posted: 0, repeated: 0 };
  const sql = rawSql(tx);
  await sql`select pg_advisory_xact_lock_shared(${cutLock})`;
  const rows = JSON.stringify(postingRows(transactions));
  const added = await sql<{ transaction: string }[]>`
    with given as (
      select x.*, row_number() over () as place from jsonb_to_recordset(${rows}::text::jsonb) as x(
        transaction text, account text, amount_fen bigint, kind text, item_id text, year int, subject_id uuid, period_key text, line_id uuid, object_key text)
    ), booked as (
      insert into posting (transaction, account, amount_fen, kind, item_id, year, subject_id, period_key, line_id, object_key, at)
      select transaction, account, amount_fen, kind, item_id, year, subject_id, period_key, line_id, object_key, ${at} from given order by place
      on conflict (transaction, account) do nothing
      returning transaction, account, amount_fen
    ), kept as (
      insert into balance (account, amount_fen)
      select account, sum(amount_fen)::bigint from booked group by account order by account
      on conflict (account) do update set amount_fen = balance.amount_fen + excluded.amount_fen
    )
    select transaction from booked`;
  const expected = transactions.reduce((n, t) => n + t.entries.length, 0);
  if (added.length < expected) await requireSame(tx, transactions);
  const fresh = new Set(added.map((row) => row.transaction)).size;
  return { posted: fresh, repeated: transactions.length - fresh };
};

/** A key seen before must carry exactly what is booked under it; half a transaction can only come from a key used twice. */
const requireSame = async (tx: Tx, transactions: readonly Transaction[]): Promise<void> => {
  const sql = rawSql(tx);
  const booked = await sql<{ transaction: string; account: string; amount_fen: bigint }[]>`
    select transaction, account, amount_fen from posting where transaction = any(${transactions.map((t) => t.key)}::text[])`;
  const byKey = Map.groupBy(booked, (row) => row.transaction);
  for (const transaction of transactions) {
    const rows = byKey.get(transaction.key) ?? [];
    const amounts = new Map(rows.map((row) => [row.account, row.amount_fen]));
    const same = rows.length === transaction.entries.length && transaction.entries.every((e) => amounts.get(e.account) === e.amountFen);
    if (!same)
      fail('conflict.posted', transaction.key, '同一笔业务已经入账，金额或科目与这次不同。', '请核对来源；已入账的那一笔没有改动。');
  }
};

export interface BudgetOrder {
  readonly itemId: string;
  readonly year: number;
  readonly kind: 'limited' | 'entitlement';
  /** limited: the year's appropriation in 分, booked once when the budget is opened. */
  readonly appropriatedFen: bigint;
}

/** Opens the budgets that do not exist yet, with their appropriation and floor; returns the ids opened. Safe to repeat and to race. */
export const openBudgets = async (tx: Tx, orders: readonly BudgetOrder[], at: Date): Promise<readonly string[]> => {
  const sql = rawSql(tx);
  const opened: string[] = [];
  const appropriations: Transaction[] = [];
  for (const order of [...orders].sort((a, b) => (budgetIdOf(a.itemId, a.year) < budgetIdOf(b.itemId, b.year) ? -1 : 1))) {
    const id = budgetIdOf(order.itemId, order.year);
    const added = await sql`
      insert into budget (id, item_id, year, kind, created_at) values (${id}, ${order.itemId}, ${order.year}, ${order.kind}, ${at})
      on conflict (id) do nothing returning id`;
    if (added.length === 0) continue;
    opened.push(id);
    await sql`
      insert into balance (account, amount_fen, floor_fen) values (${accountOf(id, 'available')}, 0, ${order.kind === 'limited' ? 0n : null})
      on conflict (account) do nothing`;
    if (order.kind === 'limited' && order.appropriatedFen > 0n)
      appropriations.push({
        key: `appropriate:${id}:opening`,
        kind: 'appropriate',
        itemId: order.itemId,
        year: order.year,
        entries: move('appropriate', id, order.appropriatedFen),
      });
  }
  await post(tx, appropriations, at);
  return opened;
};

/** What is still free in each budget, 分, locked until the transaction ends; missing budgets are absent. Call before `post` in the same transaction. */
export const lockAvailable = async (tx: Tx, budgetIds: readonly string[]): Promise<ReadonlyMap<string, bigint>> => {
  if (budgetIds.length === 0) return new Map();
  const accounts = budgetIds.map((id) => accountOf(id, 'available'));
  const rows = await rawSql(tx)<{ account: string; amount_fen: bigint }[]>`
    select account, amount_fen from balance where account = any(${accounts}::text[]) order by account for update`;
  const byAccount = new Map(rows.map((row) => [row.account, row.amount_fen]));
  return new Map(
    budgetIds.flatMap((id) =>
      byAccount.has(accountOf(id, 'available')) ? [[id, byAccount.get(accountOf(id, 'available')) as bigint]] : [],
    ),
  );
};

/** Where each promise to these subjects stands, 分: one row per settled line, and per imported payment (line null). Rows worth nothing are left out. */
export const promises = async (
  tx: Tx,
  ask: { readonly subjectIds: readonly string[]; readonly itemIds: readonly string[] },
): Promise<readonly PromiseRow[]> => {
  if (ask.subjectIds.length === 0 || ask.itemIds.length === 0) return [];
  return await rawSql(tx)<PromiseRow[]>`
    select subject_id as "subjectId", item_id as "itemId", coalesce(period_key, '') as "periodKey", year, coalesce(object_key, '') as "objectKey",
      line_id as "lineId", sum(amount_fen)::bigint as "amountFen",
      coalesce(sum(amount_fen) filter (where account like '%:reserved'), 0)::bigint as "reservedFen"
    from posting
    where subject_id = any(${[...ask.subjectIds]}::uuid[]) and item_id = any(${[...ask.itemIds]}::text[])
      and (account like '%:reserved' or account like '%:committed' or account like '%:paid')
    group by subject_id, item_id, period_key, year, object_key, line_id
    having sum(amount_fen) <> 0
    order by subject_id, item_id, period_key, object_key, line_id`;
};

/**
 * A number below or at which nothing later commits: postings with `id <= cut` are a fixed set for good. Waits for whoever is posting
 * and keeps them waiting until the transaction ends: ask for it in a short transaction of its own, before the work that uses it.
 */
export const ledgerCut = async (tx: Tx): Promise<bigint> => {
  const sql = rawSql(tx);
  await sql`select pg_advisory_xact_lock(${cutLock})`;
  // A statement of its own: under read committed it sees everything the lock has waited for.
  const [row] = await sql<{ cut: bigint }[]>`select coalesce(max(id), 0)::bigint as cut from posting`;
  return row?.cut ?? 0n;
};

/**
 * What the subjects had been promised or paid when the ledger stood at `cut` (absent: now), imports included, net of what was released; rows of 0 are left out.
 * Promised counts: a quarter that is on its way must already be taken off the year.
 */
export const paidHistory = async (
  tx: Tx,
  ask: { readonly subjectIds: readonly string[]; readonly cut?: bigint; readonly itemIds?: readonly string[] },
): Promise<readonly HistoryRow[]> => {
  if (ask.subjectIds.length === 0) return [];
  const sql = rawSql(tx);
  const rows = await sql<
    { subject_id: string; item_id: string; period_key: string; year: number; object_key: string; amount: bigint; paid: bigint }[]
  >`
    select subject_id, item_id, coalesce(period_key, '') as period_key, year, coalesce(object_key, '') as object_key,
      sum(amount_fen)::bigint as amount, coalesce(sum(amount_fen) filter (where account like '%:paid'), 0)::bigint as paid
    from posting
    where subject_id = any(${[...ask.subjectIds]}::uuid[])
      ${ask.cut === undefined ? sql`` : sql`and id <= ${ask.cut}`}
      ${ask.itemIds === undefined ? sql`` : sql`and item_id = any(${[...ask.itemIds]}::text[])`}
      and (account like '%:reserved' or account like '%:committed' or account like '%:paid')
    group by subject_id, item_id, period_key, year, object_key
    having sum(amount_fen) <> 0
    order by subject_id, item_id, period_key, object_key`;
  return rows.map((row) => ({
    subjectId: row.subject_id,
    itemId: row.item_id,
    periodKey: row.period_key,
    year: row.year,
    objectKey: row.object_key,
    amountFen: row.amount,
    paidFen: row.paid,
  }));
};

/** Balances of a budget's accounts, 分. */
export const budgetBalances = async (tx: Tx, budgetId: string): Promise<Readonly<Record<string, bigint>>> => {
  const rows = await rawSql(tx)<{ account: string; amount_fen: bigint }[]>`
    select account, amount_fen from balance where account like ${`budget:${budgetId}:%`} order by account`;
  return Object.fromEntries(rows.map((row) => [row.account.slice(row.account.lastIndexOf(':') + 1), row.amount_fen]));
};

/** Recomputes everything from the postings and names what does not agree: transactions off zero, balances off their sum, floors broken. */
export const checkBalances = async (tx: Tx): Promise<readonly Imbalance[]> => {
  const rows = await rawSql(tx)<{ what: Imbalance['what']; at: string; expected: bigint; actual: bigint }[]>`
    select 'transaction' as what, transaction as at, 0::bigint as expected, sum(amount_fen)::bigint as actual
      from posting group by transaction having sum(amount_fen) <> 0
    union all
    select 'balance', coalesce(p.account, b.account), coalesce(p.amount, 0), coalesce(b.amount_fen, 0)
      from (select account, sum(amount_fen)::bigint as amount from posting group by account) p full join balance b on b.account = p.account
      where coalesce(p.amount, 0) <> coalesce(b.amount_fen, 0)
    union all
    select 'floor', b.account, 0, b.amount_fen from balance b join budget g on b.account = 'budget:' || g.id || ':available'
      where g.kind = 'limited' and b.amount_fen < 0`;
  return rows.map((row) => ({ what: row.what, at: row.at, expectedFen: row.expected, actualFen: row.actual }));
};
