// Records and refused rows under the newest key: read page by page, sealed again, written only where nobody has written meanwhile.
import { type Db, rawSql, type Tx, transaction } from '../db/handle.ts';
import { vaultOf } from '../vault/hold.ts';
import { openCells, openRow, type StoredCells, sealCells, sealRow } from './sealed.ts';

const page = 500;

const isOld = (tx: Db | Tx, sealed: string): boolean => !vaultOf(tx).isNewest(Buffer.from(sealed.slice(0, 40), 'base64'));

/** How many were sealed again. Facts do not change by it, so revisions stay. */
export const rotateParts = async (db: Db): Promise<number> => {
  const vault = vaultOf(db);
  let done = 0;
  for (let after: readonly [string, string, string] = ['', '00000000-0000-0000-0000-000000000000', '']; ; ) {
    const rows = await rawSql(db)<{ register: string; subjectId: string; dataset: string; key: string; cells: StoredCells }[]>`
      select p.register, p.subject_id as "subjectId", p.dataset, r.key, p.cells
      from record_part p join record r on r.register = p.register and r.subject_id = p.subject_id
      where (p.register, p.subject_id, p.dataset) > (${after[0]}, ${after[1]}::uuid, ${after[2]}) and p.cells ? '$'
      order by p.register, p.subject_id, p.dataset limit ${page}`;
    const last = rows.at(-1);
    if (last === undefined) return done;
    const fresh = rows
      .filter(({ cells }) => cells.$ !== undefined && isOld(db, cells.$[0].x))
      .map((row) => {
        const { $: sealed } = row.cells;
        const inside = openCells(() => vault, row, { $: sealed as NonNullable<typeof sealed> });
        const again = sealCells(vault, row, new Set(Object.keys(inside)), inside);
        return { ...row, before: sealed, again: again.$ };
      });
    if (fresh.length > 0) {
      const written = await rawSql(db)`
        update record_part p set cells = jsonb_set(p.cells, '{$}', x.again)
        from jsonb_to_recordset(${JSON.stringify(fresh)}::text::jsonb) as x(register text, "subjectId" uuid, dataset text, before jsonb, again jsonb)
        where p.register = x.register and p.subject_id = x."subjectId" and p.dataset = x.dataset and p.cells -> '$' = x.before`;
      done += written.count;
    }
    after = [last.register, last.subjectId, last.dataset];
  }
};

export const rotateRefused = async (db: Db): Promise<number> => {
  let done = 0;
  const deliveries = await rawSql(db)<{ id: string; dataset: string }[]>`
    select d.id, d.dataset from delivery d where exists (select from delivery_problem p where p.delivery_id = d.id and p.row is not null and p.row <> '""')`;
  for (const { id, dataset } of deliveries)
    done += await transaction(db, async (tx) => {
      const sql = rawSql(tx);
      const vault = vaultOf(tx);
      const rows = await sql<{ line: number; column: string; code: string; row: string }[]>`
        select line, "column", code, row #>> '{}' as row from delivery_problem where delivery_id = ${id} and row is not null and row <> '""' for update`;
      const fresh = rows
        .filter(({ row }) => isOld(tx, row))
        .map((one) => ({ ...one, row: sealRow(vault, dataset, one.line, openRow(vault, dataset, one.line, one.row)) }));
      for (let at = 0; at < fresh.length; at += page)
        await sql`
          update delivery_problem p set row = to_jsonb(x.row)
          from jsonb_to_recordset(${JSON.stringify(fresh.slice(at, at + page))}::text::jsonb) as x(line int, "column" text, code text, row text)
          where p.delivery_id = ${id} and p.line = x.line and p."column" = x."column" and p.code = x.code`;
      return fresh.length;
    });
  return done;
};
