// The bank's answer 回盘: each word goes to its line, in whatever order and however often it comes; what fits no line waits in suspense. Nothing is dropped,
// and an unknown payment is never sent again by machine: only the bank, or a person, can end it.
import { noteOutcomes } from '../account/outcome.ts';
import { audit } from '../audit/audit.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { State } from '../disbursement/states.ts';
import { moveAll } from '../disbursement/store.ts';
import { post } from '../ledger/store.ts';
import { hashOf, keepFile } from '../vault/kept.ts';
import { endLive, insertEvents, insertFile, type NewEvent } from './batch-store.ts';
import { paid, restored } from './booking.ts';
import type { LineEventKind } from './payment.ts';
import { lockRecords } from './ready-store.ts';
import { accountAtFault, returnReasonOf } from './reason.ts';
import { eventKinds, insertSuspense, type LineByReference, linesByReference, type NewSuspense } from './result-store.ts';

/** One word of a result file about one payment. */
export interface BankWord {
  /** Line or transaction number in the file, from 1. */
  readonly position: number;
  readonly endToEndId: string;
  readonly kind: Extract<LineEventKind, 'accepted' | 'paid' | 'returned' | 'unknown'>;
  /** null: the file tells no amount. */
  readonly amountFen: bigint | null;
  readonly code: string | null;
  readonly text: string | null;
  /** Why it cannot be about a payment of ours although it was said: an amount nobody can read, another currency, an entry without its payments. */
  readonly odd?: string;
}

export interface ResultReport {
  readonly fileId: string;
  /** These bytes were read before; nothing was done. */
  readonly already: boolean;
  readonly words: number;
  /** Words that were news. */
  readonly applied: Readonly<Partial<Record<BankWord['kind'], number>>>;
  /** Words that fit no order of ours. */
  readonly suspense: number;
  /** The first of them, with why. */
  readonly odd: readonly OddWord[];
  /** Payments whose end is another now. */
  readonly moved: readonly { readonly from: LineEventKind; readonly to: LineEventKind; readonly lines: number; readonly fen: bigint }[];
}

export type OddWord = Pick<NewSuspense, 'position' | 'reference' | 'amountFen' | 'why'>;
/** A file of another house fits nothing at all: what is listed of it is enough to see that. */
const listedOdd = 50;

export interface ResultFile {
  readonly name: string;
  readonly format: string;
  readonly words: readonly BankWord[];
  readonly content: { open(): AsyncIterable<Uint8Array> };
}

/** All of the file or nothing. The same bytes twice are read once. */
export const applyResults = async (
  db: Db,
  file: ResultFile,
  by: { readonly id: string; readonly role: string },
  now: Date,
  at: Failpoint = nowhere,
): Promise<ResultReport> => {
  const kept = await keepFile(db, file.content, now);
  await at('result.after-keep');
  const report = await transaction(db, (tx) => apply(tx, file, kept.sha256, by, now, at));
  await at('result.after-commit');
  return report;
};

class Preview extends Error {
  readonly report: ResultReport;
  constructor(report: ResultReport) {
    super('preview');
    this.report = report;
  }
}

/** What `applyResults` would do by now: it is done and taken back, so nothing is guessed and nothing stays. */
export const previewResults = async (
  db: Db,
  file: ResultFile,
  by: { readonly id: string; readonly role: string },
  now: Date,
): Promise<ResultReport> => {
  const { sha256 } = await hashOf(file.content);
  try {
    return await transaction(db, async (tx) => {
      throw new Preview(await apply(tx, file, sha256, by, now, nowhere));
    });
  } catch (error) {
    if (error instanceof Preview) return error.report;
    throw error;
  }
};

/** As the database can hold it, and no longer than anybody reads. */
const plain = (text: string, length: number): string =>
  text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, length);
const tidied = (word: BankWord): BankWord => ({
  ...word,
  endToEndId: plain(word.endToEndId, 64),
  code: word.code === null ? null : plain(word.code, 35),
  text: word.text === null ? null : plain(word.text, 500),
});

