// Published items as members of staff may see them: limited by authority and item, never by division, for a rule is public.
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { Item } from './item.ts';

export interface VersionView {
  readonly itemId: string;
  readonly version: number;
  readonly hash: string;
  readonly item: Item;
  readonly maker: string;
  readonly checker: string;
  /** Why money is blocked; null: free. */
  readonly blocked: string | null;
  readonly publishedAt: Date;
  readonly retiredAt: Date | null;
}

const columns = (sql: Sql) => sql`
  v.item_id as "itemId", v.version, v.hash, v.content as item, v.maker, v.checker, v.blocked, v.published_at as "publishedAt", v.retired_at as "retiredAt"`;

/** The authority stands inside the content; a scope without divisions of its own is all that counts here. */
const seen = (sql: Sql, scope: Scope) => sql`
  ${scope.divisions?.length === 0 ? sql`and false` : sql``}
  ${scope.items === null ? sql`` : sql`and v.item_id = any(${[...scope.items]}::text[])`}
  ${scope.authorities === null ? sql`` : sql`and v.content ->> 'authority' = any(${[...scope.authorities]}::text[])`}`;

/** The newest version of every item within the scope. */
export const itemsWithin = async (reader: Db | Tx, scope: Scope): Promise<readonly VersionView[]> => {
  const sql = rawSql(reader);
  return await sql<VersionView[]>`
    select ${columns(sql)} from item_version v
    where v.version = (select max(w.version) from item_version w where w.item_id = v.item_id) ${seen(sql, scope)}
    order by v.item_id collate "C"`;
};

/** Newest first; empty when the item is none or out of scope. */
export const versionsWithin = async (reader: Db | Tx, itemId: string, scope: Scope): Promise<readonly VersionView[]> => {
  const sql = rawSql(reader);
  return await sql<VersionView[]>`
    select ${columns(sql)} from item_version v where v.item_id = ${itemId} ${seen(sql, scope)} order by v.version desc`;
};

/** The version that evidence names; whoever asks has seen the match already. */
export const versionOf = async (reader: Db | Tx, itemId: string, version: number): Promise<VersionView | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<VersionView[]>`select ${columns(sql)} from item_version v where v.item_id = ${itemId} and v.version = ${version}`;
  return row ?? null;
};
