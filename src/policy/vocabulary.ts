// The names an item may use: its register's facts, the facts one link away, the period, its own facts, the element of its list.

import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import { factsOf, factType } from '../catalogue/env.ts';
import { indexTree, type TreeIndex } from '../catalogue/tree.ts';
import { type FeelType, type TypeEnv, typeEnv } from '../feel/type.ts';
import type { FactShape, Vocabulary } from '../rule/vocabulary.ts';

const trees = new WeakMap<Catalogue, ReadonlyMap<string, TreeIndex>>();

/** The catalogue's trees, indexed once per catalogue object, which never changes. */
export const treesOf = (catalogue: Catalogue): ReadonlyMap<string, TreeIndex> => {
  const before = trees.get(catalogue);
  if (before !== undefined) return before;
  const made = new Map(catalogue.trees.map((t) => [t.id, indexTree(t)]));
  trees.set(catalogue, made);
  return made;
};

export const registerOf = (audience: unknown): string => (audience === 'enterprise' ? 'enterprise' : 'citizen');

const shapeOf = (catalogue: Catalogue, fact: Fact): FactShape => ({
  name: fact.key,
  label: fact.label,
  type: factType(catalogue, fact),
  timed: fact.timed ?? false,
  kind: 'fact',
});

/** `spouse.hukouRegion`: the other subject's own facts, one step far. */
const linkedShapes = (catalogue: Catalogue, link: Fact): readonly FactShape[] =>
  [...factsOf(catalogue, link.to ?? '').values()]
    .filter((f) => f.type !== 'link')
    .map((f) => ({
      ...shapeOf(catalogue, f),
      name: `${link.key}.${f.key}`,
      label: `${link.label}的${f.label}`,
      timed: (f.timed ?? false) || (link.timed ?? false),
      kind: 'link',
    }));

const periodShapes: readonly FactShape[] = [
  { name: 'period.start', label: '期初', type: { kind: 'date' }, timed: false, kind: 'period' },
  { name: 'period.end', label: '期末', type: { kind: 'date' }, timed: false, kind: 'period' },
  { name: 'period.key', label: '所属期', type: { kind: 'string' }, timed: false, kind: 'period' },
  { name: 'subject.key', label: '本人（本单位）证件号码', type: { kind: 'string' }, timed: false, kind: 'subject' },
];

const bases = new WeakMap<Catalogue, Map<string, readonly FactShape[]>>();

const baseShapes = (catalogue: Catalogue, register: string): readonly FactShape[] => {
  const known = bases.get(catalogue) ?? new Map<string, readonly FactShape[]>();
  bases.set(catalogue, known);
  const before = known.get(register);
  if (before !== undefined) return before;
  const facts = [...factsOf(catalogue, register).values()];
  const made = [
    ...facts.map((f) => shapeOf(catalogue, f)),
    ...facts.filter((f) => f.type === 'link').flatMap((f) => linkedShapes(catalogue, f)),
    ...periodShapes,
  ];
  known.set(register, made);
  return made;
};

export interface Names {
  readonly vocabulary: Vocabulary;
  readonly env: TypeEnv;
}

/** A name beyond the catalogue: a fact of the item, or one of an element. */
export interface OwnName {
  readonly name: string;
  readonly label: string;
  readonly type: FeelType;
  readonly kind: 'item' | 'element';
  /** Labels of a record's fields. */
  readonly fields?: ReadonlyMap<string, string>;
}

const plainNames = new WeakMap<Catalogue, Map<string, Names>>();

/** Own names stand before the catalogue's of the same name: an element's field is what `where` means by it. */
export const namesOf = (catalogue: Catalogue, register: string, own: readonly OwnName[]): Names => {
  if (own.length > 0) return namesWith(catalogue, register, own);
  const known = plainNames.get(catalogue) ?? new Map<string, Names>();
  plainNames.set(catalogue, known);
  const made = known.get(register) ?? namesWith(catalogue, register, []);
  known.set(register, made);
  return made;
};

const namesWith = (catalogue: Catalogue, register: string, own: readonly OwnName[]): Names => {
  const shapes = new Map<string, FactShape>(baseShapes(catalogue, register).map((s) => [s.name, s]));
  const types: Record<string, FeelType> = Object.fromEntries(
    [...shapes.values()].filter((s) => s.kind !== 'link').map((s) => [s.name, s.type]),
  );
  for (const o of own) {
    shapes.set(o.name, { name: o.name, label: o.label, type: o.type, kind: o.kind, timed: false });
    types[o.name] = o.type;
    if (o.kind !== 'element' || o.type.kind !== 'record') continue;
    for (const [field, type] of Object.entries(o.type.fields))
      shapes.set(`${o.name}.${field}`, {
        name: `${o.name}.${field}`,
        label: o.fields?.get(field) ?? field,
        type,
        timed: false,
        kind: 'element',
      });
  }
  const index = treesOf(catalogue);
  const vocabulary: Vocabulary = {
    find: (name) => shapes.get(name),
    names: [...shapes.keys()],
    hasCode: (tree, code) => index.get(tree)?.has(code) ?? false,
    codeName: (tree, code) => index.get(tree)?.node(code)?.name ?? null,
  };
  return { vocabulary, env: typeEnv(types) };
};

/** What an element of a list fact brings: itself under `aliases`, and its fields by their bare names. */
export const elementNames = (fact: Fact, type: FeelType, aliases: readonly string[]): readonly OwnName[] => {
  if (type.kind !== 'list' || type.element.kind !== 'record') return [];
  const { element } = type;
  const labels = new Map((fact.fields ?? []).map((f) => [f.key, f.label]));
  return [
    ...aliases.map((name): OwnName => ({ name, label: fact.label, type: element, kind: 'element', fields: labels })),
    ...Object.entries(element.fields).map(([name, t]): OwnName => ({ name, label: labels.get(name) ?? name, type: t, kind: 'element' })),
  ];
};
