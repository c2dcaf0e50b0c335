// Release 签发: the guards once more, the file out of exactly the lines that are left, read back by other code, and the issuer's name under its bytes. Lines
// may be withheld here, never added or changed. The file is made and kept outside any transaction; signing it is one.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { mustKeepPromises } from '../db/invariant-store.ts';
import { mustBeReconciled, unexplainedReasons, wasSentBefore } from '../db/restored.ts';
import { moveAll } from '../disbursement/store.ts';
import { mustNotBeFrozen } from '../freeze/freeze.ts';
import { hashOf, keepFile, openKept } from '../vault/kept.ts';
import { lookAtAccounts } from './account.ts';
import { insertEvents, insertFile, lockBatch, setBatch, signatures } from './batch-store.ts';
import { mustBePayingDay } from './calendar-store.ts';
import { type Death, deathsIn, passOn } from './deaths.ts';
import { type Format, formats, type PaymentHead, type PaymentOrder } from './format.ts';
import { fundingSourceById } from './funding-store.ts';
import { guardAll } from './look.ts';
import { manifestOf } from './manifest.ts';
import { type Band, type Batch, bandFor, defaultBands, type FundingSource, lackingOf, type PaymentLine, requireBatch } from './payment.ts';
import { lockRecords } from './ready-store.ts';
import { giveBack, sealedLines, sign } from './sign.ts';

export interface ReleaseAsk {
  readonly batchId: string;
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly now: Date;
  readonly at?: Failpoint;
}

export interface Prepared {
  readonly batchId: string;
  readonly hash: string;
  /** What the issuer signs. */
  readonly sha256: string;
  readonly fileName: string;
  readonly lines: number;
  readonly totalFen: bigint;
  readonly withheld: readonly (Pick<PaymentLine, 'position' | 'payeeName' | 'amountFen' | 'disbursementId'> & {
    readonly lineId: string;
    readonly reasons: readonly string[];
  })[];
}

/** Makes the file as it would leave now, and says who would be withheld and why. Nothing is decided by it; the bytes are kept under their hash. */
export const prepareRelease = async (db: Db, ask: ReleaseAsk): Promise<Prepared> => {
  const looked = await transaction(db, (tx) => look(tx, ask));
  const { batch, source, format, withheld } = looked;
  const left = looked.lines.filter((line) => !withheld.has(line.id));
  if (left.length === 0) fail('state.nothing-left', batch.id, '这个批次里没有一笔今天还能付。', '请退回批次；原因见各笔的说明。');
  const head = headOf(batch, source, left);
  const content = { open: () => format.write(head, left.map(orderOf)) };
  const kept = await keepFile(db, content, ask.now);
  await (ask.at ?? nowhere)('release.after-keep');
  await mustReadBack(db, kept.sha256, format, left, head);
  return {
    batchId: batch.id,
    hash: batch.hash,
    sha256: kept.sha256,
    fileName: `${batch.number}.${format.extension}`,
    lines: left.length,
    totalFen: head.totalFen,
    withheld: looked.lines.flatMap(({ id, disbursementId, position, payeeName, amountFen }) => {
      const reasons = withheld.get(id);
      return reasons === undefined ? [] : [{ lineId: id, disbursementId, position, payeeName, amountFen, reasons }];
    }),
  };
};

interface Looked {
  readonly batch: Batch;
  readonly source: FundingSource;
  readonly format: Format;
  readonly lines: readonly PaymentLine[];
  readonly withheld: ReadonlyMap<string, readonly string[]>;
  readonly deaths: readonly Death[];
}

