// Objects that change hands: who holds them now, and what is written when a later event's line gives way to an earlier one. Hand-written SQL: sets.
import { auditAll } from '../audit/audit.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { budgetIdOf } from '../ledger/ledger.ts';
import type { Draft } from './draft-store.ts';
import type { SettledItem } from './queue-store.ts';
import { claimReason } from './reason.ts';
import { claimKeyOf, type Holder, type LineState, type Outcome } from './settlement.ts';

/** Lines that hold what these units ask for; not locked: only under the lane's lock can nobody else take or give one. */
export const holdersOf = async (
  tx: Tx,
  drafts: readonly Draft[],
): Promise<{ readonly subjects: readonly string[]; readonly lines: readonly string[] }> => {
  const wanted = [...new Map(drafts.flatMap((draft) => draft.claims).map((claim) => [claimKeyOf(claim), claim])).values()];
  if (wanted.length === 0) return { subjects: [], lines: [] };
  const rows = await rawSql(tx)<{ subject: string; line: string }[]>`
    select distinct c.subject_id as subject, c.line_id as line
    from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as x(kind text, object text, "group" text, period text)
    join claim c on c.object_kind = x.kind and c.object_id = x.object and c.claim_group = x."group" and c.period_key = x.period
    where c.line_id is not null`;
  return { subjects: rows.map((row) => row.subject), lines: rows.map((row) => row.line) };
};

/** Those of these lines whose money can still be taken back, by id. The lines are locked, `booked` was read after that. */
export const loadHolders = async (
  tx: Tx,
  of: { readonly subjects: readonly string[]; readonly lines: readonly string[] },
  versions: ReadonlyMap<string, SettledItem>,
  booked: ReadonlyMap<string, { readonly amountFen: bigint; readonly reservedFen: bigint }>,
): Promise<ReadonlyMap<string, Holder>> => {
  if (of.lines.length === 0) return new Map();
  const rows = await rawSql(tx)<
    (Omit<Holder, 'item' | 'budgetId'> & { itemId: string; version: number; budgetYear: number; state: LineState })[]
  >`
    select s.id, s.subject_id as "subjectId", s.item_id as "itemId", s.version, s.period_key as "periodKey", s.year, s.key, s.part,
      s.budget_year as "budgetYear", s.order_key as "orderKey", s.state, s.wanted_fen as "wantedFen", s.quota_fen as "quotaFen"
    from unnest(${[...of.subjects]}::uuid[], ${[...of.lines]}::uuid[]) as x(subject, id)
    join settlement_line s on s.subject_id = x.subject and s.id = x.id where s.state in ('granted', 'reduced', 'parked', 'waiting')`;
  return new Map(
    rows.flatMap(({ itemId, version, budgetYear, ...line }) => {
      const money = booked.get(line.id) ?? { amountFen: 0n, reservedFen: 0n };
      const item = versions.get(`${itemId}@${version}`)?.item;
      if (item === undefined || money.amountFen !== money.reservedFen) return [];
      return [[line.id, { ...line, item, budgetId: budgetIdOf(itemId, budgetYear), ...money }]];
    }),
  );
};

/** Before the lines of the outcomes: what gives way is superseded, and a refused line of the same match says why. */
export const writeDisplaced = async (
  tx: Tx,
  outcomes: readonly Outcome[],
  replaced: ReadonlyMap<string, string>,
  at: Date,
): Promise<void> => {
  const rows = outcomes.flatMap((outcome) =>
    outcome.displaces.map((holder) => {
      const reason = claimReason(holder.item, holder.lost);
      return {
        subject: holder.subjectId,
        old: holder.id,
        id: replaced.get(holder.id),
        reason,
        blocked: `claim:${claimKeyOf(holder.lost)}`,
        holder,
      };
    }),
  );
  if (rows.length === 0) return;
  const sql = rawSql(tx);
  const json = JSON.stringify(rows.map(({ holder: _, reason, ...row }) => ({ ...row, reasons: [reason] })));
  await sql`
    update settlement_line s set state = 'superseded', reconsider = false, blocked_on = null
    from jsonb_to_recordset(${json}::text::jsonb) as x(subject uuid, old uuid) where s.subject_id = x.subject and s.id = x.old`;
  await sql`
    insert into settlement_line (id, subject_id, match_id, match_kind, item_id, version, division, authority, period_key, year, budget_year, key, part, gross_fen,
      granted_fen, state, reasons, order_key, blocked_on, created_at)
    select x.id, s.subject_id, s.match_id, s.match_kind, s.item_id, s.version, s.division, s.authority, s.period_key, s.year, s.year, s.key, s.part, s.gross_fen,
      0, 'refused', x.reasons, s.order_key, x.blocked, ${at}
    from jsonb_to_recordset(${json}::text::jsonb) as x(subject uuid, old uuid, id uuid, reasons jsonb, blocked text)
    join settlement_line s on s.subject_id = x.subject and s.id = x.old`;
  await auditAll(
    tx,
    rows.map(({ id, old, reason, holder }) => ({
      at,
      actor: 'step:settle',
      role: 'system',
      action: 'settlement.displaced',
      objectKind: 'settlement_line',
      objectId: id as string,
      before: { line: old, state: holder.state, reservedFen: String(holder.reservedFen) },
      after: { state: 'refused', releasedFen: String(holder.reservedFen) },
      reason: reason.text,
    })),
  );
};
