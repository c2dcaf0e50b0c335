// Settlement without a database: the same people and matches give the same outcomes in whatever order they arrive and in chunks of any size,
// and the sums keep what the rules promise. Worlds are generated: claims, exclusion, caps, limited budgets, earlier promises.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import type { Limit } from '../../src/policy/item.ts';
import { resolve } from '../../src/settlement/resolve.ts';
import { claimKeyOf, type Outcome, type Unit } from '../../src/settlement/settlement.ts';
import type { World } from '../../src/settlement/world.ts';
import { itemOf } from './ground.ts';

const limitsOf: Readonly<Record<string, readonly Limit[]>> = {
  plain: [{ once: 'period' }],
  low: [{ exclusive: { group: 'x', per: 'year' } }],
  high: [{ exclusive: { group: 'x', per: 'year' } }, { cap: { yuan: 40, per: 'payment' } }],
  hire: [{ claim: { kind: 'person', object: 'o', group: 'h', per: 'ever' } }],
  hire2: [{ claim: { kind: 'person', object: 'o', group: 'h', per: 'ever' } }, { cap: { yuan: 60, per: 'subject-year', group: 'c' } }],
};
const budgets: Readonly<Record<string, number>> = { hire: 150, low: 90 };
const items = new Map(
  Object.entries(limitsOf).map(([id, limits]) => [
    id,
    itemOf(id, { limits, ...(budgets[id] === undefined ? {} : { budget: { kind: 'limited', yuan: budgets[id], order: 'day' } }) }),
  ]),
);

const unitArb = fc.record({
  item: fc.constantFrom(...items.keys()),
  subject: fc.constantFrom('A', 'B', 'C', 'D'),
  key: fc.constantFrom('', 'k1', 'k2'),
  yuan: fc.integer({ min: 0, max: 80 }),
  object: fc.constantFrom('o1', 'o2', 'o3', 'o4'),
  order: fc.integer({ min: 0, max: 999_999 }),
});

const unitOf = (u: { item: string; subject: string; key: string; yuan: number; object: string; order: number }): Unit => ({
  subjectId: u.subject,
  matchId: `${u.subject}-${u.item}`,
  matchKind: 'first',
  item: items.get(u.item) as Unit['item'],
  version: 1,
  blocked: null,
  division: null,
  periodKey: '2026-10',
  year: 2026,
  budgetYear: 2026,
  key: u.key,
  asks: 'due',
  grossFen: BigInt(u.yuan) * 100n,
  claims: u.item.startsWith('hire') ? [{ kind: 'person', object: u.object, group: 'h', period: 'ever' }] : [],
  orderKey: `2026-01-01:${String(u.order).padStart(6, '0')}${u.subject}${u.item}${u.key}`,
  capsFen: {},
  priors: [],
  line: null,
  again: false,
});

const worldOf = (rivals: readonly Unit[]): World => {
  let n = 0;
  return {
    promised: new Map(),
    claims: new Map(),
    holders: new Map(),
    displaced: new Map(),
    budgets: new Map(
      [...items.keys()].map((id) => {
        const yuan = budgets[id];
        const kind = yuan === undefined ? ('entitlement' as const) : ('limited' as const);
        return [
          `${id}:2026`,
          { id: `${id}:2026`, kind, availableFen: BigInt(yuan ?? 0) * 100n, queueFrom: null, parked: [], gate: 'open' as const },
        ];
      }),
    ),
    rivals: Map.groupBy(
      rivals.filter((unit) => unit.item.limits.some((limit) => 'exclusive' in limit)),
      (unit) => unit.subjectId,
    ),
    settled: new Map(),
    choices: new Map(),
    capGroups: new Map([['c', new Set(['hire2'])]]),
    items,
    today: day('2026-11-10'),
    newId: () => `line-${n++}`,
  };
};

const unitsArb = fc
  .uniqueArray(unitArb, { selector: (u) => `${u.item}|${u.subject}|${u.key}`, maxLength: 40 })
  .map((all) => all.map(unitOf));

