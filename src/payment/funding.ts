// Which sources 资金来源 pay a line, and how much each: by share, or the first with money left. One payment, however many parts; the parts are the line
// to the last 分. Pure: how much is left is handed in.
import { fail } from '../base/problem.ts';

/** What a line takes from a source, 分. */
export interface FundingPart {
  readonly sourceId: string;
  readonly amountFen: bigint;
}

/** A source as splitting sees it; in the order the sources are used. */
export interface Room {
  readonly id: string;
  /** Of ten thousand; null: by order. */
  readonly shareBp: number | null;
  readonly openFen: bigint;
}

const whole = 10_000;

/** `state.funding-share` unless all of them name a share and the shares make a whole, or none does. */
export const requireShares = (rooms: readonly Pick<Room, 'shareBp'>[]): void => {
  const shared = rooms.filter((room) => room.shareBp !== null);
  if (shared.length === 0) return;
  const sum = shared.reduce((total, room) => total + (room.shareBp ?? 0), 0);
  if (shared.length !== rooms.length || sum !== whole)
    fail(
      'state.funding-share',
      '/share',
      shared.length === rooms.length
        ? `各资金来源的份额合计为 ${sum / 100}%，不是 100%。`
        : '同一付款账户下，有的资金来源写了份额，有的没有。',
      '份额要么都写、合计 100%，要么都不写，按先后使用。请补登记或停用资金来源。',
    );
};

/** Shares of an amount, 分: rounded down, and what is left over goes to the largest remainders, first come first. */
const byShare = (rooms: readonly Room[], amountFen: bigint): readonly FundingPart[] => {
  const exact = rooms.map((room, place) => {
    const parts = amountFen * BigInt(room.shareBp ?? 0);
    return { sourceId: room.id, place, amountFen: parts / BigInt(whole), left: parts % BigInt(whole) };
  });
  const missing = Number(amountFen - exact.reduce((sum, part) => sum + part.amountFen, 0n));
  const raised = new Set(
    [...exact]
      .sort((a, b) => (a.left === b.left ? a.place - b.place : a.left > b.left ? -1 : 1))
      .slice(0, missing)
      .map((part) => part.sourceId),
  );
  return exact.map(({ sourceId, amountFen: fen }) => ({ sourceId, amountFen: raised.has(sourceId) ? fen + 1n : fen }));
};

const inOrder = (rooms: readonly Room[], openFen: ReadonlyMap<string, bigint>, amountFen: bigint): readonly FundingPart[] => {
  let left = amountFen;
  return rooms.map((room) => {
    const open = openFen.get(room.id) ?? 0n;
    const part = open < left ? open : left;
    left -= part;
    return { sourceId: room.id, amountFen: part };
  });
};

/**
 * Takes lines one after the other from what is left of the sources. `like`: what a line that came back had been paid from; the same sources pay it again
 * where they still are. null: there is not enough, and nothing was taken.
 */
export const splitter = (rooms: readonly Room[]): ((amountFen: bigint, like?: readonly FundingPart[]) => readonly FundingPart[] | null) => {
  requireShares(rooms);
  const openFen = new Map(rooms.map((room) => [room.id, room.openFen]));
  const fits = (parts: readonly FundingPart[], amountFen: bigint): boolean =>
    parts.reduce((sum, part) => sum + part.amountFen, 0n) === amountFen &&
    parts.every((part) => part.amountFen <= (openFen.get(part.sourceId) ?? -1n));
  const shared = rooms.some((room) => room.shareBp !== null);
  return (amountFen, like) => {
    const again = like !== undefined && fits(like, amountFen) ? like : null;
    const parts = again ?? (shared ? byShare(rooms, amountFen) : inOrder(rooms, openFen, amountFen));
    if (!fits(parts, amountFen)) return null;
    const taken = parts.filter((part) => part.amountFen > 0n);
    for (const part of taken) openFen.set(part.sourceId, (openFen.get(part.sourceId) ?? 0n) - part.amountFen);
    return taken;
  };
};
