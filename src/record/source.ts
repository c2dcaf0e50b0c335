// The plain reader: a FactSource over one resolved record, for `decide`, for the second opinion and for replay. No columns, no cache of verdicts.
import type { Day } from '../base/day.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import { type Purpose, requirePurpose } from '../catalogue/purpose.ts';
import { unknown } from '../feel/value.ts';
import type { FactSource, Missing, MissingReason, Reading } from '../rule/facts.ts';
import { deliveredBy } from './attested.ts';
import { externalIn, factOf, type Lookups, parameterOn, withinTree } from './lookup.ts';
import type { ResolvedCell, ResolvedRecord } from './resolve.ts';
import { holdsOn } from './timeline.ts';
import { factValue } from './value.ts';

/** One payment to this subject up to the run's ledger cut. `year` only where the period does not begin with it (`once`). */
export interface PaidRow {
  readonly item: string;
  readonly period: string;
  readonly amountFen: bigint;
  readonly year?: string;
  /** Whether it was paid for the element or event of this key. */
  readonly isFor?: (key: string) => boolean;
}

export interface SourceContext {
  readonly catalogue: Lookups;
  /** The record a link points to, resolved at the same knownAt; undefined when nobody of that key is known. */
  readonly link?: (register: string, key: string) => ResolvedRecord | undefined;
  readonly paid?: readonly PaidRow[];
  /** For whom it is read; a fact not granted for that is refused with an error. */
  readonly purpose: Purpose;
  /** Under which name a fact is sealed, where a longer freshness limit was decided (`variant.ts`). */
  readonly sealedAs?: (register: string, fact: string) => string;
}

export const recordSource = (resolved: ResolvedRecord, context: SourceContext): FactSource => ({
  ownKey: resolved.key,
  read: (fact, day) => readPath(resolved, context, fact, day),
  readAll: (fact, from, to) => readSpan(resolved, context, fact, from, to),
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
  paid: (items, options) =>
    (context.paid ?? [])
      .filter((row) => items.includes(row.item))
      .filter((row) => options.period === undefined || row.period === options.period)
      .filter((row) => options.year === undefined || (row.year ?? row.period.slice(0, 4)) === options.year)
      .filter((row) => options.key === undefined || row.isFor?.(options.key) === true)
      .map(({ amountFen, period, item }) => ({ amountFen, period, item })),
  within: (tree, code, ancestor, day) => withinTree(context.catalogue, tree, code, ancestor, day),
});

const missing = (fact: string, reason: MissingReason, dataset: string | null, asOf?: Day | null): Reading => ({
  value: unknown(fact),
  source: null,
  missing: { fact, dataset, reason, ...(asOf === undefined ? {} : { asOf }) } satisfies Missing,
});

const readingOf = (fact: Fact, cell: ResolvedCell, path: string): Reading => {
  const { dataset, asOf, from, to } = cell;
  const source = fact.timed ? { dataset, asOf, from: from ?? null, to: to ?? null } : { dataset, asOf };
  return { value: factValue(fact, cell.v, path), source };
};

/** `name` is a fact of this record, `path` what the asker calls it (`spouse.hukouRegion`). */
const readHere = (record: ResolvedRecord, context: SourceContext, name: string, day: Day, path: string): Reading => {
  const fact = factOf(context.catalogue, record.register, name);
  if (fact === undefined) return missing(path, 'undelivered', null);
  requirePurpose(fact, context.purpose);
  const resolved = record.facts[context.sealedAs?.(record.register, name) ?? name];
  if (resolved === undefined) return missing(path, 'undelivered', fact.datasets[0] ?? null);
  if (resolved.cells === null) {
    const { reason, dataset, asOf } = resolved.missing ?? { reason: 'undelivered' as const, dataset: null };
    return missing(path, reason, dataset, asOf);
  }
  const cell = fact.timed ? resolved.cells.find((c) => holdsOn(c, day)) : resolved.cells[0];
  if (cell !== undefined) return readingOf(fact, cell, path);
  return missing(path, 'empty', deliveredBy(fact, resolved.cells[0]?.dataset), resolved.cells[0]?.asOf);
};

const readPath = (record: ResolvedRecord, context: SourceContext, path: string, day: Day): Reading => {
  const dot = path.indexOf('.');
  if (dot < 0) return readHere(record, context, path, day, path);
  const target = follow(record, context, path, day);
  return 'value' in target ? target : readHere(target, context, path.slice(dot + 1), day, path);
};

/** The other subject, or the reading that already answers: unknown link → unknown, no link → null. One step only: a path of two dots finds no such fact. */
const follow = (record: ResolvedRecord, context: SourceContext, path: string, day: Day): ResolvedRecord | Reading => {
  const name = path.slice(0, path.indexOf('.'));
  const fact = factOf(context.catalogue, record.register, name);
  if (fact === undefined || fact.type !== 'link') return missing(path, 'undelivered', null);
  const link = readHere(record, context, name, day, name);
  if (link.missing !== undefined) return link;
  if (link.value === null) return { value: null, source: link.source };
  const other = typeof link.value === 'string' ? context.link?.(fact.to ?? record.register, link.value) : undefined;
  return other ?? missing(path, 'no-link', link.source?.dataset ?? null, link.source?.asOf);
};

/** A link is followed as it stood on the last day of the span. */
const readSpan = (record: ResolvedRecord, context: SourceContext, path: string, from: Day, to: Day): readonly Reading[] => {
  const dot = path.indexOf('.');
  const holder = dot < 0 ? record : follow(record, context, path, to);
  if ('value' in holder) return [holder];
  const name = dot < 0 ? path : path.slice(dot + 1);
  const fact = factOf(context.catalogue, holder.register, name);
  if (fact !== undefined) requirePurpose(fact, context.purpose);
  const cells = holder.facts[context.sealedAs?.(holder.register, name) ?? name]?.cells;
  if (fact === undefined || !fact.timed || cells === undefined || cells === null) return [readHere(holder, context, name, to, path)];
  const held = cells.filter((c) => (c.from ?? '') <= to && from < (c.to ?? '~'));
  const readings: Reading[] = [];
  let reached: string = from;
  for (const c of held) {
    if ((c.from ?? '') > reached) readings.push(readHere(holder, context, name, reached as Day, path));
    readings.push(readingOf(fact, c, path));
    reached = c.to ?? '~';
  }
  if (reached <= to) readings.push(readHere(holder, context, name, reached as Day, path));
  return readings;
};
