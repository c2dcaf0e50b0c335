// The algorithms of the vault behind one shape: authenticated encryption with associated data. What is sealed names its algorithm by one byte, so another
// one is a new entry here and old data stays readable. OpenSSL as Node ships it has SM4 and SM3 but no SM4-GCM; the national pair stands as
// SM4-CTR with HMAC-SM3 over it (encrypt, then authenticate), and SM4-GCM would be one more entry.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto';

export interface CipherKey {
  /** Ciphertext with its tag at the end; one nonce is used for one content only. */
  encrypt(nonce: Uint8Array, bound: Uint8Array, plain: Uint8Array): Uint8Array;
  /** null: tag, nonce, key or associated data are not those it was sealed with. */
  decrypt(nonce: Uint8Array, bound: Uint8Array, sealed: Uint8Array): Uint8Array | null;
}

export interface Cipher {
  /** The byte in front of everything sealed by it; never given to another algorithm. */
  readonly code: number;
  readonly name: string;
  readonly nonceBytes: number;
  readonly tagBytes: number;
  /** Out of 32 secret bytes; made once per key, because scheduling it costs four times what sealing a row does. */
  key(secret: Uint8Array): CipherKey;
}

const aes256Gcm: Cipher = {
  code: 1,
  name: 'aes-256-gcm',
  nonceBytes: 12,
  tagBytes: 16,
  key: (secret) => {
    const key = createSecretKey(secret);
    return {
      encrypt: (nonce, bound, plain) => {
        const cipher = createCipheriv('aes-256-gcm', key, nonce);
        cipher.setAAD(bound);
        const body = cipher.update(plain);
        cipher.final();
        return Buffer.concat([body, cipher.getAuthTag()]);
      },
      decrypt: (nonce, bound, sealed) => {
        const end = sealed.length - 16;
        if (end < 0) return null;
        // The tag's length is said outright: without it a shortened tag would be taken.
        const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
        cipher.setAAD(bound);
        cipher.setAuthTag(sealed.subarray(end));
        const body = cipher.update(sealed.subarray(0, end));
        try {
          cipher.final();
          return body;
        } catch {
          return null;
        }
      },
    };
  },
};

const sm4CtrSm3: Cipher = {
  code: 2,
  name: 'sm4-ctr-sm3',
  nonceBytes: 16,
  tagBytes: 32,
  key: (secret) => {
    const derived = (use: string, bytes: number) => createSecretKey(new Uint8Array(hkdfSync('sm3', secret, new Uint8Array(0), use, bytes)));
    const key = derived('sm4-ctr', 16);
    const mac = derived('hmac-sm3', 32);
    const tag = (nonce: Uint8Array, bound: Uint8Array, body: Uint8Array): Uint8Array => {
      // Lengths stand in it: else bytes could move between the associated data and the content.
      const lengths = Buffer.alloc(16);
      lengths.writeBigUInt64BE(BigInt(bound.length), 0);
      lengths.writeBigUInt64BE(BigInt(body.length), 8);
      return createHmac('sm3', mac).update(nonce).update(lengths).update(bound).update(body).digest();
    };
    return {
      encrypt: (nonce, bound, plain) => {
        const body = createCipheriv('sm4-ctr', key, nonce).update(plain);
        return Buffer.concat([body, tag(nonce, bound, body)]);
      },
      decrypt: (nonce, bound, sealed) => {
        const end = sealed.length - 32;
        if (end < 0) return null;
        const body = sealed.subarray(0, end);
        if (!timingSafeEqual(tag(nonce, bound, body), sealed.subarray(end))) return null;
        return createDecipheriv('sm4-ctr', key, nonce).update(body);
      },
    };
  },
};

export const ciphers: readonly Cipher[] = [aes256Gcm, sm4CtrSm3];
