// Long lists to be scrolled: one row of a table over and over, under ids of its own. By the owner of the tables, in a database that is thrown away.
import { type Db, rawSql, transaction } from '../db/handle.ts';

/** Records like the newest one that is paid for a line; without an account, which would have to be sealed for each. Returns how many there are now. */
export const fillRecords = async (owner: Db, count: number): Promise<number> =>
  await transaction(owner, async (tx) => {
    const sql = rawSql(tx);
    // What they point at is not there.
    await sql`set local session_replication_role = replica`;
    await sql`
      insert into disbursement
      select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'subject_id', gen_random_uuid(), 'line_id', gen_random_uuid(),
        'account', null, 'account_index', null, 'created_at', d.created_at - n * interval '1 second'))).*
      from disbursement d, generate_series(1, ${count}::int) n
      where d.id = (select id from disbursement where line_id is not null order by created_at desc, id limit 1)`;
    return (await sql<{ n: number }[]>`select count(*)::int as n from disbursement`)[0]?.n ?? 0;
  });

/** Entries like the last one. Returns how many there are now. */
export const fillTrail = async (owner: Db, count: number): Promise<number> =>
  await transaction(owner, async (tx) => {
    const sql = rawSql(tx);
    await sql`
      insert into audit_entry
      select (jsonb_populate_record(e, jsonb_build_object('id', nextval(pg_get_serial_sequence('audit_entry', 'id'))))).*
      from audit_entry e, generate_series(1, ${count}::int) n where e.id = (select max(id) from audit_entry)`;
    return (await sql<{ n: number }[]>`select count(*)::int as n from audit_entry`)[0]?.n ?? 0;
  });
