// How the console writes amounts, days and moments: as every other face does. Amounts come as text in 分 and stay exact.

import { figureYuan, roundYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { countText, momentText as momentOf, periodText as periodOf } from '../words.ts';

export { countText, dayText };

/** `1,234.50`, under a head that says 元. */
export const figure = (fen: string): string => figureYuan(BigInt(fen));
/** `1,234.50 元`, exact. */
export const money = (fen: string): string => `${figure(fen)} 元`;
/** At a glance: from a million on `4,034.03 万元`, rounded; where it stands the exact sum stands too. */
export const shortMoney = (fen: string): string => roundYuan(BigInt(fen));
/** 2026年4月15日 09:30, in Asia/Shanghai, from the moment's text. */
export const momentText = (at: string): string => momentOf(new Date(at));
/** null: of several periods. */
export const periodText = (key: string | null): string => (key === null ? '各期' : periodOf(key));

/** 0.3 秒, 12 秒, 3 分 20 秒. */
export const tookText = (ms: number): string => {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} 秒`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒`;
};

/** Text in 元 with its groups apart: `1891.00` as `1,891.00`. */
export const grouped = (yuan: string): string => yuan.replace(/\B(?=(\d{3})+\.)/g, ',');
