// 广州创业租金补贴: the business registered in 440100, women below 55 and men below 60, one of the groups named, the leased address right, staff insured for three months
// running, not on the abnormal list. 6,000 yuan for each full year of lease, at most three. Decided for 2026, ages at its end.
import { held, unknown } from '../subject.ts';
import { type Companion, edge, firmOf, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const shop = (more: PlantedFacts = {}): Companion =>
  firmOf(
    {
      orgType: '个体工商户',
      isLegalEntity: false,
      regionCode: '440106',
      businessStatus: '在营',
      insuredConsecutiveMonths: 12,
      insuredRegion: '440106',
      unemploymentPaidMonths: 12,
      insuredAsUnit: true,
      ...more,
    },
    '440106',
  );
const group = (...names: string[]): PlantedFacts => ({ categories: held(['2015-01-01', null, names]), graduationDate: undefined });

export const gzZujin: PlantedTable = {
  item: 'gz-zujin',
  register: 'citizen',
  division: '440106',
  period: '2026',
  base: {
    gender: '男',
    birthDate: '1996-06-01',
    hukouRegion: '440106',
    hukouType: '城镇',
    graduationDate: '2023-06-30',
    business: shop(),
    leaseMatchesRegistered: true,
    leaseMonths: 24,
  },
  cases: [
    yes('毕业生租满 2 年', {}, 12000, '2 × 6,000'),
    yes('租满 1 年', { leaseMonths: 12 }, 6000, 'one full year', edge),
    no('租 11 个月', { leaseMonths: 11 }, 'no full year', edge),
    yes('租 23 个月', { leaseMonths: 23 }, 6000, 'one full year', edge),
    yes('租满 3 年', { leaseMonths: 36 }, 18000, '3 × 6,000', edge),
    yes('租满 4 年', { leaseMonths: 48 }, 18000, 'at most three years', edge),
    yes('毕业刚好五年', { graduationDate: '2021-12-31' }, 12000, 'five years to the end of 2026', edge),
    no('毕业五年零一天', { graduationDate: '2021-12-30' }, 'one day too long ago, no other group', edge),
    yes('退役军人', group('退役军人'), 12000, 'a group named'),
    yes('登记失业', group('登记失业'), 12000, 'a group named'),
    yes('脱贫人口', group('脱贫人口'), 12000, 'a group named'),
    no('低保', group('低保'), 'not a group named'),
    yes('男 59 周岁', { birthDate: '1967-01-01', ...group('退役军人') }, 12000, '59 at the end of 2026', edge),
    no('男 60 周岁', { birthDate: '1966-12-31', ...group('退役军人') }, '60 at the end of 2026', edge),
    yes('女 54 周岁', { gender: '女', birthDate: '1972-01-01', ...group('就业困难') }, 12000, '54 at the end of 2026', edge),
    no('女 55 周岁', { gender: '女', birthDate: '1971-12-31', ...group('就业困难') }, '55 at the end of 2026', edge),
    no('地址不一致', { leaseMatchesRegistered: false }, 'the address is not right'),
    yes('连续参保满 3 个月', { business: shop({ insuredConsecutiveMonths: 3 }) }, 12000, 'three months are enough', edge),
    no('连续参保 2 个月', { business: shop({ insuredConsecutiveMonths: 2 }) }, 'one month short', edge),
    no('在深圳注册', { business: shop({ regionCode: '440304' }) }, 'the business is in 深圳'),
    no('在经营异常名录', { business: shop({ blacklists: held(['2025-03-01', null, ['经营异常名录']]) }) }, 'on the abnormal list'),
    no('没有创办主体', { business: undefined }, 'no business'),
    open('单位参保月数缺失', { business: shop({ insuredConsecutiveMonths: unknown }) }, 'nobody can tell the months'),
    open(
      '人员类别缺失',
      { categories: held(['2015-01-01', null, unknown]), graduationDate: undefined },
      'the row does not say which group',
    ),
    open('注册地缺失', { business: shop({ regionCode: unknown }) }, 'nobody can tell where the business is registered'),
  ],
};
