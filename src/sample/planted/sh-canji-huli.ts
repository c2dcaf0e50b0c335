// 上海重度残疾人护理补贴: registered in 310000; level 1 300, level 2 150, level 3 with an intellectual or mental disability 150 yuan a month. April 2026.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const certified = (level: number | typeof unknown, ...types: string[]): PlantedFacts => ({
  disabilityTypes: held(['2017-03-01', null, types.length > 0 ? types : unknown]),
  disabilityLevel: held(['2017-03-01', null, level]),
});

export const shCanjiHuli: PlantedTable = {
  item: 'sh-canji-huli',
  register: 'citizen',
  division: '310115',
  period: '2026-04',
  base: { birthDate: '1968-12-01', hukouRegion: '310115', hukouType: '城镇', ...certified(1, '肢体') },
  cases: [
    yes('一级肢体', {}, 300, 'level 1'),
    yes('一级精神', certified(1, '精神'), 300, 'level 1 whatever the kind'),
    yes('二级视力', certified(2, '视力'), 150, 'level 2'),
    yes('二级智力', certified(2, '智力'), 150, 'level 2 whatever the kind'),
    yes('三级智力', certified(3, '智力'), 150, 'level 3, intellectual', edge),
    yes('三级精神', certified(3, '精神'), 150, 'level 3, mental', edge),
    yes('三级多重含智力', certified(3, '听力', '智力'), 150, 'one of the two kinds is enough'),
    no('三级肢体', certified(3, '肢体'), 'level 3 counts for two kinds only', edge),
    no('三级多重无智力精神', certified(3, '听力', '言语'), 'level 3 counts for two kinds only'),
    no('四级精神', certified(4, '精神'), 'level 4 is not severe', edge),
    no('四级智力', certified(4, '智力'), 'level 4 is not severe'),
    no('没有残疾人证', { disabilityTypes: undefined, disabilityLevel: undefined }, 'not on the list of certificates'),
    no(
      '残疾人证已失效',
      { disabilityTypes: held(['2017-03-01', '2026-01-01', ['肢体']]), disabilityLevel: held(['2017-03-01', '2026-01-01', 1]) },
      'expired',
    ),
    yes(
      '等级由三升一',
      {
        disabilityTypes: held(['2017-03-01', '2026-04-01', ['肢体']], ['2026-04-01', null, ['肢体']]),
        disabilityLevel: held(['2017-03-01', '2026-04-01', 3], ['2026-04-01', null, 1]),
      },
      300,
      'level 1 since 1 April',
      edge,
    ),
    no('外地户籍', { hukouRegion: '330602' }, 'registered in 绍兴', { division: '330602' }),
    no('一月去世', { deathDate: '2026-01-31' }, 'died before April began'),
    yes('四月去世', { deathDate: '2026-04-03' }, 300, 'the month of death is the last one paid'),
    open('残疾等级缺失', certified(unknown, '肢体'), 'the level was left empty'),
    open('三级类别缺失', certified(3), 'two kinds would entitle'),
    yes('一级类别缺失', certified(1), 300, 'level 1 whatever the kind'),
    no('四级类别缺失', certified(4), 'level 4 whatever the kind'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the person is registered'),
  ],
};
