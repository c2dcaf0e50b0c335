// Checking 复核 and sending back 退回: who puts their name to a batch names the content they saw. Maker, checkers and issuer are different people by the
// key of the table; how many checkers there must be goes by the amount.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { moveAll } from '../disbursement/store.ts';
import { post } from '../ledger/store.ts';
import { accountIndex } from '../vault/account.ts';
import { barFor } from './bands.ts';
import { endLive, insertEvents, insertSignature, linesOf, lockBatch, outLines, setBatch, signatures } from './batch-store.ts';
import { restored } from './booking.ts';
import { fundingSourceById } from './funding-store.ts';
import {
  type Band,
  type Batch,
  bandFor,
  batchHash,
  defaultBands,
  lackingOf,
  lineHash,
  mayCheckNext,
  officeFor,
  type PaymentLine,
  requireBatch,
} from './payment.ts';
import { lockRecords } from './ready-store.ts';

export interface Signing {
  readonly batchId: string;
  /** The content the person saw. */
  readonly hash: string;
  readonly person: { readonly id: string; readonly role: string };
  readonly now: Date;
}

const known = async (tx: Tx, id: string): Promise<Batch> =>
  (await lockBatch(tx, id)) ?? fail('missing.batch', id, '没有这个批次。', '从列表进入。');

/** Everything that was sealed, read again and held against what was signed: `state.tampered` when a row was added, changed or taken away. */
export const sealedLines = async (tx: Tx, batch: Batch): Promise<readonly PaymentLine[]> => {
  const lines: PaymentLine[] = [];
  const hashes: string[] = [];
  let intact = true;
  for await (const { line, storedHash } of linesOf(tx, batch.id)) {
    const hash = lineHash(line, accountIndex(tx, line.account));
    if (hash !== storedHash || line.position !== lines.length + 1) intact = false;
    lines.push(line);
    hashes.push(hash);
  }
  const totalFen = lines.reduce((sum, line) => sum + line.amountFen, 0n);
  const source = await fundingSourceById(tx, batch.sourceId);
  const same = source !== null && batchHash(batch, source, hashes, totalFen) === batch.hash;
  if (!intact || totalFen !== batch.totalFen || lines.length !== batch.lines || !same)
    fail('state.tampered', batch.id, '批次内容和封存时不一致，已停止办理。', '请立即通知审计和系统管理员，核对数据库留痕。');
  return lines;
};

const mustBeSame = (batch: Batch, hash: string): void => {
  if (hash !== batch.hash) fail('conflict.content', batch.id, '您看到的内容不是现在封存的内容。', '请刷新后重新核对。');
};

export const sign = async (tx: Tx, batch: Batch, role: 'checker' | 'issuer', ask: Signing, fileSha256?: string): Promise<void> => {
  const done = await insertSignature(tx, {
    batchId: batch.id,
    person: ask.person.id,
    role,
    office: officeFor(role, ask.person.role),
    hash: batch.hash,
    at: ask.now,
    ...(fileSha256 === undefined ? {} : { fileSha256 }),
  });
  if (!done) fail('state.same-person', batch.id, '同一个人在一个批次里只能办一步。', '经办、复核、签发要由不同的人来办。');
};

/** One checker's name; with the last one needed the batch waits for its issuer. Returns how many are still missing. */
export const approveBatch = (db: Db, ask: Signing & { readonly bands?: readonly Band[] }): Promise<number> =>
  transaction(db, async (tx) => {
    const batch = await known(tx, ask.batchId);
    requireBatch(batch, ['sealed'], '复核');
    mustBeSame(batch, ask.hash);
    await sealedLines(tx, batch);
    const office = officeFor('checker', ask.person.role);
    const before = await signatures(tx, batch.id);
    await sign(tx, batch, 'checker', ask);
    const people = [...before.filter((one) => one.role === 'checker').map((one) => one.person), ask.person.id];
    const band = await barFor(tx, bandFor(ask.bands ?? defaultBands, batch.totalFen), { totalFen: batch.totalFen, people });
    const open = lackingOf(band, before);
    if (!mayCheckNext(open, office))
      fail('state.office', batch.id, '这个金额的批次还差财政负责人复核，不能由别的岗位代替。', '请财政负责人复核。');
    const missing = lackingOf(band, await signatures(tx, batch.id)).checkers;
    if (missing === 0) await setBatch(tx, batch.id, { state: 'approved', band });
    const after = { hash: batch.hash, office, checkers: before.filter((one) => one.role === 'checker').length + 1, missing };
    await audit(tx, {
      actor: ask.person.id,
      role: ask.person.role,
      action: 'batch.approve',
      objectKind: 'batch',
      objectId: batch.id,
      after,
      at: ask.now,
    });
    return missing;
  });

/** Sends the whole batch back: its lines are cancelled, the records are ready again, the money is reserved as before. */
export const returnBatch = (db: Db, ask: Signing & { readonly reason: string }): Promise<void> =>
  transaction(db, async (tx) => {
    const batch = await known(tx, ask.batchId);
    requireBatch(batch, ['sealed', 'approved'], '退回');
    if (ask.reason.trim() === '') fail('input.reason', '/reason', '请写明退回的理由。', '一两句话即可，会留痕。');
    const out = await outLines(tx, batch.id);
    const lines: PaymentLine[] = [];
    for await (const { line } of linesOf(tx, batch.id)) if (out.has(line.id)) lines.push(line);
    await giveBack(tx, batch, lines, { kind: 'cancelled', reasons: () => ask.reason, actor: ask.person, now: ask.now });
    await setBatch(tx, batch.id, { state: 'cancelled', reason: ask.reason });
    await audit(tx, {
      actor: ask.person.id,
      role: ask.person.role,
      action: 'batch.return',
      objectKind: 'batch',
      objectId: batch.id,
      before: { state: batch.state },
      after: { state: 'cancelled' },
      reason: ask.reason,
      at: ask.now,
    });
  });

/** Lines that will not be paid by this batch: an event, the money back to what is reserved, the record ready for the next. */
export const giveBack = async (
  tx: Tx,
  batch: Batch,
  lines: readonly PaymentLine[],
  how: {
    readonly kind: 'withheld' | 'cancelled';
    readonly reasons: (line: PaymentLine) => string;
    readonly actor: { readonly id: string; readonly role: string };
    readonly now: Date;
  },
): Promise<void> => {
  if (lines.length === 0) return;
  const events = lines.map((line) => ({
    batchId: batch.id,
    lineId: line.id,
    kind: how.kind,
    code: null,
    text: how.reasons(line),
    fileId: null,
    dedupe: `${how.kind}:${line.id}`,
  }));
  await insertEvents(tx, events, how.actor.id, how.now);
  await endLive(
    tx,
    lines.map((line) => line.id),
  );
  const records = new Map(
    (
      await lockRecords(
        tx,
        lines.map((line) => line.disbursementId),
      )
    ).map((record) => [record.id, record]),
  );
  await moveAll(
    tx,
    lines.flatMap((line) => {
      const record = records.get(line.disbursementId);
      if (record === undefined) return [];
      const place = { state: 'ready' as const, step: record.step, windowFrom: null, dueOn: null };
      return [{ record, place, by: 'finance' as const, reason: how.reasons(line), proof: { batch: batch.id } }];
    }),
    how.actor,
    how.now,
  );
  await post(
    tx,
    lines.map((line) => restored(line, 'committed', how.kind)),
    how.now,
  );
};
