// Settled lines and budgets as pages read them, within a scope. What a line waits for stays inside: it may name another person's object.
import { type Page, pageOf, placeOf } from '../base/page.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { MatchKind } from '../policy/item.ts';
import type { LineState, Reason } from './settlement.ts';

export interface SettledLine {
  readonly id: string;
  readonly subjectId: string;
  readonly matchId: string;
  readonly matchKind: MatchKind;
  readonly itemId: string;
  readonly version: number;
  readonly authority: string;
  readonly division: string | null;
  readonly periodKey: string;
  readonly year: number;
  readonly key: string;
  readonly part: number;
  readonly grossFen: bigint;
  readonly grantedFen: bigint;
  /** What it waits for, when waiting. */
  readonly wantedFen: bigint;
  readonly recoverFen: bigint;
  readonly state: LineState;
  readonly reasons: readonly Reason[];
  readonly createdAt: Date;
}

const columnsOf = (sql: Sql) => sql`
  s.id, s.subject_id as "subjectId", s.match_id as "matchId", s.match_kind as "matchKind", s.item_id as "itemId", s.version, s.authority, s.division,
  s.period_key as "periodKey", s.year, s.key, s.part, s.gross_fen as "grossFen", s.granted_fen as "grantedFen", s.wanted_fen as "wantedFen",
  s.recover_fen as "recoverFen", s.state, s.reasons, s.created_at as "createdAt"`;

const scoped = { authority: 's.authority', division: 's.division', item: 's.item_id' } as const;

export interface LineFilter {
  readonly itemId?: string;
  readonly periodKey?: string;
  readonly state?: LineState;
  readonly subjectId?: string;
  readonly matchId?: string;
  /** true: only lines that have been over-paid and are to be recovered. */
  readonly toRecover?: boolean;
}

/** Newest first, within the scope; superseded lines only where `state` asks for them. */
export const listLines = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly filter?: LineFilter; readonly after?: string | null; readonly limit: number },
): Promise<Page<SettledLine>> => {
  const sql = rawSql(reader);
  const filter = ask.filter ?? {};
  const place = placeOf(ask.after);
  const rows = await sql<SettledLine[]>`
    select ${columnsOf(sql)} from settlement_line s where true ${inScope(sql, ask.scope, scoped)}
      ${filter.itemId === undefined ? sql`` : sql`and s.item_id = ${filter.itemId}`}
      ${filter.periodKey === undefined ? sql`` : sql`and s.period_key = ${filter.periodKey}`}
      ${filter.state === undefined ? sql`and s.state <> 'superseded'` : sql`and s.state = ${filter.state}`}
      ${filter.subjectId === undefined ? sql`` : sql`and s.subject_id = ${filter.subjectId}`}
      ${filter.matchId === undefined ? sql`` : sql`and s.match_id = ${filter.matchId}`}
      ${filter.toRecover === true ? sql`and s.recover_fen > 0` : sql``}
      ${place === null ? sql`` : sql`and (s.created_at, s.id) < (${place.at}, ${place.id}::uuid)`}
    order by s.created_at desc, s.id desc limit ${ask.limit + 1}`;
  return pageOf(rows, ask.limit, (row) => ({ at: row.createdAt, id: row.id }));
};

/** null when there is none within the scope. */
export const lineById = async (reader: Db | Tx, id: string, scope: Scope): Promise<SettledLine | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<SettledLine[]>`select ${columnsOf(sql)} from settlement_line s where s.id = ${id} ${inScope(sql, scope, scoped)}`;
  return row ?? null;
};

/** A budget as it stands; `limited` has what was given to it, `entitlement` has a negative `availableFen`: what is still to be provided. */
export interface BudgetView {
  readonly id: string;
  readonly itemId: string;
  readonly year: number;
  readonly kind: 'limited' | 'entitlement';
  readonly appropriatedFen: bigint;
  readonly availableFen: bigint;
  readonly reservedFen: bigint;
  readonly committedFen: bigint;
  readonly paidFen: bigint;
  readonly waiting: number;
  readonly waitingFen: bigint;
}

/** Budgets of the items within the scope; divisions do not narrow them, a budget belongs to a whole item. */
export const listBudgets = async (reader: Db | Tx, scope: Scope): Promise<readonly BudgetView[]> => {
  const sql = rawSql(reader);
  const balanceOf = (name: string) =>
    sql`coalesce((select amount_fen from balance where account = 'budget:' || g.id || ${`:${name}`}), 0)::bigint`;
  return await sql<BudgetView[]>`
    select g.id, g.item_id as "itemId", g.year, g.kind, -${balanceOf('appropriation')} as "appropriatedFen", ${balanceOf('available')} as "availableFen",
      ${balanceOf('reserved')} as "reservedFen", ${balanceOf('committed')} as "committedFen", ${balanceOf('paid')} as "paidFen",
      w.n as waiting, w.fen as "waitingFen"
    from budget g
    cross join lateral (
      select count(*)::int as n, coalesce(sum(s.wanted_fen), 0)::bigint as fen from settlement_line s
      where s.state = 'waiting' and s.blocked_on = 'budget:' || g.id) w
    where ${scope.items === null ? sql`true` : sql`g.item_id = any(${[...scope.items]}::text[])`}
      ${
        scope.authorities === null
          ? sql``
          : sql`and exists (select from item_version v where v.item_id = g.item_id and v.content ->> 'authority' = any(${[...scope.authorities]}::text[]))`
      }
    order by g.item_id, g.year`;
};
