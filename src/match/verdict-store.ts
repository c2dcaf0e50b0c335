// What the last run said about named subjects, without deciding anything anew: for checks that know the right answer beforehand.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Verdict } from '../rule/facts.ts';
import { bitmapFromBytes, blockRows, hasBit } from '../snapshot/bitmap.ts';
import type { Evidence, StoredLine } from './match.ts';
import { eventsKey } from './period.ts';
import { openMatch, type StoredEvidence } from './sealed.ts';

export interface Answer {
  readonly verdict: Verdict;
  /** Gross, before settlement; null unless eligible with a known amount. */
  readonly amountFen: bigint | null;
  readonly lines: readonly StoredLine[];
}

interface Row {
  readonly key: string;
  readonly ordinal: number;
  readonly subjectId: string;
  readonly sequence: number;
  readonly evidence: StoredEvidence | Evidence;
  readonly verdict: Verdict | null;
  readonly amountFen: bigint | null;
  readonly lines: readonly StoredLine[] | null;
}

/**
 * By natural key; a subject that is no record is absent. Without a match the block's bitmap tells undetermined from ineligible; a per-event
 * item keeps one bitmap for all events of a subject, so an event without a match is as undetermined as its subject.
 */
export const answersFor = async (
  reader: Db | Tx,
  ask: {
    readonly itemId: string;
    readonly periodKey: string;
    readonly perEvent: boolean;
    readonly register: string;
    readonly keys: readonly string[];
  },
): Promise<ReadonlyMap<string, Answer>> => {
  const sql = rawSql(reader);
  const rows = await sql<Row[]>`
    select r.key, r.ordinal, r.subject_id as "subjectId", m.sequence, m.verdict, m.amount_fen as "amountFen", m.lines, m.evidence
    from record r left join lateral (
      select sequence, verdict, amount_fen, lines, evidence from match where subject_id = r.subject_id and item_id = ${ask.itemId} and period_key = ${ask.periodKey}
      order by sequence desc limit 1) m on true
    where r.register = ${ask.register} and r.key = any(${[...ask.keys]}::text[])`;
  const blocks = await sql<{ block: number; undetermined: Uint8Array }[]>`
    select block, undetermined from block_result
    where item_id = ${ask.itemId} and period_key = ${ask.perEvent ? eventsKey : ask.periodKey} and register = ${ask.register}`;
  const bits = new Map(blocks.map((one) => [one.block, bitmapFromBytes(one.undetermined, blockRows)]));
  return new Map(
    rows.map((row) => {
      const block = bits.get(Math.floor(row.ordinal / blockRows));
      const open = block !== undefined && hasBit(block, row.ordinal % blockRows);
      return [
        row.key,
        {
          verdict: row.verdict ?? (open ? 'undetermined' : 'ineligible'),
          amountFen: row.amountFen,
          lines: row.lines === null ? [] : openMatch(reader, { ...ask, ...row }, { ...row, lines: row.lines }).lines,
        },
      ];
    }),
  );
};

/** Gross amounts of matches by id; null where the match has none. */
export const amountsOf = async (reader: Db | Tx, ids: readonly string[]): Promise<ReadonlyMap<string, bigint | null>> => {
  if (ids.length === 0) return new Map();
  const rows = await rawSql(reader)<{ id: string; amountFen: bigint | null }[]>`
    select id, amount_fen as "amountFen" from match where id = any(${[...ids]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row.amountFen]));
};
