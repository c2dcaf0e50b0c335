// 福建一季度增产增效用电奖励 2026: above-scale manufacturers in 350000 whose industrial electricity grew 6 % on the year, or used none a year ago; energy-hungry
// industries must meet their quota. 0.1 yuan per kWh of growth, 0.02 yuan per kWh where there was none; below 30,000 nothing, at most 800,000 yuan.
import { type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

type Kwh = Scalar | null | typeof unknown;
/** Electricity of the first quarters of 2025 and 2026; cost and differential price as told. */
const kwh = (before: Kwh, after: Kwh, differential: Kwh = null): PlantedFacts => ({
  electricityKwh: { '2025Q1': before as Scalar | null, '2026Q1': after as Scalar | null },
  electricityCost: { '2025Q1': null, '2026Q1': null },
  differentialPriceKwh: { '2025Q1': null, '2026Q1': differential as Scalar | null },
});
const compliant = (state: boolean | typeof unknown): PlantedFacts => ({ energyQuotaCompliant: state });

export const fjZengchan2026q1: PlantedTable = {
  item: 'fj-zengchan-2026q1',
  register: 'enterprise',
  division: '350521',
  period: '2026Q1',
  base: {
    regionCode: '350521',
    businessStatus: '在营',
    industryCode: '175',
    isAboveScaleIndustry: true,
    isAboveScaleManufacturing: true,
    aboveScaleExits: 0,
    statProvince: '350000',
    ...compliant(true),
    ...kwh(10_000_000, 12_000_000),
  },
  cases: [
    yes('增长两成', {}, 200000, '2,000,000 kWh × 0.1'),
    yes('刚好增长 6%', kwh(10_000_000, 10_600_000), 60000, '600,000 kWh × 0.1', edge),
    no('增长不到 6%', kwh(10_000_000, 10_599_999), 'one kWh short of 6 %', edge),
    no('用电下降', kwh(10_000_000, 9_000_000), 'no growth'),
    yes('刚好 3 万元', kwh(5_000_000, 5_300_000), 30000, '300,000 kWh × 0.1 is the least that is paid', edge),
    yes('差一度不到 3 万元', kwh(4_000_000, 4_299_999), 0, '29,999.90 is below the least amount: nothing is paid', edge),
    yes('刚好到 80 万元', kwh(20_000_000, 28_000_000), 800000, '8,000,000 kWh × 0.1', edge),
    yes('超过 80 万元', kwh(20_000_000, 28_000_010), 800000, 'capped at 800,000', edge),
    yes('远超封顶', kwh(100_000_000, 180_000_000), 800000, 'capped at 800,000'),
    yes('上年同期零用电', kwh(0, 6_000_000), 120000, '6,000,000 kWh × 0.02'),
    yes('上年同期无开票', kwh(null, 6_000_000), 120000, 'no bill a year ago: × 0.02'),
    yes('无基数刚好 3 万元', kwh(0, 1_500_000), 30000, '1,500,000 kWh × 0.02', edge),
    yes('无基数封顶', kwh(null, 45_000_000), 800000, '900,000 capped'),
    yes('高耗能且达标', { industryCode: '3011' }, 200000, 'cement within its quota'),
    no('高耗能且不达标', { industryCode: '3041', ...compliant(false) }, 'flat glass above its quota'),
    yes('非高耗能不看能效', { industryCode: '398', ...compliant(false) }, 200000, 'the quota binds the named industries only'),
    open('高耗能能效缺失', { industryCode: '3216', ...compliant(unknown) }, 'aluminium: the quota check is missing'),
    yes('非高耗能能效缺失', { industryCode: '36', ...compliant(unknown) }, 200000, 'not needed'),
    yes(
      '差别电价用电不计',
      { industryCode: '3110', ...kwh(10_000_000, 12_000_000, 1_000_000) },
      100000,
      '(12,000,000 − 1,000,000 − 10,000,000) × 0.1',
    ),
    no('不是规上制造业', { isAboveScaleManufacturing: false }, 'in the directory, but no manufacturer'),
    no('不在规上名录', { isAboveScaleIndustry: undefined, isAboveScaleManufacturing: undefined }, 'not in the directory'),
    no('省外企业', { regionCode: '330602' }, 'registered in 绍兴', { division: '330602' }),
    yes(
      '上年同期没有这一行',
      { electricityKwh: { '2026Q1': 12_000_000 }, electricityCost: { '2026Q1': null }, differentialPriceKwh: { '2026Q1': null } },
      240000,
      'a full delivery without that quarter says: no bill; 12,000,000 kWh × 0.02',
    ),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    open('行业缺失且不达标', { industryCode: unknown, ...compliant(false) }, 'an energy-hungry industry would be out'),
  ],
};
