// Settles a chunk of units one after the other, in the order the items declare. Pure: the same units and world give the same outcomes,
// whatever order the units arrived in; ids come from the caller.
import type { Day } from '../base/day.ts';
import { budgetIdOf } from '../ledger/ledger.ts';
import { compete } from './compete.ts';
import { exclusivesOf } from './exclude.ts';
import { offerOf } from './offer.ts';
import { reasonTexts } from './reason.ts';
import type { BudgetState, Claim, Displaced, LineState, Outcome, PriorLine, Reason, Unit } from './settlement.ts';
import { claimKeyOf, exclusiveKeyOf, inOrder } from './settlement.ts';
import { displacedBy, type Weighed } from './weigh.ts';
import { apply, asItStands, type Freed, retire, type World } from './world.ts';

const total = (priors: readonly PriorLine[]): bigint => priors.reduce((sum, prior) => sum + prior.amountFen, 0n);
const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

/** Money in a sealed batch or paid cannot be taken back by settlement: it stays, and the unit settles the difference. */
const onItsWay = (prior: PriorLine): boolean => prior.amountFen > prior.reservedFen;

const nextPart = (kept: readonly PriorLine[]): number => 1 + Math.max(0, ...kept.map((prior) => prior.part));

interface Draft {
  readonly state: LineState;
  readonly grossFen?: bigint;
  readonly grantedFen?: bigint;
  readonly entitledFen?: bigint;
  readonly wantedFen?: bigint;
  readonly decideOn?: Day | null;
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
  grossFen: draft.grossFen ?? unit.grossFen,
  grantedFen: draft.grantedFen ?? 0n,
  entitledFen: draft.entitledFen ?? 0n,
  wantedFen: draft.wantedFen ?? 0n,
  decideOn: draft.decideOn ?? null,
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
  const reasons: Reason[] = [{ rule: 'stop', text: unit.stopId === undefined ? reasonTexts.ended : reasonTexts.stopped }];
  if (recoverFen > 0n) reasons.push({ rule: 'recover', text: reasonTexts.recover(recoverFen) });
  // What the match says beyond what is on its way: a stop by order stands beside a match that still says it is due.
  const grossFen = unit.grossFen > recoverFen ? unit.grossFen - recoverFen : 0n;
  const supersedes = unit.priors.filter((prior) => !onItsWay(prior));
  return outcome(unit, world, { state: 'ended', grossFen, recoverFen, reasons, supersedes, kept });
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
  const weighed = compete(unit, world);
  const kept = unit.priors.filter(onItsWay);
  const open = unit.priors.filter((prior) => !onItsWay(prior));
  const base = total(kept);
  if (weighed.state === 'blocked') return unit.again ? null : park(unit, world, 'blocked', weighed.reasons);
  if (weighed.state === 'choosing') return choose(unit, world, weighed);
  // Looking again because something became free must never take back what somebody was promised.
  if (unit.again && weighed.fen <= base + total(open) && (total(open) > 0n || base > 0n)) return null;
  if (unit.line?.state === 'refused' && weighed.state !== 'open' && unit.line.entitledFen === weighed.entitledFen) return null;
  if (weighed.state !== 'open' || weighed.fen <= base) return covered(unit, world, weighed, base);
  const needFen = weighed.fen - base;
  const freedFen = sum(
    open.filter((prior) => prior.budgetId === budgetIdOf(unit.item.id, unit.budgetYear)).map((prior) => prior.reservedFen),
  );
  const budget = world.budgets.get(budgetIdOf(unit.item.id, unit.budgetYear));
  const offer = offerOf(budget, unit, needFen, freedFen, open);
  if (offer.kind === 'wait' && budget !== undefined) return wait(unit, world, budget, weighed, needFen, offer.why);
  if (offer.kind !== 'give')
    return outcome(unit, world, {
      state: 'refused',
      entitledFen: weighed.entitledFen,
      reasons: [...weighed.reasons, offer.why],
      supersedes: open,
      kept,
    });
  const reasons = [...weighed.reasons];
  if (base > 0n) reasons.push({ rule: 'difference', text: reasonTexts.difference(base, offer.fen) });
  if (offer.why !== null) reasons.push(offer.why);
  if (budget !== undefined) budget.availableFen -= offer.fen;
  return outcome(unit, world, {
    state: offer.fen === unit.grossFen ? 'granted' : 'reduced',
    grantedFen: offer.fen,
    entitledFen: weighed.entitledFen,
    wantedFen: needFen,
    reasons,
    blockedOn: weighed.blockedOn,
    supersedes: open,
    takes: notHeld(unit, world, kept),
    displaces: displacedBy(unit, world),
    kept,
  });
};

