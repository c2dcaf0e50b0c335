// 60 周岁农村籍退役士兵: 60 complete years, rural registration, enlisted from 1954-11-01 to 2011-10-31, without the state's regular pension; 35 yuan a month
// for each year of conscript service. April 2026: ages are read on 30 April.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedTable, yes } from './table.ts';

export const cn60tuiyi2018: PlantedTable = {
  item: 'cn-60tuiyi-2018',
  register: 'citizen',
  division: '500230',
  period: '2026-04',
  base: { gender: '男', birthDate: '1955-05-05', hukouRegion: '500230', hukouType: '农村', enlistDate: '1974-12-10', conscriptYears: 4 },
  cases: [
    yes('服役 4 年', {}, 140, '4 × 35'),
    yes('服役 2 年', { conscriptYears: 2 }, 70, '2 × 35'),
    yes('服役 6 年', { conscriptYears: 6 }, 210, '6 × 35'),
    yes('服役 2.5 年', { conscriptYears: '2.5' }, '87.50', '2.5 × 35'),
    yes('月末满 60 周岁', { birthDate: '1966-04-30', enlistDate: '1984-11-01' }, 140, '60 on 30 April', edge),
    no('下月初才满 60 周岁', { birthDate: '1966-05-01', enlistDate: '1984-11-01' }, '59 on 30 April', edge),
    no('40 岁', { birthDate: '1986-01-01', enlistDate: '2004-12-01' }, 'below 60'),
    yes('1954 年 11 月 1 日入伍', { birthDate: '1936-01-01', enlistDate: '1954-11-01' }, 140, 'the first day that counts', edge),
    no('1954 年 10 月 31 日入伍', { birthDate: '1936-01-01', enlistDate: '1954-10-31' }, 'one day too early', edge),
    yes('2011 年 10 月 31 日入伍', { birthDate: '1960-01-01', enlistDate: '2011-10-31' }, 140, 'the last day that counts', edge),
    no('2011 年 11 月 1 日入伍', { birthDate: '1960-01-01', enlistDate: '2011-11-01' }, 'one day too late', edge),
    no('城镇户口', { hukouType: '城镇' }, 'not of the countryside'),
    no(
      '已转为城镇户口',
      {
        hukouRegion: held(['1955-05-05', '2025-08-01', '500230'], ['2025-08-01', null, '500230']),
        hukouType: held(['1955-05-05', '2025-08-01', '农村'], ['2025-08-01', null, '城镇']),
      },
      'urban since August 2025',
    ),
    no('没有服役', { enlistDate: undefined, conscriptYears: undefined }, 'not among the veterans'),
    no('享受定期抚恤', { enjoyedPolicies: held(['2010-01-01', null, ['国家定期抚恤补助']]) }, 'draws the regular pension'),
    yes('定期抚恤已停', { enjoyedPolicies: held(['2010-01-01', '2026-02-01', ['国家定期抚恤补助']]) }, 140, 'the pension ended in January'),
    yes('享受其他政策', { enjoyedPolicies: held(['2010-01-01', null, ['职业培训补贴']]) }, 140, 'another benefit does not exclude'),
    no('二月去世', { deathDate: '2026-02-08' }, 'died before April began'),
    open('出生日期缺失', { birthDate: unknown }, 'nobody can tell the age'),
    open('户口性质缺失', { hukouType: unknown }, 'nobody can tell whether rural'),
    open('已享政策缺失', { enjoyedPolicies: held(['2010-01-01', null, unknown]) }, 'the row does not say which benefit'),
    no('城镇户口且出生日期缺失', { birthDate: unknown, hukouType: '城镇' }, 'not of the countryside, whatever the age'),
  ],
};
