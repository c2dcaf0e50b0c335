// Lanes: items that settlement must treat together because they share a claim group, an exclusion group or a cap. Pure.
// A lane is settled by one process at a time, in order; lanes run side by side.
import type { SettledItem } from './queue-store.ts';

export interface Lane {
  /** Item ids, sorted; the first names the lane. */
  readonly items: readonly string[];
  /** Whether some of them exclude each other. */
  readonly exclusive: boolean;
  readonly capGroups: ReadonlyMap<string, ReadonlySet<string>>;
}

const groupsOf = (version: SettledItem): readonly string[] =>
  version.item.limits.flatMap((limit) => {
    if ('claim' in limit) return [`claim:${limit.claim.group}`];
    if ('exclusive' in limit) return [`exclusive:${limit.exclusive.group}`];
    if ('cap' in limit && limit.cap.group !== undefined) return [`cap:${limit.cap.group}`];
    return [];
  });

const capGroupsOf = (versions: readonly SettledItem[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const members = new Map<string, Set<string>>();
  for (const version of versions) {
    for (const group of groupsOf(version)) {
      if (!group.startsWith('cap:')) continue;
      const name = group.slice('cap:'.length);
      members.set(name, (members.get(name) ?? new Set()).add(version.item.id));
    }
  }
  return members;
};

/** Every published version counts, retired ones too: an older match still competes under the groups it was made with, so lanes only ever merge. */
export const lanesOf = (versions: readonly SettledItem[]): readonly Lane[] => {
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    let at = id;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  const firstOf = new Map<string, string>();
  for (const version of versions) {
    const id = version.item.id;
    if (!parent.has(id)) parent.set(id, id);
    for (const group of groupsOf(version)) {
      const other = firstOf.get(group);
      if (other === undefined) firstOf.set(group, id);
      else parent.set(root(id), root(other));
    }
  }
  const lanes = Map.groupBy([...parent.keys()].sort(), root);
  return [...lanes.values()]
    .map((items) => {
      const own = versions.filter((version) => items.includes(version.item.id));
      const exclusive = own.some((version) => groupsOf(version).some((group) => group.startsWith('exclusive:')));
      return { items, exclusive, capGroups: capGroupsOf(own) };
    })
    .sort((a, b) => ((a.items[0] ?? '') < (b.items[0] ?? '') ? -1 : 1));
};
