// The run's reader: a FactSource over the columns of a block, each reading with its source, links followed to other blocks. It decodes for itself;
// the plain reader over sealed JSON (`../record/source.ts`) is the other opinion and must say the same.
import { type Day, fromEpochDay, toEpochDay } from '../base/day.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import { type Purpose, requirePurpose } from '../catalogue/purpose.ts';
import { unknown } from '../feel/value.ts';
import { deliveredBy } from '../record/attested.ts';
import { externalIn, factOf, type Lookups, parameterOn, withinTree } from '../record/lookup.ts';
import type { PaidRow } from '../record/source.ts';
import type { FactSource, MissingReason, Reading, Source } from '../rule/facts.ts';
import { type Column, endCell, firstCell, openFrom, openTo, reasonAt, rowState, rowStateAt, sourceAt } from '../snapshot/columns.ts';
import { valueAt } from '../snapshot/feel.ts';
import type { OpenBlock } from '../snapshot/open.ts';

export interface Place {
  readonly block: OpenBlock;
  readonly row: number;
}

export interface ColumnContext {
  readonly catalogue: Lookups;
  /** Where a link points; undefined when nobody of that key is in the snapshot. */
  readonly link: (register: string, key: string) => Place | undefined;
  readonly paid: readonly PaidRow[];
  /** For whom it is read; a fact not granted for that is refused with an error. */
  readonly purpose: Purpose;
  /** Under which name a fact is sealed, where a longer freshness limit was decided. */
  readonly sealedAs?: ((register: string, fact: string) => string) | undefined;
}

export const columnSource = (place: Place, context: ColumnContext): FactSource => ({
  ...ownKeyAt(place),
  read: (fact, day) => readPath(place, context, fact, day),
  readAll: (fact, from, to) => readSpan(place, context, fact, from, to),
  parameter: (key, region, day) => {
    const found = parameterOn(context.catalogue, key, region, day);
    const name = `parameter:${key}`;
    if (found === null) return missing(name, 'no-parameter', null);
    return { value: found.value, source: { dataset: name, asOf: found.from, from: found.from, to: found.to } };
  },
  external: (key, region, period) => {
    const found = externalIn(context.catalogue, key, region, period);
    const name = `external:${key}`;
    return found === null ? missing(name, 'no-parameter', null) : { value: found.value, source: { dataset: name, asOf: found.asOf } };
  },
  paid: (items, options) => paidTo(context.paid, items, options),
  within: (tree, code, ancestor, day) => withinTree(context.catalogue, tree, code, ancestor, day),
});

const ownKeyAt = ({ block, row }: Place): { readonly ownKey?: string } => {
  const key = block.subjects.key(row);
  return key === null ? {} : { ownKey: key };
};

const paidTo = (
  rows: readonly PaidRow[],
  items: readonly string[],
  options: Parameters<FactSource['paid']>[1],
): ReturnType<FactSource['paid']> => {
  const { period, year, key } = options;
  const counts = (row: PaidRow): boolean =>
    items.includes(row.item) &&
    (period === undefined || row.period === period) &&
    (year === undefined || (row.year ?? row.period.slice(0, 4)) === year) &&
    (key === undefined || row.isFor?.(key) === true);
  return rows.filter(counts).map((row) => ({ amountFen: row.amountFen, period: row.period, item: row.item }));
};

const missing = (fact: string, reason: MissingReason, dataset: string | null, asOf?: Day | null): Reading => ({
  value: unknown(fact),
  source: null,
  missing: { fact, dataset, reason, ...(asOf === undefined ? {} : { asOf }) },
});

const openDay = (day: number, open: number): Day | null => (day === open ? null : fromEpochDay(day));

const sourceOf = (column: Column, cell: number, fact: Fact): Source => {
  const { dataset, asOf } = sourceAt(column, cell);
  if (fact.timed !== true) return { dataset, asOf };
  return { dataset, asOf, from: openDay(column.from?.[cell] ?? openFrom, openFrom), to: openDay(column.to?.[cell] ?? openTo, openTo) };
};

const readingOf = (column: Column, cell: number, fact: Fact, path: string): Reading => ({
  value: valueAt(column.values, cell, fact, path),
  source: sourceOf(column, cell, fact),
});

