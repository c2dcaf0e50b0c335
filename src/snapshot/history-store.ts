// The SQL of how knowledge of one subject changed: which snapshots hold its block with which bytes of one column, and what two people attested in between.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { deltaColumn, subjectColumn } from './snapshot.ts';

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

interface Own {
  readonly snapshotId: string;
  readonly parent: string | null;
  readonly knownAt: Day;
  readonly sealedAt: Date;
  readonly there: boolean;
  readonly hash: string | null;
  readonly deltas: readonly string[];
}

/** Newest first: the column of one fact in every snapshot that has the block, with what lies over it. Equal hashes are equal bytes. */
export const columnsThrough = async (
  reader: Db | Tx,
  ask: { readonly register: string; readonly block: number; readonly column: string; readonly limit: number },
): Promise<readonly SealedColumn[]> => {
  const rows = await rawSql(reader)<Own[]>`
    select s.id as "snapshotId", s.parent_id as parent, s.known_at as "knownAt", s.sealed_at as "sealedAt",
      coalesce(bool_or(w."column" = ${subjectColumn}), false) as there, max(w.hash) filter (where w."column" = ${ask.column}) as hash,
      coalesce(array_agg(w.hash order by w.hash) filter (where w."column" = ${deltaColumn}), '{}') as deltas
    from (select * from snapshot order by sequence desc limit ${ask.limit}) s
      left join snapshot_segment w on w.snapshot_id = s.id and w.register = ${ask.register} and w.block = ${ask.block}
        and w."column" in (${subjectColumn}, ${ask.column}, ${deltaColumn})
    group by s.id, s.parent_id, s.known_at, s.sealed_at, s.sequence order by s.sequence desc`;
  return joined(rows);
};

/** A snapshot that adds a few rows to another has what that one has; one whose parent was not looked into cannot be told and ends the list. */
const joined = (newestFirst: readonly Own[]): readonly SealedColumn[] => {
  const whole = new Map<string, { readonly there: boolean; readonly hash: string | null }>();
  const out: SealedColumn[] = [];
  for (const own of newestFirst.toReversed()) {
    const under = own.parent === null ? own : whole.get(own.parent);
    if (under === undefined) {
      out.length = 0;
      continue;
    }
    const parts = [under.hash, ...own.deltas].filter((hash) => hash !== null);
    const hash = parts.length === 0 ? null : parts.join(' ');
    whole.set(own.snapshotId, { there: under.there, hash });
    const { snapshotId, knownAt, sealedAt } = own;
    if (under.there) out.push({ snapshotId, knownAt, sealedAt, hash });
  }
  return out.reverse();
};
