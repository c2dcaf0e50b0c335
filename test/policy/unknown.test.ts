// The law of the unknown for awards and verdicts: what a decision said while facts were missing still holds once they are told, whatever they are.
// One kind of award form after the other on people of whom facts, fields, periods or spans of time are taken away; the second opinion is held to it too.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/base/day.ts';
import type { CompiledItem } from '../../src/policy/compile.ts';
import { decide } from '../../src/policy/decide.ts';
import { exampleSource } from '../../src/policy/example.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import { readItem } from '../../src/policy/read.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import type { Decision, DecisionPeriod, FactSource } from '../../src/rule/facts.ts';
import { catalogue, compiled, itemJson } from './fixture.ts';
import { award, facts as itemFacts, paid, person, rule } from './random.ts';

type Facts = Readonly<Record<string, unknown>>;

const seed = 20_260_131;

// ── people of whom something is taken away ───────────────────────────────────────────────────────────────────────────
const isRecord = (v: unknown): v is Facts => typeof v === 'object' && v !== null && !Array.isArray(v);

/** No span left is nothing told; an empty list would be a set without elements. */
const spans = (left: readonly unknown[]): unknown => (left.length === 0 ? undefined : left);

/** Drops facts, fields of elements and of the spouse, periods of a series and spans of time, as the numbers say. */
const lessOf = (facts: Facts, mask: readonly number[]): Facts => {
  let n = 0;
  const drop = (): boolean => (mask[n++ % mask.length] ?? 0) === 0;
  const inside = (v: unknown): unknown => {
    if (Array.isArray(v) && v.some((e) => isRecord(e) && Object.hasOwn(e, 'from'))) return spans(v.filter(() => !drop()));
    if (Array.isArray(v) && v.every(isRecord)) return v.map((e) => without(e as Facts));
    return isRecord(v) ? without(v) : v;
  };
  const without = (o: Facts): Facts =>
    Object.fromEntries(
      Object.entries(o)
        .flatMap(([k, v]) => (drop() ? [] : [[k, inside(v)]]))
        .filter(([, v]) => v !== undefined),
    );
  return without(facts);
};

const people = fc.tuple(person, fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 17, maxLength: 17 }), paid);

// ── the law ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const span = (a: Decision['lines'][number]['award']): readonly [bigint, bigint | null] =>
  a === null || a.state === 'unknown' ? [0n, null] : a.state === 'known' ? [a.amountFen, a.amountFen] : [a.fromFen, a.toFen];

/** What `open` said for sure and `full` denies; null: nothing. */
const denied = (open: Decision, full: Decision): string | null => {
  if (open.verdict !== 'undetermined' && full.verdict !== open.verdict) return `${open.verdict}, then ${full.verdict}`;
  const then = new Map(full.lines.map((l) => [l.key, l]));
  for (const line of open.lines) {
    const later = then.get(line.key);
    if (line.verdict !== 'undetermined' && later !== undefined && later.verdict !== line.verdict)
      return `line ${line.key}: ${line.verdict}, then ${later.verdict}`;
    if (line.verdict !== 'eligible' || line.award === null || later?.award == null) continue;
    const [[low, high], [thenLow, thenHigh]] = [span(line.award), span(later.award)];
    const inside = thenLow >= low && (high === null || (thenHigh !== null && thenHigh <= high));
    if (!inside) return `line ${line.key}: ${low}–${high} 分, then ${thenLow}–${thenHigh}`;
  }
  const [way, later] = [open.mode, full.mode];
  if (way === undefined || later === undefined) return null;
  // What was taken for want of data may turn out milder, never stricter; what was sure stays.
  const milder = ways.indexOf(later.mode) < ways.indexOf(way.mode) && way.missing.length > 0;
  return later.mode === way.mode || milder ? null : `${way.mode} (${way.missing.length} open), then ${later.mode}`;
};

const ways = ['auto', 'confirm', 'apply'];

interface Seen {
  cases: number;
  sure: number;
  amounts: number;
  bounded: number;
}

const period = (item: CompiledItem): DecisionPeriod => periodFor(item.item, { period: '2026-01' }) as DecisionPeriod;

