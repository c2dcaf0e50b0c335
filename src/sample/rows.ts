// One subject as the rows of one dataset, by the dataset's shape. Pure: the catalogue says which column holds what.
import type { Day } from '../base/day.ts';
import type { Column, Dataset } from '../catalogue/catalogue.ts';
import { type CellInput, cellText } from './cell.ts';
import { hashOf } from './chance.ts';
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

/** As an office that copies from other papers writes a firm's name: with blanks, other brackets, or under the name it bore before. */
const listedName = (subject: Subject): string => {
  const { name, facts } = subject;
  const [former] = Array.isArray(facts.formerNames) ? (facts.formerNames as readonly Element[]) : [];
  switch (hashOf(subject.key, 0) % 4) {
    case 0:
      return name.replace('（', ' (').replace('）', ') ');
    case 1:
      return `${name.slice(0, 2)}　${name.slice(2)}`;
    case 2:
      return typeof former?.name === 'string' ? former.name : name;
    default:
      return name;
  }
};

const envelope = (dataset: Dataset, subject: Subject, column: Column): string | undefined => {
  if (column.to === '$key') return dataset.keyedBy === 'name' ? listedName(subject) : subject.key;
  if (column.to === '$name') return subject.name;
  return column.to === '$division' ? subject.division : undefined;
};

const placeOf = (subject: Subject, dataset: Dataset): string => `${dataset.id} of ${subject.name}`;

const recordRows = (dataset: Dataset, subject: Subject): string[][] => {
  let told = dataset.introduces === true;
  const cells: string[] = [];
  for (const column of dataset.columns) {
    const fixed = envelope(dataset, subject, column);
    if (fixed !== undefined) {
      cells.push(fixed);
      continue;
    }
    const value = saidBy(dataset, subject.facts[column.to]);
    if (value !== undefined && value !== null) told = true;
    cells.push(value === null && !told ? '' : cellText(value as CellInput, column, () => placeOf(subject, dataset)));
  }
  return told ? [cells] : [];
};

const spansOf = (value: ReturnType<typeof saidBy>): readonly Span[] => {
  if (value === undefined || value === null) return [];
  return isSpans(value) ? value.spans : [{ from: sinceAlways, to: null, v: value }];
};

/**
 * An office writes one row per stretch of time in which nothing of what it tells changes. Facts with different spans are therefore cut at
 * each other's days: a row with an empty cell would say "unknown" where another row of the same day says a value.
 */
const stretchesOf = (spans: readonly Span[]): readonly Stretch[] => {
  const points = [...new Set(spans.flatMap((s) => (s.to === null ? [s.from] : [s.from, s.to])))].sort();
  return points.map((from, i) => ({ from, to: points[i + 1] ?? null }));
};

const holding = (spans: readonly Span[], from: Day): Span | undefined =>
  spans.find((s) => s.from <= from && (s.to === null || from < s.to));

type Stretch = Pick<Span, 'from' | 'to'>;

const sameStretch = (a: Stretch | undefined, b: Stretch | undefined): boolean => a?.from === b?.from && a?.to === b?.to;

const timedRow = (dataset: Dataset, subject: Subject, stretch: Stretch, told: (fact: string) => Plain | undefined): string[] =>
  dataset.columns.map((column) => {
    if (column.to === '$from') return stretch.from;
    if (column.to === '$to') return stretch.to ?? '';
    return envelope(dataset, subject, column) ?? cellText(told(column.to) as CellInput, column, () => placeOf(subject, dataset));
  });

const timedRows = (dataset: Dataset, subject: Subject): string[][] => {
  const told = new Map<string, readonly Span[]>();
  for (const column of dataset.columns) {
    if (column.to.startsWith('$')) continue;
    const spans = spansOf(saidBy(dataset, subject.facts[column.to]));
    if (spans.length > 0) told.set(column.to, spans);
  }
  const all = [...told.values()];
  const only = all.length > 0 && all.every((spans) => spans.length === 1 && sameStretch(spans[0], all[0]?.[0])) ? all[0]?.[0] : undefined;
  if (only !== undefined) return [timedRow(dataset, subject, only, (fact) => told.get(fact)?.[0]?.v)];
  return stretchesOf(all.flat())
    .filter(({ from }) => all.some((spans) => holding(spans, from) !== undefined))
    .map((stretch) => timedRow(dataset, subject, stretch, (fact) => holding(told.get(fact) ?? [], stretch.from)?.v));
};

const listRows = (dataset: Dataset, subject: Subject): string[][] => {
  const value = saidBy(dataset, subject.facts[dataset.fact ?? '']);
  if (value === undefined || value === null) return [];
  if (isUnknown(value)) throw new Error(`${placeOf(subject, dataset)}: a list is unknown only where it is not delivered`);
  return (value as readonly Element[]).map((element) =>
    dataset.columns.map(
      (column) => envelope(dataset, subject, column) ?? cellText(element[column.to], column, () => placeOf(subject, dataset)),
    ),
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
      return envelope(dataset, subject, column) ?? cellText(value, column, () => placeOf(subject, dataset));
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
