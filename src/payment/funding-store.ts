// Funding sources 资金来源: read, added and ended, never changed: a batch keeps pointing at what it was paid from.
import { and, eq, isNull } from 'drizzle-orm';
import { audit } from '../audit/audit.ts';
import { isAccount, isCnaps } from '../base/codes.ts';
import { type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { fundingSource } from '../db/schema.ts';
import { fundAccount } from '../ledger/fund.ts';
import { post } from '../ledger/store.ts';
import { given } from './booking.ts';
import { formats } from './format.ts';
import { type FundingPart, type Room, requireShares } from './funding.ts';
import type { FundingSource } from './payment.ts';

const problemsOf = (source: Omit<FundingSource, 'id'>): readonly Problem[] => {
  const problems: Problem[] = [];
  if (source.document.trim() === '') problems.push(problem('input.funding', '/document', '没有写指标文号。', '照预算指标文件写。'));
  if (!isAccount(source.payerAccount)) problems.push(problem('input.account', '/payerAccount', '付款账户格式不对。', '只填数字。'));
  if (!isCnaps(source.payerBankCode))
    problems.push(problem('input.bank-code', '/payerBankCode', '付款行联行号不对。', '12 位数字，向开户行核对。'));
  if (!formats.has(source.format))
    problems.push(problem('input.format', '/format', '没有这种报盘格式。', `可用：${[...formats.keys()].join('、')}`));
  if (!Number.isInteger(source.year) || source.year < 2000 || source.year > 2100)
    problems.push(problem('input.year', '/year', '年度不对。', '写预算年度，如 2026。'));
  if (source.amountFen <= 0n) problems.push(problem('input.amount', '/amount', '指标金额要大于 0。', '照指标文件写，单位元。'));
  if (source.shareBp !== null && !(Number.isInteger(source.shareBp) && source.shareBp >= 1 && source.shareBp <= 10_000))
    problems.push(problem('input.share', '/share', '份额要在 0.01% 到 100% 之间。', '如 60 表示 60%，最多两位小数。'));
  return problems;
};

/** Throws a ProblemError with everything that is wrong. One live source per item, year and document: the same again is `conflict.funding`. */
export const addFundingSource = async (
  tx: Tx,
  source: Omit<FundingSource, 'id'>,
  by: { readonly actor: string; readonly role: string; readonly at: Date },
): Promise<string> => {
  const problems = problemsOf(source);
  if (problems.length > 0) throw new ProblemError(problems);
  const [made] = await tx
    .insert(fundingSource)
    .values({ ...source, createdAt: by.at, createdBy: by.actor })
    .onConflictDoNothing()
    .returning({ id: fundingSource.id });
  if (made === undefined)
    throw new ProblemError([problem('conflict.funding', '/document', '这个事项本年度已有这个指标文号。', '先停用旧的，再登记新的。')]);
  const balance = fundAccount(made.id, 'open');
  // Below nothing the database itself refuses, whoever races.
  await rawSql(tx)`insert into balance (account, amount_fen, floor_fen) values (${balance}, 0, 0)`;
  await post(tx, [given({ ...source, id: made.id })], by.at);
  const { payerAccount: _account, ...shown } = { ...source, amountFen: String(source.amountFen) };
  await audit(tx, {
    actor: by.actor,
    role: by.role,
    action: 'funding.add',
    objectKind: 'funding_source',
    objectId: made.id,
    after: shown,
    at: by.at,
  });
  return made.id;
};

/** No batch is sealed on it any more; what is on its way, and what comes back, keeps standing on it. `missing.funding`, `state.funding-ended`, `input.reason`. */
export const endFundingSource = async (
  tx: Tx,
  id: string,
  by: { readonly actor: string; readonly role: string; readonly reason: string; readonly at: Date },
): Promise<void> => {
  if (by.reason.trim() === '') throw new ProblemError([problem('input.reason', '/reason', '请写明停用的理由。', '一两句话即可，会留痕。')]);
  const source = await fundingSourceById(tx, id);
  if (source === null) throw new ProblemError([problem('missing.funding', id, '没有这个资金来源。', '编号见资金来源列表。')]);
  const ended = await tx
    .update(fundingSource)
    .set({ endedAt: by.at, endedBy: by.actor })
    .where(and(eq(fundingSource.id, id), isNull(fundingSource.endedAt)))
    .returning({ id: fundingSource.id });
  if (ended.length === 0) throw new ProblemError([problem('state.funding-ended', id, '这个资金来源已经停用。', '请刷新后再看。')]);
  const { actor, role, reason, at } = by;
  await audit(tx, { actor, role, action: 'funding.end', objectKind: 'funding_source', objectId: id, reason, at });
};

const sourceOf = (row: typeof fundingSource.$inferSelect): FundingSource => ({
  ...row,
  nature: row.nature as FundingSource['nature'],
  level: row.level as FundingSource['level'],
});

export const fundingSourceById = async (reader: Db | Tx, id: string): Promise<FundingSource | null> => {
  const [row] = await reader.select().from(fundingSource).where(eq(fundingSource.id, id)).limit(1);
  return row === undefined ? null : sourceOf(row);
};

/** A source as lists show it: what is left of it, in a batch, and spent, 分. */
export interface FundingStanding extends FundingSource {
  readonly openFen: bigint;
  readonly sealedFen: bigint;
  readonly spentFen: bigint;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly endedAt: Date | null;
}

/** Within the scope's authorities and items; ended ones only where they are asked for. By item, year and the order they are used in. */
export const fundingStandings = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly itemId?: string; readonly year?: number; readonly ended?: boolean },
): Promise<readonly FundingStanding[]> => {
  const sql = rawSql(reader);
  const rows = await sql<FundingStanding[]>`
    select s.id, s.item_id as "itemId", s.year, s.document, s.project_code as "projectCode", s.subject_code as "subjectCode", s.nature,
      s.payer_name as "payerName", s.payer_account as "payerAccount", s.payer_bank as "payerBank", s.payer_bank_code as "payerBankCode", s.format,
      s.amount_fen as "amountFen", s.level, s.share_bp as "shareBp", s.rank, s.created_at as "createdAt", s.created_by as "createdBy",
      s.ended_at as "endedAt", coalesce(o.amount_fen, 0) as "openFen", coalesce(c.amount_fen, 0) as "sealedFen", coalesce(p.amount_fen, 0) as "spentFen"
    from funding_source s
      left join balance o on o.account = 'fund:' || s.id || ':open' left join balance c on c.account = 'fund:' || s.id || ':sealed'
      left join balance p on p.account = 'fund:' || s.id || ':spent'
    where ${ask.scope.items === null ? sql`true` : sql`s.item_id = any(${[...ask.scope.items]}::text[])`}
      ${
        ask.scope.authorities === null
          ? sql``
          : sql`and exists (select from item_version v where v.item_id = s.item_id and v.content ->> 'authority' = any(${[...ask.scope.authorities]}::text[]))`
      }
      ${ask.itemId === undefined ? sql`` : sql`and s.item_id = ${ask.itemId}`} ${ask.year === undefined ? sql`` : sql`and s.year = ${ask.year}`}
      ${ask.ended === true ? sql`` : sql`and s.ended_at is null`}
    order by s.item_id, s.year, s.rank, s.created_at, s.id`;
  return rows;
};

