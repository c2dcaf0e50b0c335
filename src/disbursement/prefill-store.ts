// What pre-filling reads and writes. Hand-written SQL: chunks are read and written as sets, and a record made twice is refused by its unique keys.
import { auditAll } from '../audit/audit.ts';
import { rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { Item, MatchKind } from '../policy/item.ts';
import { paysMoney } from '../policy/pays-store.ts';
import type { LineKey } from '../settlement/hand-store.ts';
import { isStanding } from '../settlement/queue-store.ts';
import type { Disbursement } from './disbursement.ts';
import { accountColumns } from './store.ts';

interface Versioned {
  readonly itemId: string;
  readonly version: number;
}

/** The published versions these lines were made with, by `<item>@<version>`. */
export const itemsOf = async (tx: Tx, of: readonly Versioned[]): Promise<ReadonlyMap<string, Item>> => {
  const keys = [...new Set(of.map((line) => `${line.itemId}@${line.version}`))];
  const rows = await rawSql(tx)<{ name: string; content: Item }[]>`
    select item_id || '@' || version as name, content from item_version where item_id || '@' || version = any(${keys}::text[])`;
  return new Map(rows.map((row) => [row.name, row.content]));
};

interface Unit {
  readonly subjectId: string;
  readonly itemId: string;
  readonly key: string;
}

/** One person's (or firm's) line of one item, whatever the period: what a person decided about it holds for the periods that follow. */
export const unitKey = (unit: Unit): string => JSON.stringify([unit.subjectId, unit.itemId, unit.key]);

/** Units of which a record of this or an earlier period is held by a person, with the reason. */
export const heldUnits = async (tx: Tx, of: readonly Unit[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await rawSql(tx)<(Unit & { reason: string })[]>`
    select subject_id as "subjectId", item_id as "itemId", key, coalesce(hold_reason, '') as reason
    from disbursement where state = 'held' and subject_id = any(${of.map((unit) => unit.subjectId)}::uuid[])`;
  return new Map(rows.map((row) => [unitKey(row), row.reason]));
};

/**
 * Units that came through the item's first flow once: only they are recipients whom a continuing match spares the review (DESIGN 9). Those of an accepted
 * list, with which the item went live, came through before; of them the whole subject counts.
 */
export const acceptedUnits = async (tx: Tx, of: readonly Unit[]): Promise<ReadonlySet<string>> => {
  const rows = await rawSql(tx)<Unit[]>`
    select distinct subject_id as "subjectId", item_id as "itemId", key from disbursement
    where line_id is not null and state in ('ready', 'paused', 'deceased', 'sealed', 'sent', 'unknown', 'paid', 'returned')
      -- Who died while something was asked of them has not come through.
      and (state <> 'deceased' or flow[step + 1] = 'pay' and cardinality(gaps) = 0)
      and subject_id = any(${of.map((unit) => unit.subjectId)}::uuid[])
    union
    select m.subject_id, m.item_id, x.key from unnest(${of.map((unit) => unit.subjectId)}::uuid[], ${of.map((unit) => unit.itemId)}::text[],
      ${of.map((unit) => unit.key)}::text[]) as x(subject, item, key)
    join match m on m.subject_id = x.subject and m.item_id = x.item and m.evidence ? 'opening'`;
  return new Set(rows.map(unitKey));
};

export interface Stop extends Versioned {
  readonly subjectId: string;
  readonly matchId: string;
  readonly matchKind: MatchKind;
  /** The line that ended while others of its match go on; '' where the whole match does. */
  readonly key: string;
  readonly division: string | null;
  readonly periodKey: string;
  readonly name: string | null;
}

/** A match that suspends or ends, and each line that settlement withdrew while the rest of its match goes on (one of five graduates has left). */
const stopping = (sql: Sql) => sql`
  lateral (
    select '' as key, m.kind where m.kind in ('suspended', 'ended')
    union all
    select l.key, l.state from settlement_line l
    where m.kind in ('changed', 'resumed') and l.subject_id = m.subject_id and l.match_id = m.id and l.key <> '' and l.state in ('suspended', 'ended')
  ) as g
  where (m.item_id, m.version) in (select item_id, version from item_version where ${paysMoney(sql)})
  and exists (select from settled_run s where s.run_id = m.run_id and s.item_id = m.item_id)
  and not exists (select from disbursement d where d.subject_id = m.subject_id and d.match_id = m.id and d.key = g.key)`;

/** Keys of matches that suspend or end, whole or in one line, and have no record yet, after their money was settled. */
export const lookStops = async (tx: Tx, after: LineKey | null, limit: number): Promise<readonly LineKey[]> => {
  const sql = rawSql(tx);
  return await sql<LineKey[]>`
    select distinct m.subject_id as "subjectId", m.id from match m, ${stopping(sql)}
      ${after === null ? sql`` : sql`and (m.subject_id, m.id) > (${after.subjectId}::uuid, ${after.id}::uuid)`}
    order by 1, 2 limit ${limit}`;
};

/** Those of them that still stand and have no record. */
export const takeStops = async (tx: Tx, keys: readonly LineKey[]): Promise<readonly Stop[]> => {
  const sql = rawSql(tx);
  return await sql<Stop[]>`
    select m.subject_id as "subjectId", m.id as "matchId", g.kind as "matchKind", g.key, m.item_id as "itemId", m.version, m.division,
      m.period_key as "periodKey", r.name
    from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as x(subject, id)
    join match m on m.subject_id = x.subject and m.id = x.id
    join record r on r.register = m.register and r.subject_id = m.subject_id,
    ${stopping(sql)} and ${isStanding(sql)}`;
};

const rowOf = (tx: Tx, d: Disbursement) => ({
  id: d.id,
  subject_id: d.subjectId,
  line_id: d.lineId,
  match_id: d.matchId,
  key: d.key,
  part: d.part,
  item_id: d.itemId,
  version: d.version,
  authority: d.authority,
  period_key: d.periodKey,
  division: d.division,
  match_kind: d.matchKind,
  payee_name: d.payeeName,
  payee_subject_id: d.payeeSubjectId,
  ...accountColumns(tx, d.id, d.account),
  bank: d.bank,
  bank_code: d.bankCode,
  amount_fen: String(d.amountFen),
  basis: d.basis,
  statement_text: d.statementText,
  gaps: d.gaps,
  flow: d.flow,
  step: d.step,
  state: d.state,
  held_from: d.heldFrom,
  hold_reason: d.holdReason,
});

/** Inserts the records with event and audit row each; whoever is there already is left alone. Returns those that are new. */
export const insertDisbursements = async (tx: Tx, records: readonly Disbursement[], at: Date): Promise<readonly Disbursement[]> => {
  if (records.length === 0) return [];
  const sql = rawSql(tx);
  const written = await sql<{ id: string }[]>`
    insert into disbursement (id, subject_id, line_id, match_id, key, part, item_id, version, authority, period_key, division, match_kind, payee_name,
      payee_subject_id, account, account_index, bank, bank_code, amount_fen, basis, statement_text, gaps, flow, step, state, held_from, hold_reason, created_at)
    select id, subject_id, line_id, match_id, key, part, item_id, version, authority, period_key, division, match_kind, payee_name, payee_subject_id,
      decode(account, 'base64'), account_index, bank, bank_code, amount_fen, basis, statement_text, gaps, flow, step, state, held_from, hold_reason, ${at}
    from jsonb_to_recordset(${JSON.stringify(records.map((record) => rowOf(tx, record)))}::text::jsonb) as x(id uuid, subject_id uuid, line_id uuid, match_id uuid, key text, part int,
      item_id text, version int, authority text, period_key text, division text, match_kind text, payee_name text, payee_subject_id uuid, account text, account_index text,
      bank text, bank_code text, amount_fen bigint, basis jsonb, statement_text text, gaps text[], flow text[], step int, state text, held_from text, hold_reason text)
    on conflict do nothing returning id`;
  const ids = new Set(written.map((row) => row.id));
  const made = records.filter((record) => ids.has(record.id));
  const events = made.map((d) => ({
    s: d.subjectId,
    d: d.id,
    state: d.state,
    reason: d.holdReason,
    evidence: { matchId: d.matchId, lineId: d.lineId },
  }));
  await sql`
    insert into disbursement_event (subject_id, disbursement_id, from_state, to_state, actor, reason, evidence, at)
    select s, d, null, state, 'step:prefill', reason, evidence, ${at}
    from jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb) as x(s uuid, d uuid, state text, reason text, evidence jsonb)`;
  await auditAll(
    tx,
    made.map((d) => ({
      at,
      actor: 'step:prefill',
      role: 'system',
      action: d.lineId === null ? 'disbursement.stop' : 'disbursement.prefill',
      objectKind: 'disbursement',
      objectId: d.id,
      after: { matchId: d.matchId, lineId: d.lineId, amountFen: String(d.amountFen), gaps: d.gaps, state: d.state },
      reason: d.holdReason,
    })),
  );
  return made;
};
