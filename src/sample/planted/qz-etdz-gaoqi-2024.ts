// 泉州开发区高企奖励: registered in the zone 350571, certified as 高新技术企业 since 2024-07-02. First time: 200,000 yuan up to 20 million revenue in the year
// before, 400,000 above; renewed: 100,000. One decision per certificate, on its day.
import { held, type Scalar, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const certified = (recognition: string | typeof unknown, date = '2025-06-18', type = '高新技术企业'): PlantedFacts => ({
  qualifications: [{ certNo: fresh, type, recognition, brand: null, date, validTo: '2028-06-17' }],
});
const revenue = (of2023: Scalar | typeof unknown, of2024: Scalar | typeof unknown): PlantedFacts => ({
  revenue: { 2022: 9_000_000, 2023: of2023, 2024: of2024, 2025: 99_000_000 },
});

export const qzEtdzGaoqi2024: PlantedTable = {
  item: 'qz-etdz-gaoqi-2024',
  register: 'enterprise',
  division: '350571',
  period: { list: 'qualifications', keyField: 'certNo' },
  base: { regionCode: '350571', businessStatus: '在营', industryCode: '398', ...certified('首次认定'), ...revenue(9_000_000, 15_000_000) },
  cases: [
    yes('首次认定营收 1500 万', {}, 200000, 'up to 20 million: 200,000'),
    yes('首次认定营收刚好 2000 万', revenue(9_000_000, 20_000_000), 200000, '20 million is still the lower step', edge),
    yes('首次认定营收略超 2000 万', revenue(9_000_000, '20000000.01'), 400000, 'above 20 million: 400,000', edge),
    yes(
      '2025 年五月认定',
      { ...certified('首次认定', '2025-05-05'), ...revenue(30_000_000, 1_000_000) },
      200000,
      'the year before 2025 counts: 1 million',
    ),
    yes('首次认定营收 3 亿', revenue(9_000_000, 300_000_000), 400000, 'above 20 million: 400,000'),
    yes('首次认定上年无营收', revenue(0, 0), 200000, 'up to 20 million'),
    yes('重新认定', certified('重新认定'), 100000, 'renewed: 100,000'),
    yes(
      '重新认定营收 3 亿',
      { ...certified('重新认定'), ...revenue(9_000_000, 300_000_000) },
      100000,
      'renewed: 100,000 whatever the revenue',
    ),
    yes('重新认定营收缺失', { ...certified('重新认定'), ...revenue(9_000_000, unknown) }, 100000, 'the revenue does not matter'),
    yes(
      '2025 年最后一日认定',
      { ...certified('首次认定', '2025-12-31'), ...revenue(30_000_000, 1_000_000) },
      200000,
      'the year before 2025 counts: 1 million',
      edge,
    ),
    no('整体迁入', certified('整体迁入'), 'moved in, neither first nor renewed'),
    no('复核', certified('复核'), 'neither first nor renewed'),
    no('专精特新首次认定', certified('首次认定', '2025-06-18', '专精特新中小企业'), 'another certificate'),
    no('瞪羚企业首次认定', certified('首次认定', '2025-06-18', '瞪羚企业'), 'another certificate'),
    no('注册在晋江', { regionCode: '350582' }, 'not in the zone', { division: '350582' }),
    no('注册在鲤城区', { regionCode: '350502' }, 'the same city, not the zone', { division: '350502' }),
    no(
      '认定时还在外区',
      {
        regionCode: held(['2018-01-01', '2025-09-01', '350504'], ['2025-09-01', null, '350571']),
        businessStatus: held(['2018-01-01', '2025-09-01', '在营'], ['2025-09-01', null, '在营']),
      },
      'moved into the zone after the certificate',
    ),
    open('认定方式缺失', certified(unknown), 'first, renewed or neither'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    yes('首次认定营收缺失', revenue(9_000_000, unknown), null, 'entitled; 200,000 or 400,000'),
    no('整体迁入营收缺失', { ...certified('整体迁入'), ...revenue(9_000_000, unknown) }, 'not entitled whatever the revenue'),
  ],
};
