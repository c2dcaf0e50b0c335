// 宣州发明专利奖补: firms of 341802; a domestic invention under substantive examination this year 3,000, granted this year 20,000, in the third and fifth year 5,000 each with the fee
// paid; abroad 10,000 per country applied for, 20,000 granted, two countries at most. Decided for 2026. The rule file counts the third year as grant year + 3; the text could
// also mean + 2, so the cases keep to years in which both agree on "not yet" or that the rule's note names.
import { type Element, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const patent = (more: Element = {}): Element => ({
  patentNo: fresh,
  type: '发明',
  domestic: true,
  status: '授权',
  examDate: '2023-02-02',
  grantDate: '2026-02-06',
  countries: null,
  feePaidYear3: null,
  feePaidYear5: null,
  ...more,
});
const patents = (...rows: Element[]): PlantedFacts => ({ patents: rows });
const examined: Element = { status: '进入实审', examDate: '2026-03-03', grantDate: null };
const abroad = (countries: number): Element => ({ domestic: false, countries });

export const xuanzhouZhuanli: PlantedTable = {
  item: 'xuanzhou-zhuanli',
  register: 'enterprise',
  division: '341802',
  period: '2026',
  base: { regionCode: '341802', businessStatus: '在营', industryCode: '265', ...patents(patent()) },
  cases: [
    yes('当年国内授权', {}, 20000, 'granted in 2026'),
    yes('当年实审', patents(patent(examined)), 3000, 'under examination since 2026'),
    yes('当年实审当年授权', patents(patent({ examDate: '2026-01-15' })), 23000, '3,000 + 20,000'),
    yes('元旦授权', patents(patent({ grantDate: '2026-01-01' })), 20000, 'the first day of 2026', edge),
    no('上年最后一天授权', patents(patent({ grantDate: '2025-12-31' })), 'nothing due in the second year', edge),
    yes(
      '第三年已缴年费',
      patents(patent({ grantDate: '2023-06-06', examDate: '2020-01-01', feePaidYear3: true })),
      5000,
      'the third year, fee paid',
    ),
    no(
      '第三年未缴年费',
      patents(patent({ grantDate: '2023-06-06', examDate: '2020-01-01', feePaidYear3: false })),
      'the fee was not paid',
      edge,
    ),
    yes(
      '第五年已缴年费',
      patents(patent({ grantDate: '2021-06-06', examDate: '2018-01-01', feePaidYear3: true, feePaidYear5: true })),
      5000,
      'the fifth year, fee paid',
    ),
    no(
      '第五年未缴年费',
      patents(patent({ grantDate: '2021-06-06', examDate: '2018-01-01', feePaidYear3: true, feePaidYear5: false })),
      'the fee was not paid',
      edge,
    ),
    yes('国外授权一国', patents(patent(abroad(1))), 20000, '1 × 20,000'),
    yes('国外授权两国', patents(patent(abroad(2))), 40000, '2 × 20,000', edge),
    yes('国外授权三国', patents(patent(abroad(3))), 40000, 'at most two countries', edge),
    yes('国外申请三国', patents(patent({ ...examined, ...abroad(3) })), 20000, '2 × 10,000', edge),
    yes('三件合计', patents(patent(), patent(examined), patent(abroad(2))), 63000, '20,000 + 3,000 + 40,000'),
    no('实用新型', patents(patent({ type: '实用新型' })), 'no invention'),
    no('只有受理', patents(patent({ status: '受理', examDate: null, grantDate: null })), 'not yet examined'),
    no(
      '早年实审未授权',
      patents(patent({ status: '进入实审', examDate: '2023-03-03', grantDate: null })),
      'examined since an earlier year',
    ),
    no('没有专利', { patents: undefined }, 'no patent'),
    no('外区企业', { regionCode: '341881' }, 'registered in 宁国', { division: '341881' }),
    open('专利类型缺失', patents(patent({ type: unknown })), 'the kind was left empty'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    yes('一件清楚一件类型缺失', patents(patent(), patent({ type: unknown })), null, 'entitled; 20,000 or 40,000'),
    no('外区企业且类型缺失', { regionCode: '341881', ...patents(patent({ type: unknown })) }, 'not registered here', {
      division: '341881',
    }),
  ],
};
