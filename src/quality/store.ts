// The quality report's SQL: profiles of past deliveries, and subjects that may be one under two ids.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Envelope } from './identity.ts';
import type { Profile } from './profile.ts';

export interface DatedProfile {
  readonly dataset: string;
  readonly asOf: Day;
  readonly profile: Profile;
}

/** Changes with every delivery, attested value and settled name. */
export const dataMark = async (reader: Db | Tx): Promise<string> => {
  const [row] = await rawSql(reader)<{ mark: string }[]>`
    select concat_ws(':', (select max(revision) from record_part), (select max(revision) from record), (select count(*) from coverage),
      (select max(as_of) from coverage), (select max(landed_at) from delivery)) as mark`;
  return row?.mark ?? '';
};

/** The newest profile of each dataset from before the day given for it. */
export const profilesBefore = async (
  reader: Db | Tx,
  now: readonly { readonly dataset: string; readonly asOf: Day }[],
): Promise<readonly DatedProfile[]> =>
  await rawSql(reader)<DatedProfile[]>`
    select distinct on (p.dataset) p.dataset, p.as_of as "asOf", p.profile
    from dataset_profile p join jsonb_to_recordset(${JSON.stringify(now)}::text::jsonb) as x(dataset text, "asOf" date) on x.dataset = p.dataset
    where p.as_of < x."asOf" order by p.dataset, p.as_of desc`;

/** Changes delivered for the same day are part of it, so the last look counts. */
export const keepProfiles = async (tx: Tx, profiles: readonly DatedProfile[], at: Date): Promise<void> => {
  if (profiles.length === 0) return;
  await rawSql(tx)`
    insert into dataset_profile (dataset, as_of, profile, at)
    select x.dataset, x."asOf", x.profile, ${at}
    from jsonb_to_recordset(${JSON.stringify(profiles)}::text::jsonb) as x(dataset text, "asOf" date, profile jsonb) order by 1, 2
    on conflict (dataset, as_of) do update set profile = excluded.profile, at = excluded.at`;
};

type GroupRow = { readonly members: readonly Envelope[] };

/** More of one name and birthday than this are no twins but a register filled with a default. */
const mostMembers = 8;
const mostGroups = 5_000;

/** Residents of one name and one day of birth as their numbers tell it, old numbers of 15 digits included. */
export const sameNameAndBirth = async (reader: Db | Tx): Promise<readonly (readonly Envelope[])[]> => {
  const rows = await rawSql(reader)<GroupRow[]>`
    select jsonb_agg(jsonb_build_object('subjectId', subject_id, 'key', key, 'name', name, 'division', division) order by key) as members
    from (
      select subject_id, key, name, division, case length(key) when 18 then substr(key, 7, 8) when 15 then '19' || substr(key, 7, 6) end as born
      from record where register = 'citizen' and name is not null and key ~ '^[0-9]{15}([0-9]{2}[0-9X])?$') r
    group by name, born having count(*) between 2 and ${mostMembers} order by name, born limit ${mostGroups}`;
  return rows.map((row) => row.members);
};

/** Firms of one name (spaces and width of brackets aside), or of one organisation code. */
export const sameFirm = async (reader: Db | Tx): Promise<readonly (readonly Envelope[])[]> => {
  const sql = rawSql(reader);
  const member = sql`jsonb_agg(jsonb_build_object('subjectId', subject_id, 'key', key, 'name', name, 'division', division) order by key) as members`;
  const rows = await sql<GroupRow[]>`
    select ${member} from record where register = 'enterprise' and name is not null
    group by translate(replace(name, ' ', ''), '()', '（）') having count(*) between 2 and ${mostMembers}
    union all
    select ${member} from record where register = 'enterprise' and length(key) = 18
    group by substr(key, 9, 9) having count(*) between 2 and ${mostMembers}
      and count(distinct translate(replace(coalesce(name, ''), ' ', ''), '()', '（）')) > 1
    limit ${mostGroups}`;
  return rows.map((row) => row.members);
};
