// The column reader says what the plain reader says: every fact, every day, spans, paths over a link, values, sources and reasons alike.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, day } from '../../src/base/day.ts';
import type { ProblemError } from '../../src/base/problem.ts';
import type { Fact } from '../../src/catalogue/catalogue.ts';
import { columnSource } from '../../src/match/source.ts';
import type { ResolvedRecord } from '../../src/record/resolve.ts';
import { recordSource } from '../../src/record/source.ts';
import { sealedBlock } from '../snapshot/sealed.ts';
import { placed, someDay, someRecord, world, worldFacts } from '../snapshot/world.ts';

const purpose = { id: 'someone', mode: 'auto' } as const;
const names = [...worldFacts.keys()];
const paths = [...names, ...names.map((n) => `partner.${n}`), 'nobody', 'age.born', 'partner.partner.age'];

describe('the column reader', () => {
  it('reads as the plain reader does', () => {
    fc.assert(
      fc.property(fc.array(someRecord, { minLength: 1, maxLength: 5 }), someDay, fc.integer({ min: 0, max: 200 }), (drawn, from, days) => {
        const records = placed(drawn);
        const block = sealedBlock(records);
        const byKey = new Map(records.map((r) => [r.key, r]));
        const to = addDays(from, days);
        for (const record of records) {
          const plain = recordSource(record, {
            catalogue: world,
            link: (_register, key): ResolvedRecord | undefined => byKey.get(key),
            paid: [],
            purpose,
          });
          const columns = columnSource(
            { block, row: record.ordinal },
            {
              catalogue: world,
              link: (_register, key) => (byKey.has(key) ? { block, row: (byKey.get(key) as ResolvedRecord).ordinal } : undefined),
              paid: [],
              purpose,
            },
          );
          for (const path of paths) {
            expect(columns.read(path, to), path).toEqual(plain.read(path, to));
            expect(columns.readAll(path, from, to), path).toEqual(plain.readAll(path, from, to));
          }
          expect(columns.parameter('floor', '11', to)).toEqual(plain.parameter('floor', '11', to));
          expect(columns.within('division', '121', '1', to)).toBe(plain.within('division', '121', '1', to));
        }
      }),
      { seed: 21, numRuns: 150 },
    );
  });

  it('counts what was paid as the plain reader does', () => {
    const paid = [
      { item: 'a', period: '2026-01', amountFen: 100n },
      { item: 'a', period: 'once', year: '2026', amountFen: 50n, key: 'x' },
      { item: 'b', period: '2025', amountFen: 7n },
    ];
    const [record] = placed(fc.sample(someRecord, { seed: 1, numRuns: 1 })) as [ResolvedRecord];
    const columns = columnSource({ block: sealedBlock([record]), row: 0 }, { catalogue: world, link: () => undefined, paid, purpose });
    const plain = recordSource(record, { catalogue: world, paid, purpose });
    for (const items of [['a'], ['b'], ['a', 'b'], []])
      for (const options of [{}, { year: '2026' }, { period: '2026-01' }, { key: 'x' }])
        expect(columns.paid(items, options)).toEqual(plain.paid(items, options));
    expect(columns.paid(['a'], { year: '2026' }).reduce((sum, row) => sum + row.amountFen, 0n)).toBe(150n);
    expect(columns.read('age', day('2026-01-01'))).toEqual(plain.read('age', day('2026-01-01')));
  });

  it('refuses with the plain reader what is beyond the purpose, over links as well, and nothing else', () => {
    const [record] = placed(fc.sample(someRecord, { seed: 1, numRuns: 1 })) as [ResolvedRecord];
    const block = sealedBlock([record]);
    const on = day('2026-01-20');
    const outcome = (read: () => unknown): string => {
      try {
        read();
        return 'read';
      } catch (error) {
        return (error as ProblemError).problems[0]?.code ?? 'another error';
      }
    };
    for (const mode of ['auto', 'confirm'] as const) {
      const limited = (fact: Fact): Fact =>
        fact.key === 'income' ? { ...fact, purposes: ['another'] } : fact.key === 'kind' ? { ...fact, legalUse: 'precompute' } : fact;
      const catalogue = { ...world, facts: world.facts.map(limited) };
      const own = { catalogue, purpose: { id: 'someone', mode }, paid: [] };
      const readers = [
        columnSource({ block, row: 0 }, { ...own, link: () => ({ block, row: 0 }) }),
        recordSource(record, { ...own, link: () => record }),
      ];
      for (const reader of readers)
        for (const name of names) {
          const expected = name === 'income' ? 'scope.purpose' : name === 'kind' && mode === 'auto' ? 'scope.legal-use' : 'read';
          expect(
            outcome(() => reader.read(name, on)),
            name,
          ).toBe(expected);
          expect(
            outcome(() => reader.readAll(name, on, on)),
            name,
          ).toBe(expected);
          if (reader.read('partner', on).value === record.key)
            expect(
              outcome(() => reader.read(`partner.${name}`, on)),
              name,
            ).toBe(expected);
        }
    }
  });
});
