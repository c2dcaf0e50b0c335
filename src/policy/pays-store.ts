// Which versions pay, as SQL asks it: the same as `pays` of item.ts, over `content` of item_version.
import type { Sql } from '../db/handle.ts';

/**
 * True for versions that pay; those that only tell an estimate (push) or take off a fee never come near the ledger. A mode that depends on conditions is
 * an array of rows without a push among them (mode.ts): its text is never that word.
 */
export const paysMoney = (sql: Sql) => sql`(content ->> 'mode' <> 'push' and content #>> '{award,reduces}' is null)`;
