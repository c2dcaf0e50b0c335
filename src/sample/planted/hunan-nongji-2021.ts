// 湖南农机购置补贴 2021: registered in 430000, a machine of the catalogue. 30 % of the average market price, 35 % for six weak links; at most 50,000 yuan a machine, 120,000 for
// milking and drying, 150,000 for tractors from 100 horsepower, 250,000 from 200. Cut to the yuan. One decision per machine, on its day in 2021.
import { type Element, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const machine = (avgMarketPrice: Element[string], category: Element[string] = '一般', more: Element = {}): PlantedFacts => ({
  machines: [{ machineNo: fresh, purchasedDate: '2021-06-18', category, avgMarketPrice, catalogListed: true, ...more }],
});

export const hunanNongji2021: PlantedTable = {
  item: 'hunan-nongji-2021',
  register: 'citizen',
  division: '430725',
  period: { list: 'machines', keyField: 'machineNo' },
  base: { gender: '男', birthDate: '1971-09-09', hukouRegion: '430725', hukouType: '农村', ...machine(80_000) },
  cases: [
    yes('一般机具 8 万元', {}, 24000, '30 %'),
    yes('一般机具 1 万元', machine(10_000), 3000, '30 %'),
    yes('一般机具刚好到限额', machine('166666.67'), 50000, '50,000.001 cut by the cap', edge),
    yes('一般机具 20 万元', machine(200_000), 50000, '60,000 capped at 50,000', edge),
    yes('烘干机 40 万元', machine(400_000, '烘干机'), 120000, 'exactly the cap of 120,000', edge),
    yes('烘干机 50 万元', machine(500_000, '烘干机'), 120000, '150,000 capped at 120,000'),
    yes('挤奶机械 30 万元', machine(300_000, '挤奶机械'), 90000, '30 %'),
    yes('100 马力拖拉机 50 万元', machine(500_000, '100马力以上拖拉机'), 150000, 'exactly the cap of 150,000', edge),
    yes('100 马力拖拉机 60 万元', machine(600_000, '100马力以上拖拉机'), 150000, '180,000 capped'),
    yes('200 马力拖拉机 80 万元', machine(800_000, '200马力以上拖拉机'), 240000, '30 %'),
    yes('200 马力拖拉机 90 万元', machine(900_000, '200马力以上拖拉机'), 250000, '270,000 capped at 250,000'),
    yes('插秧机 7 万元', machine(70_000, '柴油水稻插秧机'), 24500, '35 %'),
    yes('履带式拖拉机 10 万元', machine(100_000, '履带式拖拉机'), 35000, '35 %'),
    yes('育苗成套 20 万元', machine(200_000, '育苗成套'), 50000, '70,000 capped at 50,000'),
    yes('金额舍去角分', machine('12345.60'), 3703, '3,703.68 cut to the yuan', edge),
    no('不在补贴目录', machine(80_000, '一般', { catalogListed: false }), 'not in the catalogue'),
    no('外省户籍', { hukouRegion: '360702' }, 'registered in 赣州', { division: '360702' }),
    yes('长沙户籍', { hukouRegion: '430121' }, 24000, 'another city of the province', { division: '430121' }),
    open('是否在目录缺失', machine(80_000, '一般', { catalogListed: unknown }), 'nobody can tell whether listed'),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the buyer is registered'),
    yes('价格缺失', machine(unknown), null, 'entitled; the amount waits for the price'),
    no('外省户籍且目录缺失', { hukouRegion: '360702', ...machine(80_000, '一般', { catalogListed: unknown }) }, 'not registered here', {
      division: '360702',
    }),
  ],
};
