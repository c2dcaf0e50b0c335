// The law of the unknown for every built-in there is, generated from the table itself: arguments of the types its signature names, some of them not
// told, or told in part; then told, as anything of their type. What was sure before must still hold.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInt } from '../../src/base/rational.ts';
import type { Row } from '../../src/feel/builtin.ts';
import { builtins } from '../../src/feel/builtins.ts';
import { compileFeel, type Expression, evaluate } from '../../src/feel/feel.ts';
import { formatValue } from '../../src/feel/format.ts';
import { type Scope, scopeOf } from '../../src/feel/scope.ts';
import { parseDate, parseDateTime } from '../../src/feel/temporal.ts';
import { anyType, codeIn, type FeelType, type TypeEnv, typeEnv } from '../../src/feel/type.ts';
import { context, isContext, isUncertain, isUnknown, missingOf, openSeries, unknown, type Value } from '../../src/feel/value.ts';
import { couldBe } from './could-be.ts';

const seed = 20_260_131;
const runsPerRow = process.env.ZHIXIANG_TEST_LONG === '1' ? 150 : 60;

const surroundings: Scope['call'] = (name, args) => {
  const text = args.map((a) => (typeof a === 'string' ? a : ''));
  if (name === 'now') return parseDateTime('2026-01-31T10:00:00');
  if (name === 'today') return parseDate('2026-01-31');
  if (name === 'within') return (text[1] ?? '').startsWith((text[2] ?? '').replace(/0+$/, ''));
  return fromInt(text.join().length);
};

const value = (text: string, facts: ReadonlyMap<string, Value> = new Map()): Value => {
  const env: TypeEnv = { lookup: (name) => (facts.has(name) ? anyType : undefined), names: [...facts.keys()] };
  const c = compileFeel(text, env, { dialect: 'tck' });
  return c.ok ? evaluate(c.expression, scopeOf(facts, surroundings)) : null;
};

// ── values of a type, and what is left of them ───────────────────────────────────────────────────────────────────────
interface Told {
  readonly full: Value;
  readonly open: Value;
}

const pools: Readonly<Partial<Record<FeelType['kind'], readonly string[]>>> = {
  number: ['0', '1', '-2', '2.5', '3', '12', '2026'],
  boolean: ['true', 'false'],
  string: ['""', '"a"', '"ab"', '"2026-01"', '"2025"', '"530128"', '"n"', '"[a-b]"', '"1"'],
  date: ['@"2025-01-31"', '@"2026-01-31"', '@"2024-02-29"', '@"1946-03-01"'],
  time: ['@"10:00:00"', '@"23:59:59"'],
  dateTime: ['@"2026-01-31T10:00:00"', '@"2025-12-31T23:00:00"'],
  ymDuration: ['@"P1Y"', '@"-P2M"', '@"P0M"'],
  dtDuration: ['@"P1D"', '@"PT5H"', '@"-PT1S"'],
  range: ['[1..3]', '(0..2)', '[2..12]', '(< 2)', '(>= 1)', '[@"2025-01-31"..@"2026-01-31"]', '["a".."b"]'],
  code: ['"530128"', '"530100"', '"110000"'],
};
const scalars: readonly FeelType['kind'][] = ['number', 'boolean', 'string', 'date', 'ymDuration'];

const whole = (v: fc.Arbitrary<Value>): fc.Arbitrary<Told> =>
  fc.tuple(v, fc.integer({ min: 0, max: 2 })).map(([full, hide]) => ({ full, open: hide === 0 ? unknown('q') : full }));

const scalar = (kind: FeelType['kind']): fc.Arbitrary<Value> => fc.constantFrom(...(pools[kind] ?? ['null']).map((t) => value(t)));

const none: fc.Arbitrary<Value> = fc.constant(null);

/** Fields the examples of the table name, so that records mean something to what reads them. */
const record: fc.Arbitrary<Told> = fc
  .record({
    from: whole(scalar('date')),
    to: whole(fc.oneof(scalar('date'), none)),
    backPaid: whole(scalar('boolean')),
    n: whole(scalar('number')),
    key: whole(scalar('string')),
    value: whole(scalar('number')),
    amount: whole(scalar('number')),
    field: whole(fc.constantFrom<Value>('A', 'B')),
  })
  .map((fields) => {
    const side = (s: keyof Told): Value => context(Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, v[s]])));
    return { full: side('full'), open: side('open') };
  });

