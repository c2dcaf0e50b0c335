// What changes from one variant to another, subject by subject: who is gained, who is lost, whose amount moves, and which conditions did it. Pure.
import type { Outcome } from './survey.ts';

export interface ShiftTold {
  /** Eligible now and not before; of them, before: not eligible, or undetermined. */
  readonly gained: ShiftSide;
  /** Eligible before and not now; of them, now: not eligible, or undetermined. */
  readonly lost: ShiftSide;
  readonly changed: {
    readonly subjects: number;
    readonly up: { readonly subjects: number; readonly fen: string };
    readonly down: { readonly subjects: number; readonly fen: string };
    /** Eligible both times, one of the amounts not known exactly. */
    readonly open: number;
    /** The commonest movements, at most twenty. */
    readonly moves: readonly { readonly fromFen: string; readonly toFen: string; readonly subjects: number }[];
  };
  readonly same: number;
  /** Known amounts now minus before. */
  readonly deltaFen: string;
}

export interface ShiftSide {
  readonly subjects: number;
  readonly fen: string;
  readonly ineligible: number;
  readonly undetermined: number;
  /** Per condition that stood, or now stands, in the way; one subject may be counted under several. */
  readonly reasons: readonly { readonly at: string; readonly text: string; readonly subjects: number }[];
}

/** Known amounts of an outcome's eligible awards; null when one of them is not known exactly. */
export const knownFen = (outcome: Outcome | undefined): bigint | null => {
  let sum = 0n;
  for (const { worth } of outcome?.awards ?? []) {
    if (worth === null) continue;
    if (worth.state !== 'known') return null;
    sum += worth.fen;
  }
  return sum;
};

const least = (outcome: Outcome | undefined): bigint =>
  (outcome?.awards ?? []).reduce((sum, { worth }) => sum + (worth?.state === 'known' ? worth.fen : 0n), 0n);

interface Side {
  subjects: number;
  fen: bigint;
  ineligible: number;
  undetermined: number;
  readonly reasons: Map<string, number>;
}

const openSide = (): Side => ({ subjects: 0, fen: 0n, ineligible: 0, undetermined: 0, reasons: new Map() });

export interface Shift {
  readonly gained: Side;
  readonly lost: Side;
  readonly moves: Map<string, number>;
  up: { subjects: number; fen: bigint };
  down: { subjects: number; fen: bigint };
  open: number;
  same: number;
  deltaFen: bigint;
}

export const openShift = (): Shift => ({
  gained: openSide(),
  lost: openSide(),
  moves: new Map(),
  up: { subjects: 0, fen: 0n },
  down: { subjects: 0, fen: 0n },
  open: 0,
  same: 0,
  deltaFen: 0n,
});

/** `blocked`: pointers into whichever of the two is not eligible. */
export const addShift = (shift: Shift, before: Outcome | undefined, now: Outcome | undefined, blocked: readonly string[]): void => {
  const [was, is] = [before?.verdict === 'eligible', now?.verdict === 'eligible'];
  shift.deltaFen += (is ? least(now) : 0n) - (was ? least(before) : 0n);
  if (is && !was) addSide(shift.gained, least(now), before, blocked);
  else if (was && !is) addSide(shift.lost, least(before), now, blocked);
  else if (was && is) addChange(shift, knownFen(before), knownFen(now));
};

const addSide = (side: Side, fen: bigint, other: Outcome | undefined, blocked: readonly string[]): void => {
  side.subjects++;
  side.fen += fen;
  side[other?.verdict === 'undetermined' ? 'undetermined' : 'ineligible']++;
  for (const at of blocked) side.reasons.set(at, (side.reasons.get(at) ?? 0) + 1);
};

/** More kinds of movement than that are told by their sums alone. */
const mostMoves = 10_000;

const addChange = (shift: Shift, before: bigint | null, now: bigint | null): void => {
  if (before === null || now === null) {
    shift.open++;
    return;
  }
  if (before === now) {
    shift.same++;
    return;
  }
  const side = now > before ? shift.up : shift.down;
  side.subjects++;
  side.fen += now > before ? now - before : before - now;
  const move = `${before}>${now}`;
  if (shift.moves.has(move) || shift.moves.size < mostMoves) shift.moves.set(move, (shift.moves.get(move) ?? 0) + 1);
};

const tellSide = (side: Side, text: (at: string) => string): ShiftSide => ({
  subjects: side.subjects,
  fen: String(side.fen),
  ineligible: side.ineligible,
  undetermined: side.undetermined,
  reasons: [...side.reasons]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([at, subjects]) => ({ at, text: text(at), subjects })),
});

/** `before` and `now` say a pointer of either variant as a sentence. */
export const tellShift = (shift: Shift, before: (at: string) => string, now: (at: string) => string): ShiftTold => ({
  gained: tellSide(shift.gained, before),
  lost: tellSide(shift.lost, now),
  changed: {
    subjects: shift.up.subjects + shift.down.subjects,
    up: { subjects: shift.up.subjects, fen: String(shift.up.fen) },
    down: { subjects: shift.down.subjects, fen: String(shift.down.fen) },
    open: shift.open,
    moves: [...shift.moves]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, 20)
      .map(([move, subjects]) => {
        const [fromFen = '', toFen = ''] = move.split('>');
        return { fromFen, toFen, subjects };
      }),
  },
  same: shift.same,
  deltaFen: String(shift.deltaFen),
});
