// Sealing 封批: whatever is ready and passes the second look becomes frozen lines of a batch, the rest stays ready with its reason. One transaction: lines,
// postings, states, signature and audit stand or fall together; a killed one has done nothing, a second one finds nothing ready.
import { randomUUID } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { unexplainedReasons } from '../db/restored.ts';
import { moveAll } from '../disbursement/store.ts';
import { mustNotBeFrozen } from '../freeze/freeze.ts';
import { post } from '../ledger/store.ts';
import { accountIndex } from '../vault/account.ts';
import { lookAtAccounts } from './account.ts';
import { insertBatch, insertExclusions, insertLines, insertSignature } from './batch-store.ts';
import { committed } from './booking.ts';
import { mustBePayable } from './calendar-store.ts';
import { type Death, deathsIn, passOn } from './deaths.ts';
import { type Format, formats } from './format.ts';
import { type FundingPart, splitter } from './funding.ts';
import { fundingOf, fundingSourceById, lockRooms } from './funding-store.ts';
import { guardAll } from './look.ts';
import { type KeptBack, keepBack, offsetPlanner, splitKept } from './offset.ts';
import { type Batch, batchHash, endToEndIdOf, type FundingSource, lineHash, officeFor, type PaymentLine } from './payment.ts';
import { type Place, type ReadyRecord, takeReady } from './ready-store.ts';

export interface SealAsk {
  readonly sourceId: string;
  /** Absent: whatever of the item's year is ready, back-pay and re-issues of other periods included. */
  readonly periodKey?: string;
  readonly payOn: Day;
  readonly maker: { readonly id: string; readonly role: string };
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly now: Date;
  /** Fewer lines than the format takes at once. */
  readonly limit?: number;
  readonly at?: Failpoint;
}

export interface Excluded {
  readonly disbursementId: string;
  readonly subjectId: string;
  readonly reasons: readonly string[];
}

export interface SealReport {
  /** null: nothing was ready, or nobody passed. */
  readonly batch: Omit<Batch, 'releasedAt' | 'fileSha256' | 'reason'> | null;
  readonly excluded: readonly Excluded[];
}

/** Throws `missing.funding`, `state.pay-day`, `state.frozen`, `state.funding-ended`, `state.funding-share`. Who was found dead goes on after it (`deaths.ts`). */
export const sealBatch = async (db: Db, ask: SealAsk): Promise<SealReport> => {
  const { deaths, ...report } = await transaction(db, (tx) => sealOne(tx, ask));
  await (ask.at ?? nowhere)('seal.after-commit');
  await passOn(db, deaths, ask);
  return report;
};

const sealOne = async (tx: Tx, ask: SealAsk): Promise<SealReport & { readonly deaths: readonly Death[] }> => {
  await mustNotBeFrozen(tx, 'seal', ask.now);
  const source =
    (await fundingSourceById(tx, ask.sourceId)) ?? fail('missing.funding', ask.sourceId, '没有这个资金来源。', '先登记资金来源。');
  const format = formats.get(source.format) ?? fail('missing.format', source.format, '没有这种报盘格式。', '改登记资金来源。');
  if (ask.payOn < ask.today) fail('state.pay-day', ask.payOn, '拨付日期已过。', `最早写 ${ask.today}。`);
  await mustBePayable(tx, source.itemId, ask);
  const limit = Math.min(ask.limit ?? format.maxLines, format.maxLines);
  // Before the records: whoever seals the same money waits here, with nothing in hand.
  const rooms = await lockRooms(tx, source);
  if (!rooms.some((room) => room.id === source.id))
    fail('state.funding-ended', source.id, '这个资金来源已经停用。', '请改用在用的资金来源。');
  const { fit, excluded, deaths } = await collect(tx, { source, format, split: splitter(rooms), limit, ask });
  const id = randomUUID();
  const [first] = fit;
  if (first === undefined) return { batch: null, excluded, deaths };
  const lines = fit.map(({ record, funding, flags }, i) =>
    lineOf(record, funding, { batchId: id, position: i + 1, flags, today: ask.today }),
  );
  const batch = batchOf(tx, id, source, first.record, lines, ask);
  await (ask.at ?? nowhere)('seal.before-write');
  await write(
    tx,
    batch,
    lines,
    fit.map((one) => one.record),
    excluded,
    ask,
    fit.flatMap((one) => (one.kept === null ? [] : [one.kept])),
  );
  await (ask.at ?? nowhere)('seal.before-commit');
  return { batch, excluded, deaths };
};

