// Ranks and pools against brute force: every completion of what nobody told, and the best and the worst each subject could come to.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, fromInt, type Rational } from '../../src/base/rational.ts';
import { closedTable } from '../../src/policy/closed.ts';
import { closeTable, type Entry, type ReadyClosing, type Span } from '../../src/policy/closing.ts';
import { numberText } from '../../src/rule/literal.ts';

const lacks = [{ fact: 'score', dataset: 'd', reason: 'undelivered' as const }];

interface Subject {
  readonly member: boolean | null;
  readonly group: 'a' | 'b' | undefined;
  /** Every value it may have; one: known. null: none. `any`: nobody can tell, not even whether there is one. */
  readonly values: readonly number[] | null | 'any';
}

/** What `any` is tried with: below, among, at and above everybody else, and none at all. */
const anything: readonly (number | null)[] = [null, -1, 0, 1, 2, 3, 4, 9];

const subject: fc.Arbitrary<Subject> = fc.record({
  member: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false), fc.constant(null)),
  group: fc.oneof({ weight: 4, arbitrary: fc.constant('a' as const) }, fc.constant('b' as const), fc.constant(undefined)),
  values: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 4 }).map((n) => [n]) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant('any' as const) },
    { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 2 })).map(([n, d]) => [n, n + d]) },
  ),
});

const spanOf = (values: Subject['values']): Span | null => {
  if (values === null) return null;
  if (values === 'any') return { low: null, high: null };
  return { low: fromInt(Math.min(...values)), high: fromInt(Math.max(...values)) };
};

const entryOf = (s: Subject, i: number): Entry => ({
  subjectId: `s${i}`,
  key: `k${i}`,
  member: s.member,
  group: s.group,
  value: spanOf(s.values),
  missing: s.member === null || s.group === undefined || s.values === 'any' || (s.values?.length ?? 1) > 1 ? lacks : [],
});

interface Told {
  readonly member: boolean;
  readonly group: string;
  readonly value: number | null;
}

const completions = (subjects: readonly Subject[]): readonly (readonly Told[])[] =>
  subjects.reduce<readonly (readonly Told[])[]>(
    (rows, s) => {
      const members = s.member === null ? [true, false] : [s.member];
      const groups = s.group === undefined ? ['a', 'b', 'c'] : [s.group];
      const values: readonly (number | null)[] = s.values === 'any' ? anything : (s.values ?? [null]);
      const options = members.flatMap((member) => groups.flatMap((group) => values.map((value) => ({ member, group, value }))));
      return rows.flatMap((row) => options.map((o) => [...row, o]));
    },
    [[]],
  );

const rankIn = (all: readonly Told[], i: number, order: 'desc' | 'asc', ties: 'same' | 'last'): number | null => {
  const me = all[i] as Told;
  if (!me.member || me.value === null) return null;
  const mine = me.value;
  const field = all.filter((o, n) => n !== i && o.member && o.group === me.group && o.value !== null);
  const before = (v: number): boolean => (order === 'desc' ? v > mine : v < mine) || (ties === 'last' && v === mine);
  return 1 + field.filter((o) => before(o.value as number)).length;
};

const small = (s: readonly Subject[]): boolean => completions(s).length <= 3000;

const text = (n: Rational | null): string => (n === null ? '-' : numberText(n));

describe('a rank among subjects of whom something is unknown', () => {
  it('has exactly the bounds of every completion, and says so when there is but one', () => {
    fc.assert(
      fc.property(
        fc.array(subject, { minLength: 1, maxLength: 5 }).filter(small),
        fc.constantFrom('desc' as const, 'asc' as const),
        fc.constantFrom('same' as const, 'last' as const),
        (subjects, order, ties) => {
          const closing = {
            kind: 'rank',
            name: 'r',
            rank: { by: 'score', order, ties, among: {} as never },
            among: {} as never,
          } as ReadyClosing;
          const table = closeTable(subjects.map(entryOf), closing);
          const worlds = completions(subjects);
          for (const [i, s] of subjects.entries()) {
            const ranks = worlds.map((w) => rankIn(w, i, order, ties));
            const place = table.places.find((p) => p.entry.subjectId === `s${i}`);
            const story = `${i} ${order} ${ties} ${JSON.stringify(subjects)} → ${place?.gives === null ? 'none' : `${text(place?.gives?.low ?? null)}..${text(place?.gives?.high ?? null)}`}`;
            if (place === undefined || place.gives === null) {
              expect(
                ranks.every((r) => r === null),
                story,
              ).toBe(true);
              continue;
            }
            const { low, high } = place.gives;
            if (low === null || high === null) {
              // Its own membership, group or value is open: whether there is a place at all is open too.
              expect(s.member === null || s.group === undefined || s.values === 'any', story).toBe(true);
              expect(place.missing.length, story).toBeGreaterThan(0);
              continue;
            }
            const known = ranks.map((r) => r ?? Number.NaN);
            expect([numberText(low), numberText(high)], story).toEqual([String(Math.min(...known)), String(Math.max(...known))]);
            if (compare(low, high) !== 0) expect(place.missing.length, story).toBeGreaterThan(0);
            else expect(place.missing, story).toEqual([]);
          }
          const moving = subjects.some((_, i) => new Set(worlds.map((w) => rankIn(w, i, order, ties))).size > 1);
          if (table.exact) expect(moving).toBe(false);
        },
      ),
      { seed: 20_260_501, numRuns: 1500 },
    );
  });
});

