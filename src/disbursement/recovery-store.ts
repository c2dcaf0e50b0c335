// Recoveries: what settlement found over-paid, cases, what came back. Hand-written SQL: what is over-paid is a sum over lines and postings.
import { audit, auditAll } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { type Page, pageOf, placeOf } from '../base/page.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { Actor } from './store.ts';

export interface Recovery {
  readonly id: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly version: number;
  readonly matchId: string;
  readonly authority: string;
  readonly division: string | null;
  readonly periodKey: string;
  readonly key: string;
  readonly year: number;
  readonly amountFen: bigint;
  readonly settledFen: bigint;
  readonly reason: string | null;
  readonly clause: string | null;
  readonly state: 'proposed' | 'open' | 'closed' | 'dropped';
  readonly foundAt: Date;
  readonly tellBy: Day | null;
  readonly openedBy: string | null;
  readonly openedAt: Date | null;
  readonly dueOn: Day | null;
  readonly closedAt: Date | null;
  readonly revision: number;
}

export const recoveryColumns = (sql: Sql) => sql`
  c.id, c.subject_id as "subjectId", c.item_id as "itemId", c.version, c.match_id as "matchId", c.authority, c.division, c.period_key as "periodKey", c.key,
  c.year, c.amount_fen as "amountFen", c.settled_fen as "settledFen", c.reason, c.clause, c.state, c.found_at as "foundAt", c.tell_by as "tellBy",
  c.opened_by as "openedBy", c.opened_at as "openedAt", c.due_on as "dueOn", c.closed_at as "closedAt", c.revision`;

const scoped = { authority: 'c.authority', division: 'c.division', item: 'c.item_id' } as const;

/** What a case will be about, before there is one. */
export type Overpaid = Pick<
  Recovery,
  'subjectId' | 'itemId' | 'version' | 'matchId' | 'authority' | 'division' | 'periodKey' | 'key' | 'year' | 'amountFen'
>;

/** What reached an account and was not due, less what a person has dropped or written off, where no case is open and the proposal does not say so already. */
export const lookOverpaid = async (tx: Tx, limit: number): Promise<readonly Overpaid[]> => {
  const sql = rawSql(tx);
  return await sql<Overpaid[]>`
    select * from (
      select s.subject_id as "subjectId", s.item_id as "itemId", s.version, s.match_id as "matchId", s.authority, s.division, s.period_key as "periodKey", s.key,
        s.year, least(s.recover_fen, (
          select coalesce(sum(p.amount_fen), 0) from posting p where p.subject_id = s.subject_id and p.item_id = s.item_id and p.period_key = s.period_key
            and p.object_key = s.key and p.line_id is not null and p.account like 'budget:%:paid'
        )) - coalesce((
          select sum(case when c.state = 'dropped' then c.amount_fen - c.settled_fen else (
            select coalesce(sum(e.amount_fen), 0) from recovery_entry e where e.recovery_id = c.id and e.kind = 'written-off') end)
          from recovery c where c.subject_id = s.subject_id and c.item_id = s.item_id and c.period_key = s.period_key and c.key = s.key
            and c.state in ('dropped', 'closed') and c.opened_by is not null
        ), 0)::bigint as "amountFen"
      from settlement_line s
      where s.recover_fen > 0 and s.state <> 'superseded'
        and not exists (select from recovery c where c.subject_id = s.subject_id and c.item_id = s.item_id and c.period_key = s.period_key and c.key = s.key
          and (c.state = 'open' or (c.state = 'dropped' and c.opened_by is null and c.match_id = s.match_id and c.reason is not null)))
    ) x where x."amountFen" > 0
      and not exists (select from recovery c where c.subject_id = x."subjectId" and c.item_id = x."itemId" and c.period_key = x."periodKey" and c.key = x.key
        and c.state = 'proposed' and c.amount_fen = x."amountFen")
    order by x."subjectId", x."itemId", x."periodKey", x.key limit ${limit}`;
};

/** Writes proposals, or their new amount; those a person has opened meanwhile are left alone. Returns how many were written. */
export const insertProposals = async (
  tx: Tx,
  rows: readonly (Overpaid & { readonly id: string; readonly tellBy: Day | null })[],
  at: Date,
): Promise<number> => {
  if (rows.length === 0) return 0;
  const given = rows.map((row) => ({ ...row, amountFen: String(row.amountFen) }));
  const written = await rawSql(tx)<{ id: string; amountFen: bigint }[]>`
    insert into recovery (id, subject_id, item_id, version, match_id, authority, division, period_key, key, year, amount_fen, state, found_at, tell_by)
    select id, "subjectId", "itemId", version, "matchId", authority, division, "periodKey", key, year, "amountFen", 'proposed', ${at}, "tellBy"
    from jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) as x(id uuid, "subjectId" uuid, "itemId" text, version int, "matchId" uuid, authority text,
      division text, "periodKey" text, key text, year int, "amountFen" bigint, "tellBy" date)
    on conflict (subject_id, item_id, period_key, key) where state in ('proposed', 'open')
      do update set amount_fen = excluded.amount_fen, match_id = excluded.match_id, version = excluded.version, revision = recovery.revision + 1
      where recovery.state = 'proposed'
    returning id, amount_fen as "amountFen"`;
  await auditAll(
    tx,
    written.map(({ id, amountFen }) => ({
      at,
      actor: 'step:recover',
      role: 'system',
      action: 'recovery.propose',
      objectKind: 'recovery',
      objectId: id,
      after: { amountFen: String(amountFen) },
    })),
  );
  return written.length;
};

