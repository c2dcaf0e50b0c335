// Letters that wait to be handed over, by village: what is printed, called out and ticked off. Hand-written SQL: one page by cursor within the scope.
import { auditAll } from '../audit/audit.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { Notice } from './notice.ts';
import type { Actor } from './send-store.ts';
import { columnsOf, type NoticeRow, opened, scoped } from './store.ts';

export interface Letter extends Notice {
  readonly register: string;
  readonly village: string;
}

/** Oldest first within a village, at most `limit`; `division` takes all below it. */
export const waitingLetters = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly division: string | null; readonly limit: number },
): Promise<readonly Letter[]> => {
  const sql = rawSql(reader);
  const rows = await sql<(NoticeRow & { register: string; village: string })[]>`
    select ${columnsOf(sql)}, coalesce(r.register, '') as register, coalesce(r.division, n.division, '') as village
    from notice n left join record r on r.register = any(array['citizen', 'enterprise']) and r.subject_id = n.subject_id
    where n.state = 'pending' and n.channel in ('letter', 'outbox') ${inScope(sql, ask.scope, scoped)}
      ${ask.division === null ? sql`` : sql`and starts_with(coalesce(r.division, n.division, ''), ${ask.division})`}
    order by village, n.created_at, n.id limit ${ask.limit}`;
  const whole = opened(reader, rows);
  return rows.map((row, i) => ({ ...(whole[i] as Notice), register: row.register, village: row.village }));
};

/** Letters with names and amounts left the house: who took them. */
export const notePrinted = async (tx: Tx, letters: readonly Notice[], what: 'letters' | 'calls', actor: Actor, at: Date): Promise<void> =>
  auditAll(
    tx,
    letters.map((one) => ({
      ...{ at, actor: actor.id, role: actor.role, action: 'notice.print', objectKind: 'notice', objectId: one.id },
      after: { what },
    })),
  );
