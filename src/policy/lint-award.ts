// Money that has no top, a cap that cuts every tier, tiers nobody reaches and people no tier takes.
import type { Day } from '../base/day.ts';
import { compare, isInteger, type Rational } from '../base/rational.ts';
import { isList, isNumber, unknown, type Value } from '../feel/value.ts';
import type { FactSource } from '../rule/facts.ts';
import { numberFrom, numberText } from '../rule/literal.ts';
import { openSession } from '../rule/session.ts';
import { computeAward } from './award.ts';
import type { ReadyAward, ReadyRow } from './award-ready.ts';
import { demandsOf, samplesOf, truthOf, type Unit, unitPoints } from './lint-logic.ts';
import { type Finding, finding, type Looked } from './lint-look.ts';
import { countedUnits } from './tiers-check.ts';

/** Everything unknown: what the award can be at most. */
const nothingKnown: FactSource = {
  read: (fact) => ({ value: unknown(fact), source: null }),
  readAll: (fact) => [{ value: unknown(fact), source: null }],
  parameter: (key) => ({ value: unknown(`parameter:${key}`), source: null }),
  external: (key) => ({ value: unknown(`external:${key}`), source: null }),
  paid: () => [],
  within: () => null,
};

export const bounded = (l: Looked): readonly Finding[] => {
  const { compiled } = l;
  const day = '2026-01-31' as Day;
  const session = openSession(compiled.plan, nothingKnown, { kind: 'once', key: 'once', start: day, end: day, knownAt: day });
  const capped = compiled.item.limits.some((limit) => 'cap' in limit);
  if (capped || computeAward(compiled.award, compiled.instalments, session, null).state !== 'unknown') return [];
  return [
    finding(
      'unbounded',
      '/award',
      '金额没有上限，一个错误的数据可能付出任意大的数',
      '加“封顶”（cap），或在限制里加封顶；文件确无上限的，写一个合理的核查线',
    ),
  ];
};

const awardsIn = (award: ReadyAward): readonly ReadyAward[] => {
  switch (award.form) {
    case 'tiers':
      return [award, ...award.rows.flatMap((r) => (r.gives.kind === 'award' ? awardsIn(r.gives.award) : []))];
    case 'sum':
    case 'highest':
    case 'lowest':
      return [award, ...award.parts.flatMap(awardsIn)];
    default:
      return [award];
  }
};

/** The least that a tier or a fixed amount gives where nothing scales it; null: it depends. */
const leastOf = (award: ReadyAward): Rational | null => {
  if (award.multiplier !== null || award.prorate !== null || award.deduct !== null) return null;
  if (award.form === 'fixed') return award.yuan;
  if (award.form !== 'tiers') return null;
  const given = award.rows.flatMap((r) => (r.gives.kind === 'yuan' ? [r.gives.yuan] : []));
  if (given.length !== award.rows.length) return null;
  return given.filter((y) => y.num > 0n).sort(compare)[0] ?? null;
};

const low = (at: string, cap: Rational, least: Rational): Finding =>
  finding(
    'low-cap',
    at,
    `封顶 ${numberText(cap)} 元低于最低的一档 ${numberText(least)} 元，每一档都会被砍`,
    '核对两个数的单位（元、万元）',
  );

export const lowCap = (l: Looked): readonly Finding[] => {
  const own = awardsIn(l.compiled.award).flatMap((award) => {
    const least = leastOf(award);
    const { cap } = award;
    return least !== null && cap?.kind === 'number' && compare(cap.value, least) < 0 ? [low(`${award.at}/cap`, cap.value, least)] : [];
  });
  const least = l.compiled.each === null && l.compiled.instalments === null ? leastOf(l.compiled.award) : null;
  const limits = l.compiled.item.limits.flatMap((limit, i) => {
    const yuan = 'cap' in limit && typeof limit.cap.yuan !== 'object' ? numberFrom(limit.cap.yuan) : null;
    return least !== null && yuan !== null && compare(yuan, least) < 0 ? [low(`/limits/${i}/cap/yuan`, yuan, least)] : [];
  });
  return [...own, ...limits];
};

const edges = (row: ReadyRow): readonly Value[] => [
  ...(row.range === null ? [] : [row.range.low, row.range.high].flatMap((v) => (v === undefined ? [] : [v]))),
  ...(row.is ?? []),
];

const takes = (row: ReadyRow, v: Value): boolean => {
  if (row.rest) return true;
  if (row.is !== null) return row.is.includes(v);
  const { range } = row;
  if (range === null || !isNumber(v)) return false;
  const above = range.low === undefined || (isNumber(range.low) && compare(range.low, v) < (range.lowClosed ? 1 : 0));
  return above && (range.high === undefined || (isNumber(range.high) && compare(v, range.high) < (range.highClosed ? 1 : 0)));
};

/** The outermost table held against what the conditions ask of the same fact: a tier below the lowest age is never reached; an age no tier takes gets nothing. */
export const tiers = (l: Looked): readonly Finding[] => {
  const { award } = l.compiled;
  if (award.form !== 'tiers' || award.by === null || award.rows.some((r) => r.when !== null)) return [];
  const { by, rows, select } = award;
  const demands: readonly Unit[] = demandsOf(l.compiled.match).get(`${by.fact} end period`) ?? [];
  const leaf = demands[0]?.leaves[0];
  if (leaf === undefined) return [];
  const { type } = leaf;
  const counted = type.kind === 'number' && type.unit !== undefined && countedUnits.has(type.unit);
  const samples = samplesOf(type, [...unitPoints(demands), ...rows.flatMap(edges)], l.catalogue).filter(
    (v) => v !== null && !isList(v) && !(counted && isNumber(v) && !isInteger(v)),
  );
  const admitted = samples.filter((v) => demands.every((u) => truthOf(u.ready, v, l.catalogue) !== false));
  const taken = new Set<number>();
  const open: Value[] = [];
  for (const v of admitted) {
    const hits = rows.flatMap((row, i) => (takes(row, v) ? [i] : []));
    if (hits.length === 0) open.push(v);
    for (const hit of select === 'first' ? hits.slice(0, 1) : hits) taken.add(hit);
  }
  const unreached = rows.flatMap((row, i) =>
    taken.has(i) || row.rest
      ? []
      : [finding('tier-unreachable', row.at, `按条件没有人会落在这一档（${by.label}）`, '核对这一档与条件中的界限，或删去这一档')],
  );
  const [first] = open;
  if (first === undefined) return unreached;
  const example = isNumber(first) ? numberText(first) : String(first);
  return [
    ...unreached,
    finding(
      'tier-uncovered',
      award.at,
      `${by.label}为 ${example} 的人符合条件，却不在任何一档`,
      '补上这一档；确实不发的，写一档 0 元或改条件',
    ),
  ];
};
