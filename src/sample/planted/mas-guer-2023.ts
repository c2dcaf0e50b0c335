// 马鞍山孤儿基本生活保障: registered in 340500, an orphan; cared for in an institution 1,865, with a family 1,450 yuan a month. April 2026.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const group = (...names: string[]): PlantedFacts => ({ categories: held(['2020-05-01', null, names]) });
const institution = held(['2020-05-01', null, '集中养育']);

export const masGuer2023: PlantedTable = {
  item: 'mas-guer-2023',
  register: 'citizen',
  division: '340503',
  period: '2026-04',
  base: {
    birthDate: '2015-07-07',
    hukouRegion: '340503',
    hukouType: '城镇',
    careMode: held(['2020-05-01', null, '社会散居']),
    ...group('孤儿'),
  },
  cases: [
    yes('社会散居', {}, 1450, 'with a family'),
    yes('集中养育', { careMode: institution }, 1865, 'in an institution'),
    yes('孤儿兼低保', group('低保', '孤儿'), 1450, 'an orphan among others'),
    no('事实无人抚养', group('事实无人抚养儿童'), 'the item is for orphans only', edge),
    no('艾滋病病毒感染儿童', group('艾滋病病毒感染儿童'), 'the item is for orphans only'),
    no('不在名册', { categories: undefined }, 'on none of the lists'),
    no('名册三月底停', { categories: held(['2020-05-01', '2026-04-01', ['孤儿']]) }, 'no longer listed in April', edge),
    yes('名册四月一日起', { categories: held(['2026-04-01', null, ['孤儿']]) }, 1450, 'listed since 1 April', edge),
    yes(
      '四月一日起改集中养育',
      { careMode: held(['2020-05-01', '2026-04-01', '社会散居'], ['2026-04-01', null, '集中养育']) },
      1865,
      'in an institution since 1 April',
      edge,
    ),
    yes(
      '四月一日起改散居',
      { careMode: held(['2020-05-01', '2026-04-01', '集中养育'], ['2026-04-01', null, '社会散居']) },
      1450,
      'with a family since 1 April',
      edge,
    ),
    yes('当涂县户籍', { hukouRegion: '340521' }, 1450, 'a county of the city', { division: '340521' }),
    yes('户籍登记在市本级', { hukouRegion: '340500' }, 1450, 'the city itself'),
    no('芜湖方向外市户籍', { hukouRegion: '340102' }, 'registered in 合肥', { division: '340102' }),
    no('三月迁出', { hukouRegion: held(['2015-07-07', '2026-03-10', '340503'], ['2026-03-10', null, '340102']) }, 'moved out in March'),
    yes(
      '三月迁入',
      { hukouRegion: held(['2015-07-07', '2026-03-10', '340102'], ['2026-03-10', null, '340503']) },
      1450,
      'registered here since March',
    ),
    no('二月去世', { deathDate: '2026-02-14' }, 'died before April began'),
    yes('四月去世', { deathDate: '2026-04-06' }, 1450, 'the month of death is the last one paid'),
    open('人员类别缺失', { categories: held(['2020-05-01', null, unknown]) }, 'the row does not say which group'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the child is registered'),
    open('养育方式缺失', { careMode: held(['2020-05-01', null, unknown]) }, 'nobody wrote down how the child is cared for'),
    no('外市户籍且类别缺失', { hukouRegion: '340102', categories: held(['2020-05-01', null, unknown]) }, 'not registered here', {
      division: '340102',
    }),
  ],
};
