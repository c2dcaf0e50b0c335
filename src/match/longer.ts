// A longer freshness limit as a run applies it: which sealed columns stand in for which facts, and which extensions a decision rests on in the end.
import { type Day, daysBetween } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type Extension, inForce, variantOf } from '../readiness/late.ts';
import { readDecisions } from '../readiness/store.ts';
import { variantFact, variantFacts } from '../record/variant.ts';
import type { Decision } from '../rule/facts.ts';
import type { OpenSnapshot } from '../snapshot/open.ts';
import { readContinuing } from './run-store.ts';
import type { Terms } from './terms.ts';

export interface Longer {
  readonly sealedAs: (register: string, fact: string) => string;
  /** Columns to read beside the ordinary ones. */
  readonly columns: readonly string[];
  /** Extensions without which one of the values read would be too old. */
  carried(decision: Pick<Decision, 'read'>): readonly Extension[];
}

/** What a run would read of one subject: the longer limits decided for the period, where they were sealed and the item paid the subject before. */
export const longerOf = async (
  db: Db,
  snapshot: OpenSnapshot,
  catalogue: Catalogue,
  ask: { readonly itemId: string; readonly periodKey: string; readonly subjectId: string },
): Promise<Longer | null> => {
  const { itemId, periodKey, subjectId } = ask;
  const { knownAt } = snapshot.snapshot;
  const decisions = await readDecisions(db, { itemId, periodKey });
  const counting = inForce(decisions, knownAt).filter((d) => d.choice === 'extend');
  const longer = longerFor({ extensions: counting.map((d) => ({ ...d, days: d.days ?? 0 })) }, catalogue, knownAt);
  const sealed = longer?.columns.some((column) => snapshot.leaves.some((leaf) => leaf.column === column)) === true;
  if (longer === null || !sealed) return null;
  const continuing = await transaction(db, (tx) => readContinuing(tx, { itemId, periodKey }, [subjectId]));
  return continuing.has(subjectId) ? longer : null;
};

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
