// What stands of one dataset about one subject after a later delivery: replaced, added to, cut, withdrawn. Pure.
import type { Group } from './group.ts';
import { settleOrder, sortedElements } from './group.ts';
import type { Layout } from './layout.ts';
import type { CellValue, OwnCells } from './record.ts';
import { overlay } from './timeline.ts';

type OwnCell = OwnCells[string][number];
type Dated = OwnCell & { readonly from: NonNullable<OwnCell['from']> | null; readonly to: NonNullable<OwnCell['to']> | null };

const dated = (c: OwnCell): Dated => ({ ...c, from: c.from ?? null, to: c.to ?? null });

/**
 * Full deliveries and lists. A list or a row per subject is replaced. A series keeps the periods the whole delivery does not mention (`covered`): departments
 * deliver one year at a time.
 * Dated values are replaced from the first day the delivery speaks of; what was told about earlier days still holds.
 */
export const replaceCells = (layout: Layout, old: OwnCells, fresh: OwnCells, covered: readonly string[] = []): OwnCells => {
  if (layout.dataset.shape === 'series') return mergeSeries(old, fresh, covered);
  if (layout.dataset.shape !== 'timed') return fresh;
  const starts = Object.values(fresh).flatMap((cells) => cells.map((c) => c.from ?? ''));
  const first = starts.reduce((a, b) => (b < a ? b : a), '~');
  if (first === '' || first === '~') return fresh;
  const cut = first as Dated['to'];
  const merged: Record<string, readonly OwnCell[]> = { ...fresh };
  for (const [name, cells] of Object.entries(old)) {
    const before = cells
      .map(dated)
      .filter((c) => (c.from ?? '') < first)
      .map((c) => ((c.to ?? '~') > first ? { ...c, to: cut } : c));
    if (before.length > 0) merged[name] = [...before, ...(fresh[name] ?? [])];
  }
  return merged;
};

/** Changes: only what is listed changes. `late`: something newer stands already, so these rows only fill what is empty. null: nothing is left. */
export const changeCells = (
  layout: Layout,
  old: OwnCells,
  group: Pick<Group, 'cells' | 'withdrawn' | 'rows'>,
  late: boolean,
): OwnCells | null => {
  const withdrawn = group.withdrawn ?? [];
  const base = withdrawn.includes('*') ? {} : old;
  const merged = changeShape(layout, base, group, withdrawn, late);
  const left = layout.dataset.shape === 'list' && !withdrawn.includes('*') ? merged : dropEmpty(merged);
  return Object.keys(left).length === 0 && withdrawn.length > 0 ? null : left;
};

const changeShape = (
  layout: Layout,
  old: OwnCells,
  group: Pick<Group, 'cells' | 'rows'>,
  withdrawn: readonly string[],
  late: boolean,
): OwnCells => {
  switch (layout.dataset.shape) {
    case 'record':
      return group.cells;
    case 'series':
      return late ? mergeSeries(group.cells, withoutEmpty(old), []) : mergeSeries(old, group.cells, withdrawn);
    case 'list':
      return changeList(layout, old, group.cells, withdrawn);
    case 'timed':
      return changeTimed(layout, old, group, withdrawn, late);
  }
};

const dropEmpty = (cells: OwnCells): OwnCells => Object.fromEntries(Object.entries(cells).filter(([, own]) => own.length > 0));

/** What a late row may fill: an empty cell holds nothing that it could overwrite. */
const withoutEmpty = (cells: OwnCells): OwnCells =>
  Object.fromEntries(
    Object.entries(cells).map(([name, own]) => [
      name,
      own.map((c) => ({ v: Object.fromEntries(Object.entries(c.v as Record<string, unknown>).filter(([, v]) => v !== '')) })),
    ]),
  );

const mergeSeries = (under: OwnCells, over: OwnCells, withdrawn: readonly string[]): OwnCells => {
  const merged: Record<string, readonly OwnCell[]> = {};
  for (const name of new Set([...Object.keys(under), ...Object.keys(over)])) {
    const periods = { ...(under[name]?.[0]?.v as Record<string, unknown> | undefined) };
    for (const period of withdrawn) delete periods[period];
    const v = { ...periods, ...(over[name]?.[0]?.v as Record<string, unknown> | undefined) };
    if (Object.keys(v).length > 0) merged[name] = [{ v }];
  }
  return merged;
};

const changeList = (layout: Layout, old: OwnCells, fresh: OwnCells, withdrawn: readonly string[]): OwnCells => {
  if (layout.list === null) return fresh;
  const { fact, elementKey } = layout.list;
  const elements = new Map<string, unknown>();
  const put = (v: CellValue | undefined): void => {
    for (const e of Array.isArray(v) ? (v as readonly unknown[]) : [])
      elements.set(String((e as Record<string, unknown>)[elementKey] ?? ''), e);
  };
  put(old[fact]?.[0]?.v);
  for (const place of withdrawn) elements.delete(place);
  put(fresh[fact]?.[0]?.v);
  return { [fact]: [{ v: sortedElements(layout, [...elements.values()]) }] };
};

/** A row that begins where an old one began takes its place, whatever its end: that is how a spell is closed. Other overlaps are cut. */
const changeTimed = (
  layout: Layout,
  old: OwnCells,
  group: Pick<Group, 'cells' | 'rows'>,
  withdrawn: readonly string[],
  late: boolean,
): OwnCells => {
  const replaced = new Set(late ? withdrawn : [...withdrawn, ...group.rows.map(([, place]) => place)]);
  const merged: Record<string, readonly OwnCell[]> = {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(group.cells)])) {
    const kept = (old[name] ?? []).map(dated).filter((c) => layout.setsOnly || !replaced.has(c.from ?? '-'));
    const fresh = (group.cells[name] ?? []).map(dated);
    if (layout.setsOnly) merged[name] = addSets(kept, fresh, withdrawn);
    else merged[name] = overlay(late ? [...fresh, ...kept] : [...kept, ...fresh]);
  }
  return settleOrder(layout, merged);
};

/** Sets that add up have several rows with one start; a row with the same start and the same set takes the old one's place. */
const addSets = (kept: readonly Dated[], fresh: readonly Dated[], withdrawn: readonly string[]): readonly OwnCell[] => {
  const nameOf = (c: Dated): string => `${c.from ?? '-'} ${JSON.stringify(c.v)}`;
  const replaced = new Set(fresh.map(nameOf));
  return [...kept.filter((c) => !withdrawn.includes(c.from ?? '-') && !replaced.has(nameOf(c))), ...fresh];
};
