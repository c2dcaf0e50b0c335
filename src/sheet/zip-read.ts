// Entries of a ZIP archive, read by its directory and never by what local headers claim. Everything an archive can lie about is checked before or while
// it is inflated: sizes, checksums, places that overlap, growth. Knows nothing of workbooks.
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { fail } from '../base/problem.ts';
import { bytesFrom, type Content } from './content.ts';

export interface ZipEntry {
  readonly name: string;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  readonly deflated: boolean;
  readonly offset: number;
  /** Where its data must have ended: the next entry, or the directory. */
  readonly until: number;
}

/** The directory has to lie in the last megabyte; a workbook has some dozens of entries. */
const tailSize = 1 << 20;
const maxEntries = 5000;

/** Deflate can grow a thousandfold; sheets grow ten- to fiftyfold. Small entries may be anything. */
const maxRatio = 200;
const ratioFree = 1 << 20;

const broken = (what: string): never =>
  fail('import.damaged', '', `文件不完整或已损坏：${what}，没有导入。`, '请重新导出或重新传送这份文件。');

const bomb = (what: string): never =>
  fail('import.bomb', '', `文件解压后异常地大：${what}，没有导入。`, '请向报送部门核实文件来源，重新导出后再导入。');

/** The last bytes of the file and its length. */
const tailOf = async (content: Content): Promise<{ readonly tail: Buffer; readonly length: number }> => {
  let kept: Uint8Array[] = [];
  let size = 0;
  let length = 0;
  for await (const piece of content.open()) {
    kept.push(piece);
    size += piece.length;
    length += piece.length;
    if (size > 4 * tailSize) {
      kept = [Buffer.concat(kept).subarray(-tailSize)];
      size = tailSize;
    }
  }
  return { tail: Buffer.concat(kept).subarray(-tailSize), length };
};

/** `end of central directory`, whose comment must reach exactly to the end of the file. */
const directoryEnd = (tail: Buffer): number => {
  for (let at = tail.length - 22; at >= Math.max(0, tail.length - 22 - 0xffff); at--) {
    if (tail.readUInt32LE(at) === 0x0605_4b50 && at + 22 + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return broken('找不到压缩目录');
};

const wide = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at));

interface Directory {
  readonly count: number;
  readonly size: number;
  readonly start: number;
  /** Where the record that names the directory stands. */
  readonly end: number;
}

/** Java programs write the 64-bit form even for small files. */
const directoryOf = (tail: Buffer, length: number): Directory => {
  const before = length - tail.length;
  const at = directoryEnd(tail);
  const plain = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    start: tail.readUInt32LE(at + 16),
    end: before + at,
  };
  if (tail.readUInt16LE(at + 4) !== 0 || tail.readUInt16LE(at + 6) !== 0) broken('是分卷压缩包的一部分');
  const hasWide = at >= 20 && tail.readUInt32LE(at - 20) === 0x0706_4b50;
  if (!hasWide) return plain;
  const wideAt = wide(tail, at - 12) - before;
  if (!(wideAt >= 0 && wideAt + 56 <= at - 20) || tail.readUInt32LE(wideAt) !== 0x0606_4b50) broken('压缩目录前后不一');
  return { count: wide(tail, wideAt + 32), size: wide(tail, wideAt + 40), start: wide(tail, wideAt + 48), end: before + wideAt };
};

/** The entries in the order of their places. Refuses (`import.damaged`, `import.bomb`) what contradicts itself. */
export const readDirectory = async (content: Content): Promise<readonly ZipEntry[]> => {
  const { tail, length } = await tailOf(content);
  if (tail.length < 22) broken('太短');
  const directory = directoryOf(tail, length);
  if (directory.count > maxEntries) bomb(`压缩包里有 ${directory.count} 个条目`);
  if (directory.start + directory.size !== directory.end) broken('压缩目录前后不一');
  const from = directory.start - (length - tail.length);
  if (from < 0) bomb('压缩目录过大');
  const bytes = tail.subarray(from, from + directory.size);
  const entries: Omit<ZipEntry, 'until'>[] = [];
  let at = 0;
  for (let n = 0; n < directory.count; n++) {
    const entry = entryAt(bytes, at);
    entries.push(entry);
    at = entry.next;
  }
  if (at !== bytes.length) broken('压缩目录的长度不符');
  const names = new Set(entries.map((e) => e.name));
  if (names.size !== entries.length) broken('同一个条目出现了不止一次');
  const ordered = entries.toSorted((a, b) => a.offset - b.offset);
  return ordered.map((entry, i) => {
    const until = ordered[i + 1]?.offset ?? directory.start;
    if (entry.offset + 30 + Buffer.byteLength(entry.name) + entry.packed > until) broken('条目互相重叠');
    return { ...entry, until };
  });
};

