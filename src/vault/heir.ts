// Who receives what was due to the dead, at rest: name, number, contact and account are sealed and bound to the row; nobody reads them but whoever names, pays
// or writes to the heir.
import type { Db, Tx } from '../db/handle.ts';
import type { SealedColumn } from './column.ts';
import { vaultOf } from './hold.ts';

export interface HeirPerson {
  readonly name: string;
  readonly number: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly account: string;
}

const placeOf = (id: string): readonly string[] => ['heir', 'person', id];

export const sealHeir = (tx: Tx, id: string, person: HeirPerson): Uint8Array =>
  vaultOf(tx).seal(Buffer.from(JSON.stringify(person)), placeOf(id));

export const openHeir = (reader: Db | Tx, id: string, sealed: Uint8Array): HeirPerson =>
  JSON.parse(Buffer.from(vaultOf(reader).open(sealed, placeOf(id))).toString()) as HeirPerson;

export const sealedHeirs: readonly SealedColumn[] = [
  { table: 'heir', column: 'person', title: '继承人', bytes: true, place: ({ id = '' }) => placeOf(id) },
];