/** Proposals for which nothing is over-paid any more: taken away by the machine, because nothing was asked of anybody. */
export const dropGone = async (tx: Tx, at: Date): Promise<number> => {
  const rows = await rawSql(tx)<{ id: string }[]>`
    update recovery c set state = 'dropped', closed_at = ${at} where c.state = 'proposed' and not exists (
      select from settlement_line s where s.subject_id = c.subject_id and s.item_id = c.item_id and s.period_key = c.period_key and s.key = c.key
        and s.recover_fen > 0 and s.state <> 'superseded') returning c.id`;
  await auditAll(
    tx,
    rows.map(({ id }) => ({
      at,
      actor: 'step:recover',
      role: 'system',
      action: 'recovery.gone',
      objectKind: 'recovery',
      objectId: id,
      after: { state: 'dropped' },
      reason: '重新核定后没有多发。',
    })),
  );
  return rows.length;
};

/** Locked; `missing.recovery` where there is none within the scope. */
export const lockRecovery = async (tx: Tx, id: string, scope: Scope): Promise<Recovery> => {
  const sql = rawSql(tx);
  const [row] = await sql<
    Recovery[]
  >`select ${recoveryColumns(sql)} from recovery c where c.id = ${id} ${inScope(sql, scope, scoped)} for update`;
  return row ?? fail('missing.recovery', id, '没有这件追回，或者不在您的范围内。', '从列表进入。');
};

export type RecoveryChange = Partial<
  Pick<Recovery, 'state' | 'reason' | 'clause' | 'dueOn' | 'openedBy' | 'openedAt' | 'closedAt' | 'settledFen'>
>;

/** The caller holds the lock. */
export const updateRecovery = async (
  tx: Tx,
  one: Recovery,
  change: RecoveryChange,
  action: string,
  actor: Actor,
  at: Date,
  reason: string | null = change.reason ?? null,
): Promise<void> => {
  const to = { ...one, ...change };
  await rawSql(tx)`
    update recovery set state = ${to.state}, reason = ${to.reason}, clause = ${to.clause}, due_on = ${to.dueOn}, opened_by = ${to.openedBy},
      opened_at = ${to.openedAt}, closed_at = ${to.closedAt}, settled_fen = ${to.settledFen}, revision = revision + 1 where id = ${one.id}`;
  await audit(tx, {
    at,
    actor: actor.id,
    role: actor.role,
    action,
    objectKind: 'recovery',
    objectId: one.id,
    before: { state: one.state, settledFen: String(one.settledFen), dueOn: one.dueOn },
    after: { state: to.state, settledFen: String(to.settledFen), dueOn: to.dueOn },
    reason,
  });
};

export interface Part {
  readonly kind: 'paid' | 'written-off' | 'offset';
  readonly amountFen: bigint;
  readonly reference: string;
  readonly dedupe: string;
}

/** False where the same receipt is written already; `conflict.posted` where it was over another amount. */
export const insertEntry = async (tx: Tx, one: Recovery, part: Part, actor: Actor, at: Date): Promise<boolean> => {
  const sql = rawSql(tx);
  const rows = await sql`
    insert into recovery_entry (recovery_id, kind, amount_fen, reference, dedupe, actor, at)
    values (${one.id}, ${part.kind}, ${part.amountFen}, ${part.reference}, ${part.dedupe}, ${actor.id}, ${at}) on conflict (dedupe) do nothing returning id`;
  if (rows.length > 0) return true;
  const [known] = await sql<{ amountFen: bigint }[]>`select amount_fen as "amountFen" from recovery_entry where dedupe = ${part.dedupe}`;
  if (known?.amountFen !== part.amountFen)
    fail('conflict.posted', '/reference', '这张收据已经入账，金额与这次不同。', '请核对收据号和金额。');
  return false;
};

/** What reached an account for the case's unit, by settled line: the newest part first, which is what was not due. */
export const paidLines = async (
  tx: Tx,
  one: Recovery,
): Promise<readonly { readonly lineId: string; readonly paidFen: bigint; readonly year: number }[]> =>
  await rawSql(tx)<{ lineId: string; paidFen: bigint; year: number }[]>`
    select p.line_id as "lineId", sum(p.amount_fen)::bigint as "paidFen", p.year from posting p
    join settlement_line s on s.subject_id = p.subject_id and s.id = p.line_id
    where p.subject_id = ${one.subjectId} and p.item_id = ${one.itemId} and p.period_key = ${one.periodKey} and p.object_key = ${one.key}
      and p.account like 'budget:%:paid'
    group by p.line_id, p.year, s.part having sum(p.amount_fen) > 0 order by s.part desc, p.line_id`;

