// Rows of one subject in one file, taken together: a subject lands whole or not at all, so that no list is counted with an element missing.
// Reading a row, joining rows, and finding two rows that claim the same place. Pure.
import type { Day } from '../base/day.ts';
import type { Row } from '../sheet/row.ts';
import type { Fault } from './cell.ts';
import { readPeriod } from './cell.ts';
import type { LaidColumn, Layout } from './layout.ts';
import type { CellValue, OwnCells } from './record.ts';

export interface RowProblem {
  readonly line: number;
  /** Header of the column; '' when the row as a whole is meant. */
  readonly column: string;
  readonly fault: Fault;
  /** The delivered row, kept for correction; null for warnings, which need none. */
  readonly row: readonly string[] | null;
}

export interface Group {
  /** null: the key itself cannot be read. */
  readonly key: string | null;
  /** Line and place (element key, start, period; '' in a row per subject) of every row. */
  readonly rows: readonly (readonly [line: number, place: string])[];
  readonly name: string | null;
  readonly division: string | null;
  /** Places withdrawn by changes; `*` is everything. */
  readonly withdrawn: readonly string[] | null;
  readonly cells: OwnCells;
  readonly bad: boolean;
  readonly problems: readonly RowProblem[];
  /** Numbers for the control totals, column and decimal text. */
  readonly numbers: readonly (readonly [header: string, number: string])[];
}

type MutableCells = Record<string, { v: CellValue; from?: Day | null; to?: Day | null; unknown?: true }[]>;

const fault = (code: string, message: string, hint: string, masked = ''): Fault => ({ code: `import.${code}`, message, hint, masked });

/** Trimmed, and without the apostrophe by which spreadsheets and our own reports mark text. */
const textOf = (row: Row, column: LaidColumn): string => {
  const text = (row.cells[column.index] ?? '').trim();
  return text.charCodeAt(0) === 39 ? text.slice(1) : text;
};

/** One row as a group of its own. */
export const readRow = (layout: Layout, row: Row): Group => {
  const problems: RowProblem[] = [];
  const add = (column: string, f: Fault): void => {
    problems.push({ line: row.line, column, fault: f, row: f.warning ? null : row.cells });
  };
  const take = (column: LaidColumn): CellValue | undefined => {
    const text = textOf(row, column);
    if (text === '') {
      if (column.required) add(column.header, fault('required', '必填，但是空的', '请补上这一格。'));
      return column.empty === 'null' ? null : undefined;
    }
    const answer = column.read(text);
    if ('fault' in answer) add(column.header, answer.fault);
    return 'v' in answer ? answer.v : undefined;
  };
  const key = take(layout.key);
  const operation = layout.operation === null ? '' : (row.cells[layout.operation] ?? '').trim();
  const withdraw = operation === 'withdraw' || operation === '撤回';
  if (operation !== '' && !withdraw) add('操作', fault('operation', '不认识的操作', '只能留空（新增或更新）或填“撤回”。'));
  if (row.cells.length !== layout.header.length) {
    add('', fault('columns', `有 ${row.cells.length} 格，表头有 ${layout.header.length} 列`, '请检查是否多了或少了逗号、引号。'));
  }
  const numbers: [string, string][] = [];
  const placed = placeOf(layout, row, take, add);
  const name = layout.name === null ? null : ((take(layout.name) as string | null | undefined) ?? null);
  const division = layout.division === null ? null : ((take(layout.division) as string | null | undefined) ?? null);
  const cells = withdraw ? {} : cellsOf(layout, placed, take, (column, v) => numbers.push([column.header, v]));
  return {
    key: typeof key === 'string' ? key : null,
    rows: [[row.line, placed.place]],
    name,
    division,
    withdrawn: withdraw ? [placed.place === '' ? '*' : placed.place] : null,
    cells,
    bad: problems.some((p) => !p.fault.warning),
    problems,
    numbers,
  };
};

interface Placed {
  readonly place: string;
  readonly from: Day | null;
  readonly to: Day | null;
}

const placeOf = (
  layout: Layout,
  row: Row,
  take: (column: LaidColumn) => CellValue | undefined,
  add: (column: string, f: Fault) => void,
): Placed => {
  const none: Placed = { place: '', from: null, to: null };
  if (layout.dataset.shape === 'timed') {
    const from = layout.from === null ? null : ((take(layout.from) ?? null) as Day | null);
    const to = layout.to === null ? null : ((take(layout.to) ?? null) as Day | null);
    if (from !== null && to !== null && to < from) {
      add(layout.to?.header ?? '', fault('span', '失效日期早于生效日期', '请核对两个日期。', to));
    }
    return { place: from ?? '-', from, to };
  }
  if (layout.dataset.shape === 'series' && layout.period !== null) {
    const { column, every } = layout.period;
    const text = take(column);
    if (typeof text !== 'string') return none;
    const period = readPeriod(text, every);
    if (period === null)
      add(column.header, fault('period', '不是这个数据集的期间', '请按“2025”“2025Q1”或“2025-01”填写。', text.slice(0, 20)));
    return { ...none, place: period ?? '' };
  }
  const { list } = layout;
  const own = list === null ? undefined : layout.values.find((column) => column.to === list.elementKey);
  const answer = own?.read(textOf(row, own));
  return answer !== undefined && 'v' in answer ? { ...none, place: String(answer.v) } : none;
};

