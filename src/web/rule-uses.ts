// Where an item is used: by the formulas of others that ask what it paid, and by limits that bind several items together.
import type { Item } from '../policy/item.ts';
import type { VersionView } from '../policy/view-store.ts';
import { isObject } from '../rule/literal.ts';

export interface Use {
  readonly item: string;
  readonly title: string;
  /** Chinese: what of it is used. */
  readonly how: string;
}

const kinds = { claim: '同一对象只能用一次', exclusive: '互斥', cap: '合并封顶' } as const;

/** `claim group`, for every limit that names one. */
const groupsOf = (item: Item): ReadonlyMap<string, string> => {
  const out = new Map<string, string>();
  for (const limit of item.limits as readonly Readonly<Record<string, unknown>>[])
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
      const own = limit[kind];
      if (isObject(own) && typeof own.group === 'string') out.set(`${kind} ${own.group}`, kinds[kind]);
    }
  return out;
};

/** Formulas name other items in quotes: `paid("sh-laonian")`. */
const asksAbout = (item: Item, id: string): boolean => JSON.stringify(item).includes(`\\"${id}\\"`);

export const usesOf = (item: Item, others: readonly VersionView[]): readonly Use[] => {
  const own = groupsOf(item);
  return others
    .filter((one) => one.itemId !== item.id && one.retiredAt === null)
    .flatMap((one) => {
      const shared = [...groupsOf(one.item)].filter(([key]) => own.has(key)).map(([, text]) => `与它${text}`);
      const asked = asksAbout(one.item, item.id) ? ['公式里看本事项已发的金额'] : [];
      return [...new Set([...asked, ...shared])].map((how) => ({ item: one.itemId, title: one.item.title, how }));
    });
};
