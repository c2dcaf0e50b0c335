// The run's way (sealed columns, kernel in WebAssembly and in plain loops, compiled decision) ≡ `decide` over the plain record ≡ the second opinion, on random
// rules × records with unknown, null, timed, list, series and link facts. The generators are those of the policy tests; `npm test` takes fewer than test/long.
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Day } from '../../src/base/day.ts';
import type { Fact } from '../../src/catalogue/catalogue.ts';
import { kernelItem } from '../../src/match/batch.ts';
import { opinionOf, sameOpinion } from '../../src/match/opinion.ts';
import { candidatesOf } from '../../src/match/rule-out.ts';
import { columnSource } from '../../src/match/source.ts';
import type { CompiledItem } from '../../src/policy/compile.ts';
import { decide } from '../../src/policy/decide.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import type { CellValue } from '../../src/record/record.ts';
import type { ResolvedCell, ResolvedFact, ResolvedRecord } from '../../src/record/resolve.ts';
import { type PaidRow, recordSource } from '../../src/record/source.ts';
import type { DecisionPeriod, FactSource, Reading } from '../../src/rule/facts.ts';
import { leavesOf } from '../../src/rule/ready.ts';
import { countBits, hasBit, rowsOf } from '../../src/snapshot/bitmap.ts';
import { blockBuilder, finishBlock, pushRecord } from '../../src/snapshot/block.ts';
import { openKernel } from '../../src/snapshot/kernel.ts';
import { openBlock } from '../../src/snapshot/open.ts';
import { catalogue, compiled } from '../policy/fixture.ts';
import { clocks, paid, person, rule } from '../policy/random.ts';

const citizenFacts = catalogue.facts.filter((f) => f.register === 'citizen');

/** Numbers as decimal text, as an import would have left them. */
const asCell = (raw: unknown): CellValue => {
  if (typeof raw === 'number') return String(raw);
  if (Array.isArray(raw)) return raw.map(asCell);
  if (typeof raw === 'object' && raw !== null) return Object.fromEntries(Object.entries(raw).map(([k, v]) => [k, asCell(v)]));
  return raw as CellValue;
};

const isSpan = (raw: unknown): raw is { value: unknown; from: Day | null; to: Day | null } =>
  typeof raw === 'object' && raw !== null && 'from' in raw && 'value' in raw;

const source = { dataset: 'd', asOf: '2026-01-05' as Day };

const resolved = (fact: Fact, raw: unknown, linkKey: string): ResolvedFact => {
  if (fact.type === 'link')
    return { cells: [{ v: raw === null ? null : typeof raw === 'string' ? raw : linkKey, from: null, to: null, ...source }] };
  if (fact.timed && Array.isArray(raw) && raw.some(isSpan))
    return {
      cells: raw.map(
        (span: { value: unknown; from: Day | null; to: Day | null }): ResolvedCell => ({
          v: asCell(span.value),
          from: span.from,
          to: span.to,
          ...source,
        }),
      ),
    };
  return { cells: [{ v: asCell(raw), ...source, ...(fact.timed ? { from: null, to: null } : {}) }] };
};

/** The person and, where there is one, the spouse behind the link. */
const recordsOf = (facts: Record<string, unknown>, ordinal: number): ResolvedRecord[] => {
  const key = `k${ordinal}`;
  // Of what nobody told, some is unknown for a reason.
  const told = citizenFacts.flatMap((f, i): (readonly [string, ResolvedFact])[] => {
    if (facts[f.key] !== undefined) return [[f.key, resolved(f, facts[f.key], `${key}-spouse`)]];
    const stale = { cells: null, missing: { reason: 'stale', dataset: source.dataset, asOf: source.asOf } } as const;
    return (ordinal + i) % 3 === 0 ? [[f.key, stale]] : [];
  });
  const own: ResolvedRecord = {
    register: 'citizen',
    subjectId: key,
    key,
    ordinal,
    name: null,
    division: null,
    facts: Object.fromEntries(told),
  };
  const spouse = facts.spouse;
  if (typeof spouse !== 'object' || spouse === null) return [own];
  const [other] = recordsOf(spouse as Record<string, unknown>, ordinal + 1);
  return [own, { ...(other as ResolvedRecord), subjectId: `${key}-spouse`, key: `${key}-spouse` }];
};

