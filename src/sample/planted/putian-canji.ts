// 莆田残疾人两项补贴: registered in 350300 with a disability certificate. Living: 110 yuan when in hardship (低保). Care: level 1 135 / 120 (in hardship /
// not), level 2 110 / 85, levels 3 and 4 with an intellectual or mental disability 85. Both add up. April 2026.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const certified = (level: number, ...types: string[]): PlantedFacts => ({
  disabilityTypes: held(['2018-05-01', null, types]),
  disabilityLevel: held(['2018-05-01', null, level]),
});
const poor: PlantedFacts = { householdAssistance: held(['2022-01-01', null, ['低保']]) };

export const putianCanji: PlantedTable = {
  item: 'putian-canji',
  register: 'citizen',
  division: '350302',
  period: '2026-04',
  base: { birthDate: '1970-06-06', hukouRegion: '350302', hukouType: '城镇', ...certified(1, '肢体') },
  cases: [
    yes('一级非困难', {}, 120, 'care 120'),
    yes('一级困难', poor, 245, 'living 110 + care 135'),
    yes('二级非困难', certified(2, '视力'), 85, 'care 85'),
    yes('二级困难', { ...certified(2, '视力'), ...poor }, 220, 'living 110 + care 110'),
    yes('三级智力非困难', certified(3, '智力'), 85, 'care 85', edge),
    yes('三级智力困难', { ...certified(3, '智力'), ...poor }, 195, 'living 110 + care 85'),
    yes('四级精神非困难', certified(4, '精神'), 85, 'care 85', edge),
    yes('四级精神困难', { ...certified(4, '精神'), ...poor }, 195, 'living 110 + care 85'),
    yes('三级肢体困难', { ...certified(3, '肢体'), ...poor }, 110, 'living only'),
    yes('四级听力困难', { ...certified(4, '听力'), ...poor }, 110, 'living only'),
    yes('三级多重含精神', certified(3, '肢体', '精神'), 85, 'one of the two kinds is enough'),
    yes('二级精神非困难', certified(2, '精神'), 85, 'level 2 whatever the kind'),
    no('三级肢体非困难', certified(3, '肢体'), 'neither of the two allowances', edge),
    no('没有残疾人证', { disabilityTypes: undefined, disabilityLevel: undefined }, 'not on the list of certificates'),
    no(
      '残疾人证三月底失效',
      { disabilityTypes: held(['2018-05-01', '2026-04-01', ['肢体']]), disabilityLevel: held(['2018-05-01', '2026-04-01', 1]) },
      'no certificate in April',
      edge,
    ),
    yes(
      '四月一日起持证',
      { disabilityTypes: held(['2026-04-01', null, ['肢体']]), disabilityLevel: held(['2026-04-01', null, 2]) },
      85,
      'certificate since 1 April',
      edge,
    ),
    yes('低保三月底停', { householdAssistance: held(['2022-01-01', '2026-04-01', ['低保']]) }, 120, 'no longer in hardship in April', edge),
    no('外市户籍', { hukouRegion: '350502' }, 'registered in 泉州', { division: '350502' }),
    no('二月去世', { deathDate: '2026-02-03' }, 'died before April began'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the person is registered'),
    open(
      '残疾等级缺失',
      { disabilityTypes: held(['2018-05-01', null, ['肢体']]), disabilityLevel: held(['2018-05-01', null, unknown]) },
      'the level was left empty',
    ),
    yes(
      '三级类别缺失',
      { disabilityTypes: held(['2018-05-01', null, unknown]), disabilityLevel: held(['2018-05-01', null, 3]), ...poor },
      null,
      'living is due; care depends on the missing kind',
    ),
    yes('一级救助缺失', { householdAssistance: unknown }, null, 'entitled; 120 or 245 depends on the missing class'),
  ],
};
