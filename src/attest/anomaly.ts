// The anomaly report over attestations: counts per officer, and what stands out. A flag is a reason to look, never a verdict.
import type { OfficerCounts } from './anomaly-store.ts';

export interface OfficerAnomaly extends OfficerCounts {
  /** Plain Chinese; empty where nothing stands out. */
  readonly flags: readonly string[];
}

/** Fewer than these say nothing. */
const few = 5;

export const anomalies = (counts: readonly OfficerCounts[]): readonly OfficerAnomaly[] => {
  const sorted = counts.map((c) => c.entered).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return counts.map((c) => {
    const flags: string[] = [];
    if (c.entered >= few * 2 && c.entered >= median * 3) flags.push(`录入 ${c.entered} 条，是同期中位数的 3 倍以上`);
    if (c.entered >= few && c.partnerCount * 10 >= c.entered * 9) flags.push('九成以上由同一人复核');
    const wrong = c.overruled + c.refused;
    if (c.entered >= few && wrong * 5 >= c.entered) flags.push(`${wrong} 条被退回或被来源否定，占两成以上`);
    if (c.subjects >= few) flags.push(`补录库外对象 ${c.subjects} 个`);
    return { ...c, flags };
  });
};
