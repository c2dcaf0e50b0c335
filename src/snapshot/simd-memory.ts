// The SIMD module (`simd.as.ts`) and its memory: one per thread, opened at first use. What lies in the memory is decided in `simd.ts` and `simd-lane.ts`.
import { blockRows } from './bitmap.ts';
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

interface Module {
  range(lane: number, digits: number, low: number, high: number, mask: number, out: number, tiles: number, add: number): number;
  all(parts: number, n: number, surely: number, possibly: number, tiles: number): number;
  any(parts: number, n: number, surely: number, possibly: number, tiles: number): number;
  and(a: number, b: number, out: number, bytes: number): number;
  or(a: number, b: number, bytes: number): void;
  andNot(a: number, b: number, out: number, bytes: number): void;
  count(a: number, bytes: number): number;
  rowsInAll(parts: number, n: number, tile: number, out: number, base: number, tiles: number): number;
  widen8(from: number, to: number, rows: number): void;
  widen16(from: number, to: number, rows: number): void;
  withState(states: number, state: number, out: number, tiles: number): number;
  span(codes: number, states: number, state: number, rows: number, out: number): void;
  rebase(codes: number, states: number, state: number, base: number, rows: number): void;
  turn(codes: number, digits: number, out: number, tiles: number): void;
}

const pageBytes = 65_536;
/** Rows in a tile. */
export const tileRows = 512;
export const setBytes = blockRows / 8;
/** Room for one block's rows as numbers, and a little behind for what `rows` writes ahead. */
const listBytes = blockRows * 4 + pageBytes;
/** Parts of a group, two numbers each, that `scratch.parts` has room for. */
export const mostParts = pageBytes / 8;

/** Memory is handed out in sizes that come again: sets, and lanes by how many digits they have. */
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
  let view = new Int32Array(memory.buffer);
  return {
    memory,
    /** The whole memory as 32-bit numbers; void once anything was taken. */
    numbers: (): Int32Array => {
      if (view.length === 0 || view.buffer !== memory.buffer) view = new Int32Array(memory.buffer);
      return view;
    },
    code: exports as unknown as Module,
    take,
    give,
    /** Used within one call and by nobody across two: codes of a block, their states, its rows as numbers, a list of sets. */
    scratch: {
      codes: take(blockRows * 4),
      raw: take(blockRows * 2),
      states: take(blockRows),
      list: take(listBytes),
      parts: take(pageBytes),
    },
  };
};

export type Opened = ReturnType<typeof openModule>;
let opened: Opened | null | undefined;
/** null where the runtime compiles nothing at run time. */
export const simdModule = (): Opened | null => {
  if (opened === undefined) {
    try {
      opened = openModule();
    } catch {
      opened = null;
    }
  }
  return opened;
};
