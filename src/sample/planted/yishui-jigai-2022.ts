// 沂水技改投资奖补: registered in 371323. Equipment of the year from 5, 30, 50 million yuan 1.5 %, 1.8 %, 2 %, at most 1,000,000; robots from 1 million 1.5 %, at most 1,000,000; model
// projects 500,000 more. Decided for 2026.
import { held, type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const spent = (equipment: Scalar | typeof unknown, robots: Scalar | typeof unknown = 0): PlantedFacts => ({
  equipmentInvestment: { 2024: 1, 2025: 1, 2026: equipment },
  robotInvestment: { 2024: 1, 2025: 1, 2026: robots },
  equityInvestment: { 2024: 0, 2025: 0, 2026: 0 },
});
const model = held(['2025-05-01', null, ['技术改造标杆项目']]);

export const yishuiJigai2022: PlantedTable = {
  item: 'yishui-jigai-2022',
  register: 'enterprise',
  division: '371323',
  period: '2026',
  base: { regionCode: '371323', businessStatus: '在营', industryCode: '34', ...spent(10_000_000) },
  cases: [
    yes('设备 1000 万', {}, 150000, '1.5 %'),
    yes('设备刚好 500 万', spent(5_000_000), 75000, '1.5 %', edge),
    no('设备差一元 500 万', spent(4_999_999), 'below both', edge),
    yes('设备 2999.98 万', spent(29_999_800), 449997, '1.5 %', edge),
    yes('设备刚好 3000 万', spent(30_000_000), 540000, '1.8 %', edge),
    yes('设备 4000 万', spent(40_000_000), 720000, '1.8 %'),
    yes('设备刚好 5000 万', spent(50_000_000), 1000000, '2 %: exactly the cap', edge),
    yes('设备 6000 万', spent(60_000_000), 1000000, '1,200,000 capped', edge),
    yes('机器人刚好 100 万', spent(0, 1_000_000), 15000, '1.5 %', edge),
    no('机器人差一元 100 万', spent(0, 999_999), 'below both', edge),
    yes('机器人 8000 万', spent(0, 80_000_000), 1000000, '1,200,000 capped', edge),
    yes('设备与机器人', spent(10_000_000, 2_000_000), 180000, '150,000 + 30,000'),
    yes('设备够机器人不够', spent(10_000_000, 500_000), 150000, 'the equipment only'),
    yes('都封顶', spent(90_000_000, 90_000_000), 2000000, '1,000,000 each'),
    yes('标杆项目', { ...spent(60_000_000), officialLists: model }, 1500000, '1,000,000 + 500,000'),
    no('没有投资', { equipmentInvestment: undefined, robotInvestment: undefined, equityInvestment: undefined }, 'nothing spent'),
    // All three, so that there is no row of 2026 at all: an empty one would say that nobody knows.
    no(
      '只有上年投资',
      { equipmentInvestment: { 2025: 90_000_000 }, robotInvestment: { 2025: 90_000_000 }, equityInvestment: { 2025: 0 } },
      'another year',
    ),
    no('兰山企业', { regionCode: '371302' }, 'registered in 兰山', { division: '371302' }),
    open('设备投资缺失', spent(unknown), 'the row of 2026 is empty'),
    yes('设备缺失但机器人够', spent(unknown, 2_000_000), null, 'entitled by the robots; the equipment changes the amount'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    no('兰山企业且投资缺失', { regionCode: '371302', ...spent(unknown) }, 'not registered here', { division: '371302' }),
  ],
};
