// What one unit is entitled to by itself: once, n times, claims, caps. Pure; reads the world, never changes it. What excludes it: `compete.ts`.
import type { Day } from '../base/day.ts';
import type { Limit } from '../policy/item.ts';
import { capFenOf, claimReason, reasonTexts } from './reason.ts';
import { claimKeyOf, type Displaced, type Holder, type Promised, type Reason, type Unit } from './settlement.ts';
import type { World } from './world.ts';

/** `fen` after every limit; `refused` when nothing is left, then `blockedOn` names what would have to become free. */
export interface Weighed {
  readonly fen: bigint;
  /** After everything but exclusion: what 就高 compares. */
  readonly entitledFen: bigint;
  readonly reasons: readonly Reason[];
  readonly blockedOn: string | null;
  /** `choosing`: the person has until `decideOn` to say which of the group. */
  readonly state: 'open' | 'refused' | 'blocked' | 'choosing';
  readonly decideOn?: Day;
}

type Of<K extends string> = Extract<Limit, Record<K, unknown>>;

export const refuse = (reason: Reason, blockedOn: string | null): Weighed => ({
  fen: 0n,
  entitledFen: 0n,
  reasons: [reason],
  blockedOn,
  state: 'refused',
});

/** Promises to the unit's subject other than its own earlier lines. */
export const othersOf = (unit: Unit, world: World): readonly Promised[] => {
  const own = new Set(unit.priors.map((prior) => prior.id));
  if (unit.line !== null) own.add(unit.line.id);
  return (world.promised.get(unit.subjectId) ?? []).filter((row) => row.lineId === null || !own.has(row.lineId));
};

/** An import often does not say which element it paid; then it counts for each. */
const sameObject = (row: Promised, unit: Unit): boolean => row.key === unit.key || (row.lineId === null && row.key === '');

const overHistory = (unit: Unit, others: readonly Promised[]): Weighed | null => {
  const mine = others.filter((row) => row.itemId === unit.item.id && sameObject(row, unit));
  const blockedOn = `limit:${unit.subjectId}:${unit.item.id}`;
  for (const limit of unit.item.limits) {
    if ('once' in limit) {
      const hit = mine.some((row) =>
        limit.once === 'ever' ? row.periodKey !== unit.periodKey || row.lineId === null : samePeriodImport(row, unit),
      );
      if (hit) return refuse({ rule: 'once', text: reasonTexts.once(limit) }, blockedOn);
    }
    if ('times' in limit) {
      const counted = mine.filter((row) => row.periodKey !== unit.periodKey && (limit.times.per === 'ever' || row.year === unit.year));
      const periods = new Set(counted.map((row) => `${row.periodKey} ${row.year}`));
      if (periods.size >= limit.times.count) return refuse({ rule: 'times', text: reasonTexts.times(limit) }, blockedOn);
    }
  }
  return null;
};

const samePeriodImport = (row: Promised, unit: Unit): boolean => row.lineId === null && row.periodKey === unit.periodKey;

const claimTaken = (unit: Unit, world: World): Weighed | null => {
  const own = new Set<string>([...unit.priors.map((prior) => prior.id), ...(unit.line === null ? [] : [unit.line.id])]);
  for (const claim of unit.claims) {
    const owner = world.claims.get(claimKeyOf(claim)) ?? null;
    if (owner === null || own.has(owner) || givesWay(world.holders.get(owner), unit)) continue;
    return refuse(claimReason(unit.item, claim), `claim:${claimKeyOf(claim)}`);
  }
  return null;
};

/** An object belongs to the earlier event, whichever arrived first, until the money is in a sealed batch. */
const givesWay = (holder: Holder | undefined, unit: Unit): boolean => holder !== undefined && unit.orderKey < holder.orderKey;

/** The lines that must give way for the unit to take its objects; asked after it was found that they do. */
export const displacedBy = (unit: Unit, world: World): readonly Displaced[] => {
  const own = new Set<string>([...unit.priors.map((prior) => prior.id), ...(unit.line === null ? [] : [unit.line.id])]);
  const found = new Map<string, Displaced>();
  for (const lost of unit.claims) {
    const holder = world.holders.get(world.claims.get(claimKeyOf(lost)) ?? '');
    if (holder !== undefined && !own.has(holder.id) && !found.has(holder.id)) found.set(holder.id, { ...holder, lost });
  }
  return [...found.values()];
};

const usedUnder = (limit: Of<'cap'>, unit: Unit, others: readonly Promised[], world: World): bigint => {
  const { per, group } = limit.cap;
  if (per === 'payment') return 0n;
  const items = group === undefined ? new Set([unit.item.id]) : (world.capGroups.get(group) ?? new Set([unit.item.id]));
  return others
    .filter((row) => items.has(row.itemId) && (per === 'subject' || row.year === unit.year))
    .reduce((sum, row) => sum + row.amountFen, 0n);
};

const capped = (unit: Unit, others: readonly Promised[], world: World): Weighed => {
  let fen = unit.grossFen;
  const reasons: Reason[] = [];
  let blockedOn: string | null = null;
  for (const [index, limit] of unit.item.limits.entries()) {
    if (!('cap' in limit)) continue;
    const capFen = capFenOf(limit, unit.capsFen[`limits/${index}/cap`]);
    if (capFen === null)
      return {
        fen: 0n,
        entitledFen: 0n,
        reasons: [{ rule: 'cap', text: reasonTexts.capUnknown(limit) }],
        blockedOn: null,
        state: 'blocked',
      };
    const used = usedUnder(limit, unit, others, world);
    const left = capFen > used ? capFen - used : 0n;
    if (fen <= left) continue;
    fen = left;
    reasons.push({ rule: 'cap', text: reasonTexts.cap(limit, capFen, used) });
    blockedOn = limit.cap.per === 'payment' ? blockedOn : `cap:${unit.subjectId}:${limit.cap.group ?? unit.item.id}`;
  }
  return { fen, entitledFen: fen, reasons, blockedOn, state: fen > 0n ? 'open' : 'refused' };
};

/** Everything but exclusion: what the unit brings to the comparison 就高. */
export const weighAlone = (unit: Unit, world: World): Weighed => {
  if (unit.blocked !== null)
    return {
      fen: 0n,
      entitledFen: 0n,
      reasons: [{ rule: 'blocked', text: reasonTexts.blocked(unit.blocked) }],
      blockedOn: null,
      state: 'blocked',
    };
  if (unit.grossFen <= 0n) return refuse({ rule: 'zero', text: reasonTexts.zero }, null);
  const others = othersOf(unit, world);
  return overHistory(unit, others) ?? claimTaken(unit, world) ?? capped(unit, others, world);
};
