// 抵扣: what somebody owes of an item is kept back from what is paid to him of it later, as far as the item's document allows. Decided at sealing, on open
// cases under lock; the payment is split into what is kept back and the rest, and both stand in the books.

import { formatYuan, parseYuan } from '../base/amount.ts';
import type { Day } from '../base/day.ts';
import type { Tx } from '../db/handle.ts';
import { heirAccounts } from '../disbursement/heir-store.ts';
import { insertFunding, keptBackOf, lockOpenCases } from '../disbursement/offset-store.ts';
import { itemsOf } from '../disbursement/prefill-store.ts';
import { takePart } from '../disbursement/recovery.ts';
import type { Recovery } from '../disbursement/recovery-store.ts';
import { owedTo } from '../disbursement/review.ts';
import { stopKey } from '../disbursement/stop-store.ts';
import { fundMove, shareOf } from '../ledger/fund.ts';
import { budgetIdOf, move, type Transaction } from '../ledger/ledger.ts';
import { owe } from '../outbox/store.ts';
import type { Offset } from '../policy/life.ts';
import { numberFrom } from '../rule/literal.ts';
import type { FundingPart } from './funding.ts';
import type { ReadyRecord } from './ready-store.ts';

/** What is kept back of one record, by case. */
export interface Kept {
  readonly fen: bigint;
  readonly cases: readonly { readonly one: Recovery; readonly fen: bigint; readonly clause: string }[];
}

const least = (...fen: readonly bigint[]): bigint => fen.reduce((a, b) => (b < a ? b : a));
const fenOf = (yuan: number | string | undefined): bigint | null => (yuan === undefined ? null : parseYuan(String(yuan)));

/** The most that may be kept back of `amountFen` under these terms, when `periodFen` of the period is kept back already; something is always left. Pure. */
export const mostOf = (terms: Offset, amountFen: bigint, periodFen: bigint): bigint => {
  const share = terms.share === undefined ? null : numberFrom(terms.share);
  const cap = fenOf(terms.yuan);
  const most = least(
    amountFen - 1n,
    amountFen - (fenOf(terms.keepYuan) ?? 0n),
    ...(share === null ? [] : [(amountFen * share.num) / share.den]),
    ...(cap === null ? [] : [cap - periodFen]),
  );
  return most > 0n ? most : 0n;
};

/** Plans page after page of one sealing: what a case still owes goes down as records take from it. */
export const offsetPlanner = () => {
  const left = new Map<string, bigint>();
  const periods = new Map<string, bigint>();
  return async (
    tx: Tx,
    records: readonly ReadyRecord[],
  ): Promise<ReadonlyMap<string, { readonly beforeFen: bigint; readonly kept: Kept | null }>> => {
    const before = await keptBackOf(tx, records);
    const cases = await lockOpenCases(tx, records);
    const items = await itemsOf(tx, cases);
    const heirs = cases.length === 0 ? new Map() : await heirAccounts(tx, [...new Set(cases.map((one) => one.subjectId))]);
    const byUnit = Map.groupBy(cases, stopKey);
    const plans = new Map<string, { readonly beforeFen: bigint; readonly kept: Kept | null }>();
    for (const record of records) {
      const { ownFen: beforeFen, periodFen } = before.get(record.id) ?? { ownFen: 0n, periodFen: 0n };
      const unit = stopKey(record);
      const open = byUnit.get(unit) ?? [];
      // Once for a record: a batch that was sent back does not keep back twice. Nothing of it where the money is another's: an heir's, one of several payees'.
      if (beforeFen > 0n || open.length === 0 || heirs.has(unit) || record.part > 0 || record.periodKey === '') {
        if (beforeFen > 0n) plans.set(record.id, { beforeFen, kept: null });
        continue;
      }
      const period = `${unit}\n${record.periodKey}`;
      let used = periods.get(period) ?? periodFen;
      let fen = 0n;
      const taken: Kept['cases'][number][] = [];
      for (const one of open) {
        const item = items.get(`${one.itemId}@${one.version}`);
        const terms = item?.overpaid?.offset;
        if (terms === undefined || item?.payees !== undefined || one.periodKey === record.periodKey) continue;
        const owes = left.get(one.id) ?? one.amountFen - one.settledFen;
        const most = mostOf(terms, record.amountFen, used - fen) - fen;
        const part = least(owes, most);
        if (part <= 0n) continue;
        fen += part;
        used += part;
        left.set(one.id, owes - part);
        taken.push({ one, fen: part, clause: terms.clause });
      }
      if (fen === 0n) continue;
      periods.set(period, used);
      plans.set(record.id, { beforeFen, kept: { fen, cases: taken } });
    }
    return plans;
  };
};

/** The parts of a whole payment that pay what is kept back, and those that pay the rest. */
export const splitKept = (
  whole: readonly FundingPart[],
  keptFen: bigint,
): { readonly kept: readonly FundingPart[]; readonly rest: readonly FundingPart[] } => {
  const kept = shareOf(whole, keptFen);
  const of = new Map(kept.map((part) => [part.sourceId, part.amountFen]));
  const rest = whole
    .map((part) => ({ ...part, amountFen: part.amountFen - (of.get(part.sourceId) ?? 0n) }))
    .filter((part) => part.amountFen > 0n);
  return { kept, rest };
};

export interface KeptBack {
  readonly record: ReadyRecord;
  readonly kept: Kept;
  readonly funding: readonly FundingPart[];
}

/** Writes what was kept back: the cases go down, the sources give and get, the person is told. Returns what is to be booked, with the rest of the batch. */
export const keepBack = async (
  tx: Tx,
  all: readonly KeptBack[],
  act: { readonly actor: { readonly id: string; readonly role: string }; readonly now: Date; readonly today: Day },
): Promise<readonly Transaction[]> => {
  const booked: Transaction[] = [];
  // A case several records take from is locked once and read once: what it has settled is carried from one to the next.
  const current = new Map<string, Recovery>();
  for (const { record, kept, funding } of all) {
    let parts = funding;
    for (const { one: read, fen } of kept.cases) {
      const one = current.get(read.id) ?? read;
      const dedupe = `offset:${one.id}:${record.id}`;
      const taken = await takePart(tx, one, { kind: 'offset', amountFen: fen, reference: record.id, dedupe }, act);
      if (taken === null) continue;
      current.set(one.id, { ...one, settledFen: one.settledFen + fen });
      const { kept: own, rest } = splitKept(parts, fen);
      parts = rest;
      const lineId = record.lineId as string;
      await insertFunding(
        tx,
        own.map((part) => ({ ...part, dedupe, lineId, way: 'taken' as const })),
        act.now,
      );
      const { itemId, subjectId, periodKey, year, key: objectKey } = record;
      const entries = [...move('offset', budgetIdOf(itemId, year), fen), ...fundMove(own, 'open', 'spent')];
      booked.push(...taken, { key: dedupe, kind: 'offset', itemId, year, subjectId, periodKey, lineId, objectKey, entries });
    }
    const owes = kept.cases.reduce((sum, { one }) => sum + one.amountFen - (current.get(one.id) ?? one).settledFen, 0n);
    const detail = {
      amountFen: String(record.amountFen),
      otherFen: String(kept.fen),
      clause: kept.cases[0]?.clause ?? null,
      reason: owes === 0n ? '多发的已全部退清' : `还要退回 ${formatYuan(owes)}`,
    };
    await owe(tx, [owedTo(record, 'recovery-offset', detail)], act.now);
  }
  return booked;
};
