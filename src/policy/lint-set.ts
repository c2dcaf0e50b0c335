// Several items and versions side by side: two versions that share a period, two items of one matter that nobody keeps apart.
import { type Day, dayText, periodOf } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Item } from './item.ts';
import { type Finding, finding } from './lint-look.ts';
import { treesOf } from './vocabulary.ts';

const speaks = (item: Pick<Item, 'effective'>, day: Day): boolean =>
  (item.effective.from === null || item.effective.from <= day) && (item.effective.to === null || day <= item.effective.to);

/** A period in which an earlier version speaks on one day and this one on another: whose rule the period follows is a matter of chance to its reader. */
export const splitPeriods = (item: Item, earlier: readonly Item[]): readonly Finding[] => {
  const { from } = item.effective;
  if (from === null || item.period === 'once' || item.period === 'per-event') return [];
  const period = periodOf(item.period, from);
  if (period.start === null || period.start === from) return [];
  const before = period.start;
  if (item.selectedBy === 'period-start' || !earlier.some((e) => e.id === item.id && speaks(e, before))) return [];
  return [
    finding(
      'split-period',
      '/effective/from',
      `${period.key} 期内前后两个版本都有效：期初按旧版，${dayText(from)}起按新版`,
      '让生效日落在期初，或写明 "selectedBy": "period-start"（期初的版本管整期）',
    ),
  ];
};

/** 高龄津贴（2025年） and 高龄津贴 are one matter. */
const matterOf = (title: string): string =>
  title
    .replaceAll(/[（(【[].*?[）)】\]]/g, '')
    .replaceAll(/\d{4}年度?|第[一二三四五六七八九十\d]+[批期]/g, '')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

const groupsOf = (item: Item): ReadonlySet<string> =>
  new Set(
    item.limits.flatMap((l) => ('exclusive' in l ? [`exclusive ${l.exclusive.group}`] : 'claim' in l ? [`claim ${l.claim.group}`] : [])),
  );

const together = (a: Item, b: Item): boolean =>
  (a.effective.to === null || b.effective.from === null || b.effective.from <= a.effective.to) &&
  (b.effective.to === null || a.effective.from === null || a.effective.from <= b.effective.to);

const meet = (a: Item, b: Item, catalogue: Catalogue): boolean => {
  if (a.region === null || b.region === null || a.region === b.region) return true;
  const divisions = treesOf(catalogue).get('division');
  return divisions?.within(a.region, b.region) === true || divisions?.within(b.region, a.region) === true;
};

/** Items of one matter that can reach the same person at the same time, and share neither an exclusion group nor a claim. */
export const sameMatter = (item: Item, others: readonly Item[], catalogue: Catalogue): readonly Finding[] => {
  const own = groupsOf(item);
  const matter = matterOf(item.title);
  const clashing = others.filter(
    (o) =>
      o.id !== item.id &&
      o.audience === item.audience &&
      matterOf(o.title) === matter &&
      together(item, o) &&
      meet(item, o, catalogue) &&
      ![...groupsOf(o)].some((g) => own.has(g)),
  );
  return clashing.map((o) =>
    finding(
      'same-matter',
      '/limits',
      `与“${o.title}”（${o.id}）是同一类待遇，同一个人可能领两份`,
      '两个事项写进同一个互斥组（exclusive）；确可叠加的，改标题以示区别',
    ),
  );
};
