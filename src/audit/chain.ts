// The step that chains audit entries in commit order and anchors the head outside the database, and the check of the whole chain. Whoever changes or
// removes an entry breaks a hash; whoever rewrites the chain from there on contradicts the anchors, which are not in the database.
import { createHash } from 'node:crypto';
import { type Db, transaction } from '../db/handle.ts';
import type { Anchor, Head } from './anchor.ts';
import { entryHash } from './audit.ts';
import { countUnchained, insertLinks, type Link, type LinkedEntry, nextUnchained, readHead, readLinked, takeChain } from './store.ts';

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

export interface ChainFault {
  readonly position: bigint;
  readonly kind: 'gap' | 'previous' | 'link' | 'content' | 'anchor' | 'cut-off';
}

export interface ChainCheck {
  readonly links: bigint;
  /** Entries waiting for the chain; normal while people work. */
  readonly unchained: number;
  readonly faults: readonly ChainFault[];
}

/** Recomputes everything from the first link on; the first faults are enough to know where to look. Reads 1,000 links at a time. */
export const verifyChain = async (db: Db, anchors: readonly Head[], maxFaults = 20): Promise<ChainCheck> => {
  const faults: ChainFault[] = [];
  const anchored = new Map(anchors.map((head) => [head.position, head.hash]));
  let last: { position: bigint; hash: string } = { position: 0n, hash: genesis };
  for (;;) {
    const page = await readLinked(db, last.position, 1000);
    for (const linked of page) {
      const kind = faultOf(linked, last, anchored);
      if (kind !== null && faults.length < maxFaults) faults.push({ position: linked.position, kind });
      last = linked;
    }
    if (page.length < 1000) break;
  }
  for (const position of anchored.keys()) {
    if (position > last.position && faults.length < maxFaults) faults.push({ position, kind: 'cut-off' });
  }
  return { links: last.position, unchained: await countUnchained(db), faults };
};

const faultOf = (
  linked: LinkedEntry,
  last: { position: bigint; hash: string },
  anchored: ReadonlyMap<bigint, string>,
): ChainFault['kind'] | null => {
  if (linked.position !== last.position + 1n) return 'gap';
  if (linked.previous !== last.hash) return 'previous';
  if (entryHash(linked) !== linked.entryHash) return 'content';
  if (linkHash(linked.previous, linked.position, linked.entryId, linked.entryHash) !== linked.hash) return 'link';
  const anchor = anchored.get(linked.position);
  return anchor !== undefined && anchor !== linked.hash ? 'anchor' : null;
};
