// Columns give back exactly what was sealed, for every fact type, with unknown, null, several cells, sources and reasons; equal content has equal bytes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, fromEpochDay } from '../../src/base/day.ts';
import type { Field } from '../../src/catalogue/catalogue.ts';
import type { CellValue } from '../../src/record/record.ts';
import type { ResolvedFact } from '../../src/record/resolve.ts';
import { type Column, columnBuilder, factAt, finishColumn, pushRow } from '../../src/snapshot/columns.ts';
import { type Packable, pack, unpack } from '../../src/snapshot/pack.ts';
import type { Shape } from '../../src/snapshot/values.ts';

const decimal = fc.oneof(
  fc.integer({ min: -3_000_000_000, max: 3_000_000_000 }).map(String),
  fc
    .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 1, max: 99 }))
    .map(([a, b]) => `${a}.${String(b).padStart(2, '0').replace(/0$/, '')}`),
  fc.constantFrom('0', '12345678901234567890', '0.000000000000000000000001', '-7', '9223372036854775807'),
);
const civil = fc.integer({ min: -40_000, max: 40_000 }).map(fromEpochDay);
const word = fc.oneof(fc.constantFrom('男', '女', '530128', '低保', ''), fc.string({ maxLength: 6 }));
const period = fc.constantFrom('2024', '2025', '2025Q1', '2025-01', '2026-02');

const fields: readonly Field[] = [
  { key: 'id', label: '编号', type: 'text' },
  { key: 'months', label: '月数', type: 'number' },
  { key: 'since', label: '日期', type: 'date' },
  { key: 'kinds', label: '类别', type: 'set' },
  { key: 'wages', label: '工资', type: 'series' },
];
const element = fc.record(
  {
    id: fc.option(word),
    months: fc.option(decimal),
    since: fc.option(civil),
    kinds: fc.option(fc.array(word, { maxLength: 3 })),
    wages: fc.option(fc.dictionary(period, decimal, { maxKeys: 2 })),
    stranger: word,
  },
  { requiredKeys: [] },
);

const shapes: readonly { readonly shape: Shape; readonly value: fc.Arbitrary<CellValue> }[] = [
  { shape: { type: 'number' }, value: decimal },
  { shape: { type: 'boolean' }, value: fc.boolean() },
  { shape: { type: 'date' }, value: civil },
  { shape: { type: 'category' }, value: word },
  { shape: { type: 'code' }, value: word },
  { shape: { type: 'text' }, value: word },
  { shape: { type: 'link' }, value: word },
  { shape: { type: 'set' }, value: fc.array(word, { maxLength: 3 }) },
  { shape: { type: 'series' }, value: fc.dictionary(period, fc.oneof(decimal, fc.constant(null)), { maxKeys: 3 }) },
  { shape: { type: 'list', fields }, value: fc.array(element, { maxLength: 3 }) as fc.Arbitrary<CellValue> },
];
/** What no import would let in, but a column must still give back. */
const odd = fc.oneof(
  fc.constant('not of this type'),
  fc.constant(true),
  fc.constant({ a: '1' } as CellValue),
  fc.constant(['x', null] as CellValue),
);

const cell = (value: fc.Arbitrary<CellValue>) =>
  fc.record(
    {
      v: fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }),
      dataset: fc.constantFrom('police', 'tax'),
      asOf: fc.constantFrom(day('2026-01-01'), day('2026-02-01')),
      from: civil,
      to: civil,
    },
    { requiredKeys: ['v', 'dataset', 'asOf'] },
  );
const fact = (value: fc.Arbitrary<CellValue>): fc.Arbitrary<ResolvedFact | undefined> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<ResolvedFact>(
        { cells: null, missing: { reason: 'stale', dataset: 'tax', asOf: day('2025-01-01') } },
        { cells: null, missing: { reason: 'empty', dataset: 'police', asOf: null } },
      ),
    },
    { weight: 5, arbitrary: fc.array(cell(value), { minLength: 1, maxLength: 3 }).map((cells) => ({ cells })) },
    { weight: 5, arbitrary: cell(value).map((c) => ({ cells: [c] })) },
  );

/** Decimal texts in normal form, as columns give them back; only numbers of the generators above look like one. */
const normal = (v: unknown): unknown => {
  if (typeof v === 'string' && /^-?\d+\.\d+$/.test(v)) return v.replace(/0+$/, '').replace(/\.$/, '').replace(/^-0$/, '0');
  if (Array.isArray(v)) return v.map(normal);
  return v !== null && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, e]) => [k, normal(e)])) : v;
};

const seal = (shape: Shape, rows: readonly (ResolvedFact | undefined)[]): Uint8Array => {
  const builder = columnBuilder(shape);
  for (const row of rows) pushRow(builder, row);
  return pack(finishColumn(builder) as unknown as Packable);
};

describe('columns', () => {
  it.each(shapes)('give back what was sealed: $shape.type', ({ shape, value }) => {
    fc.assert(
      fc.property(fc.array(fact(value), { maxLength: 12 }), (rows) => {
        const column = unpack<Column>(seal(shape, rows));
        expect(rows.map((_, i) => normal(factAt(column, i)))).toEqual(rows.map(normal));
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it.each(shapes)('lose nothing that has not its type: $shape.type', ({ shape, value }) => {
    fc.assert(
      fc.property(fc.array(fact(fc.oneof(value, odd)), { maxLength: 8 }), (rows) => {
        const column = unpack<Column>(seal(shape, rows));
        expect(rows.map((_, i) => normal(factAt(column, i)))).toEqual(rows.map(normal));
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  it('have equal bytes for equal content, and other bytes for other content', () => {
    fc.assert(
      fc.property(fc.array(fact(decimal), { maxLength: 8 }), (rows) => {
        const [a, b] = [seal({ type: 'number' }, rows), seal({ type: 'number' }, structuredClone(rows))];
        expect(Buffer.compare(a, b)).toBe(0);
        const more = seal({ type: 'number' }, [...rows, { cells: [{ v: '1', dataset: 'tax', asOf: day('2026-01-01') }] }]);
        expect(Buffer.compare(a, more)).not.toBe(0);
      }),
      { seed: 9, numRuns: 50 },
    );
  });

  it('refuse bytes that are no segment', () => {
    expect(() => unpack(new TextEncoder().encode('hello, world'))).toThrow('not a snapshot segment');
  });
});
