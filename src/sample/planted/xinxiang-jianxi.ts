// 新乡就业见习补贴: recognised units in 410700; for each trainee of the month (graduates within two years never employed, registered unemployed of 16 to 24), up to the twelfth month,
// 70 % of the minimum wage (2,000), 110 % once half of those who finished stayed. April 2026.
import { type Element, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, someone, yes } from './table.ts';

const trainee = (more: Element = {}): Element => ({
  personId: someone,
  startDate: '2026-01-10',
  endDate: null,
  graduationDate: '2025-06-30',
  birthDate: '2003-02-02',
  employedBefore: false,
  registeredUnemployed: false,
  retained: null,
  ...more,
});
const trainees = (...rows: Element[]): PlantedFacts => ({ trainees: rows });
const done = (retained: boolean): Element => trainee({ startDate: '2025-03-01', endDate: '2026-02-28', retained });
const youth: Element = { graduationDate: null, employedBefore: true, registeredUnemployed: true };
const recognised = (date: string, validTo: string | null = null): PlantedFacts => ({
  qualifications: [{ certNo: fresh, type: '就业见习单位', recognition: '首次认定', brand: null, date, validTo }],
});

export const xinxiangJianxi: PlantedTable = {
  item: 'xinxiang-jianxi',
  register: 'enterprise',
  division: '410702',
  period: '2026-04',
  base: { regionCode: '410702', businessStatus: '在营', ...recognised('2024-01-01'), ...trainees(trainee()) },
  cases: [
    yes('见习 1 人', {}, 1400, '2,000 × 70 %'),
    yes('见习 3 人', trainees(trainee(), trainee(), trainee()), 4200, '3 × 1,400'),
    yes('留用刚好一半', trainees(trainee(), done(true), done(false)), 2200, '2,000 × 110 %', edge),
    yes('留用三分之一', trainees(trainee(), done(true), done(false), done(false)), 1400, 'below half: 70 %', edge),
    yes('期满全部留用', trainees(trainee(), trainee(), done(true)), 4400, '2 × 2,200'),
    yes('第十二个月', trainees(trainee({ startDate: '2025-05-20' })), 1400, 'May 2025 to April 2026', edge),
    no('第十三个月', trainees(trainee({ startDate: '2025-04-20' })), 'April 2025 to April 2026', edge),
    no('三月底已结束', trainees(trainee({ endDate: '2026-03-31', retained: false })), 'nobody in April', edge),
    yes(
      '四月一日结束',
      trainees(trainee({ startDate: '2025-10-01', endDate: '2026-04-01', retained: true })),
      2200,
      'in April; the only one who finished stayed',
      edge,
    ),
    yes('登记失业 24 周岁', trainees(trainee({ ...youth, birthDate: '2001-01-11' })), 1400, '24 on the first day', edge),
    no('登记失业 25 周岁', trainees(trainee({ ...youth, birthDate: '2001-01-10' })), '25 on the first day', edge),
    yes('毕业刚好两年', trainees(trainee({ graduationDate: '2024-01-10' })), 1400, 'two years to the first day', edge),
    no('毕业两年零一天', trainees(trainee({ graduationDate: '2024-01-09' })), 'one day too long ago', edge),
    no('毕业生曾就业', trainees(trainee({ employedBefore: true })), 'employed before'),
    yes('两人一人不符', trainees(trainee(), trainee({ employedBefore: true })), 1400, 'only the first'),
    no('没有见习人员', { trainees: undefined }, 'nobody'),
    no('未经认定', { qualifications: undefined }, 'not recognised'),
    no('认定三月到期', recognised('2023-01-01', '2026-03-31'), 'no longer recognised', edge),
    no('郑州单位', { regionCode: '410102' }, 'registered in 郑州', { division: '410102' }),
    open('是否就业缺失', trainees(trainee({ employedBefore: unknown })), 'the only one cannot be told'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the unit is registered'),
    no('郑州单位且人员缺失', { regionCode: '410102', ...trainees(trainee({ employedBefore: unknown })) }, 'not registered here', {
      division: '410102',
    }),
  ],
};
