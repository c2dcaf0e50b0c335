// What is kept in memory up to a number of bytes: the least recently used goes first.

export interface Kept<T> {
  /** Bytes kept now. */
  readonly bytes: number;
  find(key: string): T | undefined;
  /** Takes the place of what stood under that key. More than all the room is not kept at all. */
  keep(key: string, content: T, bytes: number): void;
  forget(key: string): void;
}

export const openKept = <T>(mostBytes: number): Kept<T> => {
  const kept = new Map<string, { readonly content: T; readonly bytes: number }>();
  let all = 0;
  const forget = (key: string): void => {
    all -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return {
    forget,
    get bytes() {
      return all;
    },
    find: (key) => {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.content;
    },
    keep: (key, content, bytes) => {
      forget(key);
      kept.set(key, { content, bytes });
      all += bytes;
      for (const oldest of kept.keys()) {
        if (all <= mostBytes) break;
        forget(oldest);
      }
    },
  };
};
