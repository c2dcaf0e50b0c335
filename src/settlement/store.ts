// Loads the world a chunk is settled in and writes its outcomes. Hand-written SQL: a chunk is a handful of set-based statements whatever its
// size, and locks are taken in one order (lane, claims, budgets, lines).
import { auditAll } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { budgetIdOf, move, type PromiseRow, type Transaction } from '../ledger/ledger.ts';
import { lockAvailable, openBudgets, post, promises } from '../ledger/store.ts';
import type { Item } from '../policy/item.ts';
import { noteAnew } from './anew-store.ts';
import { writeDisplaced } from './displace-store.ts';
import { isCollecting } from './offer.ts';
import type { RunPair } from './queue-store.ts';
import { fenOf } from './reason.ts';
import type { Resolved } from './resolve.ts';
import {
  type BudgetState,
  type Claim,
  claimKeyOf,
  type Holder,
  type Outcome,
  type PriorLine,
  type Promised,
  type Unit,
} from './settlement.ts';

export interface Booked {
  readonly promised: Map<string, Promised[]>;
  readonly byLine: ReadonlyMap<string, { readonly amountFen: bigint; readonly reservedFen: bigint }>;
}

/** What the ledger holds for these subjects under these items. */
export const loadBooked = async (tx: Tx, subjectIds: readonly string[], itemIds: readonly string[]): Promise<Booked> => {
  const rows = await promises(tx, { subjectIds, itemIds });
  const promised = new Map<string, Promised[]>();
  const byLine = new Map<string, { amountFen: bigint; reservedFen: bigint }>();
  // Carried over, a line is paid from another year's budget, and still counts in its own.
  const carried = await rawSql(tx)<{ id: string; year: number }[]>`
    select s.id, s.year from unnest(${[...subjectIds]}::uuid[]) as x(subject)
    join settlement_line s on s.subject_id = x.subject and s.budget_year <> s.year`;
  const yearOf = new Map(carried.map((line) => [line.id, line.year]));
  for (const row of rows) {
    const year = yearOf.get(row.lineId ?? '') ?? row.year;
    promised.set(row.subjectId, [...(promised.get(row.subjectId) ?? []), promisedOf({ ...row, year })]);
    if (row.lineId !== null) byLine.set(row.lineId, { amountFen: row.amountFen, reservedFen: row.reservedFen });
  }
  return { promised, byLine };
};

const promisedOf = (row: PromiseRow): Promised => ({
  subjectId: row.subjectId,
  itemId: row.itemId,
  periodKey: row.periodKey,
  year: row.year,
  key: row.objectKey,
  lineId: row.lineId,
  amountFen: row.amountFen,
});

/** Who holds the claims these units ask for, and the claims their earlier lines and `holders` hold; rows are locked. */
export const loadClaims = async (tx: Tx, units: readonly Unit[], holders: readonly string[]): Promise<Map<string, string | null>> => {
  const wanted = [...new Map(units.flatMap((unit) => unit.claims).map((claim) => [claimKeyOf(claim), claim])).values()];
  const lines = [...units.flatMap((unit) => unit.priors.map((prior) => prior.id)), ...holders];
  if (wanted.length === 0 && lines.length === 0) return new Map();
  const rows = await rawSql(tx)<
    { object_kind: string; object_id: string; claim_group: string; period_key: string; line_id: string | null }[]
  >`
    select c.* from (
      select c.object_kind, c.object_id, c.claim_group, c.period_key
      from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb) as x(kind text, object text, "group" text, period text)
      join claim c on c.object_kind = x.kind and c.object_id = x.object and c.claim_group = x."group" and c.period_key = x.period
      union
      select c.object_kind, c.object_id, c.claim_group, c.period_key from unnest(${lines}::uuid[]) as x(line) join claim c on c.line_id = x.line
    ) k join claim c using (object_kind, object_id, claim_group, period_key)
    order by 1, 2, 3, 4 for update of c`;
  return new Map(
    rows.map((row) => [
      claimKeyOf({ kind: row.object_kind, object: row.object_id, group: row.claim_group, period: row.period_key }),
      row.line_id,
    ]),
  );
};

