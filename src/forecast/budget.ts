// Money and days of a forecast: cash per day from the flow, what is promised already, and how far the budget reaches.
import { addDays, addMonths, type Day, daysBetween, earliest, endOfYear, fieldsOf, nextPeriod } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { budgetIdOf } from '../ledger/ledger.ts';
import { budgetBalances } from '../ledger/store.ts';
import type { Item } from '../policy/item.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { fenOf } from '../settlement/reason.ts';
import { type Cash, coverage, exhaustedBy, inOrder, payDay, reviewWorkingDays } from './cash.ts';
import type { BudgetTold, Forecast } from './document.ts';
import type { Findings } from './findings.ts';

/** Reserved, committed and paid under the item this year, 分. */
export const promisedIn = async (db: Db, itemId: string, knownAt: Day): Promise<bigint> => {
  const balances = await transaction(db, (tx) => budgetBalances(tx, budgetIdOf(itemId, fieldsOf(knownAt).year)), {
    accessMode: 'read only',
  });
  return ['reserved', 'committed', 'paid'].reduce((sum, account) => sum + (balances[account] ?? 0n), 0n);
};

const paysAt = (item: Item): boolean => item.flow.first.includes('pay');

/** The run of a later period happens as many days into it as this one did. */
const runDay = (next: DecisionPeriod, due: DecisionPeriod): Day => {
  if (next.start === null || due.start === null || next.kind === 'once') return addMonths(due.knownAt, 1);
  const offset = Math.max(0, daysBetween(due.start, due.knownAt));
  return earliest(addDays(next.start, offset), next.end);
};

export interface CashFlow {
  readonly told: Forecast['cash'];
  /** The rest of the year, as far as the item repeats. */
  readonly all: readonly Cash[];
}

export const cashOf = (item: Item, due: DecisionPeriod, next: DecisionPeriod | null, f: Findings, catalogue: Catalogue): CashFlow => {
  if (!paysAt(item)) return { told: { days: [], assumptions: ['本事项只告知，不直接兑现，没有现金支出。'] }, all: [] };
  const { calendar: c } = catalogue;
  const calendar = { holidays: new Set(c.holidays), workdays: new Set(c.workdays), knownFrom: c.knownFrom, knownTo: c.knownTo };
  const at = (counts: Findings['cash'], on: Day, periodKey: string): readonly Cash[] =>
    [...counts].map(([kind, { awards, fen }]) => ({ day: payDay(item, kind, on, calendar), periodKey, kind, awards, fen }));
  const now = at(f.cash, due.knownAt, due.key);
  const soon =
    next === null || f.next === null
      ? []
      : at(f.next.cash, runDay(next, due), next.kind === 'once' ? addMonths(due.end, 1).slice(0, 7) : next.key);
  const told = inOrder([...now, ...soon]);
  return {
    told: { days: told.map(({ fen, ...one }) => ({ ...one, fen: String(fen) })), assumptions: assumptionsOf(item) },
    all: inOrder([...told, ...(next === null || f.next === null ? [] : restOfYear(item, due, next, f.next, calendar))]),
  };
};

/** Periods after the next are taken to cost what the next costs. */
const restOfYear = (
  item: Item,
  due: DecisionPeriod,
  next: DecisionPeriod,
  found: NonNullable<Findings['next']>,
  calendar: Parameters<typeof payDay>[3],
): readonly Cash[] => {
  if (next.kind === 'once' || next.kind === 'per-event' || next.start === null) return [];
  const last = endOfYear(due.knownAt);
  const awards = [...found.cash.values()].reduce((n, one) => n + one.awards, 0);
  const out: Cash[] = [];
  for (let at = nextPeriod({ ...next, kind: next.kind }); at !== null && at.start !== null && at.start <= last; at = nextPeriod(at)) {
    if (item.effective.to !== null && at.start > item.effective.to) break;
    const on = runDay({ kind: next.kind, key: at.key, start: at.start, end: at.end, knownAt: due.knownAt }, due);
    out.push({ day: payDay(item, 'continuing', on, calendar), periodKey: at.key, kind: 'continuing', awards, fen: found.amountFen });
  }
  return out;
};

const assumptionsOf = (item: Item): readonly string[] => {
  const steps = [...item.flow.first, ...item.flow.continuing];
  return [
    ...(steps.includes('review') ? [`部门审核按 ${reviewWorkingDays} 个工作日估计。`] : []),
    ...(steps.includes('confirm') ? ['确认按期限的最后一天估计，早确认的早到账。'] : []),
    ...(typeof item.mode === 'string' ? [] : ['兑现方式依条件而定的，到账日按其中步骤最多的一种估计。']),
    '下一期按现有数据和下一期的日期判断，不含新出生、新登记和死亡。',
    '金额未定的不计入。',
  ];
};

export const budgetOf = (item: Item, askedFen: bigint | null, promisedFen: bigint, cash: readonly Cash[]): BudgetTold | null => {
  const own = item.budget.kind === 'limited' ? fenOf(item.budget.yuan) : null;
  const budgetFen = askedFen ?? own;
  if (budgetFen === null) return null;
  const availableFen = budgetFen - promisedFen;
  const neededFen = cash.reduce((sum, one) => sum + one.fen, 0n);
  const out = exhaustedBy(cash, availableFen);
  return {
    from: askedFen === null ? 'item' : 'asked',
    budgetFen: String(budgetFen),
    promisedFen: String(promisedFen),
    availableFen: String(availableFen),
    neededFen: String(neededFen),
    coverage: coverage(availableFen, neededFen),
    exhausted: out === null ? null : { day: out.day, periodKey: out.periodKey },
  };
};
