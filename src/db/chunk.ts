// Working through many rows in bounded chunks: a look reads only the keys of what is open, in key order behind a cursor, and chunks then take their
// rows by key. So no chunk searches through what earlier chunks have done, whatever plan the database takes.

export interface Look<K> {
  /** Keys of open rows after `after`, in one order, at most `limit`. */
  readonly look: (after: K | null, limit: number) => Promise<readonly K[]>;
  /** Does what it can for these keys (others may have some of them) and says how many it moved. */
  readonly take: (keys: readonly K[]) => Promise<number>;
  readonly chunk: number;
  /** True when two neighbours must not be parted. */
  readonly together?: (a: K, b: K) => boolean;
}

/** Keys held in memory at once: about 3 MB. */
const lookLimit = 20_000;

/** One pass over everything that is open; returns how much moved. */
export const inChunks = async <K>(work: Look<K>): Promise<number> => {
  let moved = 0;
  let after: K | null = null;
  for (;;) {
    const seen: readonly K[] = await work.look(after, lookLimit);
    const keys = seen.length < lookLimit ? seen : wholeGroups(seen, work.together);
    for (let at = 0; at < keys.length; ) {
      let end = Math.min(at + work.chunk, keys.length);
      while (end < keys.length && work.together?.(keys[end - 1] as K, keys[end] as K)) end++;
      moved += await work.take(keys.slice(at, end));
      at = end;
    }
    after = keys.at(-1) ?? null;
    if (seen.length < lookLimit || after === null) return moved;
  }
};

/** A full look may end within a group: the rest of it is behind, so the group waits for the next look. */
const wholeGroups = <K>(keys: readonly K[], together: Look<K>['together']): readonly K[] => {
  let end = keys.length - 1;
  while (end > 0 && together?.(keys[end - 1] as K, keys[end] as K)) end--;
  return together === undefined || end === 0 ? keys : keys.slice(0, end);
};
