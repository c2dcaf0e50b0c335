// Lists keyed by name beside what rests on them: how many names of an item's lists still wait, and by which row of which list a subject is on it.
import { dayText } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { factOf } from '../record/lookup.ts';
import { type ListNote, type MatchMethod, type NameGap, nameGaps } from '../record/names-store.ts';
import { listProvenance } from '../record/provenance-store.ts';

export const methodNames: Readonly<Record<MatchMethod, string>> = {
  exact: '名称一致',
  normalised: '名称一致（全半角、空格、括号写法不计）',
  former: '按曾用名对上',
  settled: '由工作人员核对',
};

/** Datasets keyed by name that an item's facts come from, over links as well. */
export const listsRead = ({ reads, register }: Pick<CompiledItem, 'reads' | 'register'>, catalogue: Catalogue): readonly string[] => {
  const byName = new Set(catalogue.datasets.filter((d) => d.keyedBy === 'name').map((d) => d.id));
  const sources = reads.flatMap((read) => {
    const link = read.link === null ? undefined : factOf(catalogue, register, read.link);
    return factOf(catalogue, link?.to ?? register, read.fact)?.datasets ?? [];
  });
  return [...new Set(sources)].filter((dataset) => byName.has(dataset));
};

const named = (title: string | null, number: string | null, dataset: string, catalogue: Catalogue): string =>
  `《${title ?? catalogue.datasets.find((d) => d.id === dataset)?.title ?? dataset}》${number === null ? '' : `（${number}）`}`;

/** 「《…》48 个名称中 3 个没有对上」; empty where every name was found. */
export const gapTexts = (gaps: readonly NameGap[], catalogue: Catalogue): readonly string[] =>
  gaps
    .filter((gap) => gap.open > 0)
    .map((gap) => `${named(gap.title, gap.number, gap.dataset, catalogue)}${gap.listed} 个名称中 ${gap.open} 个没有对上，待核对`);

export const itemGaps = async (
  db: Db,
  compiled: Pick<CompiledItem, 'reads' | 'register'>,
  catalogue: Catalogue,
): Promise<readonly string[]> => gapTexts(await nameGaps(db, listsRead(compiled, catalogue)), catalogue);

/** A list by name that an item reads and that still has names nobody was found for. */
export interface ListGap extends NameGap {
  readonly text: string;
}

type Reading = Pick<CompiledItem, 'reads' | 'register'>;

/**
 * Item id → its lists with names that wait, one entry per list; items without are not in it. Where no list waits, which is the usual case, no item is asked
 * what it reads.
 */
export const gapsByItem = async (
  db: Db,
  items: readonly string[],
  read: (itemId: string) => Promise<Reading> | Reading,
  catalogue: Catalogue,
): Promise<ReadonlyMap<string, readonly ListGap[]>> => {
  const byName = catalogue.datasets.filter((d) => d.keyedBy === 'name').map((d) => d.id);
  const open = (await nameGaps(db, byName)).filter((gap) => gap.open > 0);
  const found = new Map<string, readonly ListGap[]>();
  if (open.length === 0) return found;
  for (const item of items) {
    const lists = listsRead(await read(item), catalogue);
    const own = open.filter((gap) => lists.includes(gap.dataset)).map((gap) => ({ ...gap, text: gapTexts([gap], catalogue).join('') }));
    if (own.length > 0) found.set(item, own);
  }
  return found;
};

const validity = ({ validFrom, validTo }: ListNote): string =>
  validFrom === null && validTo === null ? '' : `，有效期 ${validFrom ?? '不限'} 至 ${validTo === null ? '不限' : `${validTo} 前一日`}`;

/** Provenance of a listing: which list, its 文号, day of publication and validity, and how the name was found. */
export const listingTexts = async (
  db: Db,
  subjectId: string,
  compiled: Pick<CompiledItem, 'reads' | 'register'>,
  catalogue: Catalogue,
): Promise<readonly string[]> =>
  (await listProvenance(db, subjectId, listsRead(compiled, catalogue))).map(({ dataset, asOf, name, method, list }) => {
    const published = list?.publishedOn == null ? '' : `，${dayText(list.publishedOn)}公布`;
    const about = `${named(list?.title ?? null, list?.number ?? null, dataset, catalogue)}${published}${list === null ? '' : validity(list)}`;
    return `${about}，数据日期${dayText(asOf)}：名单上写作“${name}”，${methodNames[method]}`;
  });
