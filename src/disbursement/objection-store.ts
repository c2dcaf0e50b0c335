// Objections: filed, read, decided. Hand-written SQL; whoever objected rests sealed. The caller holds the lock of the record it speaks of.
import { auditAll } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { type Page, pageOf, placeOf } from '../base/page.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { Withdrawal } from '../settlement/withdraw-store.ts';
import { type Objector, sealObjector } from '../vault/objector.ts';
import type { Disbursement } from './disbursement.ts';
import type { Actor } from './store.ts';

export const objectionStates = { open: '等复核', upheld: '成立', rejected: '不成立', moot: '已了结' } as const;
export type ObjectionState = keyof typeof objectionStates;
export const objectionKinds = { public: '公示异议', own: '本人异议', human: '请工作人员重新看' } as const;
export type ObjectionKind = keyof typeof objectionKinds;
/** What a person is asked to look at again: a no, a not yet, or how much. */
export type HumanAbout = 'ineligible' | 'undetermined' | 'amount';

export interface Objection {
  readonly id: string;
  readonly subjectId: string;
  /** null: a `human` one about something that gave no record. */
  readonly disbursementId: string | null;
  readonly itemId: string;
  /** Of `human` alone. */
  readonly version: number | null;
  readonly periodKey: string | null;
  readonly about: HumanAbout | null;
  readonly authority: string;
  readonly division: string | null;
  readonly kind: ObjectionKind;
  readonly text: string;
  readonly document: string | null;
  readonly state: ObjectionState;
  readonly filedBy: string;
  readonly filedAt: Date;
  readonly dueOn: Day | null;
  readonly publicFrom: Day | null;
  readonly publicTo: Day | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
}

const columns = (sql: Sql) => sql`
  o.id, o.subject_id as "subjectId", o.disbursement_id as "disbursementId", o.item_id as "itemId", o.version, o.period_key as "periodKey", o.about,
  o.authority, o.division, o.kind, o.text, o.document,
  o.state, o.filed_by as "filedBy", o.filed_at as "filedAt", o.due_on as "dueOn", o.public_from as "publicFrom", o.public_to as "publicTo",
  o.decided_by as "decidedBy", o.decided_at as "decidedAt", o.reason`;

export interface NewObjection {
  readonly id: string;
  readonly kind: ObjectionKind;
  readonly version?: number;
  readonly periodKey?: string;
  readonly about?: HumanAbout;
  readonly objector: Objector;
  readonly text: string;
  readonly document: string | null;
  readonly dueOn: Day | null;
  readonly publicFrom: Day | null;
  readonly publicTo: Day | null;
}

/** Whom it is about; `id` null where there is no record. */
type About = Pick<Disbursement, 'subjectId' | 'itemId' | 'authority' | 'division'> & { readonly id: string | null };

export const insertObjection = async (tx: Tx, record: About, one: NewObjection, actor: Actor, at: Date): Promise<void> => {
  const sealed = sealObjector(tx, one.id, one.objector);
  await rawSql(tx)`
    insert into objection (id, subject_id, disbursement_id, item_id, version, period_key, about, authority, division, kind, objector, text, document, state, filed_by, filed_at, due_on,
      public_from, public_to)
    values (${one.id}, ${record.subjectId}, ${record.id}, ${record.itemId}, ${one.version ?? null}, ${one.periodKey ?? null}, ${one.about ?? null}, ${record.authority},
      ${record.division}, ${one.kind}, ${sealed}, ${one.text},
      ${one.document}, 'open', ${actor.id}, ${at}, ${one.dueOn}, ${one.publicFrom}, ${one.publicTo})`;
  await auditAll(tx, [
    {
      at,
      actor: actor.id,
      role: actor.role,
      action: 'objection.file',
      objectKind: 'objection',
      objectId: one.id,
      after: {
        disbursement: record.id,
        kind: one.kind,
        dueOn: one.dueOn,
        ...(one.about === undefined ? {} : { about: one.about, itemId: record.itemId }),
      },
    },
  ]);
};

/** Against the record itself; a request that a person looks at an amount stops nothing and is not among them. */
export const openObjections = async (tx: Tx, disbursementId: string): Promise<readonly Objection[]> => {
  const sql = rawSql(tx);
  return await sql<
    Objection[]
  >`select ${columns(sql)} from objection o where o.disbursement_id = ${disbursementId} and o.kind <> 'human' and o.state = 'open' order by o.filed_at`;
};

/** Ends objections, each audited; those that are no longer open are left alone. */
export const endObjections = async (
  tx: Tx,
  ids: readonly string[],
  to: Exclude<ObjectionState, 'open'>,
  reason: string,
  actor: Actor,
  at: Date,
): Promise<void> => {
  if (ids.length === 0) return;
  const ended = await rawSql(tx)<{ id: string }[]>`
    update objection set state = ${to}, decided_by = ${actor.id}, decided_at = ${at}, reason = ${reason}
    where id = any(${[...ids]}::uuid[]) and state = 'open' returning id`;
  await auditAll(
    tx,
    ended.map(({ id }) => ({
      at,
      actor: actor.id,
      role: actor.role,
      action: `objection.${to}`,
      objectKind: 'objection',
      objectId: id,
      before: { state: 'open' },
      after: { state: to },
      reason,
    })),
  );
};

