// The locks of settlement and the one order in which everything that touches a lane takes them, so that no two ever wait for each other:
//
//   1  disbursement records        (subject, id)   people's acts, advance, sealing, release
//   2  the lane                    advisory, by key settle (tries), withdrawal (waits)
//   3  settled lines               (subject, id)   settle, withdrawal, sealing, release; prefill skips what is locked
//   4  claims                      (primary key)
//   5  balances                    (account)       every posting, once per transaction
//
// Nobody takes an earlier one while holding a later one. Claims change hands only under the lane's lock.
import { rawSql, type Tx } from '../db/handle.ts';
import type { Lane } from './lane.ts';

const laneLock = 72_003;

/** Locks a lane for this transaction; false when another process has it. Two views of the lanes exclude each other item by item. */
export const tryLane = async (tx: Tx, items: readonly string[]): Promise<boolean> => {
  const [row] = await rawSql(tx)<{ ok: boolean }[]>`
    select bool_and(pg_try_advisory_xact_lock(${laneLock}, k.key)) as ok
    from (select distinct hashtext(i.id) as key from unnest(${[...items]}::text[]) as i(id) order by 1) k`;
  return row?.ok ?? false;
};

/** Waits for the lanes and locks them, all of them in one order. */
export const waitForLanes = async (tx: Tx, lanes: readonly Lane[]): Promise<void> => {
  await rawSql(tx)`
    select pg_advisory_xact_lock(${laneLock}, k.key)
    from (select distinct hashtext(i.id) as key from unnest(${lanes.flatMap((lane) => lane.items)}::text[]) as i(id) order by 1) k`;
};

/**
 * Locks the live lines of these subjects under these items, and the named lines of anybody, in key order. A batch that is being sealed holds its
 * lines, so what is read of their money afterwards (in a later statement) cannot change until this transaction ends.
 */
export const lockLines = async (
  tx: Tx,
  of: {
    readonly subjects: readonly string[];
    readonly items: readonly string[];
    readonly holders: { readonly subjects: readonly string[]; readonly lines: readonly string[] };
  },
): Promise<void> => {
  await rawSql(tx)`
    select from settlement_line s join (
      select l.subject_id, l.id from unnest(${[...of.subjects]}::uuid[]) as x(subject)
      join settlement_line l on l.subject_id = x.subject and l.item_id = any(${[...of.items]}::text[]) and l.state <> 'superseded'
      union
      select * from unnest(${[...of.holders.subjects]}::uuid[], ${[...of.holders.lines]}::uuid[])
    ) k on k.subject_id = s.subject_id and k.id = s.id
    order by s.subject_id, s.id for update of s`;
};
