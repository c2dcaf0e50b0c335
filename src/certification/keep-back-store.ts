// Records that a certification keeps back and lets go, and the items that ask for one. Hand-written SQL: locked in key order after the certification.
import { rawSql, type Tx } from '../db/handle.ts';
import type { Disbursement } from '../disbursement/disbursement.ts';
import type { State } from '../disbursement/states.ts';
import { columnsOf, opened } from '../disbursement/store.ts';
import type { Item } from '../policy/item.ts';
import type { SealedAccount } from '../vault/account.ts';
import { keepingBack } from './certification.ts';
import type { TurnKey } from './store.ts';

export interface CertifyingItem {
  readonly item: Item;
  /** Whether its version in force still asks for it: only then turns are opened. */
  readonly live: boolean;
}

/** Every item of which a version asks for certification, by its newest such version: turns that are open end by it though the item be retired. */
export const certifyingItems = async (tx: Tx): Promise<readonly CertifyingItem[]> =>
  await rawSql(tx)<CertifyingItem[]>`
    select distinct on (v.item_id) v.content as item, v.retired_at is null and not exists (
      select from item_version n where n.item_id = v.item_id and n.version > v.version and n.retired_at is null) as live
    from item_version v where v.content ? 'certify' order by v.item_id, v.version desc`;

/** Locked, in key order. */
export const recordsIn = async (
  tx: Tx,
  of: { readonly subjectId: string; readonly itemId: string },
  states: readonly State[],
): Promise<readonly Disbursement[]> => {
  const sql = rawSql(tx);
  const rows = await sql<SealedAccount<Disbursement>[]>`
    select ${columnsOf(sql)} from disbursement d where d.subject_id = ${of.subjectId} and d.item_id = ${of.itemId} and d.line_id is not null
      and d.state = any(${[...states]}::text[]) order by d.subject_id, d.id for update`;
  return opened(tx, rows);
};

/** Paused records that no certification keeps back any more: whoever was certified while a person held them. */
export const lookLeftPaused = async (tx: Tx, after: TurnKey | null, limit: number): Promise<readonly TurnKey[]> => {
  const sql = rawSql(tx);
  return await sql<TurnKey[]>`
    select d.subject_id as "subjectId", d.id from disbursement d where d.state = 'paused'
      and not exists (select from certification c where c.subject_id = d.subject_id and c.item_id = d.item_id and c.state = any(${[...keepingBack]}::text[]))
      ${after === null ? sql`` : sql`and (d.subject_id, d.id) > (${after.subjectId}::uuid, ${after.id}::uuid)`}
    order by d.subject_id, d.id limit ${limit}`;
};

export interface LeftPaused extends Disbursement {
  /** The certification that was done since. */
  readonly certificationId: string | null;
}

/** Those of them that still are, locked first and judged in a second statement. */
export const takeLeftPaused = async (tx: Tx, keys: readonly TurnKey[]): Promise<readonly LeftPaused[]> => {
  const sql = rawSql(tx);
  const given = sql`unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as k(subject, id)`;
  const locked = await sql<{ id: string }[]>`
    select d.id from ${given} join disbursement d on d.subject_id = k.subject and d.id = k.id where d.state = 'paused' for update of d skip locked`;
  const rows = await sql<SealedAccount<LeftPaused>[]>`
    select ${columnsOf(sql)}, (select c.id from certification c where c.subject_id = d.subject_id and c.item_id = d.item_id and c.suspended_on is not null
      order by c.at desc, c.id limit 1) as "certificationId"
    from ${given} join disbursement d on d.subject_id = k.subject and d.id = k.id
    where d.id = any(${locked.map((row) => row.id)}::uuid[]) and d.state = 'paused'
      and not exists (select from certification c where c.subject_id = d.subject_id and c.item_id = d.item_id and c.state = any(${[...keepingBack]}::text[]))`;
  return opened(tx, rows);
};
