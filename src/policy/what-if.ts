// A record with some of its facts otherwise: what near misses are tried on, and what a test applies to see that a suggestion holds. Pure.
import type { Value } from '../feel/value.ts';
import type { FactSource, Reading } from '../rule/facts.ts';

/** `facts` by name, over the subject's own facts only; what stands behind a link is somebody else's. Read on any day they are what is given. */
export const withFacts = (source: FactSource, facts: ReadonlyMap<string, Value>): FactSource => {
  const given = (fact: string, like: () => Reading): Reading | null => {
    const value = facts.get(fact);
    return value === undefined ? null : { value, source: like().source };
  };
  return {
    ...source,
    read: (fact, day) => given(fact, () => source.read(fact, day)) ?? source.read(fact, day),
    readAll: (fact, from, to) => {
      const one = given(fact, () => source.read(fact, to));
      return one === null ? source.readAll(fact, from, to) : [one];
    },
  };
};
