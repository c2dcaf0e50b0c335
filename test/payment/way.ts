// The way of a batch in tests: sealed, approved, released and answered by different people, on the ground's own day.
import { linesOf } from '../../src/payment/batch-store.ts';
import type { Batch } from '../../src/payment/payment.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults, type BankWord, type ResultReport } from '../../src/payment/result.ts';
import { type SealAsk, sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import type { TestDatabase } from '../database.ts';
import { actor, payDay, steps } from './ground.ts';

export type Sealed = Pick<Batch, 'id' | 'hash' | 'lines' | 'totalFen'>;

export const sealOf = async (database: TestDatabase, sourceId: string, over: Partial<SealAsk> = {}): Promise<Sealed> => {
  const { batch } = await sealBatch(database.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker'), ...over });
  if (batch === null) throw new Error('nothing sealed');
  return batch;
};

export const signing = (batch: Pick<Batch, 'id' | 'hash'>, person: string) => ({
  batchId: batch.id,
  hash: batch.hash,
  person: actor(person, 'finance-checker'),
  now: steps().now,
});

/** Approved by one checker, the file made and signed by the issuer. */
export const sendOut = async (database: TestDatabase, batch: Pick<Batch, 'id' | 'hash'>): Promise<void> => {
  await approveBatch(database.db, signing(batch, 'checker'));
  const { sha256, hash } = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
  await releaseBatch(database.db, { ...steps(), batchId: batch.id, sha256, hash, person: actor('issuer') });
};

export const word = (endToEndId: string, kind: BankWord['kind'], more: Partial<BankWord> = {}): BankWord => ({
  position: 1,
  endToEndId,
  kind,
  amountFen: null,
  code: null,
  text: null,
  ...more,
});

/** `bytes` are the file's: the same again is the same file. */
export const bankSays = (database: TestDatabase, words: readonly BankWord[], bytes: string): Promise<ResultReport> =>
  applyResults(
    database.db,
    {
      name: 'back.csv',
      format: 'table',
      words: words.map((one, i) => ({ ...one, position: i + 1 })),
      content: {
        open: async function* () {
          yield Buffer.from(bytes);
        },
      },
    },
    actor('clerk'),
    steps().now,
  );

/** The bank's references of a batch, in the order of its lines. */
export const referencesOf = async (database: TestDatabase, batchId: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { line } of linesOf(database.db, batchId)) found.push(line.endToEndId);
  return found;
};
