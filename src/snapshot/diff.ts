// What two sealed columns say of the same rows, held against each other: which rows say something else, and which hold a span that begins or ends within
// some days. The day a source spoke of is no part of its word: a delivery that repeats itself changes nothing.
import type { Bitmap } from './bitmap.ts';
import { setBit } from './bitmap.ts';
import { type Column, endCell, firstCell, reasonAt, rowState, rowStateAt, sourceAt } from './columns.ts';
import { plainValue, type Values } from './values.ts';
import { plainAt, state, stateAt, type Vector } from './vector.ts';

type Same = (a: number, b: number) => boolean;

/** Where both dictionaries hold the same text, by code of the first; -1 where the second has no such text. */
const codesIn = (a: readonly string[], b: readonly string[]): Int32Array => {
  const places = new Map(b.map((text, code) => [text, code]));
  return Int32Array.from(a, (text) => places.get(text) ?? -1);
};

const sameVector = (a: Vector, b: Vector): Same => {
  const stands = (i: number, j: number): boolean => stateAt(a, i) === stateAt(b, j);
  if (a.kind !== b.kind || (a.scale ?? 0) !== (b.scale ?? 0))
    return (i, j) => stands(i, j) && JSON.stringify(plainAt(a, i)) === JSON.stringify(plainAt(b, j));
  if (a.dictionary === undefined || b.dictionary === undefined)
    return (i, j) => stands(i, j) && (stateAt(a, i) !== state.value || a.data[i] === b.data[j]);
  const codes = codesIn(a.dictionary, b.dictionary);
  return (i, j) => stands(i, j) && (stateAt(a, i) !== state.value || codes[Number(a.data[i])] === Number(b.data[j]));
};

/** By their plain values; slower, and right whatever the shapes. */
const samePlain =
  (a: Values, b: Values): Same =>
  (i, j) =>
    JSON.stringify(plainValue(a, i)) === JSON.stringify(plainValue(b, j));

const sameValues = (a: Values, b: Values): Same => {
  if (a.shape === 'scalar' && b.shape === 'scalar') return sameVector(a.vector, b.vector);
  if (a.shape === 'scalar' || b.shape === 'scalar' || a.shape !== b.shape || a.odd !== undefined || b.odd !== undefined)
    return samePlain(a, b);
  const elements = sameElements(a, b);
  if (elements === null) return samePlain(a, b);
  return (i, j) => {
    if (a.states[i] !== b.states[j]) return false;
    const [from, other] = [a.offsets[i] as number, b.offsets[j] as number];
    const count = (a.offsets[i + 1] as number) - from;
    if (count !== (b.offsets[j + 1] as number) - other) return false;
    for (let at = 0; at < count; at++) if (!elements(from + at, other + at)) return false;
    return true;
  };
};

/** null: the elements are not built alike. */
const sameElements = (a: Values, b: Values): Same | null => {
  if (a.shape === 'set' && b.shape === 'set') return sameVector(a.elements, b.elements);
  if (a.shape === 'series' && b.shape === 'series') {
    const [periods, numbers] = [sameVector(a.periods, b.periods), sameVector(a.numbers, b.numbers)];
    return (i, j) => periods(i, j) && numbers(i, j);
  }
  if (a.shape !== 'list' || b.shape !== 'list' || a.rest !== undefined || b.rest !== undefined) return null;
  const keys = Object.keys(a.fields);
  if (keys.length !== Object.keys(b.fields).length || keys.some((key) => b.fields[key] === undefined)) return null;
  const fields = keys.map((key) => sameValues(a.fields[key] as Values, b.fields[key] as Values));
  return (i, j) => fields.every((same) => same(i, j));
};

const onlyDataset = (column: Column): string | null => {
  const [first] = column.sources;
  return first !== undefined && column.sources.every((s) => s.dataset === first.dataset) ? first.dataset : null;
};

const sameCells = (a: Column, b: Column): Same => {
  const values = sameValues(a.values, b.values);
  const one = onlyDataset(a);
  const alike = one !== null && one === onlyDataset(b);
  const undated = a.from === undefined && b.from === undefined;
  const spans: Same = undated
    ? () => true
    : (i, j) => edge(a.from, i, false) === edge(b.from, j, false) && edge(a.to, i, true) === edge(b.to, j, true);
  return (i, j) => values(i, j) && spans(i, j) && (alike || sourceAt(a, i).dataset === sourceAt(b, j).dataset);
};

/** A column without dated cells holds every cell for ever. */
const edge = (days: Int32Array | undefined, cell: number, end: boolean): number =>
  days === undefined ? (end ? 0x7fffffff : -0x80000000) : (days[cell] as number);

const sameReason = (a: Column, b: Column): Same => {
  if (a.reason === undefined && b.reason === undefined) return () => true;
  return (i, j) => {
    const [x, y] = [reasonAt(a, i), reasonAt(b, j)];
    return x?.reason === y?.reason && (x?.dataset ?? null) === (y?.dataset ?? null);
  };
};

