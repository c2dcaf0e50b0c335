// 通辽惠民殡葬: the deceased belonged to the zone 150571 and to a group in need, or had an ecological burial. What was spent, item by item up to the limits: transport 390,
// storage 300, cremation 240, coffin 200, urn 200, keeping 240, ecological burial 800 yuan. One decision per funeral; paid to the family member who arranged it.
import { type Element, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const funeral = (more: Element = {}): PlantedFacts => ({
  funerals: [
    {
      funeralId: fresh,
      servedDate: '2026-02-20',
      region: '150571',
      categories: ['低保'],
      ecoBurial: false,
      transport: 390,
      storage: null,
      cremation: 240,
      coffin: null,
      urn: null,
      keeping: null,
      ecoFee: null,
      ...more,
    },
  ],
});

export const tongliaoBinzang: PlantedTable = {
  item: 'tongliao-binzang',
  register: 'citizen',
  division: '150571',
  period: { list: 'funerals', keyField: 'funeralId' },
  base: { gender: '男', birthDate: '1972-01-05', hukouRegion: '150571', hukouType: '城镇', ...funeral() },
  cases: [
    yes('低保两项', {}, 630, '390 + 240'),
    yes('特困', funeral({ categories: ['特困'] }), 630, 'a group in need'),
    yes('重点优抚', funeral({ categories: ['重点优抚'] }), 630, 'a group in need'),
    yes('无名尸', funeral({ categories: ['无名尸'] }), 630, 'a group in need'),
    yes('运接费刚好限额', funeral({ transport: 390, cremation: null }), 390, 'the limit itself', edge),
    yes('运接费超限额', funeral({ transport: 391, cremation: null }), 390, 'the limit', edge),
    yes('运接费不到限额', funeral({ transport: '388.50', cremation: null }), '388.50', 'what was spent'),
    yes(
      '全部六项都超限额',
      funeral({ transport: 900, storage: 900, cremation: 900, coffin: 900, urn: 900, keeping: 900 }),
      1570,
      '390 + 300 + 240 + 200 + 200 + 240',
    ),
    yes('生态葬非困难', funeral({ categories: ['其他'], ecoBurial: true, ecoFee: 1200 }), 1430, '390 + 240 + 800'),
    yes(
      '生态安葬刚好限额',
      funeral({ categories: ['其他'], ecoBurial: true, ecoFee: 800, transport: null, cremation: null }),
      800,
      'the limit itself',
      edge,
    ),
    yes('低保生态葬', funeral({ ecoBurial: true, ecoFee: 500 }), 1130, '390 + 240 + 500'),
    yes(
      '七项都超限额',
      funeral({ ecoBurial: true, transport: 900, storage: 900, cremation: 900, coffin: 900, urn: 900, keeping: 900, ecoFee: 900 }),
      2370,
      '1,570 + 800',
    ),
    no('普通居民普通葬', funeral({ categories: ['其他'] }), 'neither in need nor ecological'),
    no('科尔沁区逝者', funeral({ region: '150502' }), 'the deceased was of 科尔沁区'),
    no('没有费用', funeral({ transport: null, cremation: null }), 'nothing was spent', edge),
    open('类别缺失', funeral({ categories: unknown }), 'nobody can tell whether in need'),
    yes('类别缺失但生态葬', funeral({ categories: unknown, ecoBurial: true, ecoFee: 800 }), 1430, 'the ecological burial settles it'),
    open('葬法缺失且非困难', funeral({ categories: ['其他'], ecoBurial: unknown }), 'only an ecological burial would entitle'),
    yes('葬法缺失但低保', funeral({ ecoBurial: unknown }), 630, 'the group settles it'),
    open('逝者户籍缺失', funeral({ region: unknown }), 'nobody can tell where the deceased was registered'),
    no('外地逝者且类别缺失', funeral({ region: '150502', categories: unknown }), 'not of the zone'),
  ],
};
