// What an attestation says rests encrypted where the fact does; bound to its subject and fact, so that it cannot be moved to another.
import type { Db, Tx } from '../db/handle.ts';
import type { CellValue } from '../record/record.ts';
import type { SealedColumn, SealedRow } from '../vault/column.ts';
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

const about = {
  needs: { register: 't.register', subject: 't.subject_id', fact: 't.fact' },
  place: ({ register = '', subject = '', fact = '' }: SealedRow) => placeOf({ register, subjectId: subject, fact }),
};

export const sealedAttestations: readonly SealedColumn[] = [
  {
    table: 'attestation',
    column: 'value',
    title: '人工核定的值',
    path: ['$'],
    where: `jsonb_typeof(t.value) = 'object' and t.value ? '$'`,
    ...about,
  },
  { table: 'attestation', column: 'against', title: '人工核定时来源的说法', ...about },
];
