// The names an officer may have meant.

/** Edit distance, given up beyond `limit`. */
const distance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit + 1;
};

/** Up to three, nearest first: same letters in another case, one inside the other, or a slip or two away. */
export const nearest = (name: string, candidates: Iterable<string>): readonly string[] => {
  const limit = Math.max(1, Math.min(3, Math.floor(name.length / 2)));
  const low = name.toLowerCase().slice(0, 100);
  const scored: { candidate: string; score: number }[] = [];
  for (const candidate of candidates) {
    const c = candidate.toLowerCase();
    const inside = low.length > 1 && (c.includes(low) || low.includes(c));
    const score = c === low ? 0 : Math.min(distance(low, c, limit), inside ? limit : limit + 1);
    if (score <= limit) scored.push({ candidate, score });
  }
  return scored
    .toSorted((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map((s) => s.candidate);
};

export const suggestion = (name: string, candidates: Iterable<string>, otherwise: string): string => {
  const found = nearest(name, candidates);
  return found.length > 0 ? `是不是 ${found.join('、')}？` : otherwise;
};
