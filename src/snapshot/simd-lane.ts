// Lanes in the SIMD module's memory: made once per column and day, turned on their side there, kept as long as there is room.
import type { Column } from './columns.ts';
import { type CellOf, type Codes, type Lane, laneOf } from './lane.ts';
import { type Opened, setBytes, tileRows } from './simd-memory.ts';
import { state } from './vector.ts';

/** A lane in the module's memory: its digits, then the rows that have a value, a known none, and nothing. */
export interface KeptLane extends Codes {
  readonly digits: number;
  readonly at: number;
  readonly bytes: number;
  readonly told: number;
  readonly none: number;
  readonly unknown: number;
  readonly anyNone: boolean;
  readonly anyUnknown: boolean;
  alive: boolean;
}

/** Lanes kept between blocks and questions, the least recently made going first. */
const mostLaneBytes = 256_000_000;
const lanes = new Set<KeptLane>();
let laneBytes = 0;
const kept = new WeakMap<Column, Map<number | null, KeptLane | null>>();

const letGo = (module: Opened, lane: KeptLane): void => {
  lane.alive = false;
  if (!lanes.delete(lane)) return;
  laneBytes -= lane.bytes;
  module.give(lane.bytes, lane.at);
};
/** Nobody can ask for the lanes of a column that is gone. */
const gone = new FinalizationRegistry<{ readonly module: Opened; readonly lane: KeptLane }>(({ module, lane }) => letGo(module, lane));

/** What a day of null or any other day asks of a column; null: no lane says it. */
export const laneIn = (module: Opened, column: Column, rows: number, day: number | null, cellOf: CellOf): KeptLane | null => {
  let own = kept.get(column);
  if (own === undefined) {
    own = new Map();
    kept.set(column, own);
  }
  const before = own.get(day);
  if (before === null || before?.alive) return before;
  const lane = laneOf(column, rows, day === null ? null : cellOf);
  const made = lane === null ? null : placed(module, lane, rows);
  if (made !== null) gone.register(column, { module, lane: made });
  own.set(day, made);
  return made;
};

/** null: numbers too far apart for 32 bits. */
const placed = (module: Opened, lane: Lane, rows: number): KeptLane | null => {
  const { code, memory, scratch } = module;
  const tiles = Math.ceil(rows / tileRows);
  const padded = tiles * tileRows;
  const states = new Uint8Array(memory.buffer, scratch.states, padded).fill(state.absent, rows);
  if (lane.states === null) states.fill(state.value, 0, rows);
  else states.set(lane.states);
  widened(module, lane.data, padded);
  let [base, top] = [0, (lane.order?.length ?? 1) - 1];
  if (lane.order === null) {
    code.span(scratch.codes, scratch.states, state.value, padded, scratch.parts);
    const ends = new Int32Array(memory.buffer, scratch.parts, 8);
    const [low, high] = [Math.min(...ends.subarray(0, 4)), Math.max(...ends.subarray(4))];
    if (low <= high) [base, top] = [low, high - low];
    if (top > 0x7fffffff) return null;
  }
  code.rebase(scratch.codes, scratch.states, state.value, base, padded);
  const digits = top <= 0 ? 0 : 32 - Math.clz32(top);
  const bytes = (digits + 3) * setBytes;
  for (const oldest of lanes) {
    if (laneBytes + bytes <= mostLaneBytes) break;
    letGo(module, oldest);
  }
  const at = module.take(bytes);
  const [told, none, unknown] = [0, 1, 2].map((i) => at + (digits + i) * setBytes) as [number, number, number];
  code.turn(scratch.codes, digits, at, tiles);
  code.withState(scratch.states, state.value, told, tiles);
  const anyNone = code.withState(scratch.states, state.null, none, tiles) !== 0;
  const anyUnknown = code.withState(scratch.states, state.absent, unknown, tiles) !== 0;
  const made: KeptLane = { base, top, order: lane.order, digits, at, bytes, told, none, unknown, anyNone, anyUnknown, alive: true };
  lanes.add(made);
  laneBytes += bytes;
  return made;
};

/** The lane's data as 32-bit numbers in `scratch.codes`. */
const widened = ({ code, memory, scratch }: Opened, data: Lane['data'], padded: number): void => {
  if (data instanceof Int32Array) {
    new Int32Array(memory.buffer, scratch.codes, padded).set(data);
    return;
  }
  if (data instanceof Uint8Array) {
    new Uint8Array(memory.buffer, scratch.raw, padded).set(data);
    code.widen8(scratch.raw, scratch.codes, padded);
    return;
  }
  new Uint16Array(memory.buffer, scratch.raw, padded).set(data);
  code.widen16(scratch.raw, scratch.codes, padded);
};
