// The ids that newcomers get, as SQL of the landing.
import type { Sql } from '../db/handle.ts';

/**
 * Ids that grow within a landing and from landing to landing (UUIDv8: revision, line, 56 random bits): random ones land everywhere in three indexes, and for a
 * million newcomers that was most of the time. They say no more than the ordinal beside them.
 */
export const newId = (sql: Sql, revision: bigint) => sql`(
  lpad(to_hex(${revision}::bigint & 4294967295), 8, '0') || lpad(to_hex(s.line >> 12), 4, '0')
  || '8' || lpad(to_hex(s.line & 4095), 3, '0') || right(gen_random_uuid()::text, 17))::uuid`;
