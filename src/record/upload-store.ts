// The SQL of files on their way in and of the tokens programs show.
import type { Db, Sql, Tx } from '../db/handle.ts';
import { rawSql } from '../db/handle.ts';
import type { UploadRequest } from './upload.ts';

export interface Upload {
  readonly id: string;
  readonly owner: string;
  readonly request: UploadRequest;
  readonly bytes: number;
  /** Where the next chunk begins. */
  readonly received: number;
  readonly state: 'open' | 'complete' | 'done' | 'abandoned';
  readonly deliveryId: string | null;
}

const columns = (sql: Sql) =>
  sql`id, owner, request, bytes::float8 as bytes, received::float8 as received, state, delivery_id as "deliveryId"`;

/** The one of that key, made where there is none. */
export const openUpload = async (
  tx: Tx,
  given: { readonly owner: string; readonly key: string; readonly request: UploadRequest; readonly bytes: number; readonly at: Date },
): Promise<{ readonly upload: Upload; readonly fresh: boolean }> => {
  const sql = rawSql(tx);
  const { owner, key, request, bytes, at } = given;
  const made = await sql<Upload[]>`
    insert into upload (owner, key, request, bytes, state, opened_at, touched_at)
    values (${owner}, ${key}, ${sql.json(request as never)}, ${bytes}, 'open', ${at}, ${at}) on conflict (owner, key) do nothing returning ${columns(sql)}`;
  if (made[0] !== undefined) return { upload: made[0], fresh: true };
  const [before] = await sql<Upload[]>`select ${columns(sql)} from upload where owner = ${owner} and key = ${key}`;
  return { upload: before as Upload, fresh: false };
};

export const countOpenUploads = async (tx: Tx, owner: string): Promise<number> => {
  const [row] = await rawSql(tx)<{ n: number }[]>`select count(*)::int as n from upload where owner = ${owner} and state = 'open'`;
  return row?.n ?? 0;
};

/** `lock`: nobody else changes it until the end of the transaction. */
export const uploadById = async (reader: Db | Tx, id: string, lock = false): Promise<Upload | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Upload[]>`select ${columns(sql)} from upload where id = ${id} ${lock ? sql`for update` : sql``}`;
  return row ?? null;
};

export const uploadsIn = async (reader: Db | Tx, state: Upload['state'], before: Date): Promise<readonly Upload[]> => {
  const sql = rawSql(reader);
  return sql<Upload[]>`select ${columns(sql)} from upload where state = ${state} and touched_at <= ${before} order by touched_at limit 100`;
};

export const setUpload = async (
  tx: Tx,
  id: string,
  change: { readonly state: Upload['state']; readonly received: number; readonly deliveryId?: string; readonly at: Date },
): Promise<void> => {
  await rawSql(tx)`
    update upload set state = ${change.state}, received = ${change.received}, delivery_id = coalesce(${change.deliveryId ?? null}, delivery_id),
      touched_at = ${change.at}
    where id = ${id}`;
};

export const insertChunk = async (tx: Tx, id: string, position: number, bytes: Uint8Array): Promise<void> => {
  await rawSql(tx)`insert into upload_chunk (upload_id, position, bytes) values (${id}, ${position}, ${bytes})`;
};

export const hasChunk = async (tx: Tx, id: string, position: number): Promise<boolean> =>
  (await rawSql(tx)`select from upload_chunk where upload_id = ${id} and position = ${position}`).length === 1;

export const chunkAt = async (reader: Db | Tx, id: string, position: number): Promise<Uint8Array | null> => {
  const [row] = await rawSql(reader)<
    { bytes: Uint8Array }[]
  >`select bytes from upload_chunk where upload_id = ${id} and position = ${position}`;
  return row?.bytes ?? null;
};

export const deleteChunks = async (tx: Tx, id: string): Promise<void> => {
  await rawSql(tx)`delete from upload_chunk where upload_id = ${id}`;
};

export interface DeliveryToken {
  readonly id: string;
  readonly dataset: string;
  readonly division: string | null;
  readonly label: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

const tokenColumns = (sql: Sql) =>
  sql`id, dataset, division, label, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"`;

/** The token of that hash, if it still counts. */
export const deliveryToken = async (reader: Db | Tx, hash: string, now: Date): Promise<DeliveryToken | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<DeliveryToken[]>`
    select ${tokenColumns(sql)} from delivery_token where hash = ${hash} and revoked_at is null and expires_at > ${now}`;
  return row ?? null;
};

export const deliveryTokens = async (reader: Db | Tx): Promise<readonly DeliveryToken[]> => {
  const sql = rawSql(reader);
  return sql<DeliveryToken[]>`select ${tokenColumns(sql)} from delivery_token order by created_at, id`;
};

export const insertToken = async (
  tx: Tx,
  token: Omit<DeliveryToken, 'id' | 'revokedAt'> & { readonly hash: string; readonly createdBy: string },
): Promise<string> => {
  const [row] = await rawSql(tx)<{ id: string }[]>`
    insert into delivery_token (hash, dataset, division, label, created_by, created_at, expires_at)
    values (${token.hash}, ${token.dataset}, ${token.division}, ${token.label}, ${token.createdBy}, ${token.createdAt}, ${token.expiresAt}) returning id`;
  return row?.id ?? '';
};

/** False: no such token, or revoked before. */
export const revokeToken = async (tx: Tx, id: string, at: Date): Promise<boolean> =>
  (await rawSql(tx)`update delivery_token set revoked_at = ${at} where id = ${id} and revoked_at is null`).count === 1;
