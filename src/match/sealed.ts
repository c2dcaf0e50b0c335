// What of a match's evidence rests encrypted: every value the decision read and what it came to at each step, in one sealed text under `$`, bound to
// the match. In clear stays what SQL asks for: period, hashes, digest, mode, what is missing (names, no values), caps, the day that orders a budget.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Db, Tx } from '../db/handle.ts';
import type { SealedColumn } from '../vault/column.ts';
import { vaultOf } from '../vault/hold.ts';
import { type Evidence, jsonText } from './match.ts';

type Inside = Pick<Evidence, 'read' | 'trace' | 'governed' | 'closing'>;

/** `evidence` as the database has it. */
export type StoredEvidence = Omit<Evidence, keyof Inside> & { readonly $: string };

/** What names a match before it has an id. */
export interface MatchPlace {
  readonly subjectId: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly sequence: number;
}

const placeOf = (at: MatchPlace): readonly string[] => ['match', 'evidence', at.subjectId, at.itemId, at.periodKey, String(at.sequence)];

/** Sealed text does not compress, so it is deflated before: a seventh of its size; a small window costs half of what the usual one does. */
const deflation = { level: 1, memLevel: 5, windowBits: 13 } as const;

/** Filled up to a multiple of this: else the length alone would tell a day of death from none. What follows a deflated text's end is not read. */
const padding = 64;
const packed = (text: string): Uint8Array => {
  const small = deflateRawSync(text, deflation);
  const out = new Uint8Array(Math.ceil(small.length / padding) * padding);
  out.set(small);
  return out;
};

export const sealEvidence = (tx: Tx, at: MatchPlace, evidence: Evidence): StoredEvidence => {
  const { read, trace, governed, closing, ...open } = evidence;
  const inside: Inside = { read, trace, ...(governed === undefined ? {} : { governed }), ...(closing === undefined ? {} : { closing }) };
  const sealed = vaultOf(tx).seal(packed(jsonText(inside)), placeOf(at));
  return { ...open, $: Buffer.from(sealed).toString('base64') };
};

/** The whole evidence. Throws `internal.sealed` where it was changed or stands at another match. */
export const openEvidence = (reader: Db | Tx, at: MatchPlace, stored: StoredEvidence | Evidence): Evidence => {
  if (!('$' in stored)) return stored;
  const { $: sealed, ...open } = stored;
  const text = inflateRawSync(vaultOf(reader).open(Buffer.from(sealed, 'base64'), placeOf(at))).toString('utf8');
  return { ...open, ...(JSON.parse(text) as Inside) };
};

export const sealedEvidence: readonly SealedColumn[] = [
  {
    table: 'match',
    column: 'evidence',
    title: '判定依据',
    path: ['$'],
    needs: { subject: 't.subject_id', item: 't.item_id', period: 't.period_key', sequence: 't.sequence' },
    where: `t.evidence ? '$'`,
    place: ({ subject = '', item = '', period = '', sequence = '' }) =>
      placeOf({ subjectId: subject, itemId: item, periodKey: period, sequence: Number(sequence) }),
  },
];
