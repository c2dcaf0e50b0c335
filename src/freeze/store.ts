// Freezes in the database. Hand-written SQL.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Freeze, FrozenAct } from './freeze.ts';

const columns = (sql: ReturnType<typeof rawSql>) => sql`
  id, acts, from_at as "fromAt", to_at as "toAt", reason, proposed_by as "proposedBy", proposed_at as "proposedAt", confirmed_by as "confirmedBy",
  confirmed_at as "confirmedAt", ended_by as "endedBy", ended_at as "endedAt", end_reason as "endReason"`;

export const insertFreeze = async (
  tx: Tx,
  row: Pick<Freeze, 'acts' | 'fromAt' | 'toAt' | 'reason'> & { readonly by: string; readonly at: Date },
): Promise<string> => {
  const [made] = await rawSql(tx)<{ id: string }[]>`
    insert into freeze_period (acts, from_at, to_at, reason, proposed_by, proposed_at)
    values (${[...row.acts]}::text[], ${row.fromAt}, ${row.toAt}, ${row.reason}, ${row.by}, ${row.at}) returning id`;
  return made?.id ?? '';
};

export const lockFreeze = async (tx: Tx, id: string): Promise<Freeze | null> => {
  const sql = rawSql(tx);
  return (await sql<Freeze[]>`select ${columns(sql)} from freeze_period where id = ${id} for update`)[0] ?? null;
};

/** `together`: an act, beside others; `alone`: a freeze comes into force when no act is under way. Held until the transaction ends. */
export const lockActs = async (tx: Tx, how: 'together' | 'alone'): Promise<void> => {
  const sql = rawSql(tx);
  if (how === 'alone') await sql`select pg_advisory_xact_lock(hashtext('freeze'))`;
  else await sql`select pg_advisory_xact_lock_shared(hashtext('freeze'))`;
};

export const confirm = async (tx: Tx, id: string, by: string, at: Date): Promise<void> => {
  await rawSql(tx)`update freeze_period set confirmed_by = ${by}, confirmed_at = ${at} where id = ${id}`;
};

export const end = async (tx: Tx, id: string, by: string, reason: string, at: Date): Promise<void> => {
  await rawSql(tx)`update freeze_period set ended_by = ${by}, ended_at = ${at}, end_reason = ${reason} where id = ${id}`;
};

/** The one that ends last, where several are in force. */
export const inForce = async (tx: Tx, act: FrozenAct, now: Date): Promise<Freeze | null> => {
  const sql = rawSql(tx);
  const [one] = await sql<Freeze[]>`
    select ${columns(sql)} from freeze_period where ${act} = any(acts) and confirmed_at is not null and ended_at is null and from_at <= ${now} and to_at > ${now}
    order by to_at desc, id limit 1`;
  return one ?? null;
};

/** What ends last stands first. */
export const listFreezes = async (reader: Db | Tx, limit: number): Promise<readonly Freeze[]> => {
  const sql = rawSql(reader);
  return await sql<Freeze[]>`select ${columns(sql)} from freeze_period order by to_at desc, id limit ${limit}`;
};
