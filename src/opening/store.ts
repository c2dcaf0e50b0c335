// Comparisons with their rows. Hand-written SQL: a list of 100,000 payees is written and read as sets.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { StoredLine } from '../match/match.ts';
import type { SealedColumn } from '../vault/column.ts';
import { vaultOf } from '../vault/hold.ts';
import { openJson, type SealedJson, sealJson } from '../vault/text.ts';
import type { Compared, ComparedRow } from './opening.ts';

export interface Comparison {
  readonly id: string;
  readonly itemId: string;
  readonly version: number;
  readonly itemHash: string;
  readonly periodKey: string;
  readonly periodStart: Day | null;
  readonly periodEnd: Day;
  readonly register: string;
  readonly snapshotId: string;
  readonly ledgerCut: bigint;
  readonly fileName: string;
  readonly sha256: string;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly acceptedBy: string | null;
  readonly acceptedAt: Date | null;
}

export interface ListFile {
  readonly fileName: string;
  readonly sha256: string;
}

const rowsAtOnce = 5_000;

/** Keeps the comparison; names and numbers of its rows stay behind, they are in the register and in the list. Returns its id. */
export const insertComparison = async (
  tx: Tx,
  compared: Compared,
  file: ListFile,
  counts: unknown,
  by: { readonly actor: string; readonly at: Date },
): Promise<string> => {
  const sql = rawSql(tx);
  const { period } = compared;
  const [made] = await sql<{ id: string }[]>`
    insert into comparison (item_id, version, item_hash, period_key, period_start, period_end, register, snapshot_id, ledger_cut, file_name, sha256, counts,
      made_by, made_at)
    values (${compared.itemId}, ${compared.version}, ${compared.itemHash}, ${period.key}, ${period.start}, ${period.end}, ${compared.register},
      ${compared.snapshotId}, ${compared.ledgerCut}, ${file.fileName}, ${file.sha256}, ${JSON.stringify(counts)}::text::jsonb, ${by.actor}, ${by.at})
    returning id`;
  const { id } = made as { id: string };
  for (let from = 0; from < compared.rows.length; from += rowsAtOnce)
    await insertRows(tx, id, compared.rows.slice(from, from + rowsAtOnce));
  return id;
};

const insertRows = async (tx: Tx, id: string, rows: readonly ComparedRow[]): Promise<void> => {
  const written = rows.map((row) => ({
    line: row.line,
    subject: row.subjectId,
    ordinal: row.ordinal,
    division: row.division,
    village: row.village,
    standing: row.standing,
    verdict: row.verdict,
    listed: row.listedFen === null ? null : String(row.listedFen),
    ours: row.ourFen === null ? null : String(row.ourFen),
    flags: row.flags,
    reasons: row.reasons,
    digest: row.digest,
    lines: row.lines === null ? null : sealJson(vaultOf(tx), JSON.parse(row.lines), linesPlace(id, row.line)),
  }));
  await rawSql(tx)`
    insert into comparison_row (comparison_id, line, subject_id, ordinal, division, village, standing, verdict, listed_fen, our_fen, flags, reasons, digest, lines)
    select ${id}, x.line, x.subject, x.ordinal, x.division, x.village, x.standing, x.verdict, x.listed, x.ours, x.flags, x.reasons, x.digest, nullif(x.lines, 'null')
    from jsonb_to_recordset(${JSON.stringify(written)}::text::jsonb) as x(line int, subject uuid, ordinal int, division text, village text, standing text,
      verdict text, listed bigint, ours bigint, flags text[], reasons jsonb, digest text, lines jsonb)`;
};

/** Locked until the transaction ends; null when there is none. */
export const lockComparison = async (tx: Tx, id: string): Promise<Comparison | null> => {
  const [row] = await rawSql(tx)<Comparison[]>`
    select id, item_id as "itemId", version, item_hash as "itemHash", period_key as "periodKey", period_start as "periodStart", period_end as "periodEnd",
      register, snapshot_id as "snapshotId", ledger_cut as "ledgerCut", file_name as "fileName", sha256, counts, made_by as "madeBy", made_at as "madeAt",
      accepted_by as "acceptedBy", accepted_at as "acceptedAt"
    from comparison where id = ${id} for update`;
  return row ?? null;
};

export const markAccepted = async (tx: Tx, id: string, by: string, reason: string, at: Date): Promise<void> => {
  await rawSql(tx)`update comparison set accepted_by = ${by}, accepted_at = ${at}, reason = ${reason} where id = ${id}`;
};

/** Everybody the list pays and the register knows, each once (the first line), with what the shadow run said of them. */
export interface OpeningRow {
  readonly line: number;
  readonly subjectId: string;
  readonly ordinal: number;
  readonly division: string | null;
  readonly standing: string;
  readonly listedFen: bigint | null;
  readonly ourFen: bigint | null;
  readonly digest: string | null;
  readonly lines: readonly StoredLine[] | null;
}

export const openingRows = async (reader: Db | Tx, id: string): Promise<readonly OpeningRow[]> => {
  const rows = await rawSql(reader)<(Omit<OpeningRow, 'lines'> & { readonly lines: SealedJson | null })[]>`
    select distinct on (subject_id) line, subject_id as "subjectId", ordinal, division, standing, listed_fen as "listedFen", our_fen as "ourFen", digest, lines
    from comparison_row where comparison_id = ${id} and subject_id is not null and standing in ('both', 'differs', 'listed')
    order by subject_id, line`;
  const vault = vaultOf(reader);
  return rows.map((row) => ({ ...row, lines: row.lines === null ? null : openJson(vault, row.lines, linesPlace(id, row.line)) }));
};

/** The decision's lines name elements and what they came to. */
const linesPlace = (comparisonId: string, line: number): readonly string[] => ['comparison_row', 'lines', comparisonId, String(line)];

export const sealedComparisons: readonly SealedColumn[] = [
  {
    table: 'comparison_row',
    column: 'lines',
    title: '名单比对的判定',
    path: ['$'],
    where: `t.lines ? '$'`,
    place: ({ comparison_id = '', line = '' }) => linesPlace(comparison_id, Number(line)),
  },
];

/** True once any run has decided the item for good. */
export const hasMatches = async (tx: Tx, itemId: string): Promise<boolean> =>
  (await rawSql(tx)`select from match where item_id = ${itemId} limit 1`).length > 0;

/** What was imported as paid before for these subjects of an item: a second file must not pay the past twice. */
export const importedBefore = async (
  tx: Tx,
  itemId: string,
  subjectIds: readonly string[],
): Promise<
  readonly { readonly subjectId: string; readonly periodKey: string; readonly objectKey: string; readonly transaction: string }[]
> =>
  await rawSql(tx)`
    select distinct subject_id as "subjectId", coalesce(period_key, '') as "periodKey", coalesce(object_key, '') as "objectKey", transaction from posting
    where kind = 'import' and item_id = ${itemId} and subject_id = any(${[...subjectIds]}::uuid[])`;

/** Subjects by the keys of a list. */
export const subjectsByKey = async (reader: Db | Tx, register: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await rawSql(reader)<{ key: string; subject: string }[]>`
    select key, subject_id as subject from record where register = ${register} and key = any(${[...keys]}::text[])`;
  return new Map(rows.map((row) => [row.key, row.subject]));
};
