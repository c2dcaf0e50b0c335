// Leases: which process works on which shard of which step. A lease is only a hint that saves double work; what keeps it right is the fencing token,
// which every claim raises and which the holder proves inside the same transaction as its writes (`holdLease`, `saveCursor`, `finishWork`).
import { fail } from '../base/problem.ts';
import { type Db, rawSql, type Tx } from './handle.ts';

export interface Lease {
  readonly step: string;
  readonly shard: string;
  readonly token: bigint;
  /** How often the shard has been claimed, this time included. */
  readonly attempts: number;
  /** Where the last holder had got to; null at the beginning. */
  readonly cursor: unknown;
}

export interface ClaimOptions {
  readonly step: string;
  /** The shards that exist; missing ones are added. */
  readonly shards: readonly string[];
  /** Names the process in the table, for people. */
  readonly owner: string;
  readonly now: Date;
  readonly leaseMs: number;
}

/** Takes one free or expired shard, the longest waiting first; null when there is none. Several processes may ask at once. */
export const claimWork = async (db: Db, options: ClaimOptions): Promise<Lease | null> => {
  const { step, owner, now, leaseMs } = options;
  const shards = [...options.shards];
  const sql = rawSql(db);
  await sql`
    insert into work (step, shard, token) select ${step}, shard, 0 from unnest(${shards}::text[]) as shard
    on conflict do nothing`;
  // FOR UPDATE also waits for (here: skips) a holder who is just writing, see holdLease: an expired lease in the middle of its commit is left alone.
  const [row] = await sql<Lease[]>`
    with free as (
      select step, shard from work
      where step = ${step} and shard = any(${shards}::text[]) and done_at is null and (lease_until is null or lease_until <= ${now})
      order by lease_until nulls first, shard limit 1
      for update skip locked
    )
    update work w
    set token = w.token + 1, owner = ${owner}, lease_until = ${new Date(now.getTime() + leaseMs)}, attempts = w.attempts + 1
    from free where w.step = free.step and w.shard = free.shard
    returning w.step, w.shard, w.token, w.attempts, w.cursor`;
  return row ?? null;
};

/** Those of the shards that are neither done nor held. */
export const freeShards = async (db: Db, step: string, shards: readonly string[], now: Date): Promise<readonly string[]> => {
  const rows = await rawSql(db)<{ shard: string }[]>`
    select shard from work where step = ${step} and shard = any(${[...shards]}::text[]) and (done_at is not null or lease_until > ${now})`;
  const taken = new Set(rows.map((row) => row.shard));
  return shards.filter((shard) => !taken.has(shard));
};

/** All of these shards that are free, at once; otherwise as `claimWork`. */
export const claimAll = async (db: Db, options: ClaimOptions): Promise<readonly Lease[]> => {
  const { step, owner, now, leaseMs } = options;
  const shards = [...options.shards];
  if (shards.length === 0) return [];
  const sql = rawSql(db);
  await sql`
    insert into work (step, shard, token) select ${step}, shard, 0 from unnest(${shards}::text[]) as shard
    on conflict do nothing`;
  return await sql<Lease[]>`
    with free as (
      select step, shard from work
      where step = ${step} and shard = any(${shards}::text[]) and done_at is null and (lease_until is null or lease_until <= ${now})
      order by shard for update skip locked
    )
    update work w
    set token = w.token + 1, owner = ${owner}, lease_until = ${new Date(now.getTime() + leaseMs)}, attempts = w.attempts + 1
    from free where w.step = free.step and w.shard = free.shard
    returning w.step, w.shard, w.token, w.attempts, w.cursor`;
};

const held = (sql: ReturnType<typeof rawSql>, leases: readonly Lease[]) =>
  sql`unnest(${leases.map((l) => l.step)}::text[], ${leases.map((l) => l.shard)}::text[], ${leases.map((l) => String(l.token))}::text[]::bigint[]) as l(step, shard, token)`;

/** `holdLease` for all of them: refuses where one is lost. */
export const holdLeases = async (tx: Tx, leases: readonly Lease[]): Promise<void> => {
  const sql = rawSql(tx);
  const rows = await sql`
    select from work w join ${held(sql, leases)} on w.step = l.step and w.shard = l.shard and w.token = l.token
    where w.done_at is null for key share of w`;
  if (rows.length < leases.length) lost(leases[0] as Lease);
};

