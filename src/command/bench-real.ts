// `bench --only real`: the shipped rules on the sample city at any size, in a database of its own: sealed from JSONB, then run for the first time, every
// match with its evidence written. What it says of a run's memory is the peak of the process that runs, with its threads; the database's is told apart.
import { fillCity } from '../bench/fill.ts';
import { openAsOwner } from '../db/handle.ts';
import { cityDefaults } from '../sample/city.ts';
import { seal } from '../snapshot/seal.ts';
import { shareOf } from '../vault/hold.ts';
import { type Cost, measured } from './bench-cost.ts';
import { changeOnePercent, percentile } from './bench-little.ts';
import { type Runner, startRunner } from './bench-runner.ts';
import { benchWhatIf } from './bench-what-if.ts';
import type { Output } from './command.ts';
import { publishShipped } from './journey.ts';
import { openTemporary } from './product.ts';

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

const partOf = (one: { readonly ms: number }, whole: { readonly ms: number }): number => Math.round((one.ms / whole.ms) * 1000) / 1000;

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
  const [owner, beside] = [openAsOwner(product.ownerUrl), openAsOwner(product.ownerUrl)];
  let runner: Runner | null = null;
  try {
    const { db } = product.database;
    const { catalogue } = await publishShipped(db, { maker: 'bench-maker', checker: 'bench-checker' }, now());
    const city = { catalogue, residents, firms: Math.round(residents / 10), seed: cityDefaults.seed, asOf: cityDefaults.asOf };
    const filled = await out.step(
      'fill',
      '示例城市入库（不计时）',
      () => fillCity([owner, beside], city, product.vault.secret, now()),
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
    const sealed = await measured(db, () => seal(db, { catalogue, knownAt: city.asOf, at: now(), actor: 'bench' }));
    tell({ ...row('seal from JSONB, first time', sealed, 0, filled.parts), records: filled.parts });
    if (only === 'seal') return;
    await benchWhatIf(db, { snapshotId: sealed.out.snapshotId, catalogue, rows }, tell);
    if (only === 'what-if') return;
    const share = shareOf(db);
    if (share === null) throw new Error('nobody else can open this database');
    runner = startRunner({ share, catalogue });
    const ran = await runner.run(sealed.out.snapshotId, now());
    tell(row('first run, matches and evidence written', ran, ran.items, ran.written));
    const changed = await changeOnePercent(owner.db);
    const over = await measured(db, () => seal(db, { catalogue, knownAt: city.asOf, at: now(), actor: 'bench' }));
    tell({ ...row('seal, 1 % changed', over, 0, changed), ratio: partOf(over, sealed) });
    const again = await runner.run(over.out.snapshotId, now());
    tell({ ...row('run, 1 % changed', again, again.items, again.written), ratio: partOf(again, ran) });
    const events = await runner.events(200, now());
    const { items: asked, written: told, ms } = events.times;
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
    await runner?.close();
    await owner.close();
    await beside.close();
    await product.close();
  }
};
