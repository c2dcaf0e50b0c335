// 福建一季度增产增效用电奖励 2024: in 350000, above-scale manufacturers whose electricity grew 5 %: 0.1 yuan per kWh of growth, 0.15 when in the strategic list; newly producing above-
// scale firms of the quarter and older ones that used none a year ago: 0.02 per kWh. At most 800,000 yuan. Decided for 2024Q1.
import { held, type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const kwh = (before: Scalar | null, after: Scalar | null): PlantedFacts => ({
  electricityKwh: { '2023Q1': before, '2024Q1': after },
  electricityCost: { '2023Q1': null, '2024Q1': null },
});
const strategic = held(['2023-06-01', null, ['省战略性新兴产业年报库']]);
const scale = (from: string): PlantedFacts => ({
  isAboveScaleIndustry: held([from, null, true]),
  isAboveScaleManufacturing: held([from, null, true]),
});
const fresh2024: PlantedFacts = {
  ...scale('2024-02-01'),
  commissionedDate: '2024-01-20',
  statEntryDate: '2024-02-01',
  firstAboveScaleDate: '2024-02-01',
};

export const fjZengchan2024q1: PlantedTable = {
  item: 'fj-zengchan-2024q1',
  register: 'enterprise',
  division: '350524',
  period: '2024Q1',
  base: {
    regionCode: '350524',
    businessStatus: '在营',
    industryCode: '307',
    aboveScaleExits: 0,
    statProvince: '350000',
    commissionedDate: '2015-05-05',
    statEntryDate: '2017-01-01',
    firstAboveScaleDate: '2017-01-01',
    ...scale('2017-01-01'),
    ...kwh(10_000_000, 12_000_000),
  },
  cases: [
    yes('增长两成', {}, 200000, '2,000,000 × 0.1'),
    yes('刚好增长 5%', kwh(10_000_000, 10_500_000), 50000, '500,000 × 0.1', edge),
    no('增长不到 5%', kwh(10_000_000, 10_499_999), 'one kWh short of 5 %', edge),
    no('用电下降', kwh(10_000_000, 9_000_000), 'no growth'),
    yes('战新年报库', { officialLists: strategic }, 300000, '2,000,000 × 0.15'),
    yes('刚好到 80 万元', kwh(10_000_000, 18_000_000), 800000, '8,000,000 × 0.1', edge),
    yes('超过 80 万元', kwh(10_000_000, 18_000_010), 800000, 'capped', edge),
    yes('战新封顶', { officialLists: strategic, ...kwh(10_000_000, 30_000_000) }, 800000, '3,000,000 capped'),
    yes('早纳统上年零用电', kwh(0, 3_000_000), 60000, '3,000,000 × 0.02'),
    yes('零用电封顶', kwh(0, 50_000_000), 800000, '1,000,000 capped'),
    yes('一季度新投产', { ...fresh2024, ...kwh(null, 1_000_000) }, 20000, '1,000,000 × 0.02'),
    yes(
      '一季度新投产战新',
      { ...fresh2024, officialLists: strategic, ...kwh(null, 1_000_000) },
      20000,
      'new production first: × 0.02',
      edge,
    ),
    no(
      '二季度才投产',
      {
        ...fresh2024,
        commissionedDate: '2024-04-02',
        ...scale('2024-05-01'),
        statEntryDate: '2024-05-01',
        firstAboveScaleDate: '2024-05-01',
        ...kwh(null, 100),
      },
      'not yet in the quarter',
    ),
    yes('小幅增长也付', kwh(100_000, 106_000), 600, '6,000 × 0.1: no least amount in 2024'),
    no('规下企业增长', { isAboveScaleIndustry: undefined, isAboveScaleManufacturing: undefined }, 'not above scale'),
    no('不是制造业增长', { isAboveScaleManufacturing: held(['2017-01-01', null, false]) }, 'no manufacturer'),
    no('省外企业', { regionCode: '330602' }, 'registered in 绍兴', { division: '330602' }),
    yes('莆田企业', { regionCode: '350302' }, 200000, 'another city of the province', { division: '350302' }),
    open('是否制造业缺失', { isAboveScaleManufacturing: held(['2017-01-01', null, unknown]) }, 'only manufacturers count for growth'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    yes('战新名录缺失', { officialLists: held(['2023-06-01', null, unknown]) }, null, 'entitled; 0.1 or 0.15'),
    no(
      '省外企业且制造业缺失',
      { regionCode: '330602', isAboveScaleManufacturing: held(['2017-01-01', null, unknown]) },
      'not in the province',
      { division: '330602' },
    ),
  ],
};
