// 中山火炬瞪羚奖励: nine conditions at once, and a table of last year's revenue by two-year growth. Decided for 2022, the item's last year: revenue of 2019, 2020
// and 2021. The growth rate is (2021 ÷ 2019)^½ − 1; squares are chosen so that it comes out exactly.
import { type Scalar, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

type Figure = Scalar | typeof unknown;
const research = (of2019: Figure, of2020: Figure, of2021: Figure): PlantedFacts => ({
  rdSpend: { 2019: of2019, 2020: of2020, 2021: of2021 },
});
/** Revenue of 2019 to 2021, total revenue the same, and research far above 3 % unless a case says otherwise. */
const revenue = (of2019: Figure, of2020: Figure, of2021: Figure): PlantedFacts => ({
  revenue: { 2019: of2019, 2020: of2020, 2021: of2021 },
  totalRevenue: { 2019: of2019, 2020: of2020, 2021: of2021 },
  ...research(99_000_000, 99_000_000, 99_000_000),
});
const certificate = (validTo: string): PlantedFacts => ({
  qualifications: [{ certNo: fresh, type: '高新技术企业', recognition: '首次认定', brand: null, date: '2019-12-02', validTo }],
});
const right = (rightClass: string, grantDate: string): PlantedFacts => ({ ipRights: [{ rightNo: fresh, class: rightClass, grantDate }] });

export const zsHuojuDengling2021: PlantedTable = {
  item: 'zs-huoju-dengling-2021',
  register: 'enterprise',
  division: '442000003',
  period: '2022',
  base: {
    regionCode: '442000003',
    businessStatus: '在营',
    establishedDate: '2012-06-01',
    industryCode: '398',
    ...revenue(20_000_000, 30_000_000, 45_000_000),
    ...certificate('2026-12-01'),
    ...right('I', '2022-03-03'),
  },
  cases: [
    yes('2000 万至 1 亿、增 50%', {}, 200000, '√(45/20) − 1 = 50 %: the first cell'),
    yes('2000 万至 1 亿、增 100%', revenue(12_000_000, 20_000_000, 48_000_000), 300000, '√(48/12) − 1 = 100 %: the second cell', edge),
    yes('2000 万至 1 亿、增 160%', revenue(10_000_000, 30_000_000, '67600000'), 400000, '√6.76 − 1 = 160 %: the third cell'),
    no('2000 万至 1 亿、刚好 40%', revenue(20_000_000, 28_000_000, '39200000'), '√1.96 − 1 = 40 %, and more than 40 % is asked', edge),
    yes('1 至 5 亿、增 50%', revenue(80_000_000, 120_000_000, 180_000_000), 300000, '√2.25 − 1 = 50 %: the fourth cell'),
    yes('1 至 5 亿、增 100%', revenue(50_000_000, 90_000_000, 200_000_000), 500000, '√4 − 1 = 100 %: the fifth cell', edge),
    yes('1 至 5 亿、增 250%', revenue(20_000_000, 90_000_000, 245_000_000), 800000, '√12.25 − 1 = 250 %: the sixth cell'),
    no('1 至 5 亿、刚好 30%', revenue(100_000_000, 130_000_000, 169_000_000), '√1.69 − 1 = 30 %, and more than 30 % is asked', edge),
    yes('5 至 10 亿、增 25%', revenue(400_000_000, 500_000_000, 625_000_000), 300000, '√1.5625 − 1 = 25 %: the seventh cell'),
    yes('5 至 10 亿、增 50%', revenue(400_000_000, 600_000_000, 900_000_000), 500000, '√2.25 − 1 = 50 %: the eighth cell', edge),
    yes('5 至 10 亿、增 150%', revenue(100_000_000, 300_000_000, 625_000_000), 800000, '√6.25 − 1 = 150 %: the ninth cell'),
    no('刚好 10 亿', revenue(400_000_000, 600_000_000, 1_000_000_000), 'below one billion is asked', edge),
    no('收入 1900 万', revenue(10_000_000, 14_000_000, 19_000_000), 'below 20 million', edge),
    no('中间一年下降', revenue(20_000_000, 19_000_000, 45_000_000), 'no growth in 2020'),
    no('第一年总收入不足千万', { totalRevenue: { 2019: 9_999_999, 2020: 30_000_000, 2021: 45_000_000 } }, 'below 10 million in 2019', edge),
    no('注册在中山其他区', { regionCode: '442000' }, 'not in the zone'),
    no('成立不满三年', { establishedDate: '2021-06-01' }, 'too young'),
    no('没有高企证书', { qualifications: undefined }, 'no certificate'),
    no('高企证书过期', certificate('2021-12-01'), 'expired before 2022 began'),
    no('一类知识产权太早', right('I', '2021-12-30'), 'granted more than a year before the end of 2022', edge),
    no('没有一类知识产权', right('II', '2022-03-03'), 'class II does not count'),
    no('研发占比 2%', research(400_000, 600_000, 900_000), 'below 3 %'),
    yes('研发占比刚好 3%', research(600_000, 900_000, 1_350_000), 200000, '3 % each year', edge),
    open('研发费用缺失', research(unknown, unknown, unknown), 'nobody can tell the share'),
    open('上年收入缺失', revenue(20_000_000, 30_000_000, unknown), 'nobody can tell the revenue of 2021'),
    no(
      '收入缺失且不在火炬区',
      { regionCode: '442000', ...revenue(20_000_000, 30_000_000, unknown) },
      'not in the zone, whatever the revenue',
    ),
  ],
};
