// The world a chunk is settled in: what the ledger, the claims and the budgets say, kept up to date in memory while the chunk's units are
// settled one after the other. Pure; the rows it stands for are locked by the step.
import type { Day } from '../base/day.ts';
import type { Item } from '../policy/item.ts';
import { exclusivesOf } from './exclude.ts';
import type { BudgetState, Claim, Holder, Outcome, PriorLine, Promised, Settled, Unit } from './settlement.ts';
import { claimKeyOf, exclusiveKeyOf, unitKeyOf } from './settlement.ts';

export interface World {
  /** By subject: what the ledger holds, this chunk's outcomes included. */
  readonly promised: Map<string, Promised[]>;
  /** Claim key → line that holds it; null or absent: free. */
  readonly claims: Map<string, string | null>;
  /** By line: holders of claims that may have to give way. Every line of this chunk's making has an earlier event, so it is not among them. */
  readonly holders: ReadonlyMap<string, Holder>;
  /** Line that gave way in this chunk → the refused line that stands in its place. */
  readonly displaced: Map<string, string>;
  readonly budgets: Map<string, BudgetState>;
  /** By subject: units of exclusion groups that are not settled yet, in this chunk or behind it. */
  readonly rivals: Map<string, Unit[]>;
  /** By subject: what exclusion weighs of what is settled, this chunk's outcomes included. */
  readonly settled: Map<string, Settled[]>;
  /** What persons chose, by `choiceKeyOf`: the item. */
  readonly choices: ReadonlyMap<string, string>;
  /** Cap group → items under it. */
  readonly capGroups: ReadonlyMap<string, ReadonlySet<string>>;
  /** The newest version of each item of the lane. */
  readonly items: ReadonlyMap<string, Item>;
  readonly today: Day;
  readonly newId: () => string;
}

/** Keys under which refused and waiting lines may be looked at again. */
export type Freed = Set<string>;

/** A unit is settled: it is nobody's rival any more. */
export const retire = (world: World, unit: Unit): void => {
  const rivals = world.rivals.get(unit.subjectId);
  if (rivals === undefined) return;
  const key = unitKeyOf(unit);
  world.rivals.set(
    unit.subjectId,
    rivals.filter((rival) => unitKeyOf(rival) !== key),
  );
};

const budgetsGiveBack = (world: World, prior: PriorLine): void => {
  const budget = world.budgets.get(prior.budgetId);
  if (budget !== undefined) budget.availableFen += prior.reservedFen;
};

const claimsGiveBack = (world: World, lineId: string, takes: readonly Claim[]): readonly string[] => {
  const kept = new Set(takes.map(claimKeyOf));
  const freed: string[] = [];
  for (const [key, owner] of world.claims) {
    if (owner !== lineId) continue;
    world.claims.set(key, null);
    if (!kept.has(key)) freed.push(`claim:${key}`);
  }
  return freed;
};

/** What becomes free when a line gives its money back: what the limits of its item may have held up. */
const limitsFree = (of: Pick<Holder, 'subjectId' | 'item'>): readonly string[] => [
  `limit:${of.subjectId}:${of.item.id}`,
  ...of.item.limits.flatMap((limit) => ('cap' in limit ? [`cap:${of.subjectId}:${limit.cap.group ?? of.item.id}`] : [])),
];

/** A later event's line gives way: its money and its objects go back, those it shares with nobody here become free. */
const displace = (world: World, holder: Holder, takes: readonly Claim[], freed: Freed): void => {
  world.displaced.set(holder.id, world.newId());
  budgetsGiveBack(world, holder);
  for (const key of claimsGiveBack(world, holder.id, takes)) freed.add(key);
  if (holder.reservedFen > 0n) for (const key of limitsFree(holder)) freed.add(key);
  if (exclusivesOf(holder.item).length > 0) freed.add(exclusiveKeyOf(holder));
  forget(world, holder.subjectId, [holder.id]);
  const rows = world.promised.get(holder.subjectId) ?? [];
  world.promised.set(
    holder.subjectId,
    rows.filter((row) => row.lineId !== holder.id),
  );
};

/** A unit as it stands after what this chunk has done to its lines. */
export const asItStands = (world: World, unit: Unit): Unit => {
  const replaced = (id: string): string => world.displaced.get(id) ?? id;
  if (world.displaced.size === 0) return unit;
  return {
    ...unit,
    priors: unit.priors.map((prior) =>
      world.displaced.has(prior.id)
        ? { ...prior, id: replaced(prior.id), state: 'refused', amountFen: 0n, reservedFen: 0n, wantedFen: 0n, quotaFen: null }
        : prior,
    ),
    line:
      unit.line !== null && world.displaced.has(unit.line.id)
        ? { ...unit.line, id: replaced(unit.line.id), state: 'refused', entitledFen: 0n, wantedFen: 0n, quotaFen: null }
        : unit.line,
  };
};

const forget = (world: World, subjectId: string, lines: readonly string[]): void => {
  const gone = new Set(lines);
  const rows = world.settled.get(subjectId);
  if (rows !== undefined)
    world.settled.set(
      subjectId,
      rows.filter((row) => !gone.has(row.lineId)),
    );
};

/** What lost to another counts as what it is worth, what waits for money does not: whoever gave way to it may go on meanwhile. */
const remember = (world: World, outcome: Outcome): void => {
  const { unit, state, blockedOn } = outcome;
  const { subjectId, item, periodKey, year, key } = unit;
  const own = (world.settled.get(subjectId) ?? []).filter((row) => unitKeyOf(row) === unitKeyOf(unit)).map((row) => row.lineId);
  forget(world, subjectId, [...outcome.supersedes.map((prior) => prior.id), ...(outcome.entitledFen > 0n ? own : [])]);
  const lost = state === 'refused' && blockedOn === exclusiveKeyOf(unit);
  const chooses = state === 'waiting' && outcome.decideOn !== null;
  if (outcome.entitledFen === 0n || !(outcome.grantedFen > 0n || state === 'reduced' || lost || chooses)) return;
  world.settled.set(subjectId, [
    ...(world.settled.get(subjectId) ?? []),
    { subjectId, item, periodKey, year, key, lineId: outcome.lineId, fen: outcome.entitledFen },
  ]);
};

/** Writes an outcome into the world and adds what became free. */
export const apply = (world: World, outcome: Outcome, freed: Freed): void => {
  const { unit } = outcome;
  for (const holder of outcome.displaces) displace(world, holder, outcome.takes, freed);
  const gone = new Set(outcome.supersedes.map((prior) => prior.id));
  for (const prior of outcome.supersedes) {
    budgetsGiveBack(world, prior);
    for (const key of claimsGiveBack(world, prior.id, outcome.takes)) freed.add(key);
    if (prior.reservedFen > 0n) for (const key of limitsFree(unit)) freed.add(key);
  }
  if (unit.line !== null && outcome.takes.length === 0) for (const key of claimsGiveBack(world, unit.line.id, [])) freed.add(key);
  for (const claim of outcome.takes) world.claims.set(claimKeyOf(claim), outcome.lineId);
  const rows = (world.promised.get(unit.subjectId) ?? []).filter((row) => row.lineId === null || !gone.has(row.lineId));
  if (outcome.grantedFen > 0n)
    rows.push({
      subjectId: unit.subjectId,
      itemId: unit.item.id,
      periodKey: unit.periodKey,
      year: unit.year,
      key: unit.key,
      lineId: outcome.lineId,
      amountFen: outcome.grantedFen,
    });
  world.promised.set(unit.subjectId, rows);
  remember(world, outcome);
  retire(world, unit);
};
