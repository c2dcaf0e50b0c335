// The audit trail as the JSON lines that verify.ts reads: to a file for an auditor, or straight to the check. Read page by page.
import type { Db } from '../db/handle.ts';
import { readLinked, readUnchained } from './store.ts';

const pageSize = 1_000;

const textOf = (row: object): string =>
  JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : (value ?? null)));

/** Whole lines without line feeds. What is chained while it is read may or may not be in it; what was chained before is. */
export async function* trailLines(db: Db, at: Date): AsyncGenerator<string> {
  yield JSON.stringify({ trail: 1, exportedAt: at });
  let head = { position: 0n, hash: '0'.repeat(64) };
  for (;;) {
    const page = await readLinked(db, head.position, pageSize);
    for (const row of page) yield textOf(row);
    head = page.at(-1) ?? head;
    if (page.length < pageSize) break;
  }
  for (let after = 0n; ; ) {
    const page = await readUnchained(db, after, pageSize);
    for (const row of page) yield textOf(row);
    after = page.at(-1)?.entryId ?? after;
    if (page.length < pageSize) break;
  }
  yield JSON.stringify({ end: true, links: head.position.toString(), head: head.hash });
}
