// What a person says of a datum about themselves, at rest: the value it should be, their note and phone are sealed and bound to the ticket.
import type { Db, Tx } from '../db/handle.ts';
import type { SealedColumn } from './column.ts';
import { vaultOf } from './hold.ts';

export interface PersonTold {
  /** As the page showed it. */
  readonly seen: string;
  readonly wanted: string;
  readonly note: string;
  readonly phone: string;
}

const placeOf = (id: string): readonly string[] => ['ticket', 'told', id];

export const sealTold = (tx: Tx, id: string, told: PersonTold): Uint8Array =>
  vaultOf(tx).seal(Buffer.from(JSON.stringify(told)), placeOf(id));

export const openTold = (reader: Db | Tx, id: string, sealed: Uint8Array): PersonTold =>
  JSON.parse(Buffer.from(vaultOf(reader).open(sealed, placeOf(id))).toString()) as PersonTold;

export const sealedTold: readonly SealedColumn[] = [
  { table: 'ticket', column: 'told', title: '本人反映的数据', bytes: true, place: ({ id = '' }) => placeOf(id) },
];
