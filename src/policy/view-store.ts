// Published items as members of staff may see them: limited by authority and item, never by division, for a rule is public.
import type { Scope } from '../base/scope.ts';
import { type Db, dialectOf, rawSql, type Sql, type Tx } from '../db/handle.ts';
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

type Head = Omit<VersionView, 'item'>;

/** Everything but the content: that is read once, for it never changes under its hash. */
const columns = (sql: Sql) => sql`
  v.item_id as "itemId", v.version, v.hash, v.maker, v.checker, v.blocked, v.published_at as "publishedAt", v.retired_at as "retiredAt"`;

/** The authority stands inside the content; a scope without divisions of its own is all that counts here. */
const seen = (sql: Sql, scope: Scope) => sql`
  ${scope.divisions?.length === 0 ? sql`and false` : sql``}
  ${scope.items === null ? sql`` : sql`and v.item_id = any(${[...scope.items]}::text[])`}
  ${scope.authorities === null ? sql`` : sql`and v.content ->> 'authority' = any(${[...scope.authorities]}::text[])`}`;

/** Contents kept per database; past that many all are forgotten. */
const mostContents = 2_000;
const contentsOf = new WeakMap<object, Map<string, Item>>();

const nameOf = ({ itemId, version, hash }: Pick<Head, 'itemId' | 'version' | 'hash'>): string => `${itemId} ${version} ${hash}`;

/** A content is tens of kilobytes, and a page that only names the items would read them all: those not read before are, in one query. */
const withContents = async (reader: Db | Tx, heads: readonly Head[]): Promise<readonly VersionView[]> => {
  const kept = contentsOf.get(dialectOf(reader)) ?? new Map<string, Item>();
  contentsOf.set(dialectOf(reader), kept);
  const found = new Map<string, Item>();
  for (const name of heads.map(nameOf)) {
    const item = kept.get(name);
    if (item !== undefined) found.set(name, item);
  }
  const missing = heads.filter((head) => !found.has(nameOf(head)));
  if (missing.length > 0) {
    const rows = await rawSql(reader)<(Pick<Head, 'itemId' | 'version' | 'hash'> & { readonly item: Item })[]>`
      select v.item_id as "itemId", v.version, v.hash, v.content as item from item_version v
      join unnest(${missing.map((one) => one.itemId)}::text[], ${missing.map((one) => one.version)}::int[]) as w (item_id, version)
        on w.item_id = v.item_id and w.version = v.version`;
    if (kept.size + rows.length > mostContents) kept.clear();
    for (const row of rows) {
      found.set(nameOf(row), row.item);
      kept.set(nameOf(row), row.item);
    }
  }
  return heads.flatMap((head) => {
    const item = found.get(nameOf(head));
    return item === undefined ? [] : [{ ...head, item }];
  });
};

/** The newest version of every item within the scope. */
export const itemsWithin = async (reader: Db | Tx, scope: Scope): Promise<readonly VersionView[]> => {
  const sql = rawSql(reader);
  const heads = await sql<Head[]>`
    select ${columns(sql)} from item_version v
    where v.version = (select max(w.version) from item_version w where w.item_id = v.item_id) ${seen(sql, scope)}
    order by v.item_id collate "C"`;
  return await withContents(reader, heads);
};

/** Newest first; empty when the item is none or out of scope. */
export const versionsWithin = async (reader: Db | Tx, itemId: string, scope: Scope): Promise<readonly VersionView[]> => {
  const sql = rawSql(reader);
  const heads = await sql<Head[]>`
    select ${columns(sql)} from item_version v where v.item_id = ${itemId} ${seen(sql, scope)} order by v.version desc`;
  return await withContents(reader, heads);
};

/** The version that evidence names; whoever asks has seen the match already. */
export const versionOf = async (reader: Db | Tx, itemId: string, version: number): Promise<VersionView | null> => {
  const sql = rawSql(reader);
  const heads = await sql<Head[]>`select ${columns(sql)} from item_version v where v.item_id = ${itemId} and v.version = ${version}`;
  return (await withContents(reader, heads))[0] ?? null;
};
