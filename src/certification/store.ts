// Turns of certification: the live ones, their moves, visits, lists. Hand-written SQL: chunks are read as sets. Lock order: certification, then records.
import { auditAll } from '../audit/audit.ts';
import { type Day, dayText } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { Certify } from '../policy/certify.ts';
import { isStanding } from '../settlement/queue-store.ts';
import { type CertificationState, keepingBack, liveStates, type Mover, requireMove } from './certification.ts';

export interface Certification {
  readonly id: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly version: number;
  readonly register: string;
  readonly authority: string;
  readonly division: string | null;
  readonly matchId: string;
  readonly code: string;
  readonly anchorOn: Day;
  readonly openedOn: Day;
  readonly dueOn: Day;
  readonly visitFrom: Day | null;
  readonly suspendedOn: Day | null;
  readonly reminded: number;
  readonly state: CertificationState;
  readonly certifiedOn: Day | null;
  readonly how: string | null;
  readonly evidence: unknown;
  readonly decidedBy: string | null;
  readonly revision: number;
}

export const columns = (sql: Sql) => sql`
  c.id, c.subject_id as "subjectId", c.item_id as "itemId", c.version, c.register, c.authority, c.division, c.match_id as "matchId", c.code,
  c.anchor_on as "anchorOn", c.opened_on as "openedOn", c.due_on as "dueOn", c.visit_from as "visitFrom", c.suspended_on as "suspendedOn", c.reminded, c.state,
  c.certified_on as "certifiedOn", c.how, c.evidence, c.decided_by as "decidedBy", c.revision`;

export interface TurnKey {
  readonly subjectId: string;
  readonly id: string;
}

/** Keys of the live turns of an item. */
export const lookLive = async (tx: Tx, itemId: string, after: TurnKey | null, limit: number): Promise<readonly TurnKey[]> => {
  const sql = rawSql(tx);
  return await sql<TurnKey[]>`
    select c.subject_id as "subjectId", c.id from certification c where c.item_id = ${itemId} and c.state = any(${[...liveStates]}::text[])
      ${after === null ? sql`` : sql`and (c.subject_id, c.id) > (${after.subjectId}::uuid, ${after.id}::uuid)`}
    order by c.subject_id, c.id limit ${limit}`;
};

export interface LiveTurn extends Certification {
  readonly reachedOn: Day | null;
  readonly entitled: boolean;
  /** A person has ordered the stop. */
  readonly stopped: boolean;
}

/**
 * Those of them that are still live, locked; those somebody else has are passed over. Locked first, judged in a second statement, which sees what was
 * committed meanwhile (notices, visits, matches).
 */
export const takeLive = async (
  tx: Tx,
  keys: readonly TurnKey[],
  ask: { readonly periodKey: string; readonly today: Day },
): Promise<readonly LiveTurn[]> => {
  const sql = rawSql(tx);
  const given = sql`unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as k(subject, id)`;
  const locked = await sql<{ id: string }[]>`
    select c.id from ${given} join certification c on c.subject_id = k.subject and c.id = k.id for update of c skip locked`;
  return await sql<LiveTurn[]>`
    select ${columns(sql)},
      (select min(x.on_day)::text from (
        select least((n.sent_at at time zone 'Asia/Shanghai')::date, ${ask.today}::date) as on_day from owed_notice o join notice n on n.id = o.notice_id
          where o.subject_id = c.subject_id and o.item_id = c.item_id and o.template in ('certify', 'certify-reminder') and o.at >= c.at and (n.state = 'delivered' or (n.state = 'sent' and n.channel <> 'inbox'))
        union all
        select v.visited_on from certification_visit v where v.subject_id = c.subject_id and v.certification_id = c.id and v.result = 'not-met') x) as "reachedOn",
      exists (select from match m where m.subject_id = c.subject_id and m.item_id = c.item_id and m.period_key = ${ask.periodKey}
        and m.verdict <> 'ineligible' and ${isStanding(sql)}) as entitled,
      exists (select from stop_order o where o.subject_id = c.subject_id and o.item_id = c.item_id and o.state = 'standing') as stopped
    from ${given} join certification c on c.subject_id = k.subject and c.id = k.id
    where c.id = any(${locked.map((row) => row.id)}::uuid[]) and c.state = any(${[...liveStates]}::text[])`;
};

