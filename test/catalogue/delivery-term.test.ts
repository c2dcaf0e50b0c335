// When a delivery is due and how late it is: written-down days over the real calendar of 2026, and laws over many days.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import { type DeliveryTerm, punctuality, workingCalendar } from '../../src/catalogue/delivery-term.ts';
import { parseCatalogue, readCatalogue } from '../../src/catalogue/read.ts';

const read = await readCatalogue(new URL('../../rules/catalogue', import.meta.url).pathname);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const { catalogue } = read;
const calendar = workingCalendar(catalogue);
const term = (over: Partial<DeliveryTerm> = {}): DeliveryTerm => ({
  dataset: 'd',
  every: 'month',
  by: { workingDay: 5 },
  contact: { role: '联络员' },
  ...over,
});

describe('the delivery calendar', () => {
  it('gives every shipped dataset a line', () => {
    expect(new Set(catalogue.deliveries?.map((one) => one.dataset))).toEqual(new Set(catalogue.datasets.map((one) => one.id)));
  });

  it('counts working days of the official calendar: the fifth of May 2026 is the 11th', () => {
    // 1, 4 and 5 May are off, Saturday the 9th is worked.
    const found = punctuality(term(), day('2026-04-10'), day('2026-05-06'), calendar);
    expect(found).toMatchObject({ open: { start: '2026-05-01' }, overdueDays: 0 });
    expect(found.nextDue).toBe(found.open?.dueOn);
    expect(found.open?.dueOn).toBe('2026-05-11');
  });

  it('is satisfied by what speaks of the evening before the cycle, not of an earlier day', () => {
    const on = day('2026-04-20');
    expect(punctuality(term(), day('2026-03-31'), on, calendar)).toMatchObject({ open: null, overdueDays: 0 });
    expect(punctuality(term(), day('2026-03-30'), on, calendar)).toMatchObject({
      open: { start: '2026-04-01', dueOn: '2026-04-08' },
      overdueDays: 12,
    });
  });

  it('counts from the oldest cycle that is missing', () => {
    const found = punctuality(term({ by: { day: 10 } }), day('2026-01-31'), day('2026-04-05'), calendar);
    expect(found).toMatchObject({ open: { start: '2026-03-01', dueOn: '2026-03-10' }, overdueDays: 26, nextDue: '2026-04-10' });
  });

  it('owes what never came since the last due day', () => {
    expect(punctuality(term({ by: { day: 10 } }), null, day('2026-04-05'), calendar)).toMatchObject({ overdueDays: 26 });
  });

  it('knows quarters, years, weeks and days', () => {
    const on = day('2026-04-20');
    expect(punctuality(term({ every: 'quarter', by: { workingDay: 15 } }), day('2026-03-01'), on, calendar).open?.start).toBe('2026-04-01');
    expect(punctuality(term({ every: 'year', by: { month: 3, day: 31 } }), day('2025-06-30'), on, calendar)).toMatchObject({
      open: { start: '2026-01-01', dueOn: '2026-03-31' },
      overdueDays: 20,
      nextDue: '2027-03-31',
    });
    expect(punctuality(term({ every: 'week', by: { day: 2 } }), day('2026-04-18'), on, calendar)).toMatchObject({
      open: { start: '2026-04-20', dueOn: '2026-04-21' },
    });
    expect(punctuality(term({ every: 'day', by: { day: 1 } }), day('2026-04-17'), on, calendar)).toMatchObject({
      overdueDays: 1,
      nextDue: '2026-04-20',
    });
  });

  it('leaves a due day beyond the official calendar open and calls nobody late for it', () => {
    const found = punctuality(term(), day('2027-05-01'), day('2027-06-20'), calendar);
    expect(found).toMatchObject({ open: { start: '2027-06-01', dueOn: null }, overdueDays: 0, nextDue: null });
  });

  it('never calls later data more late, and lateness grows by a day a day while nothing comes', () => {
    const days = fc.integer({ min: 0, max: 700 }).map((n) => addDays(day('2025-01-20'), n));
    const terms = fc.constantFrom<DeliveryTerm>(
      term(),
      term({ by: { day: 20 } }),
      term({ every: 'quarter', by: { workingDay: 10 } }),
      term({ every: 'year', by: { month: 3, day: 31 } }),
      term({ every: 'week', by: { day: 3 } }),
      term({ every: 'day', by: { day: 1 } }),
    );
    fc.assert(
      fc.property(terms, days, days, fc.integer({ min: 0, max: 90 }), (one, asOf, today, more) => {
        const late = (told: Day, on: Day) => punctuality(one, told, on, calendar).overdueDays;
        expect(late(addDays(asOf, more), today)).toBeLessThanOrEqual(late(asOf, today));
        const now = late(asOf, today);
        if (now > 0 && one.every !== 'day' && one.every !== 'week') expect(late(asOf, addDays(today, 1))).toBe(now + 1);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('refuses a line that cannot be', () => {
    const { hash: _, ...parts } = catalogue;
    const bad = parseCatalogue({
      ...parts,
      deliveries: [
        term({ dataset: 'nobody' }),
        { ...term(), every: 'week', by: { day: 9 }, dataset: 'police-hukou' },
        { ...term(), dataset: 'police-hukou' },
      ],
    });
    expect(bad.ok ? [] : bad.problems.map((p) => `${p.code} ${p.at}`).sort()).toEqual([
      'catalogue.dates /deliveries/1/by',
      'catalogue.duplicate /deliveries/2/dataset',
      'catalogue.unknown-name /deliveries/0/dataset',
    ]);
  });
});
