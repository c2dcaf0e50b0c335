// The only SQL of kept files.
import { copyIn } from '../db/copy.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { SealedColumn } from './column.ts';

export interface KeptFile {
  readonly sha256: string;
  /** Names its pieces: a file removed and kept again has other pieces. */
  readonly id: string;
  readonly bytes: number;
  readonly header: Uint8Array;
  readonly keptAt: Date;
  /** Past its retention: hash and size stay, the bytes are gone. */
  readonly removedAt: Date | null;
}

export const keptFile = async (reader: Db | Tx, sha256: string): Promise<KeptFile | null> => {
  const [row] = await rawSql(reader)<KeptFile[]>`
    select sha256, id, bytes::float8 as bytes, header, kept_at as "keptAt", removed_at as "removedAt" from kept_file where sha256 = ${sha256}`;
  return row ?? null;
};

/** False when another process keeps the same bytes already; waits for it to be done. */
export const openKeptFile = async (tx: Tx, file: Omit<KeptFile, 'removedAt'>): Promise<boolean> => {
  const done = await rawSql(tx)`
    insert into kept_file as k (sha256, id, bytes, header, kept_at) values (${file.sha256}, ${file.id}, ${file.bytes}, ${file.header}, ${file.keptAt})
    on conflict (sha256) do update set id = excluded.id, header = excluded.header, kept_at = excluded.kept_at, removed_at = null
    where k.removed_at is not null`;
  return done.count > 0;
};

/** COPY's binary format: its signature, flags and an empty extension; a row is three fields, each with its length; no more rows. */
const copyHead = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const copyEnd = Buffer.from([0xff, 0xff]);

const copyRow = (id: string, position: number, length: number): Buffer => {
  const row = Buffer.alloc(2 + 4 + 16 + 4 + 4 + 4);
  row.writeInt16BE(3, 0);
  row.writeInt32BE(16, 2);
  row.write(id.replaceAll('-', ''), 6, 'hex');
  row.writeInt32BE(4, 22);
  row.writeInt32BE(position, 26);
  row.writeInt32BE(length, 30);
  return row;
};

/** Pieces in their order, from 0 on. As bytes: written out as hex digits, a large file took twice the room on the way and longer to keep than to hash. */
export const insertChunks = (tx: Tx, id: string, pieces: AsyncIterable<Uint8Array>): Promise<void> =>
  copyIn(rawSql(tx)`copy kept_chunk (file_id, position, bytes) from stdin (format binary)`.writable(), async (sink) => {
    await sink(copyHead);
    let position = 0;
    for await (const bytes of pieces) {
      await sink(Buffer.concat([copyRow(id, position, bytes.length), bytes]));
      position++;
    }
    await sink(copyEnd);
  });

export const readChunk = async (reader: Db | Tx, id: string, position: number): Promise<Uint8Array | null> => {
  const [row] = await rawSql(reader)<
    { bytes: Uint8Array }[]
  >`select bytes from kept_chunk where file_id = ${id} and position = ${position}`;
  return row?.bytes ?? null;
};

/** The pieces go, hash and size stay. */
export const removeKept = async (tx: Tx, sha256: string, at: Date): Promise<void> => {
  const sql = rawSql(tx);
  await sql`delete from kept_chunk c using kept_file f where f.sha256 = ${sha256} and c.file_id = f.id`;
  await sql`update kept_file set removed_at = ${at} where sha256 = ${sha256} and removed_at is null`;
};

export const headerPlace = (id: string): readonly string[] => ['kept_file', 'header', id];

/** The files' own keys: their pieces need not move. */
export const sealedFiles: readonly SealedColumn[] = [
  {
    table: 'kept_file',
    column: 'header',
    title: '原件的密钥',
    bytes: true,
    needs: { id: 't.id' },
    place: ({ id = '' }) => headerPlace(id),
  },
];
