// From rows to groups, one per subject, on their way into the staging table; bounded memory whatever the size of the file. Pure apart from the sink.
import { maskId, passesLuhn } from '../base/codes.ts';
import type { Row } from '../sheet/row.ts';
import { collisions, type Group, joinGroups, type RowProblem, readRow, settleOrder } from './group.ts';
import type { Layout } from './layout.ts';
import { type ProblemRow, rowFaults, type StoredProblem, toRow } from './problem.ts';
import type { Sealer } from './sealed.ts';
import type { DataRows } from './table.ts';
import { makeTotals, type Totals } from './totals.ts';

export interface Staged {
  readonly read: number;
  /** Rows whose subject nobody can tell: absence cannot be concluded from this file. */
  readonly nameless: number;
  /** Sums over the rows that were staged as good. */
  readonly totals: Totals;
  readonly skipped: DataRows['skipped'];
  readonly stated: ReturnType<DataRows['stated']>;
  /** The same rows from the beginning. */
  readonly again: DataRows['rows'];
}

/** Belongs to the delivery's scope, by the division the row itself brings; null: it brings none. */
export type InScope = (division: string | null) => boolean;

/** Rows of one subject that stand together are one group; apart they meet again in the database. `sink` takes lines of COPY text. */
export const stageRows = async (
  layout: Layout,
  inScope: InScope,
  data: DataRows,
  sink: (text: string) => Promise<void>,
  sealer: Sealer,
): Promise<Staged> => {
  const totals = makeTotals();
  const open: { group: Group | null; rows: Row[] } = { group: null, rows: [] };
  let read = 0;
  let nameless = 0;
  let text = '';
  const close = (): void => {
    if (open.group === null) return;
    const rows = open.rows;
    const done = finishGroup(layout, open.group, (line) => rows.find((r) => r.line === line)?.cells ?? null);
    for (const [header, number] of done.bad ? [] : done.numbers) totals.add(header, number, 1n);
    if (done.key === null) nameless += done.rows.length;
    text += copyLine(
      done,
      sealer,
      done.problems.map((p) => sealed(toRow(layout, p), sealer)),
    );
    open.group = null;
  };
  for await (const rows of data.rows()) {
    for (const row of rows) {
      if (row.cells.every((c) => c.trim() === '')) continue;
      read++;
      const group = checked(layout, inScope, readRow(layout, row), row);
      if (open.group !== null && layout.dataset.shape !== 'record' && group.key !== null && group.key === open.group.key) {
        open.group = joinGroups(layout, open.group, group);
        open.rows.push(row);
      } else {
        close();
        open.group = group;
        open.rows = [row];
      }
    }
    if (text.length > 1 << 16) {
      await sink(text);
      text = '';
    }
  }
  close();
  if (text !== '') await sink(text);
  return { read, nameless, totals, skipped: { ...data.skipped }, stated: data.stated(), again: data.rows };
};

const checked = (layout: Layout, inScope: InScope, group: Group, row: Row): Group => {
  const problems: RowProblem[] = [];
  if (layout.division !== null && group.division !== null && !inScope(group.division)) {
    problems.push({
      line: row.line,
      column: layout.division.header,
      fault: { ...rowFaults.outOfScope, masked: group.division },
      row: row.cells,
    });
  }
  for (const column of layout.values) {
    if (!column.isCard) continue;
    const account = (row.cells[column.index] ?? '').trim();
    if (/^62\d{14,17}$/.test(account) && !passesLuhn(account)) problems.push(cardWarning(row.line, column.header, account));
  }
  return problems.length === 0
    ? group
    : { ...group, bad: group.bad || problems.some((p) => !p.fault.warning), problems: [...group.problems, ...problems] };
};

const cardWarning = (line: number, column: string, account: string): RowProblem => ({
  line,
  column,
  fault: {
    code: 'import.card',
    message: '像银行卡号，但校验位不对',
    hint: '已照常导入，请向持卡人核对。',
    masked: maskId(account),
    warning: true,
  },
  row: null,
});

/** Rows that collide, and good rows beside bad ones: the subject stays out as a whole. `rawOf` gives the delivered row where it is at hand. */
export const finishGroup = (layout: Layout, group: Group, rawOf: (line: number) => readonly string[] | null): Group => {
  const problems: RowProblem[] = [...group.problems];
  for (const [line, other] of collisions(layout, group)) {
    problems.push({
      line,
      column: layout.key.header,
      fault: { ...rowFaults.duplicate(other), masked: maskId(group.key ?? '') },
      row: rawOf(line),
    });
  }
  const refused = problems.filter((p) => !p.fault.warning);
  if (refused.length === 0) return { ...group, cells: settleOrder(layout, group.cells) };
  const named = new Set(refused.map((p) => p.line));
  for (const [line] of group.rows) {
    if (!named.has(line)) problems.push({ line, column: '', fault: rowFaults.companion, row: rawOf(line) });
  }
  return { ...group, bad: true, problems };
};

/** One group as a line for `copy … from stdin`: line, key, rows, name, division, withdrawn, bad, cells, problems. */
export const copyLine = (group: Omit<Group, 'problems'>, sealer: Sealer, problems: readonly StoredProblem[]): string => {
  const cells = [
    String(group.rows[0]?.[0] ?? 0),
    copyText(group.key),
    group.rows.length === 1 && group.rows[0]?.[1] === '' ? '\\N' : copyJson(group.rows),
    copyText(group.name),
    copyText(group.division),
    group.withdrawn === null ? '\\N' : copyJson(group.withdrawn),
    group.bad ? 't' : 'f',
    group.bad || group.key === null ? '{}' : copyJson(sealer.cells(group.key, group.cells)),
    problems.length === 0 ? '\\N' : copyJson(problems),
  ];
  return `${cells.join('\t')}\n`;
};

/** Accounts and phones are masked to their last four; of other sensitive cells any character left would be the value. */
export const sealed = (row: ProblemRow, sealer: Sealer): StoredProblem => ({
  ...row,
  masked: sealer.hidden.has(row.column) && row.masked !== '' ? '（保密）' : row.masked,
  row: sealer.row(row.line, row.row),
});

/** JSON has no raw tabs or newlines left, so only its backslashes need care. */
export const copyJson = (value: unknown): string => JSON.stringify(value).replaceAll('\\', '\\\\');

export const copyText = (text: string | null): string =>
  text === null ? '\\N' : text.replace(/[\\\t\n\r]/g, (c) => (c === '\\' ? '\\\\' : c === '\t' ? '\\t' : c === '\n' ? '\\n' : '\\r'));
