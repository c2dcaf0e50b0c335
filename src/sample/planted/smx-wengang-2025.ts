// 三门峡稳岗返还 2025: insured in 411200, unemployment premiums paid for 12 months, and no lay-offs, or at most 5.5 %, or (up to 30 insured) at most 20 %.
// 30 % of last year's premiums for large firms, 60 % for the rest; enterprises and six kinds of other units (individual businesses insured as a unit).
import { type Series, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const premium = (yuan: number | string): PlantedFacts => ({ unemploymentPremium: { 2023: 999, 2024: yuan, 2025: 888 } });
const layoff = (rate: string | number | typeof unknown): PlantedFacts => ({ layoffRate: { 2023: '0.9', 2024: rate, 2025: '0.9' } });
/** The same head count in every year and month, so that it does not matter which of them stands for 参保职工数. */
const heads = (count: number | typeof unknown): PlantedFacts => {
  const months: Record<string, number | typeof unknown> = {};
  for (const year of [2024, 2025]) for (let m = 1; m <= 12; m++) months[`${year}-${String(m).padStart(2, '0')}`] = count;
  return { headcount: { 2023: count, 2024: count, 2025: count }, insuredCount: months as Series };
};

export const smxWengang2025: PlantedTable = {
  item: 'smx-wengang-2025',
  register: 'enterprise',
  division: '411202',
  period: '2025',
  base: {
    insuredRegion: '411202',
    regionCode: '411202',
    businessStatus: '在营',
    unemploymentPaidMonths: 36,
    enterpriseScale: '小型',
    insuredAsUnit: true,
    taxArrears: 0,
    ...premium('20000'),
    ...layoff(0),
    ...heads(80),
  },
  cases: [
    yes('小型未裁员', {}, 12000, '20,000 × 60 %'),
    yes('微型', { enterpriseScale: '微型', ...premium('1234.50') }, '740.70', '1,234.50 × 60 %'),
    yes('中型', { enterpriseScale: '中型', ...premium('305000') }, 183000, '305,000 × 60 %'),
    yes('大型', { enterpriseScale: '大型', ...premium('1000000'), ...heads(2400) }, 300000, '1,000,000 × 30 %'),
    yes('缴费满 12 个月', { unemploymentPaidMonths: 12 }, 12000, '12 months are enough', edge),
    no('缴费 11 个月', { unemploymentPaidMonths: 11 }, 'one month short', edge),
    yes('裁员率 5.5%', layoff('0.055'), 12000, 'not above the control target', edge),
    no('裁员率 5.6%', layoff('0.056'), 'above 5.5 % with 80 insured', edge),
    yes('30 人裁员率 20%', { ...layoff('0.2'), ...heads(30) }, 12000, 'up to 30 insured: up to 20 %', edge),
    no('30 人裁员率 20.1%', { ...layoff('0.201'), ...heads(30) }, 'above 20 %', edge),
    no('31 人裁员率 20%', { ...layoff('0.2'), ...heads(31) }, '31 insured: 5.5 % is the limit', edge),
    yes('12 人裁员率 10%', { ...layoff('0.1'), ...heads(12) }, 12000, 'small unit'),
    yes('社会团体', { orgType: '社会团体', enterpriseScale: '微型' }, 12000, 'as a small one: 60 %'),
    yes('卢氏县参保', { insuredRegion: '411224' }, 12000, 'another county of 三门峡', { division: '411224' }),
    no('市外参保', { insuredRegion: '410702' }, 'insured in 新乡', { division: '410702' }),
    yes('单位参保的个体工商户', { orgType: '个体工商户', insuredAsUnit: true, isLegalEntity: false }, 12000, 'insured as a unit'),
    no('个人参保的个体工商户', { orgType: '个体工商户', insuredAsUnit: false, isLegalEntity: false }, 'not insured as a unit'),
    yes('律师事务所', { orgType: '律师事务所' }, 12000, 'one of the six kinds'),
    yes('会计师事务所', { orgType: '会计师事务所' }, 12000, 'one of the six kinds'),
    no('事业单位', { orgType: '事业单位' }, 'none of the kinds named'),
    open('组织类型缺失', { orgType: unknown }, 'nobody can tell the kind of unit'),
    open('缴费月数缺失', { unemploymentPaidMonths: unknown }, 'nobody can tell whether 12 months are paid'),
    open('裁员率缺失', layoff(unknown), 'nobody can tell the lay-offs'),
    open('人数缺失且裁员率 10%', { ...layoff('0.1'), ...heads(unknown) }, 'only the head count would settle it'),
    yes('人数缺失但裁员率 3%', { ...layoff('0.03'), ...heads(unknown) }, 12000, '3 % is enough for any size'),
    yes('缴费额缺失', { unemploymentPremium: { 2023: 999, 2024: unknown, 2025: 888 } }, null, 'entitled; the amount waits for the premium'),
    yes('规模缺失', { enterpriseScale: unknown }, null, 'entitled; 30 % or 60 % depends on the size'),
    open('参保地缺失', { insuredRegion: unknown }, 'nobody can tell where the firm is insured'),
    no('人数缺失但裁员率 30%', { ...layoff('0.3'), ...heads(unknown) }, 'above 20 % for any size'),
  ],
};
