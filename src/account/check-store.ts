// The SQL of account check lists: whose accounts want trying, the frozen lists, their answers. Hand-written: a list is written and read as sets.
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import { openAccount } from '../vault/account.ts';
import type { Answer, CheckList, CheckRow, RowAnswer } from './check.ts';

export interface Candidate extends Omit<CheckRow, 'position' | 'tail' | 'amountFen'> {
  readonly payeeSubjectId: string;
  /** Open; it goes to the file and nowhere else. */
  readonly account: string;
  readonly bank: string | null;
  readonly bankCode: string | null;
}

const scoped = { authority: 'd.authority', division: 'd.division', item: 'd.item_id' } as const;

/** Still on their way to a first payment. */
const open = ['prefilled', 'asking', 'reviewing', 'notified', 'confirming', 'publicity', 'ready', 'paused', 'held'];

/** Accounts of records on their way whose account nobody has tried; `again`: those that failed before instead. None that stands on a list not let out yet. */
export const candidates = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly itemIds: readonly string[] | null; readonly again: boolean; readonly limit: number },
): Promise<readonly Candidate[]> => {
  const sql = rawSql(reader);
  const items = ask.itemIds === null ? sql`` : sql`and d.item_id = any(${[...ask.itemIds]}::text[])`;
  const rows = await sql<(Omit<Candidate, 'account'> & { readonly account: Uint8Array })[]>`
    select distinct on (d.account_index, d.subject_id) d.account_index as "accountIndex", d.subject_id as "subjectId", d.id as "disbursementId",
      d.item_id as "itemId", d.authority, d.division, d.payee_name as name, coalesce(d.payee_subject_id, d.subject_id) as "payeeSubjectId", d.account, d.bank,
      d.bank_code as "bankCode"
    from disbursement d left join payee_account u on u.account_index = d.account_index and u.subject_id = d.subject_id
    where d.account is not null and d.payee_name is not null and d.line_id is not null and d.state = any(${open}::text[])
      and coalesce(u.state, 'unverified') = ${ask.again ? 'failed' : 'unverified'}
      and not exists (select from account_check_row r join account_check c on c.id = r.check_id
        where c.state = 'made' and r.account_index = d.account_index and r.subject_id = d.subject_id)
      ${items} ${inScope(sql, ask.scope, scoped)}
    order by d.account_index, d.subject_id, d.id limit ${ask.limit}`;
  return rows.map((row) => ({ ...row, account: openAccount(reader, 'disbursement', row.disbursementId, row.account) }));
};

/** Until the transaction ends nobody else makes a list. */
export const lockMaking = async (tx: Tx): Promise<void> => {
  await rawSql(tx)`select pg_advisory_xact_lock(hashtextextended('account-check', 0))`;
};

/** Whether any of these stands on another list that is not let out yet. */
export const onOtherList = async (tx: Tx, rows: readonly Pick<CheckRow, 'accountIndex' | 'subjectId'>[]): Promise<boolean> => {
  const found = await rawSql(tx)`
    select 1 from account_check_row r join account_check c on c.id = r.check_id
    where c.state = 'made' and (r.account_index, r.subject_id) in (
      select i, s from unnest(${rows.map((r) => r.accountIndex)}::text[], ${rows.map((r) => r.subjectId)}::uuid[]) as x(i, s)) limit 1`;
  return found.length > 0;
};

export const insertList = async (tx: Tx, list: CheckList, rows: readonly CheckRow[]): Promise<void> => {
  const sql = rawSql(tx);
  const { id, method, template, state, totalFen, fileSha256, madeBy, madeAt } = list;
  await sql`
    insert into account_check (id, method, template, state, rows, total_fen, file_sha256, made_by, made_at)
    values (${id}, ${method}, ${template}, ${state}, ${list.rows}, ${totalFen}, ${fileSha256}, ${madeBy}, ${madeAt})`;
  const written = rows.map((row) => ({ ...row, amountFen: row.amountFen === null ? null : String(row.amountFen) }));
  await sql`
    insert into account_check_row (check_id, position, account_index, subject_id, disbursement_id, item_id, authority, division, name, tail, amount_fen)
    select ${id}, position, "accountIndex", "subjectId", "disbursementId", "itemId", authority, division, name, tail, "amountFen"
    from jsonb_to_recordset(${JSON.stringify(written)}::text::jsonb) as x(position int, "accountIndex" text, "subjectId" uuid, "disbursementId" uuid,
      "itemId" text, authority text, division text, name text, tail text, "amountFen" bigint)`;
};

