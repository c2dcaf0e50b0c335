// Delivered files as they came, encrypted, by the hash of their bytes: the proof of what a department sent. They stand in the database in pieces, not in
// the data directory: the same backup, the same transaction and the same rights as what was read out of them, and every process of a county reaches them.
// Each file has a key of its own; a piece is bound to its number and to whether it is the last, so pieces cannot be swapped, left out or cut off.
import { createHash, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { type Cipher, type CipherKey, ciphers } from './cipher.ts';
import { vaultOf } from './hold.ts';
import * as store from './kept-store.ts';
import { placeBytes, type Vault } from './vault.ts';

/** The bytes of a file; opened more than once, so a stream must be put down first. */
export interface Bytes {
  open(): AsyncIterable<Uint8Array>;
}

export interface Kept {
  /** sha256 over the plain bytes, hex: the file's name here. */
  readonly sha256: string;
  readonly bytes: number;
  /** These bytes were kept before; nothing was written. */
  readonly already: boolean;
}

/** Plain bytes in one piece: a row of a quarter of a megabyte is one large value for the database and little for memory. */
export const pieceBytes = 1 << 18;

const broken = (sha256: string): never =>
  fail('internal.kept-file', sha256.slice(0, 12), '保存的原始文件被改动过或不完整，拒绝使用。', '请从备份恢复，或请数源部门重新交付。');

export interface FileKey {
  readonly cipher: Cipher;
  readonly key: CipherKey;
}

/**
 * `header` holds the algorithm of the pieces (one byte) and the file's own random secret, sealed like any other value: under another key, and another
 * algorithm, the header alone is sealed again.
 */
const fileKey = (vault: Vault, id: string, header: Uint8Array, sha256: string): FileKey => {
  const plain = vault.open(header, store.headerPlace(id));
  const cipher = ciphers.find((one) => one.code === plain[0]) ?? broken(sha256);
  return { cipher, key: cipher.key(new Uint8Array(hkdfSync('sha256', plain.subarray(1), new Uint8Array(0), 'zhixiang kept', 32))) };
};

/** One key seals one file, so the piece's number is nonce enough. */
export const pieceNonce = ({ cipher }: FileKey, position: number): Uint8Array => {
  const nonce = Buffer.alloc(cipher.nonceBytes);
  nonce.writeUInt32BE(position, cipher.nonceBytes - 4);
  return nonce;
};
const piecePlace = (id: string, position: number, last: boolean): Uint8Array =>
  placeBytes(['kept_chunk', id, String(position), last ? 'last' : 'more']);

/** Pieces of one size, the last one shorter or empty; whether a piece is the last is known only when there is no more. */
export async function* piecesOf(content: Bytes): AsyncGenerator<{ readonly bytes: Uint8Array; readonly last: boolean }> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content.open()) {
    waiting.push(chunk);
    length += chunk.length;
    if (length <= pieceBytes) continue;
    const all = Buffer.concat(waiting);
    let at = 0;
    for (; all.length - at > pieceBytes; at += pieceBytes) yield { bytes: all.subarray(at, at + pieceBytes), last: false };
    waiting = [all.subarray(at)];
    length = all.length - at;
  }
  yield { bytes: Buffer.concat(waiting), last: true };
}

export const hashOf = async (content: Bytes): Promise<{ readonly sha256: string; readonly bytes: number }> => {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content.open()) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
};

/** Keeps a delivered file; the same bytes are kept once. In as a whole or not at all. A file removed after its retention is kept anew when it comes again. */
export const keepFile = async (db: Db, content: Bytes, at: Date): Promise<Kept> => {
  const vault = vaultOf(db);
  const { sha256, bytes } = await hashOf(content);
  const before = await store.keptFile(db, sha256);
  if (before !== null && before.removedAt === null) return { sha256, bytes, already: true };
  const id = randomUUID();
  const header = vault.seal(Buffer.concat([Uint8Array.of(vault.cipher.code), randomBytes(32)]), store.headerPlace(id));
  const own = fileKey(vault, id, header, sha256);
  const already = await transaction(db, async (tx) => {
    if (!(await store.openKeptFile(tx, { sha256, id, bytes, header, keptAt: at }))) return true;
    const check = createHash('sha256');
    async function* sealedPieces(): AsyncGenerator<Uint8Array> {
      let position = 0;
      for await (const piece of piecesOf(content)) {
        check.update(piece.bytes);
        yield own.key.encrypt(pieceNonce(own, position), piecePlace(id, position, piece.last), piece.bytes);
        position++;
      }
    }
    await store.insertChunks(tx, id, sealedPieces());
    if (check.digest('hex') !== sha256)
      fail('input.file-changed', '', '文件在读取过程中被改动了，没有保存。', '请等文件写完之后再交付一次。');
    return false;
  });
  return { sha256, bytes, already };
};

/** The plain bytes, piece by piece as they are verified; ends with an error when the file as a whole is not what it was. Throws `missing.kept-file`. */
export async function* openKept(reader: Db | Tx, sha256: string): AsyncGenerator<Uint8Array> {
  const file = await store.keptFile(reader, sha256);
  if (file === null || file.removedAt !== null)
    return fail(
      'missing.kept-file',
      sha256.slice(0, 12),
      file === null ? '没有保存过这份文件。' : '这份文件已过保存期，原件已清除。',
      '交付记录里仍有它的哈希和导入报告。',
    );
  const own = fileKey(vaultOf(reader), file.id, file.header, sha256);
  const check = createHash('sha256');
  for (let position = 0, ended = false; !ended; position++) {
    const sealed = await store.readChunk(reader, file.id, position);
    if (sealed === null) return broken(sha256);
    const nonce = pieceNonce(own, position);
    const open = (last: boolean) => own.key.decrypt(nonce, piecePlace(file.id, position, last), sealed);
    const more = sealed.length === pieceBytes + own.cipher.tagBytes ? open(false) : null;
    const plain = more ?? open(true) ?? broken(sha256);
    ended = more === null;
    check.update(plain);
    yield plain;
  }
  if (check.digest('hex') !== sha256) broken(sha256);
}
