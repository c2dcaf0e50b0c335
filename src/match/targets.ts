// Where links lead: the columns links read, of every block of a register, and who stands where. A register of a million is held whole for all threads of a
// run, so keys stand as bytes and are found by a table of numbers: a tenth of what a map of texts takes.
import { blockRows } from '../snapshot/bitmap.ts';
import type { Column } from '../snapshot/columns.ts';
import type { OpenBlock } from '../snapshot/open.ts';

export interface Targets {
  /** They keep columns and keys; ids and names are not asked for over a link. */
  readonly blocks: ReadonlyMap<number, OpenBlock>;
  /** undefined: nobody of that key. */
  ordinal(key: string): number | undefined;
}

/** The keys of one block, one after the other. */
interface Keys {
  readonly bytes: Uint8Array;
  /** Where each row's key begins; of the row behind the last where it ends. */
  readonly starts: Uint32Array;
}

/** The block without what only its own subjects are asked for. */
interface LeanBlock extends Pick<OpenBlock, 'block' | 'rows' | 'present' | 'over'> {
  readonly keys: Keys;
  readonly columns: Readonly<Record<string, Column | null>>;
}

/** All of it as plain data, its numbers in shared memory: threads of one process are given it and hold it once. */
export interface TargetData {
  readonly register: string;
  readonly facts: readonly string[];
  readonly blocks: readonly LeanBlock[];
  /** Ordinals by the hash of their keys, -1 where a slot is free. */
  readonly slots: Int32Array;
}

type View = Uint8Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array;

/** Texts stay as they are: each thread has its own. */
const inSharedMemory = <T>(value: T): T => {
  if (ArrayBuffer.isView(value)) {
    const view = value as unknown as View;
    const shared = new SharedArrayBuffer(view.byteLength);
    new Uint8Array(shared).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return new (view.constructor as new (buffer: SharedArrayBuffer) => View)(shared) as unknown as T;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inSharedMemory(part as unknown)])) as T;
};

const keysOf = ({ rows, subjects }: OpenBlock): Keys => {
  const starts = new Uint32Array(rows + 1);
  const texts: string[] = [];
  for (let row = 0, at = 0; row < rows; row++) {
    const key = subjects.key(row) ?? '';
    texts.push(key);
    at += Buffer.byteLength(key);
    starts[row + 1] = at;
  }
  // Not of a pool: what is shared is the keys and nothing beside them.
  return { bytes: new Uint8Array(Buffer.from(texts.join(''))), starts };
};

/** '' stands where the block has no subject: no key is empty. */
const keysIn = ({ bytes, starts }: Keys): ((row: number) => string) => {
  const buffer = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  return (row) => buffer.toString('utf8', starts[row], starts[row + 1]);
};

/** FNV-1a: nobody chooses keys to make them meet, and the key itself is compared. */
export const hashOf = (key: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  return (h ^ (h >>> 15)) >>> 0;
};

/** A block of which only columns and keys are asked. */
export const leanBlock = (
  { register, ...of }: Pick<OpenBlock, 'register' | 'block' | 'rows' | 'present' | 'over' | 'column'>,
  keyAt: (row: number) => string,
): OpenBlock => {
  const none = (): never => {
    throw new Error('over a link only columns and keys are read');
  };
  const { rows } = of;
  return {
    register,
    ...of,
    subjects: { rows, key: (row) => (row < rows ? keyAt(row) || null : null), division: none, id: none, at: none },
    readyRecords: none,
    record: none,
  };
};

const opened = (register: string, { columns, ...of }: LeanBlock, keyAt: (row: number) => string): OpenBlock => {
  const column = (fact: string): Column | null => {
    const found = columns[fact];
    if (found === undefined) throw new Error(`column ${fact} was not loaded`);
    return found;
  };
  return leanBlock({ register, ...of, column }, keyAt);
};

/** `load` gives each block with these facts; one after the other, so that only one is held whole. */
export const readTargets = async (
  register: string,
  numbers: readonly number[],
  facts: readonly string[],
  load: (number: number) => Promise<OpenBlock>,
): Promise<TargetData> => {
  const blocks: LeanBlock[] = [];
  let count = 0;
  for (const number of numbers) {
    const block = await load(number);
    const { rows, present, over } = block;
    const columns = Object.fromEntries(facts.map((fact) => [fact, block.column(fact)]));
    blocks.push({ block: number, rows, over, ...inSharedMemory({ present, keys: keysOf(block), columns }) });
    count += rows;
  }
  const slots = inSharedMemory(new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, count * 2)))).fill(-1));
  const mask = slots.length - 1;
  for (const { block, rows, keys } of blocks) {
    const keyAt = keysIn(keys);
    for (let row = 0; row < rows; row++) {
      if (keys.starts[row] === keys.starts[row + 1]) continue;
      let slot = hashOf(keyAt(row)) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = block * blockRows + row;
    }
  }
  return { register, facts, blocks, slots };
};

export const openTargets = ({ register, blocks, slots }: TargetData): Targets => {
  const keys = new Map(blocks.map((one) => [one.block, keysIn(one.keys)]));
  const mask = slots.length - 1;
  return {
    blocks: new Map(blocks.map((one) => [one.block, opened(register, one, keys.get(one.block) as (row: number) => string)])),
    ordinal: (key) => {
      for (let slot = hashOf(key) & mask; slots[slot] !== -1; slot = (slot + 1) & mask) {
        const ordinal = slots[slot] as number;
        if (keys.get(Math.floor(ordinal / blockRows))?.(ordinal % blockRows) === key) return ordinal;
      }
      return undefined;
    },
  };
};
