// Settles a chunk of units one after the other, in the order the items declare. Pure: the same units and world give the same outcomes,
// whatever order the units arrived in; ids come from the caller.
import { budgetIdOf } from '../ledger/ledger.ts';
import { reasonTexts } from './reason.ts';
import type { BudgetState, Claim, Displaced, LineState, Outcome, PriorLine, Reason, Unit } from './settlement.ts';
import { claimKeyOf } from './settlement.ts';
import { displacedBy, exclusiveKeysOf, weigh } from './weigh.ts';
import { apply, asItStands, type Freed, retire, type World } from './world.ts';

const total = (priors: readonly PriorLine[]): bigint => priors.reduce((sum, prior) => sum + prior.amountFen, 0n);
const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

/** Money in a sealed batch or paid cannot be taken back by settlement: it stays, and the unit settles the difference. */
const onItsWay = (prior: PriorLine): boolean => prior.amountFen > prior.reservedFen;

const nextPart = (kept: readonly PriorLine[]): number => 1 + Math.max(0, ...kept.map((prior) => prior.part));

interface Room {
  readonly fits: boolean;
  readonly budget: BudgetState | undefined;
}

/**
 * Nobody goes ahead of whoever waits, nobody takes what somebody before them waits for whose data are late, and a limited budget is never overdrawn;
 * `freedFen` is what the unit itself gives back.
 */
const room = (world: World, unit: Unit, needFen: bigint, freedFen: bigint): Room => {
  const budget = world.budgets.get(budgetIdOf(unit.item.id, unit.year));
  if (budget === undefined || budget.kind === 'entitlement') return { fits: true, budget };
  const behind = budget.queueFrom !== null && budget.queueFrom < unit.orderKey;
  const kept = sum(budget.parked.filter((line) => line.orderKey < unit.orderKey).map((line) => line.wantedFen));
  return { fits: needFen <= freedFen || (!behind && needFen <= budget.availableFen + freedFen - kept), budget };
};

interface Draft {
  readonly state: LineState;
  readonly grantedFen?: bigint;
  readonly wantedFen?: bigint;
  readonly recoverFen?: bigint;
  readonly reasons: readonly Reason[];
  readonly blockedOn?: string | null;
  readonly supersedes: readonly PriorLine[];
  readonly parks?: readonly PriorLine[];
  readonly takes?: readonly Claim[];
  readonly displaces?: readonly Displaced[];
  readonly kept: readonly PriorLine[];
}

const outcome = (unit: Unit, world: World, draft: Draft): Outcome => ({
  unit,
  lineId: unit.line?.id ?? world.newId(),
  part: nextPart(draft.kept),
  state: draft.state,
  grossFen: unit.grossFen,
  grantedFen: draft.grantedFen ?? 0n,
  wantedFen: draft.wantedFen ?? 0n,
  recoverFen: draft.recoverFen ?? 0n,
  reasons: draft.reasons,
  blockedOn: draft.blockedOn ?? null,
  supersedes: draft.supersedes,
  parks: draft.parks ?? [],
  takes: draft.takes ?? [],
  displaces: draft.displaces ?? [],
});

/** The match no longer grants it: what is only promised goes back, what is on its way is over-paid. */
const end = (unit: Unit, world: World): Outcome => {
  const kept = unit.priors.filter(onItsWay);
  const recoverFen = total(kept);
  const reasons: Reason[] = [{ rule: 'stop', text: reasonTexts.ended }];
  if (recoverFen > 0n) reasons.push({ rule: 'recover', text: reasonTexts.recover(recoverFen) });
  return outcome(unit, world, { state: 'ended', recoverFen, reasons, supersedes: unit.priors.filter((prior) => !onItsWay(prior)), kept });
};

/** Money or a place in the queue that a person has, and nobody may take while all that is wrong is that data are late. */
const hasPlace = (prior: PriorLine): boolean => prior.state === 'parked' || prior.state === 'waiting' || prior.amountFen > 0n;

/** Not decided for want of data: nothing more is paid, nothing is taken away. What is promised, the claims and the place in the queue stay as they are. */
const park = (unit: Unit, world: World, state: 'suspended' | 'blocked', reasons: readonly Reason[]): Outcome => {
  const open = unit.priors.filter((prior) => !onItsWay(prior));
  return outcome(unit, world, {
    state,
    reasons,
    supersedes: open.filter((prior) => !hasPlace(prior)),
    parks: open.filter(hasPlace),
    kept: unit.priors.filter(onItsWay),
  });
};

