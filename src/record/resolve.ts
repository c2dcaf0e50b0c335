// What a record is worth on the day of knownAt: which source counts, what absence says, what is too old, which dated value holds when.
// Pure; the snapshot seals the answer, the plain reader (`source.ts`) reads it.
import { addDays, type Day } from '../base/day.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { MissingReason } from '../rule/facts.ts';
import { type AttestedCell, attestedDataset, layOver } from './attested.ts';
import { coverageLookup, placeName } from './coverage.ts';
import { resolveOne, type Standing, standingOf, type Terms } from './opinion.ts';
import type { Cell, CellValue, Coverage, SubjectRecord } from './record.ts';

/** One value with its source. `from`/`to` only for timed facts, `[from, to)`, null = open; `v` null is "checked, none". */
export interface ResolvedCell {
  readonly v: CellValue;
  readonly from?: Day | null;
  readonly to?: Day | null;
  readonly dataset: string;
  readonly asOf: Day;
}

/**
 * Untimed: exactly one cell; of a series every period told or checked, a period left out is unknown. Timed: sorted, never overlapping; gaps after the first value stand there as null cells. A day that no cell holds is unknown
 * (`empty`): before the first value, or where a row was delivered with this value left empty.
 */
export interface ResolvedFact {
  /** null: unknown, and `missing` says why. */
  readonly cells: readonly ResolvedCell[] | null;
  readonly missing?: { readonly reason: MissingReason; readonly dataset: string | null; readonly asOf?: Day | null };
}

export interface ResolvedRecord {
  readonly register: string;
  readonly subjectId: string;
  readonly key: string;
  readonly ordinal: number;
  readonly name: string | null;
  readonly division: string | null;
  /** A fact of the register that is not here at all was never delivered (`undelivered`). */
  readonly facts: Readonly<Record<string, ResolvedFact>>;
}

const noCells: readonly Cell[] = [];

/** How long each dataset's word counts on a day. */
export const termsOf = (catalogue: Pick<Catalogue, 'datasets'>, knownAt: Day): ReadonlyMap<string, Terms> =>
  new Map(catalogue.datasets.map((d) => [d.id, { oldest: addDays(knownAt, -d.freshnessDays), lists: d.kinds.includes('list') }]));

export const resolveRecord = (record: SubjectRecord, coverages: readonly Coverage[], catalogue: Catalogue, knownAt: Day): ResolvedRecord =>
  resolver(coverages, catalogue, knownAt)(record);

/**
 * The same for many records. What a division's coverage says of a subject that no dataset lists is worked out once per division; a record then only
 * answers for the datasets that do list it (20 µs instead of 65).
 */
export const resolver = (
  coverages: readonly Coverage[],
  catalogue: Pick<Catalogue, 'facts' | 'datasets' | 'trees'>,
  knownAt: Day,
): ((record: SubjectRecord) => ResolvedRecord) => {
  const covered = coverageLookup(coverages, catalogue);
  const terms = termsOf(catalogue, knownAt);
  const delivered = catalogue.facts.flatMap((fact) => fact.datasets.map((dataset) => ({ name: `${fact.register} ${dataset}`, fact })));
  const factsOf = new Map([...Map.groupBy(delivered, (d) => d.name)].map(([name, pairs]) => [name, pairs.map((p) => p.fact)]));
  const unlisted = new Map<string, Readonly<Record<string, ResolvedFact>>>();
  const resolveFacts = (facts: readonly Fact[], record: SubjectRecord, into: Record<string, ResolvedFact>): void => {
    const coverage = covered(record.register, record.division, record.moves);
    const standing = (dataset: string): Standing =>
      standingOf(record.provenance[dataset], terms.get(dataset), coverage.get(dataset) ?? null);
    for (const fact of facts) {
      const cells = record.facts[fact.key] ?? noCells;
      const resolved = resolveOne(fact, (dataset) => cells.filter((c) => c.d === dataset), standing);
      if (resolved === null) delete into[fact.key];
      else into[fact.key] = resolved;
    }
  };
  const layAttested = (record: SubjectRecord, into: Record<string, ResolvedFact>): void => {
    for (const fact of catalogue.facts) {
      const own = fact.register === record.register ? (record.facts[fact.key] ?? noCells) : noCells;
      const cells = own.filter((c): c is AttestedCell => c.d === attestedDataset && c.attested !== undefined);
      const laid = cells.length === 0 ? undefined : layOver(fact, into[fact.key], cells, knownAt);
      if (laid !== undefined) into[fact.key] = laid;
    }
  };
  const ofNobody = (record: SubjectRecord): Readonly<Record<string, ResolvedFact>> => {
    const name = placeName(record.register, record.division, record.moves);
    let facts = unlisted.get(name);
    if (facts === undefined) {
      const made: Record<string, ResolvedFact> = {};
      resolveFacts(
        catalogue.facts.filter((f) => f.register === record.register),
        { ...record, facts: {}, provenance: {} },
        made,
      );
      facts = made;
      unlisted.set(name, facts);
    }
    return facts;
  };
  return (record) => {
    const facts = { ...ofNobody(record) };
    for (const dataset in record.provenance) resolveFacts(factsOf.get(`${record.register} ${dataset}`) ?? [], record, facts);
    if (record.provenance[attestedDataset] !== undefined) layAttested(record, facts);
    const { register, subjectId, key, ordinal, name, division } = record;
    return { register, subjectId, key, ordinal, name, division, facts };
  };
};
