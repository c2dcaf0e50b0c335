// One column out of several: rows of a base and of what was sealed since, in the order of the block, as if they had been sealed together. Arrays are copied
// in stretches and codes translated; where several encodings meet in one vector the values themselves are encoded anew, as a seal would.
import type { ScalarType } from '../catalogue/catalogue.ts';
import { type Column, endCell, firstCell, openFrom, openTo, type Reason, rowState, rowStateAt } from './columns.ts';
import type { Shape, Values } from './values.ts';
import { finishVector, narrow, plainAt, pushValue, state, type Vector, vectorBuilder } from './vector.ts';

/** `count` entries from `from` on of one source; a source that is not there gives entries about which nothing was said. */
export interface Stretch {
  readonly source: number;
  readonly from: number;
  readonly count: number;
}

const total = (stretches: readonly Stretch[]): number => stretches.reduce((sum, s) => sum + s.count, 0);

type Codes = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** Copies numbers; `map` says what becomes of a source's own, `missing` stands where a source has none. */
const copyInts = (
  into: Int32Array | Uint8Array | Uint32Array,
  stretches: readonly Stretch[],
  sources: readonly (Codes | undefined | null)[],
  missing: (source: number) => number,
  map?: (source: number) => Int32Array | null,
): void => {
  let at = 0;
  for (const { source, from, count } of stretches) {
    const data = sources[source];
    const codes = map?.(source) ?? null;
    if (data == null) into.fill(missing(source), at, at + count);
    else if (codes === null) into.set(data.subarray(from, from + count), at);
    else for (let i = 0; i < count; i++) into[at + i] = codes[data[from + i] as number] as number;
    at += count;
  }
};

/** One list of all the sources' entries, and where each source's own came to stand. */
const unite = <T>(lists: readonly (readonly T[])[], nameOf: (entry: T) => string) => {
  const places = new Map<string, number>();
  const all: T[] = [];
  const codes = lists.map((list) =>
    Int32Array.from(list, (entry) => {
      const name = nameOf(entry);
      let place = places.get(name);
      if (place === undefined) {
        place = all.length;
        places.set(name, place);
        all.push(entry);
      }
      return place;
    }),
  );
  return { all, codes };
};

const statesOf = (sources: readonly (Vector | null)[], stretches: readonly Stretch[], length: number): Uint8Array | undefined => {
  const states = new Uint8Array(length);
  copyInts(
    states,
    stretches,
    sources.map((v) => v?.states),
    (source) => (sources[source] == null ? state.absent : state.value),
  );
  return states.every((s) => s === state.value) ? undefined : states;
};

const gatherVector = (type: ScalarType, sources: readonly (Vector | null)[], stretches: readonly Stretch[]): Vector => {
  const present = sources.filter((v): v is Vector => v !== null && v.length > 0);
  const [first] = present;
  const alike = present.every((v) => v.kind === first?.kind && (v.scale ?? 0) === (first.scale ?? 0));
  if (first === undefined || !alike || first.kind === 'json' || first.kind === 'long') return encodeAnew(type, sources, stretches);
  const length = total(stretches);
  // A few rows of many name a few texts: the others need not be looked at.
  const texts = sources.reduce((sum, v) => sum + (v?.dictionary?.length ?? 0), 0);
  if (first.kind === 'text' && texts > 4 * length) return encodeAnew(type, sources, stretches);
  const states = statesOf(sources, stretches, length);
  const head = { kind: first.kind, length, ...(states === undefined ? {} : { states }) };
  const arrays = sources.map((v) => (v === null || v.length === 0 ? null : (v.data as Codes)));
  if (first.kind === 'text') {
    const { all, codes } = unite(
      sources.map((v) => v?.dictionary ?? []),
      (text) => text,
    );
    const data = new Int32Array(length);
    copyInts(
      data,
      stretches,
      arrays,
      () => 0,
      (source) => codes[source] as Int32Array,
    );
    return { ...head, data: narrow(data, all.length), dictionary: all };
  }
  const data = first.kind === 'bool' ? new Uint8Array(length) : new Int32Array(length);
  copyInts(data, stretches, arrays, () => 0);
  return { ...head, data, ...(first.scale === undefined ? {} : { scale: first.scale }) };
};

