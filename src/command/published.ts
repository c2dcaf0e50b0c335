// A published item named on the command line: all its live versions, newest first, or the nearest name as a hint.
import { nearest } from '../base/nearest.ts';
import { fail } from '../base/problem.ts';
import type { Db } from '../db/handle.ts';
import { liveItems, type PublishedItem } from '../policy/store.ts';

export const itemFor = async (db: Db, id: string): Promise<readonly [PublishedItem, ...PublishedItem[]]> => {
  const all = await liveItems(db);
  const [first, ...rest] = all.filter((one) => one.item.id === id);
  if (first !== undefined) return [first, ...rest];
  const near = nearest(id, new Set(all.map((one) => one.item.id)));
  const hint = near.length > 0 ? `是不是 ${near.join('、')}？` : '先用 publish 发布它；编号是规则文件的文件名。';
  return fail('missing.item', id.slice(0, 60), '没有发布过这个事项。', hint);
};
