// What is wrong with real deliveries: empty cells here and there, and a few rows an import must refuse. The rows are counted, so that
// an import report can be held against them.
import type { Day } from '../base/day.ts';
import type { Dataset } from '../catalogue/catalogue.ts';
import { hashOf } from './chance.ts';
import type { DeliveryDesk } from './delivery.ts';
import type { IdentityDesk } from './identity.ts';
import { mayBeBlank } from './rows.ts';

/** Share of cells nobody filled in. */
export const blankPerMille = 32;

/** Empties cells of a row; depends only on seed, dataset and the row's own keys, so a renewed delivery has the same gaps. */
export const blanker = (seed: number): ((dataset: Dataset, cells: string[]) => void) => {
  const blankable = new Map<string, readonly number[]>();
  return (dataset, cells) => {
    let columns = blankable.get(dataset.id);
    if (columns === undefined) {
      columns = dataset.columns.flatMap((column, i) => (mayBeBlank(column) ? [i] : []));
      blankable.set(dataset.id, columns);
    }
    if (columns.length === 0) return;
    // A stream of its own for every row would cost more than the row; one hash, stirred for each column, is enough.
    let h = hashOf(`${dataset.id} ${cells[0]} ${cells[1]}`, seed);
    for (const i of columns) {
      h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
      h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
      if ((h >>> 0) % 1000 < blankPerMille) cells[i] = '';
    }
  };
};

export interface BadRow {
  readonly dataset: string;
  readonly why: string;
}

/** Another check digit than the right one. */
const wrongCheck = (key: string): string => key.slice(0, -1) + (key.endsWith('1') ? '2' : '1');

interface Draft extends BadRow {
  readonly cells: Readonly<Record<string, string>>;
}

const drafts = (desk: IdentityDesk): readonly Draft[] => {
  const person = (): string => desk.citizenId('310117', '1961-05-04' as Day, '女');
  const firm = (): string => desk.uscc('350582');
  const resident = { 姓名: '误录样例', 户籍地区划: '310117', 性别: '女', 出生日期: '1961-05-04' };
  const registered = { 企业名称: '误录样例有限公司', 登记地区划: '350582', 组织类型: '企业', 所有制: '民营', 成立日期: '2019-03-01' };
  return [
    { dataset: 'police-residents', why: '校验码不符', cells: { ...resident, 公民身份号码: wrongCheck(person()) } },
    { dataset: 'police-residents', why: '日期不存在', cells: { ...resident, 公民身份号码: person(), 出生日期: '1961-02-29' } },
    { dataset: 'police-residents', why: '号码变成科学计数', cells: { ...resident, 公民身份号码: '1.10105E+17' } },
    { dataset: 'police-residents', why: '取值不在目录内', cells: { ...resident, 公民身份号码: person(), 性别: '未知' } },
    { dataset: 'market-registration', why: '校验码不符', cells: { ...registered, 统一社会信用代码: wrongCheck(firm()) } },
    { dataset: 'market-registration', why: '日期不存在', cells: { ...registered, 统一社会信用代码: firm(), 成立日期: '2019-13-01' } },
    { dataset: 'market-registration', why: '行业代码不存在', cells: { ...registered, 统一社会信用代码: firm(), 行业代码: '9999' } },
    {
      dataset: 'dpf-certificates',
      why: '库中无此人',
      cells: { 公民身份号码: person(), 残疾类别: '肢体', 残疾等级: '2', 生效日期: '2020-01-01' },
    },
    {
      dataset: 'dpf-certificates',
      why: '不是数字',
      cells: { 公民身份号码: person(), 残疾类别: '肢体', 残疾等级: '二级', 生效日期: '2020-01-01' },
    },
    {
      dataset: 'social-cards',
      why: '账号变成科学计数',
      cells: { 公民身份号码: person(), 社会保障卡银行账号: '6.2170E+18', 户名: '误录样例' },
    },
    { dataset: 'stats-yearly', why: '校验码不符', cells: { 统一社会信用代码: wrongCheck(firm()), 年度: '2025', 工业总产值: '1200000' } },
    { dataset: 'stats-yearly', why: '年度写法不对', cells: { 统一社会信用代码: firm(), 年度: '二〇二五', 工业总产值: '1200000' } },
    { dataset: 'tax-arrears', why: '金额写法不对', cells: { 统一社会信用代码: firm(), 欠税余额: '壹万元' } },
  ];
};

/** Appends the rows an import refuses, and says which they are. They speak of nobody else in the city. */
export const writeBadRows = (delivery: DeliveryDesk, datasets: readonly Dataset[], desk: IdentityDesk): readonly BadRow[] => {
  const written: BadRow[] = [];
  for (const draft of drafts(desk)) {
    const dataset = datasets.find((d) => d.id === draft.dataset);
    if (dataset === undefined) continue;
    delivery.raw(
      dataset.id,
      '310117',
      dataset.columns.map((column) => draft.cells[column.header] ?? ''),
    );
    written.push({ dataset: draft.dataset, why: draft.why });
  }
  return written;
};
