// Who changed an object lately, for whoever was overtaken, and what one did oneself, for whoever got no answer: names of acts and people, no content. Hand-written SQL; of records and batches only within the scope.
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';

export interface Change {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
}

/** Objects of nobody: rules, freezes, settings, jobs. What is of a person is shown with its record only. */
const open = ['item_review', 'review', 'freeze', 'setting', 'job', 'item_version'];
const most = 5;

/** Newest first. */
export const changesOf = async (db: Db, id: string, scope: Scope): Promise<readonly Change[]> => {
  const sql = rawSql(db);
  const record = { authority: 'd.authority', division: 'd.division', item: 'd.item_id' } as const;
  const batch = { authority: 'b.authority', division: 'b.authority', item: 'b.item_id' } as const;
  const whole = scope.divisions === null ? sql`` : sql`and false`;
  return await sql<Change[]>`
    select e.at, e.actor, e.action from audit_entry e
    where e.object_id = ${id} and (
      e.object_kind = any(${open}::text[])
      or e.object_kind = any(array['disbursement', 'desk']) and exists (
        select from disbursement d where d.id::text = ${id} ${inScope(sql, scope, record)})
      or e.object_kind = 'batch' and exists (
        select from batch b where b.id::text = ${id} ${inScope(sql, { ...scope, divisions: null }, batch)} ${whole}))
    order by e.id desc limit ${most}`;
};

/** What one person, under any of the names an act may carry, did since an instant, newest first, 20 at most. Written with what it is about, so that what stands here counted and what does not, did not. */
export const actsSince = async (
  db: Db,
  actors: readonly string[],
  since: Date,
): Promise<readonly { readonly at: Date; readonly action: string }[]> => {
  const sql = rawSql(db);
  return await sql<{ at: Date; action: string }[]>`
    select at, action from audit_entry where actor = any(${[...actors]}::text[]) and at >= ${since} order by id desc limit 20`;
};
