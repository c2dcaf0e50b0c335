// 黄石一次性扩岗补助: units insured in 420200 (enterprises and social organisations). For each young person taken on, with a contract and three insurances paid
// together for three months: graduates of the year, graduates within two years never employed, registered unemployed of 16 to 24. 1,500 yuan a head. Year 2026.
import { type Element, unknown } from '../subject.ts';
import { type ExpectedLine, edge, no, open, type PlantedFacts, type PlantedTable, someone, yes } from './table.ts';

const hire = (more: Element = {}): Element => ({
  personId: someone,
  hiredDate: '2026-01-05',
  graduationDate: '2026-01-03',
  graduationYear: 2026,
  birthDate: '2002-09-10',
  employedBefore: false,
  registeredUnemployed: false,
  hasLaborContract: true,
  jointInsuredMonths: 3,
  ...more,
});
const hires = (...rows: Element[]): PlantedFacts => ({ hires: rows });
const paid = (...places: number[]): { lines: readonly ExpectedLine[] } => ({
  lines: places.map((at) => ({ at, verdict: 'eligible', yuan: 1500 })),
});
/** Neither graduate nor registered unemployed. */
const ordinary: Element = { graduationDate: null, graduationYear: null, employedBefore: true };
const jobless: Element = { graduationDate: null, graduationYear: null, employedBefore: true, registeredUnemployed: true };
const formerGraduate: Element = { graduationYear: 2024, employedBefore: false };

export const huangshiKuogang: PlantedTable = {
  item: 'huangshi-kuogang',
  register: 'enterprise',
  division: '420202',
  period: '2026',
  each: { list: 'hires', keyField: 'personId' },
  base: { regionCode: '420202', businessStatus: '在营', insuredRegion: '420202', unemploymentPaidMonths: 60, ...hires(hire()) },
  cases: [
    yes('当年毕业生 1 人', {}, 1500, 'a graduate of 2026', paid(0)),
    yes('当年毕业生 3 人', hires(hire(), hire(), hire()), 4500, '3 × 1,500', paid(0, 1, 2)),
    yes('两年内毕业未就业', hires(hire({ ...formerGraduate, graduationDate: '2024-01-05' })), 1500, 'two years to the day', {
      ...paid(0),
      ...edge,
    }),
    no('毕业两年零一天', hires(hire({ ...formerGraduate, graduationDate: '2024-01-04' })), 'one day too long ago', edge),
    no(
      '两年内毕业但曾就业',
      hires(hire({ ...formerGraduate, graduationDate: '2025-06-30', graduationYear: 2025, employedBefore: true })),
      'employed before',
    ),
    yes('登记失业 24 周岁', hires(hire({ ...jobless, birthDate: '2001-01-06' })), 1500, '24 on the day of hiring', { ...paid(0), ...edge }),
    no('登记失业 25 周岁', hires(hire({ ...jobless, birthDate: '2001-01-05' })), '25 on the day of hiring', edge),
    yes('登记失业 16 周岁', hires(hire({ ...jobless, birthDate: '2010-01-05' })), 1500, '16 on the day of hiring', { ...paid(0), ...edge }),
    no('登记失业 15 周岁', hires(hire({ ...jobless, birthDate: '2010-01-06' })), '15 on the day of hiring', edge),
    yes('三险满 3 个月', hires(hire({ jointInsuredMonths: 3 })), 1500, 'three months are enough', { ...paid(0), ...edge }),
    no('三险满 2 个月', hires(hire({ jointInsuredMonths: 2 })), 'one month short', edge),
    no('没有劳动合同', hires(hire({ hasLaborContract: false })), 'no contract'),
    no('普通招用', hires(hire(ordinary)), 'none of the three groups'),
    yes('三人只两人符合', hires(hire(), hire(ordinary), hire(jobless)), 3000, 'the first and the third', paid(0, 2)),
    yes('一人符合一人缺失', hires(hire(), hire({ jointInsuredMonths: unknown })), 1500, 'the first is certain, the second waits', {
      lines: [
        { at: 0, verdict: 'eligible', yuan: 1500 },
        { at: 1, verdict: 'undetermined' },
      ],
    }),
    open('参保月数缺失', hires(hire({ jointInsuredMonths: unknown })), 'the only one cannot be told', {
      lines: [{ at: 0, verdict: 'undetermined' }],
    }),
    open('是否签合同缺失', hires(hire({ hasLaborContract: unknown })), 'the only one cannot be told', {
      lines: [{ at: 0, verdict: 'undetermined' }],
    }),
    no('没有招用', { hires: undefined }, 'nobody taken on'),
    no('外市参保', { insuredRegion: '420102' }, 'insured in 武汉', { division: '420102' }),
    no('事业单位', { orgType: '事业单位' }, 'excluded'),
    no('机关', { orgType: '机关' }, 'excluded'),
    yes('社会服务机构', { orgType: '社会服务机构' }, 1500, 'a social organisation', paid(0)),
    open('招用数据过期', { insuredRegion: '420205' }, 'the hires of this district are older than 31 days', { division: '420205' }),
    open('参保地缺失', { insuredRegion: unknown }, 'nobody can tell where the firm is insured', {
      lines: [{ at: 0, verdict: 'undetermined' }],
    }),
  ],
};