/** The most an amount column holds; a larger one is no amount, and is told as the reason. */
const mostFen = 2n ** 63n - 1n;

const apply = async (
  tx: Tx,
  file: ResultFile,
  sha256: string,
  by: { readonly id: string; readonly role: string },
  now: Date,
  at: Failpoint,
): Promise<ResultReport> => {
  const manifest = { words: file.words.length };
  const row = { batchId: null, direction: 'in' as const, format: file.format, name: file.name, sha256, manifest };
  const fileId = await insertFile(tx, row, by.id, now);
  if (fileId === null) return { fileId: sha256, already: true, words: file.words.length, applied: {}, suspense: 0, odd: [], moved: [] };
  const words = file.words.map(tidied);
  const lines = await linesByReference(tx, [...new Set(words.map((word) => word.endToEndId))]);
  const odd = words.flatMap((word) => {
    const why = whyOdd(word, lines.get(word.endToEndId));
    const holds = word.amountFen !== null && word.amountFen <= mostFen && word.amountFen >= -mostFen;
    const { position, endToEndId: reference, kind } = word;
    return why === null ? [] : [{ fileId, position, reference, kind, amountFen: holds ? word.amountFen : null, why }];
  });
  await insertSuspense(tx, odd, now);
  const fit = words.filter((word) => whyOdd(word, lines.get(word.endToEndId)) === null);
  await at('result.before-apply');
  const { applied, moved } = await applyWords(tx, fit, lines, fileId, by, now);
  await at('result.after-apply');
  const after = { sha256, words: file.words.length, applied, suspense: odd.length };
  await audit(tx, { actor: by.id, role: by.role, action: 'result.read', objectKind: 'payment_file', objectId: fileId, after, at: now });
  await at('result.before-commit');
  return {
    fileId,
    already: false,
    words: file.words.length,
    applied,
    suspense: odd.length,
    odd: odd.slice(0, listedOdd).map(({ position, reference, amountFen, why }) => ({ position, reference, amountFen, why })),
    moved: countMoves(moved),
  };
};

const countMoves = (moved: readonly Moved[]): ResultReport['moved'] =>
  [...Map.groupBy(moved, ({ from, to }) => `${from} ${to}`).values()].map((same) => ({
    from: (same[0] as Moved).from,
    to: (same[0] as Moved).to,
    lines: same.length,
    fen: same.reduce((sum, { line }) => sum + line.amountFen, 0n),
  }));

const whyOdd = (word: BankWord, line: LineByReference | undefined): string | null => {
  if (word.odd !== undefined) return word.odd;
  if (line === undefined) return '没有这个流水号的付款。';
  if (word.amountFen !== null && word.amountFen !== line.amountFen) return '金额和报盘的不一致。';
  if (line.withheld) return '这一笔没有报给银行，银行却有回音。';
  return null;
};

/** Over everything ever said of a line, so that order does not matter: back again outweighs paid, paid outweighs not known, that outweighs taken. */
const weight: readonly LineEventKind[] = ['returned', 'paid', 'unknown', 'accepted', 'sent'];
export const endOf = (kinds: ReadonlySet<string>): LineEventKind => weight.find((kind) => kinds.has(kind)) ?? 'sent';

/** A record of a payment that came back may be under way again by another line: then it is no longer this line's to move. */
const stateFor: Partial<Record<LineEventKind, State>> = { paid: 'paid', returned: 'returned', unknown: 'unknown' };

