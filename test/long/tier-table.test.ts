// 10⁵ texts that look like tables, and many that do not: every one ends in tiers or in problems with a place.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCell } from '../../src/policy/bounds.ts';
import { importConditions } from '../../src/policy/exchange.ts';
import { tiersFromTable } from '../../src/policy/tier-table.ts';
import { namesOf } from '../../src/policy/vocabulary.ts';
import { catalogue } from '../policy/fixture.ts';

const { vocabulary } = namesOf(catalogue, 'citizen', []);
const word = fc.constantFrom(
  '80',
  '90岁',
  '以上',
  '不满',
  '≥',
  '<',
  '且',
  '（含）',
  '—',
  '～',
  '[',
  ',',
  ')',
  '万元',
  '其余',
  '月收入',
  '标准',
  '比例（%）',
  '\t',
  '\n',
  '"',
  '100',
  '%',
  '‮',
  '\u0000',
  '９９９９９９９９９９９９９９９９９９９９',
  '1e999',
  '__proto__',
);
const text = fc.oneof(
  fc.array(word, { maxLength: 40 }).map((w) => w.join('')),
  fc.string({ unit: 'binary', maxLength: 120 }),
);
const tableText = fc
  .tuple(fc.constantFrom('月收入\t标准', '存款\t标准（万元）', '身份\t标准', '月收入\t身份\t标准', ''), text)
  .map(([head, rest]) => `${head}\n${rest}`);

it('never throws, and says where', () => {
  fc.assert(
    fc.property(fc.oneof(tableText, text), (t) => {
      const read = tiersFromTable(t, { vocabulary });
      if (read.ok) expect(read.tiers.rows.length).toBeGreaterThan(0);
      else expect(read.problems.every((p) => p.message !== '' && p.hint !== '')).toBe(true);
      expect(['bounds', 'rest', 'unreadable']).toContain(readCell(t).kind);
    }),
    { numRuns: 100_000, seed: 20_260_101 },
  );
}, 600_000);

it('refuses or takes whatever stands where conditions should, without throwing', () => {
  const json = fc.anything({
    maxDepth: 4,
    key: fc.constantFrom('all', 'any', 'not', 'fact', 'operator', 'value', 'params', 'path', 'conditions', '__proto__'),
  });
  fc.assert(
    fc.property(json, (j) => {
      const read = importConditions(j);
      expect(read.ok || read.problems.length > 0).toBe(true);
    }),
    { numRuns: 100_000, seed: 20_260_102 },
  );
}, 600_000);
