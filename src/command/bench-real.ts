// `bench --only real`: the shipped rules on the sample city at any size, in a database of its own: sealed from JSONB, then run for the first time, every
// match with its evidence written. What it says of memory is the peak of this process with its threads; the database's is told apart.
import { performance } from 'node:perf_hooks';
import { fillCity } from '../bench/fill.ts';
import { forgetPeak, peakBytes, watchServer } from '../bench/memory.ts';
import { type ProcessorTime, watchProcessor } from '../bench/processor.ts';
import { openAsOwner, rawSql } from '../db/handle.ts';
import { runItems } from '../match/run.ts';
import { liveItems } from '../policy/store.ts';
import { cityDefaults } from '../sample/city.ts';
import { seal } from '../snapshot/seal.ts';
import { changeOnePercent, decideEvents, percentile } from './bench-little.ts';
import { benchWhatIf } from './bench-what-if.ts';

import type { Output } from './command.ts';
import { publishShipped } from './journey.ts';
import { openTemporary, type Product } from './product.ts';

export interface RealRow {
  readonly measure: string;
  readonly workload: 'real';
  readonly engine: 'zhixiang';
  /** Subjects of all registers. */
  readonly rows: number;
  /** Items and periods; 0: nothing is decided. */
  readonly items: number;
  readonly ms: number;
  readonly decisionsPerSecond: number;
  /** Matches written; of a seal the rows of JSONB read. */
  readonly hits: number;
  /** Of a first seal: rows of JSONB, what one dataset says of one subject. */
  readonly records?: number;
  /** Of what was measured after little had changed: its share of the first time. */
  readonly ratio: number | null;
  readonly rssBytes: number;
  readonly databaseRssBytes: number;
  readonly processorMs?: number;
  readonly databaseProcessorMs?: number;
}

type Cost = ProcessorTime & { readonly ms: number; readonly rssBytes: number; readonly databaseRssBytes: number };

const measured = async <T>(product: Product, work: () => Promise<T>): Promise<Cost & { readonly out: T }> => {
  const [backend] = await rawSql(product.database.db)<{ pid: number }[]>`select pg_backend_pid() as pid`;
  forgetPeak();
  const server = watchServer(backend?.pid ?? 0);
  const processor = watchProcessor(backend?.pid ?? 0);
  const began = performance.now();
  const out = await work();
  const ms = performance.now() - began;
  return { out, ms, ...processor.stop(), rssBytes: peakBytes(), databaseRssBytes: server.stop() };
};

const shareOf = (one: { readonly ms: number }, whole: { readonly ms: number }): number => Math.round((one.ms / whole.ms) * 1000) / 1000;

const total = (counts: Readonly<Record<string, number | undefined>>): number =>
  Object.values(counts).reduce<number>((sum, n) => sum + (n ?? 0), 0);

/** `residents` and a tenth as many firms; `only` seal: nothing else; what-if: without the run. */
export const benchReal = async (
  residents: number,
  out: Output,
  now: () => Date,
  tell: (row: RealRow) => void,
  only: 'seal' | 'what-if' | null = null,
): Promise<void> => {
  const product = await out.step('database', '启动临时数据库', () => openTemporary(now()));
  const owner = openAsOwner(product.ownerUrl);
  try {
    const { db } = product.database;
    const { catalogue } = await publishShipped(db, { maker: 'bench-maker', checker: 'bench-checker' }, now());
    const city = { catalogue, residents, firms: Math.round(residents / 10), seed: cityDefaults.seed, asOf: cityDefaults.asOf };
    const filled = await out.step(
      'fill',
      '示例城市入库（不计时）',
      () => fillCity(owner, city, product.vault.secret, now()),
      ({ counts, parts }) => `${total(counts).toLocaleString('en-US')} 个对象，${parts.toLocaleString('en-US')} 行`,
    );
    const rows = total(filled.counts);
    const row = (measure: string, found: Cost, items: number, hits: number): RealRow => ({
      measure,
      workload: 'real',
      engine: 'zhixiang',
      rows,
      items,
      ms: Math.round(found.ms),
      decisionsPerSecond: Math.round((rows * items * 1000) / found.ms),
      hits,
      ratio: null,
      rssBytes: found.rssBytes,
      databaseRssBytes: found.databaseRssBytes,
      processorMs: found.processorMs,
      databaseProcessorMs: found.databaseProcessorMs,
    });
    const sealed = await measured(product, () => seal(db, { catalogue, knownAt: city.asOf, at: now(), actor: 'bench' }));
    tell({ ...row('seal from JSONB, first time', sealed, 0, filled.parts), records: filled.parts });
    if (only === 'seal') return;
    await benchWhatIf(db, { snapshotId: sealed.out.snapshotId, catalogue, rows }, tell);
    if (only === 'what-if') return;
    const items = await liveItems(db);
    const ran = await measured(product, () =>
      runItems(db, { snapshotId: sealed.out.snapshotId, items, catalogue, ledgerCut: 0n, at: now(), actor: 'bench' }),
    );
    const stopped = ran.out.items.filter((item) => item.stopped !== null && !item.held);
    if (stopped.length > 0) throw new Error(`stopped: ${stopped.map((item) => `${item.itemId} ${item.stopped}`).join('; ')}`);
    const written = ran.out.items.reduce((sum, item) => sum + total(item.written), 0);
    tell(row('first run, matches and evidence written', ran, ran.out.items.length, written));
    const ground = { db, owner: owner.db, catalogue, items, today: city.asOf, now };
    const changed = await changeOnePercent(ground);
    const over = await measured(product, () => seal(db, { catalogue, knownAt: city.asOf, at: now(), actor: 'bench' }));
    tell({ ...row('seal, 1 % changed', over, 0, changed), ratio: shareOf(over, sealed) });
    const again = await measured(product, () =>
      runItems(db, { snapshotId: over.out.snapshotId, items, catalogue, ledgerCut: 0n, at: now(), actor: 'bench' }),
    );
    const differences = again.out.items.reduce((sum, item) => sum + total(item.written), 0);
    tell({ ...row('run, 1 % changed', again, again.out.items.length, differences), ratio: shareOf(again, ran) });
    const events = await measured(product, () => decideEvents(ground, 200));
    const { items: asked, written: told, ms } = events.out;
    // Of one event, on average.
    const each = { processorMs: events.processorMs / ms.length, databaseProcessorMs: events.databaseProcessorMs / ms.length };
    for (const [name, share] of [
      ['event p50', 0.5],
      ['event p99', 0.99],
    ] as const)
      tell({
        ...row(name, { ...events, ...each, ms: percentile(ms, share) }, asked, told),
        decisionsPerSecond: Math.round((asked * 1000) / percentile(ms, share)),
      });
  } finally {
    await owner.close();
    await product.close();
  }
};
