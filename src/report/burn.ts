// 额度进度: what became of a year's budget month by month, how fast it goes, and when it is gone: the pace of the last 90 days carried on, said in words. Pure.
import { figureYuan } from '../base/amount.ts';
import { type Day, day, daysBetween, endOfMonth, endOfYear, latest } from '../base/day.ts';
import type { BudgetView } from '../settlement/read-store.ts';
import { exhaustedOn } from './report.ts';

/** What the postings of one month come to, 分, each net of what went back. */
export interface MonthSums {
  /** `2026-04`. */
  readonly month: string;
  readonly givenFen: bigint;
  /** Promised, wherever it stands now. */
  readonly promisedFen: bigint;
  readonly reservedFen: bigint;
  readonly committedFen: bigint;
  readonly paidFen: bigint;
}

export interface BurnMonth extends MonthSums {
  /** At the end of the month, or today: arrived; in batches or at the bank; promised and in no batch; the three together. null: not come yet. */
  readonly standing: {
    readonly paidFen: bigint;
    readonly committedFen: bigint;
    readonly reservedFen: bigint;
    readonly usedFen: bigint;
  } | null;
  /** What is used at the end of the month if people go on so; null for months that are over, and where nothing goes on. */
  readonly expectedFen: bigint | null;
}

export interface Burn {
  /** Nine tenths of nothing say nothing: 0 where nothing was promised in 90 days. */
  readonly perMonthFen: bigint;
  /** On this day it is gone; null: it lasts through the year, or there is no limit. */
  readonly goneOn: Day | null;
  /** Used at the end of the year; null once the year is over. */
  readonly expectedFen: bigint | null;
  /** Limited only: what is lacking then, at least 0. */
  readonly lackFen: bigint | null;
  readonly text: string;
  readonly months: readonly BurnMonth[];
}

export interface BurnAsk {
  readonly budget: BudgetView;
  readonly sums: readonly MonthSums[];
  /** Promised within the last 90 days, 分. */
  readonly latelyFen: bigint;
  readonly today: Day;
  /** As it was closed. */
  readonly closed: { readonly way: string; readonly movedFen: bigint } | null;
}

const paceDays = 90n;
const yuan = (fen: bigint): string => `${figureYuan(fen)} 元`;
const used = ({ paidFen, committedFen, reservedFen }: Pick<BudgetView, 'paidFen' | 'committedFen' | 'reservedFen'>): bigint =>
  paidFen + committedFen + reservedFen;

/** Every month of the year, and those after it in which something still moved. */
const monthsOf = (year: number, sums: readonly MonthSums[]): readonly string[] => {
  const own = Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}`);
  return [...new Set([...own, ...sums.map((one) => one.month)])].sort();
};

const monthRows = (ask: BurnAsk): readonly BurnMonth[] => {
  const { budget, today } = ask;
  const byMonth = new Map(ask.sums.map((one) => [one.month, one]));
  const now = today.slice(0, 7);
  const expects = ask.latelyFen > 0n && ask.closed === null;
  const atNow = used(budget);
  const standing = { paidFen: 0n, committedFen: 0n, reservedFen: 0n };
  return monthsOf(budget.year, ask.sums).map((month): BurnMonth => {
    const sums = byMonth.get(month) ?? { month, givenFen: 0n, promisedFen: 0n, reservedFen: 0n, committedFen: 0n, paidFen: 0n };
    standing.paidFen += sums.paidFen;
    standing.committedFen += sums.committedFen;
    standing.reservedFen += sums.reservedFen;
    const end = endOfMonth(day(`${month}-01`));
    const ahead = BigInt(Math.max(0, daysBetween(today, end)));
    return {
      ...sums,
      standing: month > now ? null : { ...standing, usedFen: used(standing) },
      expectedFen: month < now || !expects || month.slice(0, 4) !== String(budget.year) ? null : atNow + (ask.latelyFen * ahead) / paceDays,
    };
  });
};

const wordsOf = (ask: BurnAsk, burn: Omit<Burn, 'text' | 'months'>): string => {
  const { budget, closed, today } = ask;
  const { year, availableFen } = budget;
  const open = budget.reservedFen + budget.committedFen;
  if (closed !== null)
    return `${year} 年已${closed.way === 'carry' ? '结转下一年' : '收回'} ${yuan(closed.movedFen)}；${open > 0n ? `还没有到账的 ${yuan(open)} 留在原年度` : '已答应的都已到账'}。`;
  if (Number(today.slice(0, 4)) > year)
    return budget.kind === 'limited' ? `${year} 年已过完，还有 ${yuan(availableFen)} 没有用，等年终结转。` : `${year} 年已过完。`;
  const pace = `照近 90 天的速度（每月约 ${yuan(burn.perMonthFen)}）`;
  if (budget.kind !== 'limited')
    return burn.perMonthFen === 0n
      ? '据实保障，不封顶；近 90 天没有新核定。'
      : `据实保障，不封顶。${pace}，到年底共需约 ${yuan(burn.expectedFen ?? 0n)}。`;
  const queue = budget.waiting > 0 ? `${budget.waiting} 笔在排队，差 ${yuan(budget.waitingFen)}。` : '';
  if (availableFen <= 0n) return `额度已用完。${queue || '之后符合的排队等候。'}`;
  if (burn.perMonthFen === 0n) return `近 90 天没有新核定，可用 ${yuan(availableFen)}。${queue}`;
  if (burn.goneOn === null) return `${pace}，到年底还剩 ${yuan(budget.availableFen - ((burn.expectedFen ?? 0n) - used(budget)))}。${queue}`;
  const [, month, date] = burn.goneOn.split('-').map(Number);
  return `${pace}，可用的 ${yuan(availableFen)} 到 ${month}月${date}日 用完，到年底差 ${yuan(burn.lackFen ?? 0n)}。${queue}`;
};

/** A year's budget, its months and where it goes. A gone day beyond the year is none: the next year has a budget of its own. */
export const burnOf = (ask: BurnAsk): Burn => {
  const { budget, latelyFen, today, closed } = ask;
  const end = endOfYear(day(`${budget.year}-12-31`));
  const running = closed === null && today <= end;
  const pace = running && latelyFen > 0n ? latelyFen : 0n;
  const rest = BigInt(Math.max(0, daysBetween(latest(today, day(`${budget.year}-01-01`)), end)));
  const more = (pace * rest) / paceDays;
  const gone = running && budget.kind === 'limited' ? exhaustedOn(today, budget.availableFen, pace) : null;
  const lack = more - budget.availableFen;
  const burn = {
    perMonthFen: (pace * 365n) / (paceDays * 12n),
    goneOn: gone !== null && gone <= end ? gone : null,
    expectedFen: running ? used(budget) + more : null,
    lackFen: running && budget.kind === 'limited' ? (lack > 0n ? lack : 0n) : null,
  };
  return { ...burn, text: wordsOf(ask, burn), months: monthRows(ask) };
};
