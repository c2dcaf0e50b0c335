// Kept files: what comes back is what was delivered, byte for byte, or nothing; on a real database.
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/base/problem.ts';
import { keepFile, openKept } from '../../src/vault/kept.ts';
import { testDatabase } from '../database.ts';

const database = testDatabase();
const at = new Date('2026-04-15T00:00:00Z');
const content = (bytes: Uint8Array, step = 1000) => ({
  async *open() {
    for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
  },
});
const read = async (sha256: string): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of openKept(database.db, sha256)) pieces.push(piece);
  return Buffer.concat(pieces);
};
const refusal = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof ProblemError ? (error.problems[0]?.code ?? '') : String(error)),
  );

describe('a kept file', () => {
  const piece = 1 << 18;

  it.each([0, 1, piece - 1, piece, piece + 1, 2 * piece, 3 * piece + 7])('of %i bytes comes back as it was', async (size) => {
    const bytes = randomBytes(size);
    const kept = await keepFile(database.db, content(bytes, 70_001), at);
    expect(kept).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: size, already: false });
    expect((await read(kept.sha256)).equals(bytes)).toBe(true);
    expect((await keepFile(database.db, content(bytes), at)).already).toBe(true);
  });

  it('stands nowhere in clear', async () => {
    const text = '姓名,账号\n张三,6217000010001234567\n'.repeat(20_000);
    const { sha256 } = await keepFile(database.db, content(Buffer.from(text)), at);
    const rows = await database.sql<{ bytes: Uint8Array }[]>`
      select c.bytes from kept_chunk c join kept_file f on f.id = c.file_id where f.sha256 = ${sha256} order by position`;
    expect(rows.length).toBeGreaterThan(2);
    for (const { bytes } of rows) expect(Buffer.from(bytes).includes('6217000010001234567')).toBe(false);
  });

  it('is refused when pieces are swapped, cut off, left out or changed', async () => {
    const attacks = {
      swapped:
        'update kept_chunk set position = case position when 0 then 101 when 1 then 100 else position end where file_id = $1; update kept_chunk set position = position - 100 where file_id = $1 and position >= 100',
      truncated: 'delete from kept_chunk where file_id = $1 and position = (select max(position) from kept_chunk where file_id = $1)',
      'without its middle':
        'delete from kept_chunk where file_id = $1 and position = 1; update kept_chunk set position = position - 1 where file_id = $1 and position > 1',
      changed: 'update kept_chunk set bytes = set_byte(bytes, 1000, 255 - get_byte(bytes, 1000)) where file_id = $1 and position = 2',
      'shortened inside': 'update kept_chunk set bytes = substr(bytes, 1, length(bytes) - 5) where file_id = $1 and position = 2',
      foreign:
        'update kept_chunk set bytes = (select bytes from kept_chunk where file_id <> $1 and position = 0 and length(bytes) > 200000 limit 1) where file_id = $1 and position = 0',
    };
    for (const [name, attack] of Object.entries(attacks)) {
      const { sha256 } = await keepFile(database.db, content(randomBytes(3 * piece + 5)), at);
      const [row] = await database.sql<{ id: string }[]>`select id from kept_file where sha256 = ${sha256}`;
      for (const statement of attack.split(';')) await database.sql.unsafe(statement.replaceAll('$1', `'${row?.id}'`));
      expect(await refusal(read(sha256)), name).toBe('internal.kept-file');
    }
  });

  it('is not kept when it changes while it is read', async () => {
    let opened = 0;
    const changing = {
      async *open() {
        yield Buffer.from(opened++ === 0 ? 'before' : 'behind');
      },
    };
    expect(await refusal(keepFile(database.db, changing, at))).toBe('input.file-changed');
    const hash = createHash('sha256').update('before').digest('hex');
    expect(await refusal(read(hash))).toBe('missing.kept-file');
  });

  it('is kept once by two at the same time', async () => {
    const bytes = randomBytes(piece + 10);
    const both = await Promise.all([keepFile(database.db, content(bytes), at), keepFile(database.db, content(bytes), at)]);
    expect(both.map((one) => one.already).sort()).toEqual([false, true]);
    expect((await read(both[0].sha256)).equals(bytes)).toBe(true);
  });
});
