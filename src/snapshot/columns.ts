// One fact of one block of subjects as a column: which rows were told, their cells with validity and source, and why the others are unknown.
// Encoding and plain decoding; predicates over columns stand in `kernel.ts`, reading them for a decision in `../match/source.ts`.
import { type Day, fromEpochDay, toEpochDay } from '../base/day.ts';
import type { CellValue } from '../record/record.ts';
import type { ResolvedCell, ResolvedFact } from '../record/resolve.ts';
import {
  finishValues,
  plainValue,
  pushValues,
  repeatValues,
  type Shape,
  type Values,
  type ValuesBuilder,
  valuesBuilder,
} from './values.ts';
import { type Ints, ints, isAll, lastInt, narrow, pushInt, pushInts, takeInts } from './vector.ts';

/** Why a fact is unknown. */
export type Reason = NonNullable<ResolvedFact['missing']>;

/** How a row stands: nothing at all was said of it, unknown, or told (in 0..n cells). */
export const rowState = { none: 0, unknown: 1, told: 2 } as const;

/** Open ends of a validity, and of nothing else. */
export const openFrom = -0x80000000;
export const openTo = 0x7fffffff;

export interface Column {
  readonly rows: number;
  /** Missing when every row is told. */
  readonly rowStates?: Uint8Array;
  /** Row i holds cells `offsets[i]` to `offsets[i + 1]`; missing when every row has exactly one cell. */
  readonly offsets?: Uint32Array;
  readonly from?: Int32Array;
  readonly to?: Int32Array;
  /** Distinct sources, and each cell's; the codes are missing when there is at most one source. */
  readonly sources: readonly { readonly dataset: string; readonly asOf: Day }[];
  readonly source?: Uint8Array | Uint16Array | Uint32Array;
  /** Distinct reasons, and each row's code + 1, 0 for none; the codes are missing when there is no reason. */
  readonly reasons: readonly Reason[];
  readonly reason?: Uint8Array | Uint16Array | Uint32Array;
  readonly values: Values;
}

export interface ColumnBuilder {
  rows: number;
  /** Rows about which something was said, be it only why it is unknown. */
  told: number;
  readonly rowStates: Ints;
  readonly counts: Ints;
  readonly from: Ints;
  readonly to: Ints;
  readonly source: Ints;
  readonly sources: Map<string, { readonly dataset: string; readonly asOf: Day }>;
  readonly sourceCodes: Map<string, number>;
  last: { readonly dataset: string; readonly asOf: Day; readonly code: number } | null;
  readonly reason: Ints;
  readonly reasons: Map<string, number>;
  readonly values: ValuesBuilder;
}

export const columnBuilder = (shape: Shape): ColumnBuilder => ({
  rows: 0,
  told: 0,
  rowStates: ints(),
  counts: ints(),
  from: ints(),
  to: ints(),
  source: ints(),
  sources: new Map(),
  sourceCodes: new Map(),
  last: null,
  reason: ints(),
  reasons: new Map(),
  values: valuesBuilder(shape),
});

/** Rows come in order, none left out; `undefined` where a subject (or the whole row) has nothing. */
export const pushRow = (builder: ColumnBuilder, fact: ResolvedFact | undefined): void => {
  builder.rows++;
  if (fact !== undefined) builder.told++;
  const cells = fact?.cells ?? [];
  pushInt(builder.rowStates, fact === undefined ? rowState.none : fact.cells === null ? rowState.unknown : rowState.told);
  pushInt(builder.counts, cells.length);
  pushInt(builder.reason, fact?.missing === undefined ? 0 : reasonCode(builder, fact.missing) + 1);
  for (const cell of cells) {
    pushValues(builder.values, cell.v);
    pushInt(builder.from, cell.from == null ? openFrom : toEpochDay(cell.from));
    pushInt(builder.to, cell.to == null ? openTo : toEpochDay(cell.to));
    pushInt(builder.source, sourceCode(builder, cell));
  }
};

/** Many rows at once; neighbours that are one object are pushed together. */
export const pushRows = (builder: ColumnBuilder, facts: readonly (ResolvedFact | undefined)[]): void => {
  for (let i = 0; i < facts.length; ) {
    const fact = facts[i];
    let end = i + 1;
    while (end < facts.length && facts[end] === fact) end++;
    pushRow(builder, fact);
    repeatRow(builder, fact, end - i - 1);
    i = end;
  }
};