/** A batch that is nearly full is not filled one by one. */
const pageSize = 1_000;

interface Fit {
  /** Its amount is what is paid: less what is kept back. */
  readonly record: ReadyRecord;
  readonly kept: KeptBack | null;
  readonly funding: readonly FundingPart[];
  readonly flags: readonly string[];
}

interface Collecting {
  readonly source: FundingSource;
  readonly format: Format;
  readonly split: ReturnType<typeof splitter>;
  readonly limit: number;
  readonly ask: SealAsk;
}

/** Page by page until a batch is full: however many may not be paid today, they keep nobody behind them from being paid. */
const collect = async (tx: Tx, { source, format, split, limit, ask }: Collecting) => {
  const fit: Fit[] = [];
  const excluded: Excluded[] = [];
  const deaths: Death[] = [];
  const plan = offsetPlanner();
  const wanted = { itemId: source.itemId, year: source.year, ...(ask.periodKey === undefined ? {} : { periodKey: ask.periodKey }) };
  for (let after: Place | null = null; fit.length < limit; ) {
    const { records: taken, next } = await takeReady(tx, {
      ...wanted,
      after,
      limit: Math.max(limit - fit.length, Math.min(limit, pageSize)),
    });
    // What came back is paid first: its quota was restored for it.
    const records = [...taken].sort((a, b) => Number(a.lastLine === null) - Number(b.lastLine === null));
    const reasons = await guardAll(tx, records, ask);
    deaths.push(...deathsIn(records, reasons));
    const unexplained = await unexplainedReasons(tx, records);
    const accounts = await lookAtAccounts(tx, records, ask.now);
    const before = await fundingOf(
      tx,
      records.flatMap((record) => (record.lastLine === null ? [] : [record.lastLine])),
    );
    const why = (id: string) => [...(unexplained.get(id) ?? []), ...(reasons.get(id)?.reasons ?? []), ...(accounts.get(id)?.reasons ?? [])];
    const offsets = await plan(
      tx,
      records.filter((record) => why(record.id).length === 0),
    );
    for (const taken of records) {
      if (fit.length === limit) break;
      const { id, subjectId } = taken;
      const { beforeFen, kept } = offsets.get(id) ?? { beforeFen: 0n, kept: null };
      const wholeFen = taken.amountFen - beforeFen;
      const record = { ...taken, amountFen: wholeFen - (kept?.fen ?? 0n) };
      const known = why(id);
      const found = known.length > 0 ? known : formatReasons(record, format);
      const funding = found.length > 0 ? null : split(wholeFen, before.get(record.lastLine ?? ''));
      const flags = accounts.get(id)?.flags ?? [];
      if (funding !== null && kept === null) fit.push({ record, funding, flags, kept: null });
      else if (funding !== null && kept !== null) {
        const parts = splitKept(funding, kept.fen);
        fit.push({ record, funding: parts.rest, flags, kept: { record: taken, kept, funding: parts.kept } });
      } else excluded.push({ disbursementId: id, subjectId, reasons: found.length > 0 ? found : [tooLittle] });
    }
    if (next === null) break;
    after = next;
  }
  return { fit, excluded, deaths };
};

const tooLittle = '资金来源的余额不够付这一笔，待指标追加后继续拨付。';

