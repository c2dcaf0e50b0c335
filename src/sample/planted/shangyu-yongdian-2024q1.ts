// 上虞一季度规上工业用电补贴 2024: above-scale industry in 330604, sales up 15 % on a base above nothing, a meter of its own. 30 % of the growth of the electricity bill, 50 % in the
// digital core industries, at most 800,000 yuan. Decided for 2024Q1.
import { held, type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const sales = (before: Scalar | typeof unknown, after: Scalar | typeof unknown): PlantedFacts => ({
  salesQuarterly: { '2023Q1': before, '2024Q1': after },
  outputQuarterly: { '2023Q1': 1, '2024Q1': 1 },
});
const bill = (before: Scalar | null, after: Scalar | null): PlantedFacts => ({
  electricityCost: { '2023Q1': before, '2024Q1': after },
  electricityKwh: { '2023Q1': null, '2024Q1': null },
});
const digital = held(['2023-01-01', null, ['数字经济核心产业制造业']]);

export const shangyuYongdian2024q1: PlantedTable = {
  item: 'shangyu-yongdian-2024q1',
  register: 'enterprise',
  division: '330604',
  period: '2024Q1',
  base: {
    regionCode: '330604',
    businessStatus: '在营',
    industryCode: '381',
    isAboveScaleIndustry: held(['2019-01-01', null, true]),
    isAboveScaleManufacturing: held(['2019-01-01', null, true]),
    ownMeterSameName: true,
    ...sales(10_000_000, 12_000_000),
    ...bill(500_000, 700_000),
  },
  cases: [
    yes('电费增 20 万元', {}, 60000, '200,000 × 30 %'),
    yes('数字经济核心产业', { industryCatalog: digital }, 100000, '200,000 × 50 %'),
    yes('销售刚好增 15%', sales(10_000_000, 11_500_000), 60000, 'exactly 15 %', edge),
    no('销售增不足 15%', sales(10_000_000, 11_499_999), 'one yuan short of 15 %', edge),
    no('销售下降', sales(10_000_000, 9_000_000), 'no growth'),
    no('同期无销售', sales(0, 9_000_000), 'no base'),
    no('电费未增', bill(700_000, 700_000), 'no growth of the bill', edge),
    no('电费下降', bill(700_000, 600_000), 'no growth of the bill'),
    yes('刚好到封顶', { industryCatalog: digital, ...bill(1_000_000, 2_600_000) }, 800000, '1,600,000 × 50 %', edge),
    yes('超过封顶', { industryCatalog: digital, ...bill(1_000_000, 2_600_002) }, 800000, '800,001 capped', edge),
    yes('30% 超过封顶', bill(1_000_000, 5_000_000), 800000, '1,200,000 capped'),
    yes('增一元', bill(700_000, 700_001), '0.30', '1 × 30 %', edge),
    no('不在规上名录', { isAboveScaleIndustry: undefined, isAboveScaleManufacturing: undefined }, 'not above scale'),
    no(
      '2023 年底退规',
      {
        isAboveScaleIndustry: held(['2019-01-01', '2023-12-31', true]),
        isAboveScaleManufacturing: held(['2019-01-01', '2023-12-31', true]),
      },
      'out before the quarter',
    ),
    no('电表户名不一致', { ownMeterSameName: false }, 'no meter of its own'),
    no('柯桥企业', { regionCode: '330603' }, 'registered in 柯桥', { division: '330603' }),
    yes(
      '其他产业目录',
      { industryCatalog: held(['2023-01-01', null, ['海南高新技术产业目录2024-制造业']]) },
      60000,
      'not the digital core industries',
    ),
    open('电表信息缺失', { ownMeterSameName: unknown }, 'nobody can tell whose meter it is'),
    open('销售额缺失', sales(10_000_000, unknown), 'the row of the quarter is empty'),
    yes('产业目录缺失', { industryCatalog: held(['2023-01-01', null, unknown]) }, null, 'entitled; 30 % or 50 %'),
    no('柯桥企业且电表缺失', { regionCode: '330603', ownMeterSameName: unknown }, 'not registered here', { division: '330603' }),
  ],
};
