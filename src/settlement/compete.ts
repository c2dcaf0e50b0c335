// What a unit is entitled to among the subject's matters that exclude each other: the winners of its component get theirs, less what losers were
// promised before; losers keep the reason. Or the person chooses. Pure.
import { addDays, type Day } from '../base/day.ts';
import { componentOf, type Exclusive, exclude, exclusivesOf, heaviest, type Vertex, vertexKey } from './exclude.ts';
import { reasonTexts } from './reason.ts';
import { exclusiveKeyOf, inOrder, spanOf, type Unit, unitKeyOf } from './settlement.ts';
import { othersOf, refuse, type Weighed, weighAlone } from './weigh.ts';
import type { World } from './world.ts';

/** What a person chooses in: one group, one span. */
export const choiceKeyOf = (of: Pick<Unit, 'subjectId' | 'periodKey' | 'year'>, { group, per }: Pick<Exclusive, 'group' | 'per'>): string =>
  `choice:${JSON.stringify([of.subjectId, group, spanOf(per, of)])}`;

/** Everything of the subject that competes: what is still to be settled (each item as if it were alone), what is settled, what was imported. */
const verticesOf = (unit: Unit, world: World): ReadonlyMap<string, Vertex> => {
  const vertices = new Map<string, Vertex>();
  const add = (of: Omit<Vertex, 'fen'>, fen: bigint): void => {
    const key = vertexKey(of);
    const { item, periodKey, year } = of;
    vertices.set(key, { item, periodKey, year, fen: (vertices.get(key)?.fen ?? 0n) + fen });
  };
  const pending = [unit, ...(world.rivals.get(unit.subjectId) ?? []).filter((rival) => unitKeyOf(rival) !== unitKeyOf(unit))];
  for (const units of Map.groupBy(pending, (one) => one.item.id).values()) {
    const rows = new Map(world.promised);
    const scratch: World = { ...world, promised: rows };
    for (const one of [...units].sort(inOrder)) {
      if (exclusivesOf(one.item).length === 0) continue;
      const { fen } = weighAlone(one, scratch);
      add(one, fen);
      const { subjectId, item, periodKey, year, key } = one;
      const row = { subjectId, itemId: item.id, periodKey, year, key, lineId: `weighed:${unitKeyOf(one)}`, amountFen: fen };
      rows.set(subjectId, [...othersOf(one, scratch), ...(fen > 0n ? [row] : [])]);
    }
  }
  const open = new Set(pending.map(unitKeyOf));
  for (const row of world.settled.get(unit.subjectId) ?? []) if (!open.has(unitKeyOf(row))) add(row, row.fen);
  for (const row of world.promised.get(unit.subjectId) ?? []) {
    const item = row.lineId === null ? world.items.get(row.itemId) : undefined;
    if (item !== undefined && exclusivesOf(item).length > 0) add({ ...row, item }, row.amountFen);
  }
  return vertices;
};

const titlesOf = (vertices: readonly Omit<Vertex, 'fen'>[]): string => [...new Set(vertices.map((v) => v.item.title))].join('、');

/** null: nobody has to choose, or the time is over; then the highest is taken. */
const choosing = (unit: Unit, component: readonly Vertex[], promisedFen: bigint, weighed: Weighed, world: World): Weighed | null => {
  for (const limit of exclusivesOf(unit.item)) {
    if (limit.choose === undefined || world.choices.has(choiceKeyOf(unit, limit)) || promisedFen > 0n) continue;
    const others = component.filter((v) => v.fen > 0n && exclude(v, unit));
    const until: Day = unit.line?.decideOn ?? addDays(world.today, limit.choose.days);
    if (others.length === 0 || until < world.today) continue;
    const reason = { rule: 'exclusive' as const, text: reasonTexts.choosing(limit.choose.days, titlesOf([unit, ...others])) };
    return { ...weighed, fen: 0n, state: 'choosing', reasons: [reason], blockedOn: choiceKeyOf(unit, limit), decideOn: until };
  }
  return null;
};

/** What the person chose rules the rest of its group out; unless it is worth nothing any more. */
const afterChoice = (unit: Unit, component: readonly Vertex[], world: World): { left: readonly Vertex[]; lostTo: string | null } => {
  let left = component;
  for (const limit of exclusivesOf(unit.item)) {
    const chosen = world.choices.get(choiceKeyOf(unit, limit));
    const pick = component.find((v) => v.item.id === chosen && v.fen > 0n);
    if (pick === undefined) continue;
    if (chosen !== unit.item.id) return { left, lostTo: pick.item.title };
    left = left.filter((v) => v.item.id === chosen || !exclude(v, pick));
  }
  return { left, lostTo: null };
};

/** The unit's amount after everything but the budget. */
export const compete = (unit: Unit, world: World): Weighed => {
  const alone = weighAlone(unit, world);
  if (alone.state !== 'open' || exclusivesOf(unit.item).length === 0) return alone;
  const vertices = verticesOf(unit, world);
  const own = vertices.get(vertexKey(unit)) as Vertex;
  const component = componentOf(own, [...vertices.values()]);
  if (component.length === 1) return alone;
  const inside = new Set(component.map(vertexKey));
  const promised = othersOf(unit, world).flatMap((row) => {
    const vertex = vertices.get(vertexKey({ ...row, item: { id: row.itemId } }));
    return vertex !== undefined && inside.has(vertexKey(vertex)) ? [{ vertex, fen: row.amountFen, imported: row.lineId === null }] : [];
  });
  const promisedFen = promised.reduce((sum, row) => sum + row.fen, 0n);
  const asked = choosing(unit, component, promisedFen, alone, world);
  if (asked !== null) return asked;
  const blockedOn = exclusiveKeyOf(unit);
  const refused = (text: string): Weighed => ({ ...refuse({ rule: 'exclusive', text }, blockedOn), entitledFen: alone.fen });
  const { left, lostTo } = afterChoice(unit, component, world);
  if (lostTo !== null) return refused(reasonTexts.notChosen(lostTo));
  const winners = heaviest(left);
  if (!winners.has(vertexKey(unit)))
    return refused(reasonTexts.exclusiveLost(titlesOf(left.filter((v) => winners.has(vertexKey(v)) && exclude(v, unit)))));
  // What the winners settled so far are worth, this unit with them, less what anybody of the component was promised.
  const settled = (world.settled.get(unit.subjectId) ?? []).filter(
    (row) => unitKeyOf(row) !== unitKeyOf(unit) && winners.has(vertexKey(row)),
  );
  const imported = promised.filter((row) => row.imported && winners.has(vertexKey(row.vertex)));
  const worth = [...settled, ...imported].reduce((sum, row) => sum + row.fen, alone.fen);
  const fen = worth - promisedFen;
  const others = promised.filter((row) => exclude(row.vertex, unit));
  const told = titlesOf(others.map((row) => row.vertex));
  if (fen <= 0n) return refused(reasonTexts.exclusiveLost(told === '' ? unit.item.title : told));
  if (fen >= alone.fen) return alone;
  const difference = { rule: 'exclusive' as const, text: reasonTexts.exclusiveDifference(told, alone.fen - fen, fen) };
  return { ...alone, fen, blockedOn, reasons: [...alone.reasons, difference] };
};
