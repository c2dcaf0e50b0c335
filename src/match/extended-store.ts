// Who was carried beyond a late dataset's limit by a decision, and how each came out once the dataset was there again.
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { MatchKind } from '../policy/item.ts';
import type { Extension } from '../readiness/late.ts';
import type { Verdict } from '../rule/facts.ts';

export interface Extended {
  readonly subjectId: string;
  readonly matchId: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly division: string | null;
  readonly extensions: readonly Extension[];
  /** How the subject stands in that period now. */
  readonly verdict: Verdict;
  readonly kind: MatchKind;
  /** A run has decided the period with the dataset in time: `carried` before, else what came of it. */
  readonly outcome: 'carried' | 'confirmed' | 'changed' | 'suspended' | 'ended';
}

/** Everybody carried, by item, period and subject; at most 1,000. */
export const extendedMatches = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly itemId?: string; readonly periodKey?: string },
): Promise<readonly Extended[]> => {
  const sql = rawSql(reader);
  const rows = await sql<(Omit<Extended, 'outcome'> & { readonly checked: boolean; readonly same: boolean })[]>`
    select e.* , n.verdict, n.kind, n.id = e."matchId" as same, exists (
      select from run_item ri join run r on r.id = ri.run_id
      where ri.item_id = e."itemId" and ri.period_key = e."periodKey" and ri.state = 'done'
        and ri.terms -> 'settles' ?| (select array_agg(x ->> 'id') from jsonb_array_elements(e.extensions) x)) as checked
    from (
      select distinct on (m.item_id, m.period_key, m.subject_id) m.subject_id as "subjectId", m.id as "matchId", m.item_id as "itemId",
        m.period_key as "periodKey", m.division, m.evidence -> 'extensions' as extensions
      from (select x.*, v.content ->> 'authority' as authority from match x join item_version v on v.item_id = x.item_id and v.version = x.version) m
      where m.evidence ? 'extensions'
        and exists (select from freshness_decision f where f.item_id = m.item_id and f.period_key = m.period_key)
        ${ask.itemId === undefined ? sql`` : sql`and m.item_id = ${ask.itemId}`}
        ${ask.periodKey === undefined ? sql`` : sql`and m.period_key = ${ask.periodKey}`}
        ${inScope(sql, ask.scope, { authority: 'm.authority', division: 'm.division', item: 'm.item_id' })}
      order by m.item_id, m.period_key, m.subject_id, m.sequence desc limit 1000
    ) e join lateral (
      select verdict, kind, id from match x where x.subject_id = e."subjectId" and x.item_id = e."itemId" and x.period_key = e."periodKey"
      order by x.sequence desc limit 1) n on true
    order by e."itemId" collate "C", e."periodKey" desc, e."subjectId"`;
  return rows.map(({ checked, same, ...row }) => ({ ...row, outcome: outcomeOf(row.kind, checked, same) }));
};

const outcomeOf = (kind: MatchKind, checked: boolean, same: boolean): Extended['outcome'] => {
  if (kind === 'ended' || kind === 'suspended') return kind;
  if (!checked) return 'carried';
  return !same && kind === 'changed' ? 'changed' : 'confirmed';
};
