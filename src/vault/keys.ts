// The key ring: which keys there are, in which order they came, and where they are kept: in the environment or in one file of the data directory,
// never in the database. The newest seals, all of them open; the index key has no successor, because a blind index must stay comparable.
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import { type Cipher, type CipherKey, ciphers } from './cipher.ts';

export interface Key {
  /** `k1`, `k2` …: in front of everything it sealed. */
  readonly id: string;
  readonly cipher: Cipher;
  readonly content: CipherKey;
  /** Makes nonces out of contents (`sealStable`). */
  readonly nonce: Uint8Array;
  /** Four bytes that tell this key from another of the same id, and nothing about it. */
  readonly check: Uint8Array;
}

export interface KeyRing {
  /** At least one; the last is the newest. */
  readonly keys: readonly Key[];
  readonly index: Uint8Array;
  /** What it was read from, so that another thread of this process can read it again. */
  readonly text: string;
}

const derived = (secret: Uint8Array, use: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `zhixiang ${use}`, 32));

const keyOf = (id: string, cipher: Cipher, secret: Uint8Array): Key => ({
  id,
  cipher,
  content: cipher.key(derived(secret, 'encrypt')),
  nonce: derived(secret, 'nonce'),
  check: createHmac('sha256', derived(secret, 'check')).update(id).digest().subarray(0, 4),
});

const badKeys = (at: string, message: string): Problem =>
  problem(
    'config.keys',
    at,
    message,
    '每把密钥写一行：index <密钥> 一行，k1 aes-256-gcm <密钥> 至少一行；密钥是 32 字节的 base64，可用 openssl rand -base64 32 生成。',
  );

/** Lines (or parts between `;`): `index <base64>` once, then `<id> <algorithm> <base64>` from the oldest to the newest; `#` begins a remark. */
export const parseKeys = (text: string, at: string): KeyRing => {
  const lines = text
    .split(/[\n;]/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  const problems: Problem[] = [];
  const keys: Key[] = [];
  let index: Uint8Array | null = null;
  for (const [n, line] of lines.entries()) {
    const parts = line.split(/\s+/);
    const secret = Buffer.from(parts.at(-1) ?? '', 'base64');
    if (secret.length !== 32) problems.push(badKeys(at, `第 ${n + 1} 行的密钥不是 32 字节。`));
    else if (parts[0] === 'index' && parts.length === 2) index = derived(secret, 'index');
    else {
      const [id = '', algorithm] = parts;
      const cipher = ciphers.find((one) => one.name === algorithm);
      if (parts.length !== 3 || cipher === undefined || !/^k\d{1,6}$/.test(id)) problems.push(badKeys(at, `第 ${n + 1} 行读不懂。`));
      else if (keys.some((one) => one.id === id)) problems.push(badKeys(at, `密钥编号 ${id} 重复。`));
      else keys.push(keyOf(id, cipher, secret));
    }
  }
  if (index === null) problems.push(badKeys(at, '没有 index 密钥。'));
  if (keys.length === 0) problems.push(badKeys(at, '没有加密密钥。'));
  if (problems.length > 0 || index === null) throw new ProblemError(problems);
  return { keys, index, text: lines.join(';') };
};

/** A ring of its own, as text: what a first start writes down, and tests use. */
export const newKeys = (): string =>
  [
    '# 加密密钥：丢失后，加密的数据再也读不出来；请另行备份，勿与数据库备份放在一起。',
    `index ${randomBytes(32).toString('base64')}`,
    `k1 aes-256-gcm ${randomBytes(32).toString('base64')}`,
    '',
  ].join('\n');

const keyFile = (dataDir: string): string => path.join(dataDir, 'keys');

/** Whole before it stands under its name, and never over another: of two processes one link wins, and both read what it made. */
const writeOnce = (file: string, text: string): void => {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
};

/** The file of the data directory; made on a first start, readable by its owner only. */
export const keysInFile = (dataDir: string): KeyRing => {
  const file = keyFile(dataDir);
  if (!existsSync(file)) writeOnce(file, newKeys());
  if ((statSync(file).mode & 0o077) !== 0)
    fail('config.keys', 'ZHIXIANG_KEYS', `密钥文件 ${file} 别人也读得到。`, `请先收回权限：chmod 600 ${file}。`);
  return parseKeys(readFileSync(file, 'utf8'), 'ZHIXIANG_KEYS');
};

const replaceFile = (file: string, text: string): void => {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(draft, file);
};

/** Adds a key that seals from now on; those before it stay for what they sealed. Its id. */
export const addKey = (dataDir: string, algorithm: string): string => {
  const file = keyFile(dataDir);
  if (!ciphers.some((one) => one.name === algorithm))
    fail('input.option', '--algorithm', '没有这种加密算法。', `可用的有：${ciphers.map((one) => one.name).join('、')}。`);
  const { keys } = keysInFile(dataDir);
  const id = `k${Math.max(...keys.map((one) => Number(one.id.slice(1)))) + 1}`;
  const text = `${readFileSync(file, 'utf8').trimEnd()}\n${id} ${algorithm} ${randomBytes(32).toString('base64')}\n`;
  replaceFile(file, text);
  return id;
};

/** The line of a key in the file, and the file without it. Refuses the newest and one that is not there. */
export const withoutKey = (dataDir: string, id: string): { readonly line: string; readonly rest: string } => {
  const file = keyFile(dataDir);
  const { keys } = keysInFile(dataDir);
  if (!keys.some((one) => one.id === id))
    fail('input.argument', id, `密钥环里没有 ${id}。`, `现有：${keys.map((one) => one.id).join('、')}。`);
  if (keys.at(-1)?.id === id)
    fail('state.key-newest', id, `${id} 是正在使用的密钥，不能停用。`, '请先运行 keys add 加一把新的，再运行 keys rotate。');
  const lines = readFileSync(file, 'utf8').split('\n');
  const own = (line: string): boolean => line.trim().startsWith(`${id} `);
  return { line: lines.find(own) ?? '', rest: lines.filter((line) => !own(line)).join('\n') };
};

/** Takes a key out of the file for good. What it sealed can never be opened again, backups included: `keepIn`, a new file, takes the key's line first. */
export const dropKey = (dataDir: string, id: string, keepIn: string | null): void => {
  const { line, rest } = withoutKey(dataDir, id);
  if (keepIn !== null) writeFileSync(keepIn, `${line}\n`, { mode: 0o600, flag: 'wx', flush: true });
  replaceFile(keyFile(dataDir), rest);
};
