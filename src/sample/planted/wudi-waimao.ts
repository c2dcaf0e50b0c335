// 无棣进出口增长奖励: registered in 371623. From 1 billion yuan and 5 % growth 10,000 per full 20 million of growth, at most 300,000; from 100 million and 10 % per 10 million, at most
// 200,000; from 30 million and 15 % per 5 million, at most 100,000. The first trade ever: from 1, above 3, above 5 million 10,000, 20,000, 30,000. Decided for 2026.
import { type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const million = 1_000_000;
const trade = (before: Scalar | typeof unknown, after: Scalar | typeof unknown): PlantedFacts => ({
  tradeVolume: { 2024: 20 * million, 2025: before, 2026: after },
});
const first = (volume: Scalar): PlantedFacts => ({ tradeVolume: { 2026: volume } });

export const wudiWaimao: PlantedTable = {
  item: 'wudi-waimao',
  register: 'enterprise',
  division: '371623',
  period: '2026',
  base: { regionCode: '371623', businessStatus: '在营', ...trade(1000 * million, 1200 * million) },
  cases: [
    yes('12 亿增 20%', {}, 100000, '200 ÷ 20 million = 10'),
    yes('10.5 亿刚好增 5%', trade(1000 * million, 1050 * million), 20000, '50 ÷ 20 million, 2 full', edge),
    no('10.4 亿增 4%', trade(1000 * million, 1040 * million), 'below 5 %', edge),
    yes('10 亿增 5.3%', trade(950 * million, 1000 * million), 20000, 'just in the upper band: 2 full steps', edge),
    yes('18 亿增到封顶', trade(1000 * million, 1800 * million), 300000, '40 steps capped at 300,000', edge),
    yes('16 亿刚好封顶', trade(1000 * million, 1600 * million), 300000, '30 steps', edge),
    yes('2.2 亿刚好增 10%', trade(200 * million, 220 * million), 20000, '20 ÷ 10 million', edge),
    no('2.19 亿增 9.5%', trade(200 * million, 219 * million), 'below 10 %', edge),
    yes('1 亿增 25%', trade(80 * million, 100 * million), 20000, 'just in the middle band: 2 steps', edge),
    yes('差一元 1 亿', trade(80 * million, 99_999_999), 30000, 'still in the lower band: 3 full steps of 5 million', edge),
    yes('9 亿增到封顶', trade(500 * million, 900 * million), 200000, '40 steps capped at 200,000'),
    yes('4600 万刚好增 15%', trade(40 * million, 46 * million), 10000, '6 ÷ 5 million, 1 full', edge),
    no('4500 万增 12.5%', trade(40 * million, 45 * million), 'below 15 %'),
    yes('9000 万增到封顶', trade(30 * million, 90 * million), 100000, '12 steps capped at 100,000'),
    no('2900 万增一倍多', trade(12 * million, 29 * million), 'below 30 million', edge),
    yes('首次刚好 100 万', first(1 * million), 10000, 'from 1 million', edge),
    no('首次差一元 100 万', first(999_999), 'below 1 million', edge),
    yes('首次刚好 300 万', first(3 * million), 10000, 'up to 3 million', edge),
    yes('首次 400 万', first(4 * million), 20000, 'above 3 million'),
    yes('首次 600 万', first(6 * million), 30000, 'above 5 million'),
    no('没有进出口', { tradeVolume: undefined }, 'no trade'),
    no('滨城企业', { regionCode: '371602' }, 'registered in 滨城', { division: '371602' }),
    open('当年进出口额缺失', trade(1000 * million, unknown), 'the row of 2026 is empty'),
    open('上年进出口额缺失', trade(unknown, 1200 * million), 'the growth cannot be told'),
    open('注册地缺失', { regionCode: unknown }, 'nobody can tell where the firm is registered'),
    no('滨城企业且进出口额缺失', { regionCode: '371602', ...trade(1000 * million, unknown) }, 'not registered here', {
      division: '371602',
    }),
  ],
};
