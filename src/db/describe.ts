// The schema of a database as text, from the catalogues alone (no pg_dump needed): `drizzle/schema.sql` is this text, and a test holds migrations
// against it. Sorted by name, so it is the same whatever order things were made in. Roles and rights are part of it: they are what refuses.
import type { Sql } from './handle.ts';

/** Tables, columns, constraints, indexes, functions and rights of schema `public`; ends with a line feed. */
export const describeSchema = async (sql: Sql): Promise<string> => {
  const parts = [
    '-- Made by `npm run -s db:snapshot`; a test keeps it equal to what the migrations make. For reading, not for running.',
    ...(await describeTables(sql)),
    ...(await describeFunctions(sql)),
    ...(await describeRights(sql)),
  ];
  return `${parts.join('\n\n')}\n`;
};

interface Column {
  readonly table: string;
  readonly line: string;
}

const describeTables = async (sql: Sql): Promise<string[]> => {
  const columns = await sql<Column[]>`
    select c.relname as table, quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end
      || case when a.attidentity <> '' then ' generated as identity' else '' end
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`;
  // PostgreSQL 18 lists NOT NULL as constraints too; they are already in the column's line.
  const constraints = await sql<Column[]>`
    select c.relname as table, 'constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and k.contype <> 'n'
    order by c.relname, case k.contype when 'p' then 0 when 'u' then 1 when 'c' then 2 else 3 end, k.conname`;
  const indexes = await sql<Column[]>`
    select tablename as table, replace(indexdef, ' public.', ' ') || ';' as line
    from pg_indexes i
    where schemaname = 'public' and not exists (
      select from pg_constraint k join pg_class x on x.oid = k.conindid where k.contype in ('p', 'u', 'x') and x.relname = i.indexname)
    order by tablename, indexname`;
  const of = (rows: readonly Column[], table: string): string[] => rows.filter((row) => row.table === table).map((row) => row.line);
  return [...new Set(columns.map((row) => row.table))].map((table) => {
    const inside = [...of(columns, table), ...of(constraints, table)].map((line) => `  ${line}`).join(',\n');
    return [`create table ${table} (\n${inside}\n);`, ...of(indexes, table)].join('\n');
  });
};

const describeFunctions = async (sql: Sql): Promise<string[]> => {
  const rows = await sql<{ text: string }[]>`
    select pg_get_functiondef(oid) as text from pg_proc where pronamespace = 'public'::regnamespace order by proname`;
  return rows.map((row) => `${row.text.trim()};`);
};

const describeRights = async (sql: Sql): Promise<string[]> => {
  const rows = await sql<{ line: string }[]>`
    select 'grant ' || string_agg(lower(x.privilege_type) || coalesce(' (' || x.column_name || ')', ''), ', ' order by x.column_name nulls first, x.privilege_type)
      || ' on ' || x.name || ' to ' || x.grantee || ';' as line
    from (
      select c.relname as name, null as column_name, pg_get_userbyid(r.grantee) as grantee, r.privilege_type
      from pg_class c cross join lateral aclexplode(c.relacl) r
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
      union all
      select c.relname, a.attname, pg_get_userbyid(r.grantee), r.privilege_type
      from pg_attribute a join pg_class c on c.oid = a.attrelid cross join lateral aclexplode(a.attacl) r
      where c.relnamespace = 'public'::regnamespace
    ) x
    where x.grantee in ('zhixiang_app', 'zhixiang_auditor')
    group by x.name, x.grantee order by x.name, x.grantee`;
  return [rows.map((row) => row.line).join('\n')];
};
