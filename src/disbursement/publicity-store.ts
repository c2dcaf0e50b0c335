// The public list 公示名单. Masked where it is read: the statement has no identity number, no account, no address and no whole name of a person, so nothing
// that is built on it can show one. Only lines whose publicity is open are on it: it ends by itself.
import type { Day } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';

export interface PublicLine {
  readonly itemId: string;
  readonly title: string;
  readonly authority: string;
  readonly periodKey: string;
  /** Village, town or county: as fine as the register knows. */
  readonly division: string | null;
  /** 张*三 for people; a firm's name is public. */
  readonly name: string;
  /** null: named because something is missing from them, not for an amount. */
  readonly amountFen: bigint | null;
  readonly until: Day | null;
}

const maskedName = (sql: Sql) => sql`
  case when m.register = 'enterprise' then coalesce(r.name, '') else
    left(coalesce(r.name, ''), 1) || case when char_length(r.name) > 2 then '*' || right(r.name, 1) else '*' end end`;
const isPublic = (sql: Sql, today: Day) =>
  sql`d.state in ('publicity', 'named') and d.line_id is not null and (d.due_on is null or d.due_on >= ${today})`;

/** Of one item, or of a place and everything below it (`prefix`: a division's significant digits); in order of place and name. At most `limit`. */
export const publicLines = async (
  reader: Db | Tx,
  ask: {
    readonly scope: Scope;
    readonly today: Day;
    readonly itemId?: string | undefined;
    readonly prefix?: string | undefined;
    readonly limit: number;
  },
): Promise<readonly PublicLine[]> => {
  const sql = rawSql(reader);
  return await sql<PublicLine[]>`
    select d.item_id as "itemId", d.basis ->> 'title' as title, d.authority, d.period_key as "periodKey", d.division,
      ${maskedName(sql)} as name,
      case when d.state = 'publicity' then d.amount_fen end as "amountFen", d.due_on as until
    from disbursement d join match m on m.subject_id = d.subject_id and m.id = d.match_id
    left join record r on r.register = m.register and r.subject_id = d.subject_id
    where ${isPublic(sql, ask.today)}
      ${inScope(sql, ask.scope, { authority: 'd.authority', division: 'd.division', item: 'd.item_id' })}
      ${ask.itemId === undefined ? sql`` : sql`and d.item_id = ${ask.itemId}`}
      ${ask.prefix === undefined ? sql`` : sql`and d.division like ${`${ask.prefix}%`}`}
    order by d.item_id, d.division nulls last, name, d.id limit ${ask.limit}`;
};

export interface PublicItem {
  readonly itemId: string;
  readonly title: string;
  readonly authority: string;
  readonly count: number;
  /** The last day of the line that stands longest; null: the official calendar does not reach so far yet. */
  readonly until: Day | null;
}

/** Items with lines in publicity today, of everywhere or of one place and everything below it. */
export const publicItems = async (db: Db, today: Day, prefix?: string): Promise<readonly PublicItem[]> => {
  const sql = rawSql(db);
  return await sql<PublicItem[]>`
    select d.item_id as "itemId", max(d.basis ->> 'title') as title, max(d.authority) as authority, count(*)::int as count, max(d.due_on) as until
    from disbursement d where ${isPublic(sql, today)} ${prefix === undefined ? sql`` : sql`and d.division like ${`${prefix}%`}`}
    group by d.item_id order by title, d.item_id limit 300`;
};

/** One line by its number, for whoever objects to it. */
export interface PublicRow extends PublicLine {
  readonly id: string;
}

/**
 * Lines of one item a page at a time, in order of place, then of nothing that says who they are; `after`: the last line seen. There is no order by name, so
 * that nobody reads a list of everybody out of it.
 */
export const publicPage = async (
  db: Db,
  ask: {
    readonly today: Day;
    readonly itemId?: string;
    readonly id?: string;
    readonly prefix?: string | undefined;
    readonly after?: string | null;
    readonly limit: number;
  },
): Promise<readonly PublicRow[]> => {
  const sql = rawSql(db);
  const after = ask.after ?? null;
  return await sql<PublicRow[]>`
    select d.id, d.item_id as "itemId", d.basis ->> 'title' as title, d.authority, d.period_key as "periodKey", d.division, ${maskedName(sql)} as name,
      case when d.state = 'publicity' then d.amount_fen end as "amountFen", d.due_on as until
    from disbursement d join match m on m.subject_id = d.subject_id and m.id = d.match_id
    left join record r on r.register = m.register and r.subject_id = d.subject_id
    where ${isPublic(sql, ask.today)}
      ${ask.itemId === undefined ? sql`` : sql`and d.item_id = ${ask.itemId}`}
      ${ask.id === undefined ? sql`` : sql`and d.id = ${ask.id}`}
      ${ask.prefix === undefined ? sql`` : sql`and d.division like ${`${ask.prefix}%`}`}
      ${after === null ? sql`` : sql`and (coalesce(d.division, ''), d.id) > (select coalesce(division, ''), id from disbursement where id = ${after})`}
    order by coalesce(d.division, ''), d.id limit ${ask.limit}`;
};
