// Totals a delivered table states itself (合计, 总计): what was read is held against them. A difference is a warning, for the deliverer to look at: a row
// may be missing, doubled or changed on the way; the rows themselves come in as they are.
import type { Sql } from '../db/handle.ts';
import type { Row } from '../sheet/row.ts';
import { insertProblems } from './delivery-store.ts';
import type { RowProblem } from './group.ts';
import type { Plan } from './import.ts';
import type { Layout } from './layout.ts';
import { toRow } from './problem.ts';
import { sealed } from './stage.ts';
import { makeTotals } from './totals.ts';

/** Words that begin a row of totals; the row has no key, or the word stands where the key would. */
export const totalWords =
  /^(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|本页小计|本页合计|全县合计|总\s*数|以上合计|合计数|total|subtotal|grand total)(?:[:：(（\d人户元\s].*)?$/i;

/** Of the whole table, not of a page or a village; between sections only these words are about all of them. */
const wholeWords = /^(?:合\s*计|总\s*计|共\s*计|全县合计|总\s*数|以上合计|合计数|total|grand total)/i;
const overallWords = /^(?:总\s*计|共\s*计|全县合计|总\s*数|grand total)/i;

/** The rows of totals that speak of the whole table: above all rows, or below all of them. */
export const makeStated = () => {
  let above: Row[] = [];
  let below: Row[] = [];
  let between = false;
  let data = false;
  return {
    reset: (): void => {
      above = [];
      below = [];
      between = false;
      data = false;
    },
    total: (row: Row): void => {
      if (wholeWords.test(firstText(row)) && above.length + below.length < 20) (data ? below : above).push(row);
    },
    row: (): void => {
      data = true;
      if (below.length === 0) return;
      between = true;
      below = [];
    },
    rows: (): readonly Row[] => [...above, ...below].filter((row) => !between || overallWords.test(firstText(row))),
  };
};

const firstText = (row: Row): string => row.cells.find((cell) => cell.trim() !== '')?.trim() ?? '';

export interface Read {
  /** Rows of data, refused ones included, and the refused ones. */
  readonly read: number;
  readonly bad: number;
  /** By column, over the rows that are good. */
  readonly sums: Readonly<Record<string, string>>;
}

/** Where a stated total differs from what was read. `hidden`: columns whose figures stand in no message. */
const statedProblems = (
  layout: Layout,
  stated: readonly Row[],
  { read, bad, sums }: Read,
  hidden: ReadonlySet<string>,
): readonly RowProblem[] => {
  const out: RowProblem[] = [];
  const tell = (line: number, column: string, said: string, found: string): void => {
    const figures = hidden.has(column) ? '与读到的不一致' : `写的是 ${said}，读到的是 ${found}`;
    const fault = {
      code: 'import.stated-total',
      message: `表里的合计${figures}${bad > 0 && column !== '' ? `（退回的 ${bad} 行不算在内）` : ''}`,
      hint: '请与报送单位核对：有没有漏行、重复的行，或者合计没有更新。各行已按表里写的导入。',
      masked: '',
      warning: true,
    } as const;
    out.push({ line, column, fault, row: null });
  };
  for (const row of stated) {
    for (const column of layout.values.filter((one) => one.numeric)) {
      const text = (row.cells[column.index] ?? '').trim();
      const answer = text === '' ? null : column.read(text);
      if (answer === null || !('v' in answer) || typeof answer.v !== 'string') continue;
      const sum = sums[column.header] ?? '0';
      if (difference(sum, answer.v) !== '0') tell(row.line, column.header, answer.v, sum);
    }
    const counted = countOf(layout, row);
    if (counted !== null && counted !== read) tell(row.line, '', `${counted} 行`, `${read} 行`);
  }
  return out;
};

export const insertStated = async (
  sql: Sql,
  plan: Pick<Plan, 'sealer'>,
  of: { readonly deliveryId: string; readonly layout: Layout; readonly stated: readonly Row[] } & Read,
): Promise<void> => {
  const found = statedProblems(of.layout, of.stated, of, plan.sealer.hidden);
  await insertProblems(
    sql,
    of.deliveryId,
    found.map((one) => sealed(toRow(of.layout, one), plan.sealer)),
  );
};

const difference = (a: string, b: string): string | undefined => {
  const totals = makeTotals();
  totals.add('', a, 1n);
  totals.add('', b, -1n);
  return totals.sums()[''];
};

/** `合计 123 条`: rows; 人 and 户 only where a row is one of them. */
const countOf = (layout: Layout, row: Row): number | null => {
  const numeric = new Set(layout.values.filter((one) => one.numeric).map((one) => one.index));
  const words = layout.dataset.shape === 'record' ? '条|行|笔|人|名' : '条|行|笔';
  const found = new RegExp(`(?:^|[^\\d.,])(\\d{1,3}(?:,\\d{3})+|\\d{1,9})\\s*(?:${words})(?:$|[^\\u4e00-\\u9fff])`);
  for (const [index, cell] of row.cells.entries()) {
    const m = numeric.has(index) ? null : found.exec(cell.trim());
    if (m !== null) return Number((m[1] ?? '').replaceAll(',', ''));
  }
  return null;
};