const look = async (tx: Tx, { batchId, catalogue, today, now }: ReleaseAsk): Promise<Looked> => {
  await mustNotBeFrozen(tx, 'release', now);
  await mustBeReconciled(tx);
  await mustKeepPromises(tx);
  const batch = (await lockBatch(tx, batchId)) ?? fail('missing.batch', batchId, '没有这个批次。', '从列表进入。');
  requireBatch(batch, ['approved'], '签发');
  await mustBePayingDay(tx, today);
  if (batch.payOn < today) fail('state.pay-day', batch.id, `拨付日期 ${batch.payOn} 已过。`, '请退回批次，按新的日期重新封批。');
  const source =
    (await fundingSourceById(tx, batch.sourceId)) ?? fail('missing.funding', batch.sourceId, '资金来源已查不到。', '请联系系统管理员。');
  const format = formats.get(batch.format) ?? fail('missing.format', batch.format, '没有这种报盘格式。', '请联系系统管理员。');
  const lines = await sealedLines(tx, batch);
  const records = await lockRecords(
    tx,
    lines.map((line) => line.disbursementId),
  );
  const reasons = await guardAll(tx, records, { catalogue, today });
  const accounts = await lookAtAccounts(tx, records, now);
  // The books of a batch the bank has already follow what it had; its file never leaves.
  const unexplained = (await wasSentBefore(tx, batch.id)) ? new Map() : await unexplainedReasons(tx, records);
  const held = new Map(records.filter((record) => record.state !== 'sealed').map((record) => [record.id, '这一笔已被人工暂缓或撤下。']));
  const withheld = new Map<string, readonly string[]>();
  for (const line of lines) {
    const found = [
      ...(unexplained.get(line.disbursementId) ?? []),
      ...(reasons.get(line.disbursementId)?.reasons ?? []),
      ...(accounts.get(line.disbursementId)?.reasons ?? []),
      ...(held.has(line.disbursementId) ? [held.get(line.disbursementId) as string] : []),
    ];
    if (found.length > 0) withheld.set(line.id, found);
  }
  return { batch, source, format, lines, withheld, deaths: deathsIn(records, reasons) };
};

const orderOf = (line: PaymentLine): PaymentOrder => {
  const { endToEndId, payeeName, account, bank, bankCode, amountFen, statementText } = line;
  return { endToEndId, payeeName, account, bank, bankCode, amountFen, statementText };
};

/** The same batch and lines give the same bytes: the moment is the sealing's. */
const headOf = (batch: Batch, source: FundingSource, lines: readonly PaymentLine[]): PaymentHead => ({
  number: batch.number,
  payOn: batch.payOn,
  createdAt: batch.sealedAt,
  payerName: source.payerName,
  payerAccount: source.payerAccount,
  payerBank: source.payerBank,
  payerBankCode: source.payerBankCode,
  document: source.document,
  projectCode: source.projectCode,
  subjectCode: source.subjectCode,
  lines: lines.length,
  totalFen: lines.reduce((sum, line) => sum + line.amountFen, 0n),
});

/** What stands in the kept bytes, by the reader that knows nothing of the writer, against the lines that were approved. */
const mustReadBack = async (db: Db, sha256: string, format: Format, lines: readonly PaymentLine[], head: PaymentHead): Promise<void> => {
  let at = 0;
  let same = true;
  let totalFen = 0n;
  const told = await format.read(openKept(db, sha256), (order) => {
    const line = lines[at++];
    totalFen += order.amountFen;
    if (
      line === undefined ||
      order.endToEndId !== line.endToEndId ||
      order.account !== line.account ||
      order.amountFen !== line.amountFen ||
      order.payeeName !== line.payeeName
    )
      same = false;
  });
  if (!same || at !== lines.length || told.lines !== head.lines || told.totalFen !== head.totalFen || totalFen !== head.totalFen)
    fail(
      'internal.payment-file',
      sha256.slice(0, 12),
      '报盘文件复读的结果和批次不一致，没有签发。',
      '请联系系统管理员；没有任何文件外发。',
    );
};

/**
 * The issuer's name under `sha256`, as `prepareRelease` gave it. `conflict.content` when the newest data would withhold others by now, `state.quorum` when
 * checkers are missing, `state.same-person`.
 */
