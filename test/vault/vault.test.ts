// The vault: what is sealed opens in its own place and nowhere else, by every algorithm alike; keys come and go without losing what they sealed.
import { createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/base/problem.ts';
import { ciphers } from '../../src/vault/cipher.ts';
import { addKey, keysInFile, newKeys, parseKeys } from '../../src/vault/keys.ts';
import { makeVault, type Vault } from '../../src/vault/vault.ts';

const secret = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const vaultOf = (...lines: readonly string[]): Vault => makeVault(parseKeys([`index ${secret(9)}`, ...lines].join(';'), 'test'));
const bytes = (text: string): Uint8Array => Buffer.from(text);
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0]?.code ?? '';
    throw error;
  }
  return 'nothing was refused';
};

describe.each(ciphers.map((cipher) => cipher.name))('sealed with %s', (algorithm) => {
  const vault = vaultOf(`k1 ${algorithm} ${secret(1)}`);

  it('opens in its place, whatever the content, and shows nothing of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.string(), { maxLength: 4 }), fc.boolean(), (plain, place, stable) => {
        const sealed = (stable ? vault.sealStable : vault.seal)(plain, place);
        expect(Buffer.from(vault.open(sealed, place)).equals(Buffer.from(plain))).toBe(true);
        if (plain.length >= 8) expect(Buffer.from(sealed).includes(Buffer.from(plain))).toBe(false);
      }),
    );
  });

  it('opens in no other place', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 4 }), fc.array(fc.string(), { maxLength: 4 }), (place, other) => {
        fc.pre(JSON.stringify(place) !== JSON.stringify(other));
        expect(codeOf(() => vault.open(vault.seal(bytes('6217000010001234567'), place), other))).toBe('internal.sealed');
      }),
    );
  });

  it('refuses every changed and every missing byte', () => {
    const sealed = vault.seal(bytes('6217000010001234567'), ['record_part', 'cells']);
    for (let i = 0; i < sealed.length; i++) {
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] as number) ^ 1;
      expect(codeOf(() => vault.open(changed, ['record_part', 'cells']))).toMatch(/^(internal\.sealed|config\.key-(unknown|wrong))$/);
      expect(codeOf(() => vault.open(sealed.subarray(0, i), ['record_part', 'cells']))).toMatch(/^(internal\.sealed|config\.key-wrong)$/);
    }
  });

  it('shows by stable sealing what did not change, in one place only', () => {
    const seal = (text: string, subject: string) => Buffer.from(vault.sealStable(bytes(text), ['part', subject])).toString('hex');
    expect(seal('低保', 'a')).toBe(seal('低保', 'a'));
    expect(new Set([seal('低保', 'a'), seal('低保', 'b'), seal('特困', 'a')]).size).toBe(3);
    const once = () => Buffer.from(vault.seal(bytes('低保'), ['part', 'a'])).toString('hex');
    expect(once()).not.toBe(once());
  });
});

describe('the key ring', () => {
  const place = ['t', 'c', 's'];
  const first = `k1 aes-256-gcm ${secret(1)}`;
  const second = `k2 sm4-ctr-sm3 ${secret(2)}`;

  it('seals with the newest key and opens what older ones sealed, across algorithms', () => {
    const before = vaultOf(first);
    const after = vaultOf(first, second);
    const old = before.seal(bytes('value'), place);
    expect(Buffer.from(after.open(old, place)).toString()).toBe('value');
    const fresh = after.seal(bytes('value'), place);
    // The first byte of an envelope names its algorithm.
    expect([after.newest, after.ring, after.cipher.name, old[0], fresh[0]]).toEqual(['k2', ['k1', 'k2'], 'sm4-ctr-sm3', 1, 2]);
  });

  it('says which key is missing, and tells a wrong key from tampering', () => {
    const sealed = vaultOf(first, second).seal(bytes('value'), place);
    expect(codeOf(() => vaultOf(first).open(sealed, place))).toBe('config.key-unknown');
    expect(codeOf(() => vaultOf(first, `k2 sm4-ctr-sm3 ${secret(3)}`).open(sealed, place))).toBe('config.key-wrong');
    expect(codeOf(() => vaultOf(first, second).open(sealed, ['t', 'c', 'other']))).toBe('internal.sealed');
  });

  it('indexes by HMAC-SHA256, as Node has it', () => {
    const key = parseKeys(newKeys(), 'test').index;
    const vault = makeVault({ ...parseKeys(newKeys(), 'test'), index: key });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const expected = createHmac('sha256', key).update(`object\n${text}`).digest('base64url').slice(0, 22);
        expect(vault.index('object', text)).toBe(expected);
      }),
    );
  });

  it('keeps indexes comparable over rotations, apart by kind, and keyed', () => {
    const index = vaultOf(first).index('account', '6217000010001234567');
    expect(vaultOf(first, second).index('account', '6217000010001234567')).toBe(index);
    expect(vaultOf(first).index('phone', '6217000010001234567')).not.toBe(index);
    expect(makeVault(parseKeys(`index ${secret(8)};${first}`, 'test')).index('account', '6217000010001234567')).not.toBe(index);
    expect(index).toMatch(/^[\w-]{22}$/);
  });

  it('refuses a ring that cannot be right, without showing a key', () => {
    for (const text of [
      '',
      `index ${secret(1)}`,
      first,
      `${first};${first};index ${secret(1)}`,
      `index ${secret(1)};k1 rot13 ${secret(1)}`,
      'index abc',
    ])
      expect(codeOf(() => parseKeys(text, 'ZHIXIANG_KEYS'))).toBe('config.keys');
    try {
      parseKeys(`index ${secret(1)};k1 rot13 ${secret(7)}`, 'ZHIXIANG_KEYS');
    } catch (error) {
      expect(JSON.stringify((error as ProblemError).problems)).not.toContain(secret(7));
    }
  });

  it('is made once in the data directory, for its owner only, and grows by rotation', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'zhixiang-keys-'));
    const sealed = makeVault(keysInFile(folder)).seal(bytes('value'), place);
    expect(statSync(path.join(folder, 'keys')).mode & 0o777).toBe(0o600);
    expect(addKey(folder, 'sm4-ctr-sm3')).toBe('k2');
    expect(statSync(path.join(folder, 'keys')).mode & 0o777).toBe(0o600);
    const after = makeVault(keysInFile(folder));
    expect(after.newest).toBe('k2');
    expect(Buffer.from(after.open(sealed, place)).toString()).toBe('value');
    expect(
      readFileSync(path.join(folder, 'keys'), 'utf8')
        .split('\n')
        .filter((line) => /^k\d/.test(line)),
    ).toHaveLength(2);
    chmodSync(path.join(folder, 'keys'), 0o644);
    expect(codeOf(() => keysInFile(folder))).toBe('config.keys');
  });

  it('is another one for every first start', () => {
    expect(newKeys()).not.toBe(newKeys());
  });
});
