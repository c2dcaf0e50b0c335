// SQL of frozen ranks and pools: written once by a closing run, read by everything that decides the item afterwards.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { ClosedRow, ClosedTable } from '../policy/closed.ts';
import type { SealedColumn } from '../vault/column.ts';
import { vaultOf } from '../vault/hold.ts';
import { openJson, type SealedJson, sealJson } from '../vault/text.ts';

/** What a subject brought to a rank or a pool is a figure of its own, sensitive or computed out of one: every row rests sealed. */
const rowPlace = (closingId: string, subjectId: string): readonly string[] => ['closing_row', 'content', closingId, subjectId];

export const sealedClosings: readonly SealedColumn[] = [
  {
    table: 'closing_row',
    column: 'content',
    title: '排名和分摊表',
    path: ['$'],
    where: `t.content ? '$'`,
    place: ({ closing_id = '', subject_id = '' }) => rowPlace(closing_id, subject_id),
  },
];

/** A table as stored. */
export interface Frozen {
  readonly id: string;
  readonly hash: string;
  readonly table: ClosedTable;
  /** The table last frozen before this one, and the ordinals of all to whom the two say different things; absent: that cannot be told. */
  readonly since?: { readonly hash: string; readonly moved: readonly number[] };
}

interface HeadRow {
  readonly id: string;
  readonly hash: string;
  readonly fact: string;
  readonly exact: boolean;
  readonly totals: Pick<ClosedTable, 'members' | 'possible' | 'total' | 'outside' | 'outsideMissing'>;
}

const frozenOf = async (reader: Db | Tx, heads: readonly HeadRow[], subjectId: string | null): Promise<readonly Frozen[]> => {
  const sql = rawSql(reader);
  const ids = heads.map((h) => h.id);
  const rows = await sql<{ closing_id: string; subject_id: string; content: SealedJson }[]>`
    select closing_id, subject_id, content from closing_row where closing_id = any(${ids}::uuid[])
      ${subjectId === null ? sql`` : sql`and subject_id = ${subjectId}`}`;
  const byTable = Map.groupBy(rows, (r) => r.closing_id);
  const vault = vaultOf(reader);
  return heads.map(({ id, hash, fact, exact, totals }) => ({
    id,
    hash,
    table: {
      fact,
      exact,
      ...totals,
      rows: new Map((byTable.get(id) ?? []).map((r) => [r.subject_id, openJson<ClosedRow>(vault, r.content, rowPlace(id, r.subject_id))])),
    },
  }));
};

export interface ClosingKey {
  readonly runId: string;
  readonly itemId: string;
  readonly version: number;
  readonly periodKey: string;
}

/** What this run froze; before it has, what an earlier run froze for good (nothing in it is open). Empty: neither. */
export const frozenFor = async (reader: Db | Tx, key: ClosingKey): Promise<readonly Frozen[]> => {
  const heads = await rawSql(reader)<HeadRow[]>`
    select c.id, c.hash, c.fact, c.exact, c.totals from closing c where c.item_id = ${key.itemId} and c.version = ${key.version}
      and c.period_key = ${key.periodKey} and c.run_id = (
        select o.run_id from closing o join run r on r.id = o.run_id
        where o.item_id = ${key.itemId} and o.version = ${key.version} and o.period_key = ${key.periodKey}
        group by o.run_id, r.sequence having o.run_id = ${key.runId} or bool_and(o.exact)
        order by (o.run_id = ${key.runId}) desc, r.sequence desc limit 1)
    order by c.fact collate "C"`;
  return await frozenOf(reader, heads, null);
};

/** What was frozen last for an item and period, whatever the run; of one subject only its own row. */
export const lastFrozen = async (
  reader: Db | Tx,
  itemId: string,
  periodKey: string,
  subjectId: string | null,
): Promise<readonly Frozen[]> => {
  const heads = await rawSql(reader)<HeadRow[]>`
    select c.id, c.hash, c.fact, c.exact, c.totals from closing c where c.item_id = ${itemId} and c.period_key = ${periodKey}
      and c.run_id = (
        select o.run_id from closing o join run r on r.id = o.run_id where o.item_id = ${itemId} and o.period_key = ${periodKey}
        order by r.sequence desc limit 1)
    order by c.fact collate "C"`;
  return await frozenOf(reader, heads, subjectId);
};

/** The tables a decision outside a run reads; none for an item without ranks and pools. */
export const tablesOf = async (
  reader: Db | Tx,
  compiled: { readonly item: { readonly id: string }; readonly closings: readonly unknown[] },
  periodKey: string,
  subjectId: string | null,
): Promise<readonly ClosedTable[]> =>
  compiled.closings.length === 0 ? [] : (await lastFrozen(reader, compiled.item.id, periodKey, subjectId)).map((f) => f.table);

/** Where subjects stand in their register; whoever does not exist is absent. */
export const ordinalsOf = async (
  reader: Db | Tx,
  register: string,
  subjectIds: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const rows = await rawSql(reader)<{ id: string; ordinal: number }[]>`
    select subject_id as id, ordinal from record where register = ${register} and subject_id = any(${[...subjectIds]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row.ordinal]));
};

/** Advisory key: two processes of one run freeze its tables once between them. */
const closingLock = 72_011;

export const lockClosing = async (tx: Tx): Promise<void> => {
  await rawSql(tx)`select pg_advisory_xact_lock(${closingLock})`;
};

const rowsAtOnce = 5_000;

export const insertClosing = async (tx: Tx, key: ClosingKey, hash: string, table: ClosedTable, at: Date): Promise<string> => {
  const sql = rawSql(tx);
  const { fact, exact, members, possible, total, outside, outsideMissing } = table;
  const totals = JSON.stringify({ members, possible, total, outside, outsideMissing });
  const [head] = await sql<{ id: string }[]>`
    insert into closing (run_id, item_id, version, period_key, fact, hash, exact, totals, closed_at)
    values (${key.runId}, ${key.itemId}, ${key.version}, ${key.periodKey}, ${fact}, ${hash}, ${exact}, ${totals}::text::jsonb, ${at})
    returning id`;
  const id = (head as { id: string }).id;
  const vault = vaultOf(tx);
  const all = [...table.rows].map(([s, c]) => ({ s, c: sealJson(vault, c, rowPlace(id, s)) }));
  for (let from = 0; from < all.length; from += rowsAtOnce) {
    await sql`
      insert into closing_row (subject_id, closing_id, content)
      select x.s, ${id}, x.c from jsonb_to_recordset(${JSON.stringify(all.slice(from, from + rowsAtOnce))}::text::jsonb) as x(s uuid, c jsonb)`;
  }
  return id;
};
