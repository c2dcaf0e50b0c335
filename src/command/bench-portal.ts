// `bench --only portal`: what the first page weighs, what each page costs in processor time (which a busy machine does not blur), and how long signed-in visitors
// wait on real pages at a hundred requests a second.
import { fork } from 'node:child_process';
import path from 'node:path';
import type { LoadAnswer, LoadAsk } from '../bench/load.ts';
import { watchProcessor } from '../bench/processor.ts';
import { rawSql } from '../db/handle.ts';
import { percentile } from './bench-little.ts';
import { type CommandContext, textTable } from './command.ts';
import { firstNotice, shownIn } from './shots-store.ts';
import { visitOf } from './shots-visit.ts';
import { inSmallCity, type SmallCity } from './small-city.ts';

export interface PortalRow {
  readonly measure: 'portal';
  /** The page without a visit and its style sheet, uncompressed as they go over the wire. */
  readonly firstPageBytes: number;
  readonly requests: number;
  readonly perSecond: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly ms: Readonly<Record<'p50' | 'p95' | 'p99' | 'most', number>>;
  /** Of the serving process and its database, at that rate. */
  readonly cpuMsPerRequest: number;
  readonly pages: readonly PageCost[];
}

/** Processor time of one kind of page, ms a request: the serving process and its database. */
interface PageCost {
  readonly page: string;
  /** Each subject's first look. */
  readonly first: number;
  readonly firstDatabase: number;
  /** Every later one. */
  readonly again: number;
  readonly againDatabase: number;
  readonly failed: number;
}

const perSecond = 100;
const seconds = 20;
const visitors = 42;
/** How often each page is looked at again. */
const rounds = 4;

const bytesOf = async (url: string): Promise<{ readonly bytes: number; readonly text: string }> => {
  const response = await fetch(url);
  const body = Buffer.from(await response.arrayBuffer());
  const head = [...response.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 17);
  return { bytes: body.length + head, text: body.toString('utf8') };
};

const firstPage = async (base: string): Promise<number> => {
  const page = await bytesOf(`${base}/`);
  const [, style = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(page.text) ?? [];
  return page.bytes + (await bytesOf(`${base}${style}`)).bytes;
};

type Asked = LoadAsk['pages'][number];

/** What people look at, each by its own subject: kind of page → pages. */
const pagesOf = async ({ ground }: SmallCity): Promise<ReadonlyMap<string, readonly Asked[]>> => {
  const states = [await shownIn(ground.db, 'reviewing'), await shownIn(ground.db, 'confirming'), await shownIn(ground.db, 'ready')];
  const found = states.flatMap((own) => own.slice(0, visitors / states.length));
  const pages = new Map<string, Asked[]>();
  for (const one of found) {
    const cookie = Object.entries(await visitOf(ground, one))
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    const add = (page: string, path: string): void => {
      pages.set(page, [...(pages.get(page) ?? []), { path, cookie }]);
    };
    const at = `/my/benefits/${one.id}`;
    add('/my', '/my');
    add('/my/benefits/:id', at);
    add('/my/benefits/:id/why', `${at}/why`);
    add('/my/notices', '/my/notices');
    const notice = await firstNotice(ground.db, one.subjectId);
    if (notice !== null) add('/my/notices/:id', `/my/notices/${notice}`);
    add('/my/payments', '/my/payments');
    add('/my/near', '/my/near');
    add('/my/items/:id', `/my/items/${one.itemId}`);
    add('/my/requests', '/my/requests');
    add('/items', '/items');
    add('/items?q=', `/items?q=${encodeURIComponent('就业')}`);
    add('/items/:id', `/items/${one.itemId}`);
    add('/', '/');
  }
  return pages;
};

const asked = (ask: LoadAsk): Promise<LoadAnswer> =>
  new Promise((resolve, reject) => {
    const child = fork(path.join(import.meta.dirname, '..', 'bench', 'load.ts'));
    child.once('message', (answer) => resolve(answer as LoadAnswer));
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? undefined : reject(new Error(`the asking process ended with ${code}`))));
    child.send(ask);
  });

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

