// Random rules and random people for the fixture's catalogue: conditions, item facts, awards; values, nulls, unknowns, values over time.
import fc from 'fast-check';

type Json = unknown;
const days = [
  '1930-05-01',
  '1946-01-31',
  '1946-02-01',
  '2000-02-29',
  '2024-02-29',
  '2025-01-31',
  '2025-12-31',
  '2026-01-01',
  '2026-01-15',
  '2026-01-31',
  '2026-02-01',
];
const day = fc.constantFrom(...days);
const code = fc.constantFrom('530000', '530100', '530128', '530129', '440000');
const status = fc.constantFrom('低保', '特困', '普通');
const group = fc.constantFrom('老人', '残疾', '孤儿');
const gender = fc.constantFrom('男', '女');
const numbers = ['0', '1', '2.5', '3', '80', '99.99', '100', '100.01', '1200', '5000', '12000.5', '-7'];
const number = fc.constantFrom(...numbers);
const positive = fc.constantFrom('0', '0.5', '1', '3', '60', '100', '120.55', '500', '2/3', '5000');
const duration = fc.constantFrom('P1Y', 'P2Y', 'P6M', 'P1M', 'P30D', 'P1Y6M', 'P80Y');

const leaf = (fact: string, operator: string, value: fc.Arbitrary<Json>, timed = false): fc.Arbitrary<Json> =>
  fc
    .record({
      value,
      on: timed ? fc.constantFrom('end', 'start', 'any', 'every', undefined) : fc.constant(undefined),
      match: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ value: v, on, match }) => ({
      fact,
      operator,
      value: v,
      ...(on === undefined ? (match === 0 ? { checkAt: 'match' } : {}) : { on }),
    }));

const some = (v: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.uniqueArray(v as fc.Arbitrary<string>, { minLength: 1, maxLength: 3 });

const span = (v: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.tuple(fc.constantFrom('from', 'above', null), v, fc.constantFrom('to', 'upTo', 'below', null), v).map(([low, a, high, b]) => ({
    ...(low === null && high !== null ? {} : { [low ?? 'from']: a }),
    ...(high === null ? {} : { [high]: b }),
  }));

const numeric = ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive', 'equal', 'notEqual'];
const dated = ['before', 'after', 'onOrBefore', 'onOrAfter', 'equal', 'notEqual'];
const otherFigure = fc.constantFrom({ fact: 'income' }, { fact: 'capFact' });
const otherDate = fc.constantFrom({ fact: 'birthDate' }, { fact: 'deathDate' }, { fact: 'period.start' }, { fact: 'period.end' });

const leaves: fc.Arbitrary<Json>[] = [
  ...['equal', 'notEqual'].flatMap((o) => [
    leaf('status', o, status, true),
    leaf('gender', o, gender),
    leaf('disabled', o, fc.boolean(), true),
    leaf('spouse.status', o, status, true),
  ]),
  ...['in', 'notIn'].flatMap((o) => [
    leaf('status', o, some(status), true),
    leaf('income', o, some(number)),
    leaf('birthDate', o, some(day)),
  ]),
  ...['contains', 'doesNotContain'].map((o) => leaf('groups', o, group, true)),
  ...['intersects', 'disjoint'].flatMap((o) => [leaf('groups', o, some(group), true), leaf('groups', o, fc.constant({ fact: 'chosen' }))]),
  ...numeric.flatMap((o) => [
    leaf('income', o, number),
    leaf('expense', o, number, true),
    leaf('income', o, fc.constantFrom({ fact: 'expense' }, { fact: 'capFact' }, { fact: 'twice' })),
    leaf('bounded', o, number),
    leaf('twice', o, number),
    leaf('childCount', o, fc.constantFrom(0, 1, 2)),
  ]),
  leaf('income', 'between', span(fc.oneof({ weight: 3, arbitrary: number }, { weight: 1, arbitrary: otherFigure }))),
  leaf('bounded', 'between', span(fc.oneof({ weight: 3, arbitrary: number }, { weight: 1, arbitrary: otherFigure }))),
  leaf('birthDate', 'between', span(fc.oneof(day, otherDate))),
  ...['within', 'notWithin'].flatMap((o) => [
    leaf('hukouRegion', o, fc.oneof(code, some(code)), true),
    leaf('spouse.hukouRegion', o, code, true),
    leaf('hukouRegion', o, fc.constant({ fact: 'spouse.hukouRegion' })),
  ]),
  ...dated.flatMap((o) => [leaf('birthDate', o, day), leaf('deathDate', o, otherDate)]),
  ...['withinLast', 'olderThan'].map((o) =>
    leaf('birthDate', o, fc.oneof(duration, fc.record({ duration, of: fc.constantFrom('period.start', 'period.end') }))),
  ),
  ...['used', 'usedMore', 'usedTotal', 'usedMonths', 'lastUse', 'usedRate'].flatMap((f) => [
    leaf(f, 'greaterThan', fc.constantFrom(-1, 0, 1, 3)),
    leaf(f, 'lessThan', fc.constantFrom(1, 5000)),
    leaf(f, 'absent', fc.boolean()),
  ]),
  leaf('steady', 'equal', fc.boolean()),
  leaf('reached', 'equal', fc.constantFrom('2025-12', '2026-01')),
  leaf('reached', 'absent', fc.boolean()),
  ...['status', 'groups', 'children', 'deathDate', 'spouse', 'twice'].map((f) => leaf(f, 'absent', fc.boolean())),
  ...['contains', 'doesNotContain'].map((o) => leaf('schools', o, fc.constantFrom('小学', '初中'))),
  ...['intersects', 'disjoint'].map((o) => leaf('schools', o, fc.constant(['小学', '高中']))),
  leaf('schools', 'absent', fc.boolean()),
  leaf('note', 'matches', fc.constantFrom('^a', 'b$', '[0-9]+')),
];

const condition: fc.Arbitrary<Json> = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(...leaves),
    fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
})).tree;

