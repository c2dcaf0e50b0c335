// Who stands at which row of a block. The surrogate ids travel with the names but stay out of the content hash: they are the database's own,
// and the same data sealed in two databases must be the same snapshot.
import { createHash } from 'node:crypto';
import { type Packable, pack, unpack } from './pack.ts';
import { finishVector, plainAt, pushValue, state, stateAt, type Vector, type VectorBuilder, vectorBuilder } from './vector.ts';

export interface SealedSubject {
  readonly subjectId: string;
  readonly key: string;
  readonly name: string | null;
  readonly division: string | null;
}

export interface SubjectsBuilder {
  readonly ids: VectorBuilder;
  readonly keys: VectorBuilder;
  readonly names: VectorBuilder;
  readonly divisions: VectorBuilder;
}

export const subjectsBuilder = (): SubjectsBuilder => ({
  ids: vectorBuilder('text'),
  keys: vectorBuilder('text'),
  names: vectorBuilder('text'),
  divisions: vectorBuilder('text'),
});

/** `undefined` where the block has no subject at this row. */
export const pushSubject = (builder: SubjectsBuilder, subject: SealedSubject | undefined): void => {
  pushValue(builder.ids, subject?.subjectId);
  pushValue(builder.keys, subject?.key);
  pushValue(builder.names, subject === undefined ? undefined : subject.name);
  pushValue(builder.divisions, subject === undefined ? undefined : subject.division);
};

export const finishSubjects = (builder: SubjectsBuilder): { readonly hash: string; readonly bytes: Uint8Array } => {
  const shown = { keys: finishVector(builder.keys), names: finishVector(builder.names), divisions: finishVector(builder.divisions) };
  const hash = createHash('sha256')
    .update(pack(shown as unknown as Packable))
    .digest('hex');
  return { hash, bytes: pack({ ids: finishVector(builder.ids), ...shown } as unknown as Packable) };
};

export interface Subjects {
  readonly rows: number;
  /** null where the block has no subject. */
  at(row: number): SealedSubject | null;
  key(row: number): string | null;
  id(row: number): string | null;
  division(row: number): string | null;
}

type TextAt = (row: number) => string | null;

const textsIn =
  (vector: Vector): TextAt =>
  (row) =>
    row < vector.length ? ((plainAt(vector, row) ?? null) as string | null) : null;

/** The same with the texts one after the other as bytes, each made when it is asked for: half the memory, and nothing for the collector to walk through. */
const bytesIn = (vector: Vector): TextAt => {
  const { dictionary, data, states, length } = vector;
  if (vector.kind !== 'text' || dictionary === undefined) return textsIn(vector);
  const bytes = Buffer.from(dictionary.join(''));
  const starts = new Uint32Array(dictionary.length + 1);
  for (const [code, text] of dictionary.entries()) starts[code + 1] = (starts[code] as number) + Buffer.byteLength(text);
  const told = { kind: vector.kind, data, length, ...(states === undefined ? {} : { states }) };
  return (row) => {
    if (row >= length || stateAt(told, row) !== state.value) return null;
    const code = Number(data[row]);
    return bytes.toString('utf8', starts[code], starts[code + 1]);
  };
};

/** `few`: of few of its rows it will be asked who stands there. */
export const openSubjects = (segment: Uint8Array, few = false): Subjects => {
  const vectors = unpack<{ ids: Vector; keys: Vector; names: Vector; divisions: Vector }>(segment);
  const opened = few ? bytesIn : textsIn;
  const [id, key, name, division] = [vectors.ids, vectors.keys, vectors.names, vectors.divisions].map(opened) as [
    TextAt,
    TextAt,
    TextAt,
    TextAt,
  ];
  return {
    rows: vectors.keys.length,
    key,
    id,
    division,
    at: (row) => {
      const [subjectId, own] = [id(row), key(row)];
      return subjectId === null || own === null ? null : { subjectId, key: own, name: name(row), division: division(row) };
    },
  };
};
