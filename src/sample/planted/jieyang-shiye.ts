// 揭阳失业保险金: insured in 445200, premiums for one year, registered and involuntarily unemployed. 70 % of the minimum wage below ten years, 80 % from ten;
// 3 months per full year up to four, 13 from five years on, one more per year up to 18, 24 from ten. Minimum wage in April 2026: 1,750 yuan.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedTable, yes } from './table.ts';

export const jieyangShiye: PlantedTable = {
  item: 'jieyang-shiye',
  register: 'citizen',
  division: '445203',
  period: '2026-04',
  base: {
    birthDate: '1984-04-12',
    hukouRegion: '445203',
    hukouType: '城镇',
    insuredRegion: '445203',
    insuredType: '职工',
    employmentStatus: '登记失业',
    registeredUnemployed: held(['2026-01-10', null, true]),
    involuntaryUnemployed: held(['2026-01-10', null, true]),
    unemploymentPaidMonths: 48,
    maternityConsecutiveMonths: 0,
    sameEmployerMonths: 0,
    unemploymentBenefitFrom: '2026-02-01',
  },
  cases: [
    yes('缴费 4 年', {}, 1225, '1,750 × 70 %; 12 months from February'),
    yes('缴费满 1 年', { unemploymentPaidMonths: 12 }, 1225, 'one year is enough; 3 months: February, March, April', edge),
    no('缴费 11 个月', { unemploymentPaidMonths: 11 }, 'less than a year', edge),
    no('1 年期已领满 3 个月', { unemploymentPaidMonths: 12, unemploymentBenefitFrom: '2026-01-01' }, '3 months: January to March', edge),
    no('23 个月按 1 年算', { unemploymentPaidMonths: 23, unemploymentBenefitFrom: '2026-01-01' }, 'one full year: 3 months', edge),
    yes(
      '24 个月按 2 年算',
      { unemploymentPaidMonths: 24, unemploymentBenefitFrom: '2025-11-01' },
      1225,
      'two years: 6 months, November to April',
      edge,
    ),
    no('2 年期已领满 6 个月', { unemploymentPaidMonths: 24, unemploymentBenefitFrom: '2025-10-01' }, '6 months: October to March', edge),
    yes(
      '5 年期第 13 个月',
      { unemploymentPaidMonths: 60, unemploymentBenefitFrom: '2025-04-01' },
      1225,
      'five years: 13 months, April to April',
      edge,
    ),
    no('5 年期已领满 13 个月', { unemploymentPaidMonths: 60, unemploymentBenefitFrom: '2025-03-01' }, '13 months: March to March', edge),
    yes(
      '9 年期第 17 个月',
      { unemploymentPaidMonths: 119, unemploymentBenefitFrom: '2024-12-01' },
      1225,
      'nine years: 17 months, December 2024 to April 2026',
      edge,
    ),
    no(
      '9 年期已领满 17 个月',
      { unemploymentPaidMonths: 119, unemploymentBenefitFrom: '2024-11-01' },
      '17 months: November 2024 to March 2026',
      edge,
    ),
    yes('满 10 年 80%', { unemploymentPaidMonths: 120 }, 1400, '1,750 × 80 % from ten years', edge),
    yes(
      '10 年期第 24 个月',
      { unemploymentPaidMonths: 130, unemploymentBenefitFrom: '2024-05-01' },
      1400,
      'ten years: 24 months, May 2024 to April 2026',
      edge,
    ),
    no(
      '10 年期已领满 24 个月',
      { unemploymentPaidMonths: 130, unemploymentBenefitFrom: '2024-04-01' },
      '24 months: April 2024 to March 2026',
      edge,
    ),
    no('自愿离职', { involuntaryUnemployed: held(['2026-01-10', null, false]) }, 'left of own will'),
    no('未登记失业', { registeredUnemployed: held(['2026-01-10', null, false]) }, 'not registered'),
    no(
      '已再就业',
      {
        registeredUnemployed: held(['2025-12-01', '2026-03-20', true], ['2026-03-20', null, false]),
        involuntaryUnemployed: held(['2025-12-01', '2026-03-20', true], ['2026-03-20', null, false]),
      },
      'works again since March',
    ),
    no('外市参保', { insuredRegion: '440103' }, 'insured in 广州', { division: '440103' }),
    open('缴费月数缺失', { unemploymentPaidMonths: unknown }, 'nobody can tell the years paid'),
    open('是否自愿离职缺失', { involuntaryUnemployed: held(['2026-01-10', null, unknown]) }, 'nobody wrote down why the job ended'),
    open('参保地缺失', { insuredRegion: unknown }, 'nobody can tell where the person is insured'),
    no(
      '自愿离职且缴费缺失',
      { involuntaryUnemployed: held(['2026-01-10', null, false]), unemploymentPaidMonths: unknown },
      'whatever was paid, left of own will',
    ),
  ],
};