/** Nothing told of this row: the reading that says so; null when cells are there. */
const untold = (column: Column | null, row: number, fact: Fact, path: string): Reading | null => {
  const state = column === null ? rowState.none : rowStateAt(column, row);
  if (state === rowState.told) return null;
  const reason = state === rowState.unknown ? reasonAt(column as Column, row) : undefined;
  return reason === undefined
    ? missing(path, 'undelivered', fact.datasets[0] ?? null)
    : missing(path, reason.reason, reason.dataset, reason.asOf);
};

/** `path` is what the asker calls the fact (`spouse.hukouRegion`). */
const readHere = ({ block, row }: Place, context: ColumnContext, name: string, day: Day, path: string): Reading => {
  const fact = factOf(context.catalogue, block.register, name);
  if (fact === undefined) return missing(path, 'undelivered', null);
  requirePurpose(fact, context.purpose);
  const column = block.column(context.sealedAs?.(block.register, name) ?? name);
  const silent = untold(column, row, fact, path);
  if (silent !== null || column === null) return silent as Reading;
  const [first, end] = [firstCell(column, row), endCell(column, row)];
  if (fact.timed !== true && first < end) return readingOf(column, first, fact, path);
  const on = toEpochDay(day);
  for (let cell = first; cell < end; cell++) {
    if ((column.from?.[cell] ?? openFrom) <= on && on < (column.to?.[cell] ?? openTo)) return readingOf(column, cell, fact, path);
  }
  const nearest = first < end ? sourceAt(column, first) : { dataset: undefined, asOf: undefined };
  return missing(path, 'empty', deliveredBy(fact, nearest.dataset), nearest.asOf);
};

const readPath = (place: Place, context: ColumnContext, path: string, day: Day): Reading => {
  const dot = path.indexOf('.');
  if (dot < 0) return readHere(place, context, path, day, path);
  const target = follow(place, context, path, day);
  return 'value' in target ? target : readHere(target, context, path.slice(dot + 1), day, path);
};

/** The other subject's place, or the reading that already answers: unknown link → unknown, no link → null. One step only. */
const follow = (place: Place, context: ColumnContext, path: string, day: Day): Place | Reading => {
  const name = path.slice(0, path.indexOf('.'));
  const fact = factOf(context.catalogue, place.block.register, name);
  if (fact === undefined || fact.type !== 'link') return missing(path, 'undelivered', null);
  const link = readHere(place, context, name, day, name);
  if (link.missing !== undefined) return link;
  if (link.value === null) return { value: null, source: link.source };
  const other = typeof link.value === 'string' ? context.link(fact.to ?? place.block.register, link.value) : undefined;
  return other ?? missing(path, 'no-link', link.source?.dataset ?? null, link.source?.asOf);
};

/** Every value held within the days, in order; a link is followed as it stood on the last of them. */
const readSpan = (place: Place, context: ColumnContext, path: string, from: Day, to: Day): readonly Reading[] => {
  const dot = path.indexOf('.');
  const holder = dot < 0 ? place : follow(place, context, path, to);
  if ('value' in holder) return [holder];
  const name = dot < 0 ? path : path.slice(dot + 1);
  const fact = factOf(context.catalogue, holder.block.register, name);
  if (fact !== undefined) requirePurpose(fact, context.purpose);
  const column = fact === undefined ? null : holder.block.column(context.sealedAs?.(holder.block.register, name) ?? name);
  if (fact?.timed !== true || column === null || rowStateAt(column, holder.row) !== rowState.told)
    return [readHere(holder, context, name, to, path)];
  const last = toEpochDay(to);
  const readings: Reading[] = [];
  const gap = (day: number): void => {
    readings.push(readHere(holder, context, name, fromEpochDay(day), path));
  };
  let reached = toEpochDay(from);
  for (let cell = firstCell(column, holder.row); cell < endCell(column, holder.row); cell++) {
    const [begins, ends] = [column.from?.[cell] ?? openFrom, column.to?.[cell] ?? openTo];
    if (begins > last || toEpochDay(from) >= ends) continue;
    if (begins > reached) gap(reached);
    readings.push(readingOf(column, cell, fact, path));
    reached = ends;
  }
  if (reached <= last) gap(reached);
  return readings;
};