const scoped = { authority: 'o.authority', division: 'o.division', item: 'o.item_id' } as const;

/** `missing.objection` where there is none within the scope. */
export const objectionById = async (reader: Db | Tx, id: string, scope: Scope): Promise<Objection> => {
  const sql = rawSql(reader);
  const [row] = await sql<Objection[]>`select ${columns(sql)} from objection o where o.id = ${id} ${inScope(sql, scope, scoped)}`;
  return row ?? fail('missing.objection', id, '没有这件异议，或者不在您的范围内。', '从列表进入。');
};

/** One objection, locked until the transaction ends: of a `human` one nothing else is. */
export const lockObjection = async (tx: Tx, id: string, scope: Scope): Promise<Objection> => {
  const sql = rawSql(tx);
  const [row] = await sql<
    Objection[]
  >`select ${columns(sql)} from objection o where o.id = ${id} ${inScope(sql, scope, scoped)} for update`;
  return row ?? fail('missing.objection', id, '没有这件异议，或者不在您的范围内。', '从列表进入。');
};

/** The open request about one item and period of a subject; null: none. */
export const openHuman = async (reader: Db | Tx, subjectId: string, itemId: string, periodKey: string): Promise<Objection | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Objection[]>`
    select ${columns(sql)} from objection o
    where o.subject_id = ${subjectId} and o.item_id = ${itemId} and o.period_key = ${periodKey} and o.kind = 'human' and o.state = 'open'`;
  return row ?? null;
};

/** The register a subject stands in; `citizen` for whoever has left it since. */
export const registerOf = async (tx: Tx, subjectId: string): Promise<string> => {
  const [row] = await rawSql(tx)<{ register: string }[]>`select register from record where subject_id = ${subjectId} limit 1`;
  return row?.register ?? 'citizen';
};

/** Whoever hands in more than one thing at once does so one after the other: what is counted of theirs stays so until the transaction ends. */
export const lockFiling = async (tx: Tx, whose: string): Promise<void> => {
  await rawSql(tx)`select pg_advisory_xact_lock(hashtextextended(${`objection.file.${whose}`}, 0))`;
};

/** How many of one kind are still open of those about one subject, or of those one person handed in. */
export const countOpen = async (
  tx: Tx,
  kind: ObjectionKind,
  of: { readonly subjectId: string } | { readonly filedBy: string },
): Promise<number> => {
  const sql = rawSql(tx);
  const whose = 'subjectId' in of ? sql`o.subject_id = ${of.subjectId}` : sql`o.filed_by = ${of.filedBy}`;
  const [row] = await sql<
    { n: number }[]
  >`select count(*)::int as n from objection o where o.kind = ${kind} and o.state = 'open' and ${whose}`;
  return row?.n ?? 0;
};

/** Newest first, within the scope; without who objected. */
export const listObjections = async (
  reader: Db | Tx,
  ask: {
    readonly scope: Scope;
    readonly state?: ObjectionState;
    readonly disbursementId?: string;
    readonly subjectId?: string;
    readonly kind?: ObjectionKind;
    /** Those whom this one handed in, whomever they are about. */
    readonly filedBy?: string;
    readonly after?: string | null;
    readonly limit: number;
  },
): Promise<Page<Objection>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const rows = await sql<Objection[]>`
    select ${columns(sql)} from objection o where true ${inScope(sql, ask.scope, scoped)}
      ${ask.state === undefined ? sql`` : sql`and o.state = ${ask.state}`}
      ${ask.disbursementId === undefined ? sql`` : sql`and o.disbursement_id = ${ask.disbursementId}`}
      ${ask.subjectId === undefined ? sql`` : sql`and o.subject_id = ${ask.subjectId}`}
      ${ask.kind === undefined ? sql`` : sql`and o.kind = ${ask.kind}`}
      ${ask.filedBy === undefined ? sql`` : sql`and o.filed_by = ${ask.filedBy}`}
      ${place === null ? sql`` : sql`and (o.filed_at, o.id) < (${place.at}, ${place.id}::uuid)`}
    order by o.filed_at desc, o.id desc limit ${ask.limit + 1}`;
  return pageOf(rows, ask.limit, (row) => ({ at: row.filedAt, id: row.id }));
};

/**
 * Lines of one unit that people had refused, of this period and of those that ended later: what an objection that proves right brings back. Lines that the
 * person gave up are not among them.
 */
export const refusedLines = async (tx: Tx, record: Disbursement): Promise<readonly Omit<Withdrawal, 'reason'>[]> =>
  await rawSql(tx)<Omit<Withdrawal, 'reason'>[]>`
    select distinct s.id, s.subject_id as "subjectId", s.item_id as "itemId" from disbursement d
    join settlement_line s on s.subject_id = d.subject_id and s.id = d.line_id and s.state = 'withdrawn'
    where d.subject_id = ${record.subjectId} and d.item_id = ${record.itemId} and d.key = ${record.key} and d.state = 'closed'
      and (d.id = ${record.id} or d.period_key > ${record.periodKey})
      and exists (select from disbursement_event e where e.disbursement_id = d.id and e.to_state = 'closed' and e.evidence ->> 'decision' = 'refuse')
    order by 1`;