export const facts = {
  chosen: { text: '选定人群', feel: 'if disabled then ["残疾"] else ["老人", "孤儿"]' },
  twice: { text: '两倍月收入', feel: 'income * 2' },
  bounded: { text: '有界的数', feel: 'if disabled then 80 else 100' },
  childCount: { text: '小学生人数', feel: 'count(children[school = "小学"])' },
  schools: { text: '二孩起的在读阶段', feel: 'children[order >= 2].school' },
  used: { text: '一月用电', feel: 'value at(usage, "2026-01")' },
  usedMore: { text: '用电增长', feel: 'growth(usage, "2026-01", "2025-12")' },
  usedRate: { text: '用电复合增长', feel: 'cagr(usage, "2025-12", "2026-01")' },
  usedTotal: { text: '用电合计', feel: 'sum over(usage, "2025-11", "2026-01") + average(usage, "2025-12", "2026-01")' },
  usedMonths: { text: '连续用电月数', feel: 'consecutive months(usage, @"2026-01-31")' },
  lastUse: { text: '最近用电', feel: 'latest(usage, "2026-01")' },
  steady: { text: '连续增长', feel: 'consecutive growth(usage, "2026-01", 2)' },
  reached: { text: '首次达到', feel: 'first period reaching(usage, 1, "2025-11", "2026-01")' },
  both: { text: '夫妻同身份', feel: 'status = spouse.status' },
};

const figure = fc.oneof(positive, fc.constantFrom({ fact: 'capFact' }, { fact: 'income' }, { fact: 'bounded' }));
const factor = fc.oneof(fc.constantFrom('0.1', '0.6', '1', '1/3', '1.5'), fc.constant({ fact: 'rateFact' }));
const maybe = (key: string, v: fc.Arbitrary<Json>): fc.Arbitrary<object> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: v.map((x) => ({ [key]: x })) });

const modifiers: fc.Arbitrary<object> = fc
  .tuple(
    maybe('multiplier', fc.constantFrom('1.5', '2', { fact: 'months' })),
    maybe('prorate', fc.record({ part: fc.constantFrom('months', 3, 12), of: fc.constantFrom(12, 'months') })),
    maybe(
      'minimum',
      positive.filter((p) => p !== '2/3'),
    ),
    maybe('floor', fc.constantFrom({ fact: 'capFact' }, '0.01')),
    maybe('cap', fc.oneof(fc.constantFrom({ fact: 'capFact' }, { fact: 'bounded' }), fc.constantFrom('5000', '100000'))),
    maybe('deduct', fc.constantFrom('income', 'paid("other-item")', 'if disabled then 10 else 20')),
    maybe(
      'rounding',
      fc.record({ to: fc.constantFrom('fen', 'jiao', 'yuan'), mode: fc.constantFrom('half-up', 'down', 'up', 'half-even') }),
    ),
  )
  .map((parts) => Object.assign({}, ...parts) as object);

