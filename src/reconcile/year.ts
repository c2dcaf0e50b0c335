// Closing a limited budget's year: what nobody was promised is carried into the next year or released to where it came from. What people were promised stays
// promised in the old year, and what a bank returns later stands in the old year again: the books of a closed year are never moved to another.
import { audit } from '../audit/audit.ts';
import { fail, ProblemError, problem } from '../base/problem.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { mustBeUnbroken, mustKeepPromises } from '../db/invariant-store.ts';
import { accountOf, budgetIdOf, type Transaction } from '../ledger/ledger.ts';
import { lockAvailable, openBudgets, post } from '../ledger/store.ts';
import { payingVersions } from '../settlement/queue-store.ts';
import { fenOf } from '../settlement/reason.ts';
import { endQueue, waitForItem } from '../settlement/year-end-store.ts';
import { budgetKind, closedYear, insertYearClose, openInYear, yearBlocks } from './year-store.ts';

export type YearWay = 'carry' | 'release';

export interface YearAsk {
  readonly itemId: string;
  readonly year: number;
  readonly way: YearWay;
  readonly by: { readonly id: string; readonly role: string };
  readonly reason: string;
  readonly now: Date;
  readonly at?: Failpoint;
}

export interface YearClosed {
  readonly itemId: string;
  readonly year: number;
  readonly way: YearWay;
  /** What was free and is carried or released, 分. */
  readonly movedFen: bigint;
  /** Promised in the old year and not arrived yet: it stays there, 分. */
  readonly openFen: bigint;
  /** Of those who still waited: carried into the next year's queue, or refused, as the item says. */
  readonly carried: number;
  readonly refused: number;
  /** It was closed the same way before; nothing was done. */
  readonly already: boolean;
}

const blockTexts = {
  batch: ['有批次还没有签发或退回', '先签发或退回这个批次。'],
  run: ['有匹配批次还没有结算', '等结算跑完，或由政策管理员处理停下的批次。'],
  choice: ['有人还在选择期内', '等选择期满。'],
  share: ['按比例的额度还没有核定', '等截止日以后的结算。'],
} as const;

/** Everything that stands in the way, at once. */
const requireFinished = async (tx: Tx, itemId: string, year: number): Promise<void> => {
  const blocks = await yearBlocks(tx, itemId, year);
  if (blocks.length === 0) return;
  throw new ProblemError(
    blocks.map(({ kind, at, count }) => {
      const [what, hint] = blockTexts[kind];
      return problem('state.year-open', at, `${what}${at === '' ? '' : `（${at}）`}，共 ${count} 笔。`, hint);
    }),
  );
};

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

/**
 * Whoever still waits is carried or refused as the item says, what is free is carried or released as the order says, what was promised stays. The same order
 * again says what was done. Throws `state.year-open` with everything that must be finished before, `state.year` (not over yet), `missing.budget`, `state.budget` (an entitlement has nothing to carry), `conflict.closed`,
 * `input.reason`. All or nothing: killed anywhere, nothing has happened.
 */
export const closeYear = (db: Db, ask: YearAsk): Promise<YearClosed> => transaction(db, (tx) => closing(tx, ask));

/** Thrown to take back what a preview did. */
class Preview extends Error {
  readonly closed: YearClosed;
  constructor(closed: YearClosed) {
    super('preview');
    this.closed = closed;
  }
}

/** What `closeYear` would do now, by doing it and taking it back: the same refusals, and nothing is written. */
export const previewYear = async (db: Db, ask: Omit<YearAsk, 'by' | 'reason' | 'at'>): Promise<YearClosed> => {
  try {
    return await transaction(db, async (tx) => {
      throw new Preview(await closing(tx, { ...ask, by: { id: 'preview', role: 'preview' }, reason: '试算' }));
    });
  } catch (error) {
    if (error instanceof Preview) return error.closed;
    throw error;
  }
};

const closing = async (tx: Tx, ask: YearAsk): Promise<YearClosed> => {
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
  const item = await waitForItem(tx, itemId);
  const old = budgetIdOf(itemId, year);
  // The row first: of two who close at once the second waits here and finds it closed.
  if (!(await insertYearClose(tx, { itemId, year, way, reason, closedBy: by.id, closedAt: now }))) {
    const before = await closedYear(tx, itemId, year);
    if (before?.way !== way) fail('conflict.closed', `${itemId}:${year}`, '这一年已经按另一种办法关账。', '之后退回的钱仍在原年度。');
    return {
      itemId,
      year,
      way,
      movedFen: before?.movedFen ?? 0n,
      openFen: await openInYear(tx, old),
      carried: 0,
      refused: 0,
      already: true,
    };
  }
  await requireFinished(tx, itemId, year);
  const queue = await endQueue(tx, { itemId, year, item }, { at: now, actor: by.id, role: by.role });
  await (ask.at ?? nowhere)('year.after-queue');
  if (way === 'carry') await openNext(tx, ask);
  const movedFen = (await lockAvailable(tx, way === 'carry' ? [old, budgetIdOf(itemId, year + 1)] : [old])).get(old) ?? 0n;
  const openFen = await openInYear(tx, old);
  await audit(tx, {
    actor: by.id,
    role: by.role,
    action: 'year.close',
    objectKind: 'budget',
    objectId: old,
    after: { way, movedFen, openFen, ...queue },
    reason,
    at: now,
  });
  await (ask.at ?? nowhere)('year.before-post');
  await post(tx, bookings(itemId, year, way, movedFen), now);
  await (ask.at ?? nowhere)('year.before-commit');
  return { itemId, year, way, movedFen, openFen, ...queue, already: false };
};
