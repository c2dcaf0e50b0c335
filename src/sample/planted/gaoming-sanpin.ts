// 高明三品一标: agricultural firms and co-operatives of 440608 with certificates since 2015. Production sites 3,000 (planting above 500 亩 1,000 more for each full 500), safe products 1,000
// each, the first green food 10,000 and 2,000 each more, the first organic one 20,000 and 3,000, the first geographical mark 30,000 and 5,000 yuan.
import { type Element, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const certificate = (kind: Element[string], more: Element = {}): Element => ({
  certNo: fresh,
  kind,
  category: '种植',
  mu: null,
  certDate: '2020-05-05',
  ...more,
});
const certificates = (...rows: Element[]): PlantedFacts => ({ agriProducts: rows });
const site = (mu: Element[string], category = '种植'): Element => certificate('无公害产地', { mu, category });
const [green, organic, mark] = [certificate('绿色食品'), certificate('有机食品'), certificate('地理标志')];

export const gaomingSanpin: PlantedTable = {
  item: 'gaoming-sanpin',
  register: 'enterprise',
  division: '440608',
  period: 'once',
  base: { regionCode: '440608', businessStatus: '在营', orgType: '农民专业合作社', industryCode: '014', ...certificates(green) },
  cases: [
    yes('绿色食品一个', {}, 10000, 'the first'),
    yes('绿色食品三个', certificates(green, green, green), 14000, '10,000 + 2 × 2,000'),
    yes('有机食品两个', certificates(organic, organic), 23000, '20,000 + 3,000'),
    yes('地理标志两个', certificates(mark, mark), 35000, '30,000 + 5,000'),
    yes('无公害产品三个', certificates(certificate('无公害产品'), certificate('无公害产品'), certificate('无公害产品')), 3000, '3 × 1,000'),
    yes('种植产地 300 亩', certificates(site(300)), 3000, 'up to 500'),
    yes('种植产地刚好 500 亩', certificates(site(500)), 3000, 'up to 500', edge),
    yes('种植产地 999 亩', certificates(site(999)), 3000, 'no full 500 more', edge),
    yes('种植产地刚好 1000 亩', certificates(site(1000)), 4000, 'one full 500 more', edge),
    yes('种植产地 1600 亩', certificates(site(1600)), 5000, 'two full 500 more'),
    yes('水产产地 2000 亩', certificates(site(2000, '水产')), 3000, 'the area counts for planting only'),
    yes('畜禽产地', certificates(site(null, '畜禽')), 3000, 'a site'),
    yes(
      '各类齐全',
      certificates(site(1600), certificate('无公害产品'), green, green, organic, mark),
      68000,
      '5,000 + 1,000 + 12,000 + 20,000 + 30,000',
    ),
    yes('农业企业', { orgType: '企业', industryCode: '011' }, 10000, 'a firm of agriculture'),
    no('食品厂', { orgType: '企业', industryCode: '14' }, 'no agriculture'),
    no('个体工商户', { orgType: '个体工商户' }, 'neither firm nor co-operative'),
    no('2015 年元旦获证', certificates(certificate('绿色食品', { certDate: '2015-01-01' })), 'on the day, not after it', edge),
    yes('2015 年 1 月 2 日获证', certificates(certificate('绿色食品', { certDate: '2015-01-02' })), 10000, 'after it', edge),
    no('没有证书', { agriProducts: undefined }, 'no certificate'),
    no('三水企业', { regionCode: '440607' }, 'registered in 三水', { division: '440607' }),
    open('组织类型缺失', { orgType: unknown, industryCode: '14' }, 'a co-operative would be entitled'),
    open('获证日期缺失', certificates(certificate('绿色食品', { certDate: unknown })), 'nobody can tell whether since 2015'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where it is registered'),
    no(
      '三水企业且日期缺失',
      { regionCode: '440607', ...certificates(certificate('绿色食品', { certDate: unknown })) },
      'not registered here',
      { division: '440607' },
    ),
  ],
};
