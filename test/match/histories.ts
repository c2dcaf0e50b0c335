// Random histories of a small city: deliveries, withdrawals, full deliveries that only renew, people who come and go, days that pass, versions published.
import fc from 'fast-check';
import { addDays, type Day, day } from '../../src/base/day.ts';
import type { Database } from '../../src/db/handle.ts';
import type { Item } from '../../src/policy/item.ts';
import { categories, codes, someDay } from '../snapshot/world.ts';
import { type Facts, idOf, itemOf, tell } from './ground.ts';

const one = (fact: string, operator: string, value: unknown, more: object = {}) => ({ all: [{ fact, operator, value, ...more }] });

/** Every way in which a verdict may hang on a fact, a link, an element or a day. */
export const someItems: readonly Item[] = [
  itemOf('plain', {
    conditions: one('age', 'greaterThanInclusive', 2),
    award: { tiers: { by: 'age', rows: [{ below: 10, yuan: 50 }, { yuan: 500 }] } },
  }),
  itemOf('dated', {
    conditions: one('ageThen', 'greaterThanInclusive', 2),
    award: { perUnit: { count: 'ageThen', yuan: 7 } },
  }),
  itemOf('every', { period: 'yearly', conditions: one('openThen', 'equal', true, { on: 'every' }) }),
  itemOf('today', { period: 'yearly', conditions: one('kindThen', 'in', ['甲', '乙'], { checkAt: 'match' }) }),
  itemOf('tree', { period: 'quarterly', lookback: 1, conditions: one('regionThen', 'within', '1') }),
  itemOf('partner', { conditions: one('partner.ageThen', 'greaterThan', 1) }),
  itemOf('told', {
    conditions: {
      any: [
        { fact: 'partner.open', operator: 'equal', value: true },
        { fact: 'open', operator: 'equal', value: true },
      ],
    },
  }),
  itemOf('count', {
    period: 'yearly',
    facts: { n: { text: '几个', feel: 'count(children[months >= 2])' } },
    conditions: one('n', 'greaterThanInclusive', 1),
    award: { perUnit: { count: 'n', yuan: 100 } },
  }),
  itemOf('series', {
    period: 'yearly',
    facts: { s: { text: '去年', feel: 'value at(yearly, "2025")' } },
    conditions: one('s', 'greaterThan', 1),
  }),
  itemOf('grown', {
    period: 'once',
    facts: { since: { text: '满几岁', feel: 'age at(born, period.end)' } },
    conditions: one('since', 'greaterThanInclusive', 1),
  }),
  itemOf('lives', { period: 'once', effective: { from: null, to: null }, conditions: one('regionThen', 'within', '11') }),
  itemOf('recent', { period: 'once', conditions: one('born', 'withinLast', 'P6M') }),
  itemOf('births', {
    period: 'per-event',
    event: { list: 'children', day: 'born', key: 'id' },
    lookback: 3,
    conditions: {
      all: [
        { fact: 'openThen', operator: 'equal', value: true, checkAt: 'match' },
        { fact: 'event.kind', operator: 'equal', value: '甲' },
      ],
    },
  }),
  itemOf('kids', {
    conditions: one('open', 'equal', true),
    each: { list: 'children', as: 'kid', where: 'months >= 2', key: 'id' },
    award: { fixed: { yuan: 500 } },
    limits: [{ claim: { kind: 'child', object: 'kid.id', group: 'kids', per: 'ever' } }],
  }),
];

/** Of whom others decide, too: no event decides them, only a run. */
export const closingItems: readonly Item[] = [
  itemOf('ranked', {
    facts: {
      place: { text: '名次', rank: { by: 'ageThen', among: { fact: 'openThen', operator: 'equal', value: true }, group: 'kindThen' } },
    },
    conditions: one('place', 'lessThanInclusive', 1),
  }),
  itemOf('shared', {
    facts: { share: { text: '一份', pool: { yuan: 1000, quantity: 'partner.age', give: 'share', among: one('open', 'equal', true) } } },
    conditions: one('open', 'equal', true),
    award: { perUnit: { count: 'share', yuan: 1 } },
  }),
];

const allItems = [...someItems, ...closingItems];

const someNumber = fc.constantFrom('0', '1', '2', '3', '2.5', '80', '1234567');
const spans = (value: fc.Arbitrary<Facts[string]>) =>
  fc.uniqueArray(someDay, { maxLength: 3 }).chain((days) =>
    fc.array(value, { minLength: days.length + 1, maxLength: days.length + 1 }).map((values) => {
      const cuts = [undefined, ...days.toSorted(), undefined];
      return {
        spans: values.map((v, i) => ({
          v: v as never,
          ...(cuts[i] === undefined ? {} : { from: cuts[i] }),
          ...(cuts[i + 1] === undefined ? {} : { to: cuts[i + 1] }),
        })),
      };
    }),
  );
