// Lines that were settled anew because a stop order came or went. Hand-written SQL: a chunk at once.
import { rawSql, type Tx } from '../db/handle.ts';
import type { Outcome } from './settlement.ts';

/** What stays beside a new line (money on its way) was looked at as well: it carries the order it was settled under, and is not settled anew for ever. */
export const noteAnew = async (tx: Tx, outcomes: readonly Outcome[]): Promise<void> => {
  const anew = outcomes.flatMap(({ unit: { anew: again, subjectId, matchId, key, stopId } }) =>
    again === undefined ? [] : [{ s: subjectId, m: matchId, k: key, t: stopId ?? null }],
  );
  if (anew.length === 0) return;
  await rawSql(tx)`
    update settlement_line s set reconsider = false, stop_id = x.t from jsonb_to_recordset(${JSON.stringify(anew)}::text::jsonb) as x(s uuid, m uuid, k text, t uuid)
    where s.subject_id = x.s and s.match_id = x.m and s.key = x.k and s.state <> 'superseded'`;
};
