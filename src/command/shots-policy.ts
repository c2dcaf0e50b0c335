// The console's pages of rules as data: a draft with every tab, a version in review as a second person sees it, an item with its versions, an empty beginning.
import type { Page } from 'playwright-core';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Item } from '../policy/item.ts';
import { liveItems } from '../policy/store.ts';
import { rewriteDraft, saveDraft } from '../review/draft.ts';
import { readReview } from '../review/store.ts';
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

const leaf = (fact: string, operator: string, value: unknown) => ({ fact, operator, value });

/** Groups four deep, as a clause with exceptions to its exceptions is written. */
const nested = (item: Item): unknown => ({
  ...item,
  title: '四种情形的津贴（征求意见）',
  conditions: {
    all: [
      leaf('hukouRegion', 'within', '530128'),
      {
        any: [
          leaf('ageThisMonth', 'greaterThanInclusive', 80),
          {
            all: [
              leaf('ageThisMonth', 'greaterThanInclusive', 70),
              {
                any: [{ not: leaf('deathDate', 'absent', false) }, leaf('deathDate', 'onOrAfter', { fact: 'period.start' })],
                text: '在世，或当月去世',
              },
            ],
            text: '七十岁以上的',
          },
        ],
        text: '高龄，或者',
      },
    ],
  },
  award: {
    tiers: {
      by: 'ageThisMonth',
      // A gap after the sixth and an overlap at the ninth: both are marked.
      rows: Array.from({ length: 12 }, (_, i) => ({
        from: 70 + i * 3 + (i === 6 ? 1 : 0),
        below: 73 + i * 3 + (i === 8 ? 1 : 0),
        yuan: 50 + i * 20,
      })),
    },
  },
});

const broken = (item: Item): unknown => ({
  ...item,
  title: `${item.title}（没有写完）`,
  basis: { ...item.basis, document: '' },
  conditions: { all: [leaf('', 'equal', ''), leaf('hukouRegion', 'within', '999999'), { any: [] }] },
  award: { rate: { base: '', rate: 0.1 } },
});

/** Something is typed here while the same draft is saved elsewhere. */
const savedElsewhere =
  (db: Ground['db'], id: string, at: Date) =>
  async (page: Page): Promise<void> => {
    await settled(page);
    const review = await readReview(db, id);
    if (review === null) return;
    // Another text each time it is drawn: the same content would be no conflict.
    const json = { ...review.content, statement: review.content.statement === '高龄津贴' ? '高龄老人津贴' : '高龄津贴' };
    await page.getByLabel('主管部门', { exact: true }).fill('禄劝县民政和人社局');
    await rewriteDraft(db, { id, json, was: review.hash, maker: review.maker, at });
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('已在别的窗口存过').waitFor();
  };

const askedOfList = async (page: Page): Promise<void> => {
  await settled(page);
  await page.getByRole('button', { name: '改清单条件' }).first().click();
  await page.getByRole('dialog').getByText('公式：').waitFor();
};

/** Rules of every shape, each as a draft of its own. */
const drafts = async ({ db, steps }: Ground, items: readonly Item[]): Promise<readonly Told[]> => {
  const at = steps.now();
  const open = async (id: string, made: (item: Item) => unknown): Promise<string> => {
    const item = items.find((one) => one.id === id);
    if (item === undefined) return '';
    return (await saveDraft(db, { json: made(item), maker: 'picture.officer', at })).id;
  };
  const copy = (id: string) => (item: Item) => ({ ...item, id });
  const kept = (item: Item): unknown => item;
  const as = (id: string, made: (item: Item) => unknown) => (item: Item) => copy(id)(made(item) as Item);
  const [many, unfinished, twice] = [
    await open(shown, as('picture-nested', nested)),
    await open(shown, as('picture-broken', broken)),
    await open(shown, as('picture-twice', kept)),
  ];
  const [parts, each, rank] = [await open('wudi-waimao', kept), await open('cn-yuer-butie', kept), await open('wuding-daxian-2023', kept)];
  const told = (name: string, title: string, id: string, tab = '', then = settled): Told => [
    name,
    title,
    'officer',
    `/policy/drafts/${id}${tab}`,
    then,
  ];
  return [
    told('rule-nested', '写规则：四层条件', many),
    told('rule-tiers', '写规则：十二档，有空有叠', many, '?tab=award'),
    told('rule-parts', '写规则：档内另算', parts, '?tab=award'),
    told('rule-each', '写规则：一项一笔', each, '?tab=award'),
    told('rule-rank', '写规则：要逐人匡算', rank, '?tab=award'),
    told('rule-list', '写规则：清单里的条件', await open('tj-chaobili', kept), '', askedOfList),
    told('rule-errors', '写规则：没有写完', unfinished),
    told('rule-conflict', '写规则：别的窗口存过', twice, '?tab=basics', savedElsewhere(db, twice, at)),
  ];
};

export const policyTold = async (ground: Ground): Promise<readonly Told[]> => {
  const { db, steps } = ground;
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
    ['policies-none', '政策事项：没有找到', 'officer', '/policy?find=没有这样的事项'],
    ['rule-new', '写一条新政策', 'officer', '/policy/new'],
    ['rule-conditions', '写规则：条件', 'officer', editor, settled],
    ['rule-award', '写规则：标准', 'officer', `${editor}?tab=award`, settled],
    ['rule-way', '写规则：办理', 'officer', `${editor}?tab=way`, settled],
    ['rule-basics', '写规则：基本情况', 'officer', `${editor}?tab=basics`, settled],
    ['rule-test', '写规则：测试', 'officer', `${editor}?tab=test`, settled],
    ['rule-json', '写规则：JSON', 'officer', `${editor}?tab=json`, settled],
    ['rule-review', '复核一个版本', 'officer', `/policy/reviews/${review.id}`, settled],
    ['rule-review-examples', '复核：例子', 'officer', `/policy/reviews/${review.id}?tab=examples`, settled],
    ['rule-versions', '事项的规则', 'reviewer', `/policy/items/${shown}`],
    ['rule-uses', '事项用在哪里', 'reviewer', `/policy/items/${shown}?tab=uses`],
    ...(await drafts(ground, items)),
  ];
};
