// 北京困难老年人养老服务补贴: registered in 110000, 60 complete years, and 低保 300, or 低收入 without 低保 200, or 计生特殊家庭 in neither 100 yuan a month.
// April 2026: ages on 30 April, help as it stands in April.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedTable, yes } from './table.ts';

const dibao = held(['2023-01-01', null, ['低保']]);
const lowIncome = held(['2023-01-01', null, ['低收入']]);
const special = held(['2020-01-01', null, true]);

export const bjKunnanYanglao: PlantedTable = {
  item: 'bj-kunnan-yanglao',
  register: 'citizen',
  division: '110106',
  period: '2026-04',
  base: { birthDate: '1954-03-03', hukouRegion: '110106', hukouType: '城镇', householdAssistance: dibao },
  cases: [
    yes('低保', {}, 300, '低保: 300'),
    yes('低收入', { householdAssistance: lowIncome }, 200, '低收入 without 低保: 200'),
    yes('计生特殊家庭', { householdAssistance: undefined, familyPlanningSpecial: special }, 100, '计生特殊家庭 alone: 100'),
    yes('既低保又低收入', { householdAssistance: held(['2023-01-01', null, ['低保', '低收入']]) }, 300, 'the first row that fits: 低保'),
    yes('低保且计生特殊', { familyPlanningSpecial: special }, 300, 'the first row that fits: 低保'),
    yes('低收入且计生特殊', { householdAssistance: lowIncome, familyPlanningSpecial: special }, 200, 'the first row that fits: 低收入'),
    no('都不是', { householdAssistance: undefined }, 'on none of the lists'),
    no('低保边缘', { householdAssistance: held(['2023-01-01', null, ['低保边缘']]) }, '低保边缘 is none of the three'),
    no(
      '计生核查为否',
      { householdAssistance: undefined, familyPlanningSpecial: held(['2020-01-01', null, false]) },
      'checked, and not special',
    ),
    yes('月末满 60 周岁', { birthDate: '1966-04-30' }, 300, '60 on 30 April', edge),
    no('下月初才满 60 周岁', { birthDate: '1966-05-01' }, '59 on 30 April', edge),
    no('低保三月底停', { householdAssistance: held(['2023-01-01', '2026-04-01', ['低保']]) }, 'the listing ended with March', edge),
    yes('低保四月起', { householdAssistance: held(['2026-04-01', null, ['低保']]) }, 300, 'listed since 1 April', edge),
    yes(
      '低保转低收入',
      { householdAssistance: held(['2023-01-01', '2026-02-01', ['低保']], ['2026-02-01', null, ['低收入']]) },
      200,
      '低收入 in April',
    ),
    no('外地户籍', { hukouRegion: '130000' }, 'registered in 河北', { division: '130000' }),
    no('二月去世', { deathDate: '2026-02-20' }, 'died before April began'),
    open('救助类别缺失', { householdAssistance: unknown }, 'nobody wrote the class down'),
    yes(
      '救助类别缺失但计生特殊',
      { householdAssistance: unknown, familyPlanningSpecial: special },
      null,
      'entitled in any case; 100, 200 or 300 depends on the missing class',
    ),
    open('计生信息缺失', { householdAssistance: undefined, familyPlanningSpecial: unknown }, 'only that could entitle'),
    yes('计生信息缺失但低保', { familyPlanningSpecial: unknown }, 300, '低保 settles it'),
    open('出生日期缺失', { birthDate: unknown }, 'nobody can tell the age'),
    no('救助类别缺失但只有 50 岁', { birthDate: '1976-01-01', householdAssistance: unknown }, 'too young whatever the class'),
  ],
};
