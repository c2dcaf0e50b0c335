// "Did you mean …": the few names nearest to a mistyped one. Bounded work: hostile names are long, catalogues have hundreds of names.

/** Edits (insert, delete, replace, swap of neighbours) between two texts, or `limit + 1` as soon as it must be more. */
const distance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
};

const longest = 60;

/** At most `count` names, nearest first; empty when none is within a third of its length. */
export const nearest = (name: string, names: Iterable<string>, count = 3): readonly string[] => {
  if (name.length === 0 || name.length > longest) return [];
  const limit = Math.max(1, Math.floor(name.length / 3));
  const wanted = name.toLowerCase();
  const found: { readonly name: string; readonly edits: number }[] = [];
  for (const candidate of names) {
    const text = candidate.toLowerCase();
    const inside = wanted.length >= 3 && text.length <= longest && (text.includes(wanted) || (text.length >= 3 && wanted.includes(text)));
    const edits = text === wanted ? 0 : Math.min(distance(wanted, text, limit), inside ? limit : limit + 1);
    if (edits <= limit) found.push({ name: candidate, edits });
  }
  return found
    .sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map((f) => f.name);
};
