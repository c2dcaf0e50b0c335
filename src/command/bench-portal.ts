// `bench --only portal`: what the first page weighs, and how long signed-in visitors wait on real pages at a hundred requests a second; and what one costs
// the server in processor time, which a busy machine does not blur.
import { fork } from 'node:child_process';
import path from 'node:path';
import type { LoadAnswer, LoadAsk } from '../bench/load.ts';
import { percentile } from './bench-little.ts';
import { type CommandContext, textTable } from './command.ts';
import { shownIn } from './shots-store.ts';
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
  /** Of the serving process, database not counted. */
  readonly cpuMsPerRequest: number;
}

const perSecond = 100;
const seconds = 20;
const visitors = 40;

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

/** What people look at, each by its own subject. */
const pagesOf = async ({ ground }: SmallCity): Promise<LoadAsk['pages']> => {
  const found = [
    ...(await shownIn(ground.db, 'reviewing')),
    ...(await shownIn(ground.db, 'confirming')),
    ...(await shownIn(ground.db, 'ready')),
  ];
  const search = `/items?q=${encodeURIComponent('就业')}`;
  const pages: { path: string; cookie: string }[] = [];
  for (const one of found.slice(0, visitors)) {
    const cookie = Object.entries(await visitOf(ground, one))
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    const at = `/my/benefits/${one.id}`;
    for (const page of ['/my', at, `${at}/why`, '/my/notices', `/items/${one.itemId}`, '/items', search, '/my/payments', '/my/near'])
      pages.push({ path: page, cookie });
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

export const benchPortal = async (context: CommandContext): Promise<PortalRow> =>
  inSmallCity(context, async (city) => {
    const { web } = city;
    const pages = await pagesOf(city);
    const firstPageBytes = await firstPage(web.address);
    // Once each, so that what is measured is a server that has served.
    await asked({ base: web.address, pages, perSecond: 50, seconds: Math.ceil(pages.length / 50) });
    const before = process.cpuUsage();
    const { ms, failed } = await asked({ base: web.address, pages, perSecond, seconds });
    const used = process.cpuUsage(before);
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
      cpuMsPerRequest: tenths((used.user + used.system) / 1000 / ms.length),
    };
    context.out.say(
      textTable(
        ['首页字节', '请求', '每秒', '没有办成', '中位', '95%', '99%', '最长', '服务器 CPU/请求'],
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
