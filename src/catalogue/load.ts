// The catalogue in force: the newest published version. Nothing published yet is a problem with a way out, not an empty catalogue.
import { fail } from '../base/problem.ts';
import type { Db, Tx } from '../db/handle.ts';
import type { Catalogue } from './catalogue.ts';
import { newestCatalogue, newestNumber } from './store.ts';

export const loadCatalogue = async (db: Db | Tx): Promise<Catalogue> =>
  (await newestCatalogue(db))?.catalogue ??
  fail('missing.catalogue', '', '还没有发布指标目录。', '先运行 npm run -s zhixiang -- publish。');

/** The same for who asks all the time: a version never changes, so only its number is asked for until there is a newer one. */
export const keptCatalogue = (db: Db): (() => Promise<Catalogue>) => {
  let kept: { readonly number: number; readonly catalogue: Catalogue } | null = null;
  return async () => {
    const number = await newestNumber(db);
    // Read after the number: what is kept under it is that version or a newer one, and a newer one is read again once.
    if (kept?.number !== number) kept = { number, catalogue: await loadCatalogue(db) };
    return kept.catalogue;
  };
};