const rows = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 }),
    fc.array(positive, { minLength: 5, maxLength: 5 }),
    fc.boolean(),
  )
  .map(([cuts, yuan, closed]) => {
    const sorted = [...cuts].sort((a, b) => a - b);
    const bounded = sorted.map((c, i) => ({ [closed ? 'upTo' : 'below']: c, yuan: yuan[i] }));
    return [...bounded, { yuan: yuan[4] }];
  });

const whenRows = fc.array(fc.tuple(condition, positive, maybe('cap', figure)), { minLength: 1, maxLength: 3 }).map((list) =>
  list.map(([when, yuan, cap]) => ({
    when,
    award: { fixed: { yuan }, ...(Object.keys(cap).length > 0 ? { cap: (cap as { cap: unknown }).cap } : {}) },
  })),
);

const simpleForm: fc.Arbitrary<object> = fc.oneof(
  positive.map((yuan) => ({ fixed: { yuan } })),
  fc
    .record({ yuan: fc.oneof(positive, fc.constant({ fact: 'capFact' })), count: fc.constantFrom('months', 'childCount', 'income') })
    .map((p) => ({ perUnit: p })),
  fc
    .record({
      yuan: positive,
      count: fc.constantFrom('income', 'months'),
      maxCount: fc.constantFrom(2, 100),
      step: fc.constantFrom('3', '0.5'),
    })
    .map((p) => ({ perUnit: p })),
  fc.record({ base: fc.constantFrom('income', 'expense', 'savings'), rate: factor }).map((r) => ({ rate: r })),
  fc
    .record({ base: fc.constantFrom('income', 'expense'), rate: factor, deductible: positive.filter((p) => p !== '2/3'), baseCap: figure })
    .map((r) => ({ rate: r })),
  fc.record({ by: fc.constantFrom('income', 'twice', 'months', 'childCount', 'bounded'), rows }).map((t) => ({ tiers: t })),
  fc.record({ by: fc.constant('income'), select: fc.constant('highest'), rows }).map((t) => ({ tiers: t })),
  fc
    .tuple(positive, positive, positive)
    .map(([a, b, c]) => ({ tiers: { by: 'status', rows: [{ is: '特困', yuan: a }, { is: ['低保', '普通'], yuan: b }, { yuan: c }] } })),
  fc.record({ select: fc.constantFrom('first', 'highest'), rows: whenRows }).map((t) => ({ tiers: t })),
  fc
    .record({
      base: fc.constantFrom('income', 'expense'),
      rows: fc.constant([{ upTo: 100, rate: '0.1' }, { upTo: 5000, rate: '1/3' }, { rate: '0.5' }]),
    })
    .map((b) => ({ brackets: b })),
  fc
    .constantFrom(
      'income * 0.7',
      'max(income, expense) - 100',
      'if disabled then income else 12.345',
      'income / months',
      'paid("other-item") * 2',
      'value at(usage, "2025-12") * 2',
      'if growth(usage, "2026-01", "2025-12") = null then 1 else 2',
    )
    .map((formula) => ({ formula })),
);

const parts = fc
  .array(fc.tuple(simpleForm, modifiers, maybe('when', condition)), { minLength: 1, maxLength: 3 })
  .map((list) => list.map(([f, m, w]) => ({ ...f, ...m, ...w })));

export const award: fc.Arbitrary<object> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: simpleForm },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom('sum', 'highest', 'lowest'), parts).map(([how, list]) => ({ [how]: list })) },
    ),
    modifiers,
  )
  .map(([f, m]) => ({ ...f, ...m }));

const instalments = fc.record({
  yearsSince: fc.constantFrom('period.end.year - birthDate.year', 'months', 'if disabled then 0 else 1'),
  parts: fc.tuple(maybe('when', condition), maybe('when', condition)).map(([a, b]) => [
    { year: 0, share: '1/3', ...a },
    { year: 1, share: '1/3', ...b },
    { year: 3, share: '1/3' },
  ]),
});

