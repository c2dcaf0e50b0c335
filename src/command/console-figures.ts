// The figures of the console that stand on the page of the bench.
import { type ConsoleRow, spreadOf, tenths } from './bench-console.ts';
import type { ListTimes } from './bench-lists.ts';

/** `rows`: residents of the city, with a tenth as many firms. */
export const consoleFigures = ({ ms, interactions, screenMs, screens, answerMs, answers, lists }: ConsoleRow, rows: number) => {
  const figure = (measure: string, took: number, hits: number) => ({
    ...{ measure, workload: 'console' as const, engine: 'zhixiang in Chromium', rows, items: 0, ms: took },
    ...{ decisionsPerSecond: 0, hits, ratio: null },
  });
  const long = (measure: string, of: (one: ListTimes) => number) => figure(measure, tenths(Math.max(...lists.map(of))), lists.length);
  const turns = spreadOf(lists.flatMap((one) => one.wheelMs));
  return [
    figure('console: key or click to picture, p50', ms.p50, interactions),
    figure('console: key or click to picture, p95', ms.p95, interactions),
    figure('console: key or click to picture, p99', ms.p99, interactions),
    figure('console: a screen whole, p95', screenMs.p95, screens),
    figure('console: answers of the server, p95', answerMs.p95, answers),
    long('console: 50,000 rows, first picture', (one) => one.openMs),
    figure('console: 50,000 rows, turn of the wheel to picture, p95', turns.p95, lists.flatMap((one) => one.wheelMs).length),
    { ...long('console: 50,000 rows, scrolled to the end', (one) => one.endMs), hits: Math.min(...lists.map((one) => one.reached)) },
    long('console: 50,000 rows, narrowed', (one) => one.narrowMs),
    long('console: 50,000 rows, as a table', (one) => one.fileMs),
  ];
};
