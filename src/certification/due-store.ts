// Who is due to be certified, and the turns that are opened for them. Hand-written SQL: chunks are read and written as sets.
import { auditAll } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { rawSql, type Sql, type Tx } from '../db/handle.ts';
import { isStanding } from '../settlement/queue-store.ts';
import { liveStates } from './certification.ts';
import { type Certification, columns } from './store.ts';

/** One person whose last certification is too old. */
export interface Due {
  readonly subjectId: string;
  readonly id: string;
  readonly version: number;
  readonly register: string;
  readonly division: string | null;
  readonly anchorOn: Day;
}

/** The period the item was decided for last, as far as that stands; null: none yet. */
export const newestPeriod = async (tx: Tx, itemId: string): Promise<string | null> => {
  const [row] = await rawSql(tx)<{ key: string }[]>`
    select ri.period_key as key from run_item ri join run r on r.id = ri.run_id
    where ri.item_id = ${itemId} and r.ended_at is not null and ri.stopped is null order by ri.period_end desc, r.sequence desc limit 1`;
  return row?.key ?? null;
};

/** Counted from the last certification, else from the first match: that was looked at when it was granted. */
const anchor = (sql: Sql) => sql`
  cross join lateral (select greatest(
    (select max(c.certified_on) from certification c where c.subject_id = m.subject_id and c.item_id = m.item_id and c.state = 'certified'),
    (select min(r.known_at) from match f join run r on r.id = f.run_id where f.subject_id = m.subject_id and f.item_id = m.item_id)) as day) a`;

interface DueAsk {
  readonly itemId: string;
  readonly periodKey: string;
  readonly everyMonths: number;
  readonly today: Day;
}

const due = (sql: Sql, ask: DueAsk) => sql`
  m.item_id = ${ask.itemId} and m.period_key = ${ask.periodKey} and m.verdict = 'eligible'
  and (a.day + make_interval(months => ${ask.everyMonths}))::date <= ${ask.today}
  and not exists (select from stop_order o where o.subject_id = m.subject_id and o.item_id = m.item_id and o.state = 'standing')
  and not exists (select from certification c where c.subject_id = m.subject_id and c.item_id = m.item_id and c.state = any(${[...liveStates]}::text[]))`;

/** Whoever receives the benefit and whose certification is due, in key order. */
export const lookDue = async (
  tx: Tx,
  ask: DueAsk & { readonly after: { readonly subjectId: string } | null; readonly limit: number },
): Promise<readonly Due[]> => {
  const sql = rawSql(tx);
  return await sql<Due[]>`
    select m.subject_id as "subjectId", m.id, m.version, m.register, m.division, a.day::text as "anchorOn" from match m ${anchor(sql)}
    where ${due(sql, ask)} and ${isStanding(sql)} ${ask.after === null ? sql`` : sql`and m.subject_id > ${ask.after.subjectId}`}
    order by m.subject_id limit ${ask.limit}`;
};

export interface NewTurn extends Due {
  readonly itemId: string;
  readonly authority: string;
  readonly code: string;
  readonly openedOn: Day;
  readonly dueOn: Day;
  /** Closed at once by a trace. */
  readonly seen: { readonly on: Day; readonly evidence: unknown } | null;
}

/**
 * Opens turns, each with its audit row; returns those that are new. Whoever has one meanwhile is left out by the unique keys (one live turn, one turn a
 * day it counts from), so two steps side by side open nothing twice.
 */
export const insertTurns = async (tx: Tx, turns: readonly NewTurn[], actor: string, at: Date): Promise<readonly Certification[]> => {
  if (turns.length === 0) return [];
  const sql = rawSql(tx);
  const rows = turns.map((t) => ({
    s: t.subjectId,
    i: t.itemId,
    v: t.version,
    r: t.register,
    a: t.authority,
    d: t.division,
    m: t.id,
    c: t.code,
    anchor: t.anchorOn,
    opened: t.openedOn,
    due: t.dueOn,
    state: t.seen === null ? 'open' : 'certified',
    seen: t.seen?.on ?? null,
    how: t.seen === null ? null : 'trace',
    evidence: t.seen?.evidence ?? null,
  }));
  const made = await sql<Certification[]>`
    with made as (
      insert into certification (subject_id, item_id, version, register, authority, division, match_id, code, anchor_on, opened_on, due_on, state, certified_on,
        how, evidence, at)
      select s, i, v, r, a, d, m, c, anchor, opened, due, state, seen, how, nullif(evidence, 'null'), ${at}
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as x(s uuid, i text, v int, r text, a text, d text, m uuid, c text, anchor date, opened date,
        due date, state text, seen date, how text, evidence jsonb) order by s
      on conflict do nothing returning *)
    select ${columns(sql)} from made c`;
  await auditAll(
    tx,
    made.map((c) => ({
      ...{ at, actor, role: 'system', action: 'certification.open', objectKind: 'certification', objectId: c.id },
      after: { state: c.state, itemId: c.itemId, anchorOn: c.anchorOn, dueOn: c.dueOn, certifiedOn: c.certifiedOn, evidence: c.evidence },
    })),
  );
  return made;
};
