// One subject as the rows of one dataset, by the dataset's shape. Pure: the catalogue says which column holds what.
import type { Column, Dataset } from '../catalogue/catalogue.ts';
import { type CellInput, cellText } from './cell.ts';
import {
  type Element,
  type FactValue,
  isSources,
  isSpans,
  isUnknown,
  type Plain,
  type Series,
  type Span,
  type Subject,
  sinceAlways,
} from './subject.ts';

/** The part of a fact that this dataset tells; undefined: it says nothing about it. */
const saidBy = (dataset: Dataset, value: FactValue | undefined): Plain | { readonly spans: readonly Span[] } | undefined =>
  isSources(value) ? value.sources[dataset.id] : value;

const envelope = (subject: Subject, column: Column): string | undefined => {
  if (column.to === '$key') return subject.key;
  if (column.to === '$name') return subject.name;
  return column.to === '$division' ? subject.division : undefined;
};

const placeOf = (subject: Subject, dataset: Dataset): string => `${dataset.id} of ${subject.name}`;

const recordRows = (dataset: Dataset, subject: Subject): string[][] => {
  let told = dataset.introduces === true;
  const cells: string[] = [];
  for (const column of dataset.columns) {
    const fixed = envelope(subject, column);
    if (fixed !== undefined) {
      cells.push(fixed);
      continue;
    }
    const value = saidBy(dataset, subject.facts[column.to]);
    if (value !== undefined && value !== null) told = true;
    cells.push(value === null && !told ? '' : cellText(value as CellInput, column, placeOf(subject, dataset)));
  }
  return told ? [cells] : [];
};

const spansOf = (value: ReturnType<typeof saidBy>): readonly Span[] => {
  if (value === undefined || value === null) return [];
  return isSpans(value) ? value.spans : [{ from: sinceAlways, to: null, v: value }];
};

const timedRows = (dataset: Dataset, subject: Subject): string[][] => {
  const rows = new Map<string, { span: Span; values: Map<string, Plain> }>();
  for (const column of dataset.columns) {
    if (column.to.startsWith('$')) continue;
    for (const span of spansOf(saidBy(dataset, subject.facts[column.to]))) {
      const key = `${span.from}/${span.to ?? ''}`;
      const row = rows.get(key) ?? { span, values: new Map<string, Plain>() };
      row.values.set(column.to, span.v);
      rows.set(key, row);
    }
  }
  return [...rows.values()].map(({ span, values }) =>
    dataset.columns.map((column) => {
      if (column.to === '$from') return span.from;
      if (column.to === '$to') return span.to ?? '';
      return envelope(subject, column) ?? cellText(values.get(column.to) as CellInput, column, placeOf(subject, dataset));
    }),
  );
};

const listRows = (dataset: Dataset, subject: Subject): string[][] => {
  const value = saidBy(dataset, subject.facts[dataset.fact ?? '']);
  if (value === undefined || value === null) return [];
  if (isUnknown(value)) throw new Error(`${placeOf(subject, dataset)}: a list is unknown only where it is not delivered`);
  return (value as readonly Element[]).map((element) =>
    dataset.columns.map((column) => envelope(subject, column) ?? cellText(element[column.to], column, placeOf(subject, dataset))),
  );
};

const seriesRows = (dataset: Dataset, subject: Subject): string[][] => {
  const bySeries = new Map<string, Series>();
  const periods = new Set<string>();
  for (const column of dataset.columns) {
    if (column.to.startsWith('$')) continue;
    const value = saidBy(dataset, subject.facts[column.to]);
    if (value === undefined || value === null) continue;
    if (isUnknown(value)) throw new Error(`${placeOf(subject, dataset)}: say which periods of ${column.to} are unknown`);
    bySeries.set(column.to, value as Series);
    for (const period of Object.keys(value)) periods.add(period);
  }
  return [...periods].sort().map((period) =>
    dataset.columns.map((column) => {
      if (column.to === '$period') return period;
      const value = bySeries.get(column.to)?.[period];
      return envelope(subject, column) ?? cellText(value, column, placeOf(subject, dataset));
    }),
  );
};

/** The rows in which this dataset speaks of the subject; none when it does not list it. */
export const rowsOf = (dataset: Dataset, subject: Subject): string[][] => {
  switch (dataset.shape) {
    case 'record':
      return recordRows(dataset, subject);
    case 'timed':
      return timedRows(dataset, subject);
    case 'list':
      return listRows(dataset, subject);
    case 'series':
      return seriesRows(dataset, subject);
  }
};

/** Whether a column may be left empty to say that nobody knows. */
export const mayBeBlank = (column: Column): boolean => !column.to.startsWith('$') && column.required !== true && column.empty !== 'null';
