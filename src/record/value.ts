// From delivered JSON to the value FEEL computes with, by the catalogue's type. Numbers stay exact; a field nobody filled in is unknown, never null.
import { type Day, parseDay } from '../base/day.ts';
import { parseDecimal } from '../base/rational.ts';
import type { Fact, Field } from '../catalogue/catalogue.ts';
import { context, dateFromDay, openSeries, unknown, type Value } from '../feel/value.ts';
import type { CellValue } from './record.ts';

/** `path` names the fact in unknowns: `hires`, `hires.wage`. What does not fit its type is unknown: it was refused on import and cannot be trusted here. */
export const factValue = (fact: Pick<Fact, 'type' | 'fields'>, v: CellValue, path: string): Value => {
  if (fact.type !== 'list') return plainValue(fact.type === 'link' ? 'text' : fact.type, v, path);
  if (v === null) return null;
  if (!Array.isArray(v)) return unknown(path);
  return v.map((element) => elementValue(fact.fields ?? [], element, path));
};

const elementValue = (fields: readonly Field[], element: unknown, path: string): Value => {
  if (element === null || typeof element !== 'object') return unknown(path);
  const given = element as Readonly<Record<string, CellValue | undefined>>;
  const entries = new Map<string, Value>();
  for (const field of fields) {
    const v = given[field.key];
    entries.set(field.key, v === undefined ? unknown(`${path}.${field.key}`) : plainValue(field.type, v, `${path}.${field.key}`));
  }
  return context(entries);
};

const plainValue = (type: Field['type'], v: unknown, path: string): Value => {
  if (v === null) return null;
  switch (type) {
    case 'number':
      return typeof v === 'string' ? (parseDecimal(v) ?? unknown(path)) : unknown(path);
    case 'boolean':
      return typeof v === 'boolean' ? v : unknown(path);
    case 'date': {
      const parsed: Day | null = typeof v === 'string' ? parseDay(v) : null;
      return parsed === null ? unknown(path) : dateFromDay(parsed);
    }
    case 'category':
    case 'code':
    case 'text':
      return typeof v === 'string' ? v : unknown(path);
    case 'set':
      return Array.isArray(v) && v.every((e) => typeof e === 'string') ? (v as readonly string[]) : unknown(path);
    case 'series':
      return seriesValue(v, path);
  }
};

const seriesValue = (v: unknown, path: string): Value => {
  if (typeof v !== 'object' || v === null || Array.isArray(v)) return unknown(path);
  const entries = new Map<string, Value>();
  for (const period of Object.keys(v).sort()) entries.set(period, plainValue('number', (v as Record<string, unknown>)[period], path));
  return openSeries(entries, path);
};