export interface TurnMove {
  readonly turn: Certification;
  readonly to: CertificationState;
  /** `certification.<verb>` of the audit row. */
  readonly verb: string;
  readonly change?: Partial<
    Pick<Certification, 'dueOn' | 'visitFrom' | 'suspendedOn' | 'reminded' | 'certifiedOn' | 'how' | 'evidence' | 'decidedBy'>
  >;
  readonly reason?: string | null;
}

/** Moves one turn by its table, with its audit row; `conflict.changed` when it has moved on since it was read. Returns it as it is now. */
export const moveTurn = async (
  tx: Tx,
  move: TurnMove,
  by: { readonly id: string; readonly role: string; readonly mover: Mover },
  at: Date,
): Promise<Certification> => {
  const { turn, to, change = {} } = move;
  if (to !== turn.state) requireMove(turn.state, to, by.mover);
  const sql = rawSql(tx);
  const now: Certification = { ...turn, ...change, state: to, revision: turn.revision + 1 };
  const moved = await sql`
    update certification set state = ${to}, due_on = ${now.dueOn}, visit_from = ${now.visitFrom}, suspended_on = ${now.suspendedOn}, reminded = ${now.reminded},
      certified_on = ${now.certifiedOn}, how = ${now.how}, evidence = ${now.evidence === null ? null : JSON.stringify(now.evidence)}::text::jsonb,
      decided_by = ${now.decidedBy}, revision = ${now.revision}
    where subject_id = ${turn.subjectId} and id = ${turn.id} and revision = ${turn.revision} returning id`;
  if (moved.length === 0) fail('conflict.changed', turn.id, '这次资格认证刚被别人改动，您的操作没有写入。', '请刷新后再办。');
  await auditAll(tx, [
    {
      ...{ at, actor: by.id, role: by.role, action: `certification.${move.verb}`, objectKind: 'certification', objectId: turn.id },
      before: { state: turn.state, dueOn: turn.dueOn },
      after: { state: to, ...change },
      reason: move.reason ?? null,
    },
  ]);
  return now;
};

const scoped = { authority: 'c.authority', division: 'c.division', item: 'c.item_id' } as const;

/** By the code on the visit list, or by id, locked; null: none within the scope. A code somebody else has by chance is told apart by nobody, so it is none. */
export const lockTurn = async (
  tx: Tx,
  by: { readonly code: string } | { readonly id: string },
  scope: Scope,
): Promise<Certification | null> => {
  const sql = rawSql(tx);
  const rows = await sql<Certification[]>`
    select ${columns(sql)} from certification c where ${'code' in by ? sql`c.code = ${by.code}` : sql`c.id = ${by.id}`} ${inScope(sql, scope, scoped)}
    order by c.subject_id, c.id for update of c`;
  return rows.length === 1 ? (rows[0] ?? null) : null;
};

export interface Visit {
  readonly result: string;
  readonly way: string;
  readonly visitedOn: Day;
  readonly visitor: string;
  readonly note: string | null;
  readonly document: string | null;
  readonly diedOn: Day | null;
}

/** False when this visit was written down before. */
export const insertVisit = async (
  tx: Tx,
  turn: Certification,
  visit: Visit,
  actor: { readonly id: string; readonly role: string },
  at: Date,
): Promise<boolean> => {
  const rows = await rawSql(tx)`
    insert into certification_visit (subject_id, certification_id, result, way, visited_on, visitor, note, document, died_on, actor, role, at)
    values (${turn.subjectId}, ${turn.id}, ${visit.result}, ${visit.way}, ${visit.visitedOn}, ${visit.visitor}, ${visit.note}, ${visit.document}, ${visit.diedOn},
      ${actor.id}, ${actor.role}, ${at})
    on conflict do nothing returning id`;
  return rows.length > 0;
};

