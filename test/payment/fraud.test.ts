// A clerk who wants the money, a checker who lowers the bar for himself, a database administrator who changes where it comes from: each is tried.
import { beforeEach, describe, expect, it } from 'vitest';
import { everything } from '../../src/base/scope.ts';
import { connect, transaction } from '../../src/db/handle.ts';
import { readBands, setBands } from '../../src/payment/bands.ts';
import { releasedFile } from '../../src/payment/manifest.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { createAccount } from '../../src/web/account.ts';
import { testDatabase } from '../database.ts';
import { broken, empty, idOf } from '../settlement/ground.ts';
import { testApp } from '../web/app.ts';
import { actor, payDay, paying, person, ready, retell, steps } from './ground.ts';
import { sealOf, sendOut, signing } from './way.ts';

const database = testDatabase();
const asOwner = async (statement: string): Promise<void> => {
  const owner = connect(database.ownerUrl, { max: 1, statementTimeoutMs: 10_000 });
  await owner.unsafe(statement).finally(() => owner.end());
};
beforeEach(async () => {
  await empty(database);
  await asOwner(`delete from setting where key = 'approval.bands'`);
});
const people = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`P${i}`, person(`人${i}`, i + 1)]));

describe('one person', () => {
  it('has one account: no second one under the same name for what may not be in one hand', async () => {
    const test = testApp(database);
    const add = (username: string, name: string, role: 'finance-maker' | 'finance-checker' | 'officer') =>
      createAccount(test.auth, database.db, { username, name, roles: [role], scope: everything }, 'test', test.clock);
    await add('zhang.san', '张三', 'finance-maker');
    await expect(add('zhang.san2', '张 三', 'finance-checker')).rejects.toThrow('conflict.person');
    await add('zhang.officer', '张三', 'officer');
    await add('zhang.san3', '张三（国库科）', 'finance-checker');
  });

  it('who lowers the bands needs as many others as before where he checks himself, however often he tells them', async () => {
    const batch = await sealOf(database, await ready(database, people(1), { yuan: 2_000_000 }));
    const told = (by: string, checkers: number) =>
      transaction(database.db, (tx) =>
        setBands(tx, [{ upToFen: null, checkers }], { actor: by, role: 'finance-checker', at: steps().now }),
      );
    const check = async (one: typeof batch, who: string) =>
      approveBatch(database.db, { ...signing(one, who), bands: await readBands(database.db) });
    await told('chief', 2);
    await told('checker', 1);
    await told('checker', 1);
    expect(await check(batch, 'checker')).toBe(1);
    expect(await check(batch, 'other')).toBe(0);
    // For the others they hold as they were told.
    const next = await sealOf(database, await ready(database, { Q: person('后来', 9) }, { yuan: 2_000_000, item: paying('b') }));
    expect(await check(next, 'other')).toBe(0);
  });
});

describe('behind the program', () => {
  it('another paying account between sealing and release stops the batch', async () => {
    const batch = await sealOf(database, await ready(database, people(2)));
    await approveBatch(database.db, signing(batch, 'checker'));
    const { sha256, hash } = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
    await asOwner(`update funding_source set payer_account = '6200000000000002'`);
    await expect(prepareRelease(database.db, { ...steps(), batchId: batch.id })).rejects.toThrow('state.tampered');
    await expect(releaseBatch(database.db, { ...steps(), batchId: batch.id, sha256, hash, person: actor('issuer') })).rejects.toThrow(
      'state.tampered',
    );
  });

  it('a content hash made anew, with its signatures, is not what the trail says was sealed', async () => {
    const batch = await sealOf(database, await ready(database, people(2)));
    await asOwner(`alter table batch_signature drop constraint batch_signature_content;
      update batch set hash = repeat('a', 64) where id = '${batch.id}'; update batch_signature set hash = repeat('a', 64);
      alter table batch_signature add constraint batch_signature_content foreign key (batch_id, hash) references batch (id, hash)`);
    expect(await broken(database)).toMatchObject([{ invariant: 5, example: batch.id }]);
  });

  it('the signed manifest and file of one batch are not those of another', async () => {
    const source = await ready(database, people(2));
    const one = await sealOf(database, source, { limit: 1 });
    const other = await sealOf(database, source);
    await sendOut(database, one);
    await sendOut(database, other);
    const take = (batchId: string) => releasedFile(database.db, { batchId, person: actor('maker'), now: steps().now });
    const { sha256 } = await take(one.id);
    await asOwner(`delete from payment_file where batch_id = '${other.id}';
      update payment_file set batch_id = '${other.id}' where batch_id = '${one.id}'; update batch set file_sha256 = '${sha256}' where id = '${other.id}'`);
    await expect(take(other.id)).rejects.toThrow('state.tampered');
    await asOwner(`alter table batch_signature disable trigger all; update batch_signature set file_sha256 = '${sha256}' where role = 'issuer' and batch_id = '${other.id}';
      alter table batch_signature enable trigger all`);
    await expect(take(other.id)).rejects.toThrow('state.tampered');
  });
});

it('however many may not be paid, they keep nobody behind them from a batch', async () => {
  const all = people(7);
  const source = await ready(database, all);
  const order = Object.keys(all).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  for (const key of order.slice(0, 5)) await retell(database, idOf(key), { deathDate: '2026-01-02' });
  const { batch, excluded } = await sealBatch(database.db, {
    ...steps(),
    sourceId: source,
    payOn: payDay,
    maker: actor('maker'),
    limit: 2,
  });
  expect([batch?.lines, excluded.length]).toEqual([2, 5]);
  expect(await broken(database)).toEqual([]);
});
