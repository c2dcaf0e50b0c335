// 中小微固定资产贷款贴息 2026: private medium, small and micro firms with fixed-asset loans in the named fields, disbursed since 2026-01-01. 1.5 % a year on at most
// 50 million of principal, by days used over 365, both ends counted. Decided for 2026, to 31 December.
import { type Element, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const loan = (principal: Element[string], more: Element = {}): Element => ({
  loanNo: fresh,
  principal,
  rate: '0.036',
  disbursedDate: '2026-01-01',
  repaidDate: null,
  purpose: '固定资产',
  field: '重点产业链',
  localBank: true,
  subsidies: null,
  ...more,
});
const loans = (...rows: Element[]): PlantedFacts => ({ loans: rows });

export const cnZxwTiexi2026: PlantedTable = {
  item: 'cn-zxw-tiexi-2026',
  register: 'enterprise',
  division: '330212',
  period: '2026',
  base: {
    regionCode: '330212',
    businessStatus: '在营',
    ownership: '民营',
    enterpriseScale: '小型',
    industryCode: '36',
    ...loans(loan(10_000_000)),
  },
  cases: [
    yes('1000 万元全年', {}, 150000, '10,000,000 × 1.5 %'),
    yes('微型 200 万元全年', { enterpriseScale: '微型', ...loans(loan(2_000_000)) }, 30000, '2,000,000 × 1.5 %'),
    yes('中型 5000 万元全年', { enterpriseScale: '中型', ...loans(loan(50_000_000)) }, 750000, '50,000,000 × 1.5 %', edge),
    yes('本金 6000 万元', loans(loan(60_000_000)), 750000, 'at most 50 million of principal', edge),
    yes('两笔各 3000 万元', loans(loan(30_000_000), loan(30_000_000)), 750000, 'together at most 50 million', edge),
    yes('两笔各 1000 万元', loans(loan(10_000_000), loan(10_000_000, { field: '上下游配套' })), 300000, '20,000,000 × 1.5 %'),
    yes('用款 73 天', loans(loan(10_000_000, { repaidDate: '2026-03-14' })), 30000, '73 of 365 days: 10,000,000 × 1.5 % × 0.2'),
    yes('只有一笔合格', loans(loan(10_000_000), loan(90_000_000, { purpose: '生产经营' })), 150000, 'the second is no fixed-asset loan'),
    no('2025 年最后一天放款', loans(loan(10_000_000, { disbursedDate: '2025-12-31' })), 'disbursed too early', edge),
    yes('2026 年元旦放款', loans(loan(1_000_000)), 15000, 'the first day that counts', edge),
    no('大型企业', { enterpriseScale: '大型' }, 'too large', edge),
    no('国有企业', { ownership: '国有' }, 'not private'),
    no('外资企业', { ownership: '外资' }, 'not private'),
    no('生产经营贷款', loans(loan(10_000_000, { purpose: '生产经营' })), 'no fixed-asset loan'),
    no('其他领域', loans(loan(10_000_000, { field: '其他' })), 'not in the named fields'),
    no('已享中央财政贴息', loans(loan(10_000_000, { subsidies: ['中央财政其他贴息'] })), 'the same loan draws another central subsidy'),
    yes('已享市级贴息', loans(loan(10_000_000, { subsidies: ['市直部门其他贴息'] })), 150000, 'a city’s subsidy does not exclude'),
    yes(
      '两笔其一已享中央贴息',
      loans(loan(10_000_000), loan(10_000_000, { subsidies: ['中央财政其他贴息'] })),
      150000,
      'only the other loan',
    ),
    no('没有贷款', { loans: undefined }, 'no loan'),
    open('所有制缺失', { ownership: unknown }, 'nobody can tell whether private'),
    open('企业规模缺失', { enterpriseScale: unknown }, 'nobody can tell the size'),
    open('贷款用途缺失', loans(loan(10_000_000, { purpose: unknown })), 'the only loan cannot be told'),
    yes('一笔清楚一笔领域缺失', loans(loan(10_000_000), loan(10_000_000, { field: unknown })), null, 'entitled; 150,000 or 300,000'),
    no('国有且用途缺失', { ownership: '国有', ...loans(loan(10_000_000, { purpose: unknown })) }, 'not private in any case'),
  ],
};