const ask = async (item: CompiledItem, facts: Facts, less: Facts, rows: never, second: boolean, seen: Seen): Promise<void> => {
  const clocks = period(item);
  const source = (f: Facts): FactSource => exampleSource(catalogue, item.register, { facts: f, paid: rows }, '2026-01-31' as Day);
  const [open, full] = [decide(item, source(less), clocks), decide(item, source(facts), clocks)];
  const story = (): string =>
    JSON.stringify({
      conditions: item.item.conditions,
      award: item.item.award,
      instalments: item.item.instalments,
      mode: item.item.mode,
      less,
      facts,
    });
  expect(denied(open, full), story()).toBeNull();
  if (open.verdict === 'undetermined') expect(open.missing.length, story()).toBeGreaterThan(0);
  seen.cases++;
  if (open.missing.length > 0 && open.verdict !== 'undetermined') seen.sure++;
  for (const { award: a } of open.lines) {
    if (a?.state === 'known') seen.amounts++;
    if (a?.state === 'bounded') seen.bounded++;
  }
  if (!second) return;
  const [openSecond, fullSecond] = [await secondOpinion(item, source(less), clocks), await secondOpinion(item, source(facts), clocks)];
  if (openSecond.verdict !== 'undetermined') expect(fullSecond.verdict, story()).toBe(openSecond.verdict);
  for (const [i, l] of openSecond.lines.entries())
    if (l.amountFen !== null && openSecond.lines.length === fullSecond.lines.length)
      expect(fullSecond.lines[i]?.amountFen, story()).toBe(l.amountFen);
};

/** Everybody gets it: the award alone is at stake. */
const open = { fact: 'gender', operator: 'in', value: ['男', '女'] };
const forms = ['fixed', 'perUnit', 'rate', 'tiers', 'brackets', 'sum', 'highest', 'lowest', 'formula'] as const;
const long = process.env.ZHIXIANG_TEST_LONG === '1';
const perForm = long ? 60 : 24;
const verdictRules = long ? 200 : 80;
const peoplePerRule = 6;

describe('an award given with facts missing', () => {
  it.each(forms)('%s still holds when they are told', async (form) => {
    const seen: Seen = { cases: 0, sure: 0, amounts: 0, bounded: 0 };
    const some = award.filter((a) => form in a);
    const cases = fc.array(people, { minLength: peoplePerRule, maxLength: peoplePerRule });
    await fc.assert(
      fc.asyncProperty(some, cases, async (a, who) => {
        const raw = { conditions: open, award: a, facts: itemFacts };
        const item = compiled(raw);
        for (const [i, [facts, mask, rows]] of who.entries()) {
          const told = { ...facts, gender: '女', deathDate: null };
          await ask(item, told, { ...lessOf(told, mask), gender: '女', deathDate: null }, rows as never, i === 0, seen);
        }
      }),
      { seed, numRuns: perForm, endOnFailure: true },
    );
    expect(seen.amounts).toBeGreaterThan(perForm);
    if (form !== 'fixed') expect(seen.bounded).toBeGreaterThan(5);
  });
});

describe('a verdict given with facts missing', () => {
  it('never turns when they are told, nor does a line, an instalment or an amount', async () => {
    const seen: Seen = { cases: 0, sure: 0, amounts: 0, bounded: 0 };
    const cases = fc.array(people, { minLength: peoplePerRule, maxLength: peoplePerRule });
    await fc.assert(
      fc.asyncProperty(rule, cases, async (r, who) => {
        const item = compiled(r);
        for (const [i, [facts, mask, rows]] of who.entries()) {
          // Whose death nobody was asked about is decided as living, by design of the reading day; that fact is always told here.
          // Elements that share a key are refused as bad data, which is told only once both keys are.
          const children = facts.children;
          const own = Array.isArray(children) ? { children: children.map((c, n) => ({ ...(c as Facts), childId: `c${n}` })) } : {};
          const whole = { deathDate: null, ...facts, ...own };
          await ask(item, whole, { ...lessOf(whole, mask), deathDate: whole.deathDate }, rows as never, i === 0, seen);
        }
      }),
      { seed, numRuns: verdictRules, endOnFailure: true },
    );
    expect(seen.cases).toBe(verdictRules * peoplePerRule);
    expect(seen.amounts).toBeGreaterThan(50);
  });
});

describe('the forms tried', () => {
  it('are all there are', () => {
    const refused = readItem(itemJson({ award: {} }), catalogue);
    const hint = refused.ok ? '' : (refused.problems[0]?.hint ?? '');
    expect(hint).toContain(forms.join('、'));
  });
});