export interface Listed extends Certification {
  readonly title: string;
  readonly name: string | null;
  readonly key: string;
  /** The last visit that did not end it. */
  readonly lastResult: string | null;
  readonly lastVisitOn: Day | null;
  readonly pausedFen: bigint;
  readonly pausedCount: number;
}

export interface ListAsk {
  readonly scope: Scope;
  readonly states: readonly CertificationState[];
  readonly itemId?: string | undefined;
  /** Prefix of the division's code. */
  readonly prefix?: string | undefined;
  readonly after?: TurnKey | null;
  readonly limit: number;
}

/** Turns with whom they are about, by village; the money kept back with them. */
export const listTurns = async (reader: Db | Tx, ask: ListAsk): Promise<readonly Listed[]> => {
  const sql = rawSql(reader);
  return await sql<Listed[]>`
    select ${columns(sql)}, v.content ->> 'title' as title, r.name, r.key, l.result as "lastResult", l.visited_on as "lastVisitOn",
      coalesce(p.fen, 0)::bigint as "pausedFen", coalesce(p.n, 0)::int as "pausedCount"
    from certification c
    join item_version v on v.item_id = c.item_id and v.version = c.version
    join record r on r.register = c.register and r.subject_id = c.subject_id
    left join lateral (select z.result, z.visited_on from certification_visit z where z.subject_id = c.subject_id and z.certification_id = c.id
      order by z.id desc limit 1) l on true
    left join lateral (select sum(d.amount_fen) as fen, count(*) as n from disbursement d where d.subject_id = c.subject_id and d.item_id = c.item_id
      and d.state = 'paused') p on true
    where c.state = any(${[...ask.states]}::text[]) ${inScope(sql, ask.scope, scoped)}
      ${ask.itemId === undefined ? sql`` : sql`and c.item_id = ${ask.itemId}`}
      ${ask.prefix === undefined ? sql`` : sql`and starts_with(c.division, ${ask.prefix})`}
    order by c.division nulls last, c.due_on, c.subject_id, c.item_id limit ${ask.limit}`;
};

/** Of these subjects and items those whose payments are kept back, with the reason; by `subject\nitem`. */
export const keptBack = async (
  tx: Tx,
  of: readonly { readonly subjectId: string; readonly itemId: string }[],
): Promise<ReadonlyMap<string, string>> => {
  const rows = await rawSql(tx)<{ subjectId: string; itemId: string; state: string; dueOn: string }[]>`
    select c.subject_id as "subjectId", c.item_id as "itemId", c.state, c.due_on::text as "dueOn" from certification c
    where c.subject_id = any(${[...new Set(of.map((one) => one.subjectId))]}::uuid[]) and c.state = any(${[...keepingBack]}::text[])`;
  return new Map(rows.map((row) => [`${row.subjectId}\n${row.itemId}`, keptBackReason(row.state, row.dueOn)]));
};

export const keptBackReason = (state: string, dueOn: string): string =>
  state === 'deceased' ? '资格认证核查本人已去世，等人处理，暂停发放。' : `资格认证到${dayText(dueOn)}没有办，暂停发放；认证后补发。`;

/** A live turn as the person sees it. */
export interface OwnTurn extends Certification {
  readonly title: string;
  readonly terms: Certify | null;
  readonly pausedFen: bigint;
}

/** The live turns of one subject, first due first. */
export const turnsOf = async (db: Db, subjectId: string): Promise<readonly OwnTurn[]> => {
  const sql = rawSql(db);
  return await sql<OwnTurn[]>`
    select ${columns(sql)}, v.content ->> 'title' as title, v.content -> 'certify' as terms, (select coalesce(sum(d.amount_fen), 0)::bigint from disbursement d
      where d.subject_id = c.subject_id and d.item_id = c.item_id and d.state = 'paused') as "pausedFen"
    from certification c join item_version v on v.item_id = c.item_id and v.version = c.version
    where c.subject_id = ${subjectId} and c.state = any(${[...liveStates]}::text[]) order by c.due_on, c.id`;
};
