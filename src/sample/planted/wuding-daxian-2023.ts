// 武定新达限奖励: places among all of 楚雄州 within a trade, so every case here stands in one table with the others; random
// firms are on no list of 限额以上 units and take no place. 亿 is a hundred million yuan.
import { type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

type Figure = Scalar | typeof unknown;
/** Sales of 2023 in 亿; the year before half of it unless given (in 亿, too). null: unknown. */
const sold = (of2023: number | null, of2022?: number): PlantedFacts => {
  const yuan = (figure: number): number => Math.round(figure * 100_000_000);
  const now: Figure = of2023 === null ? unknown : yuan(of2023);
  return { sales: { 2022: yuan(of2022 ?? (of2023 ?? 2) / 2), 2023: now } };
};
const wholesale = { industryCode: '512' };
const retail = { industryCode: '522' };
const lodging = { industryCode: '611' };
const catering = { industryCode: '62' };
const listed = (next: Figure): PlantedFacts => ({ tradeDirectory: { 2023: 1, 2024: next } });

export const wudingDaxian2023: PlantedTable = {
  item: 'wuding-daxian-2023',
  register: 'enterprise',
  division: '532329',
  period: 'once',
  base: {
    regionCode: '532329',
    businessStatus: '在营',
    statEntryDate: '2023-06-01',
    isAboveQuotaTrade: true,
    ...wholesale,
    ...sold(0.1),
    ...listed(1),
  },
  cases: [
    no('楚雄市的批发大户', { regionCode: '532301', ...sold(900) }, 'not in 武定, but takes the first place of wholesale'),
    yes('批发第 2', sold(880), 250000, '50,000 + 100,000 + 100,000'),
    yes('批发第 3', sold(860), 250000, '50,000 + 100,000 + 100,000'),
    yes('批发第 4，增长 14.9%', sold(850, 850 / 1.149), 150000, 'growth below 15 %: no third part', edge),
    yes('批发第 5，增长刚好 15%', sold(840.65, 731), 250000, '840.65 ÷ 731 = 1.15 exactly, and the fifth place', edge),
    yes('批发并列第 5', sold(840.65), 250000, 'the same sales: the same place', edge),
    yes('批发第 7', sold(830), 150000, 'after two fifth places comes the seventh', edge),
    yes('零售第 1', { ...retail, ...sold(900) }, 200000, '50,000 + 50,000 + 100,000'),
    yes(
      '零售第 2，个体工商户',
      { ...retail, ...sold(890), orgType: '个体工商户', isLegalEntity: false },
      100000,
      'the third part is for legal entities',
    ),
    yes('零售第 3，下一年退库', { ...retail, ...sold(880), ...listed(0) }, 100000, 'not listed in 2024'),
    yes('零售第 4，上年没有销售额', { ...retail, ...sold(870, 0) }, 100000, 'no growth rate over nothing'),
    yes('零售第 5，下一年在库未报', { ...retail, ...sold(860), ...listed(unknown) }, null, 'the third part hangs on 2024'),
    yes('零售第 6，下一年在库未报', { ...retail, ...sold(850), ...listed(unknown) }, 100000, 'not among five, whatever 2024 says', edge),
    yes('住宿第 1 或第 2', { ...lodging, ...sold(900) }, 150000, '50,000 + 50,000 + 50,000; one rival’s sales are unknown'),
    yes('住宿销售额未报', { ...lodging, ...sold(null) }, null, 'nobody can tell its place'),
    yes('住宿第 2 或第 3', { ...lodging, ...sold(800) }, 150000, 'among five either way'),
    yes('住宿第 3 或第 4', { ...lodging, ...sold(700) }, 150000, 'among five either way'),
    yes('住宿第 4 或第 5', { ...lodging, ...sold(600) }, 150000, 'among five either way', edge),
    yes('住宿第 5 或第 6', { ...lodging, ...sold(500) }, null, 'the unknown rival decides', edge),
    yes('住宿第 6 或第 7', { ...lodging, ...sold(400) }, 100000, 'not among five either way', edge),
    yes('餐饮第 1', { ...catering, ...sold(900) }, 150000, '50,000 + 50,000 + 50,000'),
    yes('餐饮第 2，是否法人未报', { ...catering, ...sold(800), isLegalEntity: unknown }, null, 'the third part hangs on it'),
    no('上一年达限', { statEntryDate: '2022-12-31' }, 'not new in 2023', edge),
    no('下一年达限', { statEntryDate: '2024-01-01' }, 'not new in 2023', edge),
    no('在禄丰', { regionCode: '532331' }, 'not in 武定'),
    no('制造业', { industryCode: '398' }, 'not one of the four trades'),
    no('社会服务机构', { orgType: '社会服务机构' }, 'neither a firm nor self-employed'),
    open('行业未报', { industryCode: unknown }, 'nobody can tell the trade'),
    open('注册地未报', { regionCode: unknown }, 'nobody can tell the county'),
    open('组织类型未报', { orgType: unknown }, 'nobody can tell the kind'),
  ],
};
