// The catalogue's indexes, made once per catalogue object (which never changes) and kept beside it while records are read.
import type { Day } from '../base/day.ts';
import type { Catalogue, Fact, Tree } from '../catalogue/catalogue.ts';
import { type ExternalValue, externalAt, type ParameterValue, parameterAt } from '../catalogue/parameter.ts';
import { indexTree, type TreeIndex } from '../catalogue/tree.ts';

export type Lookups = Pick<Catalogue, 'facts' | 'trees' | 'parameters' | 'external'>;

interface Index {
  readonly facts: ReadonlyMap<string, Fact>;
  readonly parameters: ReadonlyMap<string, Lookups['parameters'][number]>;
  readonly external: ReadonlyMap<string, Lookups['external'][number]>;
}

const indexes = new WeakMap<Lookups, Index>();
const treeIndexes = new WeakMap<Tree, TreeIndex>();
const noTree = indexTree({ id: '', label: '', nodes: [] });

const indexOf = (catalogue: Lookups): Index => {
  const known = indexes.get(catalogue);
  if (known !== undefined) return known;
  const made: Index = {
    facts: new Map(catalogue.facts.map((f) => [`${f.register} ${f.key}`, f])),
    parameters: new Map(catalogue.parameters.map((p) => [p.key, p])),
    external: new Map(catalogue.external.map((e) => [e.key, e])),
  };
  indexes.set(catalogue, made);
  return made;
};

/** An unknown tree is an empty one: it knows no code. */
export const treeOf = (catalogue: Pick<Catalogue, 'trees'>, id: string): TreeIndex => {
  const tree = catalogue.trees.find((t) => t.id === id);
  if (tree === undefined) return noTree;
  const known = treeIndexes.get(tree);
  if (known !== undefined) return known;
  const made = indexTree(tree);
  treeIndexes.set(tree, made);
  return made;
};

/** A place below a county is named with what it lies in: 禄劝彝族苗族自治县东街社区; other codes by their own name. null: no tree knows the code. */
export const placeName = (catalogue: Pick<Catalogue, 'trees'>, tree: string, code: string): string | null => {
  const index = treeOf(catalogue, tree);
  const own = index.node(code)?.name ?? null;
  if (own === null || tree !== 'division') return own;
  const above = index
    .ancestors(code)
    .slice(1)
    .find((one) => one.length === 6 && !one.endsWith('00'));
  return above === undefined || code.length <= 6 ? own : `${index.node(above)?.name ?? ''}${own}`;
};

/** A division as people call it; a code no tree knows stays a code. */
export const divisionName = (catalogue: Pick<Catalogue, 'trees'>, code: string): string => placeName(catalogue, 'division', code) ?? code;

export const factOf = (catalogue: Lookups, register: string, key: string): Fact | undefined =>
  indexOf(catalogue).facts.get(`${register} ${key}`);

export const parameterOn = (catalogue: Lookups, key: string, region: string | null, day: Day): ParameterValue | null => {
  const parameter = indexOf(catalogue).parameters.get(key);
  return parameter === undefined ? null : parameterAt(parameter, region, day, treeOf(catalogue, 'division'));
};

export const externalIn = (catalogue: Lookups, key: string, region: string | null, period: string): ExternalValue | null => {
  const series = indexOf(catalogue).external.get(key);
  return series === undefined ? null : externalAt(series, region, period, treeOf(catalogue, 'division'));
};

/** True when `code` is `ancestor` or below it on `day`; null when the tree does not know one of them then. */
export const withinTree = (catalogue: Pick<Catalogue, 'trees'>, tree: string, code: string, ancestor: string, day: Day): boolean | null =>
  treeOf(catalogue, tree).within(code, ancestor, day);
