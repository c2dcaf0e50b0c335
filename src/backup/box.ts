// A backup at rest: the key ring seals a random secret, the secret seals the pieces, each bound to its number and to whether it is the last. Cut, changed
// or rearranged pieces do not open, so whoever has read it to the end has it whole.
import { hkdfSync, randomBytes } from 'node:crypto';
import { fail } from '../base/problem.ts';
import { ciphers } from '../vault/cipher.ts';
import { type FileKey, pieceBytes, pieceNonce, piecesOf } from '../vault/kept.ts';
import { placeBytes, type Vault } from '../vault/vault.ts';

const magic = Buffer.from('ZHIXIANG-BACKUP 1\n');
const headerPlace = ['backup', 'header'];
const piecePlace = (position: number, last: boolean): Uint8Array => placeBytes(['backup', String(position), last ? 'last' : 'more']);

const broken = (what: string): never => fail('input.backup', '', `这不是完好的备份：${what}。`, '请用另一份备份；没有任何数据被改动。');

/** Sealed in the header: the algorithm of the pieces (one byte) and the secret. */
const keyOf = (vault: Vault, header: Uint8Array): FileKey => {
  const plain = vault.open(header, headerPlace);
  const cipher = ciphers.find((one) => one.code === plain[0]) ?? broken('不认得它的算法');
  return { cipher, key: cipher.key(new Uint8Array(hkdfSync('sha256', plain.subarray(1), new Uint8Array(0), 'zhixiang backup', 32))) };
};

export async function* sealed(vault: Vault, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const header = vault.seal(Buffer.concat([Uint8Array.of(vault.cipher.code), randomBytes(32)]), headerPlace);
  const own = keyOf(vault, header);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(header.length);
  yield Buffer.concat([magic, length, header]);
  let position = 0;
  for await (const piece of piecesOf({ open: () => plain })) {
    yield own.key.encrypt(pieceNonce(own, position), piecePlace(position, piece.last), piece.bytes);
    position++;
  }
}

/** Pieces of exactly `size` bytes, the last one shorter; `take` bytes first. */
class Bytes {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Fewer bytes only at the end. */
  async take(size: number): Promise<Uint8Array> {
    const parts = [this.#held];
    let length = this.#held.length;
    while (length < size) {
      const next = await this.#source.next();
      if (next.done === true) break;
      parts.push(next.value);
      length += next.value.length;
    }
    const all = parts.length === 1 ? this.#held : Buffer.concat(parts);
    this.#held = all.subarray(size);
    return all.subarray(0, size);
  }
}

/** The plain bytes as they are verified. Throws `input.backup`, and the vault's `config.key-…` where the keys are others. */
export async function* opened(vault: Vault, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const bytes = new Bytes(content);
  if (Buffer.compare(await bytes.take(magic.length), magic) !== 0) broken('文件开头不对');
  const length = await bytes.take(2);
  const header = await bytes.take(length.length === 2 ? ((length[0] ?? 0) << 8) | (length[1] ?? 0) : 0);
  if (header.length === 0) broken('文件太短');
  const own = keyOf(vault, header);
  const size = pieceBytes + own.cipher.tagBytes;
  let piece = await bytes.take(size);
  for (let position = 0; ; position++) {
    const next = await bytes.take(size);
    const last = next.length === 0;
    const nonce = pieceNonce(own, position);
    yield own.key.decrypt(nonce, piecePlace(position, last), piece) ?? broken(`第 ${position + 1} 段被改动过或不完整`);
    if (last) return;
    piece = next;
  }
}
