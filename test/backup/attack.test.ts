// A restored database that would pay again what was paid after its backup: a batch sent back and sealed anew, a payment that came back and was paid anew, a
// person whose record was made afterwards. Each is tried; none is paid before somebody has found out.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeCheckFile } from '../../src/account/check-make.ts';
import { backup } from '../../src/backup/backup.ts';
import { restore } from '../../src/backup/restore.ts';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { openVault, readConfig } from '../../src/config.ts';
import { openAsOwner, transaction } from '../../src/db/handle.ts';
import { migrate } from '../../src/db/migrate.ts';
import { explainRestore, reconcileRestore, restoreStatus } from '../../src/payment/after-restore.ts';
import { correctReturned } from '../../src/payment/reissue.ts';
import { prepareRelease } from '../../src/payment/release.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch, returnBatch } from '../../src/payment/sign.ts';
import { createDatabase, dropDatabase, type TestDatabase, testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { openTestDatabase } from '../open.ts';
import { actor, payDay, paying, person, ready, steps, toReady } from '../payment/ground.ts';
import { bankSays, referencesOf, sealOf, sendOut, signing, word } from '../payment/way.ts';
import { broken, runWith, settlePeople } from '../settlement/ground.ts';

const original = testDatabase();
const vault = openVault(readConfig({ ZHIXIANG_KEYS: testKeys }));
const restoredAt = new Date('2026-11-11T02:00:00Z');
const after = { ...steps(day('2026-11-12')), payOn: payDay };
let url = '';
let restored: TestDatabase;
let bank: readonly string[];
let approved: { readonly id: string; readonly hash: string };
let sources: Readonly<Record<'a' | 'b' | 'c', string>>;

const correct = (database: TestDatabase, disbursementId: string) =>
  transaction(database.db, (tx) =>
    correctReturned(tx, {
      ...{ disbursementId, account: '6222020000088888', reason: '本人来电更正', scope: everything, now: after.now },
      ...{ actor: actor('maker'), by: 'finance' },
    }),
  );
const recordOf = async (database: TestDatabase, key: string): Promise<{ readonly id: string; readonly state: string }> => {
  const rows = await database.sql<{ id: string; state: string }[]>`
    select d.id, d.state from disbursement d join record r on r.subject_id = d.subject_id where r.key = ${key}`;
  return rows[0] ?? { id: '', state: 'none' };
};
/** Somebody of whom nothing was known when the backup was made. */
const late = async (database: TestDatabase): Promise<void> => {
  await settlePeople(database, { C: person('丙', 3) });
  await runWith(database, [{ item: 'c', subject: 'C', yuan: 100 }]);
  await toReady(database, day('2026-11-12'));
};
const seal = (source: keyof typeof sources) => sealBatch(restored.db, { ...after, sourceId: sources[source], maker: actor('maker') });

beforeAll(async () => {
  const a = await ready(original, { A: person('甲', 1) });
  approved = await sealOf(original, a);
  await approveBatch(original.db, signing(approved, 'checker'));
  const b = await ready(original, { B: person('乙', 2) }, { item: paying('b') });
  const first = await sealOf(original, b);
  await sendOut(original, first);
  const c = await ready(original, { D: person('丁', 4) }, { item: paying('c') });
  sources = { a, b, c };
  const pieces: Uint8Array[] = [];
  const owner = openAsOwner(original.ownerUrl);
  await backup(owner.db, vault, steps().now, async (bytes) => {
    for await (const piece of bytes) pieces.push(piece);
  });
  await owner.close();
  // What happens next is lost: the batch is sent back and its record paid by another order, the second comes back and is paid anew, the third appears.
  await returnBatch(original.db, { ...signing(approved, 'checker'), reason: '核对后重做' });
  const again = await sealOf(original, a, { payOn: day('2026-11-21') });
  await sendOut(original, again);
  const [reference = ''] = await referencesOf(original, first.id);
  await bankSays(original, [word(reference, 'returned', { code: 'AC04' })], 'back');
  await correct(original, (await recordOf(original, 'B')).id);
  const anew = await sealOf(original, b);
  await sendOut(original, anew);
  await late(original);
  const third = await sealOf(original, c);
  await sendOut(original, third);
  bank = [reference, ...(await Promise.all([again, anew, third].map((batch) => referencesOf(original, batch.id)))).flat()];

  url = await createDatabase('empty');
  await migrate({ ownerUrl: url });
  const target = openAsOwner(url);
  const content = {
    open: async function* () {
      yield* pieces;
    },
  };
  await restore(target.db, vault, content, restoredAt);
  await target.close();
  restored = { ...(await openTestDatabase({ ownerUrl: url })), ownerUrl: url };
});
afterAll(async () => {
  await restored?.close();
  await dropDatabase(url);
});

it('pays nobody twice, whatever is tried', async () => {
  const by = { id: 'issuer', role: 'finance-issuer' };
  await expect(takeCheckFile(restored.db, approved.id, { ...by, scope: everything }, after.now)).rejects.toThrow('state.restored');
  await expect(explainRestore(restored.db, { by, reason: '查明', now: after.now })).rejects.toThrow('state.restored');
  const report = await reconcileRestore(restored.db, { references: bank, by, reason: '与代理银行逐笔核对', now: restoredAt });
  // D was paid in the same batch as C, from a record that the backup has.
  expect([report.known, report.sentBatches.length, report.held.length, report.open.length, report.unexplained.length]).toEqual([
    1, 0, 1, 2, 1,
  ]);
  expect((await recordOf(restored, 'D')).state).toBe('held');

  // The batch as it was approved: nobody of it is left to be paid, and sealed anew neither.
  await expect(prepareRelease(restored.db, { ...after, batchId: approved.id })).rejects.toThrow('state.nothing-left');
  await returnBatch(restored.db, { ...signing(approved, 'checker'), reason: '核对后重做' });
  const excluded = await seal('a');
  expect([excluded.batch, excluded.excluded.map((one) => one.reasons[0]?.slice(0, 5))]).toEqual([null, ['恢复之前银']]);

  // The order the bank had before comes back in our books too, and is put right: it was paid anew already.
  await bankSays(restored, [word(bank[0] ?? '', 'returned', { code: 'AC04' })], 'back');
  await correct(restored, (await recordOf(restored, 'B')).id);
  expect((await seal('b')).batch).toBe(null);

  // The machine finds the third again and makes a new record.
  await late(restored);
  expect((await recordOf(restored, 'C')).state).toBe('ready');
  expect((await seal('c')).batch).toBe(null);

  // Somebody finds out, writes down what, and from then on the records go by their states alone.
  expect(await restoreStatus(restored.db)).toMatchObject({ mark: { reconciled: { unexplained: 1 } } });
  await expect(explainRestore(restored.db, { by, reason: ' ', now: after.now })).rejects.toThrow('input.reason');
  await explainRestore(restored.db, { by, reason: '丙已于 11 月 20 日到账；其余各笔核对无误', now: after.now });
  await expect(explainRestore(restored.db, { by, reason: '再次', now: after.now })).rejects.toThrow('state.restored');
  expect((await seal('c')).batch).toMatchObject({ lines: 1 });
  expect(await broken(restored)).toEqual([]);
});
