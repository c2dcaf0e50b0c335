// Each kind of condition and amount that real policies need is said by a shipped policy or a small rule here, and what says it is run.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../src/catalogue/read.ts';
import type { CompiledItem } from '../../src/policy/compile.ts';
import { exampleSource, periodOfExample, runExample, runExamples } from '../../src/policy/example.ts';
import { closedExample } from '../../src/policy/example-population.ts';
import { readRuleFile, ruleFilesBelow } from '../../src/policy/files.ts';
import { fenDecimal } from '../../src/policy/money.ts';
import { splitFen } from '../../src/policy/payees.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import { compiled, catalogue as small } from './fixture.ts';
import { amountKinds, type Case, conditionKinds, type Where } from './kinds.ts';

const here = (path: string): string => new URL(path, import.meta.url).pathname;
const read = await readCatalogue(here('../../rules/catalogue'));
if (!read.ok) throw new Error('catalogue');
const { catalogue } = read;
const paths = new Map((await ruleFilesBelow(here('../../rules'))).map((path) => [path.split('/').at(-1)?.replace('.json', ''), path]));

const policySays = async (id: string, says: RegExp): Promise<void> => {
  const path = paths.get(id);
  expect(path, id).toBeDefined();
  expect(readFileSync(path ?? '', 'utf8')).toMatch(says);
  const { result } = await readRuleFile(path ?? '', catalogue);
  expect(result.ok).toBe(true);
  if (!result.ok) return;
  const results = runExamples(result.compiled, catalogue);
  expect(results.length).toBeGreaterThan(2);
  expect(results.filter((r) => !r.ok).map((r) => r.name)).toEqual([]);
};

const smallItem = (change: Record<string, unknown>): CompiledItem => {
  const own = { age: { text: '当月周岁', feel: 'period.end.year - birthDate.year', unit: '岁' } };
  return compiled({ ...change, facts: { ...own, ...(change.facts as object | undefined) } });
};

const ruleSays = async (change: Record<string, unknown>, [facts, outcome]: Case): Promise<void> => {
  const item = smallItem(change);
  const example = { name: outcome, period: '2026-01', facts, expect: { verdict: 'eligible' as const } };
  const { decision } = runExample(item, small, example);
  const amount = decision?.amountFen;
  const got = decision?.verdict === 'eligible' ? (amount == null ? '?' : fenDecimal(amount)) : decision?.verdict;
  expect(got, JSON.stringify(facts)).toBe(outcome);
  // The plain path says the same.
  const source = exampleSource(small, 'citizen', example, '2026-01-31' as never);
  const period = periodOfExample(item, example, source);
  if (period === null) throw new Error('period');
  const again = await secondOpinion(item, closedExample(item, small, example, source, period), period);
  expect(again.verdict).toBe(decision?.verdict);
  expect(again.lines[0]?.amountFen ?? null).toBe(amount ?? null);
};

const run = async (where: Where): Promise<void> => {
  if ('policy' in where) return await policySays(where.policy, where.says);
  expect(where.cases.length).toBeGreaterThan(0);
  for (const one of where.cases) await ruleSays(where.rule, one);
  if (where.shared !== undefined) {
    const [, outcome = ''] = where.cases[0] ?? [];
    expect(splitFen(smallItem(where.rule).item, BigInt(outcome.replace('.', ''))).map(fenDecimal)).toEqual(where.shared);
  }
};

describe('kinds of conditions', () => {
  it('are all of the survey', () => expect(Object.keys(conditionKinds).length).toBe(37));
  it.each(Object.entries(conditionKinds))('%s', async (_, where) => await run(where));
});

describe('kinds of amounts', () => {
  it('are all of the survey', () => expect(Object.keys(amountKinds).length).toBe(33));
  it.each(Object.entries(amountKinds))('%s', async (_, where) => await run(where));
});
