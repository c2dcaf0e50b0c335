// The SQL of correction tickets; every read is limited by the caller's divisions.
import { fail } from '../base/problem.ts';
import { divisionPrefix, everything, type Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { openTold, type PersonTold } from '../vault/told.ts';
import type { NewTicket, Ticket, TicketState } from './ticket.ts';

const columns = (sql: Sql) => sql`
  id, department, dataset, register, subject_id as "subjectId", division, fact, attestation_id as "attestationId", question, state, opened_at as "openedAt",
  document, item_id as "itemId", version, due_on as "dueOn",
  opened_by as "openedBy", answer, answered_at as "answeredAt", answered_by as "answeredBy", outcome, settled_at as "settledAt", settled_by as "settledBy"`;

/** Whoever holds no item and no authority sees nothing; a subject of no known division is for those who see everything. */
const within = (sql: Sql, scope: Scope) => {
  if (scope.items?.length === 0 || scope.authorities?.length === 0) return sql`and false`;
  if (scope.divisions === null) return sql``;
  return sql`and division like any(${scope.divisions.map((code) => `${divisionPrefix(code)}%`)}::text[])`;
};

export const insertTicket = async (tx: Tx, t: NewTicket, by: string, at: Date): Promise<Ticket> => {
  const sql = rawSql(tx);
  const [row] = await sql<Ticket[]>`
    insert into ticket (department, dataset, register, subject_id, division, fact, attestation_id, question, state, opened_at, opened_by)
    values (${t.department}, ${t.dataset}, ${t.register}, ${t.subjectId}, ${t.division}, ${t.fact}, ${t.attestationId}, ${t.question}, 'open', ${at}, ${by})
    returning ${columns(sql)}`;
  return row as Ticket;
};

type Told = Pick<NewTicket, 'department' | 'dataset' | 'register' | 'subjectId' | 'division' | 'fact' | 'question'> &
  Pick<Ticket, 'id' | 'itemId' | 'version' | 'document' | 'dueOn'>;

/** What a person says of a datum; false where that datum is being checked already. */
export const insertTold = async (tx: Tx, t: Told, sealed: Uint8Array, by: string, at: Date): Promise<boolean> => {
  const rows = await rawSql(tx)`
    insert into ticket (id, department, dataset, register, subject_id, division, fact, told, document, item_id, version, due_on, question, state, opened_at, opened_by)
    values (${t.id}, ${t.department}, ${t.dataset}, ${t.register}, ${t.subjectId}, ${t.division}, ${t.fact}, ${sealed}, ${t.document}, ${t.itemId},
      ${t.version}, ${t.dueOn}, ${t.question}, 'open', ${at}, ${by})
    on conflict do nothing returning id`;
  return rows.length === 1;
};

/** Of what people said about one subject: how many wait, and how many were opened since. */
/** One after the other: what is counted of a subject's tickets stays so until the transaction ends. */
export const lockTold = async (tx: Tx, subjectId: string): Promise<void> => {
  await rawSql(tx)`select pg_advisory_xact_lock(hashtextextended(${`ticket.tell.${subjectId}`}, 0))`;
};

export const toldSince = async (tx: Tx, subjectId: string, since: Date): Promise<{ readonly open: number; readonly recent: number }> => {
  const [row] = await rawSql(tx)<{ open: number; recent: number }[]>`
    select (count(*) filter (where state <> 'settled'))::int as open, (count(*) filter (where opened_at > ${since}))::int as recent
    from ticket where subject_id = ${subjectId} and told is not null`;
  return row ?? { open: 0, recent: 0 };
};

/** Ticket id → what the person said, of those among them that a person opened. */
export const toldOf = async (reader: Db | Tx, ids: readonly string[]): Promise<ReadonlyMap<string, PersonTold>> => {
  const rows = await rawSql(reader)<{ id: string; told: Uint8Array }[]>`
    select id, told from ticket where id = any(${[...ids]}::uuid[]) and told is not null`;
  return new Map(rows.map((row) => [row.id, openTold(reader, row.id, row.told)]));
};

/** What people said about one subject, newest first. */
export const toldAbout = async (reader: Db | Tx, subjectId: string, limit: number): Promise<readonly Ticket[]> => {
  const sql = rawSql(reader);
  return await sql<Ticket[]>`
    select ${columns(sql)} from ticket where subject_id = ${subjectId} and told is not null order by opened_at desc, id limit ${limit}`;
};

/** One ticket within the scope; null: none. */
export const ticketById = async (reader: Db | Tx, id: string, scope: Scope): Promise<Ticket | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Ticket[]>`select ${columns(sql)} from ticket where id = ${id} ${within(sql, scope)}`;
  return row ?? null;
};

export const lockTicket = async (tx: Tx, id: string, scope: Scope): Promise<Ticket> => {
  const sql = rawSql(tx);
  const [row] = await sql<Ticket[]>`select ${columns(sql)} from ticket where id = ${id} ${within(sql, scope)} for update`;
  return row ?? fail('missing.ticket', id, '没有这张校核单，或者不在您的范围内。', '请核对编号，或请系统管理员调整范围。');
};

export const writeTicket = async (tx: Tx, t: Ticket): Promise<void> => {
  await rawSql(tx)`
    update ticket set state = ${t.state}, answer = ${t.answer}, answered_at = ${t.answeredAt}, answered_by = ${t.answeredBy}, outcome = ${t.outcome},
      settled_at = ${t.settledAt}, settled_by = ${t.settledBy} where id = ${t.id}`;
};

/** The one an attestation opened; null: none. */
export const ticketOf = async (tx: Tx, attestationId: string): Promise<Ticket | null> => {
  const sql = rawSql(tx);
  const [row] = await sql<Ticket[]>`select ${columns(sql)} from ticket where attestation_id = ${attestationId}`;
  return row ?? null;
};

export interface TicketQuery {
  readonly scope: Scope;
  readonly department?: string | undefined;
  readonly state?: TicketState | undefined;
  /** Id of the last ticket seen. */
  readonly after?: string | null;
  readonly limit: number;
}

/** Oldest first: the one that has waited longest is asked about first. */
export const listTickets = async (reader: Db | Tx, ask: TicketQuery): Promise<readonly Ticket[]> => {
  const sql = rawSql(reader);
  const after = ask.after ?? null;
  return sql<Ticket[]>`
    select ${columns(sql)} from ticket where true ${within(sql, ask.scope)}
      ${ask.department === undefined ? sql`` : sql`and department = ${ask.department}`}
      ${ask.state === undefined ? sql`` : sql`and state = ${ask.state}`}
      ${after === null ? sql`` : sql`and (opened_at, id) > (select opened_at, id from ticket where id = ${after})`}
    order by opened_at, id limit ${ask.limit}`;
};

export interface DepartmentTickets {
  readonly department: string;
  readonly open: number;
  readonly answered: number;
  readonly settled: number;
  readonly oldestOpen: Date | null;
}

export const ticketsByDepartment = async (reader: Db | Tx, scope: Scope = everything): Promise<readonly DepartmentTickets[]> => {
  const sql = rawSql(reader);
  return sql<DepartmentTickets[]>`
    select department, (count(*) filter (where state = 'open'))::int as open, (count(*) filter (where state = 'answered'))::int as answered,
      (count(*) filter (where state = 'settled'))::int as settled, min(opened_at) filter (where state = 'open') as "oldestOpen"
    from ticket where true ${within(sql, scope)} group by department order by department`;
};