/**
 * The live sources that pay together with this one (same item, year and payer's account), in the order they are used, with what is left of each. Whoever
 * else would take from them waits until the transaction ends, so that what is left is still left when it is booked.
 */
export const lockRooms = async (tx: Tx, source: FundingSource): Promise<readonly Room[]> => {
  const sql = rawSql(tx);
  const locked = await sql<{ id: string; shareBp: number | null }[]>`
    select id, share_bp as "shareBp" from funding_source
    where item_id = ${source.itemId} and year = ${source.year} and payer_account = ${source.payerAccount} and payer_bank_code = ${source.payerBankCode}
      and ended_at is null
    order by id for no key update`;
  // A statement of its own: what others booked while we waited is seen by it.
  const rows = await sql<{ id: string; shareBp: number | null; openFen: bigint }[]>`
    select s.id, s.share_bp as "shareBp", coalesce(o.amount_fen, 0) as "openFen"
    from funding_source s left join balance o on o.account = 'fund:' || s.id || ':open'
    where s.id = any(${locked.map((one) => one.id)}::uuid[]) order by s.rank, s.created_at, s.id`;
  requireShares(rows);
  return rows;
};

/** What these lines were paid from, by line. */
export const fundingOf = async (tx: Tx, lineIds: readonly string[]): Promise<ReadonlyMap<string, readonly FundingPart[]>> => {
  if (lineIds.length === 0) return new Map();
  const rows = await rawSql(tx)<{ lineId: string; sourceId: string; amountFen: bigint }[]>`
    select line_id as "lineId", source_id as "sourceId", amount_fen as "amountFen" from line_funding
    where line_id = any(${[...lineIds]}::uuid[]) order by line_id, source_id`;
  return Map.groupBy(rows, (row) => row.lineId);
};
