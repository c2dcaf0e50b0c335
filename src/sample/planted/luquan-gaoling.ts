// 禄劝高龄津贴: household registration in 530128 and 80 complete years, the month of the birthday included; 80–89 60, 90–99 120, from 100 500 yuan
// a month. April 2026: ages are read on 30 April. Death stops the payment from the month after.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedTable, yes } from './table.ts';

export const luquanGaoling: PlantedTable = {
  item: 'luquan-gaoling',
  register: 'citizen',
  division: '530128001001',
  period: '2026-04',
  base: { birthDate: '1943-06-15', hukouRegion: '530128001001', hukouType: '农村' },
  cases: [
    yes('82 岁', {}, 60, '80 to 89: 60'),
    yes('月末满 80 周岁', { birthDate: '1946-04-30' }, 60, 'the month of the 80th birthday counts', edge),
    yes('月初满 80 周岁', { birthDate: '1946-04-01' }, 60, 'the month of the 80th birthday counts', edge),
    no('下月初才满 80 周岁', { birthDate: '1946-05-01' }, '79 on 30 April', edge),
    no('70 岁', { birthDate: '1955-11-02' }, 'below 80'),
    yes('89 岁最后一个月', { birthDate: '1936-05-01' }, 60, 'still 89 on 30 April', edge),
    yes('月末满 90 周岁', { birthDate: '1936-04-30' }, 120, '90 to 99: 120', edge),
    yes('闰日出生 90 岁', { birthDate: '1936-02-29' }, 120, '90 since 1 March 2026'),
    yes('99 岁最后一个月', { birthDate: '1926-05-01' }, 120, 'still 99 on 30 April', edge),
    yes('月末满 100 周岁', { birthDate: '1926-04-30' }, 500, 'from 100: 500', edge),
    yes('105 岁', { birthDate: '1920-10-10' }, 500, 'from 100: 500'),
    yes('户籍登记在县本级', { hukouRegion: '530128' }, 60, 'the county itself is within the county'),
    yes('户籍在村', { hukouRegion: '530128101200' }, 60, 'a village below the county', { division: '530128101200' }),
    no('户籍在外县', { hukouRegion: '530129' }, 'registered in 寻甸', { division: '530129' }),
    no(
      '上月已迁出',
      { hukouRegion: held(['1960-01-01', '2026-03-15', '530128001001'], ['2026-03-15', null, '530111']) },
      'moved out in March',
    ),
    yes(
      '本月初迁入',
      { hukouRegion: held(['1960-01-01', '2026-04-01', '530111'], ['2026-04-01', null, '530128001001']) },
      60,
      'registered here since 1 April',
      edge,
    ),
    no('无户籍登记', { hukouRegion: undefined, hukouType: undefined }, 'the full list of registrations does not name the person: none'),
    no('上月末去世', { deathDate: '2026-03-31' }, 'died before April began', edge),
    yes('本月 1 日去世', { deathDate: '2026-04-01' }, 60, 'the month of death is the last one paid', edge),
    no(
      '三方死亡日期不一致',
      { deathDate: { sources: { 'health-deaths': '2026-03-30', 'civil-cremations': '2026-04-01', 'police-residents': '2026-04-09' } } },
      'the earliest of the three days counts',
    ),
    open('出生日期缺失', { birthDate: unknown }, 'nobody can tell the age'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the person is registered'),
    open('户籍数据过期', { hukouRegion: '530128102200' }, 'the registrations of this town are older than 31 days', {
      division: '530128102200',
    }),
    no('户籍地缺失但只有 60 岁', { birthDate: '1966-01-01', hukouRegion: unknown }, 'wherever registered, too young'),
  ],
};
