// 济南超比例奖励: registered in 370100 with more disabled staff than 1.5 % of the yearly average; for each one above it 5,000 yuan, 6,000 with an intellectual or mental disability,
// 8,000 when blind (sight, level one). Decided for 2026. Staff numbers are chosen so that the quota is whole; which of several people are "above" the text does not say, so mixed
// teams are paid from the dearest down, as the rule file notes.
import { type Element, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, someone, yes } from './table.ts';

const employee = (disabilityType: Element[string] = '肢体', disabilityLevel: Element[string] = 3): Element => ({
  personId: someone,
  certificate: '残疾人证',
  disabilityType,
  disabilityLevel,
  contractMonths: 24,
  monthlyWage: 3000,
  socialInsured: true,
  hiredDate: '2022-03-01',
});
const team = (...rows: Element[]): PlantedFacts => ({ disabledEmployees: rows });
const staff = (heads: number | typeof unknown): PlantedFacts => ({ headcount: { 2024: 1, 2025: 1, 2026: heads } });
const [limb, mind, blind] = [employee(), employee('精神', 2), employee('视力', 1)];

export const jinanChaobili: PlantedTable = {
  item: 'jinan-chaobili',
  register: 'enterprise',
  division: '370112',
  period: '2026',
  base: { regionCode: '370112', businessStatus: '在营', ...staff(200), ...team(limb, limb, limb, limb) },
  cases: [
    yes('200 人用 4 名肢体', {}, 5000, 'one above 3'),
    yes('200 人用 5 名听力', team(...Array.from({ length: 5 }, () => employee('听力', 2))), 10000, 'two above 3'),
    yes('200 人用 4 名精神', team(mind, mind, mind, mind), 6000, 'one above 3'),
    yes('200 人用 4 名智力', team(...Array.from({ length: 4 }, () => employee('智力', 4))), 6000, 'one above 3'),
    yes('200 人用 4 名盲一级', team(blind, blind, blind, blind), 8000, 'one above 3', edge),
    yes('200 人用 4 名视力二级', team(...Array.from({ length: 4 }, () => employee('视力', 2))), 5000, 'not blind at level one', edge),
    yes('200 人用 6 名各类', team(blind, mind, limb, limb, limb, limb), 19000, 'three above 3: 8,000 + 6,000 + 5,000'),
    yes('400 人用 7 名', { ...staff(400), ...team(limb, limb, limb, limb, limb, limb, limb) }, 5000, 'one above 6', edge),
    no('200 人用 3 名', team(limb, limb, limb), 'exactly 1.5 %', edge),
    no('200 人用 2 名', team(limb, limb), 'below 1.5 %'),
    no('1000 人用 15 名', { ...staff(1000), ...team(...Array.from({ length: 15 }, () => employee())) }, 'exactly 1.5 %', edge),
    yes('1000 人用 16 名', { ...staff(1000), ...team(...Array.from({ length: 16 }, () => employee())) }, 5000, 'one above 15', edge),
    no('没有残疾职工', { disabledEmployees: undefined }, 'none employed'),
    no('青岛企业', { regionCode: '370202' }, 'registered in 青岛', { division: '370202' }),
    yes('登记在市本级', { regionCode: '370100' }, 5000, 'the city itself'),
    yes('历下区企业', { regionCode: '370102' }, 5000, 'another district', { division: '370102' }),
    yes('言语残疾', team(...Array.from({ length: 4 }, () => employee('言语', 3))), 5000, 'one above 3'),
    open('职工人数缺失', staff(unknown), 'nobody can tell the staff'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    yes('残疾类别缺失', team(...Array.from({ length: 4 }, () => employee(unknown, 2))), null, 'entitled; 5,000 or 6,000'),
    no('青岛企业且人数缺失', { regionCode: '370202', ...staff(unknown) }, 'not registered here', { division: '370202' }),
  ],
};
