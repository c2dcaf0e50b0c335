// The way of one source's money by whoever has to act next, until nobody has: sealed, checked, released, answered by the bank. Found from the rows each
// time, so it may be killed anywhere and done again. As a program: `walk.ts <owner url> <failpoint> <nth>` kills itself there.
import { type Failpoint, nowhere } from '../../src/db/failpoint.ts';
import type { Database } from '../../src/db/handle.ts';
import { linesOf } from '../../src/payment/batch-store.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults, type BankWord } from '../../src/payment/result.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { killAt } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { actor, payDay, steps } from './ground.ts';

const batchesIn = async (database: Database, state: string) =>
  database.sql<{ id: string; hash: string }[]>`select id, hash from batch where state = ${state} order by number`;

const answer = async (database: Database, batchId: string, at: Failpoint): Promise<void> => {
  const words: BankWord[] = [];
  for await (const { line } of linesOf(database.db, batchId)) {
    const kind = line.payeeName.endsWith('3') ? 'returned' : line.payeeName.endsWith('4') ? 'unknown' : 'paid';
    words.push({ position: line.position, endToEndId: line.endToEndId, kind, amountFen: line.amountFen, code: null, text: null });
  }
  words.push({ position: words.length + 1, endToEndId: 'ZXNOBODY', kind: 'paid', amountFen: 100n, code: null, text: null });
  const content = {
    open: async function* () {
      yield Buffer.from(`the answer about ${batchId}`);
    },
  };
  await applyResults(database.db, { name: 'back', format: 'table', words, content }, actor('clerk'), steps().now, at);
};

export const walk = async (database: Database, at: Failpoint = nowhere): Promise<void> => {
  const [source] = await database.sql<{ id: string }[]>`select id from funding_source`;
  const ask = { ...steps(), sourceId: source?.id ?? '', payOn: payDay, maker: actor('maker'), limit: 4, at };
  for (let more = true; more; ) more = (await sealBatch(database.db, ask)).batch !== null;
  for (const { id, hash } of await batchesIn(database, 'sealed'))
    await approveBatch(database.db, { batchId: id, hash, person: actor('checker'), now: steps().now });
  for (const { id, hash } of await batchesIn(database, 'approved')) {
    const { sha256 } = await prepareRelease(database.db, { ...steps(), batchId: id, at });
    await releaseBatch(database.db, { ...steps(), batchId: id, hash, sha256, person: actor('issuer'), at });
  }
  for (const { id } of await batchesIn(database, 'released')) await answer(database, id, at);
};

const [ownerUrl, name, nth] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && ownerUrl !== undefined && name !== undefined) {
  const own = await openTestDatabase({ ownerUrl, maxConnections: 2 });
  await walk(own, killAt(name, Number(nth)));
  await own.close();
}