/** Opens the year's budget of each unit's item where it does not exist, locks the limited ones, and says who already waits. */
export const loadBudgets = async (
  tx: Tx,
  units: readonly Unit[],
  around: { readonly items: ReadonlyMap<string, Item>; readonly today: Day },
  at: Date,
): Promise<Map<string, BudgetState>> => {
  const needed = new Map(units.filter((unit) => unit.asks === 'due').map((unit) => [budgetIdOf(unit.item.id, unit.budgetYear), unit]));
  await openBudgets(
    tx,
    [...needed.values()].map(({ item, budgetYear }) => ({
      itemId: item.id,
      year: budgetYear,
      kind: item.budget.kind,
      appropriatedFen: item.budget.kind === 'limited' ? fenOf(item.budget.yuan) : 0n,
    })),
    at,
  );
  const ids = [...new Set([...needed.keys(), ...units.flatMap((unit) => unit.priors.map((prior) => prior.budgetId))])];
  const sql = rawSql(tx);
  const kinds = await sql<
    { id: string; itemId: string; year: number; kind: BudgetState['kind']; shared: boolean }[]
  >`select id, item_id as "itemId", year, kind, shared_at is not null as shared from budget where id = any(${ids}::text[])`;
  const limited = kinds.filter((row) => row.kind === 'limited').map((row) => row.id);
  // All of them, entitlements too: whoever posts takes balances in the order of their accounts, and so does a settlement, first these, then the rest.
  const available = await lockAvailable(tx, [...ids].sort());
  const own = units.flatMap((unit) => (unit.line === null ? [] : [unit.line.id]));
  const waiting = await sql<{ blocked_on: string; first: string }[]>`
    select x.b as blocked_on, h.order_key as first from unnest(${limited.map((id) => `budget:${id}`)}::text[]) as x(b)
    cross join lateral (
      select s.order_key from settlement_line s where s.state = 'waiting' and s.blocked_on = x.b and s.id <> all(${own}::uuid[])
      order by s.blocked_on, s.order_key limit 1) h`;
  const late = await sql<{ blocked_on: string; orderKey: string; wantedFen: bigint }[]>`
    select blocked_on, order_key as "orderKey", wanted_fen as "wantedFen" from settlement_line
    where state = 'parked' and granted_fen = 0 and blocked_on = any(${limited.map((id) => `budget:${id}`)}::text[])`;
  const firstOf = new Map(waiting.map((row) => [row.blocked_on, row.first]));
  const lateOf = Map.groupBy(late, (row) => row.blocked_on);
  return new Map(
    kinds.map(({ id, itemId, year, kind, shared }) => {
      const on = `budget:${id}`;
      const item = around.items.get(itemId);
      const collecting = item !== undefined && isCollecting(item, year, around.today);
      const gate = shared ? 'shared' : collecting ? 'collecting' : 'open';
      return [
        id,
        { id, kind, availableFen: available.get(id) ?? 0n, queueFrom: firstOf.get(on) ?? null, parked: lateOf.get(on) ?? [], gate },
      ];
    }),
  );
};

/** What a line gives back; null where it held nothing. */
export const released = (line: PriorLine, of: Pick<Holder, 'subjectId' | 'item' | 'periodKey' | 'key'>): Transaction | null =>
  line.reservedFen === 0n
    ? null
    : {
        key: `release:${line.id}`,
        kind: 'release',
        itemId: of.item.id,
        subjectId: of.subjectId,
        periodKey: of.periodKey,
        objectKey: of.key,
        year: Number(line.budgetId.slice(-4)),
        lineId: line.id,
        entries: move('release', line.budgetId, line.reservedFen),
      };

const bookings = (outcomes: readonly Outcome[]): readonly Transaction[] =>
  outcomes.flatMap(({ unit, lineId, grantedFen, supersedes, displaces }) => {
    const about = { itemId: unit.item.id, subjectId: unit.subjectId, periodKey: unit.periodKey, objectKey: unit.key };
    const releases = [...supersedes.map((prior) => released(prior, unit)), ...displaces.map((holder) => released(holder, holder))].filter(
      (release) => release !== null,
    );
    if (grantedFen === 0n) return releases;
    const entries = move('reserve', budgetIdOf(unit.item.id, unit.budgetYear), grantedFen);
    return [...releases, { key: `reserve:${lineId}`, kind: 'reserve', ...about, year: unit.budgetYear, lineId, entries }];
  });

