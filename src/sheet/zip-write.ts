// A ZIP archive as a stream: each part is deflated as it comes, its size and checksum follow it. The mirror of zip-read.ts.
import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

export interface ZipPart {
  readonly name: string;
  /** Text in pieces; only one piece is in memory at a time. */
  readonly text: AsyncIterable<string> | Iterable<string>;
}

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** No ZIP64: a part or an archive of 4 GiB is refused, never written wrong. */
const most = 0xffff_ffff;

/** The same content gives the same bytes, so every entry bears the format's first day and not the clock's. */
const firstDay = 0x21;

const number = (value: number, bytes: 2 | 4): Buffer => {
  const out = Buffer.alloc(bytes);
  if (bytes === 2) out.writeUInt16LE(value);
  else out.writeUInt32LE(value);
  return out;
};

/** Version 2.0, sizes follow the data, names in UTF-8, deflate. */
const common = [number(20, 2), number(0x0808, 2), number(8, 2), number(0, 2), number(firstDay, 2)];

const localHeader = (name: Buffer): Buffer =>
  Buffer.concat([number(0x0403_4b50, 4), ...common, Buffer.alloc(12), number(name.length, 2), number(0, 2), name]);

const descriptor = (w: Written): Buffer =>
  Buffer.concat([number(0x0807_4b50, 4), number(w.crc, 4), number(w.packed, 4), number(w.size, 4)]);

const directoryEntry = (w: Written): Buffer =>
  Buffer.concat([
    number(0x0201_4b50, 4),
    number(20, 2),
    ...common,
    number(w.crc, 4),
    number(w.packed, 4),
    number(w.size, 4),
    number(w.name.length, 2),
    Buffer.alloc(12),
    number(w.offset, 4),
    w.name,
  ]);

const directoryEnd = (count: number, size: number, offset: number): Buffer =>
  Buffer.concat([
    number(0x0605_4b50, 4),
    Buffer.alloc(4),
    number(count, 2),
    number(count, 2),
    number(size, 4),
    number(offset, 4),
    number(0, 2),
  ]);

/** The archive's bytes. An error of a part's text comes out here. Throws a RangeError beyond 4 GiB. */
export async function* writeZip(parts: Iterable<ZipPart> | AsyncIterable<ZipPart>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let at = 0;
  for await (const part of parts) {
    const name = Buffer.from(part.name);
    const offset = at;
    const header = localHeader(name);
    yield header;
    at += header.length;
    let crc = 0;
    let size = 0;
    let packed = 0;
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const piece of part.text) {
        const bytes = Buffer.from(piece);
        crc = crc32(bytes, crc);
        size += bytes.length;
        yield bytes;
      }
    }
    const deflate = createDeflateRaw({ level: 6 });
    // The error, if any, is thrown by the loop below: pipeline destroys the deflater with it.
    pipeline(Readable.from(counted()), deflate, () => undefined);
    for await (const piece of deflate as AsyncIterable<Buffer>) {
      packed += piece.length;
      at += piece.length;
      if (size > most || at > most - 1_000_000) throw new RangeError('an XLSX part or archive of 4 GiB or more');
      yield piece;
    }
    const done: Written = { name, crc, packed, size, offset };
    written.push(done);
    const tail = descriptor(done);
    yield tail;
    at += tail.length;
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield directoryEnd(written.length, directory.length, at);
}
