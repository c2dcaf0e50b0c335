// A delivered series: null is a known none, a period left out is unknown. Whatever stays open must be able to become what a fuller delivery says.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInt } from '../../src/base/rational.ts';
import { compileFeel, evaluate } from '../../src/feel/feel.ts';
import { formatValue } from '../../src/feel/format.ts';
import { typeEnv } from '../../src/feel/type.ts';
import { isUnknown, openSeries, type Value } from '../../src/feel/value.ts';

type Told = Readonly<Record<string, number | null>>;

const env = typeEnv({ s: { kind: 'series' } });

const run = (text: string, told: Told): Value => {
  const compiled = compileFeel(text, env);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled));
  const entries = new Map<string, Value>(Object.entries(told).map(([k, v]) => [k, v === null ? null : fromInt(v)]));
  return evaluate(compiled.expression, { get: () => openSeries(entries, 's'), call: () => null });
};
const said = (text: string, told: Told): string => formatValue(run(text, told));

describe('a period nobody told of', () => {
  it.each([
    ['value at(s, "2025")', { '2024': 1 }, '未知（s[2025]）'],
    ['value at(s, "2025")', { '2025': null }, 'null'],
    ['growth(s, "2025", "2024")', { '2025': 2 }, '未知（s[2024]）'],
    ['growth(s, "2025", "2024")', { '2024': 0 }, 'null'],
    ['growth(s, "2025", "2024")', { '2025': null }, 'null'],
    ['cagr(s, "2023", "2025")', { '2023': -1 }, 'null'],
    ['sum over(s, "2023", "2025")', { '2023': 1, '2025': 2 }, '未知（s[2024]）'],
    ['average(s, "2023", "2025")', { '2023': 1, '2025': null }, 'null'],
    ['consecutive growth(s, "2025", 2)', { '2024': 3, '2025': 2 }, 'false'],
    ['consecutive growth(s, "2025", 2)', { '2024': 1, '2025': 2 }, '未知（s[2023]）'],
    ['first period reaching(s, 5, "2023", "2025")', { '2023': 9 }, '2023'],
    ['first period reaching(s, 5, "2023", "2025")', { '2024': 9 }, '未知（s[2023]）'],
    ['first period reaching(s, 5, "2023", "2025")', { '2023': 1, '2024': 1, '2025': null }, 'null'],
    ['first period reaching(s, 5, "2023")', { '2023': 1, '2024': 1 }, '未知（s）'],
    ['first period reaching(s, 5, null, "2025")', { '2024': null, '2025': 9 }, '2025'],
    ['latest(s, "2025")', { '2024': 7, '2025': null }, '7'],
    ['latest(s, "2025")', { '2024': 7 }, '未知（s[2025]）'],
    ['latest(s)', { '2024': 7 }, '未知（s）'],
    ['latest period(s, "2025")', { '2025': 1 }, '2025'],
    ['consecutive months(s, @"2025-03-31") >= 2', { '2025-02': 1, '2025-03': 1 }, 'true'],
    ['consecutive months(s, @"2025-03-31")', { '2025-02': null, '2025-03': 1 }, '1'],
    ['get value(s, "2025")', {}, '未知（s[2025]）'],
    ['s = s', { '2025': 1 }, '未知（s）'],
  ] as const)('%s of %j is %s', (text, told, expected) => {
    expect(said(text, told as unknown as Told)).toBe(expected);
  });

  const figures = fc.dictionary(fc.constantFrom('2022', '2023', '2024', '2025'), fc.option(fc.integer({ min: -1, max: 3 })));
  const asked = fc.constantFrom(
    'value at(s, "2024")',
    'growth(s, "2025", "2024")',
    'cagr(s, "2022", "2025")',
    'sum over(s, "2023", "2025")',
    'average(s, "2023", "2025")',
    'consecutive growth(s, "2025", 2)',
    'first period reaching(s, 2, "2022", "2025")',
    'latest(s, "2025")',
    'latest period(s, "2025")',
  );

  it('decides nothing that a fuller delivery could change', () => {
    const seen = { sure: 0, open: 0 };
    fc.assert(
      fc.property(
        figures,
        fc.array(fc.option(fc.integer({ min: -1, max: 3 })), { minLength: 4, maxLength: 4 }),
        asked,
        (told, rest, text) => {
          const full = Object.fromEntries(['2022', '2023', '2024', '2025'].map((k, i) => [k, k in told ? told[k] : rest[i]])) as Told;
          const [now, later] = [run(text, told as Told), run(text, full)];
          seen[isUnknown(now) ? 'open' : 'sure']++;
          // Nothing earlier than 2022 was told of either: there the last number may stay unknown.
          if (!isUnknown(now)) expect(formatValue(now)).toBe(formatValue(later));
          else expect(now.missing.every((m) => !(m.slice(2, -1) in told))).toBe(true);
        },
      ),
      { seed: 20260222, numRuns: 3000 },
    );
    expect(Math.min(seen.sure, seen.open)).toBeGreaterThan(500);
  });
});
