// `demo --json` as its users call it: one document, the same for the same seed and day, nothing planted judged wrong.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '..', '..');

const long = process.env.ZHIXIANG_TEST_LONG === '1';

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
  readonly money?: Readonly<Record<string, string | number>>;
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

/** docs/money.md, by the document alone; the command itself checks the rest, and each order against the bank's own books, and fails. */
const mustAddUp = (money: Readonly<Record<string, string | number>>): void => {
  const fen = (name: string): bigint => BigInt(`${money[name]}`);
  expect(fen('eligibleFen')).toBe(fen('settledFen') + fen('unsettledFen'));
  expect(fen('settledFen')).toBe(fen('reservedFen') + fen('paidFen') + fen('unknownFen') + fen('pendingFen'));
  const ended = ['cancelledFen', 'withheldFen', 'paidFen', 'returnedFen', 'unknownFen', 'pendingFen'].map(fen);
  expect(fen('sealedFen')).toBe(ended.reduce((sum, one) => sum + one, 0n));
  expect(fen('reissuedFen') <= fen('returnedFen')).toBe(true);
  for (const name of ['paidFen', 'returnedFen', 'reissuedFen', 'unknownFen', 'withheldFen', 'cancelledFen', 'suspenseFen', 'reservedFen'])
    expect([name, fen(name) > 0n]).toEqual([name, true]);
  expect(fen('pendingFen')).toBe(0n);
  expect(money.invariantViolations).toBe(0);
};

it('gives one document, the same for the same seed and day, with every planted subject judged as its policy says', {
  timeout: 600_000,
}, () => {
  const out = mkdtempSync(join(tmpdir(), 'zhixiang-out-'));
  const first = demo('--seed', '11', '--to', 'paid', '--out', out);
  const { timingsMs: _, ...document } = first;
  // The whole job a second time only in the long tests.
  if (long) {
    const { timingsMs: __, ...again } = demo('--seed', '11', '--to', 'paid');
    expect(again).toEqual(document);
  }
  mustAddUp(first.money ?? {});
  const sent = readdirSync(join(out, 'to-bank'));
  const manifests = sent.filter((name) => name.endsWith('.manifest.json'));
  const read = manifests.map(
    (name) => JSON.parse(readFileSync(join(out, 'to-bank', name), 'utf8')) as { format: string; totalFen: string },
  );
  expect(new Set(read.map((one) => one.format))).toEqual(
    new Set(['pain.001', 'agent-csv', 'rural-gbk-csv', 'treasury-pipe', 'city-fixed']),
  );
  const files = read.reduce((sum, one) => sum + BigInt(one.totalFen), 0n);
  const { sealedFen = 0, cancelledFen = 0, withheldFen = 0 } = first.money ?? {};
  expect(files).toBe(BigInt(sealedFen) - BigInt(cancelledFen) - BigInt(withheldFen));
  expect(readdirSync(join(out, 'from-bank')).length).toBeGreaterThan(manifests.length);
  rmSync(out, { recursive: true });
  expect(first.asOf).toBe('2026-04-15');
  expect(first.items.length).toBeGreaterThanOrEqual(56);
  expect(first.items.filter((item) => item.planted.checked < 20 || item.planted.wrong > 0 || item.stopped !== undefined)).toEqual([]);
  const counted = first.items.filter((item) => item.mode !== 'push').reduce((sum, item) => sum + BigInt(item.amountFen), 0n);
  expect(first.totals.amountFen).toBe(String(counted));
  expect(first.totals.disbursements).toBeGreaterThan(0);
  expect(first.totals.notices).toBeGreaterThan(0);
});

it.runIf(long)('runs on another day too, where planted answers do not apply and are not claimed', { timeout: 240_000 }, () => {
  const later = demo('--as-of', '2026-05-20');
  expect(later.items.every((item) => item.planted.checked === 0 && item.stopped === undefined)).toBe(true);
  expect(later.totals.matches).toBeGreaterThan(100);
});