const grant = (unit: Unit, world: World): Outcome | null => {
  const weighed = weigh(unit, world);
  const kept = unit.priors.filter(onItsWay);
  const open = unit.priors.filter((prior) => !onItsWay(prior));
  const base = total(kept);
  // Looking again because something became free must never take back what somebody was promised.
  if (unit.again && weighed.fen <= base + total(open) && (total(open) > 0n || base > 0n)) return null;
  if (unit.line?.state === 'refused' && weighed.state !== 'open') return null;
  if (weighed.state === 'blocked') return unit.again ? null : park(unit, world, 'blocked', weighed.reasons);
  if (weighed.state !== 'open' || weighed.fen <= base) {
    const recoverFen = base > weighed.fen ? base - weighed.fen : 0n;
    const state = weighed.state === 'open' ? 'reduced' : weighed.state;
    const reasons = [...weighed.reasons];
    if (recoverFen > 0n) reasons.push({ rule: 'recover', text: reasonTexts.recover(recoverFen) });
    else if (state === 'reduced') reasons.push({ rule: 'difference', text: reasonTexts.covered(base) });
    return outcome(unit, world, { state, recoverFen, reasons, blockedOn: weighed.blockedOn, supersedes: open, kept });
  }
  const needFen = weighed.fen - base;
  const freedFen = sum(open.filter((prior) => prior.budgetId === budgetIdOf(unit.item.id, unit.year)).map((prior) => prior.reservedFen));
  const { fits, budget } = room(world, unit, needFen, freedFen);
  // What was kept while data were late is given even where the budget cannot carry the rest.
  const resumes = open.some((prior) => prior.state === 'parked' && prior.reservedFen > 0n);
  if (!fits && budget !== undefined && !resumes) return wait(unit, world, budget, weighed.reasons, needFen);
  const giveFen = fits ? needFen : freedFen;
  const reasons = [...weighed.reasons];
  if (base > 0n) reasons.push({ rule: 'difference', text: reasonTexts.difference(base, giveFen) });
  if (giveFen < needFen) reasons.push({ rule: 'budget', text: reasonTexts.noMore });
  if (budget !== undefined) budget.availableFen -= giveFen;
  const held = heldBy(unit, world, kept);
  return outcome(unit, world, {
    state: giveFen === unit.grossFen ? 'granted' : 'reduced',
    grantedFen: giveFen,
    wantedFen: needFen,
    reasons,
    blockedOn: weighed.blockedOn,
    supersedes: open,
    takes: unit.claims.filter((claim) => !held.has(claimKeyOf(claim))),
    displaces: displacedBy(unit, world),
    kept,
  });
};

const heldBy = (unit: Unit, world: World, lines: readonly PriorLine[]): ReadonlySet<string> => {
  const ids = new Set(lines.map((prior) => prior.id));
  return new Set(unit.claims.map(claimKeyOf).filter((key) => ids.has(world.claims.get(key) ?? '')));
};

/** No money left: promises already made stay, the claims are taken (the place in the queue is the place at the object too), the rest waits. */
const wait = (unit: Unit, world: World, budget: BudgetState, reasons: readonly Reason[], needFen: bigint): Outcome | null => {
  if (budget.queueFrom === null || unit.orderKey < budget.queueFrom) budget.queueFrom = unit.orderKey;
  const kept = unit.priors.filter((prior) => prior.amountFen > 0n);
  const promised = total(kept.filter((prior) => !onItsWay(prior)));
  if (unit.line?.state === 'waiting' && unit.line.wantedFen === needFen - promised) return null;
  const held = heldBy(unit, world, kept);
  return outcome(unit, world, {
    state: 'waiting',
    wantedFen: needFen - promised,
    reasons: [...reasons, { rule: 'budget', text: reasonTexts.waiting }],
    blockedOn: `budget:${budget.id}`,
    supersedes: unit.priors.filter((prior) => prior.amountFen === 0n),
    takes: unit.claims.filter((claim) => !held.has(claimKeyOf(claim))),
    displaces: displacedBy(unit, world),
    kept,
  });
};

/** A rival that came away with nothing frees those who had given way to it; whoever gave way itself frees nobody, or two could wait for each other. */
const giveWay = (settled: Outcome, freed: Freed): void => {
  if (settled.unit.again || settled.unit.asks !== 'due' || settled.grantedFen > 0n) return;
  const keys = exclusiveKeysOf(settled.unit);
  if (settled.blockedOn === null || !keys.includes(settled.blockedOn)) for (const key of keys) freed.add(key);
};

export interface Resolved {
  readonly outcomes: readonly Outcome[];
  /** Units looked at again without a change. */
  readonly unchanged: readonly Unit[];
  /** What became free: lines blocked on it are to be looked at again. */
  readonly freed: ReadonlySet<string>;
  /** Line that gave way to an earlier event → the refused line that stands in its place. */
  readonly replaced: ReadonlyMap<string, string>;
}

const inOrder = (a: Unit, b: Unit): number => (a.orderKey < b.orderKey ? -1 : a.orderKey > b.orderKey ? 1 : a.key < b.key ? -1 : 1);

const settleOne = (unit: Unit, world: World): Outcome | null => {
  if (unit.asks === 'due') return grant(unit, world);
  if (unit.asks === 'ended') return end(unit, world);
  return park(unit, world, 'suspended', [{ rule: 'stop', text: reasonTexts.suspended }]);
};

export const resolve = (units: readonly Unit[], world: World): Resolved => {
  const outcomes: Outcome[] = [];
  const unchanged: Unit[] = [];
  const freed: Freed = new Set();
  for (const read of [...units].sort(inOrder)) {
    const unit = asItStands(world, read);
    const settled = settleOne(unit, world);
    if (settled === null) {
      retire(world, unit);
      unchanged.push(unit);
      continue;
    }
    apply(world, settled, freed);
    giveWay(settled, freed);
    if (settled.unit.asks !== 'due' || settled.supersedes.some((prior) => prior.amountFen > settled.grantedFen))
      for (const key of exclusiveKeysOf(unit)) freed.add(key);
    outcomes.push(settled);
  }
  return { outcomes, unchanged, freed, replaced: world.displaced };
};
