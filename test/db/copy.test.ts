// COPY … TO STDOUT: rows as they are sent, and a connection that answers afterwards.
import { describe, expect, it } from 'vitest';
import { copyOut } from '../../src/db/copy.ts';
import { rawSql, transaction } from '../../src/db/handle.ts';
import { testDatabase } from '../database.ts';

const database = testDatabase();

describe('copying out', () => {
  it('gives every field as it is, null as null, and no row at all', async () => {
    const { sql } = database;
    const rows = await copyOut(
      sql.unsafe(`copy (values ('一', '\\x00ff'::bytea), ('', null), (null, ''::bytea)) to stdout (format binary)`).readable(),
    );
    expect(rows.map((row) => row.map((field) => field?.toString('hex') ?? null))).toEqual([
      ['e4b880', '00ff'],
      ['', null],
      [null, ''],
    ]);
    expect(await copyOut(sql.unsafe('copy (select 1 where false) to stdout (format binary)').readable())).toEqual([]);
  });

  it('says what the server says, and goes on', async () => {
    const { sql } = database;
    await expect(copyOut(sql.unsafe('copy (select 1 / 0) to stdout (format binary)').readable())).rejects.toThrow('division by zero');
    await expect(
      copyOut(sql.unsafe('copy (select 1000000 / (3000 - n) from generate_series(1, 4000) n) to stdout (format binary)').readable()),
    ).rejects.toThrow('division by zero');
    expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
  });

  it('leaves a connection that answers, however much came at once', async () => {
    // All on one connection: one that had gone deaf would never answer again.
    await transaction(database.db, async (tx) => {
      const sql = rawSql(tx);
      for (const [rows, bytes] of [
        [1, 9_000_000],
        [40, 200_000],
        [3000, 300],
        [70, 1000],
      ] as const) {
        const found = await copyOut(
          sql.unsafe(`copy (select n, repeat('x', ${bytes}) from generate_series(1, ${rows}) n) to stdout (format binary)`).readable(),
        );
        expect(found.map(([n, text]) => [n?.readInt32BE(), text?.length])).toEqual(Array.from({ length: rows }, (_, i) => [i + 1, bytes]));
        expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
      }
    });
  });
});
