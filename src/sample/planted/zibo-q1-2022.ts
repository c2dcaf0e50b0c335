// 淄博一季度产值增长奖励 2022: industrial firms above scale in 370300 whose output grew enough in the first quarter. By output of 2021: below 100 million 50 % for 50,000 yuan;
// below 1 billion 40 % for 100,000; below 3 billion 35 % for 150,000; from there 30 % for 200,000. Decided for 2022Q1.
import { held, type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

type Figure = Scalar | typeof unknown;
/** Output of 2021, then of the first quarters of 2021 and 2022. */
const figures = (of2021: Figure, before: Figure, after: Figure): PlantedFacts => ({
  output: { 2021: of2021 },
  outputQuarterly: { '2021Q1': before, '2022Q1': after },
});
const million = 1_000_000;

export const ziboQ12022: PlantedTable = {
  item: 'zibo-q1-2022',
  register: 'enterprise',
  division: '370303',
  period: '2022Q1',
  base: {
    regionCode: '370303',
    businessStatus: '在营',
    industryCode: '262',
    aboveScaleExits: 0,
    statProvince: '370000',
    isAboveScaleIndustry: held(['2018-01-01', null, true]),
    isAboveScaleManufacturing: held(['2018-01-01', null, true]),
    ...figures(80 * million, 20 * million, 32 * million),
  },
  cases: [
    yes('8000 万增 60%', {}, 50000, 'below 100 million, 50 % asked'),
    yes('不足 1 亿刚好 50%', figures(80 * million, 20 * million, 30 * million), 50000, 'exactly 50 %', edge),
    no('不足 1 亿不到 50%', figures(80 * million, 20 * million, 29_999_999), 'one yuan short of 50 %', edge),
    yes('差一元 1 亿刚好 50%', figures(99_999_999, 20 * million, 30 * million), 50000, 'still the first step', edge),
    yes('刚好 1 亿增 40%', figures(100 * million, 20 * million, 28 * million), 100000, 'the second step, exactly 40 %', edge),
    no('刚好 1 亿增不足 40%', figures(100 * million, 20 * million, 27_999_999), 'short of 40 %', edge),
    yes('9 亿增 45%', figures(900 * million, 200 * million, 290 * million), 100000, 'the second step'),
    yes('刚好 10 亿增 35%', figures(1000 * million, 200 * million, 270 * million), 150000, 'the third step, exactly 35 %', edge),
    no('刚好 10 亿增 34%', figures(1000 * million, 200 * million, 268 * million), 'short of 35 %', edge),
    yes('刚好 30 亿增 30%', figures(3000 * million, 1000 * million, 1300 * million), 200000, 'the fourth step, exactly 30 %', edge),
    yes('差一元 30 亿增 35%', figures(2_999_999_999, 200 * million, 270 * million), 150000, 'still the third step', edge),
    no('50 亿增 29%', figures(5000 * million, 1000 * million, 1290 * million), 'short of 30 %'),
    no('产值下降', figures(80 * million, 20 * million, 15 * million), 'no growth'),
    no('上年同期为零', figures(80 * million, 0, 15 * million), 'growth on nothing cannot be told: no step is met'),
    no('不在库', { isAboveScaleIndustry: undefined, isAboveScaleManufacturing: undefined }, 'not in the directory'),
    no(
      '2021 年已退库',
      {
        isAboveScaleIndustry: held(['2018-01-01', '2021-12-31', true]),
        isAboveScaleManufacturing: held(['2018-01-01', '2021-12-31', true]),
      },
      'out before 2022',
    ),
    no('外市企业', { regionCode: '370102' }, 'registered in 济南', { division: '370102' }),
    yes('桓台县企业', { regionCode: '370321' }, 50000, 'a county of the city', { division: '370321' }),
    open('一季度产值缺失', figures(80 * million, 20 * million, unknown), 'nobody can tell the growth'),
    open('上年产值缺失', figures(unknown, 20 * million, 27 * million), '35 % growth meets some steps only'),
    yes('上年产值缺失但增 60%', figures(unknown, 20 * million, 32 * million), null, 'enough for every step; the amount waits'),
    no('上年产值缺失且增 20%', figures(unknown, 20 * million, 24 * million), 'short of every step'),
  ],
};
