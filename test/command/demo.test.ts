// `demo --json` as its users call it: one document, the same for the same seed and day, nothing planted judged wrong.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '..', '..');

interface DemoDocument {
  readonly seed: number;
  readonly asOf: string;
  readonly snapshot: string;
  readonly items: readonly {
    id: string;
    mode: string;
    eligible: number;
    amountFen: string;
    planted: { checked: number; wrong: number };
    stopped?: string;
  }[];
  readonly totals: { records: number; matches: number; notices: number; disbursements: number; amountFen: string };
  readonly timingsMs: Record<string, number>;
}

const demo = (...args: string[]): DemoDocument => {
  const done = spawnSync(process.execPath, ['src/cli.ts', 'demo', '--json', '--firms', '40', '--residents', '200', ...args], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  expect([done.status, done.stderr]).toEqual([0, '']);
  return JSON.parse(done.stdout) as DemoDocument;
};

it('gives the same document for the same seed and day, with every planted subject judged as its policy says', { timeout: 240_000 }, () => {
  const first = demo('--seed', '11');
  const { timingsMs: _, ...document } = first;
  const { timingsMs: __, ...again } = demo('--seed', '11');
  expect(again).toEqual(document);
  expect(first.asOf).toBe('2026-04-15');
  expect(first.items.length).toBeGreaterThanOrEqual(56);
  expect(first.items.filter((item) => item.planted.checked < 20 || item.planted.wrong > 0 || item.stopped !== undefined)).toEqual([]);
  const counted = first.items.filter((item) => item.mode !== 'push').reduce((sum, item) => sum + BigInt(item.amountFen), 0n);
  expect(first.totals.amountFen).toBe(String(counted));
  expect(first.totals.disbursements).toBeGreaterThan(0);
  expect(first.totals.notices).toBeGreaterThan(0);
});

it('runs on another day too, where planted answers do not apply and are not claimed', { timeout: 240_000 }, () => {
  const later = demo('--as-of', '2026-05-20');
  expect(later.items.every((item) => item.planted.checked === 0 && item.stopped === undefined)).toBe(true);
  expect(later.totals.matches).toBeGreaterThan(100);
});
