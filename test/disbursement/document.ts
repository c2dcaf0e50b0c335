// A scan somebody has seen, as the tables know it.
import type { Database } from '../../src/db/handle.ts';

export const scan = 'a'.repeat(64);

export const keepScanRow = (database: Database) =>
  database.sql`insert into case_document (sha256, media_type, actor, at) values (${scan}, 'application/pdf', 'u1', now()) on conflict do nothing`;
