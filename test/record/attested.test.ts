// What an attested value is worth beside delivered ones: precedence, last day, agreement, contradiction; the laws that hold for any of them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import { type AttestedMark, attestedIn, unknownClaim } from '../../src/record/attested.ts';
import type { Cell, CellValue, Coverage } from '../../src/record/record.ts';
import { resolveRecord } from '../../src/record/resolve.ts';
import { holdsOn } from '../../src/record/timeline.ts';
import { county, recordWith } from './county.ts';

const known = day('2026-02-20');
const id = '00000000-0000-4000-8000-00000000000a';
const document = 'a'.repeat(64);
const mark = (more: Partial<AttestedMark> = {}): AttestedMark => ({
  id,
  document,
  asOf: day('2026-02-15'),
  until: day('2026-08-15'),
  against: unknownClaim,
  ...more,
});
const attested = (v: CellValue, more: Partial<AttestedMark> = {}, from?: string | null, to?: string | null): Cell => ({
  v,
  d: 'attested',
  ...(from === undefined ? {} : { from: from as Day | null }),
  ...(to === undefined ? {} : { to: to as Day | null }),
  attested: mark(more),
});
const name = `attested:${id}:${document}`;
const worth = (
  facts: Record<string, readonly Cell[]>,
  provenance: Record<string, string>,
  fact: string,
  knownAt: Day = known,
  coverages: readonly Coverage[] = [],
) => resolveRecord(recordWith(facts, { ...provenance, attested: '2026-02-15' }), coverages, county, knownAt).facts[fact];
const covered = (dataset: string): Coverage => ({ dataset, register: 'citizen', division: null, asOf: day('2026-02-18'), delivery: 'd' });

describe('an attested value', () => {
  const wrongDeath = { v: '2026-01-31', d: 'people' } as const;
  const answered = { against: '"2026-01-31"' };

  test('stands above every source it answers, names itself and its document, and ends with its last day', () => {
    const facts = { deathDate: [wrongDeath, attested(null, answered)] };
    expect(worth(facts, { people: '2026-02-10' }, 'deathDate')).toEqual({ cells: [{ v: null, dataset: name, asOf: '2026-02-15' }] });
    expect(attestedIn(name)).toEqual({ id, document, under: null });
    const renewed = { people: '2026-08-10' };
    expect(worth(facts, renewed, 'deathDate', day('2026-08-15'))?.cells?.[0]?.v).toBeNull();
    expect(worth(facts, renewed, 'deathDate', day('2026-08-16'))?.cells?.[0]?.v).toBe('2026-01-31');
  });

  test('gives way when a source says something nobody has looked at: a second report of death is unknown, not alive', () => {
    const facts = { deathDate: [wrongDeath, { v: '2026-01-20', d: 'cremations' }, attested(null, answered)] };
    const both = { people: '2026-02-10', cremations: '2026-02-18' };
    expect(worth(facts, both, 'deathDate')).toEqual({
      cells: null,
      missing: { reason: 'conflict', dataset: 'cremations', asOf: '2026-02-18' },
    });
    const remembered = { deathDate: [wrongDeath, attested(null, { ...answered, contradicted: true })] };
    expect(worth(remembered, { people: '2026-02-10' }, 'deathDate')?.missing?.reason).toBe('conflict');
  });

  test('is the source’s own word again once the source says the same', () => {
    const facts = { deathDate: [{ v: null, d: 'people' }, attested(null, answered)] };
    const heard = [covered('health-deaths'), covered('cremations')];
    expect(worth(facts, { people: '2026-02-18' }, 'deathDate', known, heard)).toEqual({
      cells: [{ v: null, dataset: 'people', asOf: '2026-02-18' }],
    });
    // One of three sources alone cannot say that somebody lives.
    expect(worth(facts, { people: '2026-02-18' }, 'deathDate')?.cells?.[0]?.dataset).toBe(name);
  });

  test('fills what no source tells, or told too long ago', () => {
    expect(worth({ pension: [attested(true)] }, {}, 'pension')?.cells?.[0]?.v).toBe(true);
    const stale = { pension: [{ v: false, d: 'pensions' }, attested(true)] };
    expect(worth(stale, { pensions: '2025-12-01' }, 'pension')?.cells?.[0]?.v).toBe(true);
    expect(worth(stale, { pensions: '2026-02-16' }, 'pension')?.missing?.reason).toBe('conflict');
  });

  test('changes only the days it speaks of', () => {
    const lived: Cell[] = [
      { v: '530128', d: 'hukou', from: day('2020-01-01'), to: null },
      attested('530103', { against: '[["530128","2026-01-10","2026-02-01"]]' }, '2026-01-10', '2026-02-01'),
    ];
    const cells = worth({ region: lived }, { hukou: '2026-02-10' }, 'region')?.cells ?? [];
    expect(cells.map((c) => [c.v, c.from, c.to, c.dataset === name])).toEqual([
      ['530128', '2020-01-01', '2026-01-10', false],
      ['530103', '2026-01-10', '2026-02-01', true],
      ['530128', '2026-02-01', null, false],
    ]);
    const moved = [{ v: '999001', d: 'hukou', from: day('2020-01-01'), to: null }, lived[1] as Cell];
    const open = worth({ region: moved }, { hukou: '2026-02-10' }, 'region')?.cells ?? [];
    expect(open.some((c) => holdsOn(c, day('2026-01-15')))).toBe(false);
    expect(open.find((c) => holdsOn(c, day('2026-02-02')))?.v).toBe('999001');
  });

  test('adds periods to a series, and the trace names both', () => {
    const facts = { income: [{ v: { '2024': '100' }, d: 'wages' }, attested({ '2025': '120' })] };
    const [cell] = worth(facts, { wages: '2026-01-01' }, 'income')?.cells ?? [];
    expect(cell?.v).toEqual({ '2024': '100', '2025': '120' });
    expect(attestedIn(cell?.dataset ?? '')).toEqual({ id, document, under: 'wages' });
  });
});

describe('the law of precedence', () => {
  const value = fc.constantFrom<CellValue>(null, '111111', '222222', '333333');
  const claims = fc.constantFrom(unknownClaim, 'null', '"111111"', '"222222"', '"333333"');

  test('for any source, claim and day: past its last day it is as if it had never been; before, the answer is the source’s, the attested one, or unknown', () => {
    fc.assert(
      fc.property(
        fc.option(value, { nil: undefined }),
        value,
        claims,
        fc.integer({ min: -5, max: 5 }),
        fc.boolean(),
        (source, own, against, left, contradicted) => {
          const until = addDays(known, left);
          const delivered: readonly Cell[] = source === undefined ? [] : [{ v: source, d: 'cards' }];
          const provenance: Record<string, string> = source === undefined ? {} : { cards: '2026-02-10' };
          const more: Partial<AttestedMark> = { until, against, ...(contradicted ? { contradicted: true as const } : {}) };
          const bare = worth({ account: delivered }, provenance, 'account');
          const found = worth({ account: [...delivered, attested(own, more)] }, provenance, 'account');
          if (left < 0) {
            expect(found).toEqual(bare);
            return;
          }
          if (source !== undefined && source === own) {
            expect(found).toEqual(bare);
            return;
          }
          const answered = source === undefined || JSON.stringify(source) === against;
          if (answered && !contradicted) {
            expect(found?.cells).toEqual([{ v: own, dataset: name, asOf: '2026-02-15' }]);
            return;
          }
          expect(found?.cells).toBeNull();
          expect(found?.missing?.reason).toBe('conflict');
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });
});
