// Hostile expressions end in a typed refusal, a value, or an unknown that says why: never in an exception, a hang or a full memory.
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { casesProblem } from '../../src/feel/cases.ts';
import { compileFeel, evaluate, outOfSteps } from '../../src/feel/feel.ts';
import { formatValue } from '../../src/feel/format.ts';
import { scopeOf } from '../../src/feel/scope.ts';
import { numberType, recordOf, typeEnv } from '../../src/feel/type.ts';
import { context, isUnknown } from '../../src/feel/value.ts';
import { caller } from '../command/call.ts';
import { heavy, refused } from './hostile.ts';

const run = promisify(execFile);
const call = caller(() => ({}));

describe('a hostile expression', () => {
  it.each(Object.entries(refused))('%s is refused in Chinese, with a place', (_, text) => {
    const compiled = compileFeel(text, typeEnv({}));
    expect(compiled.ok).toBe(false);
    if (compiled.ok) return;
    expect(compiled.problems.length).toBeGreaterThan(0);
    for (const p of compiled.problems) {
      expect(p.code).toMatch(/^feel\./);
      expect(p.at).toMatch(/^\d+:\d+$/);
      expect(p.message).toMatch(/[\u4e00-\u9fff]/);
      expect(`${p.message}${p.hint}`.length).toBeLessThan(500);
    }
  });

  it.each(Object.entries(heavy))('%s ends in a value or says why not', (_, text) => {
    const compiled = compileFeel(text, typeEnv({}));
    const value = compiled.ok ? evaluate(compiled.expression, scopeOf({})) : null;
    if (isUnknown(value)) expect(value.missing).toEqual([outOfSteps]);
  });

  it.each([
    'three loops in one',
    'a text that doubles',
    'a text of a hundred thousand parts',
    'lists that double',
    'a pattern over a long text',
  ])('%s takes less than 50 MB of a process and 0.1 s of the processor', async (name) => {
    const { stdout } = await run(process.execPath, [new URL('./hostile-child.ts', import.meta.url).pathname, name]);
    const { outcome, grownMb, cpuMs } = JSON.parse(stdout) as { outcome: string; grownMb: number; cpuMs: number };
    expect(['value', outOfSteps]).toContain(outcome);
    expect(grownMb).toBeLessThan(50);
    expect(cpuMs).toBeLessThan(100);
  });

  it.each([
    ['a list', '[', ']'],
    ['a record', '{"a":', '}'],
  ])('is not asked of %s deeper than any data', async (_, open, close) => {
    const deep = `{"x": ${open.repeat(5_000)}1${close.repeat(5_000)}}`;
    const told = await call('feel', 'count([x])', '--context', deep);
    expect([told.exit, told.problems.map((p) => p.code)]).toEqual([2, ['input.context']]);
  });

  it('reads nothing that a record does not hold', () => {
    const own = typeEnv({ r: recordOf({ a: numberType }) });
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(compileFeel(`r.${name}`, own).ok, name).toBe(false);
      const asked = compileFeel(`get value({a: 1}, "${name}")`, own);
      expect(asked.ok && formatValue(evaluate(asked.expression, scopeOf({ r: context({}) }))), name).toBe('null');
      const made = compileFeel(`context put({}, "${name}", 1)`, own);
      expect(made.ok && formatValue(evaluate(made.expression, scopeOf({}))), name).toContain('1');
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a file of cases', () => {
  const good = { id: 'a', suite: 's', expression: '1 + 1', context: {}, expected: { type: 'decimal', value: '2' }, error: false };
  const deep = (n: number): unknown => (n === 0 ? { type: 'null' } : { type: 'list', value: [deep(n - 1)] });

  it('is run only when every case is one', () => {
    expect(casesProblem([good])).toBeNull();
    for (const bad of [
      null,
      7,
      'x',
      { id: 1 },
      { ...good, context: [] },
      { ...good, expected: { type: 'gone' } },
      { ...good, expected: deep(500) },
    ])
      expect(casesProblem([good, bad]), JSON.stringify(bad).slice(0, 60)).toBe('/1');
    expect(casesProblem({ length: 1, 0: good })).toBe('');
  });

  it('counts hostile expressions as null, and tells which failed', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'cases-')), 'cases.json');
    const nul = (id: string, expression: string) => ({ ...good, id, expression, expected: { type: 'null' } });
    writeFileSync(
      file,
      JSON.stringify([
        good,
        nul('loop', heavy['three loops in one'] ?? ''),
        nul('deep', '('.repeat(9000)),
        { ...good, id: 'no', expression: '3' },
      ]),
    );
    const told = await call('feel', '--cases', file, '--json');
    expect(told.exit).toBe(1);
    expect(told.json()).toEqual({
      passed: 3,
      failed: 1,
      nonNull: { passed: 1, failed: 1 },
      null: { passed: 2, failed: 0 },
      failures: ['no'],
    });
    writeFileSync(file, '{"__proto__": [');
    expect((await call('feel', '--cases', file, '--json')).problems.map((p) => p.code)).toEqual(['input.cases']);
  });
});
