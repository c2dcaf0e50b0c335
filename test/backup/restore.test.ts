// Backup, destroy, restore, on a real PostgreSQL by the commands themselves: of one moment, whole or not at all, and nothing leaves before a person has
// said what was sent in between. (That every decision replays from a restored database is shown in test/journey.test.ts.)
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backup } from '../../src/backup/backup.ts';
import { restore } from '../../src/backup/restore.ts';
import { writeWhole } from '../../src/command/out-file.ts';
import { openVault, readConfig } from '../../src/config.ts';
import { type Database, openAsOwner, transaction } from '../../src/db/handle.ts';
import { migrate } from '../../src/db/migrate.ts';
import { isRestoring } from '../../src/db/restored.ts';
import { move } from '../../src/ledger/ledger.ts';
import { openBudgets, post } from '../../src/ledger/store.ts';
import type { Channel } from '../../src/notice/notice.ts';
import { send } from '../../src/notice/send.ts';
import { releasedFile } from '../../src/payment/manifest.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { sendReminders } from '../../src/readiness/remind.ts';
import { caller } from '../command/call.ts';
import { createDatabase, dropDatabase, testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { openTestDatabase } from '../open.ts';
import { actor, payDay, paying, person, ready, steps } from '../payment/ground.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-backup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'all.backup');
const { now } = steps();
const env = (url: string) => ({ DATABASE_URL: url, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys });
const at = (url: string) => caller(() => env(url), now);

const sealOf = async (on: Database, sourceId: string) => {
  const { batch } = await sealBatch(on.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker') });
  if (batch === null) throw new Error('nothing sealed');
  return batch;
};
const approve = (on: Database, batch: { id: string; hash: string }) =>
  approveBatch(on.db, { batchId: batch.id, hash: batch.hash, person: actor('checker'), now });
const release = async (on: Database, batch: { id: string; hash: string }) => {
  const prepared = await prepareRelease(on.db, { ...steps(), batchId: batch.id });
  await releaseBatch(on.db, { ...steps(), batchId: batch.id, sha256: prepared.sha256, hash: batch.hash, person: actor('issuer') });
  return prepared.sha256;
};
const fileOf = (batchId: string) => ({ batchId, person: actor('issuer'), now });
const referencesOf = async (on: Database, batchId: string): Promise<readonly string[]> =>
  (await on.sql<{ id: string }[]>`select end_to_end_id as id from payment_line where batch_id = ${batchId}`).map((row) => row.id);
const table = (references: readonly string[]): string =>
  ['流水号,处理结果,金额', ...references.map((one) => `${one},成功,100.00`), ''].join('\n');

// One batch released before the backup, one approved, one person ready; after it the second is released and the third is paid by a batch of its own.
let before: { readonly released: string; readonly approved: { id: string; hash: string } };
let lost: { readonly sha256: string; readonly references: readonly string[]; readonly late: readonly string[] };
beforeAll(async () => {
  const a = await sealOf(database, await ready(database, { A: person('甲', 1) }));
  await approve(database, a);
  await release(database, a);
  const b = await sealOf(database, await ready(database, { B: person('乙', 2) }, { item: paying('b') }));
  await approve(database, b);
  const source = await ready(database, { C: person('丙', 3), D: person('丁', 4) }, { item: paying('c') });
  await database.sql`update disbursement set state = 'reviewing' where subject_id = (select subject_id from record where key = 'D')`;
  before = { released: a.id, approved: b };
  const made = await at(database.ownerUrl)('backup', file, '--json');
  expect(made.json()).toMatchObject({ madeAt: now.toISOString() });
  const sha256 = await release(database, b);
  const c = await sealOf(database, source);
  await approve(database, c);
  await release(database, c);
  lost = {
    sha256,
    references: [...(await referencesOf(database, a.id)), ...(await referencesOf(database, b.id))],
    late: await referencesOf(database, c.id),
  };
});

describe('a backup', () => {
  it('never overwrites a file', async () => {
    expect((await at(database.ownerUrl)('backup', file)).problems[0]?.code).toBe('conflict.file');
  });

  it('is refused, and nothing touched, when it is not whole, not ours, or its keys are others', async () => {
    const bytes = readFileSync(file);
    const url = await createDatabase('empty');
    try {
      for (const [name, broken] of [
        ['cut', bytes.subarray(0, bytes.length - 1_000)],
        ['changed', Buffer.from(bytes).fill(0, bytes.length >> 1, (bytes.length >> 1) + 8)],
        ['other', Buffer.from('not a backup at all')],
      ] as const) {
        writeFileSync(join(folder, name), broken);
        expect((await at(url)('restore', join(folder, name))).problems[0]?.code).toBe('input.backup');
      }
      const others = `index ${Buffer.alloc(32, 1).toString('base64')};k1 aes-256-gcm ${Buffer.alloc(32, 8).toString('base64')}`;
      const other = caller(() => ({ ...env(url), ZHIXIANG_KEYS: others }), now);
      expect((await other('restore', file)).problems[0]?.code).toBe('config.key-wrong');
      const empty = openAsOwner(url);
      expect(await empty.sql`select relname from pg_class where relnamespace = 'public'::regnamespace`).toEqual([]);
      await empty.close();
    } finally {
      await dropDatabase(url);
    }
  });

  it('goes onto a new server of its own with the keys that were kept apart', async () => {
    const data = join(folder, 'new');
    const own = caller(() => ({ ZHIXIANG_DATA: data }), now);
    expect((await own('restore', file)).problems[0]?.code).toBe('config.keys');
    expect(existsSync(join(data, 'keys'))).toBe(false);
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'keys'), testKeys.replaceAll(';', '\n'), { mode: 0o600 });
    expect((await own('restore', file)).exit).toBe(0);
    expect((await own('check', '--json')).json().invariants).toEqual([]);
    expect((await own('restore', 'status')).text).toContain('还没有核对');
    expect((await own('restore', file)).problems[0]?.code).toBe('state.not-empty');
  });

  it('is of one moment while others write: no transaction is half in it', async () => {
    const from = await createDatabase();
    const to = await createDatabase('empty');
    const source = openAsOwner(from);
    const vault = openVault(readConfig(env(from)));
    const writers = Array.from({ length: 3 }, () => openAsOwner(from));
    try {
      const order = { itemId: 'x', year: 2026, kind: 'limited' as const, appropriatedFen: 1_000_000_000n };
      await transaction(source.db, (tx) => openBudgets(tx, [order], now));
      let stop = false;
      const entries = move('reserve', 'x:2026', 7n);
      const begun: Promise<unknown>[] = [];
      const busy = writers.map(async (writer, w) => {
        for (let n = 0; !stop; n++) {
          const reserve = { key: `reserve:${w}:${n}`, kind: 'reserve' as const, itemId: 'x', year: 2026, entries };
          const written = transaction(writer.db, (tx) => post(tx, [reserve], now));
          if (n === 0) begun.push(written);
          await written;
        }
      });
      await Promise.all(begun);
      const path = join(folder, 'busy.backup');
      await backup(source.db, vault, now, (bytes) => writeWhole(path, bytes)).finally(() => {
        stop = true;
      });
      await Promise.all(busy);
      await migrate({ ownerUrl: to });
      const target = openAsOwner(to);
      try {
        const content = {
          open: async function* () {
            yield readFileSync(path);
          },
        };
        await restore(target.db, vault, content, now);
        expect(await target.sql`select * from assert_invariants()`).toEqual([]);
        expect(await isRestoring(target.db)).toBe(true);
      } finally {
        await target.close();
      }
    } finally {
      await Promise.all([source, ...writers].map((one) => one.close()));
      await dropDatabase(from);
      await dropDatabase(to);
    }
  });
});

