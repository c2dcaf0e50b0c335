// The kernel's sets in the memory of a WebAssembly module (`simd.as.ts`): a predicate is a few ranges over a lane, a group of conditions one pass over their
// sets. Where the runtime has no such module (Workers compile nothing at run time) the plain loops stand in.
import { type Bitmap, wordsFor } from './bitmap.ts';
import { type Bits, fillPlainly, type Part } from './bits.ts';
import { type CodeRange, codeRanges } from './lane.ts';
import type { Answer, Predicate } from './predicate.ts';
import { type KeptLane, laneIn } from './simd-lane.ts';
import { mostParts, type Opened, setBytes, simdModule, tileRows } from './simd-memory.ts';

/** More ranges than this and asking row by row is cheaper. */
const mostRanges = 64;

/** null where the runtime has no SIMD module. Sets are places in its memory. */
export const simdBits = (rows: number, present: Bitmap): Bits<number> | null => {
  const module = simdModule();
  return module === null ? null : bitsIn(module, rows, present);
};

/** Sets of one block: taken from the module's memory, given back all at once. */
const openSets = (module: Opened, rows: number, presentRows: Bitmap) => {
  const { code } = module;
  // Sets are whole tiles; what lies beyond the last row stays 0.
  const tiles = Math.ceil(rows / tileRows);
  const bytes = (tiles * tileRows) / 8;
  const taken: number[] = [];
  const spare: number[] = [];
  const take = (): number => {
    const again = spare.pop();
    if (again !== undefined) return again;
    const at = module.take(setBytes);
    taken.push(at);
    return at;
  };
  const from = (bitmap: Bitmap): number => {
    const at = take();
    const place = new Uint32Array(module.memory.buffer, at, bytes / 4);
    place.set(bitmap);
    place.fill(0, bitmap.length);
    return at;
  };
  const none = from(new Uint32Array(wordsFor(rows)));
  const present = from(presentRows);
  return {
    tiles,
    bytes,
    none,
    present,
    take,
    from,
    give: (at: number): void => {
      spare.push(at);
    },
    /** a ∧ present */
    cut: (a: number): number => {
      const out = take();
      code.and(a, present, out, bytes);
      return out;
    },
    /** present ∧ ¬a */
    without: (a: number): number => {
      const out = take();
      code.andNot(present, a, out, bytes);
      return out;
    },
    possibly: ({ surely, open }: Part<number>): number => {
      const out = take();
      code.and(open, present, out, bytes);
      code.or(out, surely, bytes);
      return out;
    },
    read: (a: number): Bitmap => new Uint32Array(module.memory.buffer, a, wordsFor(rows)).slice(),
    close: (): void => {
      for (const at of taken) module.give(setBytes, at);
    },
  };
};
type Sets = ReturnType<typeof openSets>;

/** Puts the parts where the module looks for them. */
const listParts = ({ scratch, numbers }: Opened, parts: readonly Part<number>[]): number => {
  const list = numbers();
  const first = scratch.parts / 4;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Part<number>;
    list[first + i * 2] = part.surely;
    list[first + i * 2 + 1] = part.open;
  }
  return parts.length;
};

const groupIn = (module: Opened, { take, tiles }: Sets, parts: readonly Part<number>[], how: 'all' | 'any') => {
  const { code, scratch } = module;
  const [surely, open] = [take(), take()];
  const n = listParts(module, parts);
  const any = how === 'all' ? code.all(scratch.parts, n, surely, open, tiles) : code.any(scratch.parts, n, surely, open, tiles);
  return { surely, open, nobody: any === 0 };
};

/** As many parts at once as the list has room for; the rest joins what came out. */
const group = (module: Opened, sets: Sets, parts: readonly Part<number>[], how: 'all' | 'any'): Part<number> => {
  if (parts.length <= mostParts) return groupIn(module, sets, parts, how);
  const first = groupIn(module, sets, parts.slice(0, mostParts), how);
  const whole = group(module, sets, [first, ...parts.slice(mostParts)], how);
  sets.give(first.surely);
  sets.give(first.open);
  return whole;
};

/** The rows of one lane that hold a subject, by what is told of them; 0: nobody. */
interface Standing {
  readonly told: number;
  readonly none: number;
  readonly unknown: number;
}

