// 郑州研发费用后补助: registered in 410100 with deductible research spending of the year before. Revenue up to 20 million: 30 %, at most 500,000; up to 100 million: 20 %, at most
// 1,500,000; up to 1 billion: 20 %, at most 3,000,000; above it 6,000,000 from 30 million of research. First report as above scale: 100,000 (50,000 from 100,000 to 500,000). For 2026.
import { held, type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const figures = (revenue: Scalar | typeof unknown, research: Scalar | typeof unknown): PlantedFacts => ({
  revenue: { 2024: 1, 2025: revenue },
  totalRevenue: { 2024: 1, 2025: 1 },
  rdSpend: { 2024: 1, 2025: 1 },
  rdDeductible: { 2024: 1, 2025: research },
});
const firstReport: PlantedFacts = {
  firstStatReportYear: 2026,
  aboveScaleExits: 0,
  statProvince: '410000',
  isAboveScaleIndustry: held(['2026-02-01', null, true]),
  isAboveScaleManufacturing: held(['2026-02-01', null, true]),
};
const million = 1_000_000;

export const zhengzhouYanfa2019: PlantedTable = {
  item: 'zhengzhou-yanfa-2019',
  register: 'enterprise',
  division: '410105',
  period: '2026',
  base: { regionCode: '410105', businessStatus: '在营', industryCode: '651', ...figures(15 * million, 1 * million) },
  cases: [
    yes('收入 1500 万', {}, 300000, '1,000,000 × 30 %'),
    yes('收入刚好 2000 万', figures(20 * million, 1 * million), 300000, 'still 30 %', edge),
    yes('收入略超 2000 万', figures('20000000.01', 1 * million), 200000, '20 %', edge),
    yes('30% 封顶', figures(15 * million, 2 * million), 500000, '600,000 capped', edge),
    yes('收入 5000 万', figures(50 * million, 4 * million), 800000, '20 %'),
    yes('20% 中档封顶', figures(100 * million, 8 * million), 1500000, '1,600,000 capped', edge),
    yes('收入略超 1 亿', figures(100_000_001, 8 * million), 1600000, 'the third band: 20 %', edge),
    yes('20% 高档封顶', figures(900 * million, 16 * million), 3000000, '3,200,000 capped', edge),
    yes('收入刚好 10 亿', figures(1000 * million, 5 * million), 1000000, 'still the third band', edge),
    yes('收入超 10 亿研发 3000 万', figures(1_000_000_001, 30 * million), 6000000, 'the fixed amount', edge),
    no('收入超 10 亿研发不足', figures(1_000_000_001, 29_999_999), 'below 30 million of research', edge),
    yes('首次报送研发 50 万', { ...figures(15 * million, 500_000), ...firstReport }, 250000, '150,000 + 100,000', edge),
    yes('首次报送研发 10 万', { ...figures(15 * million, 100_000), ...firstReport }, 80000, '30,000 + 50,000', edge),
    yes('首次报送研发 9 万', { ...figures(15 * million, 90_000), ...firstReport }, 27000, '27,000 and nothing more', edge),
    yes('首次报送研发 49 万', { ...figures(15 * million, 490_000), ...firstReport }, 197000, '147,000 + 50,000'),
    yes('早已报送', { ...figures(15 * million, 500_000), ...firstReport, firstStatReportYear: 2020 }, 150000, '30 % only'),
    no('没有研发', figures(15 * million, 0), 'nothing deductible'),
    no('没有申报', { revenue: undefined, totalRevenue: undefined, rdSpend: undefined, rdDeductible: undefined }, 'no declaration'),
    no('新乡企业', { regionCode: '410702' }, 'registered in 新乡', { division: '410702' }),
    open('加计扣除缺失', figures(15 * million, unknown), 'the row of 2025 is empty'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    no('新乡企业且加计扣除缺失', { regionCode: '410702', ...figures(15 * million, unknown) }, 'not registered here', {
      division: '410702',
    }),
  ],
};
