// The console's pages of rules as data: a draft with every tab, a version in review as a second person sees it, an item with its versions, an empty beginning.
import type { Page } from 'playwright-core';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Item } from '../policy/item.ts';
import { liveItems } from '../policy/store.ts';
import { saveDraft } from '../review/draft.ts';
import { submitReview } from '../review/work.ts';
import type { Told } from './shots-console.ts';
import type { Ground } from './shots-visit.ts';

const shown = 'luquan-gaoling';

/** The shown item with another threshold and another tier, as somebody might be asked to forecast it. */
const revised = (item: Item): unknown => ({
  ...item,
  title: `${item.title}（提标征求意见）`,
  award: { tiers: { by: 'ageThisMonth', rows: [{ below: 90, yuan: 80 }, { below: 100, yuan: 150 }, { yuan: 500 }] } },
});

const settled = async (page: Page): Promise<void> => {
  await page.locator('main', { hasText: '正在数' }).waitFor({ state: 'detached' });
};

export const policyTold = async ({ db, steps }: Ground): Promise<readonly Told[]> => {
  const at = steps.now();
  const items = (await liveItems(db)).map((one) => one.item);
  const item = items.find((one) => one.id === shown);
  const other = items.find((one) => one.audience === 'citizen' && one.period === 'monthly' && one.id !== shown);
  if (item === undefined || other === undefined) return [];
  const draft = await saveDraft(db, { json: revised(item), maker: 'picture.officer', at });
  const json = { ...other, title: `${other.title}（修订）`, publicity: { days: 10 } };
  const review = await submitReview(db, { json, catalogue: await loadCatalogue(db), maker: 'officer', at });
  const editor = `/policy/drafts/${draft.id}`;
  return [
    ['policies', '政策事项', 'officer', '/policy'],
    ['rule-new', '写一条新政策', 'officer', '/policy/new'],
    ['rule-conditions', '写规则：条件', 'officer', editor, settled],
    ['rule-award', '写规则：标准', 'officer', `${editor}?tab=award`, settled],
    ['rule-basics', '写规则：基本情况', 'officer', `${editor}?tab=basics`, settled],
    ['rule-test', '写规则：测试', 'officer', `${editor}?tab=test`, settled],
    ['rule-json', '写规则：JSON', 'officer', `${editor}?tab=json`, settled],
    ['rule-review', '复核一个版本', 'officer', `/policy/reviews/${review.id}`, settled],
    ['rule-review-examples', '复核：例子', 'officer', `/policy/reviews/${review.id}?tab=examples`, settled],
    ['rule-versions', '事项的规则', 'reviewer', `/policy/items/${shown}`],
    ['rule-uses', '事项用在哪里', 'reviewer', `/policy/items/${shown}?tab=uses`],
  ];
};
