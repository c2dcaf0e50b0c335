// The audit trail 审计留痕: who did what to which object, why, with the state before and after. An entry is inserted in the transaction of the change
// itself (invariant 8) and never changed. Entries are chained afterwards by one step of its own (chain.ts), so that nobody waits for the chain.
import { createHash } from 'node:crypto';
import { canonicalJson, plainJson } from '../base/canonical.ts';
import type { Tx } from '../db/handle.ts';
import { insertEntries } from './store.ts';

export interface AuditChange {
  /** Account id of a person, or the name of a step (`run`, `import`, `start`). */
  readonly actor: string;
  /** In which role: a staff role, `system`, `public`. */
  readonly role: string;
  /** The authorities, divisions or items it was done for, where that says more than the object. */
  readonly scope?: unknown;
  /** `<noun>.<verb>`: `policy.publish`, `disbursement.hold` … */
  readonly action: string;
  readonly objectKind: string;
  /** A key of ours, never an identity number or an account. */
  readonly objectId: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string | null;
  readonly at: Date;
}

/** What an entry is made of once written; its hash covers exactly this. */
export interface EntryContent {
  readonly at: Date;
  readonly actor: string;
  readonly role: string;
  readonly scope: unknown;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly detail: unknown;
  readonly reason: string | null;
}

/** Hash of one entry's content; the id and the transaction are bound by the chain. */
export const entryHash = (content: EntryContent): string => {
  const { at, actor, role, scope, action, objectKind, objectId, detail, reason } = content;
  return createHash('sha256').update(canonicalJson({ at, actor, role, scope, action, objectKind, objectId, detail, reason })).digest('hex');
};

const contentOf = (change: AuditChange): EntryContent => ({
  at: change.at,
  actor: change.actor,
  role: change.role,
  scope: plainJson(change.scope),
  action: change.action,
  objectKind: change.objectKind,
  objectId: change.objectId,
  detail: plainJson({ before: change.before, after: change.after }),
  reason: change.reason ?? null,
});

/** Writes the entries in the caller's transaction, in one statement; a chunk of work audits itself with one call. */
export const auditAll = async (tx: Tx, changes: readonly AuditChange[]): Promise<void> => {
  if (changes.length === 0) return;
  const contents = changes.map(contentOf);
  await insertEntries(
    tx,
    contents.map((content) => ({ ...content, hash: entryHash(content) })),
  );
};

export const audit = (tx: Tx, change: AuditChange): Promise<void> => auditAll(tx, [change]);
