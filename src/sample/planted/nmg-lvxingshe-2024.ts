// 内蒙古招徕区外游客 2024: travel agencies; from 500 visitors of other regions staying two nights 50 yuan each, from 200 foreign ones staying three nights 150 each, charter
// flights from 30, 60, 90, 120 people 5,000, 10,000, 15,000, 20,000 (foreign from 100: 50,000), trains from 400 people 30,000 (foreign from 300: 50,000). Only in proper lodgings.
import { type Element, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const group = (size: Element[string], more: Element = {}): Element => ({
  groupId: fresh,
  date: '2024-07-15',
  mode: '散团',
  origin: '区外',
  size,
  nights: 2,
  hotelClass: '三星级以上',
  ...more,
});
const groups = (...rows: Element[]): PlantedFacts => ({ groups: rows });
const foreign: Element = { origin: '境外', nights: 3 };
const charter: Element = { mode: '包机' };
const train: Element = { mode: '专列' };

export const nmgLvxingshe2024: PlantedTable = {
  item: 'nmg-lvxingshe-2024',
  register: 'enterprise',
  division: '150102',
  period: 'once',
  base: { regionCode: '150102', businessStatus: '在营', industryCode: '7291', ...groups(group(300), group(300)) },
  cases: [
    yes('区外 600 人', {}, 30000, '600 × 50'),
    yes('区外刚好 500 人', groups(group(250), group(250)), 25000, '500 × 50', edge),
    no('区外 499 人', groups(group(250), group(249)), 'one short of 500', edge),
    no('只住一晚', groups(group(300, { nights: 1 }), group(300, { nights: 1 })), 'two nights are asked', edge),
    no('住宿不合要求', groups(group(300, { hotelClass: '其他' }), group(300, { hotelClass: '其他' })), 'not in a proper lodging'),
    yes('绿色饭店', groups(group(500, { hotelClass: '绿色饭店' })), 25000, 'a proper lodging'),
    yes('境外刚好 200 人', groups(group(200, foreign)), 30000, '200 × 150', edge),
    no('境外 199 人', groups(group(199, foreign)), 'one short of 200', edge),
    no('境外只住两晚', groups(group(300, { ...foreign, nights: 2 })), 'three nights are asked', edge),
    yes('国内包机 30 人', groups(group(30, charter)), 5000, 'from 30', edge),
    no('国内包机 29 人', groups(group(29, charter)), 'one short of 30', edge),
    yes('国内包机 60 人', groups(group(60, charter)), 10000, 'from 60', edge),
    yes('国内包机 90 人', groups(group(90, charter)), 15000, 'from 90', edge),
    yes('国内包机 120 人', groups(group(120, charter)), 20000, 'from 120', edge),
    yes('三班国内包机', groups(group(45, charter), group(95, charter), group(130, charter)), 40000, '5,000 + 15,000 + 20,000'),
    yes('国内专列 400 人', groups(group(400, train)), 30000, 'from 400', edge),
    no('国内专列 399 人', groups(group(399, train)), 'one short of 400', edge),
    yes('区外与境外相加', groups(group(500), group(200, foreign)), 55000, '25,000 + 30,000'),
    no('四月底出行', groups(group(600, { date: '2024-04-30' })), 'before the policy began', edge),
    yes('五月一日出行', groups(group(600, { date: '2024-05-01' })), 30000, 'its first day', edge),
    no('不是旅行社', { industryCode: '611' }, 'a hotel'),
    no('区外旅行社', { regionCode: '410102' }, 'registered in 郑州', { division: '410102' }),
    no('没有组团', { groups: undefined }, 'no group'),
    open('人数缺失', groups(group(unknown)), 'the size was left empty'),
    open('行业缺失', { industryCode: unknown }, 'nobody can tell whether an agency'),
    no('不是旅行社且人数缺失', { industryCode: '611', ...groups(group(unknown)) }, 'not an agency in any case'),
  ],
};
