// 北京高龄老年人津贴: household registration in 110000 and 80 complete years; 80–89 100, 90–99 500, from 100 800 yuan a month.
// April 2026: ages are read on 30 April.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedTable, yes } from './table.ts';

export const bjGaoling: PlantedTable = {
  item: 'bj-gaoling',
  register: 'citizen',
  division: '110105',
  period: '2026-04',
  base: { birthDate: '1942-08-08', hukouRegion: '110105', hukouType: '城镇' },
  cases: [
    yes('83 岁', {}, 100, '80 to 89: 100'),
    yes('月末满 80 周岁', { birthDate: '1946-04-30' }, 100, 'the 80th birthday is reached on 30 April', edge),
    no('下月初才满 80 周岁', { birthDate: '1946-05-01' }, '79 on 30 April', edge),
    no('66 岁', { birthDate: '1959-07-01' }, 'below 80'),
    yes('89 岁最后一个月', { birthDate: '1936-05-01' }, 100, 'still 89 on 30 April', edge),
    yes('月末满 90 周岁', { birthDate: '1936-04-30' }, 500, '90 to 99: 500', edge),
    yes('95 岁', { birthDate: '1930-12-01' }, 500, '90 to 99: 500'),
    yes('99 岁最后一个月', { birthDate: '1926-05-01' }, 500, 'still 99 on 30 April', edge),
    yes('月末满 100 周岁', { birthDate: '1926-04-30' }, 800, 'from 100: 800', edge),
    yes('108 岁', { birthDate: '1917-06-01' }, 800, 'from 100: 800'),
    yes('延庆区户籍', { hukouRegion: '110119' }, 100, 'a district of Beijing', { division: '110119' }),
    yes('户籍登记在市本级', { hukouRegion: '110000' }, 100, 'the city itself'),
    no('天津户籍', { hukouRegion: '120101' }, 'registered in Tianjin', { division: '120101' }),
    no('已迁出', { hukouRegion: held(['1970-01-01', '2026-02-01', '110105'], ['2026-02-01', null, '120101']) }, 'moved out in February'),
    yes(
      '已迁入',
      { hukouRegion: held(['1970-01-01', '2026-02-01', '120101'], ['2026-02-01', null, '110105']) },
      100,
      'registered here since February',
    ),
    no('无户籍登记', { hukouRegion: undefined, hukouType: undefined }, 'the full list of registrations does not name the person'),
    no('二月去世', { deathDate: '2026-02-11' }, 'died before April began'),
    open('出生日期缺失', { birthDate: unknown }, 'nobody can tell the age'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the person is registered'),
    no('户籍地缺失但只有 70 岁', { birthDate: '1956-01-01', hukouRegion: unknown }, 'wherever registered, too young'),
  ],
};
