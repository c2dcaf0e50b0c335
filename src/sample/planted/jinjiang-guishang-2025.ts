// 晋江新增规上工业企业奖励: registered in 350582 and newly in the industrial statistics since 2025 (the policy's year of effect and later ones); 50,000 yuan, once.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const entered = (day: string): PlantedFacts => ({
  statEntryDate: day,
  firstAboveScaleDate: day,
  isAboveScaleIndustry: held([day, null, true]),
  isAboveScaleManufacturing: held([day, null, true]),
});

export const jinjiangGuishang2025: PlantedTable = {
  item: 'jinjiang-guishang-2025',
  register: 'enterprise',
  division: '350582001',
  period: 'once',
  base: {
    regionCode: '350582001',
    businessStatus: '在营',
    industryCode: '195',
    aboveScaleExits: 0,
    statProvince: '350000',
    ...entered('2025-09-01'),
  },
  cases: [
    yes('2025 年 9 月纳统', {}, 50000, 'new in 2025'),
    yes('2025 年元旦纳统', entered('2025-01-01'), 50000, 'the first day of the first year', edge),
    no('2024 年最后一天纳统', entered('2024-12-31'), 'not of the policy’s years', edge),
    yes('2026 年 3 月纳统', entered('2026-03-01'), 50000, 'new in 2026'),
    yes('2025 年底纳统', entered('2025-12-31'), 50000, 'new in 2025', edge),
    no('2019 年纳统', entered('2019-03-01'), 'long in the statistics'),
    no(
      '从未纳统',
      { statEntryDate: null, firstAboveScaleDate: null, isAboveScaleIndustry: undefined, isAboveScaleManufacturing: undefined },
      'not in the statistics',
    ),
    yes('安海镇', { regionCode: '350582101' }, 50000, 'a town of the city', { division: '350582101' }),
    yes('登记在市本级', { regionCode: '350582' }, 50000, 'the city itself'),
    no('石狮企业', { regionCode: '350581' }, 'registered in 石狮', { division: '350581' }),
    no('泉州开发区企业', { regionCode: '350571' }, 'registered in the zone', { division: '350571' }),
    no(
      '已迁往南安',
      {
        regionCode: held(['2015-01-01', '2026-01-01', '350582001'], ['2026-01-01', null, '350583']),
        businessStatus: held(['2015-01-01', '2026-01-01', '在营'], ['2026-01-01', null, '在营']),
      },
      'moved to 南安 in January',
    ),
    yes(
      '由南安迁入',
      {
        regionCode: held(['2015-01-01', '2026-01-01', '350583'], ['2026-01-01', null, '350582001']),
        businessStatus: held(['2015-01-01', '2026-01-01', '在营'], ['2026-01-01', null, '在营']),
      },
      50000,
      'registered here since January',
    ),
    no(
      '已退库',
      {
        isAboveScaleIndustry: held(['2025-09-01', '2026-02-01', true]),
        isAboveScaleManufacturing: held(['2025-09-01', '2026-02-01', true]),
      },
      'no longer in the directory',
    ),
    yes('大型企业', { enterpriseScale: '大型' }, 50000, 'the size does not matter'),
    yes('外资企业', { ownership: '外资' }, 50000, 'the ownership does not matter'),
    no('纳统日期为空', { statEntryDate: null, firstAboveScaleDate: null }, 'the statistics office knows no day of entry'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    open('在库状态缺失', { isAboveScaleIndustry: held(['2025-09-01', null, unknown]) }, 'the row of the directory is empty'),
    no('纳统很早而注册地缺失', { regionCode: unknown, ...entered('2018-01-01') }, 'wherever registered, not new'),
    no('外地企业在库状态缺失', { regionCode: '350581', isAboveScaleIndustry: held(['2025-09-01', null, unknown]) }, 'not registered here', {
      division: '350581',
    }),
  ],
};