/** `finishWork` for all of them: refuses where one is lost. */
export const finishAll = async (tx: Tx, leases: readonly Lease[], now: Date): Promise<void> => {
  const sql = rawSql(tx);
  const rows = await sql`
    update work w set done_at = ${now}, owner = null, lease_until = null from ${held(sql, leases)}
    where w.step = l.step and w.shard = l.shard and w.token = l.token and w.done_at is null returning w.shard`;
  if (rows.length < leases.length) lost(leases[0] as Lease);
};

/** `releaseWork` for all of them. */
export const releaseAll = async (db: Db, leases: readonly Lease[], retryAt: Date): Promise<void> => {
  const sql = rawSql(db);
  await sql`
    update work w set owner = null, lease_until = ${retryAt} from ${held(sql, leases)}
    where w.step = l.step and w.shard = l.shard and w.token = l.token and w.done_at is null`;
};

/**
 * First statement of a transaction that writes for the shard: proves the token and keeps it proven until COMMIT. FOR KEY SHARE lets the heartbeat's
 * update pass but not a claim, so two holders of one shard can never both commit.
 */
export const holdLease = async (tx: Tx, lease: Lease): Promise<void> => {
  const rows = await rawSql(tx)`
    select from work where step = ${lease.step} and shard = ${lease.shard} and token = ${lease.token} and done_at is null for key share`;
  if (rows.length === 0) lost(lease);
};

/** Longer lease for a holder that is still at it; false when somebody else holds the shard by now. */
export const extendLease = async (db: Db, lease: Lease, now: Date, leaseMs: number): Promise<boolean> => {
  const rows = await rawSql(db)`
    update work set lease_until = ${new Date(now.getTime() + leaseMs)}
    where step = ${lease.step} and shard = ${lease.shard} and token = ${lease.token} and done_at is null returning shard`;
  return rows.length === 1;
};

/** How far the holder has come, with the writes it stands for, and a longer lease. Refuses a holder who has been overtaken. */
export const saveCursor = async (tx: Tx, lease: Lease, cursor: unknown, now: Date, leaseMs: number): Promise<Lease> => {
  const rows = await rawSql(tx)`
    update work set cursor = ${JSON.stringify(cursor)}::text::jsonb, lease_until = ${new Date(now.getTime() + leaseMs)}
    where step = ${lease.step} and shard = ${lease.shard} and token = ${lease.token} and done_at is null returning shard`;
  if (rows.length === 0) lost(lease);
  return { ...lease, cursor };
};

/** Done for good, with the last writes. Refuses a holder who has been overtaken. */
export const finishWork = async (tx: Tx, lease: Lease, now: Date): Promise<void> => {
  const rows = await rawSql(tx)`
    update work set done_at = ${now}, owner = null, lease_until = null
    where step = ${lease.step} and shard = ${lease.shard} and token = ${lease.token} and done_at is null returning shard`;
  if (rows.length === 0) lost(lease);
};

/** Gives the shard back unfinished, free again at `retryAt`. Nothing happens when somebody else holds it by now. */
export const releaseWork = async (db: Db, lease: Lease, retryAt: Date): Promise<void> => {
  await rawSql(db)`
    update work set owner = null, lease_until = ${retryAt}
    where step = ${lease.step} and shard = ${lease.shard} and token = ${lease.token} and done_at is null`;
};

/** Lets go of what a worker held that is known to be dead; its token is worth nothing as soon as somebody claims the shard. The shards' names. */
export const releaseOwned = async (db: Db, step: string, owner: string, retryAt: Date): Promise<readonly string[]> => {
  const rows = await rawSql(db)<{ shard: string }[]>`
    update work set owner = null, lease_until = ${retryAt} where step = ${step} and owner = ${owner} and done_at is null returning shard`;
  return rows.map((row) => row.shard);
};

const lost = (lease: Lease): never =>
  fail(
    'state.lease-lost',
    `${lease.step}/${lease.shard}`,
    '这一份工作已经由另一个进程接手，本进程的这一步没有写入。',
    '不需要处理，接手的进程会继续。',
  );