const orderOf = (record: ReadyRecord) => ({
  endToEndId: endToEndIdOf(record.id, record.issued + 1),
  payeeName: record.payeeName ?? '',
  account: record.account ?? '',
  bank: record.bank ?? '',
  bankCode: record.bankCode ?? '',
  amountFen: record.amountFen,
  statementText: record.statementText,
});

const formatReasons = (record: ReadyRecord, format: Format): readonly string[] =>
  format.check(orderOf(record)).map((text) => `报盘写不下：${text}。`);

const lineOf = (
  record: ReadyRecord,
  funding: readonly FundingPart[],
  own: { readonly batchId: string; readonly position: number; readonly flags: readonly string[]; readonly today: Day },
): PaymentLine => {
  const { batchId, position, flags, today } = own;
  return {
    id: randomUUID(),
    batchId,
    position,
    subjectId: record.subjectId,
    disbursementId: record.id,
    settlementLineId: record.lineId as string,
    key: record.key,
    itemId: record.itemId,
    periodKey: record.periodKey,
    year: record.year,
    division: record.division,
    payeeSubjectId: record.payeeSubjectId,
    ...orderOf(record),
    replaces: record.lastLine,
    funding: [...funding].sort((a, b) => (a.sourceId < b.sourceId ? -1 : 1)),
    guards: { on: today, flags },
  };
};

const batchOf = (tx: Tx, id: string, source: FundingSource, first: ReadyRecord, lines: readonly PaymentLine[], ask: SealAsk) => {
  const totalFen = lines.reduce((sum, line) => sum + line.amountFen, 0n);
  const number = `PB${ask.payOn.replaceAll('-', '')}${id.replaceAll('-', '').slice(0, 12).toUpperCase()}`;
  const periodKey = ask.periodKey ?? null;
  const head = { id, itemId: source.itemId, sourceId: source.id, periodKey, payOn: ask.payOn, format: source.format, number };
  const hashes = lines.map((line) => lineHash(line, accountIndex(tx, line.account)));
  const hash = batchHash(head, source, hashes, totalFen);
  return { ...head, authority: first.authority, lines: lines.length, totalFen, hash, state: 'sealed' as const, sealedAt: ask.now };
};

const write = async (
  tx: Tx,
  batch: NonNullable<SealReport['batch']>,
  lines: readonly PaymentLine[],
  records: readonly ReadyRecord[],
  excluded: readonly Excluded[],
  ask: SealAsk,
  kept: readonly KeptBack[],
): Promise<void> => {
  const { maker, now } = ask;
  const at = ask.at ?? nowhere;
  await insertBatch(tx, batch);
  await at('seal.after-batch');
  for (let from = 0; from < lines.length; from += 1_000) await insertLines(tx, lines.slice(from, from + 1_000));
  await at('seal.after-lines');
  await insertExclusions(tx, batch.id, excluded);
  await insertSignature(tx, {
    batchId: batch.id,
    person: maker.id,
    role: 'maker',
    office: officeFor('maker', maker.role),
    hash: batch.hash,
    at: now,
  });
  for (let from = 0; from < records.length; from += 1_000)
    await moveAll(
      tx,
      records.slice(from, from + 1_000).map((record) => ({
        record,
        place: { state: 'sealed' as const, step: record.step, windowFrom: null, dueOn: null },
        by: 'finance' as const,
        proof: { batch: batch.id },
      })),
      maker,
      now,
    );
  await at('seal.after-move');
  await audit(tx, {
    actor: maker.id,
    role: maker.role,
    action: 'batch.seal',
    objectKind: 'batch',
    objectId: batch.id,
    after: { hash: batch.hash, lines: batch.lines, totalFen: String(batch.totalFen), excluded: excluded.length, payOn: batch.payOn },
    at: now,
  });
  // Last: balances are locked for the shortest time, and once.
  const offsets = await keepBack(tx, kept, { actor: maker, now, today: ask.today });
  await post(tx, [...offsets, ...lines.map(committed)], now);
};
