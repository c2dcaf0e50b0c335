// Drafts: kept as their writer left them, problems and all, so that nobody has to finish a rule in one sitting. What is
// written in two windows at once is not lost: whoever saves says which state was changed, and is told where another came between.
import { fail, ProblemError, problem } from '../base/problem.ts';
import { type Db, transaction } from '../db/handle.ts';
import { guard } from '../policy/guard.ts';
import type { Item } from '../policy/item.ts';
import { itemHash } from '../policy/publish.ts';
import { type Review, reviewStates } from './review.ts';
import { insertReview, lockReview, readReview, rewriteContent } from './store.ts';
import { trace } from './work.ts';

/** Only its identity must stand. Throws what lacks. */
const draftOf = (json: unknown): Item => {
  const hostile = guard(json);
  if (hostile.length > 0) throw new ProblemError(hostile);
  const raw = json as Readonly<Record<string, unknown>>;
  const lacking = ['id', 'title', 'authority'].filter((key) => typeof raw[key] !== 'string' || raw[key] === '');
  if (lacking.length > 0 || !/^[a-z0-9][a-z0-9-]{1,63}$/.test(String(raw.id)))
    throw new ProblemError(
      [...lacking, 'id'].slice(0, 3).map((key) => problem('rule.shape', `/${key}`, `草稿至少要有 ${key}`, '补上后再存')),
    );
  return json as Item;
};

export const saveDraft = async (db: Db, saving: { readonly json: unknown; readonly maker: string; readonly at: Date }): Promise<Review> => {
  const { json, maker, at } = saving;
  const item = draftOf(json);
  const row = { item, hash: itemHash(item), state: 'draft' as const, maker, at, warnings: [], effect: null, document: null };
  const id = await transaction(db, async (tx) => {
    const made = await insertReview(tx, row);
    if (made !== null) await trace(tx, made, 'draft', maker, at, { item: item.id });
    return made;
  });
  if (id === null) return fail('conflict.review', item.id, '这个事项已有一份草稿或送审。', '先处理那一份。');
  return (await readReview(db, id)) as Review;
};

export interface Rewriting {
  readonly id: string;
  readonly json: unknown;
  /** The hash of what was changed. */
  readonly was: string;
  readonly maker: string;
  readonly at: Date;
}

/** Saves a draft, or what was returned, again. `conflict.draft` where it was saved since; the same content is saved once. */
export const rewriteDraft = async (db: Db, { id, json, was, maker, at }: Rewriting): Promise<Review> => {
  const item = draftOf(json);
  const hash = itemHash(item);
  await transaction(db, async (tx) => {
    const review = await lockReview(tx, id);
    if (review === null) return fail('missing.review', '', '没有这份草稿。', '从政策列表重新打开。');
    if (review.maker !== maker) fail('state.other-person', '', '只有编制人能改自己的草稿。', '需要改的，复制一份另存，或请编制人改。');
    if (review.state !== 'draft' && review.state !== 'returned')
      fail('state.review', '', `这一份现在是“${reviewStates[review.state].text}”，不能再改。`, '先撤回或请复核人退回，再改。');
    if (review.itemId !== item.id) fail('input.value', '/id', '事项编号与草稿的不同。', '换了编号就是另一个事项，另起一份草稿。');
    if (review.hash === hash) return;
    if (review.hash !== was) fail('conflict.draft', '', '这份草稿已在别的窗口存过。', '看两边的差别，选一份留下；您写的还在这里。');
    await rewriteContent(tx, id, { item, hash });
    await trace(tx, id, 'redraft', maker, at, { item: item.id, hash });
  });
  return (await readReview(db, id)) as Review;
};
