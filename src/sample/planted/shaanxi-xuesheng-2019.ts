// 陕西义务教育困难学生生活补助: in primary or junior school in 610000; boarders in hardship 1,000 / 1,250 yuan a year, day pupils of the four classes
// (建档立卡, 困难残疾, 农村低保, 农村特困) half of it. Decided for 2026, enrolment and hardship as they stand in April.
import { held, type Spans, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const entered = '2024-09-01';
const enrolled = (stage: string, boarding: boolean): PlantedFacts => ({
  schoolStage: held([entered, null, stage]),
  boarding: held([entered, null, boarding]),
  schoolRegion: held([entered, null, '610122']),
});
const hardship = (state: boolean | typeof unknown, ...classes: string[]): PlantedFacts => ({
  economicHardship: held([entered, null, state]),
  hardshipCategories: held([entered, null, classes.length > 0 ? classes : null]),
});
const moved = (before: string, after: string): Spans => held([entered, '2025-09-01', before], ['2025-09-01', null, after]);
const both = <T extends string | boolean>(v: T): Spans => held([entered, '2025-09-01', v], ['2025-09-01', null, v]);

export const shaanxiXuesheng2019: PlantedTable = {
  item: 'shaanxi-xuesheng-2019',
  register: 'citizen',
  division: '610122',
  period: '2026',
  base: { birthDate: '2015-03-10', hukouRegion: '610122', hukouType: '农村', ...enrolled('小学', true), ...hardship(true) },
  cases: [
    yes('寄宿小学生困难', {}, 1000, 'boarder, primary'),
    yes('寄宿初中生困难', enrolled('初中', true), 1250, 'boarder, junior'),
    yes('走读小学生建档立卡', { ...enrolled('小学', false), ...hardship(true, '建档立卡') }, 500, '1,000 × 50 %'),
    yes('走读初中生建档立卡', { ...enrolled('初中', false), ...hardship(true, '建档立卡') }, 625, '1,250 × 50 %'),
    yes('走读小学生困难残疾', { ...enrolled('小学', false), ...hardship(true, '困难残疾') }, 500, 'one of the four classes'),
    yes('走读小学生农村低保', { ...enrolled('小学', false), ...hardship(true, '农村低保') }, 500, 'one of the four classes'),
    yes('走读初中生农村特困', { ...enrolled('初中', false), ...hardship(true, '农村特困') }, 625, 'one of the four classes'),
    yes(
      '走读但一般困难认定为否',
      { ...enrolled('小学', false), ...hardship(false, '农村低保') },
      500,
      'day pupils need a class, not the general assessment',
    ),
    no('走读只有一般困难', { ...enrolled('小学', false), ...hardship(true) }, 'none of the four classes', edge),
    no('寄宿不困难', hardship(false), 'a boarder must be in hardship', edge),
    no('寄宿未认定', { economicHardship: undefined, hardshipCategories: undefined }, 'not on the list of pupils in hardship'),
    no('寄宿不困难但建档立卡', hardship(false, '建档立卡'), 'the class counts for day pupils only'),
    no('高中寄宿困难', enrolled('高中', true), 'not compulsory schooling', edge),
    no('幼儿园', enrolled('幼儿园', true), 'not compulsory schooling'),
    no('外省就读', { schoolRegion: held([entered, null, '620102']) }, 'school in 兰州'),
    no('没有学籍', { schoolStage: undefined, boarding: undefined, schoolRegion: undefined }, 'not enrolled anywhere'),
    yes(
      '去年九月升入初中',
      { schoolStage: moved('小学', '初中'), boarding: both(true), schoolRegion: both('610122') },
      1250,
      'junior since September 2025',
      edge,
    ),
    no(
      '去年九月升入高中',
      { schoolStage: moved('初中', '高中'), boarding: both(true), schoolRegion: both('610122') },
      'left compulsory schooling in September 2025',
      edge,
    ),
    open('学段缺失', { schoolStage: held([entered, null, unknown]) }, 'nobody can tell the stage'),
    open('是否寄宿缺失', { boarding: held([entered, null, unknown]) }, 'a boarder would be entitled, a day pupil would not'),
    open(
      '是否寄宿缺失但两线都够',
      { boarding: held([entered, null, unknown]), ...hardship(true, '建档立卡') },
      'each of the two ways is unknown on its own, and the amount (1,000 or 500) with them',
    ),
    open('困难认定缺失', hardship(unknown), 'nobody wrote the assessment down'),
    open('学校所在地缺失', { schoolRegion: held([entered, null, unknown]) }, 'nobody can tell where the school is'),
  ],
};