interface Sealed {
  readonly records: readonly ResolvedRecord[];
  readonly block: ReturnType<typeof openBlock>;
}

const sealed = (people: readonly Record<string, unknown>[]): Sealed => {
  const records: ResolvedRecord[] = [];
  for (const facts of people) records.push(...recordsOf(facts, records.length));
  const builder = blockBuilder('citizen', 0, citizenFacts);
  for (const record of records) pushRecord(builder, record);
  const segments = new Map([...finishBlock(builder)].map((s) => [s.column, s.bytes]));
  const facts = citizenFacts.map((f) => f.key);
  return { records, block: openBlock('citizen', 0, facts, segments, { cachedBytes: 1_000_000, few: true }) };
};

/** What was met, so that agreement says something. */
interface Seen {
  decided: number;
  eligible: number;
  ineligible: number;
  undetermined: number;
  ruledOut: number;
  /** Beyond the kernel, for what a list does not hold. */
  alike: number;
  surely: number;
  /** Conditions asked, by operator, once per record. */
  readonly operators: Map<string, number>;
  /** Readings a decision made, by what was read: type of fact, dated, over a link, unknown, null. */
  readonly kinds: Map<string, number>;
}

const openSeen = (): Seen => ({
  ...{ decided: 0, eligible: 0, ineligible: 0, undetermined: 0, ruledOut: 0, alike: 0, surely: 0 },
  operators: new Map(),
  kinds: new Map(),
});

/** What the operators and readings must be of, else agreement was shown of less than it says. */
export const kindsMet = [
  ...['value', 'null', 'unknown, untold', 'unknown, stale', 'dated', 'dated, over a span', 'over a link', 'own list', 'paid', 'parameter'],
  ...['number', 'date', 'boolean', 'category', 'code', 'text', 'set', 'series', 'list', 'link'].map((type) => `type ${type}`),
];

const factsByKey = new Map(citizenFacts.map((f) => [f.key, f]));

/** The same source; every reading is counted. */
const counted = (from: FactSource, kinds: Map<string, number>): FactSource => {
  const met = (...names: readonly string[]): void => {
    for (const name of names) kinds.set(name, (kinds.get(name) ?? 0) + 1);
  };
  const note = (path: string, reading: Reading): void => {
    const [name = '', over] = path.split('.');
    const fact = factsByKey.get(over ?? name);
    if (fact === undefined) return;
    met(`type ${fact.type}`);
    if (fact.timed === true) met('dated');
    if (over !== undefined) met('over a link');
    if (fact.type === 'list' && Array.isArray(reading.value) && reading.value.length > 0) met('own list');
    if (reading.missing !== undefined) met(reading.missing.reason === 'stale' ? 'unknown, stale' : 'unknown, untold');
    else met(reading.value === null ? 'null' : 'value');
  };
  return {
    ...from,
    read: (path, on) => {
      const reading = from.read(path, on);
      note(path, reading);
      return reading;
    },
    readAll: (path, first, last) => {
      const readings = from.readAll(path, first, last);
      if (readings.length > 1) met('dated, over a span');
      for (const reading of readings) note(path, reading);
      return readings;
    },
    parameter: (...asked) => {
      met('parameter');
      return from.parameter(...asked);
    },
    paid: (...asked) => {
      met('paid');
      return from.paid(...asked);
    },
  };
};

