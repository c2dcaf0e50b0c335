// decide ≡ the second opinion (DESIGN 11a), and decide ≡ decide on its own evidence, on random rules × people; a seed that CI repeats.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/base/day.ts';
import { decide } from '../../src/policy/decide.ts';
import { exampleSource } from '../../src/policy/example.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import { replaySource } from '../../src/rule/evidence.ts';
import type { Decision, DecisionPeriod } from '../../src/rule/facts.ts';
import { catalogue, compiled } from './fixture.ts';
import { clocks, paid, person, rule } from './random.ts';

const rules = process.env.ZHIXIANG_TEST_LONG === '1' ? 1000 : 160;
const peoplePerRule = 12;

const answer = (d: Decision) => ({
  verdict: d.verdict,
  lines: d.lines.map((l) => ({ key: l.key, verdict: l.verdict, amountFen: l.award?.state === 'known' ? l.award.amountFen : null })),
  ...(d.mode === undefined ? {} : { mode: d.mode.mode }),
});

describe('two opinions', () => {
  it(`agree on ${rules} rules × ${peoplePerRule} people`, async () => {
    const seen = {
      pairs: 0,
      eligible: 0,
      ineligible: 0,
      undetermined: 0,
      known: 0,
      bounded: 0,
      unknown: 0,
      lines: 0,
      auto: 0,
      confirm: 0,
      apply: 0,
      cautious: 0,
    };
    const cases = fc.array(fc.tuple(person, clocks, paid), { minLength: peoplePerRule, maxLength: peoplePerRule });
    await fc.assert(
      fc.asyncProperty(rule, cases, async (r, people) => {
        const item = compiled(r);
        for (const [facts, clock, rows] of people) {
          const period = periodFor(item.item, {
            period: clock.period,
            ...('knownAt' in clock ? { knownAt: clock.knownAt as Day } : {}),
          }) as DecisionPeriod;
          const source = exampleSource(catalogue, item.register, { facts, paid: rows }, period.knownAt);
          const first = decide(item, source, period);
          expect(await secondOpinion(item, source, period)).toEqual(answer(first));
          const again = decide(
            item,
            replaySource(JSON.parse(JSON.stringify(first.read)) as Decision['read'], (n) => item.plan.find(n)?.type),
            period,
          );
          expect(answer(again)).toEqual(answer(first));
          if (first.verdict === 'undetermined') expect(first.missing).not.toEqual([]);
          seen.pairs++;
          seen[first.verdict]++;
          if (first.mode !== undefined) {
            seen[first.mode.mode]++;
            if (first.mode.missing.length > 0) seen.cautious++;
          }
          for (const l of first.lines) {
            seen.lines++;
            if (l.award !== null) seen[l.award.state]++;
          }
        }
      }),
      { seed: 20260131, numRuns: rules },
    );
    // What was met on the way must be worth the name of a test.
    expect(seen.pairs).toBe(rules * peoplePerRule);
    for (const n of [seen.eligible, seen.ineligible, seen.undetermined]) expect(n).toBeGreaterThan(rules / 2);
    for (const n of [seen.known, seen.bounded, seen.unknown, seen.auto, seen.confirm, seen.apply, seen.cautious])
      expect(n).toBeGreaterThan(rules / 20);
  });

  it('would notice: a rule that pays on missing data differs', async () => {
    const item = compiled({ conditions: { fact: 'status', operator: 'notEqual', value: '低保' } });
    const period = periodFor(item.item, { period: '2026-01' }) as DecisionPeriod;
    const source = exampleSource(catalogue, 'citizen', { facts: { birthDate: '1930-01-01' } }, period.knownAt);
    const careless = decide(
      item,
      { ...source, read: (f, d) => (f === 'status' ? { value: '普通', source: null } : source.read(f, d)) },
      period,
    );
    expect(answer(careless)).not.toEqual(await secondOpinion(item, source, period));
  });
});
