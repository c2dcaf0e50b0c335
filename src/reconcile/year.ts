// Closing a limited budget's year: what nobody was promised is carried into the next year or released to where it came from. What people were promised stays
// promised in the old year, and what a bank returns later stands in the old year again: the books of a closed year are never moved to another.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { mustBeUnbroken, mustKeepPromises } from '../db/invariant-store.ts';
import { accountOf, budgetIdOf, type Transaction } from '../ledger/ledger.ts';
import { lockAvailable, openBudgets, post } from '../ledger/store.ts';
import { payingVersions } from '../settlement/queue-store.ts';
import { fenOf } from '../settlement/reason.ts';
import { budgetKind, insertYearClose, openInYear } from './year-store.ts';

export type YearWay = 'carry' | 'release';

export interface YearAsk {
  readonly itemId: string;
  readonly year: number;
  readonly way: YearWay;
  readonly by: { readonly id: string; readonly role: string };
  readonly reason: string;
  readonly now: Date;
}

export interface YearClosed {
  readonly itemId: string;
  readonly year: number;
  readonly way: YearWay;
  /** What was free and is carried or released, 分. */
  readonly movedFen: bigint;
  /** Promised in the old year and not arrived yet: it stays there, 分. */
  readonly openFen: bigint;
}

/** Free money leaves the year it was appropriated for; what is carried arrives in the next one. Both sum to zero by themselves. */
const bookings = (itemId: string, year: number, way: YearWay, fen: bigint): readonly Transaction[] => {
  const step = (key: string, of: number, amountFen: bigint): Transaction => ({
    key: `${key}:${itemId}:${year}`,
    kind: 'appropriate',
    itemId,
    year: of,
    entries: [
      { account: accountOf(budgetIdOf(itemId, of), 'appropriation'), amountFen: -amountFen },
      { account: accountOf(budgetIdOf(itemId, of), 'available'), amountFen },
    ],
  });
  if (fen === 0n) return [];
  return [step('close', year, -fen), ...(way === 'carry' ? [step('carry', year + 1, fen)] : [])];
};

/** The next year's budget as the newest version gives it: carried money comes on top. */
const openNext = async (tx: Tx, { itemId, year, now }: YearAsk): Promise<void> => {
  const newest = (await payingVersions(tx)).filter(({ item }) => item.id === itemId).at(-1)?.item;
  if (newest === undefined || newest.budget.kind !== 'limited')
    return fail('state.budget', itemId, '这个事项的现行版本没有限额，不能结转到下一年。', '写 --release 收回，或先发布下一年的限额。');
  await openBudgets(tx, [{ itemId, year: year + 1, kind: 'limited', appropriatedFen: fenOf(newest.budget.yuan) }], now);
};

/** Throws `state.year` (not over yet), `missing.budget`, `state.budget` (an entitlement has nothing to carry), `conflict.closed`, `input.reason`. All or nothing. */
export const closeYear = (db: Db, ask: YearAsk): Promise<YearClosed> =>
  transaction(db, async (tx) => {
    const { itemId, year, way, by, now } = ask;
    const reason = ask.reason.trim();
    if (reason === '') fail('input.reason', '--reason', '请写明依据。', '例如：云财预〔2027〕3号，结转使用。');
    // Eight hours ahead of UTC: the year must be over where the money is.
    if (year >= new Date(now.getTime() + 8 * 3_600_000).getUTCFullYear())
      fail('state.year', String(year), '这一年还没有过完。', '次年再办。');
    await mustKeepPromises(tx);
    await mustBeUnbroken(tx, `${itemId}:${year}`);
    const kind = await budgetKind(tx, itemId, year);
    if (kind === null) return fail('missing.budget', `${itemId}:${year}`, '这个事项这一年没有额度。', '核对事项和年度。');
    if (kind !== 'limited') return fail('state.budget', itemId, '这是据实保障的事项，没有限额可以结转或收回。', '不需要办理。');
    // The row first: of two who close at once the second waits here and is refused.
    if (!(await insertYearClose(tx, { itemId, year, way, reason, closedBy: by.id, closedAt: now })))
      fail('conflict.closed', `${itemId}:${year}`, '这一年已经结转或收回。', '之后退回的钱仍在原年度。');
    if (way === 'carry') await openNext(tx, ask);
    const old = budgetIdOf(itemId, year);
    const movedFen = (await lockAvailable(tx, way === 'carry' ? [old, budgetIdOf(itemId, year + 1)] : [old])).get(old) ?? 0n;
    const openFen = await openInYear(tx, old);
    await audit(tx, {
      actor: by.id,
      role: by.role,
      action: 'year.close',
      objectKind: 'budget',
      objectId: old,
      after: { way, movedFen, openFen },
      reason,
      at: now,
    });
    await post(tx, bookings(itemId, year, way, movedFen), now);
    return { itemId, year, way, movedFen, openFen };
  });