const agree = async (
  seen: Seen,
  item: CompiledItem,
  { records, block }: Sealed,
  period: DecisionPeriod,
  rows: readonly PaidRow[],
): Promise<void> => {
  const byKey = new Map(records.map((r) => [r.key, r]));
  const asked = kernelItem(item, period, { catalogue });
  const [fast, plain] = [openKernel(block, 'simd'), openKernel(block, 'plain')];
  const { surely, possibly } = fast.match(asked);
  expect(plain.match(asked)).toEqual({ surely, possibly });
  const doubtful = fast.doubtful(asked);
  expect(plain.doubtful(asked)).toEqual(doubtful);
  expect(fast.count(asked)).toEqual({ surely: countBits(surely), possibly: countBits(possibly) });
  expect([...fast.rows(asked, 65_536)]).toEqual(rowsOf(surely).map((row) => row + 65_536));
  const place = (key: string) => (byKey.has(key) ? { block, row: (byKey.get(key) as ResolvedRecord).ordinal } : undefined);
  const link = (_register: string, key: string) => place(key);
  const frame = { catalogue, link } as unknown as Parameters<typeof candidatesOf>[0]['frame'];
  const candidates = candidatesOf({ compiled: item, period, frame }, block, fast);
  fast.close();
  plain.close();
  for (const { operator } of leavesOf(item.match))
    seen.operators.set(operator.name, (seen.operators.get(operator.name) ?? 0) + records.length);
  for (const row of records.keys()) {
    const sealedRow = columnSource({ block, row }, { catalogue, link, paid: rows, purpose: item.item });
    const columns = decide(item, counted(sealedRow, seen.kinds), period);
    // The second path reads the sealed JSON, not what the test still holds in its hands.
    const plainly = recordSource(block.record(row) as ResolvedRecord, {
      catalogue,
      link: (_register, key) => byKey.get(key),
      paid: rows,
      purpose: item.item,
    });
    expect(columns).toEqual(decide(item, plainly, period));
    const opinion = await secondOpinion(item, plainly, period);
    if (!sameOpinion(opinionOf(columns), opinion)) expect(opinionOf(columns)).toEqual(opinion);
    if (!hasBit(candidates, row)) expect(columns.verdict).toBe('ineligible');
    if (hasBit(possibly, row) && !hasBit(candidates, row)) seen.alike++;
    if (!hasBit(possibly, row)) expect(columns.verdict).toBe('ineligible');
    if (hasBit(surely, row)) expect(columns.trace.truth).toBe(true);
    // What the kernel leaves open for no want of its own is open for want of data.
    else if (hasBit(possibly, row) && !hasBit(doubtful, row)) expect(columns.trace.truth).toBe(null);
    seen.decided++;
    seen[columns.verdict]++;
    if (!hasBit(possibly, row)) seen.ruledOut++;
    if (hasBit(surely, row)) seen.surely++;
  }
};

const wage = { text: '当地最低工资', feel: 'parameter("minWage", hukouRegion, period.end)' };

/** What is read of the children only through filters; the last of them otherwise as well. */
const filtered = fc.constantFrom(
  'count(children[school = "小学" and order >= 2])',
  'count(children[childBirth >= date("2015-01-01") and childBirth <= period.end])',
  'sum(children[status = "低保" or order > 1].order)',
  'count(children[order = 1][school != "高中"]) + count(children[status in ("低保", "特困")])',
  '(if children[2].school = "小学" then 1 else 0) + count(children[order >= 2])',
  'count(children) + count(children[order >= 3])',
);

/** One in ten asks about a parameter of the place and day, two about some of the children. */
const anyRule = fc.tuple(rule, fc.nat(9), filtered).map(([r, n, feel]): Record<string, unknown> => {
  if (n === 1 || n === 2) {
    const some = { fact: 'someChildren', operator: 'greaterThanInclusive', value: n };
    const facts = { ...(r.facts as object), someChildren: { text: '其中的子女', feel } };
    return { ...r, facts, conditions: { all: [r.conditions, some] } };
  }
  if (n > 0) return r;
  const below = { fact: 'income', operator: 'lessThan', value: { fact: 'wage' } };
  return { ...r, facts: { ...(r.facts as object), wage }, conditions: { any: [r.conditions, below] } };
});

/** So many random rules, each against so many random people and those they are linked to. */
export const agreeOn = async (rules: number, peoplePerRule: number, seed: number): Promise<Seen> => {
  const seen = openSeen();
  const people = fc.array(person, { minLength: peoplePerRule, maxLength: peoplePerRule });
  await fc.assert(
    fc.asyncProperty(anyRule, people, clocks, paid, async (r, drawn, clock, rows) => {
      const item = compiled(r);
      const known = 'knownAt' in clock ? { knownAt: clock.knownAt as Day } : {};
      const period = periodFor(item.item, { period: clock.period, ...known }) as DecisionPeriod;
      const history = rows.map((p): PaidRow => ({ item: p.item, period: p.period, amountFen: 3330n }));
      await agree(seen, item, sealed(drawn), period, history);
    }),
    { seed, numRuns: rules },
  );
  expect(seen.decided).toBeGreaterThanOrEqual(rules * peoplePerRule);
  return seen;
};
