// 深圳首贷户贴息 2022: registered in 440300, no loan before June 2022, the first one from a local bank from June to December 2022, for business, at 2 % or more, used for a month at
// least. 2 % a year on the first loan for at most six months, by days over 365, at most 200,000 yuan. 1,825,000 yuan make 100 yuan a day.
import { type Element, held, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const loan = (more: Element = {}): Element => ({
  loanNo: fresh,
  principal: 1_825_000,
  rate: '0.042',
  disbursedDate: '2022-07-01',
  repaidDate: null,
  purpose: '生产经营',
  field: '其他',
  localBank: true,
  subsidies: null,
  ...more,
});
const loans = (...rows: Element[]): PlantedFacts => ({ loans: rows });

export const szShoudai2022: PlantedTable = {
  item: 'sz-shoudai-2022',
  register: 'enterprise',
  division: '440306',
  period: 'once',
  base: { regionCode: '440306', businessStatus: '在营', ...loans(loan()) },
  cases: [
    yes('用满 6 个月', {}, 18400, '1 July to 1 January: 184 days'),
    yes('用款 73 天', loans(loan({ repaidDate: '2022-09-12' })), 7300, '73 days'),
    yes('用款一年', loans(loan({ repaidDate: '2023-07-01' })), 18400, 'at most six months', edge),
    yes('用款刚好一个月', loans(loan({ repaidDate: '2022-08-01' })), 3100, '31 days', edge),
    no('用款 30 天', loans(loan({ repaidDate: '2022-07-31' })), 'less than a month', edge),
    yes('六月一日放款', loans(loan({ disbursedDate: '2022-06-01' })), 18300, '183 days to 1 December', edge),
    no('五月三十一日放款', loans(loan({ disbursedDate: '2022-05-31' })), 'a loan before June', edge),
    yes('十二月三十一日放款', loans(loan({ disbursedDate: '2022-12-31' })), 18100, '181 days to 30 June', edge),
    no('2023 年元旦放款', loans(loan({ disbursedDate: '2023-01-01' })), 'too late', edge),
    no('此前有贷款', loans(loan(), loan({ disbursedDate: '2021-03-03', repaidDate: '2021-09-03' })), 'not the first loan'),
    yes('只补首笔', loans(loan(), loan({ disbursedDate: '2022-10-01', principal: 50_000_000 })), 18400, 'the first loan only'),
    yes('刚好 2% 利率', loans(loan({ rate: '0.02' })), 18400, '2 % is enough', edge),
    no('利率 1.99%', loans(loan({ rate: '0.0199' })), 'below 2 %', edge),
    no('固定资产贷款', loans(loan({ purpose: '固定资产' })), 'not for business'),
    no('辖外银行', loans(loan({ localBank: false })), 'no local bank'),
    yes('封顶 20 万元', loans(loan({ principal: 36_500_000 })), 200000, '368,000 capped', edge),
    no('已享市直贴息', loans(loan({ subsidies: ['市直部门其他贴息'] })), 'the same loan draws another city subsidy'),
    yes('深汕企业', { regionCode: '440371' }, 18400, 'the zone belongs to the city', { division: '440371' }),
    no('广州企业', { regionCode: '440103' }, 'registered in 广州', { division: '440103' }),
    no('严重失信', { blacklists: held(['2022-01-01', null, ['严重失信主体名单']]) }, 'on the list'),
    no('没有贷款', { loans: undefined }, 'no loan'),
    open('利率缺失', loans(loan({ rate: unknown })), 'the rate was left empty'),
    open('用途缺失', loans(loan({ purpose: unknown })), 'the purpose was left empty'),
    yes('本金缺失', loans(loan({ principal: unknown })), null, 'entitled; the amount waits for the principal'),
    no('广州企业且利率缺失', { regionCode: '440103', ...loans(loan({ rate: unknown })) }, 'not registered here', { division: '440103' }),
  ],
};
