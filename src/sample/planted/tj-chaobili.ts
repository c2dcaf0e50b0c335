// 天津超比例奖励: registered in 120000, audited, and more disabled employees than 1.5 % of the yearly average staff; who counts has a valid certificate, a contract of a
// year, insurance and at least the minimum wage (2,320 in 2026). Excess with four decimals × 9,600 yuan, rounded up to the yuan. Decided for 2026.
import { type Element, held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, someone, yes } from './table.ts';

const employee = (more: Element = {}): Element => ({
  personId: someone,
  certificate: '残疾人证',
  disabilityType: '肢体',
  disabilityLevel: 3,
  contractMonths: 24,
  monthlyWage: 3200,
  socialInsured: true,
  hiredDate: '2023-05-01',
  ...more,
});
const employees = (...rows: Element[]): PlantedFacts => ({ disabledEmployees: rows });
const three = employees(employee(), employee(), employee());
const staff = (heads: number | string | typeof unknown): PlantedFacts => ({ headcount: { 2024: 1, 2025: 1, 2026: heads } });

export const tjChaobili: PlantedTable = {
  item: 'tj-chaobili',
  register: 'enterprise',
  division: '120110',
  period: '2026',
  base: {
    regionCode: '120110',
    businessStatus: '在营',
    disabledQuotaAudited: held(['2025-06-01', null, true]),
    ...staff(100),
    ...three,
  },
  cases: [
    yes('100 人用 3 名', {}, 14400, '(3 − 1.5) × 9,600'),
    yes('40 人用 3 名', staff(40), 23040, '(3 − 0.6) × 9,600'),
    yes('20 人用 1 名', { ...staff(20), ...employees(employee()) }, 6720, '(1 − 0.3) × 9,600'),
    yes('127 人用 3 名', staff(127), 10512, '(3 − 1.905) × 9,600 = 10,512'),
    yes('199 人用 3 名', staff(199), 144, '(3 − 2.985) × 9,600 = 144', edge),
    no('200 人用 3 名', staff(200), 'exactly 1.5 %: nothing above it', edge),
    no('201 人用 3 名', staff(201), 'below 1.5 %', edge),
    yes(
      '年均 100.02 人用 2 名',
      { ...staff('100.02'), ...employees(employee(), employee()) },
      4798,
      '2 − 1.5003 = 0.4997; × 9,600 = 4,797.12, up to the yuan',
      edge,
    ),
    yes(
      '年均 100.003 人用 2 名',
      { ...staff('100.003'), ...employees(employee(), employee()) },
      4800,
      '2 − 1.500045 = 0.499955, four decimals 0.5000; × 9,600',
      edge,
    ),
    yes(
      '月薪刚好最低工资',
      employees(employee({ monthlyWage: 2320 }), employee({ monthlyWage: 2320 }), employee({ monthlyWage: 2320 })),
      14400,
      '2,320 is enough',
      edge,
    ),
    no(
      '月薪都低于最低工资',
      employees(employee({ monthlyWage: 2319 }), employee({ monthlyWage: 2319 }), employee({ monthlyWage: 2319 })),
      'below 2,320',
      edge,
    ),
    yes('一人合同不满一年', employees(employee(), employee(), employee({ contractMonths: 11 })), 4800, '(2 − 1.5) × 9,600', edge),
    yes('一人未缴社保', employees(employee(), employee(), employee({ socialInsured: false })), 4800, '(2 − 1.5) × 9,600'),
    yes(
      '残疾军人证 1 至 8 级',
      employees(employee({ certificate: '残疾军人证1-8级' }), employee(), employee()),
      14400,
      'a certificate that counts',
    ),
    yes(
      '一人残疾军人证 9 级',
      employees(employee({ certificate: '残疾军人证9-10级' }), employee(), employee()),
      4800,
      'a certificate that does not count',
    ),
    no('未经审核', { disabledQuotaAudited: undefined }, 'not audited'),
    no('审核不通过', { disabledQuotaAudited: held(['2025-06-01', null, false]) }, 'audited, and refused'),
    no('没有残疾职工', { disabledEmployees: undefined }, 'none employed'),
    no('外地企业', { regionCode: '130000' }, 'registered in 河北', { division: '130000' }),
    open('职工人数缺失', staff(unknown), 'nobody can tell the staff'),
    open('审核结果缺失', { disabledQuotaAudited: held(['2025-06-01', null, unknown]) }, 'the row of the audit is empty'),
    yes(
      '一人月薪缺失',
      employees(employee(), employee(), employee({ monthlyWage: unknown })),
      null,
      'two are certain and enough; the third changes the amount',
    ),
    open(
      '两人月薪缺失',
      employees(employee(), employee({ monthlyWage: unknown }), employee({ monthlyWage: unknown })),
      'one is certain and not enough',
    ),
  ],
};