const columns = (sql: Sql) => sql`
  c.id, c.method, c.template, c.state, c.rows, c.total_fen as "totalFen", c.file_sha256 as "fileSha256", c.made_by as "madeBy", c.made_at as "madeAt",
  c.decided_by as "decidedBy", c.decided_at as "decidedAt", c.reason`;

const rowScope = { authority: 'r.authority', division: 'r.division', item: 'r.item_id' } as const;

/** A list is seen by whoever may see everybody on it. */
const whole = (sql: Sql, scope: Scope) =>
  scope.authorities === null && scope.divisions === null && scope.items === null
    ? sql``
    : sql`and not exists (select r.position from account_check_row r where r.check_id = c.id
        except select r.position from account_check_row r where r.check_id = c.id ${inScope(sql, scope, rowScope)})`;

export interface ListStanding extends CheckList {
  /** Answer → rows whose end it is; rows nobody answered are in none. */
  readonly ends: Readonly<Partial<Record<Answer, number>>>;
}

/** Newest first. */
export const checkLists = async (reader: Db | Tx, scope: Scope, limit: number): Promise<readonly ListStanding[]> => {
  const sql = rawSql(reader);
  return sql<ListStanding[]>`
    select ${columns(sql)}, coalesce((select jsonb_object_agg(e.answer, e.n) from (
        select x.answer, count(*)::int as n from (
          select distinct on (a.position) a.answer from account_check_answer a where a.check_id = c.id
          order by a.position, array_position(array['closed','name-differs','amount-differs','ok','unknown'], a.answer)) x group by 1) e), '{}') as ends
    from account_check c where true ${whole(sql, scope)} order by c.made_at desc, c.id limit ${limit}`;
};

/** null: none such, or somebody on it is outside the scope. */
export const checkList = async (reader: Db | Tx, id: string, scope: Scope): Promise<CheckList | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<CheckList[]>`select ${columns(sql)} from account_check c where c.id = ${id} ${whole(sql, scope)}`;
  return row ?? null;
};

/** By the part of it a reference carries. */
export const listNamed = async (reader: Db | Tx, part: string): Promise<string | null> => {
  const [row] = await rawSql(reader)<
    { id: string }[]
  >`select id from account_check where left(replace(id::text, '-', ''), 10) = ${part} limit 1`;
  return row?.id ?? null;
};

/** Locked until the transaction ends: answers to one list take turns. */
export const lockList = async (tx: Tx, id: string): Promise<void> => {
  await rawSql(tx)`select 1 from account_check where id = ${id} for update`;
};

export const decideList = async (
  tx: Tx,
  id: string,
  to: { readonly state: CheckList['state']; readonly by: string; readonly at: Date; readonly reason: string | null },
): Promise<void> => {
  await rawSql(
    tx,
  )`update account_check set state = ${to.state}, decided_by = ${to.by}, decided_at = ${to.at}, reason = ${to.reason} where id = ${id}`;
};

export const checkRows = async (reader: Db | Tx, id: string): Promise<readonly CheckRow[]> =>
  rawSql(reader)<CheckRow[]>`
    select position, account_index as "accountIndex", subject_id as "subjectId", disbursement_id as "disbursementId", item_id as "itemId", authority, division,
      name, tail, amount_fen as "amountFen"
    from account_check_row where check_id = ${id} order by position`;

export interface SavedAnswer extends RowAnswer {
  readonly by: string;
  readonly at: Date;
}

export const answersOf = async (reader: Db | Tx, id: string): Promise<readonly SavedAnswer[]> =>
  rawSql(reader)<SavedAnswer[]>`
    select position, answer, words, amount_fen as "amountFen", line, by, at from account_check_answer where check_id = ${id} order by position, at, answer`;

/** Positions of those that are new. */
export const insertAnswers = async (
  tx: Tx,
  id: string,
  said: readonly RowAnswer[],
  from: { readonly fileSha256: string | null; readonly by: string; readonly at: Date },
): Promise<ReadonlySet<number>> => {
  const written = said.map((one) => ({ ...one, amountFen: one.amountFen === null ? null : String(one.amountFen) }));
  const rows = await rawSql(tx)<{ position: number }[]>`
    insert into account_check_answer (check_id, position, answer, words, amount_fen, file_sha256, line, by, at)
    select ${id}, position, answer, words, "amountFen", ${from.fileSha256}, line, ${from.by}, ${from.at}
    from jsonb_to_recordset(${JSON.stringify(written)}::text::jsonb) as x(position int, answer text, words text, "amountFen" bigint, line int)
    on conflict do nothing returning position`;
  return new Set(rows.map((row) => row.position));
};
