// 浙江毕业生就业补贴: working in 330000 with a contract and insurance at one employer for 12 months. Within two years of graduation in a firm that is not large, for less
// than the average wage (103,000 in 2026): 3,000 yuan a year. Within five years in elderly care, domestic service or agriculture: 10,000. Decided for 2026.
import { type Scalar, unknown } from '../subject.ts';
import { type Companion, edge, firmOf, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const employer = (enterpriseScale: string | typeof unknown, industryCode: string | typeof unknown = '36'): Companion =>
  firmOf({ orgType: '企业', regionCode: '330602', enterpriseScale, industryCode });
const wage = (of2026: Scalar | typeof unknown): PlantedFacts => ({ annualWage: { 2024: 1, 2025: 1, 2026: of2026 } });

export const zjBiyeJiuye: PlantedTable = {
  item: 'zj-biye-jiuye',
  register: 'citizen',
  division: '330602',
  period: '2026',
  base: {
    birthDate: '2001-08-08',
    hukouRegion: '330602',
    hukouType: '城镇',
    insuredRegion: '330602',
    insuredType: '职工',
    employmentStatus: '企业在职职工',
    employer: employer('小型'),
    graduationDate: '2025-06-30',
    contractMonths: 24,
    sameEmployerMonths: 18,
    ...wage(80_000),
  },
  cases: [
    yes('小型企业', {}, 3000, 'the first line'),
    yes('微型企业', { employer: employer('微型') }, 3000, 'the first line'),
    yes('中型企业', { employer: employer('中型') }, 3000, 'the first line', edge),
    no('大型企业', { employer: employer('大型') }, 'too large, no named trade', edge),
    yes('大型养老机构', { employer: employer('大型', '8514') }, 10000, 'the second line, whatever the size'),
    yes('小型家政企业', { employer: employer('小型', '8010') }, 10000, 'both lines: the higher'),
    yes('农业企业', { employer: employer('微型', '011') }, 10000, 'both lines: the higher'),
    yes('毕业刚好两年', { graduationDate: '2024-12-31' }, 3000, 'two years to the end of 2026', edge),
    no('毕业两年零一天', { graduationDate: '2024-12-30' }, 'one day too long ago', edge),
    yes(
      '特定行业毕业刚好五年',
      { graduationDate: '2021-12-31', employer: employer('小型', '8514') },
      10000,
      'five years to the end of 2026',
      edge,
    ),
    no('特定行业毕业五年零一天', { graduationDate: '2021-12-30', employer: employer('小型', '8514') }, 'one day too long ago', edge),
    yes('工资差一分到社平', wage('102999.99'), 3000, 'below the average wage', edge),
    no('工资刚好社平', wage(103_000), 'not below it', edge),
    yes(
      '特定行业工资高于社平',
      { ...wage(150_000), employer: employer('小型', '8514') },
      10000,
      'the second line does not look at the wage',
    ),
    yes('合同满 12 个月', { contractMonths: 12, sameEmployerMonths: 12 }, 3000, '12 months are enough', edge),
    no('合同 11 个月', { contractMonths: 11 }, 'one month short', edge),
    no('参保 11 个月', { sameEmployerMonths: 11 }, 'one month short', edge),
    no('外省参保', { insuredRegion: '320102' }, 'insured in 南京', { division: '320102' }),
    no('没有毕业信息', { graduationDate: undefined }, 'not among the graduates'),
    open('单位规模缺失', { employer: employer(unknown) }, 'nobody can tell the size'),
    open('参保月数缺失', { sameEmployerMonths: unknown }, 'nobody can tell the months'),
    open('当年工资缺失', wage(unknown), 'nobody can tell the wage'),
    yes('单位行业缺失', { employer: employer('小型', unknown) }, null, 'entitled; 3,000 or 10,000'),
  ],
};
