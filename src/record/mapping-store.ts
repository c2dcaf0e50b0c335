// The SQL of column mappings: which label of a department's file is which column of a dataset, as people settled it, version by version.
import type { Db, Tx } from '../db/handle.ts';
import { rawSql } from '../db/handle.ts';
import type { Mapping } from './binding.ts';
import type { SavedMapping } from './delivered.ts';

export interface MappingVersion extends SavedMapping {
  readonly madeAt: Date;
  readonly madeBy: string;
}

/** null: nobody has settled anything for this dataset. */
export const newestMapping = async (reader: Db | Tx, dataset: string): Promise<MappingVersion | null> => {
  const [row] = await rawSql(reader)<MappingVersion[]>`
    select version, labels, made_at as "madeAt", made_by as "madeBy" from column_mapping where dataset = ${dataset} order by version desc limit 1`;
  return row ?? null;
};

/** Newest first. */
export const mappingVersions = async (reader: Db | Tx, dataset: string): Promise<readonly MappingVersion[]> =>
  rawSql(reader)<MappingVersion[]>`
    select version, labels, made_at as "madeAt", made_by as "madeBy" from column_mapping where dataset = ${dataset} order by version desc`;

/** False: somebody else has just written this version. */
export const insertMapping = async (
  tx: Tx,
  mapping: { readonly dataset: string; readonly version: number; readonly labels: Mapping; readonly madeAt: Date; readonly madeBy: string },
): Promise<boolean> => {
  const sql = rawSql(tx);
  const done = await sql`
    insert into column_mapping (dataset, version, labels, made_at, made_by)
    values (${mapping.dataset}, ${mapping.version}, ${sql.json(mapping.labels as never)}, ${mapping.madeAt}, ${mapping.madeBy})
    on conflict do nothing`;
  return done.count === 1;
};
