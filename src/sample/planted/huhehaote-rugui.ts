// 呼和浩特首次入规奖励: registered in 150100, first time in the industrial statistics, still in it, never out. 100,000, 200,000 and 300,000 yuan in the first, second
// and third year (the year of entry is the first). Decided for 2026.
import { held, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const entered = (day: string): PlantedFacts => ({
  firstAboveScaleDate: day,
  statEntryDate: day,
  isAboveScaleIndustry: held([day, null, true]),
  isAboveScaleManufacturing: held([day, null, true]),
});

/** In the directory since May 2025, until that day. */
const listedUntil = (day: string): PlantedFacts => ({
  ...entered('2025-05-01'),
  isAboveScaleIndustry: held(['2025-05-01', day, true]),
  isAboveScaleManufacturing: held(['2025-05-01', day, true]),
});

export const huhehaoteRugui: PlantedTable = {
  item: 'huhehaote-rugui',
  register: 'enterprise',
  division: '150102',
  period: '2026',
  base: {
    regionCode: '150102',
    businessStatus: '在营',
    industryCode: '14',
    aboveScaleExits: 0,
    statProvince: '150000',
    ...entered('2026-03-01'),
  },
  cases: [
    yes('第一年', {}, 100000, 'entered in 2026'),
    yes('第二年', entered('2025-05-01'), 200000, 'entered in 2025'),
    yes('第三年', entered('2024-09-01'), 300000, 'entered in 2024'),
    no('第四年', entered('2023-12-01'), 'three years are over', edge),
    yes('2026 年元旦入规', entered('2026-01-01'), 100000, 'the first day of the first year', edge),
    yes('2025 年最后一天入规', entered('2025-12-31'), 200000, 'the second year', edge),
    yes('2024 年元旦入规', entered('2024-01-01'), 300000, 'the last year that counts', edge),
    no('2023 年最后一天入规', entered('2023-12-31'), 'the fourth year', edge),
    no(
      '从未入规',
      { firstAboveScaleDate: null, statEntryDate: null, isAboveScaleIndustry: undefined, isAboveScaleManufacturing: undefined },
      'not in the statistics',
    ),
    no('中途退规一次', { aboveScaleExits: 1 }, 'whoever left has lost it'),
    no('四月一日已退规', listedUntil('2026-04-01'), 'out since 1 April', edge),
    yes('大型企业', { enterpriseScale: '大型' }, 100000, 'the size does not matter'),
    no('包头企业', { regionCode: '150203' }, 'registered in 包头', { division: '150203' }),
    yes('托克托县企业', { regionCode: '150122' }, 100000, 'a county of the city', { division: '150122' }),
    yes('登记在市本级', { regionCode: '150100' }, 100000, 'the city itself'),
    no(
      '2025 年迁往鄂尔多斯',
      {
        regionCode: held(['2015-01-01', '2025-06-01', '150102'], ['2025-06-01', null, '150602']),
        businessStatus: held(['2015-01-01', '2025-06-01', '在营'], ['2025-06-01', null, '在营']),
      },
      'moved away during 2025',
    ),
    open('退规次数缺失', { aboveScaleExits: unknown }, 'nobody can tell whether it ever left'),
    open('在规状态缺失', { isAboveScaleIndustry: held(['2026-03-01', null, unknown]) }, 'the row of the directory is empty'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    no('第四年且退规次数缺失', { ...entered('2023-12-01'), aboveScaleExits: unknown }, 'three years are over in any case'),
  ],
};
