// Seals records into one block in memory, through the same bytes the database would hold.
import type { ResolvedRecord } from '../../src/record/resolve.ts';
import { blockBuilder, finishBlock, pushRecord } from '../../src/snapshot/block.ts';
import { type OpenBlock, openBlock } from '../../src/snapshot/open.ts';
import { worldFacts } from './world.ts';

export const sealedBlock = (records: readonly ResolvedRecord[]): OpenBlock => {
  const builder = blockBuilder('citizen', 0, [...worldFacts.values()]);
  for (const record of records) pushRecord(builder, record);
  const segments = new Map([...finishBlock(builder)].map((s) => [s.column, s.bytes]));
  return openBlock('citizen', 0, [...worldFacts.keys()], segments, { cachedBytes: 0 });
};
