// The SQL of little changes: one dataset's word about some subjects is withdrawn, as a delivery of changes would; by the owner of the tables, without files.
import { type Db, rawSql } from '../db/handle.ts';

/** Of every `every`-th subject of the register, from `first` on, at most `limit`; another dataset from one to the next. Returns how many changed. */
export const withdrawSome = async (
  owner: Db,
  register: string,
  { first, every, limit }: { readonly first: number; readonly every: number; readonly limit: number | null },
): Promise<number> => {
  const rows = await rawSql(owner)`
    with next as (
      select greatest((select coalesce(max(revision), 0) from record), (select coalesce(max(revision), 0) from record_part)) + 1 as revision
    ), who as (
      select register, subject_id, ordinal from record where register = ${register} and ordinal % ${every} = ${first % every} and ordinal >= ${first}
      order by ordinal limit ${limit}
    ), gone as (
      delete from record_part p using (
        select w.register, w.subject_id, (
          select x.dataset from record_part x where x.register = w.register and x.subject_id = w.subject_id
          order by md5(x.dataset || w.ordinal) limit 1) as dataset
        from who w) d
      where p.register = d.register and p.subject_id = d.subject_id and p.dataset = d.dataset returning p.subject_id)
    update record r set revision = (select revision from next) from gone g where r.register = ${register} and r.subject_id = g.subject_id returning r.subject_id`;
  return rows.length;
};
