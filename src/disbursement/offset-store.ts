// What recoveries do to funding sources, and what may be kept back of later payments. Hand-written SQL: a page of records at once.
import { rawSql, type Tx } from '../db/handle.ts';
import type { FundShare } from '../ledger/fund.ts';
import { type Recovery, recoveryColumns } from './recovery-store.ts';

/** What the sources have spent on a settled line by now, by the books: money that came back stands where it was paid from. */
export const spentOn = async (tx: Tx, subjectId: string, lineId: string): Promise<readonly FundShare[]> =>
  await rawSql(tx)<FundShare[]>`
    select split_part(p.account, ':', 2) as "sourceId", sum(p.amount_fen)::bigint as "amountFen" from posting p
    where p.subject_id = ${subjectId} and p.line_id = ${lineId} and p.account like 'fund:%:spent' group by 1 having sum(p.amount_fen) > 0 order by 1`;

export interface FundingRow extends FundShare {
  readonly dedupe: string;
  readonly lineId: string;
  readonly way: 'back' | 'taken';
}

export const insertFunding = async (tx: Tx, rows: readonly FundingRow[], at: Date): Promise<void> => {
  if (rows.length === 0) return;
  await rawSql(tx)`
    insert into recovery_funding (dedupe, source_id, line_id, way, amount_fen, at)
    select d, s, l, w, f, ${at} from unnest(${rows.map((row) => row.dedupe)}::text[], ${rows.map((row) => row.sourceId)}::uuid[],
      ${rows.map((row) => row.lineId)}::uuid[], ${rows.map((row) => row.way)}::text[], ${rows.map((row) => String(row.amountFen))}::text[]::bigint[]) as x(d, s, l, w, f)`;
};

/** Open cases of these people and items, locked, the oldest first: what may be kept back from what is paid to them. */
export const lockOpenCases = async (
  tx: Tx,
  units: readonly { readonly subjectId: string; readonly itemId: string }[],
): Promise<readonly Recovery[]> => {
  const sql = rawSql(tx);
  const rows = await sql<Recovery[]>`
    select ${recoveryColumns(sql)} from recovery c where c.state = 'open' and (c.subject_id, c.item_id) in (
      select * from unnest(${units.map((unit) => unit.subjectId)}::uuid[], ${units.map((unit) => unit.itemId)}::text[]))
    order by c.id for update`;
  return [...rows].sort((a, b) => a.foundAt.getTime() - b.foundAt.getTime() || (a.id < b.id ? -1 : 1));
};

/** What was kept back of these records before, and of everything of their periods, 分. */
export const keptBackOf = async (
  tx: Tx,
  records: readonly { readonly id: string; readonly subjectId: string; readonly itemId: string; readonly periodKey: string }[],
): Promise<ReadonlyMap<string, { readonly ownFen: bigint; readonly periodFen: bigint }>> => {
  const rows = await rawSql(tx)<{ id: string; ownFen: bigint; periodFen: bigint }[]>`
    select x.id, coalesce(sum(e.amount_fen) filter (where d.id = x.id), 0)::bigint as "ownFen", coalesce(sum(e.amount_fen), 0)::bigint as "periodFen"
    from unnest(${records.map((one) => one.id)}::uuid[], ${records.map((one) => one.subjectId)}::uuid[], ${records.map((one) => one.itemId)}::text[],
      ${records.map((one) => one.periodKey)}::text[]) as x(id, subject, item, period)
    join disbursement d on d.subject_id = x.subject and d.item_id = x.item and d.period_key = x.period
    join recovery_entry e on e.kind = 'offset' and e.reference = d.id::text group by 1`;
  return new Map(rows.map((row) => [row.id, row]));
};
