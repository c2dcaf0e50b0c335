// 宿迁医疗救助: insured in 321300 and in one of twelve groups. The destitute and orphans 100 %, 低保 and four more 80 %, the rest 70 % of what exceeds 3,000 yuan in the year. In
// a year at most 10,000 for outpatient care and 90,000 for chronic and inpatient care. One decision per settlement; the tested one stands first.
import { type Element, held, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const bill = (selfPay: Element[string], kind: Element[string] = '住院', settledDate = '2026-03-10'): Element => ({
  settlementId: fresh,
  settledDate,
  kind,
  selfPay,
});
const bills = (...rows: Element[]): PlantedFacts => ({ medicalSettlements: rows });
const group = (...names: string[]): PlantedFacts => ({ assistanceCategories: held(['2023-01-01', null, names]) });
const outpatient = '普通门诊';

export const suqianYiliao: PlantedTable = {
  item: 'suqian-yiliao',
  register: 'citizen',
  division: '321322',
  period: { list: 'medicalSettlements', keyField: 'settlementId' },
  base: {
    birthDate: '1960-10-01',
    hukouRegion: '321322',
    hukouType: '农村',
    insuredRegion: '321322',
    insuredType: '城乡居民',
    ...group('低保'),
    ...bills(bill(1000)),
  },
  cases: [
    yes('低保住院 1000 元', {}, 800, '80 %'),
    yes('特困住院 5000 元', { ...group('特困'), ...bills(bill(5000)) }, 5000, '100 %'),
    yes('孤儿门诊 300 元', { ...group('孤儿'), ...bills(bill(300, outpatient)) }, 300, '100 %'),
    yes('事实无人抚养儿童', { ...group('事实无人抚养儿童'), ...bills(bill('123.45')) }, '123.45', '100 %'),
    yes('其他困境儿童', { ...group('其他困境儿童'), ...bills(bill(500)) }, 400, '80 %'),
    yes('特困职工', { ...group('特困职工'), ...bills(bill(500)) }, 400, '80 %'),
    yes('低保边缘 4500 元', { ...group('低保边缘'), ...bills(bill(4500)) }, 1050, '(4,500 − 3,000) × 70 %'),
    yes('低保边缘刚好 3000 元', { ...group('低保边缘'), ...bills(bill(3000)) }, 0, 'nothing above 3,000', edge),
    yes('低保边缘 3010 元', { ...group('低保边缘'), ...bills(bill(3010)) }, 7, '10 × 70 %', edge),
    yes(
      '低保边缘年内累计',
      { ...group('低保边缘'), ...bills(bill(2500), bill(2000, '住院', '2026-01-20')) },
      1050,
      '4,500 in the year: 1,500 × 70 %',
    ),
    yes('上年费用不累计', { ...group('低保边缘'), ...bills(bill(2500), bill(9000, '住院', '2025-12-31')) }, 0, 'another year', edge),
    yes('重度残疾', { ...group('二级以上重度残疾'), ...bills(bill(13_000)) }, 7000, '10,000 × 70 %'),
    yes('门诊刚好 1 万元封顶', { ...group('特困'), ...bills(bill(10_000, outpatient)) }, 10000, 'the cap itself', edge),
    yes('门诊超过 1 万元', { ...group('特困'), ...bills(bill(12_000, outpatient)) }, 10000, 'outpatient at most 10,000 in the year', edge),
    yes(
      '低保门诊第二次到顶',
      bills(bill(5000, outpatient), bill(10_000, outpatient, '2026-02-02')),
      2000,
      '8,000 before, 2,000 left of 10,000',
      edge,
    ),
    yes('住院超过 9 万元', bills(bill(120_000)), 90000, '96,000 capped at 90,000', edge),
    yes(
      '慢特病与住院共用',
      { ...group('特困'), ...bills(bill(50_000, '门诊慢特病'), bill(60_000, '住院', '2026-01-05')) },
      30000,
      '60,000 before, 30,000 left of 90,000',
      edge,
    ),
    yes('低保兼低保边缘', group('低保', '低保边缘'), 800, 'the higher share'),
    no('不是救助对象', { assistanceCategories: undefined }, 'on none of the lists'),
    no(
      '身份三月前停止',
      { assistanceCategories: held(['2023-01-01', '2026-03-10', ['低保']]) },
      'ended the day before the settlement counts',
      edge,
    ),
    no('外市参保', { insuredRegion: '320102' }, 'insured in 南京', { division: '320102' }),
    no('没有自付', bills(bill(0)), 'nothing paid by oneself'),
    open('救助身份缺失', { assistanceCategories: held(['2023-01-01', null, unknown]) }, 'the row does not say which group'),
    open('自付金额缺失', bills(bill(unknown)), 'the bill does not say'),
    no('外市参保且身份缺失', { insuredRegion: '320102', assistanceCategories: held(['2023-01-01', null, unknown]) }, 'not insured here', {
      division: '320102',
    }),
  ],
};
