// What a rule may name, as a builder offers it: label, type, unit, where it comes from and how fresh that is, and what may be asked of it.
import type { Catalogue, Dataset, Fact } from '../catalogue/catalogue.ts';
import { isGranted } from '../catalogue/purpose.ts';
import type { FeelType } from '../feel/type.ts';
import { namesOf } from '../policy/vocabulary.ts';
import { operatorsFor } from '../rule/check.ts';
import type { FactShape } from '../rule/vocabulary.ts';

/** The type as a value editor needs it. */
export interface TypeTold {
  readonly kind: 'number' | 'boolean' | 'text' | 'date' | 'code' | 'set' | 'list' | 'series' | 'other';
  readonly unit: string | null;
  readonly values: readonly string[] | null;
  readonly tree: string | null;
}

export interface SourceTold {
  readonly dataset: string;
  readonly title: string;
  readonly department: string;
  /** The day its last delivery speaks of; null: never delivered. */
  readonly asOf: string | null;
  readonly freshness: 'fresh' | 'stale' | 'never';
}

export interface NameTold {
  readonly name: string;
  readonly label: string;
  readonly kind: FactShape['kind'];
  readonly type: TypeTold;
  readonly timed: boolean;
  readonly operators: readonly string[];
  readonly sources: readonly SourceTold[];
  /** Its department lets this item read it; a rule that reads others is not published. */
  readonly granted: boolean;
  /** Lists of records: their fields. */
  readonly fields: readonly { readonly name: string; readonly label: string; readonly type: TypeTold }[];
}

const scalar = (kind: TypeTold['kind'], more: Partial<TypeTold> = {}): TypeTold => ({
  kind,
  unit: null,
  values: null,
  tree: null,
  ...more,
});

export const tellType = (type: FeelType): TypeTold => {
  switch (type.kind) {
    case 'number':
      return scalar('number', { unit: type.unit ?? null });
    case 'boolean':
    case 'date':
      return scalar(type.kind);
    case 'string':
      return scalar('text', { values: type.values ?? null });
    case 'code':
      return scalar('code', { tree: type.tree });
    case 'series':
      return scalar('series', { unit: type.unit ?? null });
    case 'list': {
      if (type.element.kind === 'record') return scalar('list');
      const { values, tree, unit } = tellType(type.element);
      return scalar('set', { values, tree, unit });
    }
    default:
      return scalar('other');
  }
};

type Named = Pick<FactShape, 'name' | 'label' | 'type' | 'timed'>;

export const tellName = (one: Named, kind: FactShape['kind'], more: Partial<NameTold> = {}): NameTold => ({
  name: one.name,
  label: one.label,
  kind,
  type: tellType(one.type),
  timed: one.timed,
  operators: operatorsFor({ ...one, kind }).map((operator) => operator.name),
  sources: [],
  granted: true,
  fields: [],
  ...more,
});

/** Fields of a list an item makes for itself, by the labels its register's lists give them. */
export const fieldsIn = (type: FeelType, catalogue: Catalogue, register: string): NameTold['fields'] => {
  if (type.kind !== 'list' || type.element.kind !== 'record') return [];
  const labels = new Map(
    catalogue.facts.flatMap((fact) =>
      fact.register === register ? (fact.fields ?? []).map(({ key, label }) => [key, label] as const) : [],
    ),
  );
  return Object.entries(type.element.fields).map(([name, one]) => ({ name, label: labels.get(name) ?? name, type: tellType(one) }));
};

/** Whom a subject of the register may be linked to. */
export const linksFor = (catalogue: Catalogue, register: string): readonly { readonly name: string; readonly label: string }[] =>
  catalogue.facts.filter((fact) => fact.register === register && fact.type === 'link').map(({ key, label }) => ({ name: key, label }));

export interface Standing {
  readonly dataset: Dataset;
  readonly asOf: string | null;
  readonly freshness: SourceTold['freshness'];
}

const sourcesOf = (fact: Fact, standings: ReadonlyMap<string, Standing>): readonly SourceTold[] =>
  fact.datasets.flatMap((id) => {
    const found = standings.get(id);
    if (found === undefined) return [];
    const { dataset, asOf, freshness } = found;
    return [{ dataset: id, title: dataset.title, department: dataset.department, asOf, freshness }];
  });

/** Everything of one register an item may name: own facts, facts of whoever it is linked to, the period. Links themselves are only walked. */
export const namesFor = (
  catalogue: Catalogue,
  register: string,
  item: string,
  standings: ReadonlyMap<string, Standing>,
): readonly NameTold[] => {
  const { vocabulary } = namesOf(catalogue, register, []);
  const facts = new Map(catalogue.facts.map((fact) => [`${fact.register}\n${fact.key}`, fact]));
  const factOf = (name: string): Fact | undefined => {
    const [head = '', key] = name.split('.');
    const own = facts.get(`${register}\n${head}`);
    return key === undefined ? own : facts.get(`${own?.to ?? ''}\n${key}`);
  };
  return vocabulary.names.flatMap((name) => {
    const shape = vocabulary.find(name);
    const fact = factOf(name);
    if (shape === undefined || (shape.kind !== 'period' && shape.kind !== 'subject' && fact === undefined)) return [];
    if (fact === undefined) return [tellName(shape, shape.kind)];
    if (fact.type === 'link') return [];
    const element = shape.type.kind === 'list' && shape.type.element.kind === 'record' ? shape.type.element : null;
    const fields = (fact.fields ?? []).flatMap((field) => {
      const type = element?.fields[field.key];
      return type === undefined ? [] : [{ name: field.key, label: field.label, type: tellType(type) }];
    });
    return [tellName(shape, shape.kind, { sources: sourcesOf(fact, standings), granted: isGranted(fact, item), fields })];
  });
};
