// Reports that jobs leave, for whoever looks later. Hand-written SQL.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export interface KeptReport {
  readonly scope: string;
  readonly madeAt: Date;
  readonly tookMs: number;
  readonly knownAt: Day;
  readonly mark: string;
  readonly report: string;
}

/** All of its kind at once: what is for nobody any more goes. */
export const keepReports = async (tx: Tx, kind: string, reports: readonly KeptReport[]): Promise<void> => {
  const sql = rawSql(tx);
  await sql`delete from kept_report where kind = ${kind} and scope <> all(${reports.map((one) => one.scope)}::text[])`;
  for (const { scope, madeAt, tookMs, knownAt, mark, report } of reports)
    await sql`
      insert into kept_report (kind, scope, made_at, took_ms, known_at, mark, report)
      values (${kind}, ${scope}, ${madeAt}, ${tookMs}, ${knownAt}, ${mark}, ${report})
      on conflict (kind, scope) do update set made_at = excluded.made_at, took_ms = excluded.took_ms, known_at = excluded.known_at,
        mark = excluded.mark, report = excluded.report`;
};

const columns = (sql: ReturnType<typeof rawSql>) => sql`scope, made_at as "madeAt", took_ms as "tookMs", known_at::text as "knownAt", mark`;

/** null: none was made for the scope yet. */
export const keptReport = async (reader: Db | Tx, kind: string, scope: string): Promise<KeptReport | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<KeptReport[]>`select ${columns(sql)}, report from kept_report where kind = ${kind} and scope = ${scope}`;
  return row ?? null;
};

/** When, from what and for whom, without the reports themselves. */
export const keptMarks = async (reader: Db | Tx, kind: string): Promise<readonly Omit<KeptReport, 'report'>[]> => {
  const sql = rawSql(reader);
  return await sql<Omit<KeptReport, 'report'>[]>`select ${columns(sql)} from kept_report where kind = ${kind} order by scope`;
};
