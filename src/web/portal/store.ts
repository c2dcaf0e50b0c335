// SQL of the portal alone: whom the demo offers. What a page shows of a subject is read by each noun's own store.
import { type Db, rawSql } from '../../db/handle.ts';
import type { State } from '../../disbursement/states.ts';

export interface DemoSubject {
  readonly register: string;
  readonly subjectId: string;
  readonly name: string | null;
  /** The item and state of the record it was chosen for; null: one without a record. */
  readonly title: string;
  readonly state: State | null;
}

/** One person and one firm per state of disbursement records, in the order of their keys; then one without any record. */
export const demoSubjects = async (db: Db, most: number): Promise<readonly DemoSubject[]> => {
  const sql = rawSql(db);
  return await sql<DemoSubject[]>`
    with shown as (
      select distinct on (d.state, r.register) r.register, r.subject_id, r.name, r.key, d.state, d.basis->>'title' as title
      from disbursement d join record r on r.subject_id = d.subject_id and r.register in ('citizen', 'enterprise')
      order by d.state, r.register, r.key, d.id
    ), once as (
      select distinct on (subject_id) * from shown order by subject_id, state
    )
    (select register, subject_id as "subjectId", name, coalesce(title, '') as title, state from once order by register, state, key limit ${most - 1})
    union all
    (select r.register, r.subject_id, r.name, '', null from record r
      where r.register = 'citizen' and r.name is not null and not exists (select from disbursement d where d.subject_id = r.subject_id)
      order by r.key limit 1)`;
};
