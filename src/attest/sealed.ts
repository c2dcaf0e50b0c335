// What an attestation says rests encrypted where the fact does; bound to its subject and fact, so that it cannot be moved to another.
import type { Db, Tx } from '../db/handle.ts';
import type { CellValue } from '../record/record.ts';
import { vaultOf } from '../vault/hold.ts';

export type StoredValue = CellValue | { readonly $: string };

interface About {
  readonly register: string;
  readonly subjectId: string;
  readonly fact: string;
}

const placeOf = ({ register, subjectId, fact }: About): readonly string[] => ['attestation', 'text', register, subjectId, fact];

export const sealText = (reader: Db | Tx, about: About, text: string): string =>
  Buffer.from(vaultOf(reader).seal(new TextEncoder().encode(text), placeOf(about))).toString('base64');

export const openText = (reader: Db | Tx, about: About, sealed: string): string =>
  new TextDecoder().decode(vaultOf(reader).open(Buffer.from(sealed, 'base64'), placeOf(about)));
