// Hostile rule files end in a refusal with a known code, in Chinese, within a tenth of a second of the processor and 50 MB; what is large and right is
// read, linted, said and decided within the same.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { lintItem } from '../../src/policy/lint.ts';
import { catalogue, compiled } from './fixture.ts';
import { heavy, refused } from './hostile.ts';

const run = promisify(execFile);

interface Told {
  readonly name: string;
  readonly outcome: 'read' | readonly string[];
  /** Messages that are not in Chinese, or longer than anybody reads. */
  readonly foreign: readonly string[];
  readonly readMs: number;
  readonly grownMb: number;
  readonly lintMs?: number;
  readonly sayMs?: number;
  readonly decideMs?: number;
}

/**
 * A process that has loaded everything and read one item holds 30 MB; with 50 more it must do. What is garbage already is not held: how late it is
 * collected depends on the machine, so the heap is bounded and the growth of the process is asked only beside it.
 */
const narrow = ['--max-old-space-size=80', '--max-semi-space-size=2'];

const ask = async (kind: 'refused' | 'heavy'): Promise<readonly Told[]> => {
  const child = new URL('./hostile-child.ts', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, [...narrow, child, kind], { maxBuffer: 1e7 });
  return JSON.parse(stdout) as readonly Told[];
};

describe('a hostile rule file', () => {
  it('is refused, quickly and in little memory, whatever it tries', async () => {
    const told = await ask('refused');
    expect(told.map((t) => t.name)).toEqual(Object.keys(refused));
    for (const t of told) {
      expect(t.outcome, t.name).not.toBe('read');
      for (const code of t.outcome) expect(code, t.name).toMatch(/^(rule|feel)\./);
      expect(t.foreign, t.name).toEqual([]);
      expect(t.readMs, t.name).toBeLessThan(100);
      expect(t.grownMb, t.name).toBeLessThan(50);
    }
  });

  it('that is only large is borne by everything that looks at it', async () => {
    const told = await ask('heavy');
    expect(told.map((t) => t.name)).toEqual(Object.keys(heavy));
    for (const t of told) {
      expect(t.outcome, t.name).toBe('read');
      for (const ms of [t.readMs, t.lintMs, t.sayMs, t.decideMs]) expect(ms, t.name).toBeLessThan(100);
      expect(t.grownMb, t.name).toBeLessThan(50);
    }
  });

  it('leaves nothing behind on what every object is', () => {
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('the lint of very many conditions', () => {
  it('says that it has not tried them all, and of fewer it has', () => {
    const wide = (n: number) =>
      lintItem(
        compiled({ conditions: { any: Array.from({ length: n }, (_, i) => ({ fact: 'income', operator: 'lessThan', value: i * 3 })) } }),
        catalogue,
      )
        .findings.filter((f) => f.code === 'rule.lint-wide')
        .map((f) => `wide ${f.at}`);
    expect(wide(400)).toEqual(['wide /conditions']);
    expect(wide(20)).toEqual([]);
  });
});
