// 广东小升规奖补 2025: registered in 440000 and (a) first above scale in 2024, or first in 2023 and (b) value added of 2024 up 10 %, or (c) 专精特新 since 2024. 50,000 yuan
// each in the nine cities of the Pearl River Delta, 200,000 elsewhere; (b) and (c) add up.
import { type Element, type Scalar, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const added = (of2023: Scalar | typeof unknown, of2024: Scalar | typeof unknown): PlantedFacts => ({
  valueAdded: { 2023: of2023, 2024: of2024 },
});
const first = (day: string): PlantedFacts => ({ firstAboveScaleDate: day, statEntryDate: day });
const specialised = (date: string | typeof unknown, type = '专精特新中小企业'): PlantedFacts => {
  const row: Element = { certNo: fresh, type, recognition: '首次认定', brand: null, date, validTo: '2027-12-31' };
  return { qualifications: [row] };
};
const flat = added(10_000_000, 10_000_000);
const up = added(10_000_000, 11_000_000);

export const gdXiaoshenggui2025: PlantedTable = {
  item: 'gd-xiaoshenggui-2025',
  register: 'enterprise',
  division: '445203',
  period: '2025',
  base: {
    regionCode: '445203',
    businessStatus: '在营',
    industryCode: '29',
    aboveScaleExits: 0,
    statProvince: '440000',
    ...first('2024-03-01'),
    ...flat,
  },
  cases: [
    yes('粤东 2024 年首次升规', {}, 200000, '揭阳: 200,000'),
    yes('珠三角 2024 年首次升规', { regionCode: '440605' }, 50000, '佛山: 50,000', { division: '440605' }),
    yes('2024 年元旦升规', first('2024-01-01'), 200000, 'the first day of 2024', edge),
    yes('2024 年最后一天升规', first('2024-12-31'), 200000, 'the last day of 2024', edge),
    no('2025 年元旦升规', first('2025-01-01'), 'not in 2024', edge),
    yes('2023 年升规、增加值增 10%', { ...first('2023-06-01'), ...up }, 200000, 'exactly 10 %', edge),
    no('2023 年升规、增加值增不足 10%', { ...first('2023-06-01'), ...added(10_000_000, 10_999_999) }, 'one yuan short of 10 %', edge),
    yes('2023 年升规、2024 年成专精特新', { ...first('2023-06-01'), ...specialised('2024-09-30') }, 200000, 'the third kind'),
    yes(
      '2023 年升规、两类兼有',
      { ...first('2023-06-01'), ...up, ...specialised('2024-09-30') },
      400000,
      'the second and the third add up',
    ),
    yes('珠三角两类兼有', { regionCode: '440304', ...first('2023-06-01'), ...up, ...specialised('2024-09-30') }, 100000, '2 × 50,000', {
      division: '440304',
    }),
    yes('2024 年升规又增长又专精特新', { ...up, ...specialised('2024-09-30') }, 200000, 'the first kind only: it was not first in 2023'),
    no('2022 年升规增长一倍', { ...first('2022-12-31'), ...added(10_000_000, 20_000_000) }, 'first above scale too early', edge),
    no('2023 年升规、2023 年成专精特新', { ...first('2023-06-01'), ...specialised('2023-12-31') }, 'not in 2024', edge),
    no('2023 年升规、2024 年成高企', { ...first('2023-06-01'), ...specialised('2024-09-30', '高新技术企业') }, 'another certificate'),
    no('从未升规', { firstAboveScaleDate: null, statEntryDate: null }, 'never above scale'),
    no('省外企业', { regionCode: '460105' }, 'registered in 海口', { division: '460105' }),
    yes('汕头 2024 年首次升规', { regionCode: '440507' }, 200000, 'outside the delta', { division: '440507' }),
    yes('东莞 2024 年首次升规', { regionCode: '441900' }, 50000, 'in the delta', { division: '441900' }),
    open('2023 年升规、增加值缺失', { ...first('2023-06-01'), ...added(10_000_000, unknown) }, 'nobody can tell the growth'),
    open('专精特新日期缺失', { ...first('2023-06-01'), ...specialised(unknown) }, 'nobody can tell whether it was in 2024'),
    yes(
      '增加值缺失但成专精特新',
      { ...first('2023-06-01'), ...added(10_000_000, unknown), ...specialised('2024-09-30') },
      null,
      'entitled; 200,000 or 400,000',
    ),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
  ],
};