const cellsOf = (
  layout: Layout,
  placed: Placed,
  take: (column: LaidColumn) => CellValue | undefined,
  count: (column: LaidColumn, number: string) => void,
): OwnCells => {
  const cells: MutableCells = {};
  const element: Record<string, CellValue> = {};
  for (const column of layout.values) {
    const v = take(column);
    if (column.numeric && typeof v === 'string') count(column, v);
    switch (layout.dataset.shape) {
      case 'record':
        if (v !== undefined) cells[column.to] = [{ v }];
        break;
      case 'timed':
        cells[column.to] = [
          v === undefined ? { v: null, unknown: true, from: placed.from, to: placed.to } : { v, from: placed.from, to: placed.to },
        ];
        break;
      case 'series':
        // Kept although empty: else the coverage of the period would make a known none of it.
        cells[column.to] = [{ v: { [placed.place]: v ?? (v === undefined ? '' : null) } }];
        break;
      case 'list':
        if (v !== undefined) element[column.to] = v;
    }
  }
  if (layout.list !== null) cells[layout.list.fact] = [{ v: [element] }];
  return cells;
};

/** Two groups of one subject as one. */
export const joinGroups = (layout: Layout, a: Group, b: Group): Group => ({
  key: a.key,
  rows: [...a.rows, ...b.rows],
  name: b.name ?? a.name,
  division: b.division ?? a.division,
  withdrawn: a.withdrawn === null ? b.withdrawn : [...a.withdrawn, ...(b.withdrawn ?? [])],
  cells: joinCells(layout, a.cells, b.cells),
  bad: a.bad || b.bad,
  problems: [...a.problems, ...b.problems],
  numbers: [...a.numbers, ...b.numbers],
});

const elementsIn = (cells: OwnCells[string] | undefined): readonly unknown[] => (cells?.[0]?.v ?? []) as readonly unknown[];
const seriesIn = (cells: OwnCells[string] | undefined): Readonly<Record<string, unknown>> =>
  (cells?.[0]?.v ?? {}) as Readonly<Record<string, unknown>>;

const joinCells = (layout: Layout, a: OwnCells, b: OwnCells): OwnCells => {
  const joined: Record<string, OwnCells[string]> = { ...a };
  for (const [name, cells] of Object.entries(b)) {
    const before = joined[name];
    if (before === undefined) joined[name] = cells;
    else if (layout.dataset.shape === 'timed') joined[name] = [...before, ...cells];
    else if (layout.dataset.shape === 'series') joined[name] = [{ v: { ...seriesIn(before), ...seriesIn(cells) } }];
    else if (layout.dataset.shape === 'list') joined[name] = [{ v: [...elementsIn(before), ...elementsIn(cells)] }];
  }
  return joined;
};

/** Rows that claim the same place, each with the line it collides with; in sets that add up only equal rows would, and those do no harm. */
export const collisions = (layout: Layout, group: Group): ReadonlyMap<number, number> => {
  const found = new Map<number, number>();
  if (group.rows.length < 2 || layout.setsOnly) return found;
  const first = new Map<string, number>();
  for (const [line, place] of group.rows) {
    const other = first.get(place);
    if (other === undefined) first.set(place, line);
    else {
      found.set(line, other);
      if (!found.has(other)) found.set(other, line);
    }
  }
  return found;
};

/** The same content in the same order whatever the order of rows, so that an unchanged subject is seen to be unchanged. */
export const settleOrder = (layout: Layout, cells: OwnCells): OwnCells => {
  if (layout.dataset.shape !== 'timed' && layout.list === null) return cells;
  const ordered: Record<string, OwnCells[string]> = {};
  for (const [name, own] of Object.entries(cells)) {
    if (layout.dataset.shape === 'timed' && own.length > 1) ordered[name] = own.toSorted(byStart);
    else if (layout.list !== null && name === layout.list.fact) ordered[name] = own.map((c) => ({ v: sortedElements(layout, c.v) }));
    else ordered[name] = own;
  }
  return ordered;
};

const byStart = (a: OwnCells[string][number], b: OwnCells[string][number]): number => {
  const [x, y] = [`${a.from ?? ''} ${JSON.stringify(a.v)}`, `${b.from ?? ''} ${JSON.stringify(b.v)}`];
  return x < y ? -1 : x > y ? 1 : 0;
};

export const sortedElements = (layout: Layout, v: CellValue): CellValue => {
  if (!Array.isArray(v) || layout.list === null) return v;
  const { elementKey } = layout.list;
  const keyOf = (e: unknown): string => String((e as Readonly<Record<string, unknown>>)[elementKey] ?? '');
  return (v as readonly unknown[]).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
};