/** Whether row `i` of the one says what row `j` of the other says; null: nobody was told anything. */
export const rowsAlike = (a: Column | null, b: Column | null): Same => {
  if (a === null || b === null) {
    const silent = (column: Column | null, row: number): boolean => column === null || rowStateAt(column, row) === rowState.none;
    return (i, j) => silent(a, i) && silent(b, j);
  }
  const [cells, reasons] = [sameCells(a, b), sameReason(a, b)];
  return (i, j) => {
    const stands = rowStateAt(a, i);
    if (stands !== rowStateAt(b, j)) return false;
    if (stands === rowState.none) return true;
    if (!reasons(i, j)) return false;
    if (stands === rowState.unknown) return true;
    const [from, other] = [firstCell(a, i), firstCell(b, j)];
    const count = endCell(a, i) - from;
    if (count !== endCell(b, j) - other) return false;
    for (let at = 0; at < count; at++) if (!cells(from + at, other + at)) return false;
    return true;
  };
};

/** Sets the bit of every one of the rows about which the two say different things; null: nobody was told anything. */
export const markChanged = (a: Column | null, b: Column | null, rows: Iterable<number>, into: Bitmap): void => {
  const alike = rowsAlike(a, b);
  for (const row of rows) if (!alike(row, row)) setBit(into, row);
};

/** Sets the bit of every row with a cell that begins or ends after the first day and not after the last (epoch days). */
export const markTurning = (column: Column | null, after: number, until: number, into: Bitmap): void => {
  const { from, to } = column ?? {};
  if (column === null || from === undefined || to === undefined) return;
  const within = (day: number): boolean => after < day && day <= until;
  for (let row = 0; row < column.rows; row++) {
    for (let cell = firstCell(column, row); cell < endCell(column, row); cell++) {
      if (within(from[cell] as number) || within(to[cell] as number)) setBit(into, row);
    }
  }
};

/** Sets the bit of every row whose own day comes after the first and not after the last (epoch days). False: the days cannot be seen here. */
export const markDays = (column: Column | null, after: number, until: number, into: Bitmap): boolean => {
  if (column === null) return true;
  const { values } = column;
  if (values.shape !== 'scalar' || values.vector.kind !== 'day') return false;
  const { vector } = values;
  for (let row = 0; row < column.rows; row++) {
    if (rowStateAt(column, row) !== rowState.told) continue;
    for (let cell = firstCell(column, row); cell < endCell(column, row); cell++) {
      const day = vector.data[cell] as number;
      if (stateAt(vector, cell) === state.value && after < day && day <= until) setBit(into, row);
    }
  }
  return true;
};

/** Sets the bit of every row of a list in which some element's day lies in one of the spans (epoch days, inclusive). False: the days cannot be seen here. */
export const markElementDays = (
  column: Column | null,
  field: string,
  spans: readonly (readonly [first: number, last: number])[],
  into: Bitmap,
): boolean => {
  if (column === null) return true;
  const { values } = column;
  if (values.shape !== 'list' || values.odd !== undefined) return false;
  const days = values.fields[field];
  if (days?.shape !== 'scalar' || days.vector.kind !== 'day') return false;
  const { vector } = days;
  const within = (day: number): boolean => spans.some(([first, last]) => first <= day && day <= last);
  for (let row = 0; row < column.rows; row++) {
    if (rowStateAt(column, row) !== rowState.told) continue;
    const [first, end] = [firstCell(column, row), endCell(column, row)];
    if (first === end) continue;
    const last = values.offsets[end] as number;
    for (let at = values.offsets[first] as number; at < last; at++) {
      if (stateAt(vector, at) === state.value && within(vector.data[at] as number)) {
        setBit(into, row);
        break;
      }
    }
  }
  return true;
};

/** Sets the bit of every row that names one of the keys in any cell of a link. */
export const markNaming = (column: Column | null, keys: ReadonlySet<string>, into: Bitmap): void => {
  if (column === null || keys.size === 0) return;
  const { values } = column;
  const names = values.shape === 'scalar' && values.vector.kind === 'text' ? values.vector.dictionary : undefined;
  // Few of many are asked for: each text is looked up once, and then only its number.
  const asked = names === undefined ? null : new Uint8Array(names.length);
  for (let code = 0; code < (names?.length ?? 0); code++) if (keys.has(names?.[code] as string)) (asked as Uint8Array)[code] = 1;
  const named = (cell: number): boolean => {
    if (asked !== null && values.shape === 'scalar')
      return stateAt(values.vector, cell) === state.value && asked[Number(values.vector.data[cell])] === 1;
    const key = plainValue(values, cell);
    return typeof key === 'string' && keys.has(key);
  };
  for (let row = 0; row < column.rows; row++) {
    if (rowStateAt(column, row) !== rowState.told) continue;
    for (let cell = firstCell(column, row); cell < endCell(column, row); cell++) if (named(cell)) setBit(into, row);
  }
};

/** Puts every key that a link names in any cell of any row into the set. */
export const addNamed = (column: Column | null, into: Set<string>): void => {
  if (column === null) return;
  const { values } = column;
  const names = values.shape === 'scalar' && values.vector.kind === 'text' ? values.vector : null;
  for (let row = 0; row < column.rows; row++) {
    if (rowStateAt(column, row) !== rowState.told) continue;
    for (let cell = firstCell(column, row); cell < endCell(column, row); cell++) {
      const key = names === null ? plainValue(values, cell) : plainAt(names, cell);
      if (typeof key === 'string') into.add(key);
    }
  }
};
