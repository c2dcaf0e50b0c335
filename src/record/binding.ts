// Which column of a file is which column of the dataset: by the label exactly, by a mapping a person has saved, by the label's usual spellings, and, as a
// proposal for a person only, by synonyms and units. Pure: what is not certain is never applied.
import { nearest } from '../base/nearest.ts';
import type { Catalogue, Column, Dataset } from '../catalogue/catalogue.ts';
import { areSynonyms, labelOf, type Unit, unitOf } from './label.ts';

/** `exact`, `same` (but for width, spaces, brackets) and `saved` are certain; `synonym` and `unit` are proposals. */
export type How = 'exact' | 'same' | 'saved' | 'synonym' | 'unit';

export interface BoundColumn {
  /** Position in the file's rows, and the label there. */
  readonly index: number;
  readonly label: string;
  readonly how: How;
  /** Power of ten that brings a number to the dataset's unit: 4 for a column in 万元 where the dataset holds 元. */
  readonly scale: number;
}

export interface Binding {
  /** Header of the dataset's column → where it stands in the file. */
  readonly columns: ReadonlyMap<string, BoundColumn>;
  readonly missing: readonly string[];
  /** Headers that more than one column of the file could be. */
  readonly doubled: readonly string[];
  /** Labels whose unit contradicts the dataset's. */
  readonly units: readonly { readonly label: string; readonly header: string }[];
}

/** What a person has settled: a file's label → the header of the dataset's column, and the scale of its numbers. */
export interface Settled {
  readonly to: string;
  readonly scale: number;
}
export type Mapping = Readonly<Record<string, Settled>>;

/** Labels are compared in their squeezed form with the unit they name, so that 营业收入（元） and 营业收入（万元） are two. */
export const mappingKey = (label: string): string => {
  const { key, unit } = labelOf(label);
  return unit === null ? key : `${key}|${unit.family}|${unit.power}`;
};

interface Expected {
  readonly header: string;
  readonly key: string;
  /** Other names it goes by in the catalogue: the fact's key and label. */
  readonly names: readonly string[];
  readonly unit: Unit | null;
}

const expectedOf = (dataset: Dataset, catalogue: Catalogue, column: Column): Expected => {
  const named = dataset.shape === 'list' ? dataset.fact : column.to;
  const fact = catalogue.facts.find((f) => f.register === dataset.register && f.key === named);
  const meant = dataset.shape === 'list' ? fact?.fields?.find((f) => f.key === column.to) : fact;
  const own = labelOf(column.header);
  const names = column.to.startsWith('$') ? [] : [column.to, ...(meant === undefined ? [] : [meant.label])].map((n) => labelOf(n).key);
  return {
    header: column.header,
    key: own.key,
    names,
    unit: own.unit ?? (meant?.unit === undefined ? null : (unitOf(meant.unit) ?? null)),
  };
};

/** Compiled once per dataset: binding is asked for every candidate row of every sheet. */
export interface Binder {
  /** `stated`: the unit a title gives for all amounts that name none (`单位：万元`). */
  bind(labels: readonly string[], stated?: string | null): Binding;
  /** How many of the dataset's columns the labels could be, certain or proposed. */
  score(labels: readonly string[]): number;
}

type Match =
  | { readonly header: string; readonly how: How; readonly scale: number }
  | { readonly header: string; readonly how: 'contradicts' };

const rank: Readonly<Record<How, number>> = { exact: 0, saved: 1, same: 2, unit: 3, synonym: 4 };

