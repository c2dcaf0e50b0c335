// The kernel's sets in the memory of a WebAssembly module (`simd.as.ts`): a predicate is a few range tests over a lane, sixteen bytes at a time. One module
// per thread, opened at first use; where the runtime allows none (Workers compile nothing at run time) the plain loops stand in.
import { type Bitmap, blockRows, wordsFor } from './bitmap.ts';
import { type Bits, fillPlainly } from './bits.ts';
import { type Column, rowState, rowStateAt } from './columns.ts';
import { type CellOf, type CodeRange, codeRanges, type Lane, laneOf } from './lane.ts';
import { wasm } from './simd-wasm.ts';

/** Every runtime of ours has it; its types come with the DOM's, which nothing else here needs. */
declare const WebAssembly: {
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
  }) => {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

type Range = (lane: number, low: number, high: number, out: number, words: number) => void;
interface Module {
  readonly range8: Range;
  readonly range8Or: Range;
  readonly range16: Range;
  readonly range16Or: Range;
  readonly range32: Range;
  readonly range32Or: Range;
  table8(lane: number, table: number, out: number, words: number): void;
  table16(lane: number, table: number, out: number, words: number): void;
  and(a: number, b: number, bytes: number): number;
  or(a: number, b: number, bytes: number): void;
  andNot(a: number, b: number, bytes: number): void;
  copy(to: number, from: number, bytes: number): void;
  count(a: number, bytes: number): number;
  rows(a: number, bytes: number, out: number, base: number): number;
}

const pageBytes = 65_536;
const setBytes = blockRows / 8;
const listBytes = blockRows * 4;
/** More ranges than this and a look into a table of codes is cheaper. */
const mostRanges = 12;

/** A lane whose codes lie in the module's memory. */
interface KeptLane extends Omit<Lane, 'codes'> {
  readonly width: 8 | 16 | 32;
  readonly at: number;
  readonly bytes: number;
  alive: boolean;
}

/** Memory is handed out in fixed sizes: sets, and lanes of 1, 2 or 4 bytes a row. */
const openModule = () => {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_536 });
  const bytes = Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, abort: () => {} } });
  const free = new Map<number, number[]>();
  let top = pageBytes;
  const take = (size: number): number => {
    const kept = free.get(size)?.pop();
    if (kept !== undefined) return kept;
    const at = top;
    top += size;
    const missing = top - memory.buffer.byteLength;
    // Grown in steps: each growth copies nothing but makes every view of the memory void.
    if (missing > 0) memory.grow(Math.max(256, Math.ceil(missing / pageBytes)));
    return at;
  };
  const give = (size: number, at: number): void => {
    const list = free.get(size);
    if (list === undefined) free.set(size, [at]);
    else list.push(at);
  };
  return { memory, code: exports as unknown as Module, take, give, lanes: new Set<KeptLane>(), laneBytes: 0 };
};

let opened: ReturnType<typeof openModule> | null | undefined;
const simdModule = (): ReturnType<typeof openModule> | null => {
  if (opened === undefined) {
    try {
      opened = openModule();
    } catch {
      opened = null;
    }
  }
  return opened;
};

/** Lanes kept between blocks and questions, the least recently made going first. */
const mostLaneBytes = 512_000_000;
const kept = new WeakMap<Column, Map<number | null, KeptLane | null>>();

/** What a day of null or any other day asks of a column; null: no lane says it. */
const laneIn = (code: NonNullable<typeof opened>, column: Column, rows: number, day: number | null, cellOf: CellOf): KeptLane | null => {
  const own = kept.get(column) ?? new Map<number | null, KeptLane | null>();
  kept.set(column, own);
  const before = own.get(day);
  if (before === null || before?.alive) return before;
  const told =
    column.rowStates === undefined && column.rows >= rows
      ? cellOf
      : (row: number) => (rowStateAt(column, row) === rowState.told ? cellOf(row) : -1);
  const lane = laneOf(column, rows, told);
  if (lane === null) {
    own.set(day, null);
    return null;
  }
  const bytes = blockRows * lane.codes.BYTES_PER_ELEMENT;
  for (const oldest of code.lanes) {
    if (code.laneBytes + bytes <= mostLaneBytes) break;
    oldest.alive = false;
    code.lanes.delete(oldest);
    code.laneBytes -= oldest.bytes;
    code.give(oldest.bytes, oldest.at);
  }
  const at = code.take(bytes);
  const place = new Uint8Array(code.memory.buffer, at, bytes);
  place.fill(0);
  place.set(new Uint8Array(lane.codes.buffer));
  const { base, top, cells } = lane;
  const width = lane.codes instanceof Uint8Array ? 8 : lane.codes instanceof Uint16Array ? 16 : 32;
  const made: KeptLane = { base, top, cells, width, at, bytes, alive: true };
  code.lanes.add(made);
  code.laneBytes += bytes;
  own.set(day, made);
  return made;
};