const encodeAnew = (type: ScalarType, sources: readonly (Vector | null)[], stretches: readonly Stretch[]): Vector => {
  const builder = vectorBuilder(type);
  for (const { source, from, count } of stretches) {
    const vector = sources[source] ?? null;
    for (let i = from; i < from + count; i++) pushValue(builder, vector === null ? undefined : plainAt(vector, i));
  }
  return finishVector(builder);
};

const scalarOf = (shape: Shape): ScalarType =>
  shape.type === 'set' || shape.type === 'series' || shape.type === 'list' || shape.type === 'link' ? 'text' : shape.type;

type Nested = Exclude<Values, { shape: 'scalar' }>;

const gatherValues = (shape: Shape, sources: readonly (Values | null)[], stretches: readonly Stretch[]): Values => {
  if (shape.type !== 'set' && shape.type !== 'series' && shape.type !== 'list') {
    const vectors = sources.map((v) => (v?.shape === 'scalar' ? v.vector : null));
    return { shape: 'scalar', vector: gatherVector(scalarOf(shape), vectors, stretches) };
  }
  const nested = sources.map((v) => (v === null || v.shape === 'scalar' ? null : v));
  const length = total(stretches);
  const states = new Uint8Array(length);
  copyInts(
    states,
    stretches,
    nested.map((v) => v?.states),
    () => state.absent,
  );
  const offsets = new Uint32Array(length + 1);
  const elements = elementsOf(nested, stretches, offsets);
  const odd = nested.some((v) => v?.odd !== undefined)
    ? {
        odd: encodeAnew(
          'text',
          nested.map((v) => v?.odd ?? null),
          stretches,
        ),
      }
    : {};
  const head = { length, states, offsets, ...odd };
  return gatherElements(shape, nested, elements, head);
};

/** Where the elements of the entries stand; fills the offsets of the whole. */
const elementsOf = (nested: readonly (Nested | null)[], stretches: readonly Stretch[], offsets: Uint32Array): readonly Stretch[] => {
  const elements: Stretch[] = [];
  let [at, reached] = [0, 0];
  for (const { source, from, count } of stretches) {
    const own = nested[source]?.offsets;
    const begin = own?.[from] ?? 0;
    for (let i = 0; i < count; i++) offsets[at + i] = own === undefined ? reached : reached + (own[from + i] as number) - begin;
    const size = own === undefined ? 0 : (own[from + count] as number) - begin;
    if (size > 0) elements.push({ source, from: begin, count: size });
    at += count;
    reached += size;
  }
  offsets[at] = reached;
  return elements;
};

const gatherElements = (
  shape: Shape,
  nested: readonly (Nested | null)[],
  elements: readonly Stretch[],
  head: Pick<Nested, 'length' | 'states' | 'offsets' | 'odd'>,
): Values => {
  if (shape.type === 'set') {
    const own = nested.map((v) => (v?.shape === 'set' ? v.elements : null));
    return { shape: 'set', ...head, elements: gatherVector('category', own, elements) };
  }
  if (shape.type === 'series') {
    const own = nested.map((v) => (v?.shape === 'series' ? v : null));
    const periods = gatherVector(
      'category',
      own.map((v) => v?.periods ?? null),
      elements,
    );
    const numbers = gatherVector(
      'number',
      own.map((v) => v?.numbers ?? null),
      elements,
    );
    return { shape: 'series', ...head, periods, numbers };
  }
  const own = nested.map((v) => (v?.shape === 'list' ? v : null));
  const fields = Object.fromEntries(
    (shape.fields ?? []).map((field) => [
      field.key,
      gatherValues(
        field,
        own.map((v) => v?.fields[field.key] ?? null),
        elements,
      ),
    ]),
  );
  const rests = own.map((v) => v?.rest ?? null);
  const rest = rests.some((v) => v !== null) ? { rest: encodeAnew('text', rests, elements) } : {};
  return { shape: 'list', ...head, fields, ...rest };
};

