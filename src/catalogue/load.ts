// The catalogue in force: the newest published version. Nothing published yet is a problem with a way out, not an empty catalogue.
import { fail } from '../base/problem.ts';
import type { Db, Tx } from '../db/handle.ts';
import type { Catalogue } from './catalogue.ts';
import { newestCatalogue } from './store.ts';

export const loadCatalogue = async (db: Db | Tx): Promise<Catalogue> =>
  (await newestCatalogue(db))?.catalogue ??
  fail('missing.catalogue', '', '还没有发布指标目录。', '先运行 npm run -s zhixiang -- publish。');
