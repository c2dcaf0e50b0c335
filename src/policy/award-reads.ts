// Which facts and expressions an award tree touches: for the list of facts an item reads.
import type { Expression } from '../feel/feel.ts';
import { factsOf, type Ready } from '../rule/ready.ts';
import type { Figure, ReadyAward, ReadyInstalments } from './award-ready.ts';

export interface AwardReads {
  readonly facts: readonly string[];
  readonly expressions: readonly Expression[];
}

export const awardReads = (award: ReadyAward, instalments: ReadyInstalments | null): AwardReads => {
  const facts: string[] = [];
  const expressions: Expression[] = [];
  const figure = (f: Figure | null): void => {
    if (f?.kind === 'fact') facts.push(f.fact);
  };
  const condition = (r: Ready | null): void => {
    if (r !== null) facts.push(...factsOf(r));
  };
  const walk = (a: ReadyAward): void => {
    condition(a.when);
    for (const f of [a.multiplier, a.floor, a.cap, a.prorate?.part ?? null, a.prorate?.of ?? null]) figure(f);
    if (a.deduct !== null) expressions.push(a.deduct);
    switch (a.form) {
      case 'fixed':
        return;
      case 'perUnit':
        figure(a.yuan);
        figure(a.count);
        return;
      case 'rate':
        figure(a.base);
        figure(a.rate);
        figure(a.baseCap);
        return;
      case 'tiers':
        figure(a.by);
        figure(a.base);
        for (const row of a.rows) {
          condition(row.when);
          figure(row.cap);
          if (row.gives.kind === 'award') walk(row.gives.award);
        }
        return;
      case 'brackets':
        figure(a.base);
        return;
      case 'formula':
        expressions.push(a.expression);
        return;
      default:
        a.parts.forEach(walk);
    }
  };
  walk(award);
  if (instalments !== null) {
    expressions.push(instalments.yearsSince);
    for (const p of instalments.parts) condition(p.when);
  }
  return { facts, expressions };
};
