// What the machine may move, read in chunks. Hand-written SQL: whether a record may move depends on its line, its notice and its choice, and
// asking for all of them at once keeps a chunk at one statement.
import type { Day } from '../base/day.ts';
import { rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { LineKey } from '../settlement/hand-store.ts';
import type { LineState } from '../settlement/settlement.ts';
import type { SealedAccount } from '../vault/account.ts';
import type { Disbursement } from './disbursement.ts';
import { columnsOf, opened } from './store.ts';

export interface Movable extends Disbursement {
  readonly register: string;
  /** null for a stop. */
  readonly lineState: LineState | null;
  /** A later match of the period has replaced the one this record stands on. */
  readonly replaced: boolean;
  /** The notice of the step it stands at exists; having been asked for something missing before is not being told. */
  readonly told: boolean;
  /** The day on which the request to confirm, complete or apply first reached the person (sent, or handed over on paper); null: not yet. */
  readonly reachedOn: Day | null;
}

const seen = (sql: Sql, today: Day) => sql`
  join match m on m.subject_id = d.subject_id and m.id = d.match_id
  left join settlement_line l on l.subject_id = d.subject_id and l.id = d.line_id
  cross join lateral (select
    d.line_id is null and exists (
      select from match n join run r on r.id = n.run_id where n.subject_id = d.subject_id and n.item_id = d.item_id
        and n.period_key = d.period_key and n.sequence > m.sequence and r.ended_at is not null
        and not exists (select from run_item ri where ri.run_id = n.run_id and ri.item_id = n.item_id and ri.stopped is not null)) as replaced,
    exists (
      select from notice_line nl where nl.subject_id = d.subject_id and nl.disbursement_id = d.id
        and nl.template = case when d.line_id is null then d.match_kind when d.flow[d.step + 2] = 'confirm' then 'confirm' else 'matched' end) as told,
    (select min(least((n.sent_at at time zone 'Asia/Shanghai')::date, ${today}::date))
      from notice_line nl join notice n on n.id = nl.notice_id
      where nl.subject_id = d.subject_id and nl.disbursement_id = d.id
        -- What only stands on the portal has reached nobody before it is opened.
        and (n.state = 'delivered' or (n.state = 'sent' and n.channel <> 'inbox'))
        and case d.state
          when 'confirming' then nl.template in ('confirm', 'reminder-1', 'reminder-2', 'reminder-3')
          when 'applying' then nl.template in ('apply', 'apply-reminder-1', 'apply-reminder-2', 'apply-reminder-3')
          -- Somebody may be asked more than once: only what belongs to this window counts, or what reached them late and moved it.
          else nl.template in ('asking', 'sent-back', 'ask-reminder-1', 'ask-reminder-2', 'ask-reminder-3')
            and (d.state = 'named' or nl.since >= d.window_from or (n.sent_at at time zone 'Asia/Shanghai')::date >= d.window_from) end) as "reachedOn") x`;

const movable = (sql: Sql, today: Day) => sql`
  d.state in ('prefilled', 'applying', 'asking', 'named', 'reviewing', 'notified', 'confirming', 'publicity', 'objected', 'ready', 'paused', 'deceased', 'returned', 'waived')
  and (d.state in ('prefilled', 'asking', 'named') or x.replaced or (l.state is not null and l.state not in ('granted', 'reduced'))
    or (d.state = 'notified' and x.told)
    or (d.state in ('confirming', 'applying') and d.due_on < ${today} and x."reachedOn" is not null)
    or (d.state = 'publicity' and (d.due_on is null or d.due_on < ${today}))
    or (d.state = 'waived' and d.due_on < ${today}))`;

/** Keys of records that may have somewhere to go. Held records are never among them: no run undoes a hold. */
export const lookMovable = async (tx: Tx, today: Day, after: LineKey | null, limit: number): Promise<readonly LineKey[]> => {
  const sql = rawSql(tx);
  return await sql<LineKey[]>`
    select d.subject_id as "subjectId", d.id from disbursement d ${seen(sql, today)} where ${movable(sql, today)}
      ${after === null ? sql`` : sql`and (d.subject_id, d.id) > (${after.subjectId}::uuid, ${after.id}::uuid)`}
    order by d.subject_id, d.id limit ${limit}`;
};

/**
 * Those of them that still may, locked; those somebody else holds are passed over. Locked first, judged in a second statement: what is judged stands in
 * other tables too (line, notice, choice), and a statement that was already running when somebody committed would see those as they were before.
 */
export const takeMovable = async (tx: Tx, today: Day, keys: readonly LineKey[]): Promise<readonly Movable[]> => {
  const sql = rawSql(tx);
  const locked = await sql<{ id: string }[]>`
    select d.id from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as k(subject, id)
    join disbursement d on d.subject_id = k.subject and d.id = k.id for update of d skip locked`;
  const held = new Set(locked.map((row) => row.id));
  const own = keys.filter((key) => held.has(key.id));
  const rows = await sql<SealedAccount<Movable>[]>`
    select ${columnsOf(sql)}, m.register, l.state as "lineState", x.replaced, x.told, x."reachedOn"
    from unnest(${own.map((k) => k.subjectId)}::uuid[], ${own.map((k) => k.id)}::uuid[]) as k(subject, id)
    join disbursement d on d.subject_id = k.subject and d.id = k.id ${seen(sql, today)}
    where ${movable(sql, today)}`;
  return opened(tx, rows);
};