const openStandings = ({ cut }: Sets): ((lane: KeptLane) => Standing) => {
  const standings = new Map<KeptLane, Standing>();
  return (lane) => {
    let standing = standings.get(lane);
    if (standing === undefined) {
      standing = { told: cut(lane.told), none: lane.anyNone ? cut(lane.none) : 0, unknown: lane.anyUnknown ? cut(lane.unknown) : 0 };
      standings.set(lane, standing);
    }
    return standing;
  };
};

/** `out` := the rows whose codes lie in the ranges; whether there are any. */
const rangesInto = (
  { code }: Opened,
  { tiles, none, bytes }: Sets,
  lane: KeptLane,
  ranges: readonly CodeRange[],
  told: number,
  out: number,
): boolean => {
  let any = 0;
  for (let i = 0; i < ranges.length; i++) {
    const [low, high] = ranges[i] as CodeRange;
    any |= code.range(lane.at, lane.digits, low, high, told, out, tiles, i === 0 ? 0 : 1);
  }
  if (ranges.length === 0) code.and(none, none, out, bytes);
  return any !== 0;
};

const bitsIn = (module: Opened, rows: number, presentRows: Bitmap): Bits<number> => {
  const { code, scratch } = module;
  const sets = openSets(module, rows, presentRows);
  const { none, present, bytes, take, give, without, possibly } = sets;
  const standingOf = openStandings(sets);
  /** The rows of whom the answer is `asked`: values in these ranges, and those without one where that is the answer to them. */
  const answered = (lane: KeptLane, ranges: readonly CodeRange[], predicate: Predicate, asked: Answer): number => {
    const { told, none: nobodys, unknown } = standingOf(lane);
    const ofNull = predicate.ofNull === asked ? nobodys : 0;
    const ofUnknown = predicate.ofUnknown === asked ? unknown : 0;
    // The rows nobody told anything of are the same for every question to the column: shared, not copied.
    if (ranges.length === 0 && (ofNull === 0 || ofUnknown === 0)) return ofNull + ofUnknown || none;
    const out = take();
    let any = rangesInto(module, sets, lane, ranges, told, out);
    for (const set of [ofNull, ofUnknown]) {
      if (set === 0) continue;
      code.or(out, set, bytes);
      any = true;
    }
    if (any) return out;
    give(out);
    return none;
  };
  const free = (part: Part<number>): void => {
    give(part.surely);
    give(part.open);
  };
  const counted = <T>(part: Part<number>, read: (set: number) => T) => {
    const maybe = possibly(part);
    const pair = { surely: read(part.surely), possibly: read(maybe) };
    give(maybe);
    return pair;
  };
  return {
    none,
    present,
    all: (parts) => group(module, sets, parts, 'all'),
    any: (parts) => group(module, sets, parts, 'any'),
    not: (part) => {
      const maybe = possibly(part);
      const surely = without(maybe);
      give(maybe);
      return { surely, open: without(part.surely), nobody: false };
    },
    unless: (part, unsure) => {
      const surely = take();
      code.andNot(part.surely, unsure, surely, bytes);
      const open = possibly(part);
      code.or(open, unsure, bytes);
      code.and(open, present, open, bytes);
      return { surely, open, nobody: false };
    },
    from: sets.from,
    free,
    bitmaps: (part) => counted(part, sets.read),
    counts: (part) => counted(part, (set) => code.count(set, bytes)),
    rowsInAll: (parts, base) => {
      const few = parts.length <= mostParts ? parts : [group(module, sets, parts, 'all')];
      const found = code.rowsInAll(scratch.parts, listParts(module, few), scratch.raw, scratch.list, base, sets.tiles);
      if (few !== parts) for (const part of few) free(part);
      return module.numbers().subarray(scratch.list / 4, scratch.list / 4 + found);
    },
    fill: (column, day, cellOf, predicate) => {
      const lane = laneIn(module, column, rows, day, cellOf);
      const ranges = lane === null ? null : codeRanges(lane, predicate, rows);
      if (lane === null || ranges === null || ranges.surely.length + ranges.open.length > mostRanges) {
        const pair = fillPlainly(rows, presentRows, column, predicate, cellOf);
        return { surely: sets.from(pair.surely), open: sets.from(pair.possibly), nobody: pair.possibly.every((word) => word === 0) };
      }
      const surely = answered(lane, ranges.surely, predicate, 3);
      const open = answered(lane, ranges.open, predicate, 1);
      return { surely, open, nobody: surely === none && open === none };
    },
    close: sets.close,
  };
};
