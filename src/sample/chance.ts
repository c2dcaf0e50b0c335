// Seeded chance: the same seed gives the same city on every machine. Only 32-bit integer arithmetic and exact divisions, so no
// platform's rounding of logarithms or powers can move a figure.

/** One stream of chance. Streams are split by name, so that asking one subject more questions does not change the next subject. */
export interface Chance {
  /** Whole number in [0, n). */
  below(n: number): number;
  /** Whole number in [from, to], both inclusive. */
  between(from: number, to: number): number;
  /** True in `perMille` of 1,000 draws. */
  hit(perMille: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** A value drawn by whole-number weights. */
  weighted<T>(from: readonly (readonly [T, number])[]): T;
}

/** Spreads a text over 32 bits (FNV-1a, then a final avalanche). */
export const hashOf = (text: string, basis: number): number => {
  let h = basis >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** sfc32: small, fast, passes PractRand; the counter keeps the period above 2^32 for every seed. */
export const chanceOf = (seed: number, stream: string): Chance => {
  let a = hashOf(stream, 0x811c9dc5 ^ seed);
  let b = hashOf(stream, 0x9e3779b9 ^ Math.imul(seed, 0x2545f491));
  let c = seed >>> 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) >>> 0) + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + t) >>> 0;
    return t;
  };
  for (let i = 0; i < 12; i++) next();
  const below = (n: number): number => Math.floor((next() / 4_294_967_296) * n);
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    hit: (perMille) => below(1000) < perMille,
    pick: <T>(from: readonly T[]): T => from[below(from.length)] as T,
    weighted: <T>(from: readonly (readonly [T, number])[]): T => {
      let total = 0;
      for (const [, weight] of from) total += weight;
      let at = below(total);
      for (const [value, weight] of from) {
        if (at < weight) return value;
        at -= weight;
      }
      return (from[0] as readonly [T, number])[0];
    },
  };
};

/** A draw from a distribution given by its quantiles at equal steps (0 %, …, 100 %): log-like shapes without logarithms. */
export const fromQuantiles = (chance: Chance, quantiles: readonly number[]): number => {
  const step = chance.below(quantiles.length - 1);
  const low = quantiles[step] as number;
  const high = quantiles[step + 1] as number;
  return Math.floor(low + ((high - low) * chance.below(10_000)) / 10_000);
};
