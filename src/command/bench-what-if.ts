// The what-if of `bench`: every shipped rule for residents asked again and again of the same sealed population, from hot columns: counted, with amounts, swept.
import { performance } from 'node:perf_hooks';
import { forgetPeak, peakBytes } from '../bench/memory.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import { parseSweep } from '../forecast/sweep.ts';
import { type WhatIf, type WhatIfOptions, whatIf } from '../forecast/what-if.ts';
import { compileItem } from '../policy/compile.ts';
import { liveItems } from '../policy/store.ts';
import { factOf } from '../record/lookup.ts';
import { openHot } from '../snapshot/hot.ts';
import type { RealRow } from './bench-real.ts';

/** As the web keeps them by default. */
const hotBytes = 256_000_000;
const rounds = 5;
const nested = new Set(['list', 'set', 'series']);

interface Asked {
  readonly lists: boolean;
  readonly options: Omit<WhatIfOptions, 'amounts'>;
}

/** The time that nineteen in twenty stay below. */
const p95 = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0;

/** `rows`: subjects of all registers, as the other rows tell them. */
export const benchWhatIf = async (
  db: Db,
  of: { readonly snapshotId: string; readonly catalogue: Catalogue; readonly rows: number },
  tell: (row: RealRow) => void,
): Promise<void> => {
  const { snapshotId, catalogue, rows } = of;
  forgetPeak();
  const hot = openHot(hotBytes);
  const asked: Asked[] = [];
  const first: number[] = [];
  const timed = async (options: WhatIfOptions): Promise<{ readonly ms: number; readonly told: WhatIf }> => {
    const began = performance.now();
    const told = await whatIf(db, hot, options);
    return { ms: performance.now() - began, told };
  };
  for (const { item } of await liveItems(db)) {
    const compiled = compileItem(item, catalogue);
    if (compiled.register !== 'citizen') continue;
    const options = { snapshotId, catalogue, draft: item, published: [], ledgerCut: 0n };
    const { ms, told } = await timed({ ...options, amounts: false });
    if (told.way !== 'columns') continue;
    first.push(ms);
    asked.push({ options, lists: compiled.reads.some((read) => nested.has(factOf(catalogue, 'citizen', read.fact)?.type ?? '')) });
  }
  const row = (measure: string, times: readonly number[], items: number, hits: number): void => {
    const ms = p95(times);
    tell({
      measure,
      workload: 'real',
      engine: 'zhixiang',
      rows,
      items,
      ms: Math.round(ms * 10) / 10,
      decisionsPerSecond: Math.round((rows * 1000) / ms),
      hits,
      ratio: null,
      rssBytes: peakBytes(),
      databaseRssBytes: 0,
    });
  };
  row('what-if, first question, columns read, p95', first, first.length, 0);
  for (const [kind, lists] of [
    ['column conditions', false],
    ['list facts', true],
  ] as const) {
    const own = asked.filter((one) => one.lists === lists);
    for (const amounts of [false, true]) {
      const times: number[] = [];
      let hits = 0;
      for (let round = 0; round < rounds; round++)
        for (const { options } of own) {
          const { ms, told } = await timed({ ...options, amounts });
          times.push(ms);
          if (round === 0) hits += told.points[0]?.eligible ?? 0;
        }
      if (own.length > 0) row(`what-if, ${amounts ? 'amounts' : 'count'}, ${kind}, p95`, times, own.length, hits);
    }
  }
  const gaoling = asked.find(({ options }) => options.draft.id === 'luquan-gaoling');
  if (gaoling === undefined) return;
  const swept = { ...gaoling.options, sweep: parseSweep('/conditions/all/1/value=75..90:1'), amounts: false };
  const times: number[] = [];
  let points: WhatIf['points'] = [];
  for (let round = 0; round < rounds; round++) {
    const { ms, told } = await timed(swept);
    times.push(ms);
    points = told.points;
  }
  row(
    'what-if, one figure swept, count, p95',
    times,
    points.length,
    points.reduce((sum, p) => sum + p.eligible, 0),
  );
};
