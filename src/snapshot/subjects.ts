// Who stands at which row of a block. The surrogate ids travel with the names but stay out of the content hash: they are the database's own,
// and the same data sealed in two databases must be the same snapshot.
import { createHash } from 'node:crypto';
import { type Packable, pack, unpack } from './pack.ts';
import { finishVector, plainAt, pushValue, type Vector, type VectorBuilder, vectorBuilder } from './vector.ts';

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

export const openSubjects = (segment: Uint8Array): Subjects => {
  const { ids, keys, names, divisions } = unpack<{ ids: Vector; keys: Vector; names: Vector; divisions: Vector }>(segment);
  const text = (vector: Vector, row: number): string | null =>
    row < vector.length ? ((plainAt(vector, row) ?? null) as string | null) : null;
  return {
    rows: keys.length,
    key: (row) => text(keys, row),
    id: (row) => text(ids, row),
    division: (row) => text(divisions, row),
    at: (row) => {
      const [subjectId, key] = [text(ids, row), text(keys, row)];
      return subjectId === null || key === null ? null : { subjectId, key, name: text(names, row), division: text(divisions, row) };
    },
  };
};