const child = fc.record(
  { id: fc.constantFrom('x', 'y', 'z'), months: someNumber, born: fc.option(someDay), kind: fc.constantFrom(...categories) },
  { requiredKeys: ['id', 'born'] },
);
const link = fc.constantFrom('p0', 'p1', 'p2', 'p3', 'nobody', null);

/** What is told of one person; what is left out is unknown. */
const someFacts: fc.Arbitrary<Facts> = fc.record(
  {
    age: fc.oneof(someNumber, fc.constant(null)),
    open: fc.boolean(),
    born: someDay,
    deathDate: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: someDay }),
    tags: fc.uniqueArray(fc.constantFrom(...categories), { maxLength: 2 }),
    note: fc.string({ maxLength: 4 }),
    yearly: fc.dictionary(fc.constantFrom('2024', '2025', '2026'), someNumber, { maxKeys: 3 }),
    children: fc.uniqueArray(child, { maxLength: 3, selector: (c) => c.id }),
    ageThen: spans(someNumber),
    openThen: spans(fc.boolean()),
    kindThen: spans(fc.constantFrom(...categories)),
    regionThen: spans(fc.constantFrom(...codes)),
    partner: spans(link),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Facts>;

const people = Array.from({ length: 14 }, (_, i) => `p${i}`);

export type Step =
  | { readonly kind: 'tell'; readonly people: Readonly<Record<string, Facts>>; readonly late: number }
  | { readonly kind: 'withdraw'; readonly who: string; readonly dataset: string }
  | { readonly kind: 'renew'; readonly dataset: string }
  | { readonly kind: 'days'; readonly count: number }
  | { readonly kind: 'publish'; readonly item: number };

const dataset = fc.constantFrom('base', 'then', 'yearly', 'children');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('tell' as const),
      people: fc.dictionary(fc.constantFrom(...people), someFacts, { minKeys: 1, maxKeys: 3 }),
      late: fc.nat(300),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), who: fc.constantFrom(...people), dataset }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('renew' as const), dataset }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('days' as const), count: fc.constantFrom(1, 2, 7, 20, 40) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('publish' as const), item: fc.nat(allItems.length - 1) }) },
);

export interface History {
  readonly first: Readonly<Record<string, Facts>>;
  readonly steps: readonly (readonly Step[])[];
}

/** A city, then a few nights with what came in before each. */
export const histories: fc.Arbitrary<History> = fc.record({
  first: fc.tuple(...people.slice(0, 10).map(() => someFacts)).map((all) => Object.fromEntries(all.map((facts, i) => [`p${i}`, facts]))),
  steps: fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
});

/** Where a history stands: the day, and the versions in force. */
export interface Stand {
  readonly knownAt: Day;
  readonly items: readonly Item[];
  readonly versions: readonly number[];
}

export const firstStand: Stand = { knownAt: day('2025-12-20'), items: allItems, versions: allItems.map(() => 1) };

const bump = (sql: Database['sql']) =>
  sql`(select greatest((select max(revision) from record), (select max(revision) from record_part), 0) + 1)`;

/** Does to the data what the step says. */
export const take = async (database: Database, stand: Stand, step: Step): Promise<Stand> => {
  const { sql } = database;
  switch (step.kind) {
    case 'tell':
      await tell(database, step.people, addDays(stand.knownAt, -step.late));
      return stand;
    case 'withdraw':
      await sql`update record set revision = ${bump(sql)} where register = 'citizen' and key = ${step.who}`;
      await sql`delete from record_part where register = 'citizen' and subject_id = ${idOf(step.who)} and dataset = ${step.dataset}`;
      return stand;
    case 'renew':
      await sql`
        insert into coverage (dataset, register, division, as_of, delivery_id, periods)
        values (${step.dataset}, 'citizen', '', ${stand.knownAt}, gen_random_uuid(), ${step.dataset === 'yearly' ? ['2025'] : []})
        on conflict (dataset, register, division) do update set as_of = excluded.as_of`;
      return stand;
    case 'days':
      return { ...stand, knownAt: addDays(stand.knownAt, step.count) };
    case 'publish': {
      const items = stand.items.map((item, i) =>
        i === step.item ? { ...item, title: `${item.title}新`, award: { fixed: { yuan: 123 } } } : item,
      );
      return { ...stand, items, versions: stand.versions.map((n, i) => (i === step.item ? n + 1 : n)) };
    }
  }
};
