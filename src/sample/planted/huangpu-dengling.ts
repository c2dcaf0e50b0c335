// 黄埔瞪羚奖励: three ways to be one, three parts of money, and a cap that depends on the place of the innovation score within its stage over the whole
// district, so that every case with a score stands in one table with the others. Decided for 2025: last year is 2024, the base year 2021.
import { type Scalar, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

type Figure = Scalar | typeof unknown;
const revenue = (of2021: Figure, of2022: Figure, of2023: Figure, of2024: Figure): PlantedFacts => ({
  revenue: { 2021: of2021, 2022: of2022, 2023: of2023, 2024: of2024 },
});
const research = (of2024: Figure): PlantedFacts => ({ rdDeductible: { 2024: of2024 } });
const score = (innovationScore: Figure, innovationStage = '成长期'): PlantedFacts => ({ innovationScore, innovationStage });
const certificates = (validTo: string, ...gazelle: readonly string[]): PlantedFacts => ({
  qualifications: [
    { certNo: fresh, type: '高新技术企业', recognition: '首次认定', brand: null, date: '2022-12-02', validTo },
    ...gazelle.map((date) => ({ certNo: fresh, type: '瞪羚企业', recognition: '首次认定', brand: null, date, validTo: null })),
  ],
});
const much = research(5_000_000);

/** Eighteen of the growth stage with the best scores; without a certificate they are not entitled but take their places. */
const rivals = Array.from({ length: 18 }, (_, i) =>
  no(`成长期积分 ${200 - i}，不是高企`, { ...score(200 - i), qualifications: undefined }, `takes place ${i + 1} of the stage`),
);

export const huangpuDengling: PlantedTable = {
  item: 'huangpu-dengling',
  register: 'enterprise',
  division: '440112',
  period: '2025',
  base: {
    regionCode: '440112',
    businessStatus: '在营',
    establishedDate: '2012-06-01',
    industryCode: '398',
    ...revenue(10_000_000, 12_000_000, 14_400_000, 17_280_000),
    ...certificates('2026-12-01'),
    ...research(2_000_000),
    equityInvestment: { 2024: 0 },
  },
  cases: [
    ...rivals,
    yes('增长率刚好 20%', {}, 450000, '1.728^⅓ = 1.2; 50,000 + 2,000,000 × 20 %', edge),
    no('增长率不到 20%', revenue(10_000_000, 12_000_000, 14_400_000, 17_279_999), 'a yuan short of 20 %', edge),
    yes('成长期第 19', { ...score(150), ...much }, 650000, '50,000 + 600,000: among twenty'),
    yes('成长期并列第 20', { ...score(140), ...much }, 650000, '50,000 + 600,000: the twentieth', edge),
    yes('成长期同分，也是第 20', { ...score(140), ...much }, 650000, 'the same score, the same place', edge),
    yes('成长期第 22', { ...score(130), ...much }, 550000, '50,000 + 500,000: after two twentieths comes the twenty-second', edge),
    yes('初创期第 1', { ...score(10, '初创期'), ...much }, 650000, 'places are counted within the stage'),
    yes('稳定期积分未报，研发费不多', { ...score(unknown, '稳定期') }, 450000, 'the cap does not matter to 400,000'),
    yes('稳定期积分未报，研发费多', { ...score(unknown, '稳定期'), ...much }, null, '500,000 or 600,000'),
    yes('稳定期有两家积分未报', { ...score(99, '稳定期'), ...much }, 650000, 'third at the worst'),
    yes('没有积分', much, 550000, 'no place: the cap is 500,000'),
    yes('连续两年', certificates('2026-12-01', '2024-07-01'), 500000, '100,000 + 400,000'),
    yes('连续三年', certificates('2026-12-01', '2024-07-01', '2023-07-01'), 600000, '200,000 + 400,000'),
    yes('中断一年', certificates('2026-12-01', '2023-07-01'), 450000, 'not last year: the first again'),
    yes('股权投资封顶', { equityInvestment: { 2024: 12_000_000 } }, 1450000, '50,000 + 400,000 + 1,000,000'),
    yes('股权投资刚好封顶', { equityInvestment: { 2024: 10_000_000 } }, 1450000, '10 % of ten million is the cap', edge),
    yes('五年五亿', { establishedDate: '2020-12-31', ...revenue(0, 1, 2, 500_000_000) }, 450000, 'five years old to the day', edge),
    no('超过五年一天', { establishedDate: '2020-12-30', ...revenue(0, 1, 2, 500_000_000) }, 'older, and not a billion', edge),
    yes(
      '十年十亿',
      { establishedDate: '2016-01-01', ...revenue(900_000_000, 900_000_000, 900_000_000, 1_000_000_000) },
      450000,
      'ten years, a billion',
    ),
    no(
      '十年，差一元到十亿',
      { establishedDate: '2016-01-01', ...revenue(900_000_000, 900_000_000, 900_000_000, 999_999_999) },
      'a yuan short',
      edge,
    ),
    no('基期不足一千万', revenue(9_999_999, 12_000_000, 14_400_000, 17_280_000), 'a yuan short in 2021', edge),
    no('上年没有增长', revenue(10_000_000, 12_000_000, 17_280_000, 17_280_000), 'no growth in 2024'),
    no('高企证书到期', certificates('2025-12-30'), 'a day short of the end of 2025', edge),
    no('在天河', { regionCode: '440106' }, 'not in 黄埔'),
    open('上年营收未报', revenue(10_000_000, 12_000_000, 14_400_000, unknown), 'nobody can tell the growth'),
    open('注册地未报', { regionCode: unknown }, 'nobody can tell the district'),
    open('成立日期未报', { establishedDate: unknown, ...revenue(0, 1, 2, 500_000_000) }, 'five years or not'),
    yes('研发费未报', research(unknown), null, 'entitled; the second part is unknown'),
  ],
};
