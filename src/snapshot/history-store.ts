// The SQL of how knowledge of one subject changed: which snapshots hold its block with which bytes of one column, and what two people attested in between.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { subjectColumn } from './snapshot.ts';

/** Values of the subject that began or ceased to count by people's word, after one moment and not after another. */
export const attestedBetween = async (
  reader: Db | Tx,
  subjectId: string,
  after: Date,
  until: Date,
): Promise<readonly { readonly fact: string; readonly asOf: Day; readonly at: Date }[]> =>
  rawSql(reader)<{ fact: string; asOf: Day; at: Date }[]>`
    select fact, as_of as "asOf", x.at from attestation cross join lateral (values (confirmed_at), (closed_at)) as x(at)
    where subject_id = ${subjectId} and confirmed_at is not null and x.at > ${after} and x.at <= ${until} order by x.at, fact`;

export interface SealedColumn {
  readonly snapshotId: string;
  readonly knownAt: Day;
  readonly sealedAt: Date;
  /** null: nobody in the block was told anything about the fact. */
  readonly hash: string | null;
}

/** Newest first: the column of one fact in every snapshot that has the block. Equal hashes are equal bytes. */
export const columnsThrough = async (
  reader: Db | Tx,
  ask: { readonly register: string; readonly block: number; readonly column: string; readonly limit: number },
): Promise<readonly SealedColumn[]> =>
  rawSql(reader)<SealedColumn[]>`
    select s.id as "snapshotId", s.known_at as "knownAt", s.sealed_at as "sealedAt", c.hash
    from snapshot s
      join snapshot_segment w on w.snapshot_id = s.id and w.register = ${ask.register} and w.block = ${ask.block} and w."column" = ${subjectColumn}
      left join snapshot_segment c on c.snapshot_id = s.id and c.register = w.register and c.block = w.block and c."column" = ${ask.column}
    order by s.sequence desc limit ${ask.limit}`;
