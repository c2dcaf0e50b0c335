// The vault: what must not stand in the database in clear is sealed here, bound to its place, and opened here. Which keys and which algorithm is the key
// ring's business. Sealed is: algorithm (1 byte), length of the key's id (1), the id, the key's check (4), nonce, ciphertext with tag.
import { createHmac, hash, randomBytes } from 'node:crypto';
import { fail } from '../base/problem.ts';
import { type Cipher, ciphers } from './cipher.ts';
import type { Key, KeyRing } from './keys.ts';

/** Where a sealed value stands: table, column, subject …; opened anywhere else it is refused, so values cannot be swapped. */
export type Place = readonly string[];

export interface Vault {
  /** Each time other bytes, even for the same content. */
  seal(plain: Uint8Array, place: Place): Uint8Array;
  /** The same content in the same place gives the same bytes, so that what did not change is seen not to have changed; says nothing across places. */
  sealStable(plain: Uint8Array, place: Place): Uint8Array;
  /** Throws `config.key-unknown`, `config.key-wrong` or `internal.sealed` (changed, cut, or from another place). */
  open(sealed: Uint8Array, place: Place): Uint8Array;
  /** `open` for many places that differ in their last part: that is given with each. */
  opener(place: Place): (sealed: Uint8Array, last: string) => Uint8Array;
  /** What stands for a value where it is looked up by: equal values of one kind give equal indexes, and nobody without the key can make one. 22 characters. */
  index(kind: 'key' | 'account' | 'phone' | 'email' | 'object' | 'check-code', text: string): string;
  /** 32 secret bytes of this installation for one use, always the same: what signs is made of them. */
  derive(use: string): Uint8Array;
  /** The id of the key that seals now, and all that are held, from the oldest to it. */
  readonly newest: string;
  readonly ring: readonly string[];
  /** Its algorithm. */
  readonly cipher: Cipher;
  /** The keys themselves, for another thread of this process and for nobody else. */
  readonly secret: string;
}

const encoder = new TextEncoder();

/** With lengths, so that `['ab', 'c']` is another place than `['a', 'bc']`. */
export const placeBytes = (place: Place): Uint8Array => encoder.encode(place.map((part) => `${part.length}:${part}`).join(','));

const broken = (): never =>
  fail(
    'internal.sealed',
    '',
    '一处加密的数据被改动过、不完整，或被挪了位置，拒绝使用。',
    '请由系统管理员从备份核对这处数据，并查审计留痕。',
  );

const prefixOf = (key: Key): Uint8Array =>
  Buffer.concat([Uint8Array.of(key.cipher.code, key.id.length), encoder.encode(key.id), key.check]);

/** Which key sealed it; refused where that key is not in the ring. */
const keyOf = (ring: KeyRing, sealed: Uint8Array): { readonly key: Key; readonly body: Uint8Array } => {
  const length = sealed[1] ?? 0;
  const id = Buffer.from(sealed.subarray(2, 2 + length)).toString('latin1');
  if (sealed.length < 6 + length || !/^k\d{1,6}$/.test(id) || !ciphers.some((one) => one.code === sealed[0])) return broken();
  const key = ring.keys.find((one) => one.id === id);
  if (key === undefined)
    return fail(
      'config.key-unknown',
      'ZHIXIANG_KEYS',
      `数据由密钥 ${id} 加密，而密钥环里没有这把密钥。`,
      '请把它放回密钥环；旧密钥要留到 keys 显示没有数据再用它为止。',
    );
  if (Buffer.compare(key.check, sealed.subarray(2 + length, 6 + length)) !== 0)
    return fail(
      'config.key-wrong',
      'ZHIXIANG_KEYS',
      `密钥环里的 ${id} 不是加密这些数据的那一把。`,
      '请换回原来的密钥文件；数据库和密钥要成对备份、成对恢复。',
    );
  return key.cipher.code === sealed[0] ? { key, body: sealed.subarray(6 + length) } : broken();
};

/**
 * HMAC-SHA256 (RFC 2104) of short texts, in base64url, its first 22 characters. By two one-shot hashes: an object of `createHmac` costs five times as much,
 * and every element of every match asks.
 */
const hmacSha256 = (key: Uint8Array): ((text: string) => string) => {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? hash('sha256', key, 'buffer') : key);
  const [inner, outer] = [block.map((byte) => byte ^ 0x36), block.map((byte) => byte ^ 0x5c)];
  return (text) =>
    Buffer.from(hash('sha256', Buffer.concat([outer, hash('sha256', Buffer.concat([inner, encoder.encode(text)]), 'buffer')]), 'buffer'))
      .toString('base64url')
      .slice(0, 22);
};

/** Neighbours are mostly sealed by one key and stand in places of one beginning: both are looked at once. */
const openerOf = (ring: KeyRing, place: Place): ((sealed: Uint8Array, last: string) => Uint8Array) => {
  const start = `${place.map((part) => `${part.length}:${part},`).join('')}`;
  let last: { readonly prefix: Uint8Array; readonly key: Key } | null = null;
  return (sealed, part) => {
    if (last === null || !startsWith(sealed, last.prefix)) {
      const { key } = keyOf(ring, sealed);
      last = { prefix: sealed.slice(0, 6 + key.id.length), key };
    }
    const { prefix, key } = last;
    const body = prefix.length + key.cipher.nonceBytes;
    const bound = encoder.encode(`${start}${part.length}:${part}`);
    return key.content.decrypt(sealed.subarray(prefix.length, body), bound, sealed.subarray(body)) ?? broken();
  };
};

const startsWith = (bytes: Uint8Array, prefix: Uint8Array): boolean => {
  if (bytes.length < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (bytes[i] !== prefix[i]) return false;
  return true;
};

export const makeVault = (ring: KeyRing): Vault => {
  const newest = ring.keys.at(-1) as Key;
  const prefix = prefixOf(newest);
  const indexed = hmacSha256(ring.index);
  const sealWith = (nonce: Uint8Array, bound: Uint8Array, plain: Uint8Array): Uint8Array =>
    Buffer.concat([prefix, nonce, newest.content.encrypt(nonce, bound, plain)]);
  return {
    newest: newest.id,
    ring: ring.keys.map((key) => key.id),
    cipher: newest.cipher,
    secret: ring.text,
    seal: (plain, place) => sealWith(randomBytes(newest.cipher.nonceBytes), placeBytes(place), plain),
    sealStable: (plain, place) => {
      const bound = placeBytes(place);
      // A keyed digest of place and content, of which less than half is shown: two contents share a nonce as rarely as two drawn at random would.
      // One call, not an HMAC of five: that alone cost three times what the encryption does.
      const digest = hash('sha256', Buffer.concat([newest.nonce, Uint8Array.of(bound.length >>> 8, bound.length), bound, plain]), 'buffer');
      return sealWith(digest.subarray(0, newest.cipher.nonceBytes), bound, plain);
    },
    open: (sealed, place) => {
      const { key, body } = keyOf(ring, sealed);
      const { nonceBytes } = key.cipher;
      return key.content.decrypt(body.subarray(0, nonceBytes), placeBytes(place), body.subarray(nonceBytes)) ?? broken();
    },
    opener: (place) => openerOf(ring, place),
    index: (kind, text) => indexed(`${kind}\n${text}`),
    derive: (use) => createHmac('sha256', ring.index).update(`derive\n${use}`).digest(),
  };
};
