// 西平耕地地力保护补贴: registered in 411721 with approved area; 93.21 yuan for each 亩 of the year. Decided for 2026, to the fen.
import { type Element, held, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const parcel = (eligibleMu: Element[string], year: Element[string] = 2026): Element => ({ parcelId: fresh, year, eligibleMu });
const parcels = (...rows: Element[]): PlantedFacts => ({ landParcels: rows });

export const xipingGengdi2024: PlantedTable = {
  item: 'xiping-gengdi-2024',
  register: 'citizen',
  division: '411721101200',
  period: '2026',
  base: { gender: '男', birthDate: '1963-04-04', hukouRegion: '411721101200', hukouType: '农村', ...parcels(parcel(10)) },
  cases: [
    yes('10 亩', {}, '932.10', '10 × 93.21'),
    yes('1 亩', parcels(parcel(1)), '93.21', '1 × 93.21'),
    yes('100 亩', parcels(parcel(100)), 9321, '100 × 93.21'),
    yes('两块地', parcels(parcel('3.5'), parcel('6.5')), '932.10', '(3.5 + 6.5) × 93.21'),
    yes('三块地', parcels(parcel('0.5'), parcel('0.5'), parcel(4)), '466.05', '5 × 93.21'),
    yes('0.01 亩', parcels(parcel('0.01')), '0.93', '0.9321, to the fen', edge),
    yes('3.333 亩', parcels(parcel('3.333')), '310.67', '310.66893, to the fen', edge),
    no('零面积', parcels(parcel(0)), 'nothing approved', edge),
    no('只有 2025 年面积', parcels(parcel(10, 2025)), 'approved for another year', edge),
    no('只有 2027 年面积', parcels(parcel(10, 2027)), 'approved for another year', edge),
    yes('两年都有面积', parcels(parcel(10), parcel(12, 2025)), '932.10', 'only the area of 2026'),
    no('没有地块', { landParcels: undefined }, 'no parcel'),
    yes('城关户籍', { hukouRegion: '411721001' }, '932.10', 'another town of the county', { division: '411721001' }),
    yes('户籍登记在县本级', { hukouRegion: '411721' }, '932.10', 'the county itself'),
    no('上蔡户籍', { hukouRegion: '411722' }, 'registered in 上蔡', { division: '411722' }),
    no(
      '2025 年迁出',
      { hukouRegion: held(['1963-04-04', '2025-07-01', '411721101200'], ['2025-07-01', null, '411702']) },
      'moved out in 2025',
    ),
    yes(
      '2025 年迁入',
      { hukouRegion: held(['1963-04-04', '2025-07-01', '411702'], ['2025-07-01', null, '411721101200']) },
      '932.10',
      'registered here since July 2025',
    ),
    open('面积缺失', parcels(parcel(unknown)), 'the area was left empty'),
    open('年度缺失', parcels(parcel(10, unknown)), 'nobody can tell for which year'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the person is registered'),
    no('上蔡户籍且面积缺失', { hukouRegion: '411722', ...parcels(parcel(unknown)) }, 'not registered here', { division: '411722' }),
  ],
};