const entryAt = (bytes: Buffer, at: number): Omit<ZipEntry, 'until'> & { readonly next: number } => {
  if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x0201_4b50) broken('压缩目录里有读不懂的条目');
  const [nameLength, extraLength] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30)];
  const next = at + 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
  if (next > bytes.length) broken('压缩目录里有读不懂的条目');
  const flags = bytes.readUInt16LE(at + 8);
  if ((flags & 0x2041) !== 0) fail('import.file-kind', '', '文件加了密码，没有导入。', '请取消密码后重新导入。');
  const method = bytes.readUInt16LE(at + 10);
  const sizes = wideSizes(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), {
    size: bytes.readUInt32LE(at + 24),
    packed: bytes.readUInt32LE(at + 20),
    offset: bytes.readUInt32LE(at + 42),
  });
  const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
  if (method !== 0 && method !== 8) broken('用了不认识的压缩方法');
  if (method === 0 && sizes.size !== sizes.packed) broken('条目的大小前后不一');
  return { name, ...sizes, crc: bytes.readUInt32LE(at + 16), deflated: method === 8, next };
};

interface Sizes {
  readonly size: number;
  readonly packed: number;
  readonly offset: number;
}

const wideSizes = (extra: Buffer, given: Sizes): Sizes => {
  const isWide = (n: number): boolean => n === 0xffff_ffff;
  if (!isWide(given.size) && !isWide(given.packed) && !isWide(given.offset)) return given;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const end = Math.min(extra.length, at + 4 + extra.readUInt16LE(at + 2));
    let next = at + 4;
    const take = (n: number): number => {
      if (!isWide(n)) return n;
      if (next + 8 > end) broken('条目的大小缺失');
      next += 8;
      return wide(extra, next - 8);
    };
    return { size: take(given.size), packed: take(given.packed), offset: take(given.offset) };
  }
  return broken('条目的大小缺失');
};

/** From the entry's local header to its data. */
async function* packedBytes(content: Content, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let held: Buffer = Buffer.alloc(0);
  let left = -1;
  for await (const piece of bytesFrom(content, entry.offset)) {
    held = held.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([held, piece]);
    if (left < 0) {
      if (held.length < 30) continue;
      const [nameLength, extraLength] = [held.readUInt16LE(26), held.readUInt16LE(28)];
      const start = 30 + nameLength + extraLength;
      if (held.readUInt32LE(0) !== 0x0403_4b50) broken('条目不在目录所说的地方');
      if (entry.offset + start + entry.packed > entry.until) broken('条目互相重叠');
      if (held.length < start) continue;
      if (held.toString('utf8', 30, 30 + nameLength) !== entry.name) broken('条目的名称前后不一');
      left = entry.packed;
      held = held.subarray(start);
    }
    const now = held.subarray(0, left);
    left -= now.length;
    held = Buffer.alloc(0);
    if (now.length > 0) yield now;
    if (left === 0) return;
  }
  broken('条目没有结束');
}

/** The entry's bytes in pieces of up to 64 KiB, at most `limit` of them; size and checksum are checked at the end. */
export async function* readEntry(content: Content, entry: ZipEntry, limit: number): AsyncGenerator<Buffer> {
  if (entry.size > limit) bomb(`条目 ${entry.size} 字节`);
  if (entry.size > ratioFree && entry.size > entry.packed * maxRatio) bomb(`压缩比超过 ${maxRatio}`);
  let size = 0;
  let crc = 0;
  for await (const piece of entry.deflated ? inflated(content, entry) : packedBytes(content, entry)) {
    size += piece.length;
    if (size > entry.size) broken('条目比目录所说的大');
    crc = crc32(piece, crc);
    yield piece as Buffer;
  }
  if (size !== entry.size) broken('条目比目录所说的小');
  if (crc !== entry.crc) broken('校验和不符');
}

async function* inflated(content: Content, entry: ZipEntry): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: 1 << 16 });
  pipeline(Readable.from(packedBytes(content, entry)), inflate, () => undefined);
  try {
    for await (const piece of inflate) yield piece as Buffer;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code?.startsWith('Z_') === true || code === 'ERR_STREAM_PREMATURE_CLOSE') broken('压缩数据读不出来');
    throw error;
  }
}
