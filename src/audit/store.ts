// The only SQL of the audit trail. Hand-written: one statement per chunk, and the chain depends on transaction ids and snapshots that drizzle cannot say.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { EntryContent } from './audit.ts';

export interface Link {
  readonly position: bigint;
  readonly entryId: bigint;
  readonly previous: string;
  readonly hash: string;
}

export interface LinkedEntry extends Link, EntryContent {
  readonly entryHash: string;
}

export type UnchainedEntry = Omit<LinkedEntry, keyof Link> & Pick<Link, 'entryId'>;

/** Key of the advisory lock of whoever chains; held to the end of the transaction. */
const chainLock = 72_002;

export const insertEntries = async (tx: Tx, entries: readonly (EntryContent & { readonly hash: string })[]): Promise<void> => {
  const rows = entries.map((entry) => ({
    at: entry.at,
    actor: entry.actor,
    role: entry.role,
    scope: entry.scope,
    action: entry.action,
    object_kind: entry.objectKind,
    object_id: entry.objectId,
    detail: entry.detail,
    reason: entry.reason,
    hash: entry.hash,
  }));
  await rawSql(tx)`
    insert into audit_entry (at, actor, role, scope, action, object_kind, object_id, detail, reason, hash)
    select at, actor, role, nullif(scope, 'null'), action, object_kind, object_id, detail, reason, hash
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as x(
      at timestamptz, actor text, role text, scope jsonb, action text, object_kind text, object_id text, detail jsonb, reason text, hash text)`;
};

/** False when another process is chaining. */
export const takeChain = async (tx: Tx): Promise<boolean> => {
  const [row] = await rawSql(tx)<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${chainLock}) as taken`;
  return row?.taken === true;
};

export const readHead = async (reader: Db | Tx): Promise<Link | null> => {
  const [row] = await rawSql(reader)<Link[]>`
    select position, entry_id as "entryId", previous, hash from audit_link order by position desc limit 1`;
  return row ?? null;
};

/**
 * The next entries in commit order: only those of transactions older than every running one, so that an entry with a smaller number which commits later
 * cannot be passed over. An id beyond this server's counter came with a restore and is committed for sure. Entries below the head's transaction are
 * chained already, which keeps this an index scan; not so right after a restore (the head is from the old server), then everything is looked at once.
 */
export const nextUnchained = async (tx: Tx, limit: number): Promise<readonly { id: bigint; hash: string }[]> =>
  rawSql(tx)<{ id: bigint; hash: string }[]>`
    with now as (select pg_snapshot_xmin(pg_current_snapshot()) as oldest, pg_snapshot_xmax(pg_current_snapshot()) as next),
    head as (
      select e.txid from audit_link l join audit_entry e on e.id = l.entry_id
      where l.position = (select max(position) from audit_link) and e.txid < (select next from now)
    )
    select e.id, e.hash from audit_entry e
    where (e.txid < (select oldest from now) or e.txid >= (select next from now))
      and e.txid >= coalesce((select txid from head), '0'::xid8)
      and not exists (select from audit_link l where l.entry_id = e.id)
    order by e.txid, e.id limit ${limit}`;

export const insertLinks = async (tx: Tx, links: readonly Link[], at: Date): Promise<void> => {
  const rows = links.map((l) => ({ position: l.position.toString(), entry_id: l.entryId.toString(), previous: l.previous, hash: l.hash }));
  await rawSql(tx)`
    insert into audit_link (position, entry_id, previous, hash, at)
    select position, entry_id, previous, hash, ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as x(position bigint, entry_id bigint, previous text, hash text)`;
};

/** Links in order with their entries; a link whose entry is gone stands there with nulls. */
export const readLinked = async (reader: Db | Tx, after: bigint, limit: number): Promise<readonly LinkedEntry[]> =>
  rawSql(reader)<LinkedEntry[]>`
    select l.position, l.entry_id as "entryId", l.previous, l.hash, e.hash as "entryHash", e.at, e.actor, e.role, e.scope, e.action,
      e.object_kind as "objectKind", e.object_id as "objectId", e.detail, e.reason
    from audit_link l left join audit_entry e on e.id = l.entry_id
    where l.position > ${after} order by l.position limit ${limit}`;

/** Entries that wait for the chain, by number. */
export const readUnchained = async (reader: Db | Tx, after: bigint, limit: number): Promise<readonly UnchainedEntry[]> =>
  rawSql(reader)<UnchainedEntry[]>`
    select e.id as "entryId", e.hash as "entryHash", e.at, e.actor, e.role, e.scope, e.action,
      e.object_kind as "objectKind", e.object_id as "objectId", e.detail, e.reason
    from audit_entry e where e.id > ${after} and not exists (select from audit_link l where l.entry_id = e.id) order by e.id limit ${limit}`;

export interface ObjectEntry {
  readonly at: Date;
  readonly actor: string;
  readonly role: string | null;
  readonly action: string;
  readonly reason: string | null;
}

/** What was done to one object, oldest first; at most 500 entries. */
export const entriesOf = async (
  reader: Db | Tx,
  objectKind: string,
  objectId: string,
): Promise<readonly (ObjectEntry & Pick<TrailEntry, 'id' | 'detail'>)[]> =>
  rawSql(reader)<(ObjectEntry & Pick<TrailEntry, 'id' | 'detail'>)[]>`
    select id, at, actor, role, action, reason, detail from audit_entry where object_kind = ${objectKind} and object_id = ${objectId} order by id limit 500`;

export interface TrailAsk {
  readonly actor?: string | undefined;
  /** The whole action, or its noun. */
  readonly action?: string | undefined;
  readonly objectId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Number of the last entry of the page before. */
  readonly before: bigint | null;
  readonly limit: number;
}

export interface TrailEntry extends ObjectEntry {
  readonly id: bigint;
  readonly objectKind: string;
  readonly objectId: string;
  readonly detail: unknown;
  /** Its place in the chain; null: it waits for it. */
  readonly position: bigint | null;
}

/** The trail as an auditor leafs through it, newest first. */
export const trailEntries = async (reader: Db | Tx, ask: TrailAsk): Promise<readonly TrailEntry[]> => {
  const sql = rawSql(reader);
  const { actor, action, objectId, from, to, before, limit } = ask;
  return await sql<TrailEntry[]>`
    select e.id, e.at, e.actor, e.role, e.action, e.object_kind as "objectKind", e.object_id as "objectId", e.detail, e.reason, l.position
    from audit_entry e left join audit_link l on l.entry_id = e.id
    where true ${actor === undefined ? sql`` : sql`and e.actor = ${actor}`}
      ${action === undefined ? sql`` : sql`and (e.action = ${action} or e.action like ${`${action.replace(/[\\%_]/g, '\\$&')}.%`})`}
      ${objectId === undefined ? sql`` : sql`and e.object_id = ${objectId}`}
      ${from === undefined ? sql`` : sql`and e.at >= ${from}`} ${to === undefined ? sql`` : sql`and e.at < ${to}`}
      ${before === null ? sql`` : sql`and e.id < ${before}`}
    order by e.id desc limit ${limit}`;
};
