// The step that chains audit entries in commit order and anchors the head outside the database. Whoever changes or removes an entry breaks a hash; whoever
// rewrites the chain from there on contradicts the anchors, which are not in the database. The check is verify.ts, which knows nothing of this file.
import { createHash } from 'node:crypto';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { Anchor, Head } from './anchor.ts';
import { insertLinks, type Link, nextUnchained, readHead, takeChain } from './store.ts';

export interface ChainReport {
  readonly chained: number;
  readonly head: Head | null;
}

const genesis = '0'.repeat(64);

const linkHash = (previous: string, position: bigint, entryId: bigint, entry: string): string =>
  createHash('sha256').update(`${previous}\n${position}\n${entryId}\n${entry}`).digest('hex');

/** Chains what is committed, `batch` entries per transaction, then anchors. Safe to run twice, to be killed and to run in several processes. */
export const chainAudit = async (db: Db, at: Date, anchor: Anchor | null, batch = 2000): Promise<ChainReport> => {
  let chained = 0;
  for (;;) {
    const done = await transaction(db, async (tx) => {
      if (!(await takeChain(tx))) return 0;
      const entries = await nextUnchained(tx, batch);
      let last = await readHead(tx);
      const links: Link[] = entries.map(({ id, hash }) => {
        const position = (last?.position ?? 0n) + 1n;
        const previous = last?.hash ?? genesis;
        last = { position, entryId: id, previous, hash: linkHash(previous, position, id, hash) };
        return last;
      });
      if (links.length > 0) await insertLinks(tx, links, at);
      return links.length;
    });
    chained += done;
    if (done < batch) break;
  }
  // After the commit, and compared with what was anchored last: a run killed in between is made good by the next one.
  const head = await readHead(db);
  if (anchor && head && (await anchor.last())?.position !== head.position)
    await anchor.write({ position: head.position, hash: head.hash }, at);
  return { chained, head: head && { position: head.position, hash: head.hash } };
};

/** Where the chain stands, as a manifest carries it: an anchor that leaves with every payment file. null: nothing is chained yet. */
export const auditHead = async (reader: Db | Tx): Promise<{ readonly position: string; readonly hash: string } | null> => {
  const head = await readHead(reader);
  return head && { position: head.position.toString(), hash: head.hash };
};
