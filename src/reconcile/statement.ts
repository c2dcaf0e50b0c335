// A reconciliation as sheets: what finance files and an auditor adds up. No person is in it.
import { yuanText } from '../base/amount.ts';
import type { Sheet, SheetCell } from '../sheet/xlsx-write.ts';
import { monthKindNames } from './month.ts';
import type { MonthRow } from './month-store.ts';
import type { Reconciliation } from './reconcile.ts';
import type { By } from './store.ts';

export const byNames: Readonly<Record<By, string>> = { batch: '批次', month: '月份', item: '事项', source: '资金来源' };

const yuan = (fen: bigint): SheetCell => ({ number: yuanText(fen) });
const count = (n: number): SheetCell => ({ number: String(n) });

/** How items and periods are called where people read them. */
export interface Called {
  readonly titles: ReadonlyMap<string, string>;
  readonly period: (key: string) => string;
}

const titleOf = ({ titles }: Called, itemId: string | null): string => (itemId === null ? '' : (titles.get(itemId) ?? itemId));

/** Where a difference lies is a period for what was promised, else a batch or a line of a file. */
const placeOf = (called: Called, { kind, place }: Reconciliation['differences'][number]): string =>
  kind === 'settled' || kind === 'promise' ? called.period(place) : place;

export const statementSheets = (found: Reconciliation, by: By, called: Called): readonly Sheet[] => [
  {
    name: '支付对账',
    // Numbers of batches are 22 characters long.
    widths: by === 'item' ? [36] : [28, 36],
    header: [
      ...(by === 'item' ? ['事项'] : by === 'month' ? [byNames[by]] : [byNames[by], '事项']),
      ...['封批', '未报', '报盘', '到账', '退汇', '在途'].flatMap((name) => [`${name}笔数`, `${name}（元）`]),
      '记账占用（元）',
      '记账到账（元）',
    ],
    rows: found.payments.map((row) => [
      ...(by === 'item' ? [titleOf(called, row.itemId)] : by === 'month' ? [row.place] : [row.place, titleOf(called, row.itemId)]),
      ...(['sealed', 'withheld', 'file', 'paid', 'returned', 'open'] as const).flatMap((name) => [
        count(row[`${name}Count`]),
        yuan(row[`${name}Fen`]),
      ]),
      yuan(row.bookedOpenFen),
      yuan(row.bookedPaidFen),
    ]),
  },
  {
    name: '应付对账',
    widths: [36],
    header: [
      '事项',
      '期别',
      '匹配笔数',
      '匹配（元）',
      '核减（元）',
      '结算笔数',
      '结算（元）',
      '兑付记录（元）',
      '未付（元）',
      '在途（元）',
      '到账（元）',
      '记账预留（元）',
      '记账占用（元）',
      '记账到账（元）',
    ],
    rows: found.promises.map((row) => [
      titleOf(called, row.itemId),
      called.period(row.periodKey),
      count(row.matchedCount),
      yuan(row.matchedFen),
      yuan(row.cutFen),
      count(row.settledCount),
      yuan(row.settledFen),
      yuan(row.recordFen),
      yuan(row.waitingFen),
      yuan(row.wayFen),
      yuan(row.paidFen),
      yuan(row.bookedReservedFen),
      yuan(row.bookedCommittedFen),
      yuan(row.bookedPaidFen),
    ]),
  },
  {
    name: '差异',
    widths: [30, 40, 36, 32],
    header: ['差异', '编号或流水号', '事项', '批次或期别', '应为（元）', '实为（元）', '说明'],
    rows: found.differences.map((one) => [
      one.message,
      one.at,
      titleOf(called, one.itemId),
      placeOf(called, one),
      yuan(one.expectedFen),
      one.actualFen === null ? '没有写' : yuan(one.actualFen),
      one.says,
    ]),
  },
];

/** The statement of a month; a row whose two sides differ says so. */
export const monthSheet = (month: string, rows: readonly MonthRow[], titles: ReadonlyMap<string, string>): Sheet => ({
  name: `${month} 月报`,
  widths: [28, 28, 14],
  header: ['事项', '资金来源', '状态', '笔数', '金额（元）', '账面（元）', '相差（元）'],
  rows: rows.map((row) => [
    titles.get(row.itemId) ?? row.itemId,
    row.document,
    monthKindNames[row.kind],
    count(row.count),
    yuan(row.fen),
    yuan(row.bookedFen),
    yuan(row.fen - row.bookedFen),
  ]),
});
