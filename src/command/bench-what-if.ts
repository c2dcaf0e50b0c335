// The what-if of `bench`: every shipped rule for residents asked of the same sealed population, a figure of it moved from one question to the next, from hot columns: counted, with amounts,
// swept.
import { performance } from 'node:perf_hooks';
import { forgetPeak, peakBytes } from '../bench/memory.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import { parseSweep } from '../forecast/sweep.ts';
import { type WhatIf, type WhatIfOptions, whatIf } from '../forecast/what-if.ts';
import { compileItem } from '../policy/compile.ts';
import type { Item } from '../policy/item.ts';
import { liveItems } from '../policy/store.ts';
import { factOf } from '../record/lookup.ts';
import { openHot } from '../snapshot/hot.ts';
import type { RealRow } from './bench-real.ts';

/** As the web keeps them by default. */
const hotBytes = 256_000_000;
const rounds = 5;
const nested = new Set(['list', 'set', 'series']);

interface Found {
  readonly times: number[];
  items: number;
  hits: number;
}

/** The first figure of the rule's conditions, so much higher; a rule without any is asked the same again. */
const moved = (item: Item, by: number): Item => {
  let done = false;
  const move = (part: unknown): unknown => {
    if (done || typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(move);
    const { operator, value } = part as { readonly operator?: unknown; readonly value?: unknown };
    if (operator === undefined || typeof value !== 'number')
      return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, move(one)]));
    done = true;
    return { ...part, value: value + by };
  };
  return { ...item, conditions: move(item.conditions) as Item['conditions'] };
};

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
  const first: number[] = [];
  const timed = async (options: WhatIfOptions): Promise<{ readonly ms: number; readonly told: WhatIf }> => {
    const began = performance.now();
    const told = await whatIf(db, hot, options);
    return { ms: performance.now() - began, told };
  };
  const found = new Map<string, Found>();
  /** A figure moved five times in a row; `read`: what the columns took before. */
  const inARow = async (
    options: WhatIfOptions,
    kind: string,
    from: number,
    read: { readonly ms: number; readonly told: WhatIf },
  ): Promise<void> => {
    first.push(read.ms);
    const one = found.get(kind) ?? { times: [], items: 0, hits: 0 };
    found.set(kind, one);
    one.items++;
    one.hits += read.told.points[0]?.eligible ?? 0;
    for (let round = from; round < from + rounds; round++)
      one.times.push((await timed({ ...options, draft: moved(options.draft, round) })).ms);
  };
  let swept: WhatIfOptions | null = null;
  for (const { item } of await liveItems(db)) {
    const compiled = compileItem(item, catalogue);
    if (compiled.register !== 'citizen') continue;
    const options = { snapshotId, catalogue, draft: item, published: [], ledgerCut: 0n };
    const [count, amounts] = [
      { ...options, amounts: false },
      { ...options, amounts: true },
    ];
    const counted = await timed(count);
    if (counted.told.way !== 'columns') continue;
    const lists = compiled.reads.some((read) => nested.has(factOf(catalogue, 'citizen', read.fact)?.type ?? ''));
    const kind = lists ? 'list facts' : 'column conditions';
    await inARow(count, `count, ${kind}`, 1, counted);
    await inARow(amounts, `amounts, ${kind}`, 1 + rounds, await timed(amounts));
    if (item.id === 'luquan-gaoling') swept = { ...count, sweep: parseSweep('/conditions/all/1/value=75..90:1') };
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
  row('what-if, first question, columns read, p95', first, found.size, 0);
  for (const [kind, { times, items, hits }] of found) row(`what-if, ${kind}, p95`, times, items, hits);
  if (swept === null) return;
  await timed(swept);
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
