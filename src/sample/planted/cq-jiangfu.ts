// 重庆计生家庭奖励扶助: rural registration in 500000, no breach of family planning, one living child or two living girls, born after 1933-01-01, 60 within the year. An only girl's
// parents 1,560, the others 1,080 yuan a year. Decided for 2026.
import { type Element, held, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const child = (gender: Element[string], more: Element = {}): Element => ({
  childId: fresh,
  birthDate: '1989-04-04',
  order: 1,
  gender,
  hukouRegion: '500230',
  lawfulBirth: true,
  adopted: false,
  premarital: false,
  alive: true,
  disabilityLevel: null,
  ...more,
});
const children = (...rows: Element[]): PlantedFacts => ({ children: rows });

export const cqJiangfu: PlantedTable = {
  item: 'cq-jiangfu',
  register: 'citizen',
  division: '500230',
  period: '2026',
  base: { birthDate: '1962-02-02', hukouRegion: '500230', hukouType: '农村', familyPlanningViolations: 0, ...children(child('女')) },
  cases: [
    yes('独生女', {}, 1560, 'an only girl'),
    yes('独生子', children(child('男')), 1080, 'an only boy', edge),
    yes('两个女孩', children(child('女'), child('女', { order: 2 })), 1080, 'two girls', edge),
    no('一儿一女', children(child('女'), child('男', { order: 2 })), 'two children, not both girls', edge),
    no('三个女孩', children(child('女'), child('女', { order: 2 }), child('女', { order: 3 })), 'three children', edge),
    yes('一儿已故现存一女', children(child('男', { alive: false }), child('女', { order: 2 })), 1560, 'one living child, a girl'),
    yes('一女已故现存一儿', children(child('女', { alive: false }), child('男', { order: 2 })), 1080, 'one living child, a boy'),
    no('独生女已故', children(child('女', { alive: false })), 'no living child'),
    no('从未生育', { children: undefined }, 'no child'),
    yes('年末满 60 周岁', { birthDate: '1966-12-31' }, 1560, '60 on the last day of the year', edge),
    no('次年元旦满 60 周岁', { birthDate: '1967-01-01' }, '59 at the end of the year', edge),
    no('1933 年元旦出生', { birthDate: '1933-01-01' }, 'born on the day, not after it', edge),
    yes('1933 年 1 月 2 日出生', { birthDate: '1933-01-02' }, 1560, 'born after it', edge),
    no('违反计生规定', { familyPlanningViolations: 1 }, 'a breach on record'),
    no('城镇户口', { hukouType: '城镇' }, 'not rural'),
    no('外省户籍', { hukouRegion: '510104' }, 'registered in 成都', { division: '510104' }),
    yes('城口县户籍', { hukouRegion: '500229' }, 1560, 'another county', { division: '500229' }),
    no('去年去世', { deathDate: '2025-12-31' }, 'died before 2026', edge),
    yes('今年元旦去世', { deathDate: '2026-01-01' }, 1560, 'the year of death is the last one paid', edge),
    open('计生核查缺失', { familyPlanningViolations: unknown }, 'nobody wrote it down'),
    open('户口性质缺失', { hukouType: unknown }, 'nobody can tell whether rural'),
    open('子女是否存活缺失', children(child('女', { alive: unknown })), 'nobody can tell whether the child lives'),
    yes('独生子女性别缺失', children(child(unknown)), null, 'entitled; 1,560 or 1,080'),
    no('城镇户口且核查缺失', { hukouType: '城镇', familyPlanningViolations: unknown }, 'not rural in any case'),
    no(
      '2025 年转为城镇户口',
      {
        hukouRegion: held(['1962-02-02', '2025-05-01', '500230'], ['2025-05-01', null, '500230']),
        hukouType: held(['1962-02-02', '2025-05-01', '农村'], ['2025-05-01', null, '城镇']),
      },
      'urban since May 2025',
    ),
  ],
};
