// A delivery against the one before: rows, shares of none and missing, how categories are spread, where the middle lies. Pure. Small datasets move by
// chance, so a change must be both large and too large for chance (a rough two-sigma of the share).
import type { FactShape, Profile } from './profile.ts';

export interface Drift {
  /** null: the dataset as a whole. */
  readonly fact: string | null;
  readonly kind: 'rows' | 'none' | 'missing' | 'spread' | 'median';
  readonly before: number;
  readonly now: number;
  /** spread: the value that moved most. */
  readonly value?: string;
}

const rowsChanged = 0.2;
const shareChanged = 0.05;
const spreadChanged = 0.1;
const medianChanged = 0.2;
/** Fewer say nothing about a share. */
const fewest = 20;

const share = (n: number, of: number): number => (of === 0 ? 0 : n / of);
const beyondChance = (a: number, b: number, n: number, m: number): boolean => {
  const p = (a * n + b * m) / (n + m);
  return Math.abs(a - b) > 2 * Math.sqrt(p * (1 - p) * (1 / n + 1 / m));
};

const sharesDrift = (fact: string, kind: 'none' | 'missing', before: FactShape, now: FactShape): readonly Drift[] => {
  const of = (s: FactShape): number => share(kind === 'none' ? s.none : s.listed - s.told - s.none, s.listed);
  const [a, b] = [of(before), of(now)];
  const large = Math.abs(a - b) > shareChanged && beyondChance(a, b, before.listed, now.listed);
  return large ? [{ fact, kind, before: a, now: b }] : [];
};

/** Total variation: half the sum of differences of shares; the value that moved most is named. */
const spreadDrift = (fact: string, before: FactShape, now: FactShape): readonly Drift[] => {
  const names = [...new Set([...Object.keys(before.values), ...Object.keys(now.values)])];
  if (names.length === 0 || names.length > 60) return [];
  const moved = names
    .map((value) => ({ value, before: share(before.values[value] ?? 0, before.told), now: share(now.values[value] ?? 0, now.told) }))
    .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before));
  const distance = moved.reduce((sum, m) => sum + Math.abs(m.now - m.before), 0) / 2;
  const [most] = moved;
  if (most === undefined || distance <= spreadChanged || !beyondChance(most.before, most.now, before.told, now.told)) return [];
  return [{ fact, kind: 'spread', ...most }];
};

/** Against the middle half where that is wide: a median of days is no number to take a fifth of. */
const medianDrift = (fact: string, before: FactShape, now: FactShape): readonly Drift[] => {
  if (before.quartiles === null || now.quartiles === null) return [];
  const [low, middle, high] = before.quartiles;
  const scale = Math.max(high - low, Math.abs(middle) * medianChanged);
  const moved = Math.abs(now.quartiles[1] - middle);
  return scale > 0 && moved > scale * (high - low > 0 ? 0.5 : 1) ? [{ fact, kind: 'median', before: middle, now: now.quartiles[1] }] : [];
};

export const driftOf = (before: Profile, now: Profile): readonly Drift[] => {
  const rows: readonly Drift[] =
    before.subjects >= fewest && Math.abs(now.subjects - before.subjects) > before.subjects * rowsChanged
      ? [{ fact: null, kind: 'rows', before: before.subjects, now: now.subjects }]
      : [];
  const facts = Object.entries(now.facts).flatMap(([fact, shape]) => {
    const old = before.facts[fact];
    if (old === undefined || old.listed < fewest || shape.listed < fewest) return [];
    const told = old.told >= fewest && shape.told >= fewest;
    return [
      ...sharesDrift(fact, 'none', old, shape),
      ...sharesDrift(fact, 'missing', old, shape),
      ...(told ? [...spreadDrift(fact, old, shape), ...medianDrift(fact, old, shape)] : []),
    ];
  });
  return [...rows, ...facts];
};
