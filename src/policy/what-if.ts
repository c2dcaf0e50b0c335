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

/** The same readings, each made once: whoever decides by one record a hundred times reads its lists once. For sources that do not change. */
export const readingOnce = (source: FactSource): FactSource => {
  const read = new Map<string, Reading>();
  const spans = new Map<string, readonly Reading[]>();
  const once = <T>(known: Map<string, T>, key: string, make: () => T): T => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  return {
    ...source,
    read: (fact, day) => once(read, `${fact}@${day}`, () => source.read(fact, day)),
    readAll: (fact, from, to) => once(spans, `${fact}@${from}/${to}`, () => source.readAll(fact, from, to)),
  };
};
