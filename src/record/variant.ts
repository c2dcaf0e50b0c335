// The same records under longer freshness limits: what they are worth when a person has decided that a late dataset may still be trusted for some days.
// A variant's facts are sealed beside the ordinary ones, under names of their own, so that both ways of deciding and the replay read one snapshot. Pure.
import type { Day } from '../base/day.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { Coverage, SubjectRecord } from './record.ts';
import { type ResolvedFact, resolver } from './resolve.ts';

export interface Variant {
  /** Short, made from what is extended and by how much; the same for the same limits. */
  readonly name: string;
  /** Dataset → days added to its freshness limit. */
  readonly days: ReadonlyMap<string, number>;
}

/** `deathDate~3f21…`; no fact's own name holds a `~`. */
export const variantFact = (fact: string, variant: string): string => `${fact}~${variant}`;

export const variantFacts = (catalogue: Pick<Catalogue, 'facts'>, variant: Variant): readonly Fact[] =>
  catalogue.facts.filter((fact) => fact.datasets.some((dataset) => variant.days.has(dataset)));

/** The catalogue as the variant has it: its facts alone, and the longer limits. */
export const underVariant = (catalogue: Catalogue, variant: Variant): Pick<Catalogue, 'facts' | 'datasets' | 'trees'> => ({
  facts: variantFacts(catalogue, variant),
  datasets: catalogue.datasets.map((d) => ({ ...d, freshnessDays: d.freshnessDays + (variant.days.get(d.id) ?? 0) })),
  trees: catalogue.trees,
});

/** What a record's affected facts are worth under the variant, by their sealed names. */
export const variantResolver = (
  coverages: readonly Coverage[],
  catalogue: Catalogue,
  knownAt: Day,
  variant: Variant,
): ((record: SubjectRecord) => Readonly<Record<string, ResolvedFact>>) => {
  const resolve = resolver(coverages, underVariant(catalogue, variant), knownAt);
  return (record) =>
    Object.fromEntries(Object.entries(resolve(record).facts).map(([fact, resolved]) => [variantFact(fact, variant.name), resolved]));
};