const reasonName = ({ reason, dataset, asOf }: Reason): string => JSON.stringify([reason, dataset, asOf ?? null]);

/** The rows of the stretches as one column; null where no source was told anything. */
export const gatherColumn = (shape: Shape, sources: readonly (Column | null)[], stretches: readonly Stretch[]): Column | null => {
  if (sources.every((c) => c === null)) return null;
  const rows = total(stretches);
  const rowStates = new Uint8Array(rows);
  const offsets = new Uint32Array(rows + 1);
  const cells: Stretch[] = [];
  let [at, reached] = [0, 0];
  for (const { source, from, count } of stretches) {
    const column = sources[source] ?? null;
    const begin = column === null ? 0 : firstCell(column, from);
    for (let i = 0; i < count; i++) {
      rowStates[at + i] = column === null ? rowState.none : rowStateAt(column, from + i);
      offsets[at + i] = column === null ? reached : reached + firstCell(column, from + i) - begin;
    }
    const size = column === null ? 0 : endCell(column, from + count - 1) - begin;
    if (size > 0) cells.push({ source, from: begin, count: size });
    at += count;
    reached += size;
  }
  offsets[at] = reached;
  const single = reached === rows && offsets.every((offset, i) => offset === i);
  return {
    rows,
    ...(rowStates.every((s) => s === rowState.told) ? {} : { rowStates }),
    ...(single ? {} : { offsets }),
    ...gatherDays(sources, cells, reached),
    ...gatherSources(sources, cells, reached),
    ...gatherReasons(sources, stretches, rows),
    values: gatherValues(
      shape,
      sources.map((c) => c?.values ?? null),
      cells,
    ),
  };
};

const gatherDays = (sources: readonly (Column | null)[], cells: readonly Stretch[], count: number): Pick<Column, 'from' | 'to'> => {
  if (sources.every((c) => c?.from === undefined)) return {};
  const [from, to] = [new Int32Array(count), new Int32Array(count)];
  copyInts(
    from,
    cells,
    sources.map((c) => c?.from),
    () => openFrom,
  );
  copyInts(
    to,
    cells,
    sources.map((c) => c?.to),
    () => openTo,
  );
  return { from, to };
};

const gatherSources = (
  sources: readonly (Column | null)[],
  cells: readonly Stretch[],
  count: number,
): Pick<Column, 'sources' | 'source'> => {
  const { all, codes } = unite(
    sources.map((c) => c?.sources ?? []),
    ({ dataset, asOf }) => `${dataset}\n${asOf}`,
  );
  if (all.length <= 1) return { sources: all };
  const out = new Int32Array(count);
  copyInts(
    out,
    cells,
    sources.map((c) => c?.source),
    (source) => codes[source]?.[0] ?? 0,
    (source) => codes[source] as Int32Array,
  );
  return { sources: all, source: narrow(out, all.length) };
};

const gatherReasons = (
  sources: readonly (Column | null)[],
  stretches: readonly Stretch[],
  rows: number,
): Pick<Column, 'reasons' | 'reason'> => {
  const { all, codes } = unite(
    sources.map((c) => c?.reasons ?? []),
    reasonName,
  );
  if (all.length === 0) return { reasons: [] };
  const out = new Int32Array(rows);
  // 0 stays 0: no reason.
  const shifted = codes.map((own) => Int32Array.from([0, ...own.map((code) => code + 1)]));
  copyInts(
    out,
    stretches,
    sources.map((c) => c?.reason),
    () => 0,
    (source) => shifted[source] as Int32Array,
  );
  return { reasons: all, reason: narrow(out, all.length + 1) };
};
