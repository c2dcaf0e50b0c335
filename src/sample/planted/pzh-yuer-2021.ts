// 攀枝花二三孩育儿补贴: both parents registered and insured in 510400, a second or third child born since 2021-06-12 and registered there, and so all children that
// count. 500 yuan a month for each child until it is three. April 2026.
import { type Element, held, unknown } from '../subject.ts';
import { type Companion, edge, fresh, no, open, type PlantedFacts, type PlantedTable, spouseOf, yes } from './table.ts';

const child = (order: number, birthDate: string, more: Element = {}): Element => ({
  childId: fresh,
  birthDate,
  order,
  gender: '男',
  hukouRegion: '510402',
  lawfulBirth: true,
  adopted: false,
  premarital: false,
  alive: true,
  disabilityLevel: null,
  ...more,
});
const children = (...rows: Element[]): PlantedFacts => ({ children: rows });
const father = (more: PlantedFacts = {}): Companion =>
  spouseOf({
    gender: '男',
    birthDate: '1990-10-10',
    hukouRegion: '510402',
    hukouType: '城镇',
    insuredRegion: '510402',
    insuredType: '职工',
    ...more,
  });
const eldest = child(1, '2017-02-02');

export const pzhYuer2021: PlantedTable = {
  item: 'pzh-yuer-2021',
  register: 'citizen',
  division: '510402',
  period: '2026-04',
  base: {
    gender: '女',
    birthDate: '1992-03-03',
    hukouRegion: '510402',
    hukouType: '城镇',
    insuredRegion: '510402',
    insuredType: '职工',
    spouse: father(),
    ...children(eldest, child(2, '2024-06-01')),
  },
  cases: [
    yes('二孩 1 岁', {}, 500, 'one second child'),
    yes('三孩 1 岁', children(eldest, child(2, '2019-01-01'), child(3, '2024-06-01')), 500, 'one third child'),
    yes('二孩三孩都不满 3 岁', children(eldest, child(2, '2023-09-09'), child(3, '2025-12-24')), 1000, 'two children'),
    no('只有一孩', children(child(1, '2024-06-01')), 'the first child does not count'),
    no(
      '四孩',
      children(eldest, child(2, '2018-01-01'), child(3, '2019-06-01'), child(4, '2024-06-01')),
      'only the second and third count',
      edge,
    ),
    yes('四月二日满 3 岁', children(eldest, child(2, '2023-04-02')), 500, 'still two on 1 April', edge),
    no('四月一日已满 3 岁', children(eldest, child(2, '2023-04-01')), 'three on 1 April', edge),
    no('2021 年 6 月 11 日出生', children(eldest, child(2, '2021-06-11')), 'born before the policy and older than three'),
    no(
      '长子户籍在外',
      children(child(1, '2017-02-02', { hukouRegion: '510104' }), child(2, '2024-06-01')),
      'all children that count must be registered here',
    ),
    yes(
      '婚前所生长子户籍在外',
      children(child(1, '2017-02-02', { hukouRegion: '510104', premarital: true }), child(2, '2024-06-01')),
      500,
      'born before the marriage: does not count',
      edge,
    ),
    no('二孩户籍在外', children(eldest, child(2, '2024-06-01', { hukouRegion: '510104' })), 'the child is registered elsewhere'),
    no('本人户籍在外', { hukouRegion: '510104' }, 'the mother is registered in 成都'),
    no('配偶户籍在外', { spouse: father({ hukouRegion: '510104' }) }, 'the father is registered in 成都'),
    no('本人在外参保', { insuredRegion: '510104' }, 'the mother is insured in 成都'),
    no('配偶在外参保', { spouse: father({ insuredRegion: '510104' }) }, 'the father is insured in 成都'),
    no('没有配偶登记', { spouse: undefined }, 'both parents are asked for'),
    yes(
      '三月迁入',
      { hukouRegion: held(['1992-03-03', '2026-03-10', '510104'], ['2026-03-10', null, '510402']) },
      500,
      'registered here since March',
    ),
    open('配偶参保地缺失', { spouse: father({ insuredRegion: unknown }) }, 'nobody can tell where the father is insured'),
    open('配偶户籍缺失', { spouse: father({ hukouRegion: unknown }) }, 'nobody can tell where the father is registered'),
    open(
      '长子户籍缺失',
      children(child(1, '2017-02-02', { hukouRegion: unknown }), child(2, '2024-06-01')),
      'the eldest may be registered elsewhere',
    ),
    open('孩次缺失', children(eldest, child(2, '2024-06-01', { order: unknown })), 'the order of birth is missing'),
    no(
      '配偶参保地缺失但只有一孩',
      { spouse: father({ insuredRegion: unknown }), ...children(child(1, '2024-06-01')) },
      'no second child in any case',
    ),
  ],
};
