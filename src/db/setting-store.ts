// Small settings and once-only marks, one row per key.
import { eq } from 'drizzle-orm';
import type { Db, Tx } from './handle.ts';
import { setting } from './schema.ts';

/** null: never written. */
export const readSetting = async <T>(db: Db | Tx, key: string): Promise<T | null> =>
  ((await db.select({ value: setting.value }).from(setting).where(eq(setting.key, key)))[0]?.value as T | undefined) ?? null;

export const writeSetting = async (db: Db | Tx, key: string, value: unknown, at: Date): Promise<void> => {
  await db.insert(setting).values({ key, value, at }).onConflictDoUpdate({ target: setting.key, set: { value, at } });
};
