// What of a match rests encrypted: every value the decision read, what it came to at each step, and its lines with their award steps, in one sealed text
// under `evidence.$`, bound to the match. In clear stays what SQL asks for: period, hashes, digest, mode, what is missing (names, no values), caps, the day that
// orders a budget; of a line its verdict, its amount, and its key and claimed objects as blind indexes.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Db, Tx } from '../db/handle.ts';
import type { DecisionLine } from '../rule/facts.ts';
import type { SealedColumn } from '../vault/column.ts';
import { vaultOf } from '../vault/hold.ts';
import { type Evidence, jsonText, type StoredLine, type Veil } from './match.ts';

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

/** Sealed text does not compress, so it is deflated before: a seventh of its size; a small window, and small pieces of what comes out, cost half of what the usual ones do. */
const deflation = { level: 1, memLevel: 4, windowBits: 12, chunkSize: 2048 } as const;

/** Filled up to a multiple of this: else the length alone would tell a day of death from none. What follows a deflated text's end is not read. */
const padding = 64;
const packed = (text: string): Uint8Array => {
  const small = deflateRawSync(text, deflation);
  const out = new Uint8Array(Math.ceil(small.length / padding) * padding);
  out.set(small);
  return out;
};

/** The ring's index key knows no successor: what was claimed under one name is found under it for ever. */
export const veilOf = (reader: Db | Tx): Veil => {
  const vault = vaultOf(reader);
  return (key) => vault.index('object', key);
};

/** A line of a decision, or one that was stored before. */
type AnyLine = DecisionLine | StoredLine;

/** Amounts as digits, as they are stored: a text with none of JavaScript's own big numbers in it is written at once. */
const withDigits = (award: AnyLine['award']): AnyLine['award'] => {
  if (award === null || award.state === 'unknown') return award;
  if (award.state === 'known') return { ...award, amountFen: String(award.amountFen) } as StoredLine['award'];
  return { ...award, fromFen: String(award.fromFen), toFen: String(award.toFen) };
};

/** What settlement asks of a line. Every key and every claimed object is veiled, whatever it is: what a source calls public today may be classed
 * otherwise tomorrow, and an object that is claimed under two names would be paid twice. */
const clearLine = ({ key, verdict, award, claims }: Pick<AnyLine, 'key' | 'verdict' | 'award' | 'claims'>, veil: Veil): unknown => ({
  key: key === null ? null : veil(key),
  verdict,
  award:
    award === null
      ? null
      : award.state === 'known'
        ? { state: award.state, amountFen: award.amountFen }
        : award.state === 'bounded'
          ? { state: award.state, fromFen: award.fromFen, toFen: award.toFen }
          : { state: award.state },
  claims: claims.map((claim) => ({ ...claim, object: veil(claim.object) })),
});

/** What a match says, as the database has it: JSON texts. */
export const sealMatch = (
  tx: Tx,
  at: MatchPlace,
  evidence: Evidence,
  lines: readonly AnyLine[],
): { readonly lines: string; readonly evidence: string } => {
  const { read, trace, governed, closing, ...open } = evidence;
  const told = lines.map((line) => ({ ...line, award: withDigits(line.award) }));
  const inside = {
    read,
    trace,
    ...(governed === undefined ? {} : { governed }),
    ...(closing === undefined ? {} : { closing }),
    lines: told,
  };
  const sealed = vaultOf(tx).seal(packed(jsonText(inside)), placeOf(at));
  const veil = veilOf(tx);
  return {
    lines: jsonText(told.map((line) => clearLine(line, veil))),
    evidence: jsonText({ ...open, $: Buffer.from(sealed).toString('base64') }),
  };
};

type Award = NonNullable<StoredLine['award']>;

/** Amounts are those in clear: settlement pays by them, so they are what replay must hold against the evidence. Words come from what was sealed. */
const worded = (clear: Award, inside: Award | null | undefined): Award => {
  if (clear.state === 'known') return { ...clear, steps: inside?.state === 'known' ? inside.steps : [] };
  return { ...clear, missing: inside != null && inside.state !== 'known' ? inside.missing : [] };
};

/** The lines in clear with what was sealed of them; a line nobody sealed keeps its blind key, so that no decision is found to agree with it. */
const openLines = (clear: readonly StoredLine[], inside: readonly StoredLine[], veil: Veil): readonly StoredLine[] => {
  const byKey = new Map(inside.map((line) => [line.key === null ? null : veil(line.key), line]));
  return clear.map((line): StoredLine => {
    const own = byKey.get(line.key);
    const objects = new Map(own?.claims.map(({ object }) => [veil(object), object]));
    return {
      ...line,
      key: own === undefined ? line.key : own.key,
      award: line.award === null ? null : worded(line.award, own?.award),
      claims: line.claims.map((claim) => ({ ...claim, object: objects.get(claim.object) ?? claim.object })),
      missing: own?.missing ?? [],
    };
  });
};

/** The whole evidence and the lines as they were decided. Throws `internal.sealed` where it was changed or stands at another match. */
export const openMatch = (
  reader: Db | Tx,
  at: MatchPlace,
  stored: { readonly lines: readonly StoredLine[]; readonly evidence: StoredEvidence | Evidence },
): { readonly lines: readonly StoredLine[]; readonly evidence: Evidence } => {
  if (!('$' in stored.evidence)) return { lines: stored.lines, evidence: stored.evidence };
  const { $: sealed, ...open } = stored.evidence;
  const text = inflateRawSync(vaultOf(reader).open(Buffer.from(sealed, 'base64'), placeOf(at))).toString('utf8');
  const { lines, ...inside } = JSON.parse(text) as Inside & { readonly lines: readonly StoredLine[] };
  return { lines: openLines(stored.lines, lines, veilOf(reader)), evidence: { ...open, ...inside } };
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
