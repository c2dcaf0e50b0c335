// Values in and out of JSON by their declared type, and what does not fit.

import { describe, expect, it } from 'vitest';
import { formatValue } from '../../src/feel/format.ts';
import { fromJson, toJson } from '../../src/feel/json.ts';
import { anyType, booleanType, categoryOf, dateType, type FeelType, listOf, numberType, recordOf } from '../../src/feel/type.ts';

const person = recordOf({ birthDate: dateType, wage: numberType });

describe('JSON', () => {
  it.each<[FeelType, unknown, unknown]>([
    [numberType, '12.50', '12.5'],
    [numberType, 0.1, '0.1'],
    [booleanType, true, true],
    [categoryOf('在营'), '在营', '在营'],
    [dateType, '2026-01-31', '2026-01-31'],
    [{ kind: 'ymDuration' }, 'P14M', 'P1Y2M'],
    [listOf(numberType), [1, '2'], ['1', '2']],
    [person, { birthDate: '1946-01-31', wage: null }, { birthDate: '1946-01-31', wage: null }],
    [{ kind: 'series' }, { '2025': 3, '2024': null }, { '2024': null, '2025': '3' }],
    [numberType, { unknown: ['wage'] }, { unknown: ['wage'] }],
    [anyType, { a: [1, 'x', null] }, { a: ['1', 'x', null] }],
  ])('%j %j', (type, json, back) => {
    const v = fromJson(json, type);
    expect(v).not.toBeUndefined();
    expect(toJson(v ?? null)).toEqual(back);
  });

  it('a field nobody gave is unknown, not null', () => {
    expect(formatValue(fromJson({ wage: 1 }, person) ?? null)).toContain('未知（birthDate）');
  });

  it.each<[FeelType, unknown]>([
    [numberType, 'abc'],
    [numberType, true],
    [dateType, '2023-02-29'],
    [dateType, 5],
    [listOf(numberType), 'x'],
    [listOf(dateType), ['2026-01-31', 'x']],
    [booleanType, 'true'],
    [{ kind: 'ymDuration' }, 'P3D'],
  ])('%j does not take %j', (type, json) => expect(fromJson(json, type)).toBeUndefined());
});

describe('JSON that lies too deep', () => {
  const nest = (n: number, wrap: (inner: unknown) => unknown): unknown => {
    let out: unknown = 1;
    for (let i = 0; i < n; i++) out = wrap(out);
    return out;
  };
  const deepList = (n: number): FeelType => (n === 0 ? numberType : listOf(deepList(n - 1)));
  it.each<[string, unknown, FeelType]>([
    ['lists of anything', nest(50_000, (x) => [x]), { kind: 'any' }],
    ['records of anything', nest(50_000, (a) => ({ a })), { kind: 'any' }],
    ['both in turn', nest(50_000, (a) => [{ a }]), { kind: 'any' }],
    ['a field of a record', { a: nest(50_000, (x) => [x]) }, recordOf({ a: { kind: 'any' } })],
    ['lists of a type as deep', nest(500, (x) => [x]), deepList(500)],
  ])('fits nothing: %s', (_, json, type) => expect(fromJson(json, type)).toBeUndefined());

  it('is read while anybody could mean it', () => {
    for (const wrap of [(x: unknown) => [x], (a: unknown) => ({ a })]) expect(fromJson(nest(50, wrap), { kind: 'any' })).toBeDefined();
  });
});
