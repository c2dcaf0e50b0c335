// 兰州重度残疾人护理补贴: registered in 620100, level 1 or 2. Level 1 of body, sight, intellect or mind and level 2 of intellect or mind 110 yuan a month;
// level 1 of hearing or speech and level 2 of body, sight, hearing or speech 60. April 2026.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const certified = (level: number | typeof unknown, ...types: string[]): PlantedFacts => ({
  disabilityTypes: held(['2016-09-01', null, types.length > 0 ? types : unknown]),
  disabilityLevel: held(['2016-09-01', null, level]),
});

export const lanzhouCanjiHuli: PlantedTable = {
  item: 'lanzhou-canji-huli',
  register: 'citizen',
  division: '620102',
  period: '2026-04',
  base: { birthDate: '1980-01-20', hukouRegion: '620102', hukouType: '城镇', ...certified(1, '肢体') },
  cases: [
    yes('一级肢体', {}, 110, 'level 1, body'),
    yes('一级视力', certified(1, '视力'), 110, 'level 1, sight'),
    yes('一级智力', certified(1, '智力'), 110, 'level 1, intellect'),
    yes('一级精神', certified(1, '精神'), 110, 'level 1, mind'),
    yes('一级听力', certified(1, '听力'), 60, 'level 1, hearing'),
    yes('一级言语', certified(1, '言语'), 60, 'level 1, speech'),
    yes('二级智力', certified(2, '智力'), 110, 'level 2, intellect', edge),
    yes('二级精神', certified(2, '精神'), 110, 'level 2, mind', edge),
    yes('二级肢体', certified(2, '肢体'), 60, 'level 2, body', edge),
    yes('二级视力', certified(2, '视力'), 60, 'level 2, sight'),
    yes('二级听力', certified(2, '听力'), 60, 'level 2, hearing'),
    yes('二级言语', certified(2, '言语'), 60, 'level 2, speech'),
    no('三级智力', certified(3, '智力'), 'level 3 is not severe here', edge),
    no('四级精神', certified(4, '精神'), 'level 4 is not severe'),
    no('没有残疾人证', { disabilityTypes: undefined, disabilityLevel: undefined }, 'not on the list of certificates'),
    no('外市户籍', { hukouRegion: '621002' }, 'registered in 庆阳', { division: '621002' }),
    no('已迁出', { hukouRegion: held(['1990-01-01', '2026-03-31', '620102'], ['2026-03-31', null, '610102']) }, 'moved out in March'),
    no('三月去世', { deathDate: '2026-03-05' }, 'died before April began'),
    open('残疾等级缺失', certified(unknown, '肢体'), 'the level was left empty'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the person is registered'),
    no('三级类别缺失', certified(3), 'level 3 whatever the kind'),
  ],
};
