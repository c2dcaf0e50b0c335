// A key's end: everything that rests sealed is brought under the newest key of the ring, in bounded chunks, each with its audit entry, beside running work and
// going on where a killed one stopped; then nothing needs the old key any more, and it can be shown that nothing does.
import { createHash } from 'node:crypto';
import { sealedAttestations } from './attest/sealed.ts';
import { audit } from './audit/audit.ts';
import { fail } from './base/problem.ts';
import { sealedReplies } from './consult/reply-store.ts';
import type { Failpoint } from './db/failpoint.ts';
import { type Db, transaction } from './db/handle.ts';
import { sealedClosings } from './match/closing-store.ts';
import { sealedEvidence } from './match/sealed.ts';
import { sealedRelatives } from './notice/around-store.ts';
import { sealedNotices } from './notice/store.ts';
import { sealedComparisons } from './opening/store.ts';
import { sealedRecords } from './record/rotate-store.ts';
import { sealedSegments } from './snapshot/store.ts';
import { sealedAccounts } from './vault/account.ts';
import type { SealedColumn } from './vault/column.ts';
import { sealedHeirs } from './vault/heir.ts';
import { vaultOf } from './vault/hold.ts';
import { sealedFiles } from './vault/kept-store.ts';
import { sealedObjectors } from './vault/objector.ts';
import * as store from './vault/rotate-store.ts';
import { sealedTold } from './vault/told.ts';
import type { Vault } from './vault/vault.ts';

/** Every column of the database that holds sealed values; a test looks through all tables for one that is missing here. */
export const sealedColumns: readonly SealedColumn[] = [
  ...sealedRecords,
  ...sealedFiles,
  ...sealedAttestations,
  ...sealedSegments,
  ...sealedClosings,
  ...sealedEvidence,
  ...sealedComparisons,
  ...sealedNotices,
  ...sealedRelatives,
  ...sealedAccounts,
  ...sealedObjectors,
  ...sealedHeirs,
  ...sealedTold,
  ...sealedReplies,
];

export interface KeyUse {
  readonly key: string;
  /** In the ring that this program holds. */
  readonly held: boolean;
  readonly values: number;
  /** By `table.column`; none where nothing is sealed by it. */
  readonly columns: readonly { readonly at: string; readonly title: string; readonly values: number }[];
}

/** What each key still seals; keys of the ring first, in its order, then any that something needs and the ring lacks. */
export const keyUses = async (db: Db): Promise<readonly KeyUse[]> => {
  const counted: { key: string; at: string; title: string; values: number }[] = [];
  for (const one of sealedColumns)
    for (const [key, values] of await store.keysIn(db, one))
      counted.push({ key, at: `${one.table}.${one.column}`, title: one.title, values });
  const { ring } = vaultOf(db);
  const lost = [...new Set(counted.map(({ key }) => key))].filter((key) => !ring.includes(key)).sort();
  return [...ring, ...lost].map((key) => {
    const columns = counted.filter((one) => one.key === key).map(({ at, title, values }) => ({ at, title, values }));
    return { key, held: ring.includes(key), values: columns.reduce((sum, one) => sum + one.values, 0), columns };
  });
};

/** The same content in the same place under the newest key, proved by opening it again. */
const resealed = (vault: Vault, one: SealedColumn, value: store.SealedValue): Uint8Array => {
  const place = one.place(value.row);
  const plain = vault.open(value.sealed, place);
  const again = one.stable ? vault.sealStable(plain, place) : vault.seal(plain, place);
  if (Buffer.compare(vault.open(again, place), plain) !== 0)
    fail(
      'internal.sealed',
      `${one.table}.${one.column}`,
      '换密钥之后读出来的内容不一样，这一批没有写入。',
      '请联系系统管理员查看程序日志。',
    );
  return again;
};

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface RotateOptions {
  readonly now: () => Date;
  readonly actor: string;
  readonly failpoint?: Failpoint;
}

const rotateColumn = async (owner: Db, one: SealedColumn, options: RotateOptions): Promise<number> => {
  const vault = vaultOf(owner);
  const key = await store.primaryKey(owner, one.table);
  let done = 0;
  for (let after: readonly string[] | null = null; ; ) {
    const old: readonly store.SealedValue[] = await store.oldValues(owner, one, key, vault.newest, after);
    const last = old.at(-1);
    if (last === undefined) return done;
    const given = old.map((value) => ({ key: value.key, before: value.sealed, after: resealed(vault, one, value) }));
    await options.failpoint?.('rotate.before-chunk');
    done += await transaction(owner, async (tx) => {
      const replaced = await store.replaceSealed(tx, one, given);
      if (replaced === 0) return 0;
      // Over what was replaced by what: an envelope exchanged by anything else is one that no entry names.
      const over = createHash('sha256');
      for (const { key, before, after } of given) over.update(`${JSON.stringify(key)} ${digest(before)} ${digest(after)}\n`);
      await audit(tx, {
        actor: options.actor,
        role: 'system',
        action: 'keys.rotate',
        objectKind: 'key',
        objectId: vault.newest,
        after: { column: `${one.table}.${one.column}`, values: replaced, asked: given.length, exchange: over.digest('hex') },
        at: options.now(),
      });
      return replaced;
    });
    await options.failpoint?.('rotate.after-chunk');
    after = last.key;
  }
};

export interface Rotated {
  readonly key: string;
  /** Values brought under it by this call. */
  readonly values: number;
  readonly columns: readonly { readonly at: string; readonly title: string; readonly values: number }[];
  /** What other keys still seal: rows that others were working on; ask again. */
  readonly left: readonly KeyUse[];
}

/** Whoever runs with an older ring could neither read what is sealed anew nor be kept from sealing with the old key. */
export const requireNewest = async (owner: Db): Promise<void> => {
  const { newest } = vaultOf(owner);
  const older = await store.olderPrograms(owner, newest);
  if (older.length === 0) return;
  fail(
    'state.keys-older',
    older.join('、'),
    `还有正在运行的程序在用旧密钥（${older.join('、')}），它们读不了换过密钥的数据。`,
    '请先重新启动所有正在运行的直享，再来一次。',
  );
};

/** Rows that somebody holds are left and met again: three passes, then told. `owner` is a connection of the tables' owner. */
export const rotateKeys = async (owner: Db, options: RotateOptions): Promise<Rotated> => {
  await requireNewest(owner);
  const { newest } = vaultOf(owner);
  const counts = new Map<SealedColumn, number>();
  for (let pass = 0; pass < 3; pass++) {
    let done = 0;
    for (const one of sealedColumns) {
      const values = await rotateColumn(owner, one, options);
      counts.set(one, (counts.get(one) ?? 0) + values);
      done += values;
    }
    if (done === 0) break;
  }
  const columns = [...counts].flatMap(([one, values]) =>
    values === 0 ? [] : [{ at: `${one.table}.${one.column}`, title: one.title, values }],
  );
  const left = (await keyUses(owner)).filter(({ key, values }) => key !== newest && values > 0);
  return { key: newest, values: columns.reduce((sum, one) => sum + one.values, 0), columns, left };
};
