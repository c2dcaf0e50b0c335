// The snapshot's only SQL. Segments are content-addressed: writing one twice is writing it once, and one nobody points to is invisible.
import type { Day } from '../base/day.ts';
import { copyOut } from '../db/copy.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { SealedColumn } from '../vault/column.ts';
import { vaultOf } from '../vault/hold.ts';
import type { Basis } from './renew.ts';
import { bookStart, type Leaf, type Removal, type Snapshot } from './snapshot.ts';
import { squeezed, unsqueezed } from './squeeze.ts';

export interface Segment {
  readonly column: string;
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** Every segment rests sealed, bound to the hash that names it: which columns are sensitive is then nobody's to remember. */
const place = (hash: string) => ['segment', 'bytes', hash];

/** A few at a time: a segment may be megabytes. */
export const sealedSegments: readonly SealedColumn[] = [
  { table: 'segment', column: 'bytes', title: '数据快照', bytes: true, page: 8, place: ({ hash = '' }) => place(hash) },
];

/** Books are made of squeezed pages already. */
const stored = (segment: Segment): Uint8Array => (bookStart(segment.column) === null ? squeezed(segment.bytes) : segment.bytes);
const restored = (column: string, bytes: Uint8Array): Uint8Array => (bookStart(column) === null ? unsqueezed(bytes) : bytes);

/** Hashes among these that are stored already: the second seal of unchanged data compresses and sends nothing. */
export const storedSegments = async (reader: Db | Tx, hashes: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await rawSql(reader)<{ hash: string }[]>`select hash from segment where hash = any(${[...hashes]}::text[])`;
  return new Set(rows.map((row) => row.hash));
};

/** Bytes as stored, by hash. */
export const segmentBytes = async (reader: Db | Tx, hashes: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const rows = await rawSql(reader)<{ hash: string; n: number }[]>`
    select hash, octet_length(bytes) as n from segment where hash = any(${[...hashes]}::text[])`;
  return new Map(rows.map((row) => [row.hash, row.n]));
};

/** A long seal writes them outside its transaction: it holds no long write transaction, and what a killed one leaves is found again by hash. */
export const writeSegments = async (db: Db | Tx, segments: readonly Segment[]): Promise<void> => {
  const known = await storedSegments(
    db,
    segments.map((s) => s.hash),
  );
  const query = rawSql(db);
  const vault = vaultOf(db);
  for (const segment of segments) {
    if (known.has(segment.hash)) continue;
    const bytes = vault.seal(stored(segment), place(segment.hash));
    await query`insert into segment (hash, bytes) values (${segment.hash}, ${bytes}) on conflict (hash) do nothing`;
  }
};

/** False when the same snapshot is there already, with its data: where those had gone past their term it is there again from now on. */
export const writeSnapshot = async (
  tx: Tx,
  snapshot: Omit<Snapshot, 'sequence' | 'sealedAt'>,
  leaves: readonly Leaf[],
  at: Date,
): Promise<boolean> => {
  const query = rawSql(tx);
  const added = await query`
    insert into snapshot (id, known_at, catalogue_hash, counts, parent_id, basis, sealed_at)
    values (${snapshot.id}, ${snapshot.knownAt}, ${snapshot.catalogueHash}, ${JSON.stringify(snapshot.counts)}::text::jsonb, ${snapshot.parent},
      ${JSON.stringify(snapshot.basis)}::text::jsonb, ${at})
    on conflict (id) do nothing returning id`;
  if (added.length === 0) {
    const [back] = await query<{ revived: boolean }[]>`select revive_snapshot(${snapshot.id}) as revived`;
    if (back?.revived !== true) return false;
  }
  const rows = JSON.stringify(leaves);
  await query`
    insert into snapshot_segment (snapshot_id, register, block, "column", hash)
    select ${snapshot.id}, x.register, x.block, x."column", x.hash
    from jsonb_to_recordset(${rows}::text::jsonb) as x(register text, block int, "column" text, hash text)`;
  return true;
};

interface SnapshotRow {
  readonly id: string;
  readonly known_at: Day;
  readonly catalogue_hash: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly sequence: bigint;
  readonly sealed_at: Date;
  readonly parent_id: string | null;
  readonly basis: Basis | null;
}

const columns = (sql: Sql) => sql`id, known_at, catalogue_hash, counts, sequence, sealed_at, parent_id, basis`;

const snapshotOf = (row: SnapshotRow): Snapshot => ({
  id: row.id,
  knownAt: row.known_at,
  catalogueHash: row.catalogue_hash,
  counts: row.counts,
  sequence: row.sequence,
  sealedAt: row.sealed_at,
  parent: row.parent_id,
  basis: row.basis,
});

export const readSnapshot = async (reader: Db | Tx, id: string): Promise<Snapshot | null> => {
  const [row] = await rawSql(reader)<SnapshotRow[]>`select ${columns(rawSql(reader))} from snapshot where id = ${id}`;
  return row === undefined ? null : snapshotOf(row);
};

export const countSnapshots = async (reader: Db | Tx): Promise<number> => {
  const [row] = await rawSql(reader)<{ n: number }[]>`select count(*)::int as n from snapshot`;
  return row?.n ?? 0;
};

/** The one sealed last; null before the first. */
export const latestSnapshot = async (reader: Db | Tx): Promise<Snapshot | null> => {
  const [row] = await rawSql(reader)<SnapshotRow[]>`
    select ${columns(rawSql(reader))} from snapshot order by sequence desc limit 1`;
  return row === undefined ? null : snapshotOf(row);
};

/** What was known on a day: the last snapshot for that day, or for the nearest day before it; null: nothing was sealed by then. */
export const snapshotKnownOn = async (reader: Db | Tx, day: Day): Promise<Snapshot | null> => {
  const [row] = await rawSql(reader)<SnapshotRow[]>`
    select ${columns(rawSql(reader))} from snapshot where known_at <= ${day} order by known_at desc, sequence desc limit 1`;
  return row === undefined ? null : snapshotOf(row);
};

/** The first one sealed for a later day; null: none yet. */
export const snapshotAfter = async (reader: Db | Tx, day: Day): Promise<Snapshot | null> => {
  const [row] = await rawSql(reader)<SnapshotRow[]>`
    select ${columns(rawSql(reader))} from snapshot where known_at > ${day} order by known_at, sequence limit 1`;
  return row === undefined ? null : snapshotOf(row);
};

/** null: its data are there, or there never was such a snapshot. */
export const removalOf = async (reader: Db | Tx, id: string): Promise<Removal | null> => {
  const [row] = await rawSql(reader)<Removal[]>`
    select s.known_at as "knownAt", g.days, g.removed_on as "removedOn" from snapshot_removal g join snapshot s on s.id = g.snapshot_id where s.id = ${id}`;
  return row ?? null;
};

/** How many snapshots have lost their data to their term. */
export const countRemoved = async (reader: Db | Tx): Promise<number> =>
  (await rawSql(reader)<{ n: number }[]>`select count(*)::int as n from snapshot_removal`)[0]?.n ?? 0;

/** Of a snapshot and all it adds to, the deltas of a block in the order in which they lie over each other; of one block where asked for. */
export const readLeaves = async (
  reader: Db | Tx,
  snapshotId: string,
  only?: { readonly register: string; readonly block: number },
): Promise<readonly Leaf[]> => {
  const sql = rawSql(reader);
  return await sql<Leaf[]>`
    with recursive up (id, parent_id, depth) as (
      select id, parent_id, 0 from snapshot where id = ${snapshotId}
      union all select s.id, s.parent_id, up.depth + 1 from up join snapshot s on s.id = up.parent_id)
    select w.register, w.block, w."column", w.hash from up join snapshot_segment w on w.snapshot_id = up.id
    ${only === undefined ? sql`` : sql`where w.register = ${only.register} and w.block = ${only.block}`}
    order by w.register, w.block, w."column", up.depth desc`;
};

/** The same of some columns of a register: block by block, the base before what lies over it, the latest last. */
export const readColumnLeaves = async (
  reader: Db | Tx,
  snapshotId: string,
  register: string,
  columns: readonly string[],
): Promise<readonly Leaf[]> =>
  await rawSql(reader)<Leaf[]>`
    with recursive up (id, parent_id, depth) as (
      select id, parent_id, 0 from snapshot where id = ${snapshotId}
      union all select s.id, s.parent_id, up.depth + 1 from up join snapshot s on s.id = up.parent_id)
    select w.register, w.block, w."column", w.hash from up join snapshot_segment w on w.snapshot_id = up.id
    where w.register = ${register} and w."column" = any(${[...columns]}::text[]) order by w.block, up.depth desc`;

/** Sealed bytes are asked for so many at a time: they are there once as they come and once opened, and a block's records alone are tens of megabytes. */
const pieceBytes = 4_000_000;

/** Those a snapshot names itself, beside its parent's: what its id is the root over. */
export const readOwnLeaves = async (reader: Db | Tx, snapshotId: string): Promise<readonly Leaf[]> =>
  await rawSql(reader)<Leaf[]>`
    select register, block, "column", hash from snapshot_segment where snapshot_id = ${snapshotId} order by register, block, "column", hash`;

/** Unpacked bytes by hash. */
export const readSegments = async (
  reader: Db | Tx,
  leaves: readonly Pick<Leaf, 'column' | 'hash'>[],
): Promise<ReadonlyMap<string, Uint8Array>> => {
  if (leaves.length === 0) return new Map();
  const sql = rawSql(reader);
  const vault = vaultOf(reader);
  const columnBy = new Map(leaves.map((leaf) => [leaf.hash, leaf.column]));
  const out = new Map<string, Uint8Array>();
  const opened = (hash: string, bytes: Uint8Array): void => {
    out.set(hash, restored(columnBy.get(hash) ?? '', vault.open(bytes, place(hash))));
  };
  const sizes = await sql<{ hash: string; size: number }[]>`
    select hash, octet_length(bytes) as size from segment where hash = any(${[...columnBy.keys()]}::text[])`;
  for (const hashes of together(sizes)) for (const [hash, bytes] of await sealedBytes(sql, hashes)) opened(hash, bytes);
  // A column that is missing would read as "nobody was told", which is an answer: better to stop.
  for (const hash of columnBy.keys()) if (!out.has(hash)) throw new Error(`segment ${hash} is gone`);
  return out;
};

/** As they rest, by hash. COPY takes no parameters: nothing but a hash may stand in it. */
const sealedBytes = async (sql: Sql, hashes: readonly string[]): Promise<readonly (readonly [hash: string, bytes: Uint8Array])[]> => {
  const named = hashes.map((hash) => {
    if (!/^[0-9a-f]+$/.test(hash)) throw new Error(`no hash: ${hash}`);
    return `'${hash}'`;
  });
  const rows = await copyOut(
    sql.unsafe(`copy (select hash, bytes from segment where hash in (${named.join(', ')})) to stdout (format binary)`).readable(),
  );
  return rows.map(([hash, bytes]) => [String(hash), bytes as Buffer] as const);
};

/** As many at a time as fit into one piece; what does not fit into any comes alone. */
const together = (sizes: readonly { readonly hash: string; readonly size: number }[]): readonly string[][] => {
  const groups: string[][] = [];
  let room = 0;
  for (const { hash, size } of sizes) {
    if (size > room || groups.length === 0) {
      groups.push([]);
      room = pieceBytes;
    }
    groups.at(-1)?.push(hash);
    room -= size;
  }
  return groups;
};

/** Names the moment this transaction reads, for others to read the same; it must stay open until they have begun. Waiting for them is no idling. */
export const shareMoment = async (tx: Tx): Promise<string> => {
  await rawSql(tx)`select set_config('idle_in_transaction_session_timeout', '3600000', true)`;
  const [row] = await rawSql(tx)<{ name: string }[]>`select pg_export_snapshot() as name`;
  return (row as { name: string }).name;
};

/** First statement of a `repeatable read` transaction that shall read that moment. */
export const readMoment = async (tx: Tx, moment: string): Promise<void> => {
  await rawSql(tx).unsafe(`set transaction snapshot '${moment.replaceAll("'", '')}'`);
};
