// One conformance case of the DMN TCK: its context bound, its expression run, its answer held against what is expected.
// Pure; whoever has the file (a test, `feel --cases`) reads it and counts.

import { absolute, compare, greatest, mul, parseDecimal, type Rational, ratio, sub } from '../base/rational.ts';
import { equals } from './compare.ts';
import { parseDuration } from './duration.ts';
import { compileFeel, evaluate } from './feel.ts';
import { formatValue } from './format.ts';
import type { Scope } from './scope.ts';
import { parseDate, parseDateTime, parseTime } from './temporal.ts';
import { anyType, type TypeEnv } from './type.ts';
import { context, isContext, isList, isNumber, isUnknown, type Value } from './value.ts';

export interface CaseValue {
  readonly type: 'decimal' | 'string' | 'boolean' | 'date' | 'time' | 'dateTime' | 'duration' | 'list' | 'context' | 'null';
  readonly value?: unknown;
}

export interface FeelCase {
  readonly id: string;
  readonly suite: string;
  readonly expression: string;
  readonly context: Readonly<Record<string, CaseValue>>;
  readonly expected: CaseValue;
  readonly error: boolean;
}

export type CaseResult = { readonly pass: boolean; readonly got: string; readonly want: string };

export const valueOfCase = (c: CaseValue): Value => {
  const text = String(c.value);
  switch (c.type) {
    case 'null':
      return null;
    case 'decimal':
      return parseDecimal(text);
    case 'string':
      return text;
    case 'boolean':
      return text === 'true';
    case 'date':
      return parseDate(text);
    case 'time':
      return parseTime(text);
    case 'dateTime':
      return parseDateTime(text);
    case 'duration':
      return parseDuration(text);
    case 'list':
      return (c.value as readonly CaseValue[]).map(valueOfCase);
    case 'context':
      return context(new Map(Object.entries(c.value as Record<string, CaseValue>).map(([k, v]) => [k, valueOfCase(v)])));
  }
};

/** Records of a list may differ in shape, so the checker is told nothing about their fields. */
const looseEnv = (values: ReadonlyMap<string, Value>): TypeEnv => ({
  lookup: (name) => (values.has(name) ? anyType : undefined),
  names: [...values.keys()],
});

/** The TCK's own runners compare decimals written to finitely many digits this way: |a − b| ≤ 10⁻⁸ · max(1, |b|). */
const near = (a: Rational, b: Rational): boolean =>
  compare(absolute(sub(a, b)), mul(ratio(1n, 100_000_000n), greatest(ratio(1n, 1n), absolute(b)))) <= 0;

/** Same kind and same value, decimals by tolerance, times and date-times also with the same zone. */
export const agrees = (got: Value, want: Value): boolean => {
  if (isNumber(got) && isNumber(want)) return near(got, want);
  if (isList(got) && isList(want)) return got.length === want.length && got.every((g, i) => agrees(g, want[i] as Value));
  if (isContext(got) && isContext(want)) {
    return got.entries.size === want.entries.size && [...want.entries].every(([k, w]) => agrees(got.entries.get(k) ?? null, w));
  }
  if (got === null || want === null) return got === want;
  if (isList(got) || isList(want)) return false;
  return equals(got, want) === true && formatValue(got) === formatValue(want);
};

/** A variable declared with a plain type takes the only element of a list: the kit's models do that around each expression. */
const coerced = (got: Value, want: Value): Value => (isList(got) && got.length === 1 && !isList(want) ? (got[0] as Value) : got);

/** A static refusal counts as null: the standard has no other word for an error. */
export const runCase = (c: FeelCase, now: string): CaseResult => {
  const values = new Map(Object.entries(c.context).map(([k, v]) => [k, valueOfCase(v)]));
  const scope: Scope = {
    get: (name) => values.get(name) ?? null,
    call: (name) => (name === 'now' ? parseDateTime(now) : name === 'today' ? parseDate(now.slice(0, 10)) : undefined),
  };
  const compiled = compileFeel(c.expression, looseEnv(values), { dialect: 'tck' });
  const want = valueOfCase(c.expected);
  const raw = compiled.ok ? evaluate(compiled.expression, scope) : null;
  const got = want === null ? raw : coerced(raw, want);
  return { pass: !isUnknown(got) && agrees(got, want), got: formatValue(got), want: formatValue(want) };
};

const isRecord = (v: unknown): v is Readonly<Record<string, unknown>> => typeof v === 'object' && v !== null && !Array.isArray(v);

const kinds: readonly CaseValue['type'][] = [
  'decimal',
  'string',
  'boolean',
  'date',
  'time',
  'dateTime',
  'duration',
  'list',
  'context',
  'null',
];
const deepest = 64;

const isCaseValue = (raw: unknown, depth = 0): raw is CaseValue => {
  if (depth > deepest || !isRecord(raw) || !kinds.includes(raw.type as CaseValue['type'])) return false;
  if (raw.type === 'list') return Array.isArray(raw.value) && raw.value.every((v) => isCaseValue(v, depth + 1));
  if (raw.type === 'context') return isRecord(raw.value) && Object.values(raw.value).every((v) => isCaseValue(v, depth + 1));
  return raw.type === 'null' || ['string', 'number', 'boolean'].includes(typeof raw.value);
};

/** What is wrong with a file of cases, by JSON pointer; null: it can be run. */
export const casesProblem = (raw: unknown): string | null => {
  if (!Array.isArray(raw)) return '';
  const at = raw.findIndex(
    (c: unknown) =>
      !isRecord(c) ||
      typeof c.id !== 'string' ||
      typeof c.expression !== 'string' ||
      !isRecord(c.context) ||
      !Object.values(c.context).every((v) => isCaseValue(v)) ||
      !isCaseValue(c.expected),
  );
  return at < 0 ? null : `/${at}`;
};

export interface CaseCount {
  readonly total: number;
  readonly passed: number;
}

/** Values and nulls apart: a language that always says null would pass four cases in ten. */
export const countCases = (
  cases: readonly FeelCase[],
  now: string,
): { readonly values: CaseCount; readonly nulls: CaseCount; readonly failed: readonly FeelCase[] } => {
  const failed = cases.filter((c) => !runCase(c, now).pass);
  const isNull = (c: FeelCase): boolean => c.expected.type === 'null';
  const count = (of: (c: FeelCase) => boolean): CaseCount => {
    const total = cases.filter(of).length;
    return { total, passed: total - failed.filter(of).length };
  };
  return { values: count((c) => !isNull(c)), nulls: count(isNull), failed };
};
