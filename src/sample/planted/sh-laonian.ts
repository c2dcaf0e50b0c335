// 上海老年综合津贴: household registration in 310000 and 65 complete years; 65–69 75, 70–79 150, 80–89 180, 90–99 350, from 100 600 yuan a month,
// each band from the month in which it is reached. April 2026: ages are read on 30 April.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedTable, yes } from './table.ts';

export const shLaonian: PlantedTable = {
  item: 'sh-laonian',
  register: 'citizen',
  division: '310104',
  period: '2026-04',
  base: { birthDate: '1958-02-20', hukouRegion: '310104', hukouType: '城镇' },
  cases: [
    yes('68 岁', {}, 75, '65 to 69: 75'),
    yes('月末满 65 周岁', { birthDate: '1961-04-30' }, 75, 'from the month of the 65th birthday', edge),
    no('下月初才满 65 周岁', { birthDate: '1961-05-01' }, '64 on 30 April', edge),
    no('50 岁', { birthDate: '1975-09-09' }, 'below 65'),
    yes('69 岁最后一个月', { birthDate: '1956-05-01' }, 75, 'still 69 on 30 April', edge),
    yes('月末满 70 周岁', { birthDate: '1956-04-30' }, 150, '70 to 79: 150', edge),
    yes('79 岁最后一个月', { birthDate: '1946-05-01' }, 150, 'still 79 on 30 April', edge),
    yes('月末满 80 周岁', { birthDate: '1946-04-30' }, 180, '80 to 89: 180', edge),
    yes('89 岁最后一个月', { birthDate: '1936-05-01' }, 180, 'still 89 on 30 April', edge),
    yes('月末满 90 周岁', { birthDate: '1936-04-30' }, 350, '90 to 99: 350', edge),
    yes('99 岁最后一个月', { birthDate: '1926-05-01' }, 350, 'still 99 on 30 April', edge),
    yes('月末满 100 周岁', { birthDate: '1926-04-30' }, 600, 'from 100: 600', edge),
    yes('103 岁', { birthDate: '1922-12-31' }, 600, 'from 100: 600'),
    yes('崇明区户籍', { hukouRegion: '310151' }, 75, 'a district of Shanghai', { division: '310151' }),
    no('外地户籍', { hukouRegion: '320106' }, 'registered in 南京', { division: '320106' }),
    no('上月迁出', { hukouRegion: held(['1990-05-01', '2026-03-20', '310104'], ['2026-03-20', null, '330110']) }, 'moved out in March'),
    yes(
      '三月迁入',
      { hukouRegion: held(['1990-05-01', '2026-03-20', '330110'], ['2026-03-20', null, '310104']) },
      75,
      'registered here since March',
    ),
    no('三月去世', { deathDate: '2026-03-18' }, 'died before April began'),
    yes('四月去世', { deathDate: '2026-04-08' }, 75, 'the month of death is the last one paid'),
    open('出生日期缺失', { birthDate: unknown }, 'nobody can tell the age'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the person is registered'),
    no('出生日期缺失的外地人', { birthDate: unknown, hukouRegion: '320106' }, 'whatever the age, not registered here', {
      division: '320106',
    }),
  ],
};
