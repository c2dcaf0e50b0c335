// Who need not be decided at all: whom the conditions rule out column by column or for having nothing in a list, and whose list is known to be empty
// where an item pays per element or per event. The plain path is asked about a sample of them (`opinion-check.ts`).
import type { CompiledItem } from '../policy/compile.ts';
import { factOf } from '../record/lookup.ts';
import { andNotInto, type Bitmap, emptyBitmap, orInto, setBit } from '../snapshot/bitmap.ts';
import { endCell, firstCell, rowState, rowStateAt } from '../snapshot/columns.ts';
import type { Kernel } from '../snapshot/kernel.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { state, stateAt } from '../snapshot/vector.ts';
import { ruleOutAlike } from './alike.ts';
import { type ChunkJob, kernelItem } from './batch.ts';

/** Everybody who may be eligible or undetermined by one of the item's versions. */
export const candidatesOf = (job: Pick<ChunkJob, 'compiled' | 'period' | 'frame'>, block: OpenBlock, kernel: Kernel): Bitmap => {
  const { compiled, period, frame } = job;
  const candidates = emptyBitmap(block.rows);
  for (let by: CompiledItem | undefined = compiled; by !== undefined; by = by.before) {
    const { possibly } = kernel.match(kernelItem(by, period, frame));
    for (const list of new Set([by.each?.list, by.event?.list])) if (list !== undefined) andNotInto(possibly, withoutAny(job, block, list));
    ruleOutAlike(job, by, block, possibly);
    orInto(candidates, possibly);
  }
  return candidates;
};

/** Rows of which somebody said that the list holds nothing. A dated list may hold something on another day: nobody is left out for it. */
export const withoutAny = (
  { compiled, frame }: { readonly compiled: Pick<CompiledItem, 'register'>; readonly frame: Pick<ChunkJob['frame'], 'catalogue'> },
  block: OpenBlock,
  list: string,
): Bitmap => {
  const bits = emptyBitmap(block.rows);
  const column = factOf(frame.catalogue, compiled.register, list)?.timed === true ? null : block.column(list);
  if (column === null || column.values.shape !== 'list') return bits;
  const { states, offsets, odd } = column.values;
  for (let row = 0; row < block.rows; row++) {
    const cell = firstCell(column, row);
    if (rowStateAt(column, row) !== rowState.told || cell >= endCell(column, row)) continue;
    const told = states[cell];
    const empty = told === state.null || (told === state.value && offsets[cell] === offsets[cell + 1]);
    if (empty && (odd === undefined || stateAt(odd, cell) !== state.value)) setBit(bits, row);
  }
  return bits;
};