/** Periods not delivered are unknown, and may turn out to be anything; one told null has none. */
const series: fc.Arbitrary<Told> = fc
  .array(fc.tuple(fc.oneof({ weight: 5, arbitrary: scalar('number') }, none), fc.boolean()), { minLength: 5, maxLength: 5 })
  .map((cells) => {
    const keys = ['2025-10', '2025-11', '2025-12', '2026-01', '2026-02'];
    const all = cells.map(([v], i) => [keys[i] ?? '', v] as const);
    return { full: openSeries(new Map(all), 'q'), open: openSeries(new Map(all.filter((_, i) => cells[i]?.[1])), 'q') };
  });

/** Whole, with elements unknown, or with elements of which nobody knows whether they belong. */
const list = (element: fc.Arbitrary<Told>): fc.Arbitrary<Told> =>
  fc.tuple(fc.array(fc.tuple(element, fc.boolean(), fc.boolean()), { maxLength: 4 }), fc.integer({ min: 0, max: 4 })).map(([es, how]) => {
    if (how > 1) return { full: es.map(([e]) => e.full), open: es.map(([e]) => e.open) };
    const full = es.filter(([, sure, there]) => sure || there).map(([e]) => e.full);
    if (how === 0) return { full, open: unknown('q') };
    const doubtful = es.some(([, sure]) => !sure);
    const elements = es.map(([e, sure]) => ({ value: e.open, sure }));
    return { full, open: doubtful ? { kind: 'uncertainList', elements, missing: ['q'] } : elements.map((e) => e.value) };
  });

const ofType = (t: FeelType): fc.Arbitrary<Told> => {
  switch (t.kind) {
    case 'list':
      return list(t.element.kind === 'any' ? fc.oneof(...scalars.map((k) => whole(scalar(k))), whole(none)) : ofType(t.element));
    case 'record':
      return record;
    case 'series':
      return series;
    case 'any':
      return fc.oneof(...scalars.map((k) => whole(scalar(k))), list(whole(scalar('number'))), record);
    default:
      return whole(scalar(t.kind));
  }
};

// ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────
interface Call {
  readonly expression: Expression;
  readonly args: readonly fc.Arbitrary<Told>[];
}

/** What the row's own examples pass at each place: field names, formats, orderings that mean something to it. */
const exampleArguments = ({ builtin, signature }: Row): readonly (readonly Value[])[] => {
  const found: Value[][] = [];
  for (const [text, , facts] of builtin.examples) {
    const values = new Map(Object.entries(facts ?? {}).map(([name, source]) => [name, value(source)] as const));
    const env: TypeEnv = { lookup: (name) => (values.has(name) ? anyType : undefined), names: [...values.keys()] };
    const c = compileFeel(text, env, { dialect: 'tck' });
    const root = c.ok ? c.expression.root : null;
    if (root?.op !== 'call' || root.callee.op !== 'name' || root.callee.name !== signature.name || root.names !== null) continue;
    for (const [i, a] of root.args.entries()) {
      const given = found[i] ?? [];
      found[i] = given;
      given.push(value(text.slice(a.span.from, a.span.to), values));
    }
  }
  return found;
};

