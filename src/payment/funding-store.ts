// Funding sources 资金来源: read, added and ended, never changed: a batch keeps pointing at what it was paid from.
import { and, asc, eq, isNull } from 'drizzle-orm';
import { audit } from '../audit/audit.ts';
import { isAccount, isCnaps } from '../base/codes.ts';
import { type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Db, Tx } from '../db/handle.ts';
import { fundingSource } from '../db/schema.ts';
import { formats } from './format.ts';
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
  const { payerAccount: _account, ...shown } = source;
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

const sourceOf = (row: typeof fundingSource.$inferSelect): FundingSource => ({ ...row, nature: row.nature as FundingSource['nature'] });

export const fundingSourceById = async (reader: Db | Tx, id: string): Promise<FundingSource | null> => {
  const [row] = await reader.select().from(fundingSource).where(eq(fundingSource.id, id)).limit(1);
  return row === undefined ? null : sourceOf(row);
};

/** Live sources of an item's year, oldest first. */
export const fundingSources = async (reader: Db | Tx, itemId: string, year: number): Promise<readonly FundingSource[]> => {
  const rows = await reader
    .select()
    .from(fundingSource)
    .where(and(eq(fundingSource.itemId, itemId), eq(fundingSource.year, year), isNull(fundingSource.endedAt)))
    .orderBy(asc(fundingSource.createdAt), asc(fundingSource.id));
  return rows.map(sourceOf);
};
