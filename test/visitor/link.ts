// A link as a mail would carry it, for tests that only want to come in.
import { randomUUID } from 'node:crypto';
import { transaction } from '../../src/db/handle.ts';
import { mintLinks } from '../../src/visitor/link.ts';
import type { TestDatabase } from '../database.ts';

/** The path of a new link of a notice, by default one nobody else has. */
export const linkFor = async (database: TestDatabase, subjectId: string, now: Date, noticeId: string = randomUUID()): Promise<string> =>
  (await transaction(database.db, (tx) => mintLinks(tx, [{ id: noticeId, subjectId }], now))).get(noticeId)?.path ?? '';