/** Nothing more is due: refused, or covered by what is on its way, of which something may be too much. */
const covered = (unit: Unit, world: World, weighed: Weighed, base: bigint): Outcome => {
  const kept = unit.priors.filter(onItsWay);
  const recoverFen = base > weighed.fen ? base - weighed.fen : 0n;
  const state = weighed.state === 'open' ? 'reduced' : 'refused';
  const reasons = [...weighed.reasons];
  if (recoverFen > 0n) reasons.push({ rule: 'recover', text: reasonTexts.recover(recoverFen) });
  else if (state === 'reduced') reasons.push({ rule: 'difference', text: reasonTexts.covered(base) });
  const { blockedOn, entitledFen } = weighed;
  return outcome(unit, world, {
    state,
    entitledFen,
    recoverFen,
    reasons,
    blockedOn,
    supersedes: unit.priors.filter((p) => !onItsWay(p)),
    kept,
  });
};

/** The person has to say which of several; the objects are taken meanwhile, no money is. */
const choose = (unit: Unit, world: World, weighed: Weighed): Outcome | null => {
  const decideOn = weighed.decideOn ?? null;
  if (unit.line?.state === 'waiting' && unit.line.decideOn === decideOn && unit.line.wantedFen === weighed.entitledFen) return null;
  const kept = unit.priors.filter((prior) => prior.amountFen > 0n);
  return outcome(unit, world, {
    state: 'waiting',
    entitledFen: weighed.entitledFen,
    wantedFen: weighed.entitledFen,
    decideOn,
    reasons: weighed.reasons,
    blockedOn: weighed.blockedOn,
    supersedes: unit.priors.filter((prior) => prior.amountFen === 0n),
    takes: notHeld(unit, world, kept),
    displaces: displacedBy(unit, world),
    kept,
  });
};

/** The claims of the unit that these lines of its own do not hold already. */
const notHeld = (unit: Unit, world: World, lines: readonly PriorLine[]): readonly Claim[] => {
  const ids = new Set(lines.map((prior) => prior.id));
  return unit.claims.filter((claim) => !ids.has(world.claims.get(claimKeyOf(claim)) ?? ''));
};

/** No money yet: promises already made stay, the claims are taken (the place in the queue is the place at the object too), the rest waits. */
const wait = (unit: Unit, world: World, budget: BudgetState, weighed: Weighed, needFen: bigint, why: Reason): Outcome | null => {
  if (budget.gate === 'open' && (budget.queueFrom === null || unit.orderKey < budget.queueFrom)) budget.queueFrom = unit.orderKey;
  const kept = unit.priors.filter((prior) => prior.amountFen > 0n);
  const wantedFen = needFen - total(kept.filter((prior) => !onItsWay(prior)));
  const on = `budget:${budget.id}`;
  if (unit.line?.state === 'waiting' && unit.line.wantedFen === wantedFen && unit.line.decideOn === null) return null;
  return outcome(unit, world, {
    state: 'waiting',
    entitledFen: weighed.entitledFen,
    wantedFen,
    reasons: [...weighed.reasons, why],
    blockedOn: on,
    supersedes: unit.priors.filter((prior) => prior.amountFen === 0n),
    takes: notHeld(unit, world, kept),
    displaces: displacedBy(unit, world),
    kept,
  });
};

/**
 * A rival that came away with nothing frees those who had given way to it; whoever gave way itself frees nobody, or two could wait for each other, and
 * whoever is looked at again only where it is worth less than it was.
 */
const giveWay = (settled: Outcome, freed: Freed): void => {
  const { unit } = settled;
  if (unit.asks !== 'due' || settled.grantedFen > 0n || exclusivesOf(unit.item).length === 0) return;
  const key = exclusiveKeyOf(unit);
  if (settled.blockedOn === key || settled.decideOn !== null) return;
  if (!unit.again || settled.entitledFen < (unit.line?.entitledFen ?? 0n)) freed.add(key);
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

const settleOne = (unit: Unit, world: World): Outcome | null => {
  if (unit.asks === 'due') return grant(unit, world);
  // Stopped by order and looked at again because something became free: nothing of it is this person's.
  if (unit.again && unit.stopId !== undefined) return null;
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
    const less = unit.asks !== 'due' || settled.supersedes.some((prior) => prior.amountFen > settled.grantedFen);
    if (less && exclusivesOf(unit.item).length > 0) freed.add(exclusiveKeyOf(unit));
    outcomes.push(settled);
  }
  return { outcomes, unchanged, freed, replaced: world.displaced };
};
