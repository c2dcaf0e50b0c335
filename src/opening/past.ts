// Past payments 历史发放: what was paid before this system, taken into the ledger, so that history (once, n per year, deduct, caps) begins with the truth.
// All of a file or nothing; the same file twice is one import, and a second file cannot tell a payment that is told already.
import { audit } from '../audit/audit.ts';
import { type Day, parsePeriodKey } from '../base/day.ts';
import { type Problem, ProblemError, problem } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { importTransaction, type PastPayment } from '../ledger/ledger.ts';
import { post } from '../ledger/store.ts';
import type { Veil } from '../match/match.ts';
import { veilOf } from '../match/sealed.ts';
import type { Item } from '../policy/item.ts';
import type { By } from './live.ts';
import { importedBefore, type ListFile, subjectsByKey } from './store.ts';

/** One line of the file. */
export interface PastLine {
  readonly line: number;
  readonly key: string;
  /** As written: `2026-01`, `2026Q1`, `2026`, an event's key, empty for `once`. */
  readonly period: string;
  readonly amountFen: bigint;
  readonly paidOn: Day | null;
  /** Which element (child, graduate) it was for; '': the subject itself. */
  readonly objectKey: string;
}

export interface PastReport {
  readonly lines: number;
  readonly imported: number;
  /** In the ledger before, from this very file. */
  readonly repeated: number;
  readonly amountFen: bigint;
}

const mostProblems = 200;
const atOnce = 2_000;

/** Throws ProblemError with every bad line (the first 200): unknown subjects, periods of another kind, amounts that are none, payments told already. */
export const importPast = (
  db: Db,
  ask: {
    readonly item: Item;
    readonly register: string;
    readonly lines: readonly PastLine[];
    readonly file: ListFile;
    readonly by: By;
    readonly today: Day;
  },
): Promise<PastReport> =>
  transaction(db, async (tx) => {
    const { item, lines, file, by } = ask;
    const problems: Problem[] = [];
    const paid: PastPayment[] = [];
    const subjects = await subjectsOf(tx, ask.register, lines);
    for (const line of lines) {
      const one = paymentOf(line, ask.item, subjects.get(line.key) ?? null, file.sha256, ask.today, veilOf(tx));
      if ('code' in one) problems.push(one);
      else paid.push(one);
    }
    const fresh = await fresherThan(tx, item.id, paid, problems);
    if (problems.length > 0) throw new ProblemError(problems.slice(0, mostProblems));
    for (let at = 0; at < fresh.length; at += atOnce) await post(tx, fresh.slice(at, at + atOnce).map(importTransaction), by.at);
    const amountFen = fresh.reduce((sum, one) => sum + one.amountFen, 0n);
    const report = { lines: lines.length, imported: fresh.length, repeated: paid.length - fresh.length, amountFen };
    const after = { file: file.fileName, sha256: file.sha256, imported: fresh.length, amountFen: String(amountFen) };
    if (fresh.length > 0)
      await audit(tx, { actor: by.actor, role: by.role, action: 'ledger.import', objectKind: 'item', objectId: item.id, after, at: by.at });
    return report;
  });

const subjectsOf = async (tx: Tx, register: string, lines: readonly PastLine[]): Promise<ReadonlyMap<string, string>> => {
  const keys = [...new Set(lines.map((line) => line.key))];
  const found = new Map<string, string>();
  for (let at = 0; at < keys.length; at += atOnce)
    for (const [key, id] of await subjectsByKey(tx, register, keys.slice(at, at + atOnce))) found.set(key, id);
  return found;
};

const yearOf = (item: Item, line: PastLine): number | null => {
  if (item.period === 'once' || item.period === 'per-event') return line.paidOn === null ? null : Number(line.paidOn.slice(0, 4));
  const period = parsePeriodKey(line.period);
  return period === null || period.kind !== item.period ? null : Number(period.end.slice(0, 4));
};

const paymentOf = (line: PastLine, item: Item, subjectId: string | null, sha256: string, today: Day, veil: Veil): PastPayment | Problem => {
  const at = `第 ${line.line} 行`;
  if (subjectId === null) return problem('import.subject', at, '登记库里没有这个号码。', '核对号码；不在库里的人先入库。');
  if (line.amountFen <= 0n) return problem('import.amount', at, '金额要大于 0。', '退回、追回的不写在这里。');
  const year = yearOf(item, line);
  if (year === null)
    return item.period === 'once' || item.period === 'per-event'
      ? problem('import.period', at, '没有写发放日期。', '写成 2026-01-31。')
      : problem('import.period', at, '期别写法不对，或不是这个事项的期别。', '按月写 2026-01，按季写 2026Q1，按年写 2026。');
  if (line.paidOn !== null && line.paidOn > today) return problem('import.period', at, '发放日期在今天之后。', '只导入已经发放的。');
  const periodKey = item.period === 'once' ? 'once' : line.period;
  if (periodKey === '') return problem('import.period', at, '没有写是哪一次事件。', '写事件的编号。');
  return {
    key: `${sha256.slice(0, 32)}:${line.line}`,
    itemId: item.id,
    subjectId,
    periodKey,
    year,
    amountFen: line.amountFen,
    objectKey: line.objectKey === '' ? '' : veil(line.objectKey),
  };
};

const nameOf = (one: { readonly subjectId: string; readonly periodKey: string; readonly objectKey?: string | undefined }): string =>
  JSON.stringify([one.subjectId, one.periodKey, one.objectKey ?? '']);

/** Those of this file that are not in the ledger yet; two of one person, period and element are told once only, whichever file they stand in. */
const fresherThan = async (tx: Tx, itemId: string, paid: readonly PastPayment[], problems: Problem[]): Promise<readonly PastPayment[]> => {
  const before = new Map<string, string>();
  const ids = [...new Set(paid.map((one) => one.subjectId))];
  for (let at = 0; at < ids.length; at += atOnce)
    for (const row of await importedBefore(tx, itemId, ids.slice(at, at + atOnce))) before.set(nameOf(row), row.transaction);
  const fresh: PastPayment[] = [];
  for (const one of paid) {
    const own = `import:${one.key}`;
    const earlier = before.get(nameOf(one));
    if (earlier === undefined) {
      fresh.push(one);
      before.set(nameOf(one), own);
    } else if (earlier !== own) {
      const line = one.key.slice(one.key.lastIndexOf(':') + 1);
      problems.push(
        problem('import.twice', `第 ${line} 行`, '这个人这一期的发放已经在账上。', '同一期只写一行；确是另一笔的，写明细编号。'),
      );
    }
  }
  return fresh;
};
