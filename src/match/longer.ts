// A longer freshness limit as a run applies it: which sealed columns stand in for which facts, and which extensions a decision rests on in the end.
import { type Day, daysBetween } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Extension, variantOf } from '../readiness/late.ts';
import { variantFact, variantFacts } from '../record/variant.ts';
import type { Decision } from '../rule/facts.ts';
import type { Terms } from './terms.ts';

export interface Longer {
  readonly sealedAs: (register: string, fact: string) => string;
  /** Columns to read beside the ordinary ones. */
  readonly columns: readonly string[];
  /** Extensions without which one of the values read would be too old. */
  carried(decision: Pick<Decision, 'read'>): readonly Extension[];
}

/** null: the ordinary limits. */
export const longerFor = (terms: Pick<Terms, 'extensions'>, catalogue: Catalogue, knownAt: Day): Longer | null => {
  const { extensions } = terms;
  const variant = variantOf(extensions);
  if (variant === null) return null;
  const names = new Map(
    variantFacts(catalogue, variant).map((fact) => [`${fact.register}\n${fact.key}`, variantFact(fact.key, variant.name)]),
  );
  const limits = new Map(catalogue.datasets.map((d) => [d.id, d.freshnessDays]));
  return {
    sealedAs: (register, fact) => names.get(`${register}\n${fact}`) ?? fact,
    columns: [...new Set(names.values())],
    carried: ({ read }) => {
      const tooOld = new Set(
        read.flatMap(({ source }) => {
          const limit = source === null ? undefined : limits.get(source.dataset);
          return source === null || limit === undefined || daysBetween(source.asOf, knownAt) <= limit ? [] : [source.dataset];
        }),
      );
      return extensions.filter((e) => tooOld.has(e.dataset));
    },
  };
};
