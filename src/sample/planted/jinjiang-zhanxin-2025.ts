// 晋江新增战新年报企业: registered in 350582, newly in the strategic industries' yearly report since 2025, with at least 20 million of strategic output in that year or half of the
// output; 30,000 yuan, once.
import { held, type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const output = (strategic: Scalar | typeof unknown, total: Scalar | typeof unknown): PlantedFacts => ({
  strategicOutput: { 2024: 1, 2025: strategic },
  output: { 2024: 1, 2025: total },
});

export const jinjiangZhanxin2025: PlantedTable = {
  item: 'jinjiang-zhanxin-2025',
  register: 'enterprise',
  division: '350582101',
  period: 'once',
  base: {
    regionCode: '350582101',
    businessStatus: '在营',
    industryCode: '398',
    aboveScaleExits: 0,
    statProvince: '350000',
    strategicEntryYear: 2025,
    ...output(30_000_000, 90_000_000),
  },
  cases: [
    yes('产值 3000 万', {}, 30000, 'at least 20 million'),
    yes('产值刚好 2000 万', output(20_000_000, 90_000_000), 30000, 'exactly 20 million', edge),
    no('产值差一元 2000 万', output(19_999_999, 90_000_000), 'one yuan short, and less than half', edge),
    yes('占比刚好一半', output(5_000_000, 10_000_000), 30000, 'exactly half', edge),
    no('占比略低于一半', output(4_999_999, 10_000_000), 'below both', edge),
    yes('全部是战新', output(1_000_000, 1_000_000), 30000, 'all of it'),
    yes('产值和占比都够', output(50_000_000, 60_000_000), 30000, 'both'),
    no('产值很小', output(100_000, 90_000_000), 'below both'),
    no('战新产值为零', output(0, 90_000_000), 'none'),
    no('2024 年入库', { strategicEntryYear: 2024 }, 'not of the policy’s years', edge),
    no('2020 年入库', { strategicEntryYear: 2020 }, 'long in it'),
    no('从未入库', { strategicEntryYear: null }, 'not in it'),
    yes('青阳街道', { regionCode: '350582001' }, 30000, 'another town', { division: '350582001' }),
    no('石狮企业', { regionCode: '350581' }, 'registered in 石狮', { division: '350581' }),
    no(
      '已迁往南安',
      {
        regionCode: held(['2015-01-01', '2026-01-01', '350582101'], ['2026-01-01', null, '350583']),
        businessStatus: held(['2015-01-01', '2026-01-01', '在营'], ['2026-01-01', null, '在营']),
      },
      'moved to 南安',
    ),
    yes(
      '由南安迁入',
      {
        regionCode: held(['2015-01-01', '2026-01-01', '350583'], ['2026-01-01', null, '350582101']),
        businessStatus: held(['2015-01-01', '2026-01-01', '在营'], ['2026-01-01', null, '在营']),
      },
      30000,
      'registered here since January',
    ),
    open('战新产值缺失', output(unknown, 90_000_000), 'the row of 2025 is empty'),
    open('总产值缺失', output(5_000_000, unknown), 'the share cannot be told'),
    yes('总产值缺失但产值够', output(20_000_000, unknown), 30000, '20 million is enough'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    no('2020 年入库且产值缺失', { strategicEntryYear: 2020, ...output(unknown, 90_000_000) }, 'too early in any case'),
  ],
};
