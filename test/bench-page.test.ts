// The page and charts that `bench --out` writes: figures beside what they should be, parts measured apart put together, charts that any reader of SVG takes.
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { chartsOf, type Figure, type Measured, pageOf, together } from '../src/bench/report.ts';

const figure = (measure: string, engine: string, over: Partial<Figure> = {}): Figure => ({
  measure,
  workload: 'synthetic',
  engine,
  rows: 2_000_000,
  items: 100,
  ms: 100,
  decisionsPerSecond: 2e9,
  hits: 5,
  ratio: null,
  ...over,
});
const machine = { cpu: 'a <cpu> & more', cores: 2, node: 'v24', memoryBytes: 16e9 };
const measured: Measured = {
  machine,
  day: '2026-01-01',
  rows: [figure('kernel, one thread', 'zhixiang simd'), figure('peer, one thread', 'duckdb 1', { ratio: 14.5, decisionsPerSecond: 1e8 })],
};

describe('the page of the bench', () => {
  it('says of each figure whether it is what it should be', () => {
    const page = pageOf(measured, 'bench --out docs', 'benchmark');
    expect(page).toContain('| kernel, one thread, hits written out | 2,000 M decisions/s | ≥ 500 M decisions/s | met |');
    expect(page).toContain('| faster than DuckDB, one thread, its best way | 14.5 × | ≥ 15 × | **not met** |');
    expect(page).toContain('](benchmark/speed.svg)');
  });

  it('draws charts that parse, whatever the figures', () => {
    const odd = {
      ...measured,
      rows: [...measured.rows, figure('two threads <&>', 'zhixiang "x"', { ratio: 0.001, decisionsPerSecond: 1 })],
    };
    for (const one of [measured, odd, { ...measured, rows: measured.rows.slice(0, 1) }]) {
      const charts = chartsOf(one);
      expect(charts.map((chart) => chart.file)).toEqual(['speed.svg', 'targets.svg']);
      for (const { svg } of charts) {
        const parser = new SaxesParser({ xmlns: true });
        parser.on('error', (error) => {
          throw error;
        });
        parser.write(svg).close();
        expect(svg).not.toMatch(/NaN|Infinity/);
      }
    }
    expect(chartsOf({ ...measured, rows: [] })).toEqual([]);
  });

  it('puts parts together on one machine, and never two machines', () => {
    const newer = { machine, day: '2026-01-02', rows: [figure('kernel, one thread', 'zhixiang simd', { ms: 50 })] };
    expect(together(measured, newer).rows.map((row) => [row.engine, row.ms])).toEqual([
      ['duckdb 1', 100],
      ['zhixiang simd', 50],
    ]);
    expect(together(measured, { ...newer, machine: { ...machine, cpu: 'another' } }).rows).toHaveLength(1);
    expect(together(null, newer)).toEqual(newer);
  });
});
