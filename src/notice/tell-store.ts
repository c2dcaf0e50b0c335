// Who is to be told, read from disbursement records and push matches. Hand-written SQL: being told is the absence of a notice for a record and
// template, and one statement finds a chunk of those.
import type { Day } from '../base/day.ts';
import { rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { OwedDetail } from '../outbox/store.ts';
import type { FlowStep, Item, MatchKind } from '../policy/item.ts';
import { paysMoney } from '../policy/pays-store.ts';
import { isStanding } from '../settlement/queue-store.ts';
import { openAccount, type SealedAccount } from '../vault/account.ts';
import { openObjector } from '../vault/objector.ts';
import type { TemplateName } from './template-table.ts';

/** One record that has something to tell, or one push match (`disbursementId` null). */
export interface ToTell {
  readonly disbursementId: string | null;
  readonly subjectId: string;
  readonly matchId: string | null;
  readonly register: string;
  readonly itemId: string;
  readonly version: number;
  readonly division: string | null;
  readonly periodKey: string;
  readonly matchKind: MatchKind;
  readonly template: TemplateName;
  readonly amountFen: bigint | null;
  readonly account: string | null;
  readonly payeeSubjectId: string | null;
  /** Which of the item's payees, where the line is shared. */
  readonly part: number;
  readonly dueOn: Day | null;
  /** The window the notice belongs to; null: none. */
  readonly since: Day | null;
  readonly gaps: readonly string[];
  readonly flow: readonly FlowStep[];
  readonly step: number;
  /** What somebody's act owes, where no step of the flow does. */
  readonly owed?: { readonly id: string; readonly detail: OwedDetail };
  /** Told instead of the subject: whoever objected. */
  readonly objector?: { readonly objectionId: string; readonly name: string; readonly email: string | null };
  /** Facts that could not be told: why a match is suspended. */
  readonly missing: readonly { readonly fact: string }[];
}

export interface Told {
  readonly rows: readonly ToTell[];
  readonly items: ReadonlyMap<string, Item>;
}

/** Columns of `ToTell` of a record `d` and its match `m`. */
export const base = `d.id as "disbursementId", d.subject_id as "subjectId", d.match_id as "matchId", m.register, d.item_id as "itemId", d.version, d.division,
  d.period_key as "periodKey", d.match_kind as "matchKind", d.amount_fen as "amountFen", d.account, d.payee_subject_id as "payeeSubjectId", d.part,
  d.due_on as "dueOn", case when d.state in ('applying', 'asking', 'confirming') then d.window_from end as since, d.gaps, d.flow, d.step, case when d.match_kind = 'suspended' then coalesce(m.evidence -> 'missing', '[]') else '[]' end as missing`;

/** Rows read by `base`, accounts open. */
export const opened = <T extends ToTell>(tx: Tx, rows: readonly SealedAccount<T>[]): readonly T[] =>
  rows.map((row) => {
    const told = row as unknown as T;
    return { ...told, account: row.account === null ? null : openAccount(tx, 'disbursement', told.disbursementId ?? '', row.account) };
  });

export interface RecordKey {
  readonly subjectId: string;
  readonly id: string;
}

const fromKeys = (sql: Sql, keys: readonly RecordKey[]) =>
  sql`unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as k(subject, id)`;

const behind = (sql: Sql, table: 'd' | 'm', after: RecordKey | null) =>
  after === null ? sql`` : sql`and (${sql(table)}.subject_id, ${sql(table)}.id) > (${after.subjectId}::uuid, ${after.id}::uuid)`;

/** Which template a record calls for: what it lacks, its stop, its choice, or its amount. */
const template = (sql: Sql) => sql`(case
  when d.state = 'asking' then 'asking'
  when d.state = 'applying' then 'apply'
  when d.line_id is null then d.match_kind
  when d.flow[d.step + 2] = 'confirm' then 'confirm'
  else 'matched' end)`;

/** A record sent back in review is told with the reviewer's words instead (`owed_notice`). */
const sentBack = '审核退回：';

/** A match's lines are told together: while one of them has not reached its first stop yet, the match waits. */
const untold = (sql: Sql) => sql`
  d.state in ('notified', 'asking', 'applying')
  and not exists (select from notice_line nl where nl.subject_id = d.subject_id and nl.disbursement_id = d.id and nl.template = ${template(sql)}
    and (d.state = 'notified' or nl.since >= d.window_from or nl.since = '0001-01-01'))
  and not (d.state = 'asking' and exists (select from unnest(d.gaps) as g(gap) where starts_with(g.gap, ${sentBack})))
  and not exists (select from disbursement s where s.subject_id = d.subject_id and s.match_id = d.match_id and s.state = 'prefilled')`;

/** Records at their notice step, and records that lack something, which nobody has been told about. */
export const lookRecords = async (tx: Tx, after: RecordKey | null, limit: number): Promise<readonly RecordKey[]> => {
  const sql = rawSql(tx);
  return await sql<RecordKey[]>`
    select d.subject_id as "subjectId", d.id from disbursement d where ${untold(sql)} ${behind(sql, 'd', after)}
    order by d.subject_id, d.id limit ${limit}`;
};

/**
 * The keys' records, locked one after the other in one order. What has been told stands in another table: a statement that began before somebody
 * else's commit would take the lock after it and still not see their notice, so who is to be told is asked by the next statement. Nobody is passed
 * over: of two lines of a match, one alone would be told alone.
 */
const lockRecords = async (tx: Tx, keys: readonly RecordKey[]): Promise<readonly RecordKey[]> => {
  const sql = rawSql(tx);
  return await sql<RecordKey[]>`
    select d.subject_id as "subjectId", d.id from ${fromKeys(sql, keys)} join disbursement d on d.subject_id = k.subject and d.id = k.id
    order by d.subject_id, d.id for update of d`;
};

/** Those of them that are still untold, locked. */
export const takeRecords = async (tx: Tx, keys: readonly RecordKey[]): Promise<readonly ToTell[]> => {
  const sql = rawSql(tx);
  const locked = await lockRecords(tx, keys);
  const rows = await sql<SealedAccount<ToTell>[]>`
    select ${sql.unsafe(base)}, ${template(sql)} as template
    from ${fromKeys(sql, locked)} join disbursement d on d.subject_id = k.subject and d.id = k.id
    join match m on m.subject_id = d.subject_id and m.id = d.match_id
    where ${untold(sql)}`;
  return opened<ToTell>(tx, rows);
};

const confirming = (sql: Sql, today: Day) =>
  sql`d.state in ('confirming', 'asking', 'applying') and d.due_on >= ${today} and d.window_from < ${today}`;

/** Records in an open window of theirs: to confirm, to complete, to apply. */
export const lookConfirming = async (tx: Tx, today: Day, after: RecordKey | null, limit: number): Promise<readonly RecordKey[]> => {
  const sql = rawSql(tx);
  return await sql<RecordKey[]>`
    select d.subject_id as "subjectId", d.id from disbursement d where ${confirming(sql, today)} ${behind(sql, 'd', after)}
    order by d.subject_id, d.id limit ${limit}`;
};

export interface Confirming extends ToTell {
  readonly state: 'confirming' | 'asking' | 'applying';
  readonly windowFrom: Day;
  /** Templates of this window. */
  readonly told: readonly string[];
}

/** The same in full, with the templates they were told by; which reminder is due, the caller says. */
export const takeConfirming = async (tx: Tx, today: Day, keys: readonly RecordKey[]): Promise<readonly Confirming[]> => {
  const sql = rawSql(tx);
  const locked = await lockRecords(tx, keys);
  const rows = await sql<SealedAccount<Confirming>[]>`
    select ${sql.unsafe(base)}, 'confirm' as template, d.state, d.window_from as "windowFrom",
      array(select nl.template from notice_line nl where nl.subject_id = d.subject_id and nl.disbursement_id = d.id and nl.since = d.window_from) as told
    from ${fromKeys(sql, locked)} join disbursement d on d.subject_id = k.subject and d.id = k.id
    join match m on m.subject_id = d.subject_id and m.id = d.match_id
    where ${confirming(sql, today)}`;
  return opened<Confirming>(tx, rows);
};

/** What is owed to people and not told yet; those of one subject stay together. */
export const lookOwed = async (tx: Tx, after: RecordKey | null, limit: number): Promise<readonly RecordKey[]> => {
  const sql = rawSql(tx);
  return await sql<RecordKey[]>`
    select o.subject_id as "subjectId", o.id from owed_notice o where o.notice_id is null
      ${after === null ? sql`` : sql`and (o.subject_id, o.id) > (${after.subjectId}::uuid, ${after.id}::uuid)`}
    order by o.subject_id, o.id limit ${limit}`;
};

/** Those of them that are still owed, locked: the condition is on the locked row itself. */
export const takeOwed = async (tx: Tx, keys: readonly RecordKey[]): Promise<readonly ToTell[]> => {
  const sql = rawSql(tx);
  const rows = await sql<
    SealedAccount<
      ToTell & { readonly oid: string; readonly detail: OwedDetail; readonly oob: string | null; readonly sealed: Uint8Array | null }
    >[]
  >`
    select o.id as oid, o.detail, o.objection_id as oob, b.objector as sealed, o.disbursement_id as "disbursementId", o.subject_id as "subjectId", o.match_id as "matchId",
      coalesce(m.register, o.detail ->> 'register') as register, o.item_id as "itemId", o.version, coalesce(m.division, o.detail ->> 'division') as division,
      coalesce(m.period_key, o.detail ->> 'periodKey', '') as "periodKey", coalesce(m.kind, 'first') as "matchKind", coalesce((o.detail ->> 'amountFen')::bigint, d.amount_fen) as "amountFen",
      d.account, d.payee_subject_id as "payeeSubjectId", coalesce(d.part, 0) as part, coalesce((o.detail ->> 'dueOn')::date, d.due_on) as "dueOn",
      case when d.state = 'asking' then d.window_from end as since, coalesce(d.gaps, '{}') as gaps, coalesce(d.flow, '{}') as flow, coalesce(d.step, 0) as step,
      '[]'::jsonb as missing, o.template
    from ${fromKeys(sql, keys)} join owed_notice o on o.subject_id = k.subject and o.id = k.id
    left join match m on m.subject_id = o.subject_id and m.id = o.match_id
    left join disbursement d on d.subject_id = o.subject_id and d.id = o.disbursement_id
    left join objection b on b.id = o.objection_id
    where o.notice_id is null order by o.subject_id, o.id for update of o`;
  return opened(tx, rows).map(({ oid, detail, oob, sealed, ...row }) => {
    const owed = { id: oid, detail };
    if (oob === null || sealed === null) return { ...row, owed };
    // Whoever objected is told of the objection alone: nothing of the person it was about, and no record is told by it.
    const { name, email } = openObjector(tx, oob, sealed);
    return { ...row, owed, objector: { objectionId: oob, name, email }, amountFen: null, account: null, disbursementId: null };
  });
};

/** What is owed has been told by these notices. */
export const markOwed = async (tx: Tx, told: readonly { readonly owedId: string; readonly noticeId: string }[]): Promise<void> => {
  if (told.length === 0) return;
  await rawSql(tx)`
    update owed_notice o set notice_id = x.notice
    from unnest(${told.map((t) => t.owedId)}::uuid[], ${told.map((t) => t.noticeId)}::uuid[]) as x(owed, notice) where o.id = x.owed`;
};

const pushed = (sql: Sql) => sql`
  m.verdict = 'eligible' and m.kind in ('first', 'changed', 'resumed')
  and (m.item_id, m.version) in (select item_id, version from item_version where not ${paysMoney(sql)})
  and not exists (select from settled_run s where s.run_id = m.run_id and s.item_id = m.item_id)
  and not exists (select from notice n where n.dedupe = 'push:' || m.id)`;

/** Push matches that are new, changed or back, which nobody has been told about. */
export const lookPush = async (tx: Tx, after: RecordKey | null, limit: number): Promise<readonly RecordKey[]> => {
  const sql = rawSql(tx);
  return await sql<RecordKey[]>`
    select m.subject_id as "subjectId", m.id from match m where ${pushed(sql)} ${behind(sql, 'm', after)} order by m.subject_id, m.id limit ${limit}`;
};

export const takePush = async (tx: Tx, keys: readonly RecordKey[]): Promise<readonly ToTell[]> => {
  const sql = rawSql(tx);
  return await sql<ToTell[]>`
    select null as "disbursementId", m.subject_id as "subjectId", m.id as "matchId", m.register, m.item_id as "itemId", m.version, m.division,
      m.period_key as "periodKey", m.kind as "matchKind", m.amount_fen as "amountFen", null as account, null as "payeeSubjectId", 0 as part, null as "dueOn", null as since,
      '{}'::text[] as gaps, '{}'::text[] as flow, 0 as step, '[]'::jsonb as missing, 'push' as template
    from ${fromKeys(sql, keys)} join match m on m.subject_id = k.subject and m.id = k.id
    where ${pushed(sql)} and ${isStanding(sql)}`;
};

/** Push items' runs that have nothing left to tell: they need not be looked at again. */
export const closePushRuns = async (tx: Tx, now: Date): Promise<void> => {
  const sql = rawSql(tx);
  await sql`
    insert into settled_run (run_id, item_id, at)
    select distinct ri.run_id, ri.item_id, ${now}::timestamptz from run_item ri join run r on r.id = ri.run_id
    join item_version v on v.item_id = ri.item_id and v.version = ri.version
    where r.ended_at is not null and ri.stopped is null and not ${paysMoney(sql)}
      and not exists (select from settled_run s where s.run_id = ri.run_id and s.item_id = ri.item_id)
      and not exists (
        select from match m where m.run_id = ri.run_id and m.item_id = ri.item_id and m.verdict = 'eligible' and m.kind in ('first', 'changed', 'resumed')
          and not exists (select from notice n where n.dedupe = 'push:' || m.id)
          and not exists (select from match n where n.subject_id = m.subject_id and n.item_id = m.item_id and n.period_key = m.period_key and n.sequence > m.sequence))
    on conflict do nothing`;
};

export const itemsOf = async (tx: Tx, rows: readonly ToTell[]): Promise<ReadonlyMap<string, Item>> => {
  const names = [...new Set(rows.map((row) => `${row.itemId}@${row.version}`))];
  const found = await rawSql(tx)<{ name: string; content: Item }[]>`
    select item_id || '@' || version as name, content from item_version where item_id || '@' || version = any(${names}::text[])`;
  return new Map(found.map((row) => [row.name, row.content]));
};

/** Which of these dedupe keys are taken. */
export const takenKeys = async (tx: Tx, keys: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await rawSql(tx)<{ dedupe: string }[]>`select dedupe from notice where dedupe = any(${[...keys]}::text[])`;
  return new Set(rows.map((row) => row.dedupe));
};
