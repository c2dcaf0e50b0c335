// Who objected, at rest: real name, number and how to answer are sealed and bound to the objection; nobody reads them but whoever answers.
import type { Db, Tx } from '../db/handle.ts';
import type { SealedColumn } from './column.ts';
import { vaultOf } from './hold.ts';

/** Real name and number; phone and mail are how to answer. */
export interface Objector {
  readonly name: string;
  readonly number: string;
  readonly phone: string | null;
  readonly email: string | null;
}

const placeOf = (id: string): readonly string[] => ['objection', 'objector', id];

export const sealObjector = (tx: Tx, id: string, objector: Objector): Uint8Array =>
  vaultOf(tx).seal(Buffer.from(JSON.stringify(objector)), placeOf(id));

export const openObjector = (reader: Db | Tx, id: string, sealed: Uint8Array): Objector =>
  JSON.parse(Buffer.from(vaultOf(reader).open(sealed, placeOf(id))).toString()) as Objector;

export const sealedObjectors: readonly SealedColumn[] = [
  { table: 'objection', column: 'objector', title: '异议人', bytes: true, place: ({ id = '' }) => placeOf(id) },
];
