// `rules check` and `rules say` on files from anywhere; help and refusals of the whole command line; a command beside a running server.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/command/commands.ts';
import { shippedRules } from '../../src/command/place.ts';
import { openForServing } from '../../src/command/product.ts';
import { readConfig } from '../../src/config.ts';
import { caller } from './call.ts';

const folder = mkdtempSync(join(tmpdir(), 'zhixiang-rules-'));
const call = caller(() => ({}));
const shipped = join(shippedRules, '530128/luquan-gaoling.json');
const cli = (argv: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '../../src/cli.ts'), ...argv], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...env },
  });

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a rule file from elsewhere', () => {
  it('may be called anything; among the house’s own it is called by its id', async () => {
    const elsewhere = join(folder, 'policy 59.json');
    copyFileSync(shipped, elsewhere);
    const { items } = (await call('rules', 'check', elsewhere, '--json')).json();
    expect(items).toMatchObject([{ id: 'luquan-gaoling', errors: 0, examplesFailed: 0 }]);
    const own = join(folder, 'rules', '530128');
    mkdirSync(own, { recursive: true });
    copyFileSync(shipped, join(own, 'other.json'));
    const called = await call('rules', 'check', join(own, 'other.json'), '--json');
    expect(called.json().items[0].findings).toMatchObject([{ code: 'rule.name' }]);
  });
});

describe('rules, exchanged', () => {
  const codes = (called: { problems: readonly { code: string }[] }) => called.problems.map((one) => one.code);
  it('leave as json-rules-engine conditions and come back the same', async () => {
    const out = (await call('rules', 'export-conditions', 'luquan-gaoling', '--json')).json();
    expect(out.customOperators.map((one: { name: string }) => one.name)).toContain('within');
    const file = join(folder, 'engine.json');
    writeFileSync(file, JSON.stringify({ conditions: out.conditions, event: { type: 'due' } }));
    const back = (await call('rules', 'import-conditions', file, '--item', 'luquan-gaoling', '--json')).json();
    expect(back.conditions).toEqual(JSON.parse(readFileSync(shipped, 'utf8')).conditions);
    writeFileSync(file, JSON.stringify({ all: [{ fact: 'ageThen', operator: 'near', value: 1 }] }));
    expect(codes(await call('rules', 'import-conditions', file))).toEqual(['rule.exchange']);
    writeFileSync(file, JSON.stringify({ all: [{ fact: 'ageThen', operator: 'equal', value: 1 }] }));
    expect(codes(await call('rules', 'import-conditions', file))).toEqual(['rule.unknown-fact']);
  });
  it('take a pasted table, and tell what is wrong with one', async () => {
    const file = join(folder, 'tiers.tsv');
    const [name = '', fact] = Object.entries<{ text: string }>(JSON.parse(readFileSync(shipped, 'utf8')).facts)[0] ?? [];
    writeFileSync(file, `${fact?.text}\t标准（元）\n80岁以上不满90岁\t60\n90岁以上\t120\n`);
    const { tiers } = (await call('rules', 'tiers', file, '--item', 'luquan-gaoling', '--json')).json();
    expect(tiers).toEqual({
      by: name,
      rows: [
        { from: '80', below: '90', yuan: '60' },
        { from: '90', yuan: '120' },
      ],
    });
    writeFileSync(file, '年龄\t标准（元）\n80岁以下\t60\n80岁以上\t120\n');
    const refused = await call('rules', 'tiers', file, '--item', 'luquan-gaoling', '--by', name);
    expect([codes(refused), refused.problems[0]?.message]).toEqual([['rule.table'], '与第 2 行重叠：都包括 80。']);
    expect(codes(await call('rules', 'tiers', '/nowhere.tsv'))).toEqual(['input.file']);
  });
});

describe('rules', () => {
  it('checks a file from anywhere', async () => {
    const file = join(folder, 'luquan-gaoling.json');
    copyFileSync(shipped, file);
    const { items } = (await call('rules', 'check', file, '--json')).json();
    expect(items).toHaveLength(1);
    const [one] = items;
    expect(one).toMatchObject({ id: 'luquan-gaoling', errors: 0, examplesFailed: 0 });
    expect([typeof one.warnings, one.findings.length]).toEqual(['number', one.warnings]);
    expect(one.branchCoverage).toBeGreaterThan(0.5);
    expect(one.branchCoverage).toBeLessThanOrEqual(1);
  });
  it('tells warnings, failing examples and errors, and fails', async () => {
    const json = JSON.parse(readFileSync(shipped, 'utf8'));
    const file = join(folder, 'other.json');
    writeFileSync(file, JSON.stringify({ ...json, id: 'other', examples: [{ ...json.examples[0], expect: { verdict: 'undetermined' } }] }));
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"id": ');
    const called = await call('rules', 'check', file, broken);
    expect(called.exit).toBe(1);
    expect(called.text).toMatch(/△ .*例子/);
    expect(called.text).toContain('没有通过');
    expect(called.text).toContain('不是正确的 JSON');
    const { items } = (await call('rules', 'check', file, broken, '--json')).json();
    expect(items.map((one: { errors: number; examplesFailed: number }) => [one.errors, one.examplesFailed])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
  it('reads an item aloud by id and by file, and knows near names', async () => {
    const said = (await call('rules', 'say', 'luquan-gaoling')).text;
    expect(said).toContain('80 岁');
    expect((await call('rules', 'say', shipped)).text).toBe(said);
    const wrong = await call('rules', 'say', 'luquan-gaolin');
    expect([wrong.exit, wrong.problems[0]?.hint]).toEqual([2, '是不是 luquan-gaoling？']);
    expect((await call('rules', 'shout')).exit).toBe(2);
  });
});

describe('the command line', () => {
  it('has Chinese help for every command', async () => {
    for (const entry of commands) {
      expect(entry.summary).toMatch(/[一-鿿]/);
      const command = await entry.load();
      expect(command.name).toBe(entry.name);
      expect(command.usage.length).toBeGreaterThan(0);
    }
    const help = cli(['why', '--help']);
    expect([help.status, help.stdout.includes('npm run -s zhixiang -- why <事项>')]).toEqual([0, true]);
  });
  it('repeats no number typed in the wrong place', () => {
    const typed = cli(['530128193602297008']);
    expect([typed.status, typed.stderr.includes('530128193602'), typed.stderr.includes('没有')]).toEqual([2, false, true]);
    const option = cli(['why', 'x', '--530128193602297008', '--json']);
    expect([option.status, option.stdout.includes('530128193602')]).toEqual([2, false]);
    expect(JSON.parse(option.stdout).problems[0].code).toBe('input.option');
  });
  it('works beside a running server', async () => {
    const dataDir = join(folder, 'data');
    const config = readConfig({ ZHIXIANG_DATA: dataDir });
    const product = await openForServing(config, new Date(), () => undefined);
    try {
      const checked = cli(['check', '--json'], { ZHIXIANG_DATA: dataDir });
      expect([checked.status, JSON.parse(checked.stdout).ok]).toEqual([0, true]);
    } finally {
      await product.close();
    }
  });
});
