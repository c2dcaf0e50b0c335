// A staff account's scope as SQL (DESIGN 21): the one place that turns it into conditions, for lists, counts, exports and search alike.
import { divisionPrefix, type Scope } from '../base/scope.ts';
import type { Sql } from './handle.ts';

/** Columns of the table at hand, as they stand in the query (`d.authority`); without a division column a scope with divisions shows nothing. */
export interface ScopedColumns {
  readonly authority: string;
  readonly division: string;
  readonly item: string;
}

/** `and …` conditions; nothing for a scope that sees everything. Column names are ours, never the caller's input. */
export const inScope = (sql: Sql, scope: Scope, columns: ScopedColumns) => {
  const authority = scope.authorities === null ? sql`` : sql`and ${sql(columns.authority)} = any(${[...scope.authorities]}::text[])`;
  const item = scope.items === null ? sql`` : sql`and ${sql(columns.item)} = any(${[...scope.items]}::text[])`;
  const prefixes = scope.divisions?.map((code) => `${divisionPrefix(code)}%`) ?? null;
  const division = prefixes === null ? sql`` : sql`and ${sql(columns.division)} like any(${prefixes}::text[])`;
  return sql`${authority} ${item} ${division}`;
};
