// The world a chunk is settled in: what the ledger, the claims and the budgets say, kept up to date in memory while the chunk's units are
// settled one after the other. Pure; the rows it stands for are locked by the step.
import type { BudgetState, Claim, Outcome, PriorLine, Promised, Unit } from './settlement.ts';
import { claimKeyOf, unitKeyOf } from './settlement.ts';

export interface World {
  /** By subject: what the ledger holds, this chunk's outcomes included. */
  readonly promised: Map<string, Promised[]>;
  /** Claim key → line that holds it; null or absent: free. */
  readonly claims: Map<string, string | null>;
  readonly budgets: Map<string, BudgetState>;
  /** By subject: units of exclusion groups that are not settled yet, in this chunk or behind it. */
  readonly rivals: Map<string, Unit[]>;
  /** Exclusion group → items in it; cap group → items under it. */
  readonly exclusiveGroups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly capGroups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly titles: ReadonlyMap<string, string>;
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

/** Writes an outcome into the world and adds what became free. */
export const apply = (world: World, outcome: Outcome, freed: Freed): void => {
  const { unit } = outcome;
  const gone = new Set(outcome.supersedes.map((prior) => prior.id));
  for (const prior of outcome.supersedes) {
    budgetsGiveBack(world, prior);
    for (const key of claimsGiveBack(world, prior.id, outcome.takes)) freed.add(key);
    if (prior.reservedFen > 0n) {
      freed.add(`limit:${unit.subjectId}:${unit.item.id}`);
      for (const limit of unit.item.limits) if ('cap' in limit) freed.add(`cap:${unit.subjectId}:${limit.cap.group ?? unit.item.id}`);
    }
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
  retire(world, unit);
};
