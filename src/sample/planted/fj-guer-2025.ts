// 福建孤儿及事实无人抚养儿童: registered in 350000, an orphan, a child nobody cares for in fact, or a child with HIV; in an institution 2,335, with a family 1,891 yuan a month.
// April 2026.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const group = (...names: string[]): PlantedFacts => ({ categories: held(['2021-02-01', null, names]) });
const institution = held(['2021-02-01', null, '集中养育']);

export const fjGuer2025: PlantedTable = {
  item: 'fj-guer-2025',
  register: 'citizen',
  division: '350602',
  period: '2026-04',
  base: {
    birthDate: '2014-11-11',
    hukouRegion: '350602',
    hukouType: '农村',
    careMode: held(['2021-02-01', null, '社会散居']),
    ...group('孤儿'),
  },
  cases: [
    yes('散居孤儿', {}, 1891, 'with a family'),
    yes('集中养育孤儿', { careMode: institution }, 2335, 'in an institution'),
    yes('散居事实无人抚养', group('事实无人抚养儿童'), 1891, 'as orphans'),
    yes('集中事实无人抚养', { ...group('事实无人抚养儿童'), careMode: institution }, 2335, 'as orphans'),
    yes('散居感染儿童', group('艾滋病病毒感染儿童'), 1891, 'as orphans'),
    yes('孤儿兼低保', group('低保', '孤儿'), 1891, 'one of the three groups is enough'),
    no('低保儿童', group('低保'), 'none of the three groups', edge),
    no('脱贫人口', group('脱贫人口'), 'none of the three groups'),
    no('不在名册', { categories: undefined }, 'on none of the lists'),
    no('名册三月底停', { categories: held(['2021-02-01', '2026-04-01', ['孤儿']]) }, 'no longer listed in April', edge),
    yes('名册四月一日起', { categories: held(['2026-04-01', null, ['孤儿']]) }, 1891, 'listed since 1 April', edge),
    yes(
      '四月一日起改集中养育',
      { careMode: held(['2021-02-01', '2026-04-01', '社会散居'], ['2026-04-01', null, '集中养育']) },
      2335,
      'in an institution since 1 April',
      edge,
    ),
    yes('厦门户籍', { hukouRegion: '350203' }, 1891, 'another city of the province', { division: '350203' }),
    no('外省户籍', { hukouRegion: '360702' }, 'registered in 赣州', { division: '360702' }),
    no('三月迁出', { hukouRegion: held(['2014-11-11', '2026-03-01', '350602'], ['2026-03-01', null, '360702']) }, 'moved out in March'),
    yes(
      '省内三月迁移',
      { hukouRegion: held(['2014-11-11', '2026-03-01', '350602'], ['2026-03-01', null, '350582001']) },
      1891,
      'still in the province',
    ),
    no('二月去世', { deathDate: '2026-02-14' }, 'died before April began'),
    open('人员类别缺失', { categories: held(['2021-02-01', null, unknown]) }, 'the row does not say which group'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the child is registered'),
    open('养育方式缺失', { careMode: held(['2021-02-01', null, unknown]) }, 'nobody wrote down how the child is cared for'),
    no('外省户籍且类别缺失', { hukouRegion: '360702', categories: held(['2021-02-01', null, unknown]) }, 'not registered here', {
      division: '360702',
    }),
  ],
};
