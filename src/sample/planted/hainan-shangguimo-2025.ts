// 海南上规模奖励 2025: registered in 460000, in the high-tech catalogue or oil and gas extraction, output counted in Hainan, and a step of 3, 5, 15, 30 or 50 (100 million
// yuan) reached for the first time in 2024 since 2014 or the start of production. 300,000, 500,000, 1.5, 3 or 5 million; what was paid before is taken off later.
import { held, type Scalar, type Series, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

/** Output of every year from 2014: `before` up to 2022, then the two years told. */
const output = (before: number, of2023: Scalar | typeof unknown, of2024: Scalar | typeof unknown, peak2017 = before): PlantedFacts => {
  const values: Record<string, Scalar | typeof unknown> = {};
  for (let year = 2014; year <= 2022; year++) values[year] = year === 2017 ? peak2017 : before;
  return { output: { ...values, 2023: of2023, 2024: of2024, 2025: 100 } as Series };
};
const million = 1_000_000;
const small = 100 * million;

export const hainanShangguimo2025: PlantedTable = {
  item: 'hainan-shangguimo-2025',
  register: 'enterprise',
  division: '460105',
  period: '2025',
  base: {
    regionCode: '460105',
    businessStatus: '在营',
    industryCode: '272',
    industryCatalog: held(['2022-01-01', null, ['海南高新技术产业目录2024-制造业']]),
    statProvince: '460000',
    aboveScaleExits: 0,
    commissionedDate: '2010-05-01',
    firstAboveScaleDate: '2011-01-01',
    statEntryDate: '2011-01-01',
    taxArrears: 0,
    ...output(small, 200 * million, 350 * million),
  },
  cases: [
    yes('首破 3 亿', {}, 300000, '350 million in 2024'),
    yes('刚好 3 亿', output(small, 200 * million, 300 * million), 300000, 'the step itself is reached', edge),
    no('差一元 3 亿', output(small, 200 * million, 299_999_999), 'one yuan short', edge),
    yes('首破 5 亿', output(small, 200 * million, 500 * million), 500000, 'over two steps at once: the higher one', edge),
    yes('差一元 5 亿', output(small, 200 * million, 499_999_999), 300000, 'still the step of 300 million', edge),
    yes('首破 15 亿', output(small, 200 * million, 1500 * million), 1500000, 'the step of 1.5 billion', edge),
    yes('首破 30 亿', output(small, 200 * million, 3000 * million), 3000000, 'the step of 3 billion', edge),
    yes('首破 50 亿', output(small, 200 * million, 5000 * million), 5000000, 'the step of 5 billion', edge),
    no('2023 年已破 3 亿', output(small, 310 * million, 350 * million), 'reached a year earlier, no higher step'),
    no('2017 年曾破 3 亿', output(small, 200 * million, 350 * million, 320 * million), 'reached in 2017'),
    yes(
      '投产前的产值不算',
      { commissionedDate: '2018-06-01', ...output(small, 200 * million, 350 * million, 320 * million) },
      300000,
      'counted since production began in 2018',
      edge,
    ),
    no('产值不足', output(small, 110 * million, 120 * million), 'no step reached'),
    yes('石油开采不在目录', { industryCatalog: undefined, industryCode: '0710' }, 300000, 'oil and gas extraction'),
    no('其他行业不在目录', { industryCatalog: undefined }, 'neither in the catalogue nor oil and gas'),
    no('省外企业', { regionCode: '440103' }, 'registered in 广州', { division: '440103' }),
    no('产值统计在外省', { statProvince: '440000' }, 'output counted in 广东'),
    no('已享小升规', { enjoyedPolicies: held(['2025-01-10', null, ['小升规奖励']]) }, 'not together with that award in one year'),
    yes('三亚企业', { regionCode: '460203' }, 300000, 'another city of the province', { division: '460203' }),
    open('2024 年产值缺失', output(small, 200 * million, unknown), 'nobody can tell the output of 2024'),
    open('2023 年产值缺失', output(small, unknown, 350 * million), 'it may have been reached in 2023'),
    open('统计省份缺失', { statProvince: unknown }, 'nobody can tell where the output is counted'),
    no('2024 年产值缺失而在省外', { regionCode: '440103', ...output(small, 200 * million, unknown) }, 'not in Hainan', {
      division: '440103',
    }),
  ],
};
