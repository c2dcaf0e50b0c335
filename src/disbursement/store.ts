// Disbursement records: reading them within a scope, and moving them. Hand-written SQL: moves of a chunk are one update with its events and audit rows.
import { auditAll } from '../audit/audit.ts';
import { civilDay, type Day } from '../base/day.ts';
import { type Page, pageOf, placeOf } from '../base/page.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import { type Owed, type OwedTemplate, owe } from '../outbox/store.ts';
import { openAccount, type SealedAccount, sealAccount } from '../vault/account.ts';
import { vaultOf } from '../vault/hold.ts';
import type { Disbursement, Payee } from './disbursement.ts';
import type { Place } from './flow.ts';
import type { Mover, State } from './states.ts';
import { requireEdge } from './states.ts';

/** Read with `opened`: the account comes out of it sealed. */
export const columnsOf = (sql: Sql) => sql`
  d.id, d.subject_id as "subjectId", d.line_id as "lineId", d.match_id as "matchId", d.key, d.part, d.item_id as "itemId", d.version, d.authority,
  d.period_key as "periodKey", d.division, d.match_kind as "matchKind", d.payee_name as "payeeName", d.payee_subject_id as "payeeSubjectId",
  d.account, d.bank, d.bank_code as "bankCode", d.amount_fen as "amountFen", d.basis, d.statement_text as "statementText", d.gaps, d.flow, d.step,
  d.state, d.window_from as "windowFrom", d.due_on as "dueOn", d.held_from as "heldFrom", d.hold_reason as "holdReason",
  d.created_at as "createdAt", d.revision`;

type Row<T extends Disbursement> = SealedAccount<T> & { readonly id: string };

/** Rows read by `columnsOf`, accounts open. */
export const opened = <T extends Disbursement>(reader: Db | Tx, rows: readonly Row<T>[]): T[] =>
  rows.map((row) => ({
    ...(row as unknown as T),
    account: row.account === null ? null : openAccount(reader, 'disbursement', row.id, row.account),
  }));

/** An account as a JSON row carries it to the database; null stays null. */
export const accountColumns = (tx: Tx, id: string, account: string | null) => {
  const sealed = account === null ? null : sealAccount(tx, 'disbursement', id, account);
  return { account: sealed?.account ?? null, account_index: sealed?.accountIndex ?? null };
};

const scoped = { authority: 'd.authority', division: 'd.division', item: 'd.item_id' } as const;

/** What changes with a move; absent fields stay. `proof` is kept with the event. */
export interface Move {
  readonly record: Disbursement;
  readonly place: Place;
  readonly by: Mover;
  readonly reason?: string | null;
  readonly proof?: unknown;
  readonly payee?: Payee;
  /** Set when it goes to `held`; cleared by every other move. */
  readonly heldFrom?: State | null;
}

export interface Actor {
  readonly id: string;
  readonly role: string;
}

/**
 * What the person is told of a move: what silence did, money that came back always, money that arrived unless it arrives like this every period, a publicity unless the notice
 * before it has told of it.
 */
const oweFor = ({ record, place, reason, by }: Move, at: Date): readonly Owed[] => {
  const { id, subjectId, itemId, version, matchId, lineId, matchKind, flow } = record;
  if (lineId === null || place.state === record.state) return [];
  const told = (template: OwedTemplate, detail: Owed['detail']): readonly Owed[] => [
    { ...{ subjectId, itemId, version, matchId, template, detail }, disbursementId: id },
  ];
  // What a machine does against somebody is told with the way back.
  if (by === 'machine' && (place.state === 'named' || place.state === 'waived'))
    return told(place.state, { dueOn: place.dueOn as Day | null });
  if (place.state === 'returned') return told('returned', reason == null ? {} : { reason });
  if (place.state === 'paid' && matchKind !== 'continuing') return told('paid', { onDay: civilDay(at) });
  if (
    place.state === 'publicity' &&
    record.state !== 'objected' &&
    record.state !== 'held' &&
    !flow.slice(0, place.step).includes('notice')
  )
    return told('publicity', { onDay: (place.windowFrom ?? civilDay(at)) as Day, dueOn: place.dueOn as Day | null });
  return [];
};

/**
 * Moves records by the table of states (`requireEdge`), each with its event and audit row. The caller holds the rows' locks; a revision that
 * has moved on meanwhile is refused with `conflict.changed`, and nothing of the call is written.
 */
