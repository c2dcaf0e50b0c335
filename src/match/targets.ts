// Where links lead: the columns links read, of every block of a register, and who stands where. A register of a million is held whole by every thread of a
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
  readonly bytes: Buffer;
  /** Where each row's key begins; of the row behind the last where it ends. */
  readonly starts: Uint32Array;
}

const keysOf = ({ rows, subjects }: OpenBlock): Keys => {
  const starts = new Uint32Array(rows + 1);
  const texts: string[] = [];
  for (let row = 0, at = 0; row < rows; row++) {
    const key = subjects.key(row) ?? '';
    texts.push(key);
    at += Buffer.byteLength(key);
    starts[row + 1] = at;
  }
  return { bytes: Buffer.from(texts.join('')), starts };
};

/** '' stands where the block has no subject: no key is empty. */
const keyAt = ({ bytes, starts }: Keys, row: number): string => bytes.toString('utf8', starts[row], starts[row + 1]);

/** FNV-1a: nobody chooses keys to make them meet, and the key itself is compared. */
export const hashOf = (key: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  return (h ^ (h >>> 15)) >>> 0;
};

/** The block without what only its own subjects are asked for. */
const lean = (block: OpenBlock, facts: readonly string[], keys: Keys): OpenBlock => {
  const { register, block: number, rows, present, over } = block;
  const columns = new Map<string, Column | null>(facts.map((fact) => [fact, block.column(fact)]));
  const none = (): never => {
    throw new Error('over a link only columns and keys are read');
  };
  return {
    register,
    block: number,
    rows,
    present,
    over,
    subjects: { rows, key: (row) => (row < rows ? keyAt(keys, row) || null : null), division: none, id: none, at: none },
    column: (fact) => {
      const column = columns.get(fact);
      if (column === undefined) throw new Error(`column ${fact} was not loaded`);
      return column;
    },
    readyRecords: none,
    record: none,
  };
};

/** `load` gives each block with these facts; one after the other, so that only one is held whole. */
export const openTargets = async (
  numbers: readonly number[],
  facts: readonly string[],
  load: (number: number) => Promise<OpenBlock>,
): Promise<Targets> => {
  const blocks = new Map<number, OpenBlock>();
  const keys = new Map<number, Keys>();
  let count = 0;
  for (const number of numbers) {
    const block = await load(number);
    const own = keysOf(block);
    keys.set(number, own);
    blocks.set(number, lean(block, facts, own));
    count += block.rows;
  }
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, count * 2)))).fill(-1);
  const mask = slots.length - 1;
  for (const [number, own] of keys) {
    for (let row = 0; row + 1 < own.starts.length; row++) {
      if (own.starts[row] === own.starts[row + 1]) continue;
      let slot = hashOf(keyAt(own, row)) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = number * blockRows + row;
    }
  }
  return {
    blocks,
    ordinal: (key) => {
      for (let slot = hashOf(key) & mask; slots[slot] !== -1; slot = (slot + 1) & mask) {
        const ordinal = slots[slot] as number;
        if (keyAt(keys.get(Math.floor(ordinal / blockRows)) as Keys, ordinal % blockRows) === key) return ordinal;
      }
      return undefined;
    },
  };
};
