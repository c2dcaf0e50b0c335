// The audit chain links only what is surely committed: older than every transaction still open on the server. The test server is shared, so another
// file's open transaction holds a chain back for a while; tests that expect a link wait for that here.
import type { Sql } from '../src/db/handle.ts';

/**
 * Resolves when no open transaction on the server is older than any audit entry of this database (one that claims a number not given out yet came with a
 * restore); gives up after two minutes and lets the test speak.
 */
export const surelyCommitted = async (sql: Sql): Promise<void> => {
  for (let tries = 0; tries < 4800; tries++) {
    const [row] =
      await sql`select coalesce(bool_and(txid < pg_snapshot_xmin(s) or txid >= pg_snapshot_xmax(s)), true) as done from audit_entry, pg_current_snapshot() s`;
    if (row?.done === true) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};