const lineRow = (o: Outcome) => ({
  id: o.lineId,
  subject_id: o.unit.subjectId,
  match_id: o.unit.matchId,
  match_kind: o.unit.matchKind,
  item_id: o.unit.item.id,
  version: o.unit.version,
  division: o.unit.division,
  authority: o.unit.item.authority,
  period_key: o.unit.periodKey,
  year: o.unit.year,
  budget_year: o.unit.budgetYear,
  key: o.unit.key,
  part: o.part,
  gross_fen: String(o.grossFen),
  granted_fen: String(o.grantedFen),
  entitled_fen: String(o.entitledFen),
  wanted_fen: String(o.wantedFen),
  decide_on: o.decideOn,
  recover_fen: String(o.recoverFen),
  state: o.state,
  reasons: o.reasons,
  order_key: o.unit.orderKey,
  blocked_on: o.blockedOn,
  stop_id: o.unit.stopId ?? null,
});

/** Lines first give way, then come: the partial unique index never sees two live lines of one part. */
const writeLines = async (tx: Tx, outcomes: readonly Outcome[], at: Date): Promise<void> => {
  const sql = rawSql(tx);
  const gone = outcomes.flatMap((o) => o.supersedes.map((prior) => ({ subject: o.unit.subjectId, id: prior.id })));
  if (gone.length > 0)
    await sql`
      update settlement_line s set state = 'superseded', reconsider = false, blocked_on = null
      from unnest(${gone.map((line) => line.subject)}::uuid[], ${gone.map((line) => line.id)}::uuid[]) as x(subject, id)
      where s.subject_id = x.subject and s.id = x.id`;
  const parked = outcomes.flatMap((o) => o.parks.map((prior) => ({ subject: o.unit.subjectId, id: prior.id })));
  if (parked.length > 0)
    await sql`
      update settlement_line s set state = 'parked', reconsider = false, blocked_on = case when s.granted_fen = 0 then s.blocked_on end
      from unnest(${parked.map((line) => line.subject)}::uuid[], ${parked.map((line) => line.id)}::uuid[]) as x(subject, id)
      where s.subject_id = x.subject and s.id = x.id`;
  const rows = JSON.stringify(outcomes.map(lineRow));
  await sql`
    insert into settlement_line (id, subject_id, match_id, match_kind, item_id, version, division, authority, period_key, year, budget_year, key, part,
      gross_fen, granted_fen, entitled_fen, wanted_fen, decide_on, recover_fen, state, reasons, order_key, blocked_on, stop_id, created_at)
    select x.*, ${at} from jsonb_to_recordset(${rows}::text::jsonb) as x(id uuid, subject_id uuid, match_id uuid, match_kind text, item_id text,
      version int, division text, authority text, period_key text, year int, budget_year int, key text, part int, gross_fen bigint,
      granted_fen bigint, entitled_fen bigint, wanted_fen bigint, decide_on date, recover_fen bigint, state text, reasons jsonb, order_key text, blocked_on text, stop_id uuid)
    on conflict (subject_id, id) do update set part = excluded.part, granted_fen = excluded.granted_fen,
      entitled_fen = excluded.entitled_fen, wanted_fen = excluded.wanted_fen, decide_on = excluded.decide_on, quota_fen = null,
      recover_fen = excluded.recover_fen, state = excluded.state, reasons = excluded.reasons, blocked_on = excluded.blocked_on, stop_id = excluded.stop_id,
      reconsider = false`;
  await noteAnew(tx, outcomes);
};