const each = fc.record({
  list: fc.constant('children'),
  as: fc.constant('child'),
  where: fc.constantFrom('school = "小学"', 'order >= 2 or disabled', 'childBirth > birthDate'),
  key: fc.constant('childId'),
});
const claim = fc.constantFrom(
  [{ once: 'period' }],
  [{ claim: { kind: 'person', object: 'note', group: 'g', per: 'ever', orderBy: 'birthDate' } }],
);

/** Inside `each`, `status` is the child's and holds no values over time. */
const ofChild = (v: Json): Json => {
  if (Array.isArray(v)) return v.map(ofChild);
  if (typeof v !== 'object' || v === null) return v;
  const o = Object.entries(v).filter(([k]) => !(k === 'on' && (v as { readonly fact?: unknown }).fact === 'status'));
  return Object.fromEntries(o.map(([k, e]) => [k, ofChild(e)]));
};

const way = fc.constantFrom('auto', 'confirm', 'apply');
const modes = fc
  .tuple(fc.array(fc.record({ when: condition, mode: way }), { minLength: 1, maxLength: 3 }), way)
  .map(([list, rest]) => [...list, { mode: rest }]);

/** Where somebody may have to confirm, the steps say so. */
const withMode = (m: { readonly mode?: readonly { readonly mode: string }[] }): object =>
  m.mode?.some((row) => row.mode !== 'auto') === true
    ? { ...m, flow: { first: ['guard', 'notice', 'confirm', 'pay'], continuing: ['guard', 'pay'] }, confirm: { days: 7 } }
    : m;

/** Parts of an item that `itemJson` takes. */
export const rule: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(condition, award, maybe('instalments', instalments), maybe('each', each), claim, maybe('mode', modes))
  .map(([conditions, a, i, e, limits, m]) => {
    const money = { award: a, ...i };
    return { conditions, ...('each' in e ? (ofChild(money) as object) : money), ...e, ...withMode(m), limits, facts: { ...facts } };
  });

// ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Left out (unknown), checked and none, or a value. */
const told = (v: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: v });

const overTime = (v: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(
    told(v),
    fc
      .tuple(
        fc.uniqueArray(fc.constantFrom('2020-01-01', '2025-12-31', '2026-01-10', '2026-01-15', '2026-01-31', '2026-02-05'), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(fc.oneof(v, v, fc.constant(null)), { minLength: 4, maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
      )
      .map(([cuts, values, open, hole]) => {
        const at = [...cuts].sort();
        const all = at.map((from, i) => ({ value: values[i], from: i === 0 && open ? null : from, to: at[i + 1] ?? null }));
        return hole && all.length > 2 ? all.filter((_, i) => i !== 1) : all;
      }),
  );

const without = (o: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined));

const child = fc
  .record({
    childId: told(fc.constantFrom('a', 'b', 'c')),
    childBirth: told(day),
    order: told(fc.constantFrom(1, 2, 3)),
    status: told(status),
    school: told(fc.constantFrom('小学', '初中')),
  })
  .map(without);

/** A period left out is unknown, null a known none. */
const series = fc
  .record({
    '2025-10': told(number),
    '2025-11': told(number),
    '2025-12': told(number),
    '2026-01': told(number),
  })
  .map(without);

const own = {
  birthDate: told(day),
  gender: told(gender),
  hukouRegion: overTime(code),
  status: overTime(status),
};

export const person: fc.Arbitrary<Record<string, unknown>> = fc
  .record({
    ...own,
    deathDate: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: day },
    ),
    groups: overTime(some(group)),
    disabled: overTime(fc.boolean()),
    income: told(number),
    expense: overTime(number),
    savings: told(number),
    capFact: told(number),
    rateFact: told(fc.constantFrom('0', '0.5', '2')),
    months: told(fc.constantFrom(0, 1, 3, 12)),
    note: told(fc.constantFrom('a1', 'b', '')),
    usage: told(series),
    spouse: fc.oneof(told(fc.record(own).map(without)), fc.constant('someone')),
    children: told(fc.array(child, { maxLength: 3 })),
  })
  .map(without);

export const paid = fc.constantFrom([], [{ item: 'other-item', period: '2026-01', amount: '33.30' }]);
export const clocks = fc.constantFrom(
  { period: '2026-01' },
  { period: '2026-01', knownAt: '2026-01-10' },
  { period: '2025-12', knownAt: '2026-02-10' },
  { period: '2024-02' },
);
