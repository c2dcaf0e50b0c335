// Who is written to instead of somebody who has died: the heir or carer two people have named. Hand-written SQL: a chunk at once.
import { rawSql, type Tx } from '../db/handle.ts';
import { openHeir } from '../vault/heir.ts';

export interface Heir {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  /** Whose matter it was. */
  readonly about: string;
}

export const heirKey = (of: { readonly subjectId: string; readonly itemId: string }): string => `${of.subjectId}\n${of.itemId}`;

/** By person and item. */
export const heirsOf = async (tx: Tx, subjectIds: readonly string[]): Promise<ReadonlyMap<string, Heir>> => {
  const rows = await rawSql(tx)<{ id: string; subjectId: string; itemId: string; person: Uint8Array; about: string | null }[]>`
    select h.id, h.subject_id as "subjectId", h.item_id as "itemId", h.person, (select r.name from record r where r.subject_id = h.subject_id limit 1) as about
    from heir h where h.state = 'confirmed' and h.subject_id = any(${[...new Set(subjectIds)]}::uuid[])`;
  return new Map(
    rows.map((row) => {
      const { name, email, phone } = openHeir(tx, row.id, row.person);
      return [heirKey(row), { name, email, phone, about: row.about ?? '逝者' }];
    }),
  );
};
