// Sharing an amount between payees: whole 分, nothing lost, nobody more than their share but whoever gets what is left over.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFen } from '../../src/policy/payees.ts';

const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 5 });

describe('an amount shared between payees', () => {
  it('adds up, and only the subject gets more than its share, by less than one 分 per payee', () => {
    fc.assert(
      fc.property(weights, fc.bigInt(0n, 10n ** 15n), fc.nat(4), (given, fen, place) => {
        const whole = given.reduce((a, b) => a + b, 0);
        const own = place % given.length;
        const payees = given.map((w, i) => ({ share: `${w}/${whole}`, to: i === own ? null : { fact: `link${i}` } }));
        const parts = splitFen({ payees }, fen);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(fen);
        parts.forEach((part, i) => {
          // In 分 × whole, so that nothing is rounded here.
          const off = part * BigInt(whole) - fen * BigInt(given[i] ?? 0);
          if (i === own) expect(off >= 0n && off < BigInt(whole * given.length)).toBe(true);
          else expect(off <= 0n && off > -BigInt(whole)).toBe(true);
        });
      }),
    );
  });
  it('is whole where there is one payee', () => expect(splitFen({}, 7n)).toEqual([7n]));
});