/** null where the runtime has no SIMD module. Sets are places in its memory. */
export const simdBits = (rows: number, present: Bitmap): Bits<number> | null => {
  const module = simdModule();
  return module === null ? null : bitsIn(module, rows, present);
};

const byRanges = (code: Module, { width, at }: KeptLane, ranges: readonly CodeRange[], out: number, words: number): void => {
  for (const [i, [low, high]] of ranges.entries()) code[`range${width}${i === 0 ? '' : 'Or'}`](at, low, high, out, words);
};

/** `table` is 65,536 bytes of the module's memory: one per code. */
const byTable = (
  { code, memory }: NonNullable<typeof opened>,
  { width, at }: KeptLane,
  ranges: readonly CodeRange[],
  table: number,
  out: number,
  words: number,
): void => {
  const answers = new Uint8Array(memory.buffer, table, pageBytes).fill(0);
  for (const [low, high] of ranges) answers.fill(1, low, high + 1);
  code[width === 8 ? 'table8' : 'table16'](at, table, out, words);
};

const bitsIn = (module: NonNullable<typeof opened>, rows: number, presentRows: Bitmap): Bits<number> => {
  const { code } = module;
  const taken = new Set<number>();
  // Sets are whole pairs of 64-bit words; what lies beyond the last row stays 0.
  const bytes = Math.ceil(rows / 128) * 16;
  const words = bytes / 8;
  const take = (): number => {
    const at = module.take(setBytes);
    taken.add(at);
    return at;
  };
  const from = (bitmap: Bitmap): number => {
    const at = take();
    const place = new Uint32Array(module.memory.buffer, at, bytes / 4);
    place.fill(0);
    place.set(bitmap);
    return at;
  };
  const none = from(new Uint32Array(wordsFor(rows)));
  const present = from(presentRows);
  const copy = (a: number): number => {
    const at = take();
    code.copy(at, a, bytes);
    return at;
  };
  const scratch = { table: 0, list: 0 };
  const once = (what: 'table' | 'list', size: number): number => {
    if (scratch[what] === 0) scratch[what] = module.take(size);
    return scratch[what];
  };
  const rangesInto = (lane: KeptLane, ranges: readonly CodeRange[]): number => {
    const out = take();
    if (ranges.length === 0) code.copy(out, none, bytes);
    else if (ranges.length > mostRanges && lane.width !== 32) byTable(module, lane, ranges, once('table', pageBytes), out, words);
    else byRanges(code, lane, ranges, out, words);
    return out;
  };
  return {
    none,
    present,
    copy,
    and: (a, b) => code.and(a, b, bytes) !== 0,
    or: (a, b) => code.or(a, b, bytes),
    without: (a) => {
      const out = copy(present);
      code.andNot(out, a, bytes);
      return out;
    },
    from,
    free: (a) => {
      taken.delete(a);
      module.give(setBytes, a);
    },
    bitmap: (a) => new Uint32Array(module.memory.buffer, a, wordsFor(rows)).slice(),
    count: (a) => code.count(a, bytes),
    rows: (a, base) => {
      const list = once('list', listBytes);
      const found = code.rows(a, bytes, list, base);
      return new Int32Array(module.memory.buffer, list, found).slice();
    },
    fill: (column, day, cellOf, predicate) => {
      const lane = laneIn(module, column, rows, day, cellOf);
      const ranges = lane === null ? null : codeRanges(lane, predicate);
      if (lane === null || ranges === null) {
        const pair = fillPlainly(rows, presentRows, column, predicate, cellOf);
        return { surely: from(pair.surely), possibly: from(pair.possibly) };
      }
      const surely = rangesInto(lane, ranges.surely);
      const possibly = rangesInto(lane, ranges.open);
      code.or(possibly, surely, bytes);
      code.and(surely, present, bytes);
      code.and(possibly, present, bytes);
      return { surely, possibly };
    },
    close: () => {
      for (const at of taken) module.give(setBytes, at);
      taken.clear();
      if (scratch.table !== 0) module.give(pageBytes, scratch.table);
      if (scratch.list !== 0) module.give(listBytes, scratch.list);
    },
  };
};