/** The row just pushed, `count` times more. */
const repeatRow = (builder: ColumnBuilder, fact: ResolvedFact | undefined, count: number): void => {
  if (count === 0) return;
  const cells = fact?.cells ?? [];
  if (cells.length > 1 || (cells.length === 1 && !repeatValues(builder.values, count))) {
    for (let i = 0; i < count; i++) pushRow(builder, fact);
    return;
  }
  builder.rows += count;
  if (fact !== undefined) builder.told += count;
  for (const list of [builder.rowStates, builder.counts, builder.reason]) pushInts(list, lastInt(list), count);
  if (cells.length === 1) for (const list of [builder.from, builder.to, builder.source]) pushInts(list, lastInt(list), count);
};

const sourceCode = (builder: ColumnBuilder, cell: ResolvedCell): number => {
  // Neighbours mostly come from one delivery: two comparisons instead of a new text for every cell.
  if (builder.last?.dataset === cell.dataset && builder.last.asOf === cell.asOf) return builder.last.code;
  const key = `${cell.dataset}\n${cell.asOf}`;
  let code = builder.sourceCodes.get(key);
  if (code === undefined) {
    code = builder.sourceCodes.size;
    builder.sourceCodes.set(key, code);
    builder.sources.set(key, { dataset: cell.dataset, asOf: cell.asOf });
  }
  builder.last = { dataset: cell.dataset, asOf: cell.asOf, code };
  return code;
};

const reasonCode = (builder: ColumnBuilder, missing: Reason): number => {
  const key = JSON.stringify({ reason: missing.reason, dataset: missing.dataset, asOf: missing.asOf ?? null });
  let code = builder.reasons.get(key);
  if (code === undefined) {
    code = builder.reasons.size;
    builder.reasons.set(key, code);
  }
  return code;
};

export const finishColumn = (builder: ColumnBuilder): Column => {
  const dated = !isAll(builder.from, openFrom) || !isAll(builder.to, openTo);
  return {
    rows: builder.rows,
    ...(isAll(builder.rowStates, rowState.told) ? {} : { rowStates: new Uint8Array(takeInts(builder.rowStates)) }),
    ...(isAll(builder.counts, 1) ? {} : { offsets: offsetsOf(takeInts(builder.counts)) }),
    ...(dated ? { from: takeInts(builder.from), to: takeInts(builder.to) } : {}),
    sources: [...builder.sources.values()],
    ...(builder.sources.size > 1 ? { source: narrow(takeInts(builder.source), builder.sources.size) } : {}),
    reasons: [...builder.reasons.keys()].map((key) => JSON.parse(key) as Reason),
    ...(builder.reasons.size > 0 ? { reason: narrow(takeInts(builder.reason), builder.reasons.size + 1) } : {}),
    values: finishValues(builder.values),
  };
};

const offsetsOf = (counts: Int32Array): Uint32Array => {
  const offsets = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) offsets[i + 1] = (offsets[i] as number) + (counts[i] as number);
  return offsets;
};

export const rowStateAt = (column: Column, row: number): number =>
  row >= column.rows ? rowState.none : column.rowStates === undefined ? rowState.told : (column.rowStates[row] as number);

export const firstCell = (column: Column, row: number): number => (column.offsets === undefined ? row : (column.offsets[row] as number));
export const endCell = (column: Column, row: number): number =>
  column.offsets === undefined ? row + 1 : (column.offsets[row + 1] as number);

export const sourceAt = (column: Column, cell: number): { readonly dataset: string; readonly asOf: Day } =>
  column.sources[column.source === undefined ? 0 : (column.source[cell] as number)] as { dataset: string; asOf: Day };

export const reasonAt = (column: Column, row: number): Reason | undefined =>
  column.reason === undefined ? undefined : column.reasons[(column.reason[row] as number) - 1];

/** The row as it was sealed; numbers in normal form. */
export const factAt = (column: Column, row: number): ResolvedFact | undefined => {
  const state = rowStateAt(column, row);
  if (state === rowState.none) return undefined;
  const missing = reasonAt(column, row);
  const reason = missing === undefined ? {} : { missing };
  if (state === rowState.unknown) return { cells: null, ...reason };
  const cells: ResolvedCell[] = [];
  for (let cell = firstCell(column, row); cell < endCell(column, row); cell++) {
    const from = column.from?.[cell] ?? openFrom;
    const to = column.to?.[cell] ?? openTo;
    cells.push({
      v: plainValue(column.values, cell) as CellValue,
      ...sourceAt(column, cell),
      ...(from === openFrom ? {} : { from: fromEpochDay(from) }),
      ...(to === openTo ? {} : { to: fromEpochDay(to) }),
    });
  }
  return { cells, ...reason };
};