export const binderOf = (dataset: Dataset, catalogue: Catalogue, mapping: Mapping | null): Binder => {
  const expected = dataset.columns.map((column) => expectedOf(dataset, catalogue, column));
  const headers = new Set(expected.map((e) => e.header));
  const known = new Map<string, Match | null>();
  const match = (label: string): Match | null => {
    let found = known.get(label);
    if (found === undefined) {
      found = matchOf(label, expected, headers, mapping);
      if (known.size < 10_000) known.set(label, found);
    }
    return found;
  };
  return {
    bind: (labels, stated = null) => {
      const family = stated === null ? undefined : unitOf(stated)?.family;
      const measured = new Set(expected.flatMap((e) => (family !== undefined && e.unit?.family === family ? [e.header] : [])));
      const withUnit = (label: string): string =>
        measured.size > 0 && measured.has(match(label)?.header ?? '') && labelOf(label).unit === null ? `${label}（${stated}）` : label;
      return bindLabels(
        labels.map((l) => withUnit(l.trim())),
        expected,
        match,
      );
    },
    score: (labels) => new Set(labels.flatMap((label) => match(label.trim())?.header ?? [])).size,
  };
};

const matchOf = (label: string, expected: readonly Expected[], headers: ReadonlySet<string>, mapping: Mapping | null): Match | null => {
  if (label === '') return null;
  const settled = mapping?.[mappingKey(label)];
  if (settled !== undefined && headers.has(settled.to)) return { header: settled.to, how: 'saved', scale: settled.scale };
  if (headers.has(label)) return { header: label, how: 'exact', scale: 0 };
  const { key, unit } = labelOf(label);
  if (key === '') return null;
  const plain = expected.filter((e) => e.key === key);
  const close = plain.length > 0 ? plain : expected.filter((e) => e.names.includes(key) || areSynonyms(key, e.key));
  const [e] = close;
  // A label that could be two columns is none until a person says which.
  if (e === undefined || close.length > 1) return null;
  if (unit !== null && e.unit !== null && unit.family !== e.unit.family) return { header: e.header, how: 'contradicts' };
  const scale = unit === null || e.unit === null ? 0 : unit.power - e.unit.power;
  const sameUnit = unit === null || (e.unit !== null && scale === 0);
  return { header: e.header, how: !sameUnit ? 'unit' : plain.length > 0 ? 'same' : 'synonym', scale };
};

const bindLabels = (labels: readonly string[], expected: readonly Expected[], match: (label: string) => Match | null): Binding => {
  const found = new Map<string, BoundColumn[]>();
  const units: Binding['units'][number][] = [];
  labels.forEach((label, index) => {
    const m = match(label);
    if (m === null) return;
    if (m.how === 'contradicts') units.push({ label, header: m.header });
    else found.set(m.header, [...(found.get(m.header) ?? []), { index, label, how: m.how, scale: m.scale }]);
  });
  const columns = new Map<string, BoundColumn>();
  const doubled: string[] = [];
  for (const [header, candidates] of found) {
    const best = Math.min(...candidates.map((c) => rank[c.how]));
    // The very label beside one that only resembles it is no doubt; two equally good ones are.
    const certain = candidates.filter((c) => (best <= rank.saved ? rank[c.how] === best : true));
    if (certain.length === 1) columns.set(header, certain[0] as BoundColumn);
    else doubled.push(header);
  }
  const missing = [...new Set(expected.map((e) => e.header))].filter((h) => !columns.has(h) && !doubled.includes(h));
  return { columns, missing, doubled, units: units.filter((u) => missing.includes(u.header)) };
};

/** Whether everything was told by the label itself or by a person before. */
export const isCertain = (binding: Binding): boolean =>
  [...binding.columns.values()].every((c) => c.how === 'exact' || c.how === 'same' || c.how === 'saved');

/** The labels of a file as a mapping to save: what `binding` holds that a label alone does not say. */
export const mappingFrom = (binding: Binding): Mapping =>
  Object.fromEntries(
    [...binding.columns].flatMap(([to, c]) => (c.how === 'exact' ? [] : [[mappingKey(c.label), { to, scale: c.scale }] as const])),
  );

/** For each missing header the label in the file that resembles it most; a hint, never applied. */
export const likeliest = (binding: Binding, labels: readonly string[]): readonly (readonly [header: string, label: string])[] => {
  const taken = new Set([...binding.columns.values()].map((c) => c.index));
  const free = labels.filter((label, i) => label.trim() !== '' && !taken.has(i)).slice(0, 100);
  return binding.missing.flatMap((header) => nearest(header, free, 1).map((label) => [header, label] as const));
};