export const moveAll = async (tx: Tx, moves: readonly Move[], actor: Actor, at: Date): Promise<void> => {
  if (moves.length === 0) return;
  const sql = rawSql(tx);
  for (const m of moves) if (m.place.state !== m.record.state) requireEdge(m.record.state, m.place.state, m.by, m);
  const rows = moves.map((m) => ({
    id: m.record.id,
    subject_id: m.record.subjectId,
    revision: m.record.revision,
    from_state: m.record.state,
    state: m.place.state,
    step: m.place.step,
    window_from: m.place.windowFrom,
    due_on: m.place.dueOn,
    held_from: m.place.state === 'held' ? (m.heldFrom ?? null) : null,
    hold_reason: m.place.state === 'held' ? (m.reason ?? null) : null,
    payee: m.payee !== undefined,
    payee_name: m.payee?.name ?? null,
    payee_subject_id: m.payee?.subjectId ?? null,
    ...accountColumns(tx, m.record.id, m.payee?.account ?? null),
    bank: m.payee?.bank ?? null,
    bank_code: m.payee?.bankCode ?? null,
    gaps: m.payee?.gaps ?? [],
    reason: m.reason ?? null,
    proof: m.proof ?? null,
  }));
  const moved = await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as x(id uuid, subject_id uuid, revision int, from_state text, state text, step int,
        window_from date, due_on date, held_from text, hold_reason text, payee boolean, payee_name text, payee_subject_id uuid, account text, account_index text, bank text,
        bank_code text, gaps text[], reason text, proof jsonb)
    ), moved as (
      update disbursement d set state = g.state, step = g.step, window_from = g.window_from, due_on = g.due_on, held_from = g.held_from,
        hold_reason = g.hold_reason, revision = d.revision + 1,
        payee_name = case when g.payee then g.payee_name else d.payee_name end,
        payee_subject_id = case when g.payee then g.payee_subject_id else d.payee_subject_id end,
        account = case when g.payee then decode(g.account, 'base64') else d.account end,
        account_index = case when g.payee then g.account_index else d.account_index end, bank = case when g.payee then g.bank else d.bank end,
        bank_code = case when g.payee then g.bank_code else d.bank_code end, gaps = case when g.payee then g.gaps else d.gaps end
      from given g where d.subject_id = g.subject_id and d.id = g.id and d.revision = g.revision and d.state = g.from_state
      returning d.id
    ), told as (
      insert into disbursement_event (subject_id, disbursement_id, from_state, to_state, actor, reason, evidence, at)
      select g.subject_id, g.id, g.from_state, g.state, ${actor.id}, g.reason, nullif(g.proof, 'null'), ${at} from given g
    )
    select id from moved`;
  const [first] = moves;
  if (moved.length !== moves.length)
    fail(
      'conflict.changed',
      moves.length === 1 && first !== undefined ? first.record.id : '',
      '这条兑付记录刚被别人改动，您的操作没有写入。',
      '请刷新后再办。',
    );
  await auditAll(
    tx,
    moves.map((m) => ({
      at,
      actor: actor.id,
      role: actor.role,
      action: `disbursement.${m.place.state}`,
      objectKind: 'disbursement',
      objectId: m.record.id,
      before: { state: m.record.state, step: m.record.step },
      after: { state: m.place.state, step: m.place.step, dueOn: m.place.dueOn, ...(m.payee === undefined ? {} : { gaps: m.payee.gaps }) },
      reason: m.reason ?? null,
    })),
  );
  await owe(
    tx,
    moves.flatMap((m) => oweFor(m, at)),
    at,
  );
};

/** One record, locked until the transaction ends; `missing.disbursement` when there is none within the scope. */
export const lockOne = async (tx: Tx, id: string, scope: Scope): Promise<Disbursement> => {
  const sql = rawSql(tx);
  const rows = await sql<SealedAccount<Disbursement>[]>`
    select ${columnsOf(sql)} from disbursement d where d.id = ${id} ${inScope(sql, scope, scoped)} for update`;
  return opened(tx, rows)[0] ?? notThere(id);
};

const notThere = (id: string): never =>
  fail('missing.disbursement', id, '没有找到这条兑付记录。', '请从列表进入；不在您负责范围内的记录看不到。');

/** 意愿, insert-only: the last one counts. */
export const insertChoice = async (
  tx: Tx,
  record: Pick<Disbursement, 'id' | 'subjectId'>,
  choice: 'confirmed' | 'declined' | 'deemed-waived' | 'withdrawn',
  actor: string,
  at: Date,
): Promise<void> => {
  await rawSql(tx)`
    insert into choice (subject_id, disbursement_id, choice, actor, at) values (${record.subjectId}, ${record.id}, ${choice}, ${actor}, ${at})`;
};

export interface DisbursementFilter {
  readonly itemId?: string;
  readonly state?: State;
  readonly subjectId?: string;
  readonly matchId?: string;
  /** true: stops only; false: payments only. */
  readonly stops?: boolean;
}

/** Newest first, within the scope. `limit` rows a page. */
export const listDisbursements = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly filter?: DisbursementFilter; readonly after?: string | null; readonly limit: number },
): Promise<Page<Disbursement>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const filter = ask.filter ?? {};
  const rows = await sql<SealedAccount<Disbursement>[]>`
    select ${columnsOf(sql)} from disbursement d where true ${inScope(sql, ask.scope, scoped)}
      ${filter.itemId === undefined ? sql`` : sql`and d.item_id = ${filter.itemId}`}
      ${filter.state === undefined ? sql`` : sql`and d.state = ${filter.state}`}
      ${filter.subjectId === undefined ? sql`` : sql`and d.subject_id = ${filter.subjectId}`}
      ${filter.matchId === undefined ? sql`` : sql`and d.match_id = ${filter.matchId}`}
      ${filter.stops === undefined ? sql`` : filter.stops ? sql`and d.line_id is null` : sql`and d.line_id is not null`}
      ${place === null ? sql`` : sql`and (d.created_at, d.id) < (${place.at}, ${place.id}::uuid)`}
    order by d.created_at desc, d.id desc limit ${ask.limit + 1}`;
  return pageOf(opened(reader, rows), ask.limit, (row) => ({ at: row.createdAt, id: row.id }));
};

/** Whose benefits are or were to be paid on an account, within the scope; at most `limit`. Found by the blind index: no account is opened. */
export const subjectsPaidOn = async (
  reader: Db | Tx,
  account: string,
  ask: { readonly scope: Scope; readonly limit: number },
): Promise<readonly string[]> => {
  const sql = rawSql(reader);
  const rows = await sql<{ id: string }[]>`
    select distinct d.subject_id as id from disbursement d
    where d.account_index = ${vaultOf(reader).index('account', account)} ${inScope(sql, ask.scope, scoped)} order by 1 limit ${ask.limit}`;
  return rows.map((row) => row.id);
};

export interface DisbursementEvent {
  readonly from: State | null;
  readonly to: State;
  readonly actor: string;
  readonly reason: string | null;
  readonly at: Date;
}

/** One record with its life so far; null when there is none within the scope. */
export const disbursementById = async (
  reader: Db | Tx,
  id: string,
  scope: Scope,
): Promise<{ readonly record: Disbursement; readonly events: readonly DisbursementEvent[] } | null> => {
  const sql = rawSql(reader);
  const rows = await sql<SealedAccount<Disbursement>[]>`
    select ${columnsOf(sql)} from disbursement d where d.id = ${id} ${inScope(sql, scope, scoped)}`;
  const [record] = opened(reader, rows);
  if (record === undefined) return null;
  const events = await sql<DisbursementEvent[]>`
    select from_state as "from", to_state as "to", actor, reason, at from disbursement_event where disbursement_id = ${id} order by id`;
  return { record, events };
};

/** How many and how much per item and state, within the scope; stops count with amount 0. */
export const countDisbursements = async (
  reader: Db | Tx,
  scope: Scope,
): Promise<
  readonly { readonly itemId: string; readonly state: State; readonly stops: boolean; readonly count: number; readonly amountFen: bigint }[]
> => {
  const sql = rawSql(reader);
  return (await sql`
    select d.item_id as "itemId", d.state, d.line_id is null as stops, count(*)::int as count, sum(d.amount_fen)::bigint as "amountFen"
    from disbursement d where true ${inScope(sql, scope, scoped)} group by 1, 2, 3 order by 1, 2, 3`) as never;
};
