// 庆阳文旅品牌创建奖励: registered in 621000, a brand rated since April 2023: 5A, 4A, 3A sights 2,000,000, 500,000, 300,000; five and four star hotels 500,000, 200,000; national red tourism
// zones 1,000,000; night zones 500,000 national, 300,000 provincial; homestays of class A 200,000, B 100,000 yuan. One decision per rating, on its day.
import { type Element, held, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const rated = (type: Element[string], more: Element = {}): PlantedFacts => ({
  qualifications: [{ certNo: fresh, type, recognition: '首次认定', brand: fresh, date: '2025-05-01', validTo: null, ...more }],
});

export const qingyangWenlv: PlantedTable = {
  item: 'qingyang-wenlv',
  register: 'enterprise',
  division: '621002',
  period: { list: 'qualifications', keyField: 'certNo' },
  base: { regionCode: '621002', businessStatus: '在营', industryCode: '786', ...rated('国家4A景区') },
  cases: [
    yes('4A 景区', {}, 500000, '4A'),
    yes('5A 景区', rated('国家5A景区'), 2000000, '5A', edge),
    yes('3A 景区', rated('国家3A景区'), 300000, '3A', edge),
    yes('五星级饭店', rated('五星级饭店'), 500000, 'five stars'),
    yes('四星级饭店', rated('四星级饭店'), 200000, 'four stars'),
    yes('红色旅游融合示范区', rated('全国红色旅游融合发展示范区'), 1000000, 'a national zone'),
    yes('国家级夜间集聚区', rated('国家级夜间文旅集聚区'), 500000, 'national'),
    yes('省级夜间集聚区', rated('省级夜间文旅集聚区'), 300000, 'provincial'),
    yes('甲级民宿', rated('甲级民宿'), 200000, 'class A'),
    yes('乙级民宿', rated('乙级民宿'), 100000, 'class B'),
    yes('去年四月评定', rated('国家3A景区', { date: '2025-04-20' }), 300000, 'rated within a year'),
    yes('2026 年评定', rated('乙级民宿', { date: '2026-04-01' }), 100000, 'rated this month'),
    no('高新技术企业', rated('高新技术企业'), 'no tourist brand'),
    no('瞪羚企业', rated('瞪羚企业'), 'no tourist brand'),
    no('兰州企业', { regionCode: '620102' }, 'registered in 兰州', { division: '620102' }),
    yes('庆城县企业', { regionCode: '621021' }, 500000, 'a county of the city', { division: '621021' }),
    yes('环县企业', { regionCode: '621022' }, 500000, 'a county of the city', { division: '621022' }),
    no(
      '评定后才迁入',
      {
        regionCode: held(['2018-01-01', '2025-08-01', '620102'], ['2025-08-01', null, '621002']),
        businessStatus: held(['2018-01-01', '2025-08-01', '在营'], ['2025-08-01', null, '在营']),
      },
      'elsewhere on the day of the rating',
    ),
    open('资质类型缺失', rated(unknown), 'the kind was left empty'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    no('兰州企业且类型缺失', { regionCode: '620102', ...rated(unknown) }, 'not registered here', { division: '620102' }),
  ],
};