/** Largest remainder by hand, in 分. */
const sharesOf = (fen: number, all: readonly Told[]): readonly number[] => {
  const brings = all.map((o) => (o.member ? Math.max(0, o.value ?? 0) : 0));
  const total = brings.reduce((a, b) => a + b, 0);
  if (total === 0) return all.map(() => 0);
  const out = brings.map((q) => Math.floor((fen * q) / total));
  const left = fen - out.reduce((a, b) => a + b, 0);
  const queue = brings
    .map((q, i) => ({ i, q, rest: (fen * q) % total }))
    .sort((a, b) => b.rest - a.rest || b.q - a.q || (`k${a.i}` < `k${b.i}` ? -1 : 1));
  for (const { i } of queue.slice(0, left)) out[i] = (out[i] as number) + 1;
  return out;
};

const pool = (give: 'price' | 'share', yuan: string): ReadyClosing =>
  ({ kind: 'pool', name: 'p', pool: { yuan, quantity: 'q', give }, among: {} as never }) as ReadyClosing;

describe('a pool over subjects of whom something is unknown', () => {
  it('gives each a share within its bounds in every completion; known to all, the shares add up to the pool', () => {
    fc.assert(
      fc.property(fc.array(subject, { minLength: 1, maxLength: 5 }).filter(small), fc.integer({ min: 0, max: 400 }), (subjects, fen) => {
        const table = closeTable(subjects.map(entryOf), pool('share', (fen / 100).toFixed(2)));
        const worlds = completions(subjects);
        for (const [i, s] of subjects.entries()) {
          const place = table.places.find((p) => p.entry.subjectId === `s${i}`);
          if (place?.gives == null) {
            expect(s.member).toBe(false);
            continue;
          }
          const { low, high } = place.gives;
          if (low === null || high === null) {
            expect(s.member === null || s.values === 'any').toBe(true);
            expect(place.missing.length).toBeGreaterThan(0);
            continue;
          }
          for (const w of worlds) {
            const share = fromInt(sharesOf(fen, w)[i] as number);
            const hundred = { ...share, num: share.num, den: 100n };
            expect(compare(low, hundred) <= 0 && compare(hundred, high) <= 0, `${i} ${JSON.stringify(subjects)} ${fen}`).toBe(true);
          }
          if (compare(low, high) !== 0) expect(place.missing.length).toBeGreaterThan(0);
        }
        const sure = subjects.every((s) => s.member !== null && s.values !== 'any' && (s.values?.length ?? 1) === 1);
        if (!sure) return;
        const shares = table.places.map((p) => Number(text(p.gives?.low ?? null)) * 100);
        const some = subjects.some((s) => s.member === true && s.values !== null && s.values !== 'any' && (s.values[0] ?? 0) > 0);
        expect(Math.round(shares.reduce((a, b) => a + b, 0))).toBe(some ? fen : 0);
      }),
      { seed: 20_260_502, numRuns: 500 },
    );
  });

  it('names a price that never exceeds the pool and holds in every completion', () => {
    fc.assert(
      fc.property(fc.array(subject, { minLength: 1, maxLength: 5 }).filter(small), fc.integer({ min: 1, max: 400 }), (subjects, fen) => {
        const table = closeTable(subjects.map(entryOf), pool('price', (fen / 100).toFixed(2)));
        const gives = table.outside;
        for (const w of completions(subjects)) {
          const total = w.reduce((sum, o) => sum + (o.member ? Math.max(0, o.value ?? 0) : 0), 0);
          if (gives === null) expect(total).toBe(0);
          else if (gives.low !== null && gives.high !== null) {
            expect(total).toBeGreaterThan(0);
            const price = fromInt(Math.floor(fen / total));
            const inYuan = { ...price, den: 100n };
            expect(compare(gives.low, inYuan) <= 0 && compare(inYuan, gives.high) <= 0).toBe(true);
          }
        }
      }),
      { seed: 20_260_503, numRuns: 500 },
    );
  });

  it('stores every row as text and reads it back the same', () => {
    const table = closedTable(
      'p',
      closeTable(
        [entryOf({ member: true, group: 'a', values: [2] }, 0), entryOf({ member: true, group: 'a', values: [1] }, 1)],
        pool('share', '1.00'),
      ),
    );
    expect([...table.rows.values()].map((r) => r.gives)).toEqual([
      ['0.67', '0.67'],
      ['0.33', '0.33'],
    ]);
    expect(table).toMatchObject({ exact: true, members: 2, total: ['3', '3'] });
  });
});