const applyWords = async (
  tx: Tx,
  words: readonly BankWord[],
  lines: ReadonlyMap<string, LineByReference>,
  fileId: string,
  by: { readonly id: string; readonly role: string },
  now: Date,
): Promise<{ readonly applied: ResultReport['applied']; readonly moved: readonly Moved[] }> => {
  const touched = [...new Map(words.map((word) => [word.endToEndId, lines.get(word.endToEndId) as LineByReference])).values()];
  // Locked first: two files about the same people take their turns.
  const records = new Map(
    (
      await lockRecords(
        tx,
        touched.map((line) => line.disbursementId),
      )
    ).map((record) => [record.id, record]),
  );
  const before = await eventKinds(
    tx,
    touched.map((line) => line.id),
  );
  const events = words.map((word): NewEvent => {
    const line = lines.get(word.endToEndId) as LineByReference;
    const reason = word.kind === 'returned' ? returnReasonOf(word.code, word.text) : null;
    const text =
      reason === null
        ? word.text
        : `${reason.text}${word.text === null || word.text === reason.text ? '' : `；银行说“${word.text.slice(0, 100)}”`}`;
    return {
      batchId: line.batchId,
      lineId: line.id,
      kind: word.kind,
      code: reason?.code ?? null,
      text,
      fileId,
      // Every reason is kept: which file came first must not decide what is known.
      dedupe: `${word.kind}:${line.id}${reason === null ? '' : `:${reason.code}`}`,
    };
  });
  const fresh = await insertEvents(tx, [...new Map(events.map((event) => [event.dedupe, event])).values()], by.id, now);
  const applied: Partial<Record<BankWord['kind'], number>> = {};
  for (const dedupe of fresh) {
    const kind = dedupe.slice(0, dedupe.indexOf(':')) as BankWord['kind'];
    applied[kind] = (applied[kind] ?? 0) + 1;
  }
  const after = await eventKinds(
    tx,
    touched.map((line) => line.id),
  );
  const moved = touched.flatMap((line) => {
    const [from, to] = [endOf(before.get(line.id) ?? new Set()), endOf(after.get(line.id) ?? new Set())];
    return from === to ? [] : [{ line, from, to }];
  });
  await book(tx, moved, now);
  await noteAccounts(tx, moved, events, fileId, by, now);
  await endLive(
    tx,
    moved.filter(({ to }) => to === 'returned').map(({ line }) => line.id),
  );
  await moveAll(
    tx,
    moved.flatMap(({ line, to }) => {
      const record = records.get(line.disbursementId);
      const state = stateFor[to];
      if (record === undefined || state === undefined || record.state === state || !['sent', 'unknown', 'paid'].includes(record.state))
        return [];
      const reason = events.find((event) => event.lineId === line.id && event.kind === to)?.text ?? null;
      const place = { state, step: record.step, windowFrom: null, dueOn: null };
      return [{ record, place, by: 'bank' as const, reason, proof: { file: fileId, line: line.id } }];
    }),
    by,
    now,
  );
  return { applied, moved };
};

interface Moved {
  readonly line: LineByReference;
  readonly from: LineEventKind;
  readonly to: LineEventKind;
}

/** Whether the account is good is what the bank has just said; of a return for another reason it has said nothing. */
const noteAccounts = async (
  tx: Tx,
  moved: readonly Moved[],
  events: readonly NewEvent[],
  fileId: string,
  by: { readonly id: string; readonly role: string },
  at: Date,
): Promise<void> => {
  const codes = new Map(events.filter((event) => event.kind === 'returned').map((event) => [event.lineId, event.code]));
  await noteOutcomes(
    tx,
    moved.flatMap(({ line: { accountIndex, subjectId, sentAt, id: lineId }, to }) => {
      const code = to === 'returned' ? (codes.get(lineId) ?? null) : null;
      if (to !== 'paid' && !accountAtFault(code)) return [];
      return [
        { accountIndex, subjectId, sentAt, lineId, fileId, code, outcome: to === 'paid' ? ('arrived' as const) : ('refused' as const) },
      ];
    }),
    { actor: by.id, role: by.role, at },
  );
};

/** committed → paid when it is paid, back to reserved when it comes back, from wherever it stood; balances are locked once, in one order. */
const book = async (tx: Tx, moved: readonly Moved[], now: Date): Promise<void> => {
  const booked = moved.flatMap(({ line, from, to }) => {
    if (to === 'paid') return [paid(line)];
    return to === 'returned' ? [restored(line, from === 'paid' ? 'paid' : 'committed', 'returned')] : [];
  });
  await post(tx, booked, now);
};
