// The day-one check as a workbook 体检报告: totals by village first, then one sheet per finding. Numbers are masked unless the reader may work with them.
import { yuanText } from '../base/amount.ts';
import { maskId } from '../base/codes.ts';
import type { Sheet, SheetCell } from '../sheet/xlsx-write.ts';
import { type Compared, type ComparedRow, flagNames, type Standing, standingNames, villageOf } from './opening.ts';

export interface ReportOptions {
  readonly divisionName: (code: string) => string | null;
  /** Whole identity numbers, for those who settle the findings with the villages. */
  readonly whole: boolean;
}

const verdicts = { eligible: '符合', ineligible: '不符合', undetermined: '待核' } as const;

const money = (fen: bigint | null): SheetCell => (fen === null ? null : { number: yuanText(fen) });

const rowCells = (row: ComparedRow, { divisionName, whole }: ReportOptions): readonly SheetCell[] => [
  villageOf(row, divisionName),
  row.name ?? '',
  whole ? row.key : maskId(row.key),
  row.line > 0 ? { number: String(row.line) } : null,
  money(row.listedFen),
  money(row.ourFen),
  row.verdict === null ? '' : verdicts[row.verdict],
  row.flags.map((flag) => flagNames[flag]).join('、'),
  row.reasons.join('\n'),
];

const header = ['村（社区）', '姓名（名称）', '证件号码', '名单行号', '名单金额（元）', '应发金额（元）', '判定', '需要注意', '原因'];
const widths = [18, 14, 20, 10, 14, 14, 8, 22, 60];

const sheetOf = (name: string, rows: readonly ComparedRow[], options: ReportOptions): Sheet => ({
  name,
  header,
  widths,
  rows: rows.map((row) => rowCells(row, options)),
});

const order: readonly Standing[] = ['both', 'differs', 'listed', 'entitled', 'stranger'];

/** A row per village: people per finding, and the money of both sides; the whole county last. */
const villages = ({ rows }: Compared, { divisionName }: ReportOptions): Sheet => {
  const byVillage = [...Map.groupBy(rows, (row) => villageOf(row, divisionName))].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const line = (name: string, own: readonly ComparedRow[]): readonly SheetCell[] => [
    name,
    ...order.map((standing) => ({ number: String(own.filter((row) => row.standing === standing).length) })),
    { number: String(own.filter((row) => row.flags.length > 0).length) },
    money(own.reduce((sum, row) => sum + (row.listedFen ?? 0n), 0n)),
    money(own.reduce((sum, row) => sum + (row.ourFen ?? 0n), 0n)),
  ];
  return {
    name: '各村汇总',
    header: [
      '村（社区）',
      ...order.map((standing) => `${standingNames[standing]}（人）`),
      '需要注意（人）',
      '名单合计（元）',
      '应发合计（元）',
    ],
    widths: [20, 12, 14, 14, 12, 18, 16, 18, 18],
    rows: [...byVillage.map(([name, own]) => line(name, own)), line('合计', rows)],
  };
};

/** The sheets, in the order they are worked through. */
export const reportSheets = (compared: Compared, options: ReportOptions): readonly Sheet[] => [
  villages(compared, options),
  ...order.map((standing) =>
    sheetOf(
      standingNames[standing],
      compared.rows.filter((row) => row.standing === standing),
      options,
    ),
  ),
  sheetOf(
    '需要注意',
    compared.rows.filter((row) => row.flags.length > 0),
    options,
  ),
];