const writeClaims = async (tx: Tx, outcomes: readonly Outcome[], at: Date): Promise<void> => {
  const sql = rawSql(tx);
  const gone = outcomes.flatMap((o) => [
    ...o.supersedes.map((prior) => prior.id),
    ...o.displaces.map((holder) => holder.id),
    ...(o.unit.line !== null && o.takes.length === 0 ? [o.lineId] : []),
  ]);
  if (gone.length > 0)
    await sql`update claim set line_id = null, subject_id = null, item_id = null, taken_at = null where line_id = any(${gone}::uuid[])`;
  const takes = outcomes.flatMap((o) =>
    o.takes.map((claim) => ({ ...claim, line: o.lineId, subject: o.unit.subjectId, item: o.unit.item.id })),
  );
  if (takes.length === 0) return;
  const taken = await sql`
    insert into claim (object_kind, object_id, claim_group, period_key, line_id, subject_id, item_id, taken_at)
    select kind, object, "group", period, line, subject, item, ${at}
    from jsonb_to_recordset(${JSON.stringify(takes)}::text::jsonb)
      as x(kind text, object text, "group" text, period text, line uuid, subject uuid, item text)
    order by 1, 2, 3, 4
    on conflict (object_kind, object_id, claim_group, period_key) do update
      set line_id = excluded.line_id, subject_id = excluded.subject_id, item_id = excluded.item_id, taken_at = excluded.taken_at
      where claim.line_id is null or claim.line_id = excluded.line_id
    returning line_id`;
  // Under the lane's lock nobody else can have taken one; if somebody has, nothing of this chunk may stand.
  if (taken.length !== takes.length) fail('conflict.claim', '', '有对象刚被另一笔占用，这一批没有写入。', '请重跑核定；已写入的不会重复。');
};

const shown = (claims: readonly Claim[]) => claims.map(({ kind, group, period }) => ({ kind, group, period }));

const writeAudit = async (tx: Tx, outcomes: readonly Outcome[], at: Date): Promise<void> => {
  await auditAll(
    tx,
    outcomes.map((o) => ({
      at,
      actor: 'step:settle',
      role: 'system',
      action: `settlement.${o.state}`,
      objectKind: 'settlement_line',
      objectId: o.lineId,
      after: {
        matchId: o.unit.matchId,
        grossFen: String(o.grossFen),
        grantedFen: String(o.grantedFen),
        recoverFen: String(o.recoverFen),
        supersedes: o.supersedes.map((prior) => prior.id),
        ...(o.parks.length === 0 ? {} : { parks: o.parks.map((prior) => prior.id) }),
        ...(o.displaces.length === 0 ? {} : { displaces: o.displaces.map((holder) => holder.id) }),
        takes: shown(o.takes),
      },
      reason: o.reasons.map((reason) => reason.text).join('') || null,
    })),
  );
};

/** Writes a chunk: lines, claims, postings, audit, and marks the lines that may be looked at again. */
export const writeOutcomes = async (tx: Tx, resolved: Resolved, at: Date): Promise<void> => {
  const { outcomes, unchanged, freed } = resolved;
  const sql = rawSql(tx);
  if (unchanged.length > 0)
    await sql`
      update settlement_line s set reconsider = false from jsonb_to_recordset(${JSON.stringify(unchanged.map((u) => ({ s: u.subjectId, m: u.matchId, k: u.key })))}::text::jsonb)
        as x(s uuid, m uuid, k text) where s.subject_id = x.s and s.match_id = x.m and s.key = x.k and s.reconsider`;
  if (outcomes.length > 0) {
    await writeDisplaced(tx, outcomes, resolved.replaced, at);
    await writeLines(tx, outcomes, at);
    await writeClaims(tx, outcomes, at);
    await writeAudit(tx, outcomes, at);
    await post(tx, bookings(outcomes), at);
  }
  if (freed.size > 0)
    await sql`update settlement_line set reconsider = true where blocked_on = any(${[...freed]}::text[]) and state in ('refused', 'reduced')`;
};

/** Marks runs' items as settled, unless a unit of theirs is still open. Ended runs get no more matches, so this is final. */
export const closeRuns = async (tx: Tx, pairs: readonly RunPair[], at: Date): Promise<void> => {
  await rawSql(tx)`
    insert into settled_run (run_id, item_id, at)
    select * , ${at} from unnest(${pairs.map((p) => p.runId)}::uuid[], ${pairs.map((p) => p.itemId)}::text[]) as x(run_id, item_id)
    on conflict do nothing`;
};