/** One kind of page after the other, slowly: who waits is not asked here. */
const costOf = async ({ web, ground }: SmallCity, page: string, pages: readonly Asked[]): Promise<PageCost> => {
  const [backend] = await rawSql(ground.db)<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const ask = async (rounds: number) => {
    const watch = watchProcessor(backend?.pid ?? 0);
    const count = pages.length * rounds;
    const answer = await asked({ base: web.address, pages, perSecond: 40, seconds: count / 40 });
    const { processorMs, databaseProcessorMs } = watch.stop();
    return {
      own: tenths(processorMs / count),
      database: tenths(databaseProcessorMs / count),
      failed: Object.values(answer.failed).reduce((sum, n) => sum + n, 0),
    };
  };
  const first = await ask(1);
  const again = await ask(rounds);
  return {
    ...{ page, first: first.own, firstDatabase: first.database, again: again.own, againDatabase: again.database },
    failed: first.failed + again.failed,
  };
};

/** In turn, so that every kind of page comes as often as any other and no two of a subject stand together. */
const mixed = (pages: ReadonlyMap<string, readonly Asked[]>): readonly Asked[] => {
  const kinds = [...pages.values()];
  return Array.from({ length: visitors }, (_, n) => kinds.flatMap((own) => own[n] ?? [])).flat();
};

export const benchPortal = async (context: CommandContext): Promise<PortalRow> =>
  inSmallCity(context, async (city) => {
    const { web, ground } = city;
    const pages = await pagesOf(city);
    const mix = mixed(pages);
    const firstPageBytes = await firstPage(web.address);
    // Every page of one visitor, so that no page pays for what is compiled once.
    const [who] = mix;
    await asked({ base: web.address, pages: mix.filter((one) => one.cookie === who?.cookie), perSecond: 20, seconds: 1 });
    const costs: PageCost[] = [];
    for (const [page, own] of pages) costs.push(await costOf(city, page, own));
    const [backend] = await rawSql(ground.db)<{ pid: number }[]>`select pg_backend_pid() as pid`;
    const watch = watchProcessor(backend?.pid ?? 0);
    const { ms, failed } = await asked({ base: web.address, pages: mix, perSecond, seconds });
    const used = watch.stop();
    const sorted = ms.toSorted((a, b) => a - b);
    const row: PortalRow = {
      measure: 'portal',
      firstPageBytes,
      requests: ms.length,
      perSecond,
      failed,
      ms: {
        p50: tenths(percentile(sorted, 0.5)),
        p95: tenths(percentile(sorted, 0.95)),
        p99: tenths(percentile(sorted, 0.99)),
        most: tenths(sorted.at(-1) ?? 0),
      },
      cpuMsPerRequest: tenths((used.processorMs + used.databaseProcessorMs) / ms.length),
      pages: costs,
    };
    context.out.say(textTable(['页面', '第一次看', '其中数据库', '再看', '其中数据库', '没有办成'], costs.map(costLine), [1, 2, 3, 4, 5]));
    context.out.say(
      textTable(
        ['首页字节', '请求', '每秒', '没有办成', '中位', '95%', '99%', '最长', 'CPU/请求'],
        [
          [
            String(row.firstPageBytes),
            String(row.requests),
            String(perSecond),
            String(Object.values(failed).reduce((sum, n) => sum + n, 0)),
            ...Object.values(row.ms).map((one) => `${one} ms`),
            `${row.cpuMsPerRequest} ms`,
          ],
        ],
        [0, 1, 2, 3, 4, 5, 6, 7, 8],
      ),
    );
    return row;
  });

const costLine = (one: PageCost): readonly string[] => [
  one.page,
  `${tenths(one.first + one.firstDatabase)} ms`,
  `${one.firstDatabase} ms`,
  `${tenths(one.again + one.againDatabase)} ms`,
  `${one.againDatabase} ms`,
  String(one.failed),
];
