// Who has taken which piece of work: the SQL of it. A change names the version it was made on; whoever was slower changes nothing.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export interface Assignment {
  readonly objectId: string;
  /** Account id; null: given back. */
  readonly takenBy: string | null;
  readonly dueOn: Day | null;
  /** 0: nobody ever took it. */
  readonly version: number;
}

export const assignmentsOf = async (reader: Db | Tx, queue: string, ids: readonly string[]): Promise<ReadonlyMap<string, Assignment>> => {
  const rows = await rawSql(reader)<Assignment[]>`
    select object_id as "objectId", taken_by as "takenBy", due_on as "dueOn", version from desk_assignment
    where queue = ${queue} and object_id = any(${[...ids]}::uuid[])`;
  return new Map(rows.map((row) => [row.objectId, row]));
};

export interface Change {
  readonly queue: string;
  readonly objectId: string;
  readonly subjectId: string;
  /** As whoever acts has seen it. */
  readonly version: number;
  readonly takenBy: string | null;
  readonly dueOn: Day | null;
  readonly at: Date;
}

/** False where it has changed since. */
export const changeAssignment = async (tx: Tx, one: Change): Promise<boolean> => {
  const sql = rawSql(tx);
  const { queue, objectId, subjectId, version, takenBy, dueOn, at } = one;
  const rows =
    version === 0
      ? await sql`
          insert into desk_assignment (queue, object_id, subject_id, taken_by, taken_at, due_on, version)
          values (${queue}, ${objectId}, ${subjectId}, ${takenBy}, ${at}, ${dueOn}, 1) on conflict do nothing returning version`
      : await sql`
          update desk_assignment set taken_by = ${takenBy}, taken_at = ${at}, due_on = ${dueOn}, version = version + 1
          where subject_id = ${subjectId} and queue = ${queue} and object_id = ${objectId} and version = ${version} returning version`;
  return rows.length === 1;
};

/** What was decided is nobody's work any more. */
export const freeAssignment = async (tx: Tx, of: Pick<Change, 'queue' | 'objectId' | 'subjectId' | 'at'>): Promise<void> => {
  await rawSql(tx)`
    update desk_assignment set taken_by = null, due_on = null, taken_at = ${of.at}, version = version + 1
    where subject_id = ${of.subjectId} and queue = ${of.queue} and object_id = ${of.objectId} and taken_by is not null`;
};
