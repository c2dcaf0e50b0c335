// A frozen table as plain data, and how one subject reads it: what a closing run stores and every later decision finds again.
import type { Day } from '../base/day.ts';
import { boundedUnknown, type Value } from '../feel/value.ts';
import type { FactSource, Missing, Reading } from '../rule/facts.ts';
import { numberFrom, numberText } from '../rule/literal.ts';
import type { Entry, Span, Table } from './closing.ts';

/** Ends as text; null: no bound. The whole null: none. */
export type SpanText = readonly [string | null, string | null] | null;

export interface ClosedRow {
  readonly member: boolean | null;
  readonly group: string | null;
  /** What the subject brought (the ranked value, the quantity). */
  readonly brings: SpanText;
  /** The place, the price or the share. */
  readonly gives: SpanText;
  readonly missing: readonly Missing[];
}

export interface ClosedTable {
  readonly fact: string;
  readonly members: number;
  readonly possible: number;
  readonly total: SpanText;
  readonly outside: SpanText;
  readonly outsideMissing: readonly Missing[];
  readonly exact: boolean;
  /** By subject id: everybody who belongs or may. */
  readonly rows: ReadonlyMap<string, ClosedRow>;
}

const textOf = (s: Span | null): SpanText =>
  s === null ? null : [s.low === null ? null : numberText(s.low), s.high === null ? null : numberText(s.high)];

export const closedTable = (fact: string, table: Table): ClosedTable => ({
  fact,
  members: table.members,
  possible: table.possible,
  total: textOf(table.total),
  outside: textOf(table.outside),
  outsideMissing: table.outsideMissing,
  exact: table.exact,
  rows: new Map(
    table.places.map(({ entry, gives, missing }) => [
      entry.subjectId,
      {
        member: entry.member,
        group: entry.group ?? null,
        brings: textOf(entry.value),
        gives: textOf(gives),
        missing,
      },
    ]),
  ),
});

/** Whether a row was made of the same: a group that is not known is never the same. */
export const sameAsClosed = (row: ClosedRow, { member, group, value }: Entry): boolean =>
  row.member === member && group !== undefined && row.group === group && JSON.stringify(row.brings) === JSON.stringify(textOf(value));

/** Subjects to whom the one table says something else than the other; null: to everybody outside of them. */
export const movedIn = (then: ClosedTable, now: ClosedTable): readonly string[] | null => {
  const said = ({ rows, outside, outsideMissing }: ClosedTable, id: string): string => {
    const row = rows.get(id);
    return JSON.stringify(row === undefined ? [outside, outsideMissing] : [row.gives, row.missing]);
  };
  if (said(then, '') !== said(now, '')) return null;
  return [...new Set([...then.rows.keys(), ...now.rows.keys()])].filter((id) => said(then, id) !== said(now, id));
};

const givenValue = (gives: SpanText, names: readonly string[]): Value => {
  if (gives === null) return null;
  const [low, high] = gives.map((end) => (end === null ? null : numberFrom(end)));
  return low != null && gives[0] === gives[1] ? low : boundedUnknown(names, low ?? null, high ?? null);
};

const readingOf = (table: ClosedTable, subjectId: string, asOf: Day): Reading => {
  const row = table.rows.get(subjectId);
  const [gives, missings] = row === undefined ? [table.outside, table.outsideMissing] : [row.gives, row.missing];
  const names = missings.length === 0 ? [table.fact] : missings.map((m) => m.fact);
  return {
    value: givenValue(gives, names),
    source: { dataset: `closing:${table.fact}`, asOf },
    ...(missings.length === 0 ? {} : { missings }),
  };
};

/** The same source, answering for the ranks and pools that are frozen. */
export const withClosed = (source: FactSource, tables: readonly ClosedTable[], subjectId: string, asOf: Day): FactSource => {
  if (tables.length === 0) return source;
  return {
    ...source,
    closed: (fact) => {
      const table = tables.find((t) => t.fact === fact);
      return table === undefined
        ? { value: boundedUnknown([fact], null, null), source: null, missing: { fact, dataset: null, reason: 'closing' } }
        : readingOf(table, subjectId, asOf);
    },
  };
};
