// The city a while later: the same people and firms, renewed deliveries, and a few changes that are written down with what they must
// lead to. For tests of continuing, changed, suspended, ended and first matches. Expectations are by hand, like those of planted subjects.
import { addMonths, type Day } from '../base/day.ts';
import type { Dataset, DeliveryKind } from '../catalogue/catalogue.ts';
import { blanker } from './blemish.ts';
import { type CityOptions, placesIn, walkCity } from './city.ts';
import { type Delivery, deliveryDesk } from './delivery.ts';
import { fenOf, type Planted, plantAll } from './plant.ts';
import type { Verdict } from './planted/table.ts';
import { type Facts, held, type Subject, unknown } from './subject.ts';

/** What happened to one planted subject, and what the item must say of it in the later period. */
export interface NextChange {
  readonly what: string;
  readonly item: string;
  readonly register: 'citizen' | 'enterprise';
  readonly key: string;
  readonly periodKey: string;
  readonly match: 'first' | 'changed' | 'continuing' | 'suspended' | 'ended';
  readonly expect: { readonly verdict: Verdict; readonly amountFen: bigint | null };
  /** True: the match stands, but its payment condition no longer holds and the line is withheld. */
  readonly withheld?: true;
}

export interface NextDelivery {
  readonly asOf: Day;
  readonly deliveries: readonly Delivery[];
  readonly changes: readonly NextChange[];
}

interface Script {
  readonly item: string;
  /** The planted case it happens to. */
  readonly name: string;
  readonly what: string;
  readonly facts: Facts;
  readonly match: NextChange['match'];
  readonly verdict: Verdict;
  readonly yuan?: number;
  readonly withheld?: true;
}

const home = '530128001001';

/** April to May 2026. Without facts only time has passed. */
const scripts: readonly Script[] = [
  {
    item: 'luquan-gaoling',
    name: '82 岁',
    what: '四月二十日去世，卫健先报',
    facts: { deathDate: { sources: { 'police-residents': null, 'health-deaths': '2026-04-20' } } },
    match: 'ended',
    verdict: 'ineligible',
  },
  {
    item: 'luquan-gaoling',
    name: '月初满 80 周岁',
    what: '五月六日迁出',
    facts: { hukouRegion: held(['1960-01-01', '2026-05-06', home], ['2026-05-06', null, '530111']) },
    match: 'ended',
    verdict: 'ineligible',
  },
  {
    item: 'luquan-gaoling',
    name: '105 岁',
    what: '户籍地这次没有填',
    facts: { hukouRegion: unknown },
    match: 'suspended',
    verdict: 'undetermined',
  },
  {
    item: 'luquan-gaoling',
    name: '户籍地缺失',
    what: '户籍地补上了',
    facts: { hukouRegion: home },
    match: 'first',
    verdict: 'eligible',
    yuan: 60,
  },
  { item: 'luquan-gaoling', name: '户籍数据过期', what: '晚报的镇补报了', facts: {}, match: 'first', verdict: 'eligible', yuan: 60 },
  {
    item: 'luquan-gaoling',
    name: '下月初才满 80 周岁',
    what: '五月一日满 80 周岁',
    facts: {},
    match: 'first',
    verdict: 'eligible',
    yuan: 60,
  },
  {
    item: 'luquan-gaoling',
    name: '89 岁最后一个月',
    what: '五月一日满 90 周岁',
    facts: {},
    match: 'changed',
    verdict: 'eligible',
    yuan: 120,
  },
  {
    item: 'luquan-gaoling',
    name: '99 岁最后一个月',
    what: '五月一日满 100 周岁',
    facts: {},
    match: 'changed',
    verdict: 'eligible',
    yuan: 500,
  },
  { item: 'luquan-gaoling', name: '月末满 80 周岁', what: '没有变化', facts: {}, match: 'continuing', verdict: 'eligible', yuan: 60 },
  { item: 'luquan-gaoling', name: '本月 1 日去世', what: '去世后次月停发', facts: {}, match: 'ended', verdict: 'ineligible' },
  {
    item: 'bj-kunnan-yanglao',
    name: '低收入',
    what: '五月一日起转为低保',
    facts: { householdAssistance: held(['2023-01-01', '2026-05-01', ['低收入']], ['2026-05-01', null, ['低保']]) },
    match: 'changed',
    verdict: 'eligible',
    yuan: 300,
  },
  {
    item: 'bj-kunnan-yanglao',
    name: '低保转低收入',
    what: '四月底退出救助',
    facts: { householdAssistance: held(['2023-01-01', '2026-02-01', ['低保']], ['2026-02-01', '2026-05-01', ['低收入']]) },
    match: 'ended',
    verdict: 'ineligible',
  },
  {
    item: 'jinjiang-guishang-2025',
    name: '纳统日期为空',
    what: '统计局补报纳统日期',
    facts: { statEntryDate: '2025-11-01' },
    match: 'first',
    verdict: 'eligible',
    yuan: 50000,
  },
  {
    item: 'jinjiang-guishang-2025',
    name: '2025 年 9 月纳统',
    what: '五月二日注销',
    facts: {
      businessStatus: held(['2000-01-01', '2026-05-02', '在营'], ['2026-05-02', null, '注销']),
      regionCode: held(['2000-01-01', '2026-05-02', '350582001'], ['2026-05-02', null, '350582001']),
    },
    match: 'continuing',
    verdict: 'eligible',
    yuan: 50000,
    withheld: true,
  },
];

const later = (key: string): string => (key === '2026-04' ? '2026-05' : key);

const scripted = (planted: readonly Planted[]): readonly (readonly [Planted, Script])[] =>
  scripts.map((script) => {
    const subject = planted.find((p) => p.item === script.item && p.name === script.name);
    if (subject === undefined) throw new Error(`nobody is planted as ${script.item} ${script.name}`);
    return [subject, script];
  });

/** What a department sends again within a month comes in full; what stays fresh for longer comes as changes, where the dataset knows them. */
const kindLater = (dataset: Dataset): DeliveryKind | null => {
  if (dataset.freshnessDays <= 62) return dataset.kinds[0] ?? null;
  return dataset.kinds.includes('changes') ? 'changes' : null;
};

/**
 * The deliveries of one month after `generateCity` with the same options. Only for the default day: the changes are written for
 * April to May 2026.
 */
export const generateNextDelivery = (options: CityOptions): NextDelivery => {
  const places = placesIn(options.catalogue);
  const asOf = addMonths(options.asOf, 1);
  const happened = scripted(plantAll(() => {}));
  const changed = new Map(happened.filter(([, s]) => Object.keys(s.facts).length > 0).map(([p, s]) => [p.key, s.facts]));
  const desk = deliveryDesk({
    datasets: options.catalogue.datasets,
    places,
    today: asOf,
    directory: options.out,
    planned: kindLater,
    changed: (subject) => changed.has(subject.key),
    punctual: true,
  });
  const blank = blanker(options.seed);
  const renewed = (subject: Subject): Subject => {
    const facts = changed.get(subject.key);
    return facts === undefined ? subject : { ...subject, facts: { ...subject.facts, ...facts } };
  };
  walkCity(options, places, (subject, planted) => desk.deliver(renewed(subject), planted ? undefined : blank));
  const changes = happened.map(([p, s]): NextChange => {
    const { item, register, key } = p;
    const expect = { verdict: s.verdict, amountFen: fenOf(s.yuan) };
    const told = { what: s.what, item, register, key, periodKey: later(p.periodKey), match: s.match, expect };
    return s.withheld === undefined ? told : { ...told, withheld: true };
  });
  return { asOf, deliveries: desk.close(), changes };
};