const callOf = (row: Row, count: number): Call => {
  const { builtin, signature } = row;
  const skipped = builtin.extra?.([codeIn('division')]).length ?? 0;
  const parameters = signature.parameters.slice(skipped);
  const examples = exampleArguments(row);
  const last = parameters.at(-1);
  const places = Array.from({ length: count }, (_, i) => {
    const p = parameters[Math.min(i, parameters.length - 1)];
    const spread = p !== undefined && p === last && p.spread !== null;
    const wanted = (p?.types ?? [anyType]).map((t) =>
      spread && t.kind === 'list' && (count > 1 || p.spread === 'collect') ? t.element : t,
    );
    return { wanted, given: examples[i] ?? [], nullable: p?.nullable ?? false };
  });
  const names = places.map((_, i) => `a${i}`);
  const table = Object.fromEntries(
    places.map(({ wanted }, i) => [`a${i}`, skipped > 0 && i === 0 ? codeIn('division') : (wanted[0] ?? anyType)]),
  );
  const compiled = compileFeel(`${signature.name}(${names.join(', ')})`, typeEnv(wide(table)), { dialect: 'tck' });
  if (!compiled.ok) throw new Error(`${builtin.signature}: ${JSON.stringify(compiled.problems)}`);
  const args = places.map(({ wanted, given, nullable }) =>
    fc.oneof(
      { weight: 6, arbitrary: fc.oneof(...wanted.map(ofType)) },
      { weight: nullable ? 2 : 1, arbitrary: whole(none) },
      ...(given.length === 0 ? [] : [{ weight: 4, arbitrary: whole(fc.constantFrom(...given)) }]),
    ),
  );
  return { expression: compiled.expression, args };
};

/** Codes tell their tree by their type; of everything else the type is left open, so that nothing is taken for granted. */
const wide = (table: Readonly<Record<string, FeelType>>): Readonly<Record<string, FeelType>> =>
  Object.fromEntries(Object.entries(table).map(([k, t]) => [k, t.kind === 'code' ? t : anyType]));

const countsOf = ({ builtin, signature }: Row): readonly number[] => {
  const parameters = signature.parameters.slice(builtin.extra?.([codeIn('division')]).length ?? 0);
  if (parameters.at(-1)?.spread != null) return [parameters.length, parameters.length + 1, parameters.length + 2];
  const required = parameters.filter((p) => !p.optional).length;
  return Array.from({ length: parameters.length - required + 1 }, (_, i) => required + i);
};

const firstKey = (v: Value | undefined): string | undefined =>
  v !== undefined && isContext(v) ? [...v.entries.keys()].sort()[0] : undefined;

/** Without `since` it counts, as its description says, from the first period on record: which that is, is told, not unknown. */
const otherFirst = ({ signature }: Row, [s, , since]: readonly Told[]): boolean =>
  signature.name === 'first period reaching' && (since === undefined || since.full === null) && firstKey(s?.open) !== firstKey(s?.full);

const rows = [...builtins.values()].flat();

describe('every built-in', () => {
  const sure = { decided: 0, silent: 0, rows: 0 };
  it.each(rows.map((r) => [r.builtin.signature, r] as const))('%s', (_, row) => {
    sure.rows++;
    for (const count of countsOf(row)) {
      const { expression, args } = callOf(row, count);
      fc.assert(
        fc.property(fc.tuple(...args), (told) => {
          const take = (side: keyof Told) => scopeOf(new Map(told.map((t, i) => [`a${i}`, t[side]])), surroundings);
          const full = evaluate(expression, take('full'));
          const open = evaluate(expression, take('open'));
          const story = `${expression.text} of ${told.map((t) => formatValue(t.open)).join(' ; ')} is ${formatValue(open)}, of ${told.map((t) => formatValue(t.full)).join(' ; ')} ${formatValue(full)}`;
          // A period beyond those told is open in both: nothing is settled that could contradict.
          if (missingOf(full).length === 0 && !otherFirst(row, told)) expect(couldBe(open, full), story).toBe(true);
          if (isUnknown(open) || isUncertain(open)) {
            sure.silent++;
            expect(open.missing.length, story).toBeGreaterThan(0);
          } else if (missingOf(...told.map((t) => t.open)).length > 0) sure.decided++;
          for (const m of missingOf(open)) expect(m, story).toMatch(/^q|^(parameter|external|paid)/);
        }),
        { seed, numRuns: runsPerRow },
      );
    }
  });

  it('was asked, and both kept silent and decided', () => {
    expect(sure.rows).toBe(rows.length);
    expect(sure.silent).toBeGreaterThan(rows.length * 20);
    expect(sure.decided).toBeGreaterThan(rows.length * 5);
  });
});