describe('after a restore', () => {
  const deaf: Channel = {
    send: async () => {
      throw new Error('something left');
    },
    close: () => undefined,
  };
  const codeOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'fine',
      (error: { problems?: readonly { code: string }[] }) => error.problems?.[0]?.code ?? String(error),
    );

  it('nothing leaves until a person has reconciled what the bank had; then no payment is made a second time', async () => {
    const url = await createDatabase('empty');
    try {
      expect((await at(url)('restore', file)).exit).toBe(0);
      const restored = await openTestDatabase({ ownerUrl: url });
      try {
        const ask = { ...steps(), batchId: before.approved.id };
        expect(await codeOf(prepareRelease(restored.db, ask))).toBe('state.restored');
        expect(await codeOf(releasedFile(restored.db, fileOf(before.released)))).toBe('state.restored');
        const asked = { ...ask, sha256: lost.sha256, hash: before.approved.hash, person: actor('issuer') };
        expect(await codeOf(releaseBatch(restored.db, asked))).toBe('state.restored');
        expect(await send(restored.db, { lanes: { mail: { channel: deaf } }, clock: () => now })).toMatchObject({ sent: 0, retried: 0 });
        expect(await sendReminders(restored.db, deaf, () => now)).toBe(0);

        const call = at(url);
        await call('accounts', 'add', 'qian.fa', '--name', '钱发', '--roles', 'finance-issuer');
        const by = ['--by', 'qian.fa', '--reason', '与代理银行逐笔核对'] as const;
        expect((await call('restore', 'reconcile', ...by)).problems[0]?.at).toBe('--bank');
        const list = join(folder, 'bank.csv');
        writeFileSync(list, table([...lost.references, ...lost.late, 'ZX0000000000000000000000000000009']));
        expect((await call('restore', 'reconcile', '--bank', list, '--by', 'qian.fa')).problems[0]?.code).toBe('input.reason');
        const report = (await call('restore', 'reconcile', '--bank', list, ...by, '--json')).json();
        expect(report).toMatchObject({ known: 1, unexplained: ['ZX0000000000000000000000000000009'], open: [] });
        expect(report.sentBatches).toMatchObject([{ id: before.approved.id }]);
        expect(report.held).toHaveLength(1);
        expect((await call('restore', 'reconcile', '--bank', list, ...by)).problems[0]?.code).toBe('state.restored');

        const [held] = await restored.sql`
          select r.key, d.state, d.hold_reason from disbursement d join record r on r.subject_id = d.subject_id where d.id = ${report.held[0]}`;
        expect(held).toMatchObject({ key: 'C', state: 'held', hold_reason: expect.stringContaining('银行已有这一笔') });
        // The bank's batch is released again as the same bytes, for the books; the file itself does not leave.
        expect(await release(restored, before.approved)).toBe(lost.sha256);
        expect(await codeOf(releasedFile(restored.db, fileOf(before.approved.id)))).toBe('state.already-sent');
        expect(await codeOf(releasedFile(restored.db, fileOf(before.released)))).toBe('fine');
        expect(await restored.sql`select * from assert_invariants()`).toEqual([]);
        expect((await call('check', '--json')).json().ok).toBe(true);
      } finally {
        await restored.close();
      }
    } finally {
      await dropDatabase(url);
    }
  });
});
