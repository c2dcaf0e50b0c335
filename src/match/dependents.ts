// Who depends on changed records: subjects whose link, as sealed, names one of them, where an item in force reads what stands there. A link is followed one step
// and no further, so nobody depends on a dependent. So many are decided with the change itself; the rest stay as they are, and the next run, which holds
// what links lead to against its last result, finds them.
import type { Tx } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { changedSince, recordsAt } from '../record/store.ts';
import type { Added } from '../snapshot/add.ts';
import { whoNames } from './naming.ts';

export interface Dependents {
  /** Per register, in the order of their ordinals. */
  readonly records: ReadonlyMap<string, readonly ResolvedRecord[]>;
  /** Over which links each of them depends, by `register\nordinal`. */
  readonly via: ReadonlyMap<string, ReadonlySet<string>>;
  /** How many wait for the next run; null: too many to be looked for. */
  readonly left: number | null;
}

/** Links that items in force read something over, of the registers they belong to, and where they lead. */
const linksRead = (compiled: readonly CompiledItem[]) => {
  const links = new Map<string, { readonly register: string; readonly link: string; readonly to: string }>();
  for (const item of compiled)
    for (const { link, register: to } of item.reads)
      if (link !== null && item.closings.length === 0) links.set(`${item.register}\n${link}`, { register: item.register, link, to });
  return [...links.values()];
};

export const dependentsOf = async (
  tx: Tx,
  { added, compiled, atMost }: { readonly added: Added; readonly compiled: readonly CompiledItem[]; readonly atMost: number },
): Promise<Dependents> => {
  const changed = new Map([...added.records].map(([register, records]) => [register, new Set(records.map((r) => r.ordinal))]));
  const via = new Map<string, Set<string>>();
  const found = new Map<string, Set<number>>();
  let unlooked = false;
  for (const { register, link, to } of linksRead(compiled)) {
    const keys = (added.records.get(to) ?? []).map((r) => r.key);
    const ordinals = keys.length === 0 ? [] : await whoNames(tx, added.snapshotId, { register, link, keys });
    unlooked ||= ordinals === null;
    for (const ordinal of ordinals ?? []) {
      if (changed.get(register)?.has(ordinal) === true) continue;
      const name = `${register}\n${ordinal}`;
      via.set(name, (via.get(name) ?? new Set()).add(link));
      found.set(register, (found.get(register) ?? new Set()).add(ordinal));
    }
  }
  let [room, left] = [atMost, 0];
  const records = new Map<string, readonly ResolvedRecord[]>();
  for (const [register, all] of found) {
    const asked = [...all].sort((a, b) => a - b).slice(0, room);
    room -= asked.length;
    left += all.size - asked.length;
    const read = await recordsAt(tx, register, asked);
    // Whoever changed since the rows were sealed is an event of its own: what would be read of them now is not what is sealed.
    const moved = new Set(await changedSince(tx, register, added.revision));
    const still = read.filter((r) => !moved.has(r.ordinal));
    if (still.length > 0) records.set(register, still.map(added.resolve));
  }
  return { records, via, left: unlooked ? null : left };
};