export const releaseBatch = async (
  db: Db,
  ask: ReleaseAsk & {
    readonly sha256: string;
    readonly hash: string;
    readonly person: { readonly id: string; readonly role: string };
    readonly bands?: readonly Band[];
  },
): Promise<void> => {
  const deaths = await transaction(db, async (tx) => {
    const { batch, source, format, lines, withheld, deaths: found } = await look(tx, ask);
    const left = lines.filter((line) => !withheld.has(line.id));
    const band = await mustHaveQuorum(tx, batch, ask.bands ?? defaultBands);
    const head = headOf(batch, source, left);
    if (ask.hash !== batch.hash || (await hashOfFile(format, head, left)) !== ask.sha256)
      fail('conflict.content', batch.id, '签发前数据有变化，文件内容已不同。', '请重新生成文件，核对后再签发。');
    await sign(tx, batch, 'issuer', { batchId: batch.id, hash: batch.hash, person: ask.person, now: ask.now }, ask.sha256);
    await (ask.at ?? nowhere)('release.after-sign');
    await giveBack(
      tx,
      batch,
      lines.filter((line) => withheld.has(line.id)),
      {
        kind: 'withheld',
        reasons: (line) => (withheld.get(line.id) ?? []).join(''),
        actor: ask.person,
        now: ask.now,
      },
    );
    await (ask.at ?? nowhere)('release.before-sent');
    await send(tx, batch, left, ask);
    await (ask.at ?? nowhere)('release.after-sent');
    const manifest = await manifestOf(tx, batch, { sha256: ask.sha256, lines: left, at: ask.now });
    const name = `${batch.number}.${format.extension}`;
    await insertFile(
      tx,
      { batchId: batch.id, direction: 'out', format: format.id, name, sha256: ask.sha256, manifest },
      ask.person.id,
      ask.now,
    );
    await setBatch(tx, batch.id, { state: 'released', releasedAt: ask.now, fileSha256: ask.sha256, band });
    await audit(tx, {
      actor: ask.person.id,
      role: ask.person.role,
      action: 'batch.release',
      objectKind: 'batch',
      objectId: batch.id,
      after: { sha256: ask.sha256, hash: batch.hash, lines: left.length, totalFen: String(head.totalFen), withheld: withheld.size },
      at: ask.now,
    });
    await (ask.at ?? nowhere)('release.before-commit');
    return found;
  });
  await (ask.at ?? nowhere)('release.after-commit');
  await passOn(db, deaths, ask);
};

const hashOfFile = async (format: Format, head: PaymentHead, lines: readonly PaymentLine[]): Promise<string> => {
  return (await hashOf({ open: () => format.write(head, lines.map(orderOf)) })).sha256;
};

const mustHaveQuorum = async (tx: Tx, batch: Batch, bands: readonly Band[]): Promise<Band> => {
  const band = bandFor(bands, batch.totalFen);
  const { checkers, offices } = lackingOf(band, await signatures(tx, batch.id));
  if (offices.length > 0)
    fail('state.quorum', batch.id, '这个金额的批次要有财政负责人复核，还没有。', '请退回批次重新封批，由财政负责人复核。');
  if (checkers > 0) fail('state.quorum', batch.id, '复核人数还不够。', '请退回批次重新封批，由更多的人复核。');
  return band;
};

const send = async (
  tx: Tx,
  batch: Batch,
  lines: readonly PaymentLine[],
  ask: { readonly person: { readonly id: string; readonly role: string }; readonly now: Date },
): Promise<void> => {
  const events = lines.map((line) => ({
    batchId: batch.id,
    lineId: line.id,
    kind: 'sent' as const,
    code: null,
    text: null,
    fileId: null,
    dedupe: `sent:${line.id}`,
  }));
  for (let from = 0; from < events.length; from += 5_000) await insertEvents(tx, events.slice(from, from + 5_000), ask.person.id, ask.now);
  const records = await lockRecords(
    tx,
    lines.map((line) => line.disbursementId),
  );
  for (let from = 0; from < records.length; from += 1_000)
    await moveAll(
      tx,
      records.slice(from, from + 1_000).map((record) => ({
        record,
        place: { state: 'sent' as const, step: record.step, windowFrom: null, dueOn: null },
        by: 'finance' as const,
        proof: { batch: batch.id },
      })),
      ask.person,
      ask.now,
    );
};
