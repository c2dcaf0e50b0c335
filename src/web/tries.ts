// Guessing and scraping: whoever tries the same door wrongly too often from one address waits. Counted in the database, so every process counts together.
import { createHash } from 'node:crypto';
import { fail } from '../base/problem.ts';
import type { Db } from '../db/handle.ts';
import { countFailure, lockedUntil } from './store.ts';

const doors = {
  link: { most: 20, lockMs: 15 * 60_000, text: '打开链接失败的次数太多。' },
  again: { most: 20, lockMs: 60 * 60_000, text: '要新链接的次数太多。' },
  ward: { most: 5, lockMs: 60 * 60_000, text: '号码不对的次数太多。' },
} as const;
export type Door = keyof typeof doors;

/** An address is personal data: what is counted by is its hash. */
const keyOf = (door: Door, who: string): string => `${door}:${createHash('sha256').update(who).digest('hex').slice(0, 32)}`;

/** Throws `limit.tries` while the address or visit is locked at this door. */
export const requireFree = async (db: Db, door: Door, who: string, now: Date): Promise<void> => {
  if ((await lockedUntil(db, keyOf(door, who), now)) !== null)
    fail('limit.tries', '', doors[door].text, `请 ${doors[door].lockMs / 60_000} 分钟后再试。`);
};

export const wrongTry = async (db: Db, door: Door, who: string, now: Date): Promise<void> => {
  await countFailure(db, keyOf(door, who), doors[door].most, doors[door].lockMs, now);
};
