// Votes on records under review. Hand-written SQL: a round is the event by which the record came under review, whatever held it up meanwhile.
import { rawSql, type Tx } from '../db/handle.ts';
import type { Disbursement } from './disbursement.ts';

export interface Vote {
  readonly level: number;
  readonly person: string;
  readonly decision: 'pass' | 'return' | 'refuse';
  readonly reason: string | null;
}

/** The round the record is in and what was said in it. The caller holds the record's lock. */
export const votesOf = async (
  tx: Tx,
  record: Pick<Disbursement, 'id' | 'subjectId'>,
): Promise<{ readonly round: bigint; readonly votes: readonly Vote[] }> => {
  const sql = rawSql(tx);
  const [row] = await sql<{ round: bigint }[]>`
    select max(id)::bigint as round from disbursement_event
    where disbursement_id = ${record.id} and to_state = 'reviewing' and coalesce(from_state, '') not in ('reviewing', 'held')`;
  const round = row?.round ?? 0n;
  const votes = await sql<Vote[]>`
    select level, person, decision, reason from review_vote
    where subject_id = ${record.subjectId} and disbursement_id = ${record.id} and round = ${round} order by at, person`;
  return { round, votes };
};

export const insertVote = async (
  tx: Tx,
  record: Pick<Disbursement, 'id' | 'subjectId'>,
  round: bigint,
  vote: Vote,
  at: Date,
): Promise<void> => {
  await rawSql(tx)`
    insert into review_vote (subject_id, disbursement_id, round, level, person, decision, reason, at)
    values (${record.subjectId}, ${record.id}, ${round}, ${vote.level}, ${vote.person}, ${vote.decision}, ${vote.reason}, ${at})`;
};
