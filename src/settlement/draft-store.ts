// The units of a span in full: what their matches ask for, then, once those are locked, with their own lines. Hand-written SQL: a chunk at once.
import type { Day } from '../base/day.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { budgetIdOf } from '../ledger/ledger.ts';
import { type SettledItem, type Span, type UnitRow, unitRows } from './queue-store.ts';
import { type Claim, type OwnLine, type PriorLine, spanOf, type Unit, unitKeyOf } from './settlement.ts';

interface LineRow {
  id: string;
  subject_id: string;
  match_id: string;
  item_id: string;
  period_key: string;
  year: number;
  key: string;
  part: number;
  state: PriorLine['state'];
  budget_year: number;
  entitled_fen: bigint;
  wanted_fen: bigint;
  quota_fen: bigint | null;
  decide_on: Day | null;
  order_key: string;
}

/** Lines that are not superseded, of these subjects and items. */
const liveLines = async (tx: Tx, subjects: readonly string[], items: readonly string[]): Promise<readonly LineRow[]> =>
  await rawSql(tx)<LineRow[]>`
    select s.id, s.subject_id, s.match_id, s.item_id, s.period_key, s.year, s.key, s.part, s.state, s.budget_year, s.entitled_fen, s.wanted_fen, s.quota_fen,
      s.decide_on, s.order_key
    from unnest(${[...subjects]}::uuid[]) as x(subject) join settlement_line s on s.subject_id = x.subject
    where s.item_id = any(${[...items]}::text[]) and s.state <> 'superseded'
    order by s.part, s.id`;

/** A unit without its lines: those are read once they are locked. */
export type Draft = Omit<Unit, 'priors' | 'line'>;

/** What the matches of a span ask for. Units of unknown versions are left out. */
export const loadDrafts = async (tx: Tx, span: Span, salt: string, versions: ReadonlyMap<string, SettledItem>): Promise<readonly Draft[]> =>
  (await unitRows(tx, span, salt)).flatMap((row) => {
    const version = versions.get(`${row.item_id}@${row.version}`);
    return version === undefined ? [] : [draftFrom(row, version)];
  });

/** The drafts with their lines; `booked` says what stands in the ledger for a line. */
export const withLines = async (
  tx: Tx,
  drafts: readonly Draft[],
  items: readonly string[],
  booked: ReadonlyMap<string, { readonly amountFen: bigint; readonly reservedFen: bigint }>,
): Promise<readonly Unit[]> => {
  const subjects = [...new Set(drafts.map((draft) => draft.subjectId))];
  const lines = Map.groupBy(await liveLines(tx, subjects, items), (line) => unitKeyOf(unitOf(line)));
  return drafts.map((draft) => withOwn(draft, lines.get(unitKeyOf(draft)) ?? [], booked));
};

const unitOf = (line: LineRow) => ({ subjectId: line.subject_id, item: { id: line.item_id }, periodKey: line.period_key, key: line.key });

const draftFrom = (row: UnitRow, version: SettledItem): Draft => {
  const year = Number(row.period_end.slice(0, 4));
  const unsupported = version.item.limits.find((limit) => 'unsupported' in limit);
  const at = { periodKey: row.period_key, year };
  const claims = row.claims.map((c): Claim => ({ kind: c.kind, object: c.object, group: c.group, period: spanOf(c.per, at) }));
  return {
    subjectId: row.subject_id,
    matchId: row.match_id,
    matchKind: row.kind,
    item: version.item,
    version: version.version,
    blocked: version.blocked ?? (unsupported !== undefined && 'unsupported' in unsupported ? unsupported.unsupported.reason : null),
    division: row.division,
    ...at,
    budgetYear: year,
    key: row.key,
    asks: row.asks,
    grossFen: row.gross,
    claims: [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()],
    orderKey: row.order_key,
    capsFen: Object.fromEntries(Object.entries(row.caps ?? {}).map(([name, fen]) => [name, fen === null ? null : BigInt(fen)])),
    again: row.again && !row.anew,
    ...(row.stop_id === null ? {} : { stopId: row.stop_id }),
    ...(row.anew ? { anew: true } : {}),
  };
};

const withOwn = (
  draft: Draft,
  lines: readonly LineRow[],
  booked: ReadonlyMap<string, { readonly amountFen: bigint; readonly reservedFen: bigint }>,
): Unit => {
  const empty = draft.again
    ? lines.find((line) => line.match_id === draft.matchId && (line.state === 'refused' || line.state === 'waiting'))
    : undefined;
  const priors = lines.map((line): PriorLine => {
    const money = booked.get(line.id) ?? { amountFen: 0n, reservedFen: 0n };
    const { id, part, state, wanted_fen: wantedFen, quota_fen: quotaFen } = line;
    return { id, part, state, wantedFen, quotaFen, budgetId: budgetIdOf(line.item_id, line.budget_year), ...money };
  });
  // Carried over, it stands first in the queue of another year; so does what was parked while it waited there.
  const carried =
    empty ?? lines.find((line) => (line.state === 'parked' || (draft.anew && line.state === 'waiting')) && line.budget_year !== line.year);
  return {
    ...draft,
    ...(carried === undefined ? {} : { budgetYear: carried.budget_year, orderKey: carried.order_key }),
    priors: priors.filter((prior) => prior.id !== empty?.id),
    line: empty === undefined ? null : ownLine(empty),
  };
};

const ownLine = (line: LineRow): OwnLine => ({
  id: line.id,
  state: line.state,
  entitledFen: line.entitled_fen,
  wantedFen: line.wanted_fen,
  quotaFen: line.quota_fen,
  decideOn: line.decide_on,
});
