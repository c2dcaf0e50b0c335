// The catalogue as types of the expression language: what `birthDate`, `hires.jointInsuredMonths` or `spouse.hukouRegion` is.
import { type FeelType, listOf, recordOf, type TypeEnv, typeEnv } from '../feel/type.ts';
import type { Catalogue, Fact, Field } from './catalogue.ts';

/** Facts by key; a register without facts is empty. */
export const factsOf = (catalogue: Catalogue, register: string): ReadonlyMap<string, Fact> =>
  new Map(catalogue.facts.filter((f) => f.register === register).map((f) => [f.key, f]));

const numberType = (unit: string | undefined): FeelType => (unit === undefined ? { kind: 'number' } : { kind: 'number', unit });
const seriesType = (unit: string | undefined): FeelType => (unit === undefined ? { kind: 'series' } : { kind: 'series', unit });
const textType = (values: readonly string[] | undefined): FeelType =>
  values === undefined ? { kind: 'string' } : { kind: 'string', values };

const plainType = (f: Pick<Field, 'type' | 'unit' | 'values' | 'tree'>): FeelType => {
  switch (f.type) {
    case 'number':
      return numberType(f.unit);
    case 'boolean':
      return { kind: 'boolean' };
    case 'date':
      return { kind: 'date' };
    case 'code':
      return { kind: 'code', tree: f.tree ?? '' };
    case 'category':
    case 'text':
      return textType(f.values);
    case 'set':
      return listOf(textType(f.values));
    case 'series':
      return seriesType(f.unit);
  }
};

const elementType = (fields: readonly Field[]): FeelType => recordOf(Object.fromEntries(fields.map((f) => [f.key, plainType(f)])));

/** A link reads the other subject's own facts, one step far: its links are left out. */
const linkedType = (catalogue: Catalogue, register: string): FeelType => {
  const own = catalogue.facts.filter((f) => f.register === register && f.type !== 'link');
  return recordOf(Object.fromEntries(own.map((f) => [f.key, factType(catalogue, f)])));
};

export const factType = (catalogue: Catalogue, fact: Fact): FeelType => {
  switch (fact.type) {
    case 'list':
      return listOf(elementType(fact.fields ?? []));
    case 'link':
      return linkedType(catalogue, fact.to ?? '');
    default:
      return plainType({ ...fact, type: fact.type });
  }
};

/** Every fact of a register by name. */
export const factTable = (catalogue: Catalogue, register: string): Readonly<Record<string, FeelType>> =>
  Object.fromEntries(catalogue.facts.filter((f) => f.register === register).map((f) => [f.key, factType(catalogue, f)]));

/** The environment of a register's expressions; `more` adds `period.start`, item facts and what else a caller brings. */
export const factEnv = (catalogue: Catalogue, register: string, more: Readonly<Record<string, FeelType>> = {}): TypeEnv =>
  typeEnv({ ...factTable(catalogue, register), ...more });