const shown = (outcomes: readonly Outcome[]) =>
  outcomes
    .map(
      (o) =>
        `${o.unit.orderKey} ${o.state} ${o.grantedFen} ${o.wantedFen} ${o.reasons.map((r) => r.rule).join()} ${o.takes.map(claimKeyOf).join()}`,
    )
    .sort();

describe('settling', () => {
  it('does not depend on the order of arrival', () => {
    fc.assert(
      fc.property(unitsArb, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (units, random) => {
        const shuffled = units
          .map((unit) => ({ unit, by: random.next().value as number }))
          .sort((a, b) => a.by - b.by)
          .map(({ unit }) => unit);
        expect(shown(resolve(shuffled, worldOf(shuffled)).outcomes)).toEqual(shown(resolve(units, worldOf(units)).outcomes));
      }),
      { seed: 7, numRuns: 1000 },
    );
  });

  it('does not depend on the size of the chunks', () => {
    fc.assert(
      fc.property(unitsArb, fc.integer({ min: 1, max: 7 }), (units, size) => {
        const sorted = [...units].sort((a, b) => (a.orderKey < b.orderKey ? -1 : 1));
        const world = worldOf(units);
        const outcomes: Outcome[] = [];
        for (let at = 0; at < sorted.length; at += size) outcomes.push(...resolve(sorted.slice(at, at + size), world).outcomes);
        expect(shown(outcomes)).toEqual(shown(resolve(units, worldOf(units)).outcomes));
      }),
      { seed: 7, numRuns: 1000 },
    );
  });

  it('keeps claims single, budgets whole, caps and exclusion', () => {
    fc.assert(
      fc.property(unitsArb, (units) => {
        const world = worldOf(units);
        const { outcomes } = resolve(units, world);
        expect(outcomes.length).toBe(units.length);
        const taken = outcomes.flatMap((o) => o.takes.map(claimKeyOf));
        expect(new Set(taken).size).toBe(taken.length);
        const sum = (pick: (o: Outcome) => boolean) => outcomes.filter(pick).reduce((s, o) => s + o.grantedFen, 0n);
        for (const [id, yuan] of Object.entries(budgets))
          expect(sum((o) => o.unit.item.id === id)).toBeLessThanOrEqual(BigInt(yuan) * 100n);
        for (const budget of world.budgets.values()) if (budget.kind === 'limited') expect(budget.availableFen).toBeGreaterThanOrEqual(0n);
        for (const subject of 'ABCD') {
          expect(sum((o) => o.unit.subjectId === subject && o.unit.item.id === 'hire2')).toBeLessThanOrEqual(6_000n);
          // 就高: whoever has something in the group is granted no more than the best single line of the winning item, summed over its lines.
          const low = sum((o) => o.unit.subjectId === subject && o.unit.item.id === 'low');
          const high = sum((o) => o.unit.subjectId === subject && o.unit.item.id === 'high');
          const gross = (id: string) =>
            units
              .filter((u) => u.subjectId === subject && u.item.id === id)
              .reduce((s, u) => s + (id === 'high' && u.grossFen > 4000n ? 4000n : u.grossFen), 0n);
          expect(low + high).toBeLessThanOrEqual(gross('low') > gross('high') ? gross('low') : gross('high'));
        }
        for (const o of outcomes) {
          expect(o.grantedFen).toBeLessThanOrEqual(o.grossFen);
          if (o.grantedFen < o.grossFen) expect(o.reasons.length).toBeGreaterThan(0);
        }
        // Nobody overtakes: behind the first who waits in a budget, everybody waits (or was refused for another reason).
        for (const id of Object.keys(budgets)) {
          const own = outcomes.filter((o) => o.unit.item.id === id).sort((a, b) => (a.unit.orderKey < b.unit.orderKey ? -1 : 1));
          const first = own.findIndex((o) => o.state === 'waiting');
          if (first >= 0) expect(own.slice(first).some((o) => o.grantedFen > 0n)).toBe(false);
        }
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});
