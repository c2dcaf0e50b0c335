// 固镇计生特别扶助: registered in 340323, born after 1933-01-01, the woman of the couple 49 or older, one child only (born or adopted lawfully), and none
// alive 5,520 or the only child disabled at level 1 to 3 7,080 yuan a year (the source may have swapped the two; kept as printed).
// Decided for 2026, ages at its end.
import { held, unknown } from '../subject.ts';
import { type Companion, edge, no, open, type PlantedFacts, type PlantedTable, spouseOf, yes } from './table.ts';

const child = (more: Readonly<Record<string, string | number | boolean | null | typeof unknown>>) => ({
  childId: '$serial',
  birthDate: '1992-05-05',
  order: 1,
  gender: '男',
  hukouRegion: '340323101',
  lawfulBirth: true,
  adopted: false,
  premarital: false,
  alive: true,
  disabilityLevel: null,
  ...more,
});
const husband: Companion = spouseOf({ gender: '男', birthDate: '1960-01-01', hukouRegion: '340323101200', hukouType: '农村' });
const wife = (birthDate: string | typeof unknown): Companion =>
  spouseOf({ gender: '女', birthDate, hukouRegion: '340323101200', hukouType: '农村' });
const man = (wifeBorn: string | typeof unknown): PlantedFacts => ({ gender: '男', birthDate: '1962-07-07', spouse: wife(wifeBorn) });

export const guzhenTefu2024: PlantedTable = {
  item: 'guzhen-tefu-2024',
  register: 'citizen',
  division: '340323101200',
  period: '2026',
  base: {
    gender: '女',
    birthDate: '1964-09-09',
    hukouRegion: '340323101200',
    hukouType: '农村',
    spouse: husband,
    children: [child({ alive: false })],
  },
  cases: [
    yes('独生子女已故', {}, 5520, 'no living child'),
    yes('独生子女残疾三级', { children: [child({ disabilityLevel: 3 })] }, 7080, 'level 3 is enough', edge),
    yes('独生子女残疾一级', { children: [child({ disabilityLevel: 1 })] }, 7080, 'level 1'),
    no('独生子女残疾四级', { children: [child({ disabilityLevel: 4 })] }, 'level 4 is not enough', edge),
    no('独生子女健在', { children: [child({})] }, 'alive and not disabled'),
    yes('生前残疾已故', { children: [child({ alive: false, disabilityLevel: 2 })] }, 5520, 'the first row that fits: no living child'),
    yes('收养的独生子女已故', { children: [child({ adopted: true, alive: false })] }, 5520, 'a lawfully adopted only child'),
    no('两个子女其一已故', { children: [child({ alive: false }), child({ order: 2, birthDate: '1995-01-01' })] }, 'more than one child'),
    no(
      '两个子女都已故',
      { children: [child({ alive: false }), child({ order: 2, birthDate: '1995-01-01', alive: false })] },
      'more than one child was born',
      edge,
    ),
    no('从未生育', { children: undefined }, 'no child at all'),
    no('1933 年元旦出生', { birthDate: '1933-01-01' }, 'born on the day, not after it', edge),
    yes('1933 年 1 月 2 日出生', { birthDate: '1933-01-02' }, 5520, 'born after it', edge),
    yes('女方年底满 49 岁', { birthDate: '1977-12-31' }, 5520, '49 on the last day of 2026', edge),
    no('女方次年元旦满 49 岁', { birthDate: '1978-01-01' }, '48 on the last day of 2026', edge),
    no('女方 40 岁', { birthDate: '1985-06-01' }, 'the woman is not yet 49'),
    yes('男方本人妻子 60 岁', man('1965-03-03'), 5520, 'the wife is old enough'),
    no('男方本人妻子 45 岁', man('1980-10-10'), 'the wife is not yet 49'),
    open('男方本人妻子年龄缺失', man(unknown), 'nobody can tell the wife’s age'),
    no('外县户籍', { hukouRegion: '340321' }, 'registered in 怀远', { division: '340321' }),
    no('已迁出', { hukouRegion: held(['1980-01-01', '2025-06-01', '340323101200'], ['2025-06-01', null, '340302']) }, 'moved out in 2025'),
    open('子女是否存活缺失', { children: [child({ alive: unknown })] }, 'the registers do not say whether the child lives'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the person is registered'),
    open('出生日期缺失', { birthDate: unknown }, 'nobody can tell the age'),
    no('子女健在而户籍缺失', { hukouRegion: unknown, children: [child({})] }, 'wherever registered, the child is alive and well'),
  ],
};
