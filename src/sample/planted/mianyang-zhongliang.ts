// 绵阳种粮大户补贴: registered in 510700, at least 30 亩 of grain; the whole area at the rate of its band: below 100 亩 40, below 500 亩 60, from 500 亩 100 yuan per 亩. Decided for 2026.
import { held, type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const area = (of2026: Scalar | typeof unknown): PlantedFacts => ({ grainMu: { 2024: 999, 2025: 999, 2026: of2026 } });

export const mianyangZhongliang: PlantedTable = {
  item: 'mianyang-zhongliang',
  register: 'citizen',
  division: '510722',
  period: '2026',
  base: { gender: '男', birthDate: '1968-08-18', hukouRegion: '510722', hukouType: '农村', ...area(50) },
  cases: [
    yes('50 亩', {}, 2000, '50 × 40'),
    yes('刚好 30 亩', area(30), 1200, '30 × 40', edge),
    no('29.99 亩', area('29.99'), 'below 30', edge),
    yes('99.99 亩', area('99.99'), '3999.60', '99.99 × 40', edge),
    yes('刚好 100 亩', area(100), 6000, '100 × 60', edge),
    yes('240.5 亩', area('240.5'), 14430, '240.5 × 60'),
    yes('499.99 亩', area('499.99'), '29999.40', '499.99 × 60', edge),
    yes('刚好 500 亩', area(500), 50000, '500 × 100', edge),
    yes('1200 亩', area(1200), 120000, '1,200 × 100'),
    no('10 亩', area(10), 'below 30'),
    no('零面积', area(0), 'below 30'),
    no('2026 年没有核定', { grainMu: { 2024: 80, 2025: 80 } }, 'no approved area in 2026'),
    no('从未核定', { grainMu: undefined }, 'not among the growers'),
    yes('江油户籍', { hukouRegion: '510781' }, 2000, 'another county of the city', { division: '510781' }),
    yes('户籍登记在市本级', { hukouRegion: '510700' }, 2000, 'the city itself'),
    no('成都户籍', { hukouRegion: '510104' }, 'registered in 成都', { division: '510104' }),
    no('2025 年迁出', { hukouRegion: held(['1968-08-18', '2025-10-01', '510722'], ['2025-10-01', null, '510104']) }, 'moved out in 2025'),
    yes(
      '2025 年迁入',
      { hukouRegion: held(['1968-08-18', '2025-10-01', '510104'], ['2025-10-01', null, '510722']) },
      2000,
      'registered here since October 2025',
    ),
    open('面积缺失', area(unknown), 'the row of 2026 is empty'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the grower is registered'),
    no('成都户籍且面积缺失', { hukouRegion: '510104', ...area(unknown) }, 'not registered here', { division: '510104' }),
  ],
};
