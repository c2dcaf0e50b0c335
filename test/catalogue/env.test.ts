// The catalogue seen as types of the expression language.
import { expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import { factEnv, factTable } from '../../src/catalogue/env.ts';
import { parseCatalogue } from '../../src/catalogue/read.ts';
import { dateType } from '../../src/feel/type.ts';
import { city } from './city.ts';

const small = (): Catalogue => {
  const r = parseCatalogue(city());
  if (!r.ok) throw new Error('city');
  return r.catalogue;
};

it('gives every fact its type, lists their records, links the other subject without its own links', () => {
  expect(factTable(small(), 'citizen')).toEqual({
    hukouRegion: { kind: 'code', tree: 'division' },
    birthDate: { kind: 'date' },
    gender: { kind: 'string', values: ['男', '女'] },
    employer: { kind: 'record', fields: { revenue: { kind: 'series', unit: '元' } } },
    children: { kind: 'list', element: { kind: 'record', fields: { childId: { kind: 'string' }, order: { kind: 'number', unit: '孩' } } } },
  });
});

it('adds what the caller brings, dotted names as records', () => {
  const env = factEnv(small(), 'enterprise', { 'period.start': dateType, 'period.end': dateType });
  expect(env.lookup('period')).toEqual({ kind: 'record', fields: { start: dateType, end: dateType } });
  expect([...env.names]).toEqual(['revenue', 'parent', 'period']);
});