export const setPlan = async (
  tx: Tx,
  one: Recovery,
  plan: readonly { readonly dueOn: Day; readonly amountFen: bigint }[],
): Promise<void> => {
  const sql = rawSql(tx);
  await sql`delete from recovery_plan where recovery_id = ${one.id}`;
  for (const [i, part] of plan.entries())
    await sql`insert into recovery_plan (recovery_id, position, due_on, amount_fen) values (${one.id}, ${i + 1}, ${part.dueOn}, ${part.amountFen})`;
};

export interface WriteOff {
  readonly id: string;
  readonly askedBy: string;
  readonly firstBy: string | null;
  readonly state: 'asked' | 'approved' | 'refused';
}

export const openWriteOff = async (tx: Tx, recoveryId: string): Promise<WriteOff | null> => {
  const [row] = await rawSql(tx)<WriteOff[]>`
    select id, asked_by as "askedBy", first_by as "firstBy", state from write_off where recovery_id = ${recoveryId} and state = 'asked' for update`;
  return row ?? null;
};

export interface AskedWriteOff extends WriteOff {
  readonly recoveryId: string;
  readonly amountFen: bigint;
  readonly reason: string;
  readonly askedAt: Date;
}

/** Those that wait for people to decide, of these recoveries. */
export const askedWriteOffs = async (reader: Db | Tx, recoveryIds: readonly string[]): Promise<readonly AskedWriteOff[]> =>
  recoveryIds.length === 0
    ? []
    : rawSql(reader)<AskedWriteOff[]>`
    select id, asked_by as "askedBy", first_by as "firstBy", state, recovery_id as "recoveryId", amount_fen as "amountFen", reason, asked_at as "askedAt"
    from write_off where recovery_id = any(${[...recoveryIds]}::uuid[]) and state = 'asked'`;

const auditWriteOff = (tx: Tx, id: string, action: string, actor: Actor, at: Date, reason: string | null) =>
  audit(tx, { at, actor: actor.id, role: actor.role, action, objectKind: 'write_off', objectId: id, reason });

/** `conflict.write-off` where one is asked for already. */
export const insertWriteOff = async (tx: Tx, one: Recovery, reason: string, actor: Actor, at: Date): Promise<string> => {
  const [row] = await rawSql(tx)<{ id: string }[]>`
    insert into write_off (recovery_id, amount_fen, reason, state, asked_by, asked_at)
    values (${one.id}, ${one.amountFen - one.settledFen}, ${reason}, 'asked', ${actor.id}, ${at}) on conflict do nothing returning id`;
  if (row === undefined) return fail('conflict.write-off', one.id, '已有一件核销在审批。', '请先审批。');
  await auditWriteOff(tx, row.id, 'write-off.ask', actor, at, reason);
  return row.id;
};

export const approveWriteOff = async (
  tx: Tx,
  asked: WriteOff,
  decision: 'approve' | 'refuse',
  actor: Actor,
  at: Date,
): Promise<WriteOff['state']> => {
  const state = decision === 'refuse' ? 'refused' : asked.firstBy === null ? 'asked' : 'approved';
  const [first, second] = asked.firstBy === null ? [actor.id, null] : [asked.firstBy, actor.id];
  await rawSql(tx)`
    update write_off set state = ${state}, first_by = ${first}, second_by = ${second}, decided_at = ${state === 'asked' ? null : at} where id = ${asked.id}`;
  await auditWriteOff(tx, asked.id, `write-off.${decision}`, actor, at, null);
  return state;
};

/** Newest first, within the scope. */
export const listRecoveries = async (
  reader: Db | Tx,
  ask: {
    readonly scope: Scope;
    readonly state?: Recovery['state'];
    readonly subjectId?: string;
    readonly after?: string | null;
    readonly limit: number;
  },
): Promise<Page<Recovery>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const rows = await sql<Recovery[]>`
    select ${recoveryColumns(sql)} from recovery c where true ${inScope(sql, ask.scope, scoped)}
      ${ask.state === undefined ? sql`` : sql`and c.state = ${ask.state}`}
      ${ask.subjectId === undefined ? sql`` : sql`and c.subject_id = ${ask.subjectId}`}
      ${place === null ? sql`` : sql`and (c.found_at, c.id) < (${place.at}, ${place.id}::uuid)`}
    order by c.found_at desc, c.id desc limit ${ask.limit + 1}`;
  return pageOf(rows, ask.limit, (row) => ({ at: row.foundAt, id: row.id }));
};
