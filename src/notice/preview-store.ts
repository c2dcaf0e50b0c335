// One record to show a text by: the person's newest of the item, or anybody's within the scope. Hand-written SQL: the same columns the step that tells reads.
import type { Scope } from '../base/scope.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { SealedAccount } from '../vault/account.ts';
import { base, opened, type ToTell } from './tell-store.ts';

export const previewRow = async (
  tx: Tx,
  ask: { readonly itemId: string; readonly subjectId: string | null; readonly scope: Scope },
): Promise<ToTell | null> => {
  const sql = rawSql(tx);
  const rows = await sql<SealedAccount<ToTell>[]>`
    select ${sql.unsafe(base)}, 'matched' as template from disbursement d join match m on m.subject_id = d.subject_id and m.id = d.match_id
    where d.item_id = ${ask.itemId} ${ask.subjectId === null ? sql`` : sql`and d.subject_id = ${ask.subjectId}`}
      ${inScope(sql, ask.scope, { authority: 'd.authority', division: 'd.division', item: 'd.item_id' })}
    order by d.period_key desc, d.id limit 1`;
  return opened<ToTell>(tx, rows)[0] ?? null;
};
