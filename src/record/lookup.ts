// Finding things in a catalogue while records are read: a fact by name, a tree's branch on a day, the parameter of the most specific region.
// Indexes are made once per catalogue object, which never changes.
import type { Day } from '../base/day.ts';
import type { Catalogue, ExternalSeries, Fact, Parameter, Tree, TreeNode } from '../catalogue/catalogue.ts';
import { ancestorsOf, divisionTree } from './coverage.ts';

export type Lookups = Pick<Catalogue, 'facts' | 'trees' | 'parameters' | 'external'>;

interface Index {
  readonly facts: ReadonlyMap<string, Fact>;
  readonly trees: ReadonlyMap<string, ReadonlyMap<string, readonly TreeNode[]>>;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly external: ReadonlyMap<string, ExternalSeries>;
  readonly divisions: Tree | undefined;
}

const indexes = new WeakMap<Lookups, Index>();

const indexOf = (catalogue: Lookups): Index => {
  const known = indexes.get(catalogue);
  if (known !== undefined) return known;
  const made: Index = {
    facts: new Map(catalogue.facts.map((f) => [`${f.register} ${f.key}`, f])),
    trees: new Map(catalogue.trees.map((t) => [t.id, Map.groupBy(t.nodes, (n) => n.code)])),
    parameters: new Map(catalogue.parameters.map((p) => [p.key, p])),
    external: new Map(catalogue.external.map((e) => [e.key, e])),
    divisions: divisionTree(catalogue),
  };
  indexes.set(catalogue, made);
  return made;
};

export const factOf = (catalogue: Lookups, register: string, key: string): Fact | undefined =>
  indexOf(catalogue).facts.get(`${register} ${key}`);

const validOn = (entry: { readonly from?: Day | null; readonly to?: Day | null }, day: Day): boolean =>
  (entry.from ?? '') <= day && day < (entry.to ?? '~');

/** True when `code` is `ancestor` or below it on `day`; null when the tree does not know one of them then. */
export const withinTree = (catalogue: Lookups, tree: string, code: string, ancestor: string, day: Day): boolean | null => {
  const nodes = indexOf(catalogue).trees.get(tree);
  const on = (c: string): TreeNode | undefined => nodes?.get(c)?.find((n) => validOn(n, day));
  let at = on(code);
  if (at === undefined || on(ancestor) === undefined) return null;
  for (let steps = 0; steps < 32; steps++) {
    if (at.code === ancestor) return true;
    if (at.parent === null) return false;
    const up = on(at.parent);
    if (up === undefined) return null;
    at = up;
  }
  return null;
};

/** The first entry on the way from the region up to the whole country (`region: null`). */
const mostSpecific = <E extends { readonly region: string | null }>(
  entries: readonly E[],
  region: string | null,
  divisions: Tree | undefined,
): E | undefined => {
  for (const code of region === null ? [] : ancestorsOf(divisions, region)) {
    const entry = entries.find((e) => e.region === code);
    if (entry !== undefined) return entry;
  }
  return entries.find((e) => e.region === null);
};

export const parameterOn = (catalogue: Lookups, key: string, region: string | null, day: Day): Parameter['values'][number] | undefined => {
  const { parameters, divisions } = indexOf(catalogue);
  const valid = (parameters.get(key)?.values ?? []).filter((v) => validOn(v, day));
  return mostSpecific(valid, region, divisions);
};

export const externalIn = (
  catalogue: Lookups,
  key: string,
  region: string | null,
  period: string,
): ExternalSeries['values'][number] | undefined => {
  const { external, divisions } = indexOf(catalogue);
  const values = (external.get(key)?.values ?? []).filter((v) => v.period === period);
  return mostSpecific(values, region, divisions);
};
